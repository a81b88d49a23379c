//! Shares that were made and imported, as a list to look back at.
//!
//! Deliberately not here: which secrets went along (`given.rs`) and what an import wrote
//! (`merge.rs`).

use minicbor::{Decoder, Encoder};
use strongroom_domain::share::{Role, Scope};
use strongroom_domain::{Canonical, EntryId, UtcMs};
use strongroom_store::{LocalRow, LocalSpace};

use super::codec::array_of;
use super::contact::ContactId;
use crate::open::OpenVault;
use crate::records::{Draft, ReadError};

/// Which way a share went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareWay {
    Made,
    Imported,
}

/// A share that was made or imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareEvent {
    pub at: UtcMs,
    pub bundle: [u8; 16],
    pub way: ShareWay,
    /// Those it went to, or the one it came from. Empty for whoever has the passphrase.
    pub who: Vec<ContactId>,
    pub role: Role,
    pub scope: Scope,
    pub seq: u64,
    pub keys: u64,
    pub secrets: u64,
    /// Whether what it wrote can still be taken out again.
    pub can_be_undone: bool,
}

impl ShareEvent {
    /// Names an import for its undo.
    pub fn batch(&self) -> Option<ShareBatchId> {
        self.can_be_undone
            .then(|| ShareBatchId(batch_name(self.at, self.bundle)))
    }

    pub(super) fn put(&self, draft: &mut Draft<'_>) {
        let name = batch_name(self.at, self.bundle);
        draft.put_local(LocalSpace::ShareLog, &name, Some(self.encode()));
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(96));
        let sure = "writing to memory cannot fail";
        out.array(7).expect(sure);
        out.bool(self.way == ShareWay::Imported).expect(sure);
        out.array(self.who.len() as u64).expect(sure);
        for who in &self.who {
            out.bytes(who.0.as_bytes()).expect(sure);
        }
        self.role.write_cbor(&mut out);
        self.scope.write_cbor(&mut out);
        for number in [self.seq, self.keys, self.secrets] {
            out.u64(number).expect(sure);
        }
        out.into_writer()
    }

    fn decode(row: &LocalRow) -> Option<Self> {
        let (at, bundle) = row.name.split_first_chunk::<8>()?;
        let mut input = Decoder::new(&row.body);
        array_of(&mut input, 7)?;
        let way = match input.bool().ok()? {
            true => ShareWay::Imported,
            false => ShareWay::Made,
        };
        let count = input.array().ok()??;
        let who = (0..count)
            .map(|_| EntryId::from_slice(input.bytes().ok()?).map(ContactId))
            .collect::<Option<_>>()?;
        Some(Self {
            at: UtcMs::parse(i64::from_be_bytes(*at)).ok()?,
            bundle: bundle.try_into().ok()?,
            way,
            who,
            role: Role::read_cbor(&mut input).ok()?,
            scope: Scope::read_cbor(&mut input).ok()?,
            seq: input.u64().ok()?,
            keys: input.u64().ok()?,
            secrets: input.u64().ok()?,
            can_be_undone: false,
        })
    }
}

/// Names what an import wrote; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShareBatchId(pub(super) [u8; 24]);

impl ShareBatchId {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes());
        bytes.ok()?.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for ShareBatchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// Time first, so that the latest stands last.
pub(super) fn batch_name(at: UtcMs, bundle: [u8; 16]) -> [u8; 24] {
    let mut name = [0; 24];
    name[..8].copy_from_slice(&at.ms().cast_unsigned().to_be_bytes());
    name[8..].copy_from_slice(&bundle);
    name
}

impl OpenVault {
    /// Every share that was made or imported, newest first.
    pub fn share_history(&self) -> Result<Vec<ShareEvent>, ReadError> {
        self.may_read()?;
        let rows = self.store.local_rows(LocalSpace::ShareLog)?;
        let batches = self.share_batches()?;
        let mut events = rows
            .iter()
            .map(|row| {
                let mut event = ShareEvent::decode(row).ok_or(ReadError::Damaged)?;
                event.can_be_undone = batches.contains(&row.name[..]);
                Ok(event)
            })
            .collect::<Result<Vec<_>, ReadError>>()?;
        events.reverse();
        Ok(events)
    }

    fn share_batches(&self) -> Result<std::collections::BTreeSet<Vec<u8>>, ReadError> {
        let rows = self.store.local_rows(LocalSpace::ShareBatch)?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    }
}
