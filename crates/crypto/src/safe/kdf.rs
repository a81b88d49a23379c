//! From the master password to PW: costs, their limits, and Argon2id.
//!
//! Deliberately not here: rules for choosing a password (`password.rs`).

use strongroom_secret::{Key32, SecretText};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::hazmat::argon2::{self, Failed};

const MIB: u32 = 1024;

/// What Argon2id may cost. The limits stand on both sides: below them a header that was tampered
/// with would make guessing cheap, above them it would make an unlock a denial of service. Both
/// are refused before any memory is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    m_kib: u32,
    t: u32,
    p: u32,
}

impl Cost {
    /// 256 MiB, 3 passes, 4 lanes.
    pub const DEFAULT: Self = Self {
        m_kib: 256 * MIB,
        t: 3,
        p: 4,
    };
    /// The least that is accepted; what tests use.
    pub const LEAST: Self = Self {
        m_kib: 64 * MIB,
        t: 3,
        p: 4,
    };

    const MAX_M_KIB: u32 = 2048 * MIB;
    const MAX_T: u32 = 16;
    const MAX_P: u32 = 8;

    /// `m_kib` is in KiB.
    ///
    /// # Errors
    /// [`KdfError::TooWeak`] and [`KdfError::TooHeavy`], outside the limits.
    pub fn parse(m_kib: u32, t: u32, p: u32) -> Result<Self, KdfError> {
        if m_kib < Self::LEAST.m_kib || t < Self::LEAST.t || p == 0 {
            return Err(KdfError::TooWeak);
        }
        if m_kib > Self::MAX_M_KIB || t > Self::MAX_T || p > Self::MAX_P {
            return Err(KdfError::TooHeavy);
        }
        Ok(Self { m_kib, t, p })
    }

    pub fn m_kib(self) -> u32 {
        self.m_kib
    }

    pub fn t(self) -> u32 {
        self.t
    }

    pub fn p(self) -> u32 {
        self.p
    }
}

/// The costs together with the salt, as they stand in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KdfParams {
    pub cost: Cost,
    pub salt: [u8; 32],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    #[error("the header asks for less work per guess than Strongroom ever writes; do not trust it")]
    TooWeak,
    #[error("the header asks for more memory or time than Strongroom ever writes; do not trust it")]
    TooHeavy,
    #[error("there is not enough free memory to open the vault")]
    NoMemory,
}

/// PW = Argon2id(NFC(password), salt, m, t, p), 32 bytes.
pub fn derive_pw(password: &SecretText, params: &KdfParams) -> Result<Key32, KdfError> {
    // EXPOSE: the password is normalised into memory that is wiped, and hashed.
    let text = password.expose();
    // NFC can lengthen a text at most threefold (UAX 15); with the room reserved the buffer never
    // moves and leaves no copy behind.
    let mut normalised = Zeroizing::new(String::with_capacity(text.len() * 3));
    normalised.extend(text.nfc());
    let Cost { m_kib, t, p } = params.cost;
    argon2::hash(normalised.as_bytes(), &params.salt, m_kib, t, p).map_err(|failed| match failed {
        Failed::NoMemory => KdfError::NoMemory,
        Failed::Costs => KdfError::TooHeavy,
    })
}

/// The time an unlock should take, in milliseconds.
const TARGET_MS: u64 = 800;

/// Chooses the memory among 256, 512 and 1024 MiB that comes nearest to 0.8 s without passing it,
/// 256 MiB at least. `now_ms` is a clock that never goes back. The passes take time in proportion
/// to the memory, so one run at the default cost is enough to know.
pub fn calibrate(now_ms: &dyn Fn() -> u64) -> Cost {
    let begun = now_ms();
    let probe = KdfParams {
        cost: Cost::DEFAULT,
        salt: [0; 32],
    };
    if derive_pw(&SecretText::new("calibration".to_owned()), &probe).is_err() {
        return Cost::DEFAULT;
    }
    choose(now_ms().saturating_sub(begun))
}

fn choose(default_took_ms: u64) -> Cost {
    let factor = [4, 2]
        .into_iter()
        .find(|factor| default_took_ms * u64::from(*factor) <= TARGET_MS);
    Cost {
        m_kib: Cost::DEFAULT.m_kib * factor.unwrap_or(1),
        ..Cost::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_outside_the_limits_are_refused() {
        let check = |m_mib: u32, t, p, expected| {
            assert_eq!(
                Cost::parse(m_mib * MIB, t, p).err(),
                expected,
                "m={m_mib} t={t} p={p}"
            );
        };
        check(64, 3, 4, None);
        check(2048, 16, 8, None);
        check(63, 3, 4, Some(KdfError::TooWeak));
        check(64, 2, 4, Some(KdfError::TooWeak));
        check(64, 3, 0, Some(KdfError::TooWeak));
        check(2049, 3, 4, Some(KdfError::TooHeavy));
        check(64, 17, 4, Some(KdfError::TooHeavy));
        check(64, 3, 9, Some(KdfError::TooHeavy));
    }

    #[test]
    fn calibration_goes_upward_only_while_it_fits() {
        for (took, mib) in [
            (150, 1024),
            (200, 1024),
            (201, 512),
            (400, 512),
            (401, 256),
            (5000, 256),
        ] {
            assert_eq!(choose(took).m_kib(), mib * MIB, "{took} ms");
        }
    }

    #[test]
    fn one_password_in_two_spellings_is_one_password() {
        let params = KdfParams {
            cost: Cost::LEAST,
            salt: [7; 32],
        };
        let hash =
            |text: &str| derive_pw(&SecretText::new(text.to_owned()), &params).expect("fits");
        assert!(hash("caf\u{e9}").ct_eq(&hash("cafe\u{301}")));
    }
}
