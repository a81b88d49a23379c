//! Sealed items, fingerprints of secrets, and MACs over records.

use strongroom_secret::{Key32, SecretBytes};

use crate::hazmat::{aead, mac as hmac};
use crate::random::{Random, RandomFailed};

/// Length of a fingerprint.
pub const FINGERPRINT_BYTES: usize = 32;

/// Where a sealed value belongs. It opens there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemAad {
    pub vault_id: [u8; 16],
    pub entry_id: [u8; 16],
    pub register: u16,
    pub write_id: [u8; 16],
    pub seal_version: u8,
}

impl ItemAad {
    /// vault_id ‖ entry_id ‖ register ‖ write_id ‖ seal_version.
    fn bytes(&self) -> Vec<u8> {
        [
            self.vault_id.as_slice(),
            &self.entry_id,
            &self.register.to_be_bytes(),
            &self.write_id,
            &[self.seal_version],
        ]
        .concat()
    }
}

/// The bytes do not open here: damaged, forged, or sealed for another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open here")]
pub struct Unopenable;

/// Seals under K_item; the result is `nonce ‖ ciphertext ‖ tag`.
pub fn seal_item(
    random: &dyn Random,
    k_item: &Key32,
    aad: &ItemAad,
    plain: &[u8],
) -> Result<Vec<u8>, RandomFailed> {
    aead::seal(random, k_item, &aad.bytes(), plain)
}

pub fn open_item(k_item: &Key32, aad: &ItemAad, sealed: &[u8]) -> Result<SecretBytes, Unopenable> {
    aead::open(k_item, &aad.bytes(), sealed).map_err(|_| Unopenable)
}

/// HMAC-SHA-256(K_fpr, secret): equal for equal secrets, and nothing else can be learnt from it
/// without the key.
pub fn fingerprint_secret(k_fpr: &Key32, secret: &[u8]) -> [u8; FINGERPRINT_BYTES] {
    hmac::plain(k_fpr, secret)
}

/// HMAC-SHA-256 over LP(domain) ‖ LP(part) for every part. `domain` says what is MACed, so that
/// a record of one kind never passes for another under the same key.
pub fn mac(key: &Key32, domain: &str, bytes: &[u8]) -> [u8; 32] {
    hmac::tag(key, &[domain.as_bytes(), bytes])
}

/// Compares in constant time.
pub fn mac_ok(key: &Key32, domain: &str, bytes: &[u8], tag: &[u8; 32]) -> bool {
    hmac::verify(key, &[domain.as_bytes(), bytes], tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn a_sealed_value_opens_in_its_own_place_only() {
        let key = Key32::filled_by(|key| key.fill(1));
        let here = ItemAad {
            vault_id: [1; 16],
            entry_id: [2; 16],
            register: 3,
            write_id: [4; 16],
            seal_version: 1,
        };
        let sealed = seal_item(&OsRandom, &key, &here, b"secret").expect("randomness");
        let opened = open_item(&key, &here, &sealed).expect("opens at home");
        assert_eq!(opened.expose(), b"secret");
        let elsewhere = [
            ItemAad {
                vault_id: [9; 16],
                ..here
            },
            ItemAad {
                entry_id: [9; 16],
                ..here
            },
            ItemAad {
                register: 9,
                ..here
            },
            ItemAad {
                write_id: [9; 16],
                ..here
            },
            ItemAad {
                seal_version: 9,
                ..here
            },
        ];
        for place in elsewhere {
            assert!(open_item(&key, &place, &sealed).is_err(), "{place:?}");
        }
    }

    #[test]
    fn a_record_of_one_kind_is_not_one_of_another() {
        let key = Key32::filled_by(|key| key.fill(1));
        let tag = mac(&key, "anchor", b"bytes");
        assert!(mac_ok(&key, "anchor", b"bytes", &tag));
        assert!(!mac_ok(&key, "preauth", b"bytes", &tag));
        assert!(!mac_ok(&key, "anchor", b"bytez", &tag));
    }
}
