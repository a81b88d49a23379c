//! X25519 (RFC 7748), and the checks of points that others made.
//!
//! Deliberately not here: what a shared value is used for.

use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::montgomery::MontgomeryPoint;
use strongroom_secret::Key32;
use subtle::ConstantTimeEq;

/// 2^255 - 19, little-endian: a u that is not below it is a second spelling of another one.
const PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0xed;
    prime[31] = 0x7f;
    prime
};

/// A scalar that clamping leaves as it is; any would do to find a point of low order.
const PROBE: [u8; 32] = {
    let mut probe = [0; 32];
    probe[31] = 0x40;
    probe
};

pub(crate) fn public_key(seed: &Key32) -> [u8; 32] {
    // EXPOSE: multiplied with the base point.
    MontgomeryPoint::mul_base_clamped(*seed.expose()).to_bytes()
}

/// `None` if the result is zero, which is what every point of low order gives: the other side then
/// had no part in it.
pub(crate) fn shared(seed: &Key32, point: &[u8; 32]) -> Option<Key32> {
    // EXPOSE: multiplied with the other side's point.
    let product = MontgomeryPoint(*point).mul_clamped(*seed.expose());
    let shared = Key32::filled_by(|out| out.copy_from_slice(product.as_bytes()));
    // EXPOSE: compared with zero, in constant time.
    let zero: bool = shared.expose().ct_eq(&[0; 32]).into();
    (!zero).then_some(shared)
}

/// Whether a u-coordinate is in its one spelling and of a point one can encrypt to.
pub(crate) fn is_sound(point: &[u8; 32]) -> bool {
    let below = point.iter().rev().lt(PRIME.iter().rev());
    below && MontgomeryPoint(*point).mul_clamped(PROBE).to_bytes() != [0; 32]
}

/// Whether an Ed25519 public key is in its one spelling and in the group of prime order.
pub(crate) fn is_sound_signer(public: &[u8; 32]) -> bool {
    CompressedEdwardsY(*public)
        .decompress()
        .is_some_and(|point| {
            point.compress().0 == *public && !point.is_small_order() && point.is_torsion_free()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> [u8; 32] {
        data_encoding::HEXLOWER
            .decode(hex.as_bytes())
            .expect("hex")
            .try_into()
            .expect("32 bytes")
    }

    fn key(hex: &str) -> Key32 {
        Key32::from_slice(&bytes(hex)).expect("32 bytes")
    }

    /// RFC 7748, section 6.1.
    #[test]
    fn the_vector_of_rfc_7748() {
        let alice = key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        let bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        let alice_public =
            bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        let bob_public = bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        let agreed = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assert_eq!(public_key(&alice), alice_public);
        assert_eq!(public_key(&bob), bob_public);
        for (seed, public) in [(&alice, &bob_public), (&bob, &alice_public)] {
            let found = shared(seed, public).expect("not zero");
            assert_eq!(*found.expose(), agreed);
        }
    }

    /// The points of small order on the curve and its twist, as they are listed at
    /// cr.yp.to/ecdh.html#validate, and their second spellings.
    #[test]
    fn points_that_give_everybody_the_same_are_refused() {
        let seed = Key32::filled_by(|seed| seed.fill(9));
        let low = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        for point in low.map(bytes) {
            assert!(shared(&seed, &point).is_none(), "{point:02x?}");
            assert!(!is_sound(&point), "{point:02x?}");
        }
        let mut good = public_key(&seed);
        assert!(is_sound(&good));
        good[31] |= 0x80;
        assert!(!is_sound(&good), "the top bit is a second spelling");
    }

    #[test]
    fn weak_and_twice_spelled_signers_are_refused() {
        let good = crate::hazmat::signing::public_key(&Key32::filled_by(|seed| seed.fill(9)));
        assert!(is_sound_signer(&good));
        for bad in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "0200000000000000000000000000000000000000000000000000000000000000",
        ] {
            assert!(!is_sound_signer(&bytes(bad)), "{bad}");
        }
    }
}
