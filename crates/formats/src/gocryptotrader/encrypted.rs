//! gocryptotrader's encrypted configuration, as it was written over the years.
//!
//! All begin with `THORS-HAMMER`. Then come a salt with a prefix that belongs to it, the mark
//! `ENCVER`, a version, and AES-256-GCM under a key of scrypt; before that mark was invented,
//! AES-CFB under the same key; and before there was a salt, AES-CFB under the password itself.
//!
//! Deliberately not here: what the configuration means.

use strongroom_secret::{SecretBytes, SecretText};

use crate::ImportError;
use crate::json::read_json;
use crate::sealed::Refused;
use crate::sealed::cipher::{BLOCK_BYTES, open_cfb, open_gcm};
use crate::sealed::kdf::{Budget, Kdf};

const PREFIX: &[u8] = b"THORS-HAMMER";
const SALT_PREFIX: &[u8] = b"~GCT~SO~SALTY~";
const SALT_BYTES: usize = SALT_PREFIX.len() + 12;
const VERSION_MARK: &[u8] = b"ENCVER";
const SCRYPT_COST: (u64, u64, u64) = (32_768, 8, 1);
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(PREFIX)
}

/// What is in the file, once its layout was read. Nothing was derived yet.
enum Layout<'a> {
    Gcm {
        salt: &'a [u8],
        nonce: &'a [u8; NONCE_BYTES],
        sealed: &'a [u8],
    },
    Cfb {
        salt: Option<&'a [u8]>,
        iv: &'a [u8; BLOCK_BYTES],
        sealed: &'a [u8],
    },
}

impl<'a> Layout<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        let rest = bytes.strip_prefix(PREFIX).ok_or(Refused::Damaged)?;
        let (salt, rest) = if rest.starts_with(SALT_PREFIX) {
            let (salt, rest) = rest.split_at_checked(SALT_BYTES).ok_or(Refused::Damaged)?;
            (Some(salt), rest)
        } else {
            (None, rest)
        };
        let Some(versioned) = rest.strip_prefix(VERSION_MARK) else {
            let (iv, sealed) = rest.split_first_chunk().ok_or(Refused::Damaged)?;
            return Ok(Self::Cfb { salt, iv, sealed });
        };
        let (version, rest) = versioned.split_first_chunk().ok_or(Refused::Damaged)?;
        if u16::from_be_bytes(*version) != 1 {
            return Err(Refused::UnknownMethod);
        }
        let (nonce, sealed) = rest.split_first_chunk().ok_or(Refused::Damaged)?;
        if sealed.len() < TAG_BYTES {
            return Err(Refused::Damaged);
        }
        let salt = salt.ok_or(Refused::UnknownMethod)?;
        Ok(Self::Gcm {
            salt,
            nonce,
            sealed,
        })
    }

    fn open(self, password: &[u8]) -> Result<SecretBytes, Refused> {
        let derive =
            |salt| Kdf::scrypt(SCRYPT_COST, &mut Budget::of_a_file())?.derive(password, salt);
        match self {
            Self::Gcm {
                salt,
                nonce,
                sealed,
            } => {
                let key = derive(salt)?;
                // EXPOSE: the file's key, to open the file.
                open_gcm(key.expose(), nonce, sealed)
            }
            Self::Cfb { salt, iv, sealed } => {
                let plain = match salt {
                    Some(salt) => {
                        let key = derive(salt)?;
                        // EXPOSE: the file's key, to open the file.
                        open_cfb(key.expose(), iv, sealed)?
                    }
                    None => open_cfb(password, iv, sealed)?,
                };
                // CFB has no check of its own. What a wrong key makes of a file is no JSON.
                // EXPOSE: looked at for being what the program would read.
                let reads = read_json(plain.expose()).is_ok();
                if reads {
                    Ok(plain)
                } else {
                    Err(Refused::WrongKey)
                }
            }
        }
    }
}

/// The configuration as plain JSON.
pub(crate) fn open(bytes: &[u8], password: &SecretText) -> Result<SecretBytes, ImportError> {
    // EXPOSE: a key is derived from it.
    let opened = Layout::read(bytes)?.open(password.expose().as_bytes())?;
    Ok(opened)
}
