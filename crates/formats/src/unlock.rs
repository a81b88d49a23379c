//! Sources that other programs encrypted: whether one is, and what is in it.
//!
//! [`unlock`] gives the same source without its lock, for [`parse`](crate::parse). It is slow on
//! purpose, as the programs that wrote the file wanted it: whoever holds something others wait for
//! lets go of it first.
//!
//! Deliberately not here: OctoBot, whose key is public, so that its importer opens the values by
//! itself; and asking for a password.

use strongroom_secret::{SecretBytes, SecretText};

use crate::bitwarden::protected::{self as bitwarden, Closed};
use crate::gocryptotrader::encrypted as gocryptotrader;
use crate::hummingbot::encrypted as hummingbot;
use crate::kdbx::{self, Credentials, KdbxError};
use crate::text::MAX_BYTES;
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
    match source {
        Source::Gocryptotrader => gocryptotrader::is_encrypted(bytes),
        Source::Hummingbot => hummingbot::is_encrypted(bytes),
        Source::Bitwarden => bitwarden::closed(bytes) == Closed::ByPassword,
        Source::Keepass => kdbx::is_keepass(bytes),
        _ => false,
    }
}

/// The source without its lock if it is encrypted; `None` if it can be parsed as it is.
pub fn unlock(
    source: Source,
    bytes: &[u8],
    with: Unlocking<'_>,
) -> Result<Option<SecretBytes>, ImportError> {
    // Databases have attachments, and a limit of their own.
    if bytes.len() > MAX_BYTES && source != Source::Keepass {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    if source == Source::Bitwarden && bitwarden::closed(bytes) == Closed::ForItsAccount {
        return Err(ImportError::AccountRestricted);
    }
    if !is_encrypted(source, bytes) {
        return Ok(None);
    }
    let password = || with.password.ok_or(ImportError::PasswordNeeded);
    let opened = match source {
        Source::Gocryptotrader => gocryptotrader::open(bytes, password()?)?,
        Source::Hummingbot => hummingbot::open(bytes, password()?)?,
        Source::Bitwarden => bitwarden::open(bytes, password()?)?,
        Source::Keepass => {
            let credentials = Credentials {
                password: with.password,
                key_file: with.key_file,
            };
            kdbx::unlock(bytes, &credentials)?
        }
        _ => return Ok(None),
    };
    Ok(Some(opened))
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
