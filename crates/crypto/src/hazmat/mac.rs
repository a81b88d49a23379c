//! HMAC-SHA-256 over parts, each preceded by its length.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use strongroom_secret::Key32;

fn keyed(key: &Key32, parts: &[&[u8]]) -> Hmac<Sha256> {
    // EXPOSE: the MAC needs its key.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes any length");
    for part in parts {
        let length = u32::try_from(part.len()).expect("what is MACed here is at most a few MiB");
        mac.update(&length.to_be_bytes());
        mac.update(part);
    }
    mac
}

pub(crate) fn tag(key: &Key32, parts: &[&[u8]]) -> [u8; 32] {
    keyed(key, parts).finalize().into_bytes().into()
}

/// Compares in constant time.
pub(crate) fn verify(key: &Key32, parts: &[&[u8]], tag: &[u8; 32]) -> bool {
    keyed(key, parts).verify_slice(tag).is_ok()
}

/// HMAC over exactly `message`, without lengths.
pub(crate) fn plain(key: &Key32, message: &[u8]) -> [u8; 32] {
    over(key, message).finalize().into_bytes().into()
}

/// Compares [`plain`] in constant time.
pub(crate) fn plain_ok(key: &Key32, message: &[u8], tag: &[u8; 32]) -> bool {
    over(key, message).verify_slice(tag).is_ok()
}

fn over(key: &Key32, message: &[u8]) -> Hmac<Sha256> {
    // EXPOSE: the MAC needs its key.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes any length");
    mac.update(message);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_slide_into_each_other() {
        let key = Key32::filled_by(|key| key.fill(1));
        let one = tag(&key, &[b"ab", b"c"]);
        assert_ne!(one, tag(&key, &[b"a", b"bc"]));
        assert!(verify(&key, &[b"ab", b"c"], &one));
        assert!(!verify(&key, &[b"ab", b"d"], &one));
    }
}
