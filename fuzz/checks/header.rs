//! What must hold for any bytes given to the header's reader: they are refused, or they are exactly
//! what this program would have written. Shared by the fuzz target and the replay of its corpus.

use strongroom_crypto::Header;

pub(crate) fn check(bytes: &[u8]) {
    if let Ok(header) = Header::parse(bytes) {
        assert_eq!(
            header.encode(),
            bytes,
            "a header that is not canonical was taken"
        );
    }
}
