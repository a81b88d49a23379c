//! AES in the modes that bots and password managers use. Decryption only.
//!
//! CTR and CFB are a few lines over the block cipher each; a crate for either would be longer.
//!
//! Deliberately not here: whether what comes out is what went in. Only GCM knows; for the others
//! the caller checks a MAC first.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockCipherEncrypt, BlockModeDecrypt, BlockSizeUser, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256, Block};
use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, Nonce};
use strongroom_secret::SecretBytes;

use super::Refused;

pub(crate) const BLOCK_BYTES: usize = 16;

/// AES-128-CBC with PKCS #7 padding.
pub(crate) fn open_cbc_128(
    key: &[u8; 16],
    iv: &[u8; 16],
    ciphertext: &[u8],
) -> Result<SecretBytes, Refused> {
    open_cbc(
        cbc::Decryptor::<Aes128>::new(key.into(), iv.into()),
        ciphertext,
    )
}

/// AES-256-CBC with PKCS #7 padding.
pub(crate) fn open_cbc_256(
    key: &[u8; 32],
    iv: &[u8; 16],
    ciphertext: &[u8],
) -> Result<SecretBytes, Refused> {
    open_cbc(
        cbc::Decryptor::<Aes256>::new(key.into(), iv.into()),
        ciphertext,
    )
}

fn open_cbc(cipher: impl BlockModeDecrypt, ciphertext: &[u8]) -> Result<SecretBytes, Refused> {
    cipher
        .decrypt_padded_vec::<Pkcs7>(ciphertext)
        .map(SecretBytes::new)
        .map_err(|_| Refused::Damaged)
}

/// AES-128-CTR with a counter of 128 bits, big endian.
pub(crate) fn open_ctr_128(key: &[u8; 16], counter: [u8; 16], ciphertext: &[u8]) -> SecretBytes {
    let cipher = Aes128::new(key.into());
    let mut counter = u128::from_be_bytes(counter);
    let mut plain = ciphertext.to_vec();
    for piece in plain.chunks_mut(BLOCK_BYTES) {
        let mut stream = Block::from(counter.to_be_bytes());
        cipher.encrypt_block(&mut stream);
        xor(piece, &stream);
        counter = counter.wrapping_add(1);
    }
    SecretBytes::new(plain)
}

/// AES-CFB with full feedback, under a key of 16, 24 or 32 bytes.
pub(crate) fn open_cfb(
    key: &[u8],
    iv: &[u8; 16],
    ciphertext: &[u8],
) -> Result<SecretBytes, Refused> {
    match key.len() {
        16 => cfb::<Aes128>(key, iv, ciphertext),
        24 => cfb::<Aes192>(key, iv, ciphertext),
        32 => cfb::<Aes256>(key, iv, ciphertext),
        _ => Err(Refused::WrongKey),
    }
}

fn cfb<C>(key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<SecretBytes, Refused>
where
    C: KeyInit
        + BlockCipherEncrypt
        + BlockSizeUser<BlockSize = <Aes128 as BlockSizeUser>::BlockSize>,
{
    let cipher = C::new_from_slice(key).map_err(|_| Refused::WrongKey)?;
    let mut feedback = *iv;
    let mut plain = ciphertext.to_vec();
    for piece in plain.chunks_mut(BLOCK_BYTES) {
        let mut stream = Block::from(feedback);
        cipher.encrypt_block(&mut stream);
        feedback[..piece.len()].copy_from_slice(piece);
        xor(piece, &stream);
    }
    Ok(SecretBytes::new(plain))
}

fn xor(piece: &mut [u8], stream: &[u8]) {
    for (byte, mask) in piece.iter_mut().zip(stream) {
        *byte ^= mask;
    }
}

/// AES-256-GCM without associated data; the tag stands behind the ciphertext.
pub(crate) fn open_gcm(
    key: &[u8; 32],
    nonce: &[u8; 12],
    sealed: &[u8],
) -> Result<SecretBytes, Refused> {
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), sealed)
        .map(SecretBytes::new)
        .map_err(|_| Refused::WrongKey)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// NIST SP 800-38A: F.5.1 (CTR), F.3.13 and F.3.17 (CFB), F.2 has no padding and is covered by
    /// the samples that other programs wrote.
    #[test]
    fn the_vectors_of_nist() {
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).expect("hex");
        let array = |text: &str| <[u8; 16]>::try_from(bytes(text)).expect("16 bytes");
        let plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
        let key = "2b7e151628aed2a6abf7158809cf4f3c";
        let iv = array("000102030405060708090a0b0c0d0e0f");
        let opened = open_ctr_128(
            &array(key),
            array("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
            &bytes("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"),
        );
        assert_eq!(HEXLOWER.encode(opened.expose()), plain);
        for (key, sealed) in [
            (
                key,
                "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b",
            ),
            (
                "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a",
            ),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b",
            ),
        ] {
            let opened = open_cfb(&bytes(key), &iv, &bytes(sealed)).expect("a key's length");
            assert_eq!(HEXLOWER.encode(opened.expose()), plain);
        }
        let refused = open_cfb(b"no key has this length", &iv, b"x");
        assert_eq!(refused.err(), Some(Refused::WrongKey));
    }
}
