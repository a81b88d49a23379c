//! STREAM over ChaCha20-Poly1305 (RFC 8439) in chunks of 64 KiB, as age lays them out: the nonce of a
//! chunk is its number in eleven bytes and whether it is the last.
//!
//! Deliberately not here: where the key comes from.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use strongroom_secret::{Key32, SecretBytes};
use zeroize::Zeroize;

use super::aead::{Forged, TAG_BYTES};

const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + TAG_BYTES;

/// How many bytes sealing makes of `plain` ones.
pub(crate) fn sealed_length(plain: usize) -> usize {
    plain + plain.div_ceil(CHUNK).max(1) * TAG_BYTES
}

/// Appends the sealed chunks to `out`. Where `out` has the room, nothing is copied but the plaintext,
/// once, to where it is encrypted.
pub(crate) fn seal_onto(key: &Key32, plain: &[u8], out: &mut Vec<u8>) {
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    out.reserve_exact(sealed_length(plain.len()));
    let chunks = plain.chunks(CHUNK);
    let last = chunks.len().max(1) - 1;
    // Of nothing there is one chunk, which is empty.
    let whole = chunks.chain(plain.is_empty().then_some([].as_slice()));
    for (number, chunk) in whole.enumerate() {
        let at = out.len();
        out.extend_from_slice(chunk);
        let tag = cipher
            .encrypt_inout_detached(&nonce(number, number == last), b"", (&mut out[at..]).into())
            .expect("a chunk is far below the cipher's limit");
        out.extend_from_slice(&tag);
    }
}

/// All of it or nothing.
pub(crate) fn open(key: &Key32, sealed: &[u8]) -> Result<SecretBytes, Forged> {
    // EXPOSE: the cipher needs its key.
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let chunks = sealed.chunks(SEALED_CHUNK);
    let last = chunks.len().checked_sub(1).ok_or(Forged)?;
    let mut plain = Vec::with_capacity(sealed.len());
    for (number, chunk) in chunks.enumerate() {
        let opened = open_chunk(&cipher, nonce(number, number == last), chunk, &mut plain);
        // An empty chunk ends an empty file only, or one file had two forms.
        if opened.is_err() || (number > 0 && chunk.len() == TAG_BYTES) {
            plain.zeroize();
            return Err(Forged);
        }
    }
    Ok(SecretBytes::new(plain))
}

fn open_chunk(
    cipher: &ChaCha20Poly1305,
    nonce: Nonce,
    chunk: &[u8],
    plain: &mut Vec<u8>,
) -> Result<(), Forged> {
    let (body, tag) = chunk.split_last_chunk::<TAG_BYTES>().ok_or(Forged)?;
    let at = plain.len();
    plain.extend_from_slice(body);
    cipher
        .decrypt_inout_detached(&nonce, b"", (&mut plain[at..]).into(), &Tag::from(*tag))
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
            let mut sealed = Vec::new();
            seal_onto(&key(), &plain, &mut sealed);
            assert_eq!(sealed.len(), sealed_length(length));
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
