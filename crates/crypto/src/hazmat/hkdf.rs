//! HKDF-SHA-256 (RFC 5869) into and out of types that wipe themselves.

use hkdf::Hkdf;
use sha2::Sha256;
use strongroom_secret::Key32;
use zeroize::Zeroize;

/// HKDF-Extract over the concatenation of `ikm`, written into `out`.
pub(crate) fn extract_into(salt: &[u8], ikm: &[&[u8]], out: &mut [u8; 32]) {
    let mut extract = hkdf::HkdfExtract::<Sha256>::new(Some(salt));
    for part in ikm {
        extract.input_ikm(part);
    }
    let (mut prk, _expand) = extract.finalize();
    out.copy_from_slice(&prk);
    prk.as_mut_slice().zeroize();
}

pub(crate) fn extract(salt: &[u8], ikm: &[&[u8]]) -> Key32 {
    Key32::filled_by(|out| extract_into(salt, ikm, out))
}

/// HKDF-Expand to 32 bytes; the info is the concatenation of the parts.
pub(crate) fn expand(prk: &[u8; 32], info: &[&[u8]]) -> Key32 {
    let hkdf = Hkdf::<Sha256>::from_prk(prk).expect("32 bytes are what SHA-256 wants");
    Key32::filled_by(|out| {
        hkdf.expand_multi_info(info, out)
            .expect("32 bytes are one block");
    })
}

/// Extract, then expand: the whole of HKDF for a key of 32 bytes.
pub(crate) fn derive(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Key32 {
    let prk = extract(salt, &[ikm]);
    // EXPOSE: the second half of HKDF works on the result of the first.
    expand(prk.expose(), info)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: data_encoding::Encoding = data_encoding::HEXLOWER;

    /// RFC 5869, appendix A.1 to A.3. The RFC's outputs are longer than 32 bytes; Expand makes
    /// them block by block, so the first 32 bytes are what a shorter request gives.
    #[test]
    fn the_vectors_of_rfc_5869() {
        let sequence = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
        let cases = [
            (
                vec![0x0b; 22],
                sequence(0x00, 0x0c),
                sequence(0xf0, 0xf9),
                "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
            ),
            (
                sequence(0x00, 0x4f),
                sequence(0x60, 0xaf),
                sequence(0xb0, 0xff),
                "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
            ),
            (
                vec![0x0b; 22],
                Vec::new(),
                Vec::new(),
                "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
            ),
        ];
        for (ikm, salt, info, prk, okm) in cases {
            assert_eq!(HEX.encode(extract(&salt, &[&ikm]).expose()), prk);
            assert_eq!(HEX.encode(derive(&ikm, &salt, &[&info]).expose()), okm);
        }
    }
}
