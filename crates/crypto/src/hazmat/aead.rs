//! XChaCha20-Poly1305 with a random 24-byte nonce in front: `nonce ‖ ciphertext ‖ tag`.
//!
//! Deliberately not here: what the associated data means.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use strongroom_secret::{Key32, SecretBytes};
use zeroize::Zeroize;

use crate::random::{Random, RandomFailed};

pub(crate) const NONCE_BYTES: usize = 24;
pub(crate) const TAG_BYTES: usize = 16;
/// What sealing adds to a plaintext.
pub(crate) const OVERHEAD: usize = NONCE_BYTES + TAG_BYTES;

/// The bytes do not open under this key and associated data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forged;

pub(crate) fn seal(
    random: &dyn Random,
    key: &Key32,
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, RandomFailed> {
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce)?;
    Ok(seal_with_nonce(key, &nonce, aad, plain))
}

/// Sealing with a nonce that is handed in; only [`seal`] and the frozen vectors call it.
pub(crate) fn seal_with_nonce(
    key: &Key32,
    nonce: &[u8; NONCE_BYTES],
    aad: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
    sealed.extend_from_slice(nonce);
    sealed.extend_from_slice(plain);
    // EXPOSE: the cipher needs its key.
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let tag = cipher
        .encrypt_inout_detached(
            &XNonce::from(*nonce),
            aad,
            (&mut sealed[NONCE_BYTES..]).into(),
        )
        .expect("a plaintext in memory is far below the cipher's limit of 256 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

pub(crate) fn open(key: &Key32, aad: &[u8], sealed: &[u8]) -> Result<SecretBytes, Forged> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Forged)?;
    let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(Forged)?;
    let mut plain = body.to_vec();
    // EXPOSE: the cipher needs its key.
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let opened = cipher.decrypt_inout_detached(
        &XNonce::from(*nonce),
        aad,
        plain.as_mut_slice().into(),
        &Tag::from(*tag),
    );
    match opened {
        Ok(()) => Ok(SecretBytes::new(plain)),
        Err(_) => {
            plain.zeroize();
            Err(Forged)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: data_encoding::Encoding = data_encoding::HEXLOWER;

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn the_vector_of_the_xchacha_draft() {
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
        let aad = HEX.decode(b"50515253c0c1c2c3c4c5c6c7").expect("hex");
        let key = Key32::filled_by(|key| {
            for (byte, value) in key.iter_mut().zip(0x80..) {
                *byte = value;
            }
        });
        let mut nonce = [0; 24];
        for (byte, value) in nonce.iter_mut().zip(0x40..) {
            *byte = value;
        }
        let sealed = seal_with_nonce(&key, &nonce, &aad, plain);
        assert_eq!(
            HEX.encode(&sealed[NONCE_BYTES..]),
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
        );
        let opened = open(&key, &aad, &sealed).expect("opens");
        assert_eq!(opened.expose(), plain);
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let key = Key32::filled_by(|key| key.fill(3));
        let sealed = seal_with_nonce(&key, &[5; 24], b"aad", b"secret");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, b"aad", &changed).is_err(), "bit {bit}");
        }
        assert!(open(&key, b"aae", &sealed).is_err());
        for length in 0..sealed.len() {
            assert!(
                open(&key, b"aad", &sealed[..length]).is_err(),
                "{length} bytes"
            );
        }
    }
}
