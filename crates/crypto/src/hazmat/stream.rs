//! STREAM over ChaCha20-Poly1305 (RFC 8439) in chunks of 64 KiB, as age lays them out: the nonce of a
//! chunk is its number in eleven bytes and whether it is the last.
//!
//! Deliberately not here: where the key comes from.

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use rayon::prelude::*;
use strongroom_secret::{Key32, SecretBytes};
use zeroize::Zeroizing;

use super::aead::{Forged, TAG_BYTES};

const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + TAG_BYTES;

/// From how many chunks on it pays to have the other cores woken for them.
const WORTH_SHARING: usize = 16;

/// Seals a plaintext that comes in pieces, behind the header of its file.
pub(crate) struct Sealing {
    cipher: ChaCha20Poly1305,
    /// What was taken and not sealed yet: at most one chunk, because whether that is the last one is
    /// known only when more comes.
    held: Zeroizing<Vec<u8>>,
    number: usize,
    /// The header and whole chunks behind it, and then zeros, which the system gives for nothing.
    out: Vec<u8>,
    /// Where the zeros begin.
    end: usize,
}

impl Sealing {
    /// Of about `length` bytes: how much memory is reserved.
    pub(crate) fn new(key: &Key32, header: &[u8], length: usize) -> Self {
        let sealed = length + length.div_ceil(CHUNK).max(1) * TAG_BYTES;
        let mut out = vec![0; header.len() + sealed];
        out[..header.len()].copy_from_slice(header);
        Self {
            // EXPOSE: the cipher needs its key.
            cipher: ChaCha20Poly1305::new(key.expose().into()),
            held: Zeroizing::new(Vec::with_capacity(CHUNK)),
            number: 0,
            out,
            end: header.len(),
        }
    }

    pub(crate) fn take(&mut self, plain: &[u8]) {
        let room = CHUNK - self.held.len();
        let (begin, rest) = plain.split_at(room.min(plain.len()));
        self.held.extend_from_slice(begin);
        if rest.is_empty() {
            return;
        }
        let held = std::mem::take(&mut self.held);
        self.seal(&held, More::Follows);
        self.held = held;
        self.held.clear();
        // What is left behind whole chunks has at least a byte, and at most a chunk of them.
        let whole = (rest.len() - 1) / CHUNK * CHUNK;
        let (whole, rest) = rest.split_at(whole);
        self.seal(whole, More::Follows);
        self.held.extend_from_slice(rest);
    }

    /// The finished file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        self.seal(&held, More::IsNone);
        self.out.truncate(self.end);
        self.out
    }

    /// Chunks do not know of each other, so many of them are sealed on all cores. The plaintext is not
    /// copied.
    fn seal(&mut self, plain: &[u8], more: More) {
        let chunks = match more {
            More::Follows => plain.len() / CHUNK,
            More::IsNone => 1,
        };
        let begun = self.end;
        self.end += plain.len() + chunks * TAG_BYTES;
        if self.out.len() < self.end {
            self.out.resize(self.end, 0);
        }
        let (cipher, first) = (&self.cipher, self.number);
        let seal = |(index, sealed): (usize, &mut [u8])| {
            let (body, tag) = sealed.split_at_mut(sealed.len() - TAG_BYTES);
            let at = index * CHUNK;
            let plain = &plain[at..at + body.len()];
            let nonce = nonce(first + index, more == More::IsNone);
            let made = cipher
                .encrypt_inout_detached(&nonce, b"", between(plain, body))
                .expect("a chunk is far below the cipher's limit");
            tag.copy_from_slice(&made);
        };
        let out = &mut self.out[begun..self.end];
        if chunks < WORTH_SHARING {
            out.chunks_mut(SEALED_CHUNK).enumerate().for_each(seal);
        } else {
            out.par_chunks_mut(SEALED_CHUNK).enumerate().for_each(seal);
        }
        self.number += chunks;
    }
}

/// Whether chunks come behind those that are sealed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    Follows,
    IsNone,
}

/// All of it or nothing.
pub(crate) fn open(key: &Key32, sealed: &[u8]) -> Result<SecretBytes, Forged> {
    let opening = Opening::of(key, sealed)?;
    let mut plain = opening.room();
    let opened = opening.open(0, sealed, &mut plain);
    let plain = SecretBytes::new(plain);
    opened.map(|()| plain)
}

/// The same, while `read` is given what was opened, piece by piece and in order, on another thread:
/// a piece, and how many bytes follow it. What it makes of them is nothing where the end is forged.
pub(crate) fn open_beside(
    key: &Key32,
    sealed: &[u8],
    read: &mut (dyn FnMut(&[u8], usize) + Send),
) -> Result<SecretBytes, Forged> {
    let opening = Opening::of(key, sealed)?;
    let mut plain = opening.room();
    let opened = opening.open_in_pieces(sealed, &mut plain, read);
    let plain = SecretBytes::new(plain);
    opened.map(|()| plain)
}

/// A payload whose chunks are where they should be.
struct Opening {
    cipher: ChaCha20Poly1305,
    last: usize,
    length: usize,
}

impl Opening {
    fn of(key: &Key32, sealed: &[u8]) -> Result<Self, Forged> {
        let chunks = sealed.len().div_ceil(SEALED_CHUNK);
        let last = chunks.checked_sub(1).ok_or(Forged)?;
        let rest = sealed.len() - last * SEALED_CHUNK;
        // An empty chunk ends an empty file only, or one file had two forms.
        if rest < TAG_BYTES || (rest == TAG_BYTES && last > 0) {
            return Err(Forged);
        }
        Ok(Self {
            // EXPOSE: the cipher needs its key.
            cipher: ChaCha20Poly1305::new(key.expose().into()),
            last,
            length: sealed.len() - chunks * TAG_BYTES,
        })
    }

    fn room(&self) -> Vec<u8> {
        vec![0; self.length]
    }

    fn open_in_pieces(
        &self,
        sealed: &[u8],
        plain: &mut [u8],
        read: &mut (dyn FnMut(&[u8], usize) + Send),
    ) -> Result<(), Forged> {
        if plain.is_empty() {
            return self.open(0, sealed, plain);
        }
        let (mut piece, mut behind): (&[u8], usize) = (&[], plain.len());
        let sealed = sealed.chunks(WORTH_SHARING * SEALED_CHUNK);
        let plain = plain.chunks_mut(WORTH_SHARING * CHUNK);
        for (number, (sealed, next)) in sealed.zip(plain).enumerate() {
            std::thread::scope(|threads| {
                let reading = threads.spawn(|| read(piece, behind));
                let opened = self.open(number * WORTH_SHARING, sealed, next);
                reading.join().expect("a reader does not panic");
                opened
            })?;
            behind -= next.len();
            piece = next;
        }
        read(piece, behind);
        Ok(())
    }

    /// Opens chunks that follow each other, the first of which has this number.
    fn open(&self, first: usize, sealed: &[u8], plain: &mut [u8]) -> Result<(), Forged> {
        let nonce = |number| nonce(number, number == self.last);
        if plain.is_empty() {
            return open_chunk(&self.cipher, nonce(first), sealed, plain);
        }
        plain
            .par_chunks_mut(CHUNK)
            .zip(sealed.par_chunks(SEALED_CHUNK))
            .enumerate()
            .try_for_each(|(index, (plain, chunk))| {
                open_chunk(&self.cipher, nonce(first + index), chunk, plain)
            })
    }
}

fn open_chunk(
    cipher: &ChaCha20Poly1305,
    nonce: Nonce,
    chunk: &[u8],
    plain: &mut [u8],
) -> Result<(), Forged> {
    let (body, tag) = chunk.split_last_chunk::<TAG_BYTES>().ok_or(Forged)?;
    cipher
        .decrypt_inout_detached(&nonce, b"", between(body, plain), &Tag::from(*tag))
        .map_err(|_| Forged)
}

/// What the cipher reads and where it writes.
fn between<'b>(from: &'b [u8], to: &'b mut [u8]) -> InOutBuf<'b, 'b, u8> {
    InOutBuf::new(from, to).expect("chunks were cut to one length")
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

    fn sealed<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<u8> {
        let mut sealing = Sealing::new(&key(), b"header", 2 * CHUNK);
        for piece in pieces {
            sealing.take(piece);
        }
        let file = sealing.finish();
        file.strip_prefix(b"header").expect("a header").to_vec()
    }

    /// What is opened, if a reader beside it was given the same.
    fn beside(sealed: &[u8]) -> Result<Vec<u8>, Forged> {
        let (mut read, mut behind) = (Vec::new(), 0);
        let mut reader = |piece: &[u8], left: usize| {
            read.extend_from_slice(piece);
            behind = left;
        };
        let plain = open_beside(&key(), sealed, &mut reader)?;
        assert_eq!(plain.expose(), read);
        assert_eq!(behind, 0);
        Ok(read)
    }

    #[test]
    fn every_length_around_a_chunk_comes_back_and_no_cut_opens() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5] {
            let plain: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let mut sealed = sealed([plain.as_slice()]);
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(sealed.len(), length + chunks * TAG_BYTES);
            assert_eq!(open(&key(), &sealed).expect("opens").expose(), plain);
            assert_eq!(beside(&sealed).expect("opens"), plain);
            for cut in [0, 1, 15, 16, CHUNK, SEALED_CHUNK, 2 * SEALED_CHUNK] {
                if cut < sealed.len() {
                    let cut_off = &sealed[..cut];
                    assert!(open(&key(), cut_off).is_err(), "{length} cut to {cut}");
                    assert!(beside(cut_off).is_err(), "{length} cut to {cut}");
                }
            }
            sealed.push(0);
            assert!(open(&key(), &sealed).is_err());
            assert!(beside(&sealed).is_err());
        }
    }

    #[test]
    fn pieces_of_any_length_make_the_file_that_the_whole_makes() {
        // More than are sealed on the spot.
        let most = (WORTH_SHARING + 2) * CHUNK;
        let plain: Vec<u8> = (0..most + 5).map(|at| (at % 251) as u8).collect();
        for length in [
            0,
            1,
            CHUNK,
            CHUNK + 1,
            3 * CHUNK,
            3 * CHUNK + 7,
            most,
            most + 5,
        ] {
            let plain = &plain[..length];
            let whole = sealed([plain]);
            assert_eq!(open(&key(), &whole).expect("opens").expose(), plain);
            assert_eq!(beside(&whole).expect("opens"), plain);
            for piece in [1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 3] {
                let again = sealed(plain.chunks(piece).flat_map(|piece| [piece, b""]));
                assert!(again == whole, "{length} bytes by {piece}");
            }
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
