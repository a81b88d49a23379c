//! Web3 keyfiles, version 3: how Ethereum wallets keep a key, and hummingbot keeps any text.
//!
//! AES-128-CTR under half of a derived key; Keccak-256 of the other half and the ciphertext tells
//! whether the password was right.
//!
//! Deliberately not here: addresses, and the hexadecimal around a keyfile in hummingbot's files.

use data_encoding::HEXLOWER_PERMISSIVE;
use sha3::{Digest, Keccak256};
use strongroom_secret::SecretBytes;

use super::kdf::{self, Budget};
use super::{Refused, cipher};
use crate::json::{JsonLeaf, read_json};
use crate::leaf::Value;

/// Longest salt that is taken; they have 16 or 32 bytes.
const MOST_SALT_BYTES: usize = 256;

/// Opens a keyfile. The password is used as its bytes are.
pub(crate) fn open(
    keyfile: &[u8],
    password: &[u8],
    budget: &mut Budget,
) -> Result<SecretBytes, Refused> {
    let leaves = read_json(keyfile).map_err(|_| Refused::Damaged)?;
    let keyfile = Keyfile(&leaves);
    if keyfile.number(&["version"])? != 3 || keyfile.text(&["crypto", "cipher"])? != "aes-128-ctr" {
        return Err(Refused::UnknownMethod);
    }
    let counter = keyfile.hex(&["crypto", "cipherparams", "iv"])?;
    let ciphertext = keyfile.hex(&["crypto", "ciphertext"])?;
    let mac = keyfile.hex(&["crypto", "mac"])?;
    let counter = left_padded(&counter)?;
    let key = keyfile.derive(password, budget)?;
    // EXPOSE: the derived key, split into what checks and what decrypts.
    let (encrypting, checking) = key.expose().split_at(16);
    let expected = Keccak256::new()
        .chain_update(checking)
        .chain_update(&ciphertext)
        .finalize();
    if !SecretBytes::new(mac).ct_eq(&SecretBytes::new(expected.to_vec())) {
        return Err(Refused::WrongKey);
    }
    let encrypting = encrypting.try_into().map_err(|_| Refused::Damaged)?;
    Ok(cipher::open_ctr_128(encrypting, counter, &ciphertext))
}

/// eth-account writes the counter as a number, so that it loses zeros in front.
fn left_padded(counter: &[u8]) -> Result<[u8; 16], Refused> {
    let start = 16_usize
        .checked_sub(counter.len())
        .ok_or(Refused::Damaged)?;
    let mut padded = [0; 16];
    padded[start..].copy_from_slice(counter);
    Ok(padded)
}

struct Keyfile<'l, 'a>(&'l [JsonLeaf<'a>]);

impl Keyfile<'_, '_> {
    fn derive(
        &self,
        password: &[u8],
        budget: &mut Budget,
    ) -> Result<strongroom_secret::Key32, Refused> {
        let salt = self.hex(&["crypto", "kdfparams", "salt"])?;
        if self.number(&["crypto", "kdfparams", "dklen"])? != 32 {
            return Err(Refused::UnknownMethod);
        }
        if salt.len() > MOST_SALT_BYTES {
            return Err(Refused::TooCostly);
        }
        let cost = |name| self.number(&["crypto", "kdfparams", name]);
        match self.text(&["crypto", "kdf"])? {
            "pbkdf2" => {
                if self.text(&["crypto", "kdfparams", "prf"])? != "hmac-sha256" {
                    return Err(Refused::UnknownMethod);
                }
                kdf::derive_pbkdf2(password, &salt, cost("c")?, budget)
            }
            "scrypt" => kdf::derive_scrypt(
                password,
                &salt,
                (cost("n")?, cost("r")?, cost("p")?),
                budget,
            ),
            _ => Err(Refused::UnknownMethod),
        }
    }

    fn value(&self, path: &[&str]) -> Result<&Value<'_>, Refused> {
        let found = self.0.iter().find(|leaf| leaf.place.names() == path);
        found.map(|leaf| &leaf.value).ok_or(Refused::Damaged)
    }

    fn text(&self, path: &[&str]) -> Result<&str, Refused> {
        match self.value(path)? {
            Value::Text(text) => Ok(text),
            _ => Err(Refused::Damaged),
        }
    }

    fn number(&self, path: &[&str]) -> Result<u64, Refused> {
        match self.value(path)? {
            Value::Number(number) => number.parse().map_err(|_| Refused::TooCostly),
            _ => Err(Refused::Damaged),
        }
    }

    fn hex(&self, path: &[&str]) -> Result<Vec<u8>, Refused> {
        let text = self.text(path)?;
        let text = text.strip_prefix("0x").unwrap_or(text);
        let whole = |text: &str| HEXLOWER_PERMISSIVE.decode(text.as_bytes());
        // A number without the zeros in front may have an odd count of digits.
        let decoded = if text.len().is_multiple_of(2) {
            whole(text)
        } else {
            whole(&format!("0{text}"))
        };
        decoded.map_err(|_| Refused::Damaged)
    }
}
