//! Web3 keyfiles, version 3: how Ethereum wallets keep a key, and hummingbot keeps any text.
//!
//! AES-128-CTR under half of a derived key; Keccak-256 of the other half and the ciphertext tells
//! whether the password was right.
//!
//! Deliberately not here: addresses, and the hexadecimal around a keyfile in hummingbot's files.

use data_encoding::HEXLOWER_PERMISSIVE;
use sha3::{Digest, Keccak256};
use strongroom_secret::SecretBytes;

use super::kdf::{Budget, Kdf};
use super::{Refused, cipher};
use crate::json::{JsonLeaf, read_json};
use crate::leaf::Value;

/// Longest salt that is taken; they have 16 or 32 bytes.
const MOST_SALT_BYTES: usize = 256;

/// A keyfile that was read and whose cost is bearable. Nothing was derived yet.
pub(crate) struct Keyfile {
    kdf: Kdf,
    salt: Vec<u8>,
    counter: [u8; 16],
    ciphertext: Vec<u8>,
    mac: Vec<u8>,
}

impl Keyfile {
    pub(crate) fn read(keyfile: &[u8], budget: &mut Budget) -> Result<Self, Refused> {
        let leaves = read_json(keyfile).map_err(|_| Refused::Damaged)?;
        let fields = Fields(&leaves);
        if fields.number(&["version"])? != 3 || fields.text(&["crypto", "cipher"])? != "aes-128-ctr"
        {
            return Err(Refused::UnknownMethod);
        }
        let salt = fields.hex(&["crypto", "kdfparams", "salt"])?;
        if salt.len() > MOST_SALT_BYTES {
            return Err(Refused::TooCostly);
        }
        Ok(Self {
            counter: left_padded(&fields.hex(&["crypto", "cipherparams", "iv"])?)?,
            ciphertext: fields.hex(&["crypto", "ciphertext"])?,
            mac: fields.hex(&["crypto", "mac"])?,
            salt,
            kdf: fields.kdf(budget)?,
        })
    }

    /// The password is used as its bytes are.
    pub(crate) fn open(&self, password: &[u8]) -> Result<SecretBytes, Refused> {
        let key = self.kdf.derive(password, &self.salt)?;
        // EXPOSE: the derived key, split into what checks and what decrypts.
        let (encrypting, checking) = key.expose().split_at(16);
        let expected = Keccak256::new()
            .chain_update(checking)
            .chain_update(&self.ciphertext)
            .finalize();
        if !SecretBytes::new(self.mac.clone()).ct_eq(&SecretBytes::new(expected.to_vec())) {
            return Err(Refused::WrongKey);
        }
        let encrypting = encrypting.try_into().map_err(|_| Refused::Damaged)?;
        Ok(cipher::open_ctr_128(
            encrypting,
            self.counter,
            &self.ciphertext,
        ))
    }
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

struct Fields<'l, 'a>(&'l [JsonLeaf<'a>]);

impl Fields<'_, '_> {
    fn kdf(&self, budget: &mut Budget) -> Result<Kdf, Refused> {
        if self.number(&["crypto", "kdfparams", "dklen"])? != 32 {
            return Err(Refused::UnknownMethod);
        }
        let cost = |name| self.number(&["crypto", "kdfparams", name]);
        match self.text(&["crypto", "kdf"])? {
            "pbkdf2" => {
                if self.text(&["crypto", "kdfparams", "prf"])? != "hmac-sha256" {
                    return Err(Refused::UnknownMethod);
                }
                Kdf::pbkdf2(cost("c")?, budget)
            }
            "scrypt" => Kdf::scrypt((cost("n")?, cost("r")?, cost("p")?), budget),
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
