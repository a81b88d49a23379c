//! The bytes of a leaf: canonical CBOR of exactly the thirteen fields of an entry.
//!
//! Deliberately not here: hashing.

use minicbor::{Decoder, Encoder};
use strongroom_crypto::{CborError, canonical};
use strongroom_domain::{DeviceId, EntryId};

use crate::audit::event::{Actor, AuditEvent, Client, Decision, Detail, EventKind};
use crate::ports::Moment;

const FORM: u8 = 1;
const FIELDS: u64 = 13;

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub seq: u64,
    pub utc_ms: u64,
    pub boot_id: [u8; 16],
    pub mono_ms: u64,
    pub device_id: DeviceId,
    pub actor: Actor,
    pub client: Client,
    pub event: EventKind,
    pub detail: Detail,
    pub entry_id: Option<EntryId>,
    pub decision: Decision,
    pub policy_rev: u32,
    pub app_version: String,
}

impl AuditEntry {
    pub(crate) fn new(
        seq: u64,
        at: Moment,
        device_id: DeviceId,
        event: &AuditEvent,
        policy_rev: u32,
        app_version: &str,
    ) -> Self {
        Self {
            seq,
            utc_ms: at.utc_ms,
            boot_id: at.boot_id,
            mono_ms: at.mono_ms,
            device_id,
            actor: event.actor,
            client: event.client,
            event: event.kind,
            detail: event.detail,
            entry_id: event.entry_id,
            decision: event.decision,
            policy_rev,
            app_version: app_version.to_owned(),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(160));
        self.write(&mut out).expect("writing to memory cannot fail");
        out.into_writer()
    }

    fn write(
        &self,
        out: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        out.array(FIELDS)?
            .u8(FORM)?
            .u64(self.seq)?
            .u64(self.utc_ms)?
            .bytes(&self.boot_id)?;
        out.u64(self.mono_ms)?.bytes(self.device_id.as_bytes())?;
        out.u16(self.actor.code())?.u16(self.client.code())?;
        match self.detail {
            Detail::None => out.array(1)?.u16(self.event.code())?,
            Detail::Count(count) => out.array(2)?.u16(self.event.code())?.u64(count)?,
            Detail::Roots { left, taken_up } => out
                .array(3)?
                .u16(self.event.code())?
                .bytes(&left)?
                .bytes(&taken_up)?,
            Detail::Parties { from, to } => out
                .array(3)?
                .u16(self.event.code())?
                .bytes(&from)?
                .bytes(&to)?,
        };
        match self.entry_id {
            None => out.null()?,
            Some(entry) => out.bytes(entry.as_bytes())?,
        };
        out.u16(self.decision.code())?
            .u32(self.policy_rev)?
            .str(&self.app_version)?;
        Ok(())
    }

    /// # Errors
    /// If the bytes are not the one spelling of an entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        canonical(bytes, Self::read, Self::encode)
    }

    fn read(input: &mut Decoder<'_>) -> Result<Self, CborError> {
        if input.array()? != Some(FIELDS) || input.u8()? != FORM {
            return Err(CborError::Malformed);
        }
        let (seq, utc_ms, boot_id, mono_ms) =
            (input.u64()?, input.u64()?, id(input)?, input.u64()?);
        let device_id = DeviceId::from_bytes(id(input)?);
        let actor = Actor::from_code(input.u16()?).ok_or(CborError::Malformed)?;
        let client = Client::from_code(input.u16()?).ok_or(CborError::Malformed)?;
        let parts = input.array()?;
        let event = EventKind::from_code(input.u16()?).ok_or(CborError::Malformed)?;
        let detail = match parts {
            Some(1) => Detail::None,
            Some(2) => Detail::Count(input.u64()?),
            Some(3) => pair(input.bytes()?, input.bytes()?)?,
            _ => return Err(CborError::Malformed),
        };
        let entry_id = match input.datatype()? {
            minicbor::data::Type::Null => {
                input.null()?;
                None
            }
            _ => Some(EntryId::from_bytes(id(input)?)),
        };
        let decision = Decision::from_code(input.u16()?).ok_or(CborError::Malformed)?;
        let (policy_rev, app_version) = (input.u32()?, input.str()?.to_owned());
        Ok(Self {
            seq,
            utc_ms,
            boot_id,
            mono_ms,
            device_id,
            actor,
            client,
            event,
            detail,
            entry_id,
            decision,
            policy_rev,
            app_version,
        })
    }
}

/// Roots and fingerprints are told apart by their lengths.
fn pair(first: &[u8], second: &[u8]) -> Result<Detail, CborError> {
    if let (Ok(from), Ok(to)) = (first.try_into(), second.try_into()) {
        return Ok(Detail::Parties { from, to });
    }
    match (first.try_into(), second.try_into()) {
        (Ok(left), Ok(taken_up)) => Ok(Detail::Roots { left, taken_up }),
        _ => Err(CborError::Malformed),
    }
}

fn id<const N: usize>(input: &mut Decoder<'_>) -> Result<[u8; N], CborError> {
    input.bytes()?.try_into().map_err(|_| CborError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(detail: Detail, entry_id: Option<EntryId>) -> AuditEntry {
        let event = AuditEvent {
            entry_id,
            ..AuditEvent::from(EventKind::Restored)
                .detail(detail)
                .decided(Decision::Denied)
        };
        let at = Moment {
            utc_ms: 1_700_000_000_000,
            mono_ms: 5,
            boot_id: [9; 16],
        };
        AuditEntry::new(7, at, DeviceId::from_bytes([8; 16]), &event, 3, "0.1.0")
    }

    #[test]
    fn entries_read_back_in_one_spelling_only() {
        let roots = Detail::Roots {
            left: [1; 32],
            taken_up: [2; 32],
        };
        let parties = Detail::Parties {
            from: [3; 20],
            to: [4; 20],
        };
        for detail in [Detail::None, Detail::Count(u64::MAX), roots, parties] {
            for about in [None, Some(EntryId::from_bytes([4; 16]))] {
                let entry = entry(detail, about);
                let bytes = entry.encode();
                assert_eq!(AuditEntry::decode(&bytes), Ok(entry));
                assert!(AuditEntry::decode(&bytes[..bytes.len() - 1]).is_err());
                assert!(AuditEntry::decode(&[&bytes[..], &[0]].concat()).is_err());
            }
        }
    }

    #[test]
    fn the_first_form_is_frozen() {
        let bytes = entry(Detail::Count(3), None).encode();
        let text = data_encoding::HEXLOWER.encode(&bytes);
        assert_eq!(
            text,
            "8d01071b0000018bcfe568005009090909090909090909090909090909055008080808080808080808080808\
             0808080101820603f60203\
             65302e312e30"
        );
    }
}
