//! From the composite key to the transformed key: what makes guessing a password slow.
//!
//! The parameters stand in a header that is not authenticated before this work is done. Each has a
//! limit that is held before any memory or time is spent.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use strongroom_crypto::{Argon2Kind, ForeignCost, ForeignKdfError, derive_foreign};
use strongroom_secret::Key32;
use zeroize::{Zeroize, Zeroizing};

use super::KdbxError;
use super::credentials::hashed;
use super::input::exactly;
use super::variant::{Dictionary, Variant};

pub(super) const AES_KDBX3: [u8; 16] = [
    0xc9, 0xd9, 0xf3, 0x9a, 0x62, 0x8a, 0x44, 0x60, 0xbf, 0x74, 0x0d, 0x08, 0xc1, 0x8a, 0x4f, 0xea,
];
const AES_KDBX4: [u8; 16] = [
    0x7c, 0x02, 0xbb, 0x82, 0x79, 0xa7, 0x4a, 0xc0, 0x92, 0x7d, 0x11, 0x4a, 0x00, 0x64, 0x82, 0x38,
];
const ARGON2D: [u8; 16] = [
    0xef, 0x63, 0x6d, 0xdf, 0x8c, 0x29, 0x44, 0x4b, 0x91, 0xf7, 0xa9, 0xa4, 0x03, 0xe3, 0x0a, 0x0c,
];
pub(super) const ARGON2ID: [u8; 16] = [
    0x9e, 0x29, 0x8b, 0x19, 0x56, 0xdb, 0x47, 0x73, 0xb2, 0x3d, 0xfc, 0x3e, 0xc6, 0xf0, 0xa1, 0xe6,
];

/// Programs that measure what takes a second come to some ten million; this is seconds more with
/// the processor's own AES.
pub(super) const MOST_AES_ROUNDS: u64 = 250_000_000;

/// KeePass writes 32 bytes of salt; Argon2 takes 8 at least.
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;

/// What a database asks for, within the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kdf {
    Aes { rounds: u64, seed: [u8; 32] },
    Argon2 { cost: ForeignCost, salt: Vec<u8> },
}

impl Kdf {
    pub(super) fn aes(rounds: u64, seed: [u8; 32]) -> Result<Self, KdbxError> {
        if rounds > MOST_AES_ROUNDS {
            return Err(KdbxError::TooManyRounds);
        }
        Ok(Self::Aes { rounds, seed })
    }

    pub(super) fn from_dictionary(bytes: &[u8]) -> Result<Self, KdbxError> {
        let dictionary = Dictionary::read(bytes)?;
        let kind = match exactly(dictionary.bytes("$UUID")?)? {
            AES_KDBX3 | AES_KDBX4 => {
                return Self::aes(dictionary.u64("R")?, exactly(dictionary.bytes("S")?)?);
            }
            ARGON2D => Argon2Kind::D,
            ARGON2ID => Argon2Kind::Id,
            _ => return Err(KdbxError::UnknownKdf),
        };
        // A secret or data of a program's own: no program of which we know writes either.
        for extra in ["K", "A"] {
            match dictionary.get(extra) {
                None => {}
                Some(Variant::Bytes([])) => {}
                Some(_) => return Err(KdbxError::UnknownKdf),
            }
        }
        let memory = dictionary.u64("M")?;
        if !memory.is_multiple_of(1024) {
            return Err(KdbxError::Kdf(ForeignKdfError::Impossible));
        }
        let cost = ForeignCost::parse(
            kind,
            dictionary.u32("V")?,
            memory / 1024,
            dictionary.u64("I")?,
            dictionary.u32("P")?,
        )?;
        let salt = dictionary.bytes("S")?;
        if !SALT_LENGTHS.contains(&salt.len()) {
            return Err(KdbxError::MalformedHeader);
        }
        Ok(Self::Argon2 {
            cost,
            salt: salt.to_vec(),
        })
    }

    /// The transformed key.
    pub(super) fn derive(&self, composite: &Key32) -> Result<Key32, KdbxError> {
        match self {
            Self::Aes { rounds, seed } => Ok(aes_rounds(composite, seed, *rounds)),
            // EXPOSE: the password of this derivation is the composite key.
            Self::Argon2 { cost, salt } => Ok(derive_foreign(composite.expose(), salt, *cost)?),
        }
    }
}

/// AES in ECB over both halves, again and again, then hashed.
fn aes_rounds(composite: &Key32, seed: &[u8; 32], rounds: u64) -> Key32 {
    let cipher = Aes256::new(seed.into());
    // EXPOSE: encrypted in place.
    let mut halves = Zeroizing::new(*composite.expose());
    let (first, second) = halves.split_at_mut(16);
    let mut blocks = [
        Array::try_from(&*first).expect("16 bytes"),
        Array::try_from(&*second).expect("16 bytes"),
    ];
    for _ in 0..rounds {
        cipher.encrypt_blocks(&mut blocks);
    }
    let key = hashed(|hash| {
        sha2::Digest::update(hash, blocks[0]);
        sha2::Digest::update(hash, blocks[1]);
    });
    for block in &mut blocks {
        block.as_mut_slice().zeroize();
    }
    key
}

#[cfg(test)]
mod tests {
    use super::super::variant::DictionaryWriter;
    use super::*;

    fn argon2(memory: u64, iterations: u64, lanes: u32, salt: &[u8]) -> Vec<u8> {
        DictionaryWriter::new()
            .item("$UUID", &Variant::Bytes(&ARGON2D))
            .item("V", &Variant::U32(0x13))
            .item("M", &Variant::U64(memory))
            .item("I", &Variant::U64(iterations))
            .item("P", &Variant::U32(lanes))
            .item("S", &Variant::Bytes(salt))
            .finish()
    }

    #[test]
    fn a_bomb_in_the_parameters_is_refused_before_it_goes_off() {
        const MIB: u64 = 1024 * 1024;
        let heavy = Some(KdbxError::Kdf(ForeignKdfError::TooHeavy));
        for (memory, iterations, lanes, salt, expected) in [
            (64 * MIB, 2, 2, 32, None),
            (1024 * MIB, 64, 4, 32, None),
            (1025 * MIB, 1, 4, 32, heavy),
            (1 << 60, 1, 4, 32, heavy),
            (64 * MIB, u64::MAX, 4, 32, heavy),
            (64 * MIB, 2, u32::MAX, 32, heavy),
            (64 * MIB, 2, 2, 7, Some(KdbxError::MalformedHeader)),
            (64 * MIB, 2, 2, 65, Some(KdbxError::MalformedHeader)),
        ] {
            let bytes = argon2(memory, iterations, lanes, &vec![7; salt]);
            let refused = Kdf::from_dictionary(&bytes).err();
            assert_eq!(refused, expected, "{memory} {iterations} {lanes} {salt}");
        }
        assert!(Kdf::aes(MOST_AES_ROUNDS, [0; 32]).is_ok());
        let bomb = Kdf::aes(MOST_AES_ROUNDS + 1, [0; 32]);
        assert_eq!(bomb, Err(KdbxError::TooManyRounds));
    }

    #[test]
    fn a_dictionary_cut_anywhere_or_with_a_parameter_twice_is_refused() {
        let whole = argon2(64 * 1024, 2, 2, &[7; 32]);
        assert!(Kdf::from_dictionary(&whole).is_ok());
        for end in 0..whole.len() {
            assert!(Kdf::from_dictionary(&whole[..end]).is_err(), "{end}");
        }
        let twice = DictionaryWriter::new()
            .item("R", &Variant::U64(1))
            .item("R", &Variant::U64(2))
            .finish();
        let refused = Dictionary::read(&twice).err();
        assert_eq!(refused, Some(KdbxError::MalformedHeader));
    }
}
