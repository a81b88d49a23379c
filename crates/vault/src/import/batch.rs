//! What an import wrote, remembered so that it can be undone.

use std::collections::BTreeSet;

use minicbor::{Decoder, Encoder};
use strongroom_domain::{EntryId, WriteId};

use super::view::ImportedKey;

/// Names an import for its undo; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchId(pub(super) EntryId);

impl BatchId {
    pub fn parse(text: &str) -> Option<Self> {
        EntryId::parse(text).ok().map(Self)
    }
}

impl std::fmt::Display for BatchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What an import wrote.
pub(super) struct Batch {
    pub(super) keys: Vec<(usize, EntryId)>,
    pub(super) writes: BTreeSet<WriteId>,
}

pub(super) fn encode_batch(added: &[ImportedKey], writes: &[(EntryId, WriteId)]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(
        16 + added.len() * 24 + writes.len() * 17,
    ));
    let sure = "writing to memory cannot fail";
    out.array(2).expect(sure);
    out.array(added.len() as u64).expect(sure);
    for key in added {
        out.array(2).expect(sure);
        out.u64(key.draft as u64).expect(sure);
        out.bytes(key.id.as_bytes()).expect(sure);
    }
    out.array(writes.len() as u64).expect(sure);
    for (_, write) in writes {
        out.bytes(write.as_bytes()).expect(sure);
    }
    out.into_writer()
}

pub(super) fn decode_batch(bytes: &[u8]) -> Option<Batch> {
    let mut input = Decoder::new(bytes);
    (input.array().ok()? == Some(2)).then_some(())?;
    let mut keys = Vec::new();
    for _ in 0..input.array().ok()?? {
        (input.array().ok()? == Some(2)).then_some(())?;
        let draft = usize::try_from(input.u64().ok()?).ok()?;
        keys.push((draft, EntryId::from_slice(input.bytes().ok()?)?));
    }
    let mut writes = BTreeSet::new();
    for _ in 0..input.array().ok()?? {
        writes.insert(WriteId::from_slice(input.bytes().ok()?)?);
    }
    Some(Batch { keys, writes })
}
