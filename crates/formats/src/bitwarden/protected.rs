//! Bitwarden's export protected by a password.
//!
//! A key is derived from the password and stretched into one for AES-256-CBC and one for
//! HMAC-SHA256. The salt is the base64 text itself, as Bitwarden has it.
//!
//! Deliberately not here: exports "account restricted", whose key only the account has.

use data_encoding::BASE64;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use strongroom_crypto::{Argon2Kind, ForeignCost, ForeignKdfError, derive_foreign};
use strongroom_secret::{Key32, SecretBytes, SecretText};

use crate::ImportError;
use crate::json::{JsonLeaf, read_json};
use crate::leaf::Value;
use crate::sealed::kdf::{Budget, Kdf};
use crate::sealed::{Refused, cipher};

/// The most that Bitwarden lets a person choose.
const MOST_ROUNDS: u64 = 2_000_000;
const MOST_PASSES: u64 = 10;
const MOST_MIB: u64 = 1024;
const MOST_LANES: u64 = 16;

/// How a source is closed, as far as it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    No,
    ByPassword,
    ForItsAccount,
}

pub(crate) fn closed(bytes: &[u8]) -> Closed {
    match read_json(bytes) {
        Ok(leaves) => Export(&leaves).closed(),
        Err(_) => Closed::No,
    }
}

/// The plain export inside.
pub(crate) fn open(bytes: &[u8], password: &SecretText) -> Result<SecretBytes, ImportError> {
    let leaves = read_json(bytes)?;
    let export = Export(&leaves);
    // Read whole before the slow part: a file that is cut is refused at once.
    let check = Sealed::read(export.text("encKeyValidation_DO_NOT_EDIT")?)?;
    let data = Sealed::read(export.text("data")?)?;
    let key = export.derive(password)?;
    let keys = Keys::stretched(&key);
    check.open(&keys)?;
    Ok(data.open(&keys)?)
}

struct Export<'l, 'a>(&'l [JsonLeaf<'a>]);

impl Export<'_, '_> {
    fn value(&self, name: &str) -> Option<&Value<'_>> {
        let found = self.0.iter().find(|leaf| leaf.place.names() == [name]);
        found.map(|leaf| &leaf.value)
    }

    fn closed(&self) -> Closed {
        let says = |name| matches!(self.value(name), Some(Value::Flag(true)));
        match (says("encrypted"), says("passwordProtected")) {
            (false, _) => Closed::No,
            (true, true) => Closed::ByPassword,
            (true, false) => Closed::ForItsAccount,
        }
    }

    fn text(&self, name: &str) -> Result<&str, Refused> {
        match self.value(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Refused::Damaged),
        }
    }

    fn number(&self, name: &str, most: u64) -> Result<u64, Refused> {
        let Some(Value::Number(number)) = self.value(name) else {
            return Err(Refused::Damaged);
        };
        match number.parse() {
            Ok(0) | Err(_) => Err(Refused::Damaged),
            Ok(number) if number > most => Err(Refused::TooCostly),
            Ok(number) => Ok(number),
        }
    }

    fn derive(&self, password: &SecretText) -> Result<Key32, ImportError> {
        let salt = self.text("salt")?;
        // EXPOSE: a key is derived from it.
        let password = password.expose().as_bytes();
        let Some(Value::Number(kind)) = self.value("kdfType") else {
            return Err(ImportError::Damaged);
        };
        match *kind {
            "0" => {
                let rounds = self.number("kdfIterations", MOST_ROUNDS)?;
                let kdf = Kdf::pbkdf2(rounds, &mut Budget::of_a_file())?;
                Ok(kdf.derive(password, salt.as_bytes())?)
            }
            "1" => {
                let passes = self.number("kdfIterations", MOST_PASSES)?;
                let mib = self.number("kdfMemory", MOST_MIB)?;
                let lanes = self.number("kdfParallelism", MOST_LANES)?;
                let lanes = u32::try_from(lanes).map_err(|_| ImportError::TooCostly)?;
                let cost = ForeignCost::parse(Argon2Kind::Id, 0x13, mib * 1024, passes, lanes)
                    .map_err(argon2_refused)?;
                let salt = Sha256::digest(salt.as_bytes());
                derive_foreign(password, &salt, cost).map_err(argon2_refused)
            }
            _ => Err(ImportError::UnknownEncryption),
        }
    }
}

fn argon2_refused(refused: ForeignKdfError) -> ImportError {
    match refused {
        ForeignKdfError::TooHeavy => ImportError::TooCostly,
        ForeignKdfError::Impossible => ImportError::Damaged,
        ForeignKdfError::NoMemory => ImportError::NoMemory,
    }
}

struct Keys {
    encrypting: Key32,
    signing: Key32,
}

impl Keys {
    fn stretched(key: &Key32) -> Self {
        let long_enough = "32 bytes are a key for HKDF, and no more than it gives";
        // EXPOSE: stretched into the two keys that open the file.
        let hkdf = Hkdf::<Sha256>::from_prk(key.expose()).expect(long_enough);
        let expand =
            |info: &[u8]| Key32::filled_by(|out| hkdf.expand(info, out).expect(long_enough));
        Self {
            encrypting: expand(b"enc"),
            signing: expand(b"mac"),
        }
    }
}

/// `2.iv|ciphertext|mac`, each part in base64.
struct Sealed {
    iv: [u8; 16],
    ciphertext: Vec<u8>,
    mac: [u8; 32],
}

impl Sealed {
    fn read(text: &str) -> Result<Self, Refused> {
        let (kind, parts) = text.split_once('.').ok_or(Refused::Damaged)?;
        if kind != "2" {
            return Err(Refused::UnknownMethod);
        }
        let decoded = |part: &str| BASE64.decode(part.as_bytes()).map_err(|_| Refused::Damaged);
        let parts: Vec<&str> = parts.split('|').collect();
        let [iv, ciphertext, mac] = parts.as_slice() else {
            return Err(Refused::Damaged);
        };
        Ok(Self {
            iv: decoded(iv)?.try_into().map_err(|_| Refused::Damaged)?,
            ciphertext: decoded(ciphertext)?,
            mac: decoded(mac)?.try_into().map_err(|_| Refused::Damaged)?,
        })
    }

    fn open(&self, keys: &Keys) -> Result<SecretBytes, Refused> {
        // EXPOSE: the MAC is checked under one key.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(keys.signing.expose()).map_err(|_| Refused::Damaged)?;
        mac.update(&self.iv);
        mac.update(&self.ciphertext);
        mac.verify_slice(&self.mac).map_err(|_| Refused::WrongKey)?;
        // EXPOSE: the other key, used once.
        cipher::open_cbc_256(keys.encrypting.expose(), &self.iv, &self.ciphertext)
    }
}
