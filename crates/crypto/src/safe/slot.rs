//! Slots: the vault key, wrapped once for every device and once for the recovery kit.
//!
//! Deliberately not here: how a factor is had (`keys.rs`).

use minicbor::{Decoder, Encoder};
use strongroom_secret::Key32;
use subtle::ConstantTimeEq;

use crate::hazmat::{aead, hkdf};
use crate::random::{Random, RandomFailed};
use crate::safe::cbor::{self, CborError, Written};
use crate::safe::header::FixedPart;
use crate::safe::keys::VaultKey;

const WRAP_BYTES: usize = 32 + aead::OVERHEAD;

/// What kind of factor opens a slot, beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A device secret.
    Device,
    /// The recovery secret of the kit.
    Recovery,
}

impl SlotKind {
    fn code(self) -> u8 {
        match self {
            Self::Device => 1,
            Self::Recovery => 2,
        }
    }

    fn parse(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Device),
            2 => Some(Self::Recovery),
            _ => None,
        }
    }
}

/// A slot of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    slot_id: [u8; 16],
    kind: SlotKind,
    device_id: [u8; 16],
    commitment: [u8; 32],
    wrap: [u8; WRAP_BYTES],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotRefused {
    /// Wrong password or wrong factor.
    #[error("this slot does not open")]
    NoMatch,
    /// Password and factor are right and yet the wrapped key is not: the slot was tampered with.
    #[error("this slot was changed by someone else")]
    Tampered,
}

/// What password and factor give together, for one slot.
struct SlotKeys {
    commitment: Key32,
    wrap: Key32,
}

/// PRK = HKDF-Extract(salt = SHA-256(CBOR(H0)), PW ‖ F); KC and KW are expanded from it.
fn derive_slot_keys(fixed: &FixedPart, pw: &Key32, factor: &Key32, slot_id: &[u8; 16]) -> SlotKeys {
    // EXPOSE: inputs of the derivation.
    let prk = hkdf::extract(&fixed.digest(), &[pw.expose(), factor.expose()]);
    // EXPOSE: input of the derivations.
    let prk = prk.expose();
    SlotKeys {
        commitment: hkdf::expand(prk, &[b"strongroom/v1/slot/commit", slot_id]),
        wrap: hkdf::expand(prk, &[b"strongroom/v1/slot/wrap", slot_id]),
    }
}

fn wrap_aad(fixed: &FixedPart, slot_id: &[u8; 16], kind: SlotKind) -> Vec<u8> {
    [fixed.bytes(), slot_id, &[kind.code()]].concat()
}

impl Slot {
    /// Wraps `vk` for `factor`. A recovery slot has the zero device id.
    pub fn make(
        random: &dyn Random,
        fixed: &FixedPart,
        kind: SlotKind,
        device_id: [u8; 16],
        pw: &Key32,
        factor: &Key32,
        vk: &VaultKey,
    ) -> Result<Self, RandomFailed> {
        let mut slot_id = [0; 16];
        random.fill(&mut slot_id)?;
        Self::rewrap(random, fixed, slot_id, kind, device_id, pw, factor, vk)
    }

    /// The same slot under another password, salt or vault key.
    pub fn rewrapped(
        &self,
        random: &dyn Random,
        fixed: &FixedPart,
        pw: &Key32,
        factor: &Key32,
        vk: &VaultKey,
    ) -> Result<Self, RandomFailed> {
        Self::rewrap(
            random,
            fixed,
            self.slot_id,
            self.kind,
            self.device_id,
            pw,
            factor,
            vk,
        )
    }

    #[expect(clippy::too_many_arguments, reason = "these are the parts of a slot")]
    fn rewrap(
        random: &dyn Random,
        fixed: &FixedPart,
        slot_id: [u8; 16],
        kind: SlotKind,
        device_id: [u8; 16],
        pw: &Key32,
        factor: &Key32,
        vk: &VaultKey,
    ) -> Result<Self, RandomFailed> {
        let keys = derive_slot_keys(fixed, pw, factor, &slot_id);
        // EXPOSE: the vault key is sealed into the slot.
        let plain = vk.0.expose();
        let sealed = aead::seal(random, &keys.wrap, &wrap_aad(fixed, &slot_id, kind), plain)?;
        let wrap = sealed.try_into().expect("32 bytes seal to a fixed length");
        // EXPOSE: the commitment is public by design; it is stored beside the wrap.
        let commitment = *keys.commitment.expose();
        Ok(Self {
            slot_id,
            kind,
            device_id,
            commitment,
            wrap,
        })
    }

    /// Whether password and factor belong to this slot, without unwrapping anything.
    pub fn matches(&self, fixed: &FixedPart, pw: &Key32, factor: &Key32) -> bool {
        let keys = derive_slot_keys(fixed, pw, factor, &self.slot_id);
        // EXPOSE: compared in constant time.
        keys.commitment.expose().ct_eq(&self.commitment).into()
    }

    /// Commitment first, then the vault key.
    pub fn open(
        &self,
        fixed: &FixedPart,
        pw: &Key32,
        factor: &Key32,
    ) -> Result<VaultKey, SlotRefused> {
        let keys = derive_slot_keys(fixed, pw, factor, &self.slot_id);
        // EXPOSE: compared in constant time.
        if !bool::from(keys.commitment.expose().ct_eq(&self.commitment)) {
            return Err(SlotRefused::NoMatch);
        }
        let aad = wrap_aad(fixed, &self.slot_id, self.kind);
        let opened = aead::open(&keys.wrap, &aad, &self.wrap).map_err(|_| SlotRefused::Tampered)?;
        // EXPOSE: moved from one wiped memory into another.
        Key32::from_slice(opened.expose())
            .map(VaultKey)
            .ok_or(SlotRefused::Tampered)
    }

    pub fn id(&self) -> &[u8; 16] {
        &self.slot_id
    }

    pub fn kind(&self) -> SlotKind {
        self.kind
    }

    pub fn device_id(&self) -> &[u8; 16] {
        &self.device_id
    }

    pub(crate) fn write(&self, out: &mut Encoder<Vec<u8>>) -> Written {
        out.map(5)?;
        out.u8(0)?.bytes(&self.slot_id)?;
        out.u8(1)?.u8(self.kind.code())?;
        out.u8(2)?.bytes(&self.device_id)?;
        out.u8(3)?.bytes(&self.commitment)?;
        out.u8(4)?.bytes(&self.wrap)?;
        Ok(())
    }

    pub(crate) fn read(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        cbor::map(decoder, 5)?;
        cbor::key(decoder, 0)?;
        let slot_id = cbor::fixed(decoder)?;
        cbor::key(decoder, 1)?;
        let kind = SlotKind::parse(decoder.u8()?).ok_or(CborError::Malformed)?;
        cbor::key(decoder, 2)?;
        let device_id = cbor::fixed(decoder)?;
        cbor::key(decoder, 3)?;
        let commitment = cbor::fixed(decoder)?;
        cbor::key(decoder, 4)?;
        let wrap = cbor::fixed(decoder)?;
        Ok(Self {
            slot_id,
            kind,
            device_id,
            commitment,
            wrap,
        })
    }
}
