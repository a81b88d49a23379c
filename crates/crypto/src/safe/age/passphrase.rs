//! The stanza of a passphrase: scrypt, with its work looked at before any is done.

use strongroom_secret::{Key, SecretText};

use crate::hazmat::{scrypt, stream};
use crate::random::{Random, RandomFailed};

use super::OpenError;
use super::header::{self, FILE_KEY_BYTES, Stanza};

pub(super) const KIND: &str = "scrypt";

/// 2^18 KiB, which is 256 MiB: about a second.
const WORK_FACTOR: u8 = 18;
/// 1 GiB: what is heavier was made to stop us.
const MOST_WORK: u8 = 20;
const SALT_BYTES: usize = 16;
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";

pub(super) fn write(
    out: &mut Vec<u8>,
    passphrase: &SecretText,
    file_key: &Key<FILE_KEY_BYTES>,
    random: &dyn Random,
) -> Result<(), RandomFailed> {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt)?;
    let key = derive_wrap_key(passphrase, &salt, WORK_FACTOR);
    // EXPOSE: wrapped.
    let body = stream::wrap(&key, file_key.expose());
    let arguments = [
        KIND,
        &header::BASE64.encode(&salt),
        &WORK_FACTOR.to_string(),
    ];
    header::write_stanza(out, &arguments, &body);
    Ok(())
}

/// A stanza in its one form, whose work is acceptable.
#[derive(Debug)]
pub(super) struct ScryptStanza {
    salt: [u8; SALT_BYTES],
    work: u8,
    body: [u8; 32],
}

impl ScryptStanza {
    pub(super) fn parse(stanza: &Stanza<'_>) -> Result<Self, OpenError> {
        let [salt, work] = stanza.args.as_slice() else {
            return Err(OpenError::Header);
        };
        let salt = header::decode_fixed(salt)?;
        let body = stanza.body.as_slice().try_into();
        let body = body.map_err(|_| OpenError::Header)?;
        let digits = !work.starts_with('0') && work.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Err(OpenError::Header);
        }
        // However many digits: what does not fit is heavier than anything.
        match work.parse() {
            Ok(work) if work <= MOST_WORK => Ok(Self { salt, work, body }),
            _ => Err(OpenError::TooHeavy),
        }
    }

    pub(super) fn open(&self, passphrase: &SecretText) -> Result<Key<FILE_KEY_BYTES>, OpenError> {
        let key = derive_wrap_key(passphrase, &self.salt, self.work);
        Key::try_filled_by(|file_key| stream::unwrap_into(&key, &self.body, file_key))
            .map_err(|_| OpenError::WrongPassphrase)
    }
}

fn derive_wrap_key(
    passphrase: &SecretText,
    salt: &[u8; SALT_BYTES],
    work: u8,
) -> strongroom_secret::Key32 {
    // EXPOSE: input of the derivation.
    scrypt::hash(
        passphrase.expose().as_bytes(),
        &[LABEL, salt].concat(),
        work,
    )
}
