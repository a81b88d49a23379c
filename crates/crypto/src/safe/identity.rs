//! Who a member of a team is: IK_s signs what they share, IK_e opens what is shared with them.
//!
//! Deliberately not here: names, contacts and trust (`formats::share`, vault).

use std::fmt;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use strongroom_secret::{Key, Key32};

use crate::hazmat::{signing, x25519};
use crate::random::{Random, RandomFailed};
use crate::safe::age::{Recipient, SecretKey};
use crate::safe::letters;
use crate::safe::sshsig;

const FINGERPRINT_LABEL: &[u8] = b"strongroom/v1/fingerprint";
const FINGERPRINT_BYTES: usize = 20;
const FINGERPRINT_LETTERS: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityRefused {
    #[error("the signing key of this identity is not a sound key; ask for a new contact card")]
    Sign,
    #[error("nothing can be encrypted to this identity; ask for a new contact card")]
    Encrypt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 letters and digits, in eight groups of four")]
pub struct FingerprintRefused;

/// Both secret halves of a member.
#[derive(Debug)]
pub struct Identity {
    sign: Key32,
    encrypt: SecretKey,
}

impl Identity {
    pub fn make(random: &dyn Random) -> Result<Self, RandomFailed> {
        Ok(Self {
            sign: Key32::try_filled_by(|seed| random.fill(seed))?,
            encrypt: SecretKey::make(random)?,
        })
    }

    /// IK_s ‖ IK_e, as [`Identity::seeds`] gives them.
    pub fn from_seeds(seeds: &Key<64>) -> Self {
        // EXPOSE: cut in two, into memory that wipes itself.
        let (sign, encrypt) = seeds.expose().split_at(32);
        Self {
            sign: Key32::filled_by(|seed| seed.copy_from_slice(sign)),
            encrypt: SecretKey::from_seed(Key32::filled_by(|seed| seed.copy_from_slice(encrypt))),
        }
    }

    /// IK_s ‖ IK_e, to be sealed and kept.
    pub fn seeds(&self) -> Key<64> {
        Key::filled_by(|seeds: &mut [u8; 64]| {
            // EXPOSE: laid side by side in memory that wipes itself.
            seeds[..32].copy_from_slice(self.sign.expose());
            seeds[32..].copy_from_slice(self.encrypt.seed().expose());
        })
    }

    pub fn public(&self) -> PublicIdentity {
        PublicIdentity {
            sign: signing::public_key(&self.sign),
            encrypt: self.encrypt.recipient(),
        }
    }

    /// What opens age files that were encrypted to this member.
    pub fn age_key(&self) -> &SecretKey {
        &self.encrypt
    }

    /// Signs LP(label) ‖ message. A label says what is signed, so that one thing never passes for
    /// another; nothing that is signed so can be taken for an SSH signature, which begins otherwise.
    pub fn sign(&self, label: &'static str, message: &[u8]) -> [u8; 64] {
        signing::sign(&self.sign, &labelled(label, message))
    }

    /// An armoured SSH signature in the namespace of shares: see [`sshsig`].
    pub fn sign_share(&self, message: &[u8]) -> String {
        self.sign_share_digest(&sshsig::Digest::of(message))
    }

    /// The same for a message that was hashed already.
    pub fn sign_share_digest(&self, digest: &sshsig::Digest) -> String {
        sshsig::sign(&self.sign, digest)
    }
}

/// Both public halves of a member. Both were looked at: they are sound keys in their one spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicIdentity {
    sign: [u8; 32],
    encrypt: Recipient,
}

impl PublicIdentity {
    pub fn parse(sign: [u8; 32], encrypt: [u8; 32]) -> Result<Self, IdentityRefused> {
        if !x25519::is_sound_signer(&sign) {
            return Err(IdentityRefused::Sign);
        }
        let encrypt = Recipient::from_bytes(encrypt).map_err(|_| IdentityRefused::Encrypt)?;
        Ok(Self { sign, encrypt })
    }

    /// IK_s.pub.
    pub fn sign_key(&self) -> &[u8; 32] {
        &self.sign
    }

    /// IK_e.pub, which prints as `age1…`.
    pub fn recipient(&self) -> Recipient {
        self.encrypt
    }

    /// `ssh-ed25519 …`, as it stands in a list of allowed signers.
    pub fn ssh_line(&self) -> String {
        format!(
            "ssh-ed25519 {}",
            BASE64.encode(&sshsig::key_blob(&self.sign))
        )
    }

    /// SHA-256("strongroom/v1/fingerprint" ‖ LP(IK_s.pub) ‖ LP(IK_e.pub)), the first 160 bits.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new_with_prefix(FINGERPRINT_LABEL);
        for key in [&self.sign, self.encrypt.as_bytes()] {
            hash.update(32_u32.to_be_bytes());
            hash.update(key);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let (first, _) = digest
            .split_first_chunk::<FINGERPRINT_BYTES>()
            .expect("20 of 32 bytes");
        Fingerprint(*first)
    }

    /// Whether this member signed LP(label) ‖ message.
    pub fn verify(&self, label: &'static str, message: &[u8], signature: &[u8; 64]) -> bool {
        signing::verify(&self.sign, &labelled(label, message), signature)
    }
}

/// Keys of people have no place in a log.
impl fmt::Debug for PublicIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicIdentity(..)")
    }
}

/// What two people compare: it covers both keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; FINGERPRINT_BYTES]);

impl Fingerprint {
    pub const BYTES: usize = FINGERPRINT_BYTES;

    pub const fn from_bytes(bytes: [u8; FINGERPRINT_BYTES]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; FINGERPRINT_BYTES] {
        &self.0
    }

    /// Takes what was typed: lower case, spaces and hyphens, and the digits 0 and 8 for O and B.
    pub fn parse(text: &str) -> Result<Self, FingerprintRefused> {
        let typed = letters::read(text, FINGERPRINT_LETTERS).ok_or(FingerprintRefused)?;
        let mut bytes = [0; FINGERPRINT_BYTES];
        letters::pack(&typed, &mut bytes);
        Ok(Self(bytes))
    }
}

/// Eight groups of four, in the letters of the recovery kit.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&letters::grouped(FINGERPRINT_LETTERS, |index| {
            letters::letter(&self.0, index)
        }))
    }
}

/// Whom somebody shares with has no place in a log.
impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}

fn labelled(label: &str, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(label.len()).expect("labels are short");
    [&length.to_be_bytes(), label.as_bytes(), message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn identity(sign: u8, encrypt: u8) -> Identity {
        Identity::from_seeds(&Key::filled_by(|seeds: &mut [u8; 64]| {
            seeds[..32].fill(sign);
            seeds[32..].fill(encrypt);
        }))
    }

    #[test]
    fn seeds_come_back_as_the_same_identity() {
        let made = Identity::make(&OsRandom).expect("randomness");
        let again = Identity::from_seeds(&made.seeds());
        assert_eq!(made.public(), again.public());
        assert!(made.seeds().ct_eq(&again.seeds()));
        let other = Identity::make(&OsRandom).expect("randomness");
        assert_ne!(made.public(), other.public());
    }

    /// Of the public keys of RFC 8032 (test 1) and RFC 7748 (Alice), computed apart from this code from
    /// `docs/share-format.md` with hashlib and base64 of Python. Frozen: people wrote theirs down.
    #[test]
    fn the_frozen_fingerprint() {
        let bytes = |hex: &str| -> [u8; 32] {
            let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes());
            bytes.expect("hex").try_into().expect("32 bytes")
        };
        let public = PublicIdentity::parse(
            bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        );
        assert_eq!(
            public.expect("sound").fingerprint().to_string(),
            "WHV5-MDGV-V2QC-H4A4-7YNG-JBKY-QN6Q-KC6W"
        );
    }

    #[test]
    fn a_fingerprint_changes_with_either_key_and_reads_back_as_typed() {
        let shown = identity(1, 2).public().fingerprint().to_string();
        assert_eq!(shown.len(), 32 + 7);
        for (sign, encrypt) in [(1, 3), (3, 2), (2, 1)] {
            let other = identity(sign, encrypt).public().fingerprint();
            assert_ne!(other.to_string(), shown);
        }
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('O', "0").replace('B', "8"),
        ] {
            let read = Fingerprint::parse(&typed).expect("reads");
            assert_eq!(read, identity(1, 2).public().fingerprint(), "{typed}");
        }
        for wrong in [
            "",
            &shown[1..],
            &format!("{shown}A"),
            &shown.replace('-', "1"),
        ] {
            assert_eq!(
                Fingerprint::parse(wrong),
                Err(FingerprintRefused),
                "{wrong}"
            );
        }
    }

    #[test]
    fn unsound_keys_make_no_identity() {
        let good = identity(1, 2).public();
        let (sign, encrypt) = (*good.sign_key(), *good.recipient().as_bytes());
        assert_eq!(PublicIdentity::parse(sign, encrypt), Ok(good));
        assert_eq!(
            PublicIdentity::parse(sign, [0; 32]),
            Err(IdentityRefused::Encrypt)
        );
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert_eq!(
            PublicIdentity::parse(neutral, encrypt),
            Err(IdentityRefused::Sign)
        );
    }

    #[test]
    fn a_signature_counts_for_its_label_only() {
        let signature = identity(1, 2).sign("strongroom/v1/a", b"message");
        let public = identity(1, 2).public();
        assert!(public.verify("strongroom/v1/a", b"message", &signature));
        assert!(!public.verify("strongroom/v1/b", b"message", &signature));
        assert!(!public.verify("strongroom/v1/a", b"messagf", &signature));
        assert!(
            !identity(3, 2)
                .public()
                .verify("strongroom/v1/a", b"message", &signature)
        );
    }

    #[test]
    fn debug_shows_nobody() {
        let public = identity(1, 2).public();
        assert_eq!(
            format!("{public:?} {:?}", public.fingerprint()),
            "PublicIdentity(..) Fingerprint(..)"
        );
        assert!(format!("{:?}", identity(1, 2)).contains("[redacted]"));
    }
}
