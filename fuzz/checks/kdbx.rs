//! What must hold for any bytes given to the reader of KeePass databases. Nothing is derived: without
//! a password no database is opened, and contents are given as if they had been. Shared by the fuzz
//! target and by the test in `crates/formats` that replays its corpus.

use strongroom_formats::Source;
use strongroom_formats::kdbx::{Credentials, KdbxError, reduce_key_file, unlock};
use strongroom_secret::SecretBytes;

use crate::import;

/// The first byte says what the rest is.
pub(crate) fn check(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    match kind {
        b'h' => {
            let refused = unlock(rest, &Credentials::default()).expect_err("nothing opens it");
            assert!(!refused.to_string().is_empty());
            assert!(refused != KdbxError::WrongKey && refused != KdbxError::Damaged);
        }
        b'k' => {
            // EXPOSE: the key of a key file is one itself, and the same.
            if let Ok(key) = reduce_key_file(&SecretBytes::new(rest.to_vec())) {
                let again = reduce_key_file(&SecretBytes::new(key.expose().to_vec()));
                assert!(again.is_ok_and(|again| again.ct_eq(&key)));
            }
        }
        _ => import::check(Source::Keepass, rest),
    }
}
