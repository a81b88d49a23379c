//! The stanza of an X25519 recipient.

use strongroom_secret::{Key, Key32};

use crate::hazmat::{hkdf, stream, x25519};
use crate::random::{Random, RandomFailed};

use super::OpenError;
use super::header::{self, FILE_KEY_BYTES, Stanza};
use super::keys::{Recipient, SecretKey};

pub(super) const KIND: &str = "X25519";
const LABEL: &[u8] = b"age-encryption.org/v1/X25519";

/// Why a stanza could not be written.
pub(super) enum NotWritten {
    Random(RandomFailed),
    /// The point gives everybody the same.
    Unsound,
}

pub(super) fn write(
    out: &mut Vec<u8>,
    recipient: &Recipient,
    file_key: &Key<FILE_KEY_BYTES>,
    random: &dyn Random,
) -> Result<(), NotWritten> {
    let once = SecretKey::make(random).map_err(NotWritten::Random)?;
    let share = *once.recipient().as_bytes();
    let shared = x25519::shared(once.seed(), recipient.as_bytes()).ok_or(NotWritten::Unsound)?;
    let key = derive_wrap_key(&shared, &share, recipient.as_bytes());
    // EXPOSE: wrapped.
    let body = stream::wrap(&key, file_key.expose());
    header::write_stanza(out, &[KIND, &header::BASE64.encode(&share)], &body);
    Ok(())
}

/// A stanza in its one form.
pub(super) struct X25519Stanza {
    share: [u8; 32],
    body: [u8; 32],
}

impl X25519Stanza {
    pub(super) fn parse(stanza: &Stanza<'_>) -> Result<Self, OpenError> {
        let [share] = stanza.args.as_slice() else {
            return Err(OpenError::Header);
        };
        Ok(Self {
            share: header::decode_fixed(share)?,
            body: stanza
                .body
                .as_slice()
                .try_into()
                .map_err(|_| OpenError::Header)?,
        })
    }

    /// `None` if it is somebody else's.
    pub(super) fn open(&self, key: &SecretKey) -> Result<Option<Key<FILE_KEY_BYTES>>, OpenError> {
        let shared = x25519::shared(key.seed(), &self.share).ok_or(OpenError::Header)?;
        let wrap_key = derive_wrap_key(&shared, &self.share, key.recipient().as_bytes());
        Ok(
            Key::try_filled_by(|file_key| stream::unwrap_into(&wrap_key, &self.body, file_key))
                .ok(),
        )
    }
}

fn derive_wrap_key(shared: &Key32, share: &[u8; 32], recipient: &[u8; 32]) -> Key32 {
    // EXPOSE: input of the derivation.
    hkdf::derive(
        shared.expose(),
        &[share.as_slice(), recipient].concat(),
        &[LABEL],
    )
}
