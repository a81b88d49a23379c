//! The inner stream: a second encryption of each protected value, so that a program which reads the
//! whole document into memory does not have them in the clear.
//!
//! One key stream runs over all protected values in the order of the document.

use aes::cipher::{KeyIvInit, StreamCipher};
use chacha20::ChaCha20;
use salsa20::Salsa20;
use sha2::{Digest, Sha256, Sha512};
use strongroom_secret::Key;
use zeroize::Zeroizing;

use super::KdbxError;

/// Every database of version 3 has this nonce; its stream key is fresh each time.
const SALSA20_NONCE: [u8; 8] = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamKind {
    Salsa20,
    ChaCha20,
}

impl StreamKind {
    pub(super) const CHACHA20: u32 = 3;

    pub(super) fn parse(number: u32) -> Result<Self, KdbxError> {
        match number {
            2 => Ok(Self::Salsa20),
            Self::CHACHA20 => Ok(Self::ChaCha20),
            // 0 is none, 1 an RC4 that was given up before the first release.
            _ => Err(KdbxError::UnknownEncoding),
        }
    }
}

pub(super) enum InnerStream {
    Salsa20(Box<Salsa20>),
    ChaCha20(Box<ChaCha20>),
}

impl InnerStream {
    pub(super) fn new(kind: StreamKind, key: &[u8]) -> Self {
        match kind {
            StreamKind::Salsa20 => {
                let key = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key)));
                Self::Salsa20(Box::new(Salsa20::new(
                    (&*key).into(),
                    (&SALSA20_NONCE).into(),
                )))
            }
            StreamKind::ChaCha20 => {
                let hash = Key::<64>::filled_by(|out| {
                    Sha512::new_with_prefix(key).finalize_into(out.into())
                });
                // EXPOSE: the first half is the key, what follows the nonce.
                let (key, rest) = hash.expose().split_first_chunk::<32>().expect("64 bytes");
                let nonce = rest.first_chunk::<12>().expect("32 bytes");
                Self::ChaCha20(Box::new(ChaCha20::new(key.into(), nonce.into())))
            }
        }
    }

    /// Encrypts or decrypts the next value, in place.
    pub(super) fn apply(&mut self, value: &mut [u8]) -> Result<(), KdbxError> {
        let done = match self {
            Self::Salsa20(stream) => stream.try_apply_keystream(value),
            Self::ChaCha20(stream) => stream.try_apply_keystream(value),
        };
        done.map_err(|_| KdbxError::TooMuchContent)
    }
}
