//! STREAM over ChaCha20-Poly1305 (RFC 8439) in chunks of 64 KiB, as age lays them out: the nonce of a
//! chunk is its number in eleven bytes and whether it is the last.
//!
//! Deliberately not here: where the key comes from.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use rayon::prelude::*;
use strongroom_secret::{Key32, SecretBytes};

use super::aead::{Forged, TAG_BYTES};

const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + TAG_BYTES;

/// How many bytes sealing makes of `plain` ones.
pub(crate) fn sealed_length(plain: usize) -> usize {
    plain + plain.div_ceil(CHUNK).max(1) * TAG_BYTES
}

/// Seals into `out`, which has [`sealed_length`] bytes. Chunks do not know of each other, so they are
/// sealed on all cores; the plaintext is copied once, to where it is encrypted.
pub(crate) fn seal_into(key: &Key32, plain: &[u8], out: &mut [u8]) {
    assert_eq!(out.len(), sealed_length(plain.len()));
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let last = out.len().div_ceil(SEALED_CHUNK) - 1;
    out.par_chunks_mut(SEALED_CHUNK)
        .enumerate()
        .for_each(|(number, sealed)| {
            let (body, tag) = sealed.split_at_mut(sealed.len() - TAG_BYTES);
            let at = number * CHUNK;
            body.copy_from_slice(&plain[at..at + body.len()]);
            let made = cipher
                .encrypt_inout_detached(&nonce(number, number == last), b"", body.into())
                .expect("a chunk is far below the cipher's limit");
            tag.copy_from_slice(&made);
        });
}

/// All of it or nothing.
pub(crate) fn open(key: &Key32, sealed: &[u8]) -> Result<SecretBytes, Forged> {
    let chunks = sealed.len().div_ceil(SEALED_CHUNK);
    let last = chunks.checked_sub(1).ok_or(Forged)?;
    let rest = sealed.len() - last * SEALED_CHUNK;
    // An empty chunk ends an empty file only, or one file had two forms.
    if rest < TAG_BYTES || (rest == TAG_BYTES && last > 0) {
        return Err(Forged);
    }
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let mut plain = vec![0; sealed.len() - chunks * TAG_BYTES];
    let opened = if plain.is_empty() {
        open_chunk(&cipher, nonce(0, true), sealed, &mut plain)
    } else {
        plain
            .par_chunks_mut(CHUNK)
            .zip(sealed.par_chunks(SEALED_CHUNK))
            .enumerate()
            .try_for_each(|(number, (plain, chunk))| {
                open_chunk(&cipher, nonce(number, number == last), chunk, plain)
            })
    };
    let plain = SecretBytes::new(plain);
    opened.map(|()| plain)
}

fn open_chunk(
    cipher: &ChaCha20Poly1305,
    nonce: Nonce,
    chunk: &[u8],
    plain: &mut [u8],
) -> Result<(), Forged> {
    let (body, tag) = chunk.split_last_chunk::<TAG_BYTES>().ok_or(Forged)?;
    plain.copy_from_slice(body);
    cipher
        .decrypt_inout_detached(&nonce, b"", plain.into(), &Tag::from(*tag))
        .map_err(|_| Forged)
}

/// Seals 16 bytes under a key that is used once, with a nonce of zeros.
pub(crate) fn wrap(key: &Key32, file_key: &[u8; 16]) -> [u8; 32] {
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let mut out = [0; 32];
    let (body, tag) = out.split_at_mut(16);
    body.copy_from_slice(file_key);
    let made = cipher
        .encrypt_inout_detached(&Nonce::default(), b"", body.into())
        .expect("16 bytes are far below the cipher's limit");
    tag.copy_from_slice(&made);
    out
}

/// The reverse of [`wrap`], written into `out`.
pub(crate) fn unwrap_into(
    key: &Key32,
    wrapped: &[u8; 32],
    out: &mut [u8; 16],
) -> Result<(), Forged> {
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let (body, tag) = wrapped.split_first_chunk::<16>().ok_or(Forged)?;
    out.copy_from_slice(body);
    let tag: [u8; TAG_BYTES] = tag.try_into().map_err(|_| Forged)?;
    cipher
        .decrypt_inout_detached(
            &Nonce::default(),
            b"",
            out.as_mut_slice().into(),
            &Tag::from(tag),
        )
        .map_err(|_| Forged)
}

fn nonce(number: usize, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&(number as u64).to_be_bytes());
    nonce[11] = u8::from(is_last);
    nonce.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key32 {
        Key32::filled_by(|key| key.fill(3))
    }

    #[test]
    fn every_length_around_a_chunk_comes_back_and_no_cut_opens() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5] {
            let plain: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let mut sealed = vec![0; sealed_length(length)];
            seal_into(&key(), &plain, &mut sealed);
            assert_eq!(open(&key(), &sealed).expect("opens").expose(), plain);
            for cut in [0, 1, 15, 16, CHUNK, SEALED_CHUNK, 2 * SEALED_CHUNK] {
                if cut < sealed.len() {
                    assert!(
                        open(&key(), &sealed[..cut]).is_err(),
                        "{length} cut to {cut}"
                    );
                }
            }
            sealed.push(0);
            assert!(open(&key(), &sealed).is_err());
        }
    }

    #[test]
    fn a_wrapped_key_opens_under_its_own_key() {
        let wrapped = wrap(&key(), &[7; 16]);
        let mut out = [0; 16];
        assert_eq!(unwrap_into(&key(), &wrapped, &mut out), Ok(()));
        assert_eq!(out, [7; 16]);
        let other = Key32::filled_by(|key| key.fill(4));
        assert_eq!(unwrap_into(&other, &wrapped, &mut out), Err(Forged));
    }
}
