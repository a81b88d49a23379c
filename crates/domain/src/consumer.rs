//! Who holds a key: bots, tools, persons, hosts.

use std::collections::BTreeMap;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of, coded_enum};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::register::Register;
use crate::text::{ConsumerName, Line, Notes};
use crate::value::{RegisterValue, shown};
use crate::vendor::VendorRecord;

coded_enum! {
    pub enum ConsumerKind: u8 {
        Bot = 1 => "bot",
        Tool = 2 => "tool",
        Person = 3 => "person",
        Host = 4 => "host",
    }
}

/// A consumer as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerRecord {
    pub id: EntryId,
    pub name: ConsumerName,
    pub kind: Option<ConsumerKind>,
    /// A name; the vendor entry of this name tells more.
    pub vendor: Option<Line>,
    /// Where it runs.
    pub host: Option<Line>,
    /// When it had a breach.
    pub breached: Option<UtcMs>,
    pub notes: Option<Notes>,
}

impl ConsumerRecord {
    /// One of which only this is known.
    pub fn new(id: EntryId, name: ConsumerName, kind: ConsumerKind) -> Self {
        Self {
            id,
            name,
            kind: Some(kind),
            vendor: None,
            host: None,
            breached: None,
            notes: None,
        }
    }
}

impl ConsumerRecord {
    /// The vendor it is of, found by its name in any case.
    pub fn vendor_among<'v>(
        &self,
        vendors: &'v BTreeMap<EntryId, VendorRecord>,
    ) -> Option<&'v VendorRecord> {
        let wanted = self.vendor.as_ref()?.as_str().to_lowercase();
        let mut all = vendors.values();
        all.find(|vendor| vendor.name.as_str().to_lowercase() == wanted)
    }

    /// `None` if the entry is deleted or has no name.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        if replica.is_deleted(id) {
            return None;
        }
        let value = |register| shown(replica, id, register);
        Some(Self {
            id,
            name: match value(Register::Label)? {
                RegisterValue::ConsumerName(name) => name,
                _ => return None,
            },
            kind: match value(Register::ConsumerKind) {
                Some(RegisterValue::ConsumerKind(kind)) => Some(kind),
                _ => None,
            },
            vendor: match value(Register::Vendor) {
                Some(RegisterValue::Vendor(vendor)) => vendor,
                _ => None,
            },
            host: match value(Register::Host) {
                Some(RegisterValue::Host(host)) => host,
                _ => None,
            },
            breached: match value(Register::Breached) {
                Some(RegisterValue::Breached(at)) => at,
                _ => None,
            },
            notes: match value(Register::Notes) {
                Some(RegisterValue::Notes(notes)) => notes,
                _ => None,
            },
        })
    }
}

/// That a consumer holds a key: since when, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConsumerUse {
    pub consumer: EntryId,
    pub since: UtcMs,
    pub given_by: Option<Line>,
}

impl ConsumerUse {
    /// The most consumers kept of one key.
    pub const MOST: usize = 100;
}

impl Canonical for ConsumerUse {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        self.consumer.write_cbor(out);
        self.since.write_cbor(out);
        self.given_by.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 3)?;
        Ok(Self {
            consumer: EntryId::read_cbor(input)?,
            since: UtcMs::read_cbor(input)?,
            given_by: Option::read_cbor(input)?,
        })
    }
}

/// A set: ascending, without repeats.
impl Canonical for Vec<ConsumerUse> {
    fn write_cbor(&self, out: &mut Enc) {
        let mut uses = self.clone();
        uses.sort();
        uses.dedup();
        out.array(uses.len() as u64).map(drop).sure();
        uses.iter().for_each(|one| one.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, ConsumerUse::MOST)?)
            .map(|_| ConsumerUse::read_cbor(input))
            .collect()
    }
}
