//! Ed25519 (RFC 8032), verified strictly: no small-order keys, one form of a signature.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use strongroom_secret::Key32;

pub(crate) fn public_key(seed: &Key32) -> [u8; 32] {
    // EXPOSE: the signing key is expanded from its seed and wiped when dropped.
    SigningKey::from_bytes(seed.expose())
        .verifying_key()
        .to_bytes()
}

pub(crate) fn sign(seed: &Key32, message: &[u8]) -> [u8; 64] {
    // EXPOSE: the signing key is expanded from its seed and wiped when dropped.
    SigningKey::from_bytes(seed.expose())
        .sign(message)
        .to_bytes()
}

pub(crate) fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: data_encoding::Encoding = data_encoding::HEXLOWER;

    /// RFC 8032, section 7.1, tests 1 to 3.
    #[test]
    fn the_vectors_of_rfc_8032() {
        let cases = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ];
        for (seed, public, message, signature) in cases {
            let decode = |text: &str| HEX.decode(text.as_bytes()).expect("hex");
            let seed = Key32::from_slice(&decode(seed)).expect("32 bytes");
            let public: [u8; 32] = decode(public).try_into().expect("32 bytes");
            let expected: [u8; 64] = decode(signature).try_into().expect("64 bytes");
            assert_eq!(public_key(&seed), public);
            assert_eq!(sign(&seed, &decode(message)), expected);
            assert!(verify(&public, &decode(message), &expected));
        }
    }

    #[test]
    fn weak_keys_and_other_forms_are_refused() {
        // The neutral element as key and as R with s = 0 passes the lenient check for any message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!verify(&neutral, b"anything", &signature));

        let seed = Key32::filled_by(|seed| seed.fill(7));
        let mut good = sign(&seed, b"message");
        // s + L is another spelling of the same s; L is the order of the group, little-endian.
        let order = HEX
            .decode(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
            .expect("hex");
        let mut carry = 0;
        for (byte, add) in good[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert!(!verify(&public_key(&seed), b"message", &good));
    }
}
