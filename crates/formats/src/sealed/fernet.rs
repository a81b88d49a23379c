//! Fernet tokens (github.com/fernet/spec, version 0x80) without a time limit: AES-128-CBC under
//! half of the key, HMAC-SHA256 over everything under the other half.
//!
//! Deliberately not here: the age of a token, which says nothing about a key kept in a file.

use data_encoding::BASE64URL;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use strongroom_secret::SecretText;

use super::{Refused, cipher};

/// How every token of this century begins: version 0x80 and the high bytes of the time.
pub(crate) const PREFIX: &str = "gAAAAA";

/// Version, time and initialisation vector; the tag stands behind the ciphertext.
const HEAD_BYTES: usize = 1 + 8 + 16;
const TAG_BYTES: usize = 32;

/// The text of a token. `key` is half for signing, half for encrypting.
pub(crate) fn open(token: &str, key: &[u8; 32]) -> Result<SecretText, Refused> {
    let token = token.trim();
    let bytes = BASE64URL
        .decode(token.as_bytes())
        .map_err(|_| Refused::Damaged)?;
    if bytes.len() < HEAD_BYTES + TAG_BYTES || bytes[0] != 0x80 {
        return Err(Refused::Damaged);
    }
    let (signed, tag) = bytes.split_at(bytes.len() - TAG_BYTES);
    let (signing, encrypting) = key.split_at(16);
    let mut mac = Hmac::<Sha256>::new_from_slice(signing).map_err(|_| Refused::Damaged)?;
    mac.update(signed);
    mac.verify_slice(tag).map_err(|_| Refused::WrongKey)?;
    let iv = signed[9..HEAD_BYTES]
        .try_into()
        .map_err(|_| Refused::Damaged)?;
    let encrypting = encrypting.try_into().map_err(|_| Refused::Damaged)?;
    cipher::open_cbc_128(encrypting, iv, &signed[HEAD_BYTES..])?
        .into_text()
        .ok_or(Refused::Damaged)
}
