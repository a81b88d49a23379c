//! From a person's password to a key, at a cost that the file names and a budget limits.
//!
//! Deliberately not here: Argon2, which the vault's own password needs too (`strongroom_crypto`).

use hmac::Hmac;
use sha2::Sha256;
use strongroom_secret::Key32;

use super::Refused;

/// What all derivations of one file may cost together, in rounds of PBKDF2: hummingbot asks for a
/// million a value and keeps at most a handful in a file. Some ten seconds of one core.
const MOST_ROUNDS: u64 = 16_000_000;

/// Memory that scrypt may ask for. Wallets use 256 MiB.
const MOST_SCRYPT_BYTES: u64 = 256 * 1024 * 1024;
const MOST_SCRYPT_LANES: u64 = 16;

/// What is left of the work that one file may ask for.
#[derive(Debug)]
pub(crate) struct Budget(u64);

impl Budget {
    pub(crate) fn of_a_file() -> Self {
        Self(MOST_ROUNDS)
    }

    fn spend(&mut self, cost: u64) -> Result<(), Refused> {
        self.0 = self.0.checked_sub(cost).ok_or(Refused::TooCostly)?;
        Ok(())
    }
}

/// A derivation whose cost was found bearable, and is paid for; nothing was derived yet.
#[derive(Debug)]
pub(crate) enum Kdf {
    /// PBKDF2 with HMAC-SHA256.
    Pbkdf2 {
        rounds: u32,
    },
    Scrypt(scrypt::Params),
}

impl Kdf {
    pub(crate) fn pbkdf2(rounds: u64, budget: &mut Budget) -> Result<Self, Refused> {
        budget.spend(rounds)?;
        let rounds = u32::try_from(rounds).map_err(|_| Refused::TooCostly)?;
        if rounds == 0 {
            return Err(Refused::Damaged);
        }
        Ok(Self::Pbkdf2 { rounds })
    }

    /// A block of scrypt costs about as much as a round of PBKDF2.
    pub(crate) fn scrypt((n, r, p): (u64, u64, u64), budget: &mut Budget) -> Result<Self, Refused> {
        let bytes = n.checked_mul(r).and_then(|blocks| blocks.checked_mul(128));
        if bytes.is_none_or(|bytes| bytes > MOST_SCRYPT_BYTES) || p > MOST_SCRYPT_LANES {
            return Err(Refused::TooCostly);
        }
        if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
            return Err(Refused::Damaged);
        }
        budget.spend(n * r * p)?;
        let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| Refused::TooCostly)?;
        let small = |number: u64| u32::try_from(number).map_err(|_| Refused::TooCostly);
        let params = scrypt::Params::new(log_n, small(r)?, small(p)?);
        params.map(Self::Scrypt).map_err(|_| Refused::Damaged)
    }

    /// The key, 32 bytes. This is the slow part.
    pub(crate) fn derive(&self, password: &[u8], salt: &[u8]) -> Result<Key32, Refused> {
        Key32::try_filled_by(|key| match self {
            Self::Pbkdf2 { rounds } => pbkdf2::pbkdf2::<Hmac<Sha256>>(password, salt, *rounds, key)
                .map_err(|_| Refused::Damaged),
            Self::Scrypt(params) => {
                scrypt::scrypt(password, salt, params, key).map_err(|_| Refused::Damaged)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn shown(key: Result<Key32, Refused>) -> Result<String, Refused> {
        key.map(|key| HEXLOWER.encode(key.expose()))
    }

    /// RFC 7914: section 11, and the first 32 bytes of the vectors of section 12.
    #[test]
    fn the_vectors_of_the_rfc() {
        let mut budget = Budget::of_a_file();
        let one_round = Kdf::pbkdf2(1, &mut budget).expect("cheap");
        assert_eq!(
            shown(one_round.derive(b"passwd", b"salt")).as_deref(),
            Ok("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")
        );
        for (password, salt, cost, key) in [
            (
                &b""[..],
                &b""[..],
                (16, 1, 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442",
            ),
            (
                b"password",
                b"NaCl",
                (1024, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
            ),
        ] {
            let kdf = Kdf::scrypt(cost, &mut budget).expect("cheap");
            assert_eq!(shown(kdf.derive(password, salt)).as_deref(), Ok(key));
        }
    }

    #[test]
    fn costs_are_refused_before_the_work_begins() {
        for (rounds, expected) in [
            (MOST_ROUNDS, None),
            (MOST_ROUNDS + 1, Some(Refused::TooCostly)),
            (u64::MAX, Some(Refused::TooCostly)),
            (0, Some(Refused::Damaged)),
        ] {
            let refused = Kdf::pbkdf2(rounds, &mut Budget::of_a_file()).err();
            assert_eq!(refused, expected, "{rounds}");
        }
        for (cost, expected) in [
            ((1 << 18, 8, 1), None),
            ((1 << 19, 8, 1), Some(Refused::TooCostly)),
            ((1 << 18, 8, 16), Some(Refused::TooCostly)),
            ((2, 1, 17), Some(Refused::TooCostly)),
            ((u64::MAX, u64::MAX, 1), Some(Refused::TooCostly)),
            ((1 << 63, 2, 1), Some(Refused::TooCostly)),
            ((3, 1, 1), Some(Refused::Damaged)),
            ((0, 1, 1), Some(Refused::Damaged)),
            ((1, 1, 1), Some(Refused::Damaged)),
            ((2, 0, 1), Some(Refused::Damaged)),
            ((2, 1, 0), Some(Refused::Damaged)),
        ] {
            let refused = Kdf::scrypt(cost, &mut Budget::of_a_file()).err();
            assert_eq!(refused, expected, "{cost:?}");
        }
        let mut budget = Budget::of_a_file();
        budget.spend(MOST_ROUNDS - 1).expect("there is enough");
        assert_eq!(
            Kdf::pbkdf2(2, &mut budget).err(),
            Some(Refused::TooCostly),
            "a file has one budget for all its values"
        );
    }
}
