//! The auth block: what an unlock is checked against once the vault key is had.
//!
//! Sealed under K_auth and bound to H0 and hdr_rev. It names the slots, so that a slot which was
//! added, removed or swapped from outside is found out, and it remembers the last TOTP step, so
//! that a code is accepted once.

use minicbor::Decoder;
use sha2::{Digest, Sha256};
use strongroom_secret::{Key, Key32, SecretBytes};
use subtle::ConstantTimeEq;

use crate::hazmat::aead;
use crate::random::{Random, RandomFailed};
use crate::safe::cbor::{self, CborError};
use crate::safe::header::FixedPart;
use crate::safe::recovery::{RECOVERY_CODES, RecoveryCode};
use crate::safe::slot::Slot;
use crate::safe::totp::Totp;

const MAX_SLOTS: u64 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthBlockError {
    #[error("the auth block does not belong to this header")]
    Forged,
    #[error("the slots of this header are not those it was sealed with")]
    SlotsChanged,
    #[error("the auth block is damaged: {0}")]
    Cbor(#[from] CborError),
}

/// One recovery code: its SHA-256, and whether it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryEntry {
    pub digest: [u8; 32],
    pub spent: bool,
}

/// Rules that travel with the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Grows with every change; audit entries name it.
    pub rev: u32,
    /// How long a step-up lasts for the connection that gave it, in seconds; 0 to 600.
    pub grace_s: u32,
}

impl Policy {
    pub const DEFAULT: Self = Self {
        rev: 1,
        grace_s: 120,
    };
    pub const MAX_GRACE_S: u32 = 600;
}

/// The opened auth block. Only the TOTP seed in it is secret.
#[derive(Debug)]
pub struct AuthBlock {
    pub totp: Totp,
    /// The last step of 30 s whose code was accepted; 0 if none was.
    pub last_step: u64,
    pub recovery: [RecoveryEntry; RECOVERY_CODES],
    pub db_instance_id: [u8; 16],
    pub slots_rev: u64,
    /// When the authenticator was enrolled, in milliseconds since 1970.
    pub enrolled_at_ms: u64,
    pub policy: Policy,
}

impl AuthBlock {
    /// Seals the block for a header with these parts. Whoever changes the set of slots counts
    /// `slots_rev` up.
    pub fn seal(
        &self,
        random: &dyn Random,
        k_auth: &Key32,
        fixed: &FixedPart,
        slots: &[Slot],
        rev: u64,
    ) -> Result<Vec<u8>, RandomFailed> {
        let ids: Vec<[u8; 16]> = slots.iter().map(|slot| *slot.id()).collect();
        let plain = self.encode(&ids);
        // EXPOSE: sealed at once.
        aead::seal(random, k_auth, &aad(fixed, rev), plain.expose())
    }

    /// Opens the block and checks that the header's slots are those it was sealed with.
    pub fn open(
        sealed: &[u8],
        k_auth: &Key32,
        fixed: &FixedPart,
        slots: &[Slot],
        rev: u64,
    ) -> Result<Self, AuthBlockError> {
        let plain =
            aead::open(k_auth, &aad(fixed, rev), sealed).map_err(|_| AuthBlockError::Forged)?;
        // EXPOSE: parsed field by field into types that wipe themselves.
        let bytes = plain.expose();
        let mut decoder = Decoder::new(bytes);
        let (block, ids) = Self::read(&mut decoder)?;
        // EXPOSE: compared with what was read; in our own sealed data the time tells nothing.
        if decoder.position() != bytes.len() || block.encode(&ids).expose() != bytes {
            return Err(CborError::NotCanonical.into());
        }
        if !ids.iter().eq(slots.iter().map(Slot::id)) {
            return Err(AuthBlockError::SlotsChanged);
        }
        Ok(block)
    }

    /// The place of an unspent code that matches. Every entry is compared.
    pub fn find_recovery_code(&self, code: &RecoveryCode) -> Option<usize> {
        let digest = code.digest();
        let mut found = None;
        for (index, entry) in self.recovery.iter().enumerate() {
            if bool::from(entry.digest.ct_eq(&digest)) && !entry.spent {
                found = Some(index);
            }
        }
        found
    }

    pub fn recovery_codes_left(&self) -> usize {
        self.recovery.iter().filter(|entry| !entry.spent).count()
    }

    fn encode(&self, slot_ids: &[[u8; 16]]) -> SecretBytes {
        // The room is reserved so that the buffer never moves and leaves no copy of the seed.
        let mut out = minicbor::Encoder::new(Vec::with_capacity(1024 + slot_ids.len() * 20));
        let mut work = || -> cbor::Written {
            out.map(8)?;
            // EXPOSE: written into the plaintext that is about to be sealed.
            out.u8(0)?.bytes(self.totp.seed().expose())?;
            out.u8(1)?.u64(self.last_step)?;
            out.u8(2)?.array(RECOVERY_CODES as u64)?;
            for entry in &self.recovery {
                out.array(2)?.bytes(&entry.digest)?.bool(entry.spent)?;
            }
            out.u8(3)?.bytes(&self.db_instance_id)?;
            out.u8(4)?.array(slot_ids.len() as u64)?;
            for id in slot_ids {
                out.bytes(id)?;
            }
            out.u8(5)?.u64(self.slots_rev)?;
            out.u8(6)?.u64(self.enrolled_at_ms)?;
            out.u8(7)?.map(2)?;
            out.u8(0)?.u32(self.policy.rev)?;
            out.u8(1)?.u32(self.policy.grace_s)?;
            Ok(())
        };
        work().expect("writing to memory cannot fail");
        SecretBytes::new(out.into_writer())
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<(Self, Vec<[u8; 16]>), CborError> {
        cbor::map(decoder, 8)?;
        cbor::key(decoder, 0)?;
        let seed = Key::<20>::from_slice(decoder.bytes()?).ok_or(CborError::Malformed)?;
        cbor::key(decoder, 1)?;
        let last_step = decoder.u64()?;
        cbor::key(decoder, 2)?;
        if cbor::array(decoder, RECOVERY_CODES as u64)? != RECOVERY_CODES as u64 {
            return Err(CborError::Malformed);
        }
        let mut recovery = [RecoveryEntry {
            digest: [0; 32],
            spent: false,
        }; RECOVERY_CODES];
        for entry in &mut recovery {
            if cbor::array(decoder, 2)? != 2 {
                return Err(CborError::Malformed);
            }
            *entry = RecoveryEntry {
                digest: cbor::fixed(decoder)?,
                spent: decoder.bool()?,
            };
        }
        cbor::key(decoder, 3)?;
        let db_instance_id = cbor::fixed(decoder)?;
        cbor::key(decoder, 4)?;
        let count = cbor::array(decoder, MAX_SLOTS)?;
        let slot_ids = (0..count)
            .map(|_| cbor::fixed(decoder))
            .collect::<Result<_, _>>()?;
        cbor::key(decoder, 5)?;
        let slots_rev = decoder.u64()?;
        cbor::key(decoder, 6)?;
        let enrolled_at_ms = decoder.u64()?;
        cbor::key(decoder, 7)?;
        cbor::map(decoder, 2)?;
        cbor::key(decoder, 0)?;
        let policy_rev = decoder.u32()?;
        cbor::key(decoder, 1)?;
        let grace_s = decoder.u32()?;
        if grace_s > Policy::MAX_GRACE_S {
            return Err(CborError::Malformed);
        }
        let policy = Policy {
            rev: policy_rev,
            grace_s,
        };
        let totp = Totp::new(seed);
        let block = Self {
            totp,
            last_step,
            recovery,
            db_instance_id,
            slots_rev,
            enrolled_at_ms,
            policy,
        };
        Ok((block, slot_ids))
    }
}

fn aad(fixed: &FixedPart, rev: u64) -> Vec<u8> {
    [fixed.bytes(), &rev.to_be_bytes()].concat()
}

/// SHA-256 of a recovery code's 125 bits, as the block keeps it.
pub(crate) fn recovery_digest(bits: &[u8]) -> [u8; 32] {
    Sha256::digest(bits).into()
}
