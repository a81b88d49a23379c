//! Sources that other programs encrypted: whether one is, and what is in it.
//!
//! [`unlock`] gives the same source without its lock, for [`parse`](crate::parse). It is slow on
//! purpose, as the programs that wrote the file wanted it: whoever holds something others wait for
//! lets go of it first.
//!
//! Deliberately not here: asking for a password.

use strongroom_secret::{SecretBytes, SecretText};

use crate::kdbx::{self, Credentials, KdbxError};
use crate::{ImportError, Source};

/// What the person gives to open a source with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlocking<'a> {
    pub password: Option<&'a SecretText>,
    /// KeePass: what the key file holds, or the 32 bytes it stands for
    /// ([`kdbx::reduce_key_file`]).
    pub key_file: Option<&'a SecretBytes>,
}

/// Whether a source is encrypted and opens with a password.
pub fn is_encrypted(source: Source, bytes: &[u8]) -> bool {
    source == Source::Keepass && kdbx::is_keepass(bytes)
}

/// The source without its lock if it is encrypted; `None` if it can be parsed as it is.
pub fn unlock(
    source: Source,
    bytes: &[u8],
    with: Unlocking<'_>,
) -> Result<Option<SecretBytes>, ImportError> {
    if !is_encrypted(source, bytes) {
        return Ok(None);
    }
    let credentials = Credentials {
        password: with.password,
        key_file: with.key_file,
    };
    Ok(Some(kdbx::unlock(bytes, &credentials)?))
}

impl From<KdbxError> for ImportError {
    fn from(refused: KdbxError) -> Self {
        match refused {
            KdbxError::NoKey => Self::PasswordNeeded,
            KdbxError::WrongKey => Self::WrongPassword,
            other => Self::Keepass(other),
        }
    }
}
