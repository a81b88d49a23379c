//! The anchor: the newest state of the vault that this device has seen, kept where the device
//! secret is and not in the vault folder, so that a folder put back from an older copy is noticed.
//!
//! Its header part is written at every unlock and step, the rest lazily: after five seconds or 64
//! entries, and always at lock. What lies behind the last anchor can be rolled back unseen; that
//! is the price of not asking the keyring at every commit.
//!
//! Deliberately not here: what a rollback leads to (`verify.rs`).

use data_encoding::BASE64;
use minicbor::{Decoder, Encoder};
use strongroom_crypto::{CborError, canonical, mac, mac_ok};
use strongroom_secret::{Key32, SecretText};

use crate::open::{OpenVault, Trust};
use crate::place::DevicePlace;
use crate::ports::{ItemName, KeyringRefused, Lookup, Ports};
use crate::unlock::anchor_item;

const DOMAIN: &str = "strongroom/v1/anchor";
const FORM: u8 = 1;
/// Stands in the place of the anchor of a later vault key that was given up for an older state: it
/// is no anchor, so the files under that key raise the alarm if they come back.
const GIVEN_UP: &str = "given-up";

/// After so many commits it is written at once.
const MOST_UNANCHORED: u32 = 64;
/// After so long, in milliseconds, it is due.
const LAZY_MS: u64 = 5_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) epoch: u64,
    pub(crate) audit_size: u64,
    pub(crate) audit_root: [u8; 32],
    pub(crate) hdr_rev: u64,
    pub(crate) last_step: u64,
}

/// What was found in the anchor's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnchorRead {
    /// No anchor: the first time on this device, or it was removed.
    None,
    /// Its place does not answer, so it is not known what this device has seen.
    Silent,
    Value(Anchor),
    /// Something is there that this device has not written.
    Broken,
}

impl AnchorRead {
    pub(crate) fn value(&self) -> Option<&Anchor> {
        match self {
            Self::Value(anchor) => Some(anchor),
            Self::None | Self::Silent | Self::Broken => None,
        }
    }
}

impl Anchor {
    /// Below every state there can be.
    pub(crate) fn nothing_seen() -> Self {
        Self {
            epoch: 0,
            audit_size: 0,
            audit_root: strongroom_crypto::merkle::empty_root(),
            hdr_rev: 0,
            last_step: 0,
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(80));
        out.array(6)
            .and_then(|out| out.u8(FORM))
            .and_then(|out| out.u64(self.epoch))
            .and_then(|out| out.u64(self.audit_size))
            .and_then(|out| out.bytes(&self.audit_root))
            .and_then(|out| out.u64(self.hdr_rev))
            .and_then(|out| out.u64(self.last_step))
            .expect("writing to memory cannot fail");
        out.into_writer()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        let read = |input: &mut Decoder<'_>| {
            if input.array()? != Some(6) || input.u8()? != FORM {
                return Err(CborError::Malformed);
            }
            Ok(Self {
                epoch: input.u64()?,
                audit_size: input.u64()?,
                audit_root: input
                    .bytes()?
                    .try_into()
                    .map_err(|_| CborError::Malformed)?,
                hdr_rev: input.u64()?,
                last_step: input.u64()?,
            })
        };
        canonical(bytes, read, Self::encode)
    }
}

pub(crate) fn read(
    place: &DevicePlace,
    ports: &Ports,
    item: &ItemName,
    k_pre: &Key32,
) -> AnchorRead {
    let text = match place.get(ports, item) {
        Lookup::Value(text) => text,
        Lookup::Missing => return AnchorRead::None,
        Lookup::Locked | Lookup::Unavailable => return AnchorRead::Silent,
        // One of the two may have been planted to hide the other.
        Lookup::Ambiguous => return AnchorRead::Broken,
    };
    // EXPOSE: an anchor holds counters and a root, no secret.
    let Ok(bytes) = BASE64.decode(text.expose().trim_end().as_bytes()) else {
        return AnchorRead::Broken;
    };
    let Some((body, tag)) = bytes.split_last_chunk::<32>() else {
        return AnchorRead::Broken;
    };
    if !mac_ok(k_pre, DOMAIN, body, tag) {
        return AnchorRead::Broken;
    }
    Anchor::decode(body).map_or(AnchorRead::Broken, AnchorRead::Value)
}

pub(crate) fn write(
    place: &DevicePlace,
    ports: &Ports,
    item: &ItemName,
    k_pre: &Key32,
    anchor: &Anchor,
) -> Result<(), KeyringRefused> {
    let mut bytes = anchor.encode();
    let tag = mac(k_pre, DOMAIN, &bytes);
    bytes.extend_from_slice(&tag);
    place.set(ports, item, &SecretText::new(BASE64.encode(&bytes)))
}

/// How often a place that does not answer is asked before it counts as silent, which is an alarm: a
/// busy keyring answers the next time.
const ASKED: usize = 3;

/// What stands there, as far as the place can be brought to say it.
pub(crate) fn asked(place: &DevicePlace, ports: &Ports, item: &ItemName) -> Lookup {
    let mut found = place.get(ports, item);
    for _ in 1..ASKED {
        if !matches!(found, Lookup::Locked | Lookup::Unavailable) {
            break;
        }
        found = place.get(ports, item);
    }
    found
}

/// What stands in the place of an anchor, without the key it is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Missing,
    InUse,
    /// The vault went on under an older key.
    GivenUp,
    /// The place does not answer.
    Silent,
}

pub(crate) fn standing(place: &DevicePlace, ports: &Ports, item: &ItemName) -> Standing {
    match asked(place, ports, item) {
        // EXPOSE: one word, or counters and a root.
        Lookup::Value(text) if text.expose().trim_end() == GIVEN_UP => Standing::GivenUp,
        Lookup::Value(_) | Lookup::Ambiguous => Standing::InUse,
        Lookup::Missing => Standing::Missing,
        Lookup::Locked | Lookup::Unavailable => Standing::Silent,
    }
}

/// Notes that the vault goes on under an older key than this anchor's.
pub(crate) fn give_up(
    place: &DevicePlace,
    ports: &Ports,
    item: &ItemName,
) -> Result<(), KeyringRefused> {
    place.set(ports, item, &SecretText::new(GIVEN_UP.to_owned()))
}

impl OpenVault {
    /// Writes the state as it stands to the anchor.
    ///
    /// # Errors
    /// If its place does not take it; the next commit or lock tries again.
    pub fn flush_anchor(&mut self) -> Result<(), KeyringRefused> {
        if self.trust != Trust::Verified {
            // What was not verified must not become what later states are measured by.
            return Ok(());
        }
        let record = self.ledger.record();
        let anchor = Anchor {
            epoch: record.epoch,
            audit_size: record.audit_size,
            audit_root: record.audit_root,
            hdr_rev: self.header.rev(),
            last_step: self.auth.last_step,
        };
        let item = anchor_item(self.header.fixed());
        write(
            &self.place,
            &self.ports,
            &item,
            self.device_keys.preauth(),
            &anchor,
        )?;
        self.ledger.anchored();
        Ok(())
    }

    /// Milliseconds until [`OpenVault::flush_anchor`] is due; `None` if there is nothing to write.
    pub fn anchor_due_in_ms(&self) -> Option<u64> {
        let since = self.ledger.unanchored_since()?;
        let now = self.ports.now();
        let waited = match since.boot_id == now.boot_id {
            true => now.mono_ms.saturating_sub(since.mono_ms),
            false => LAZY_MS,
        };
        Some(LAZY_MS.saturating_sub(waited))
    }

    /// Called after each commit.
    pub(crate) fn anchor_if_many(&mut self) {
        if self.ledger.unanchored() >= MOST_UNANCHORED {
            // It stays due, so a refusal is tried again after the next commit and at lock.
            let _ = self.flush_anchor();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_reads_back_in_one_spelling() {
        let anchor = Anchor {
            epoch: 1 << 40,
            audit_size: 3,
            audit_root: [7; 32],
            hdr_rev: 24,
            last_step: u64::MAX,
        };
        let bytes = anchor.encode();
        assert_eq!(Anchor::decode(&bytes), Ok(anchor));
        assert!(Anchor::decode(&bytes[1..]).is_err());
        assert!(Anchor::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
}
