//! Argon2 for files that other programs encrypted, at the costs that their headers ask for.
//!
//! Such a header is read before anything of the file is authenticated, so its costs have limits,
//! and they are held before any memory is asked for. There is no lower one: how well somebody
//! else's file is protected is not decided here.
//!
//! Deliberately not here: the vault's own password (`kdf.rs`), and any file's format.

use strongroom_secret::Key32;

use crate::hazmat::argon2::{self, Algorithm, Failed, Version};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argon2Kind {
    D,
    Id,
}

/// What one derivation costs, within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignCost {
    kind: Argon2Kind,
    version: Version,
    m_kib: u32,
    t: u32,
    p: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKdfError {
    #[error("it asks for more memory or time than is given to a file of another program")]
    TooHeavy,
    #[error("it asks for something that Argon2 cannot do")]
    Impossible,
    #[error("there is not enough free memory")]
    NoMemory,
}

impl ForeignCost {
    /// 1 GiB. Programs offer as much at most by default, and a person waits seconds for it.
    pub const MOST_M_KIB: u32 = 1024 * 1024;
    /// 64 GiB filled in all, in KiB: about a minute of one core.
    pub const MOST_WORK_KIB: u64 = 64 * 1024 * 1024;
    pub const MOST_LANES: u32 = 64;

    /// `version` is 0x10 or 0x13, `m_kib` is in KiB.
    pub fn parse(
        kind: Argon2Kind,
        version: u32,
        m_kib: u64,
        t: u64,
        p: u32,
    ) -> Result<Self, ForeignKdfError> {
        let version = Version::try_from(version).map_err(|_| ForeignKdfError::Impossible)?;
        if m_kib > u64::from(Self::MOST_M_KIB)
            || m_kib.saturating_mul(t) > Self::MOST_WORK_KIB
            || p > Self::MOST_LANES
        {
            return Err(ForeignKdfError::TooHeavy);
        }
        if t == 0 || p == 0 || m_kib < 8 * u64::from(p) {
            return Err(ForeignKdfError::Impossible);
        }
        Ok(Self {
            kind,
            version,
            m_kib: u32::try_from(m_kib).map_err(|_| ForeignKdfError::TooHeavy)?,
            t: u32::try_from(t).map_err(|_| ForeignKdfError::TooHeavy)?,
            p,
        })
    }
}

/// Argon2 over the password as it is, 32 bytes. The salt has 8 bytes at least.
pub fn derive_foreign(
    password: &[u8],
    salt: &[u8],
    cost: ForeignCost,
) -> Result<Key32, ForeignKdfError> {
    let algorithm = match cost.kind {
        Argon2Kind::D => Algorithm::Argon2d,
        Argon2Kind::Id => Algorithm::Argon2id,
    };
    let variant = (algorithm, cost.version);
    argon2::hash_as(variant, password, salt, cost.m_kib, cost.t, cost.p).map_err(|failed| {
        match failed {
            Failed::NoMemory => ForeignKdfError::NoMemory,
            Failed::Costs => ForeignKdfError::Impossible,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_limited_before_anything_is_derived() {
        const GIB: u64 = 1024 * 1024;
        for (version, m_kib, t, p, expected) in [
            (0x13, 64 * 1024, 2, 2, None),
            (0x10, 8, 1, 1, None),
            (0x13, GIB, 64, 4, None),
            (0x13, GIB + 1, 1, 4, Some(ForeignKdfError::TooHeavy)),
            (0x13, GIB, 65, 4, Some(ForeignKdfError::TooHeavy)),
            (0x13, u64::MAX, u64::MAX, 4, Some(ForeignKdfError::TooHeavy)),
            (0x13, 8, u64::MAX, 1, Some(ForeignKdfError::TooHeavy)),
            (0x13, GIB, 1, 65, Some(ForeignKdfError::TooHeavy)),
            (0x13, 0, 1, 1, Some(ForeignKdfError::Impossible)),
            (0x13, 8, 0, 1, Some(ForeignKdfError::Impossible)),
            (0x13, 8, 1, 0, Some(ForeignKdfError::Impossible)),
            (0x13, 15, 1, 2, Some(ForeignKdfError::Impossible)),
            (0x12, 64, 1, 1, Some(ForeignKdfError::Impossible)),
        ] {
            assert_eq!(
                ForeignCost::parse(Argon2Kind::D, version, m_kib, t, p).err(),
                expected,
                "{version:#x} m={m_kib} t={t} p={p}"
            );
        }
    }

    /// Tags of the reference implementation's command line (`argon2` of Debian).
    #[test]
    fn every_variant_gives_the_tag_of_the_reference_implementation() {
        for (kind, version, tag) in [
            (
                Argon2Kind::D,
                0x13,
                "19cba4d55b5f1090587d2b63a6478c28229e75412a05ce16bad4430432b0177a",
            ),
            (
                Argon2Kind::Id,
                0x13,
                "7df6b4af9f1fb76aa3dc88b867bec272548128b5819e65b277d3e9b923983532",
            ),
            (
                Argon2Kind::D,
                0x10,
                "f9193e531ec177180dc92c299d216e99c3bfa266ac46be86820b798b96a8f36a",
            ),
        ] {
            let cost = ForeignCost::parse(kind, version, 1024, 3, 2).expect("small");
            let got = derive_foreign(b"password", b"somesalt", cost).expect("derives");
            assert_eq!(
                data_encoding::HEXLOWER.encode(got.expose()),
                tag,
                "{kind:?} {version:#x}"
            );
        }
    }

    #[test]
    fn a_salt_too_short_for_argon2_is_refused() {
        let cost = ForeignCost::parse(Argon2Kind::Id, 0x13, 8, 1, 1).expect("small");
        let refused = derive_foreign(b"password", b"short", cost).err();
        assert_eq!(refused, Some(ForeignKdfError::Impossible));
    }
}
