//! The outer encryption and the compression of the contents.

use std::io::Read;

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit, StreamCipher};
use chacha20::ChaCha20;
use flate2::bufread::GzDecoder;
use strongroom_secret::Key32;
use zeroize::Zeroizing;

use super::header::{Cipher, Compression};
use super::{KdbxError, MAX_CONTENT_BYTES};

/// How much more than its packed size a stream of gzip can unpack to.
const MOST_RATIO: usize = 1032;

/// Decrypts in place. A wrong key is told by what comes out, so it is looked at even where the
/// padding is wrong: `begins` says whether it begins as it should.
pub(super) fn decrypt(
    cipher: Cipher,
    key: &Key32,
    mut bytes: Zeroizing<Vec<u8>>,
    begins: impl Fn(&[u8]) -> bool,
) -> Result<Zeroizing<Vec<u8>>, KdbxError> {
    match cipher {
        Cipher::ChaCha20 { nonce } => {
            // EXPOSE: it is the key of the encryption.
            ChaCha20::new(key.expose().into(), (&nonce).into()).apply_keystream(&mut bytes);
            if !begins(&bytes) {
                return Err(KdbxError::WrongKey);
            }
        }
        Cipher::Aes256 { iv } => {
            if bytes.is_empty() || !bytes.len().is_multiple_of(16) {
                return Err(KdbxError::Truncated);
            }
            // EXPOSE: likewise.
            let cbc = cbc::Decryptor::<Aes256>::new(key.expose().into(), (&iv).into());
            let length = cbc.decrypt_padded::<Pkcs7>(&mut bytes).map(<[u8]>::len);
            if !begins(&bytes) {
                return Err(KdbxError::WrongKey);
            }
            bytes.truncate(length.map_err(|_| KdbxError::Damaged)?);
        }
    }
    Ok(bytes)
}

pub(super) fn encrypt(nonce: &[u8; 12], key: &Key32, bytes: &mut [u8]) {
    // EXPOSE: it is the key of the encryption.
    ChaCha20::new(key.expose().into(), nonce.into()).apply_keystream(bytes);
}

pub(super) fn unpack(
    compression: Compression,
    bytes: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, KdbxError> {
    match compression {
        Compression::None if bytes.len() > MAX_CONTENT_BYTES => Err(KdbxError::TooMuchContent),
        Compression::None => Ok(bytes),
        Compression::Gzip => unzip(&bytes, MAX_CONTENT_BYTES),
    }
}

/// Unpacks gzip to at most so many bytes.
pub(super) fn unzip(bytes: &[u8], most: usize) -> Result<Zeroizing<Vec<u8>>, KdbxError> {
    // The last four bytes say how much it will be. Where that is so, the room never moves and
    // leaves no copy of what is in it; where it is a lie, it costs no more than the truth could.
    let said = match bytes.last_chunk() {
        Some(last) => u32::from_le_bytes(*last) as usize,
        None => return Err(KdbxError::Truncated),
    };
    let room = said.min(most).min(bytes.len().saturating_mul(MOST_RATIO));
    let mut unpacked = Zeroizing::new(Vec::with_capacity(room + 1));
    let mut decoder = GzDecoder::new(bytes);
    let limit = u64::try_from(most).unwrap_or(u64::MAX) + 1;
    (&mut decoder)
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|_| KdbxError::Damaged)?;
    if unpacked.len() > most {
        return Err(KdbxError::TooMuchContent);
    }
    if decoder.into_inner().is_empty() {
        Ok(unpacked)
    } else {
        Err(KdbxError::Damaged)
    }
}
