//! What the rules look at: rows of the list, and what does not stand in a row.

use std::collections::BTreeMap;

use super::acceptance::AcceptanceRecord;
use crate::consumer::ConsumerRecord;
use crate::drift::Drift;
use crate::exchange::ExchangeId;
use crate::expiry::Due;
use crate::ids::EntryId;
use crate::moment::UtcMs;
use crate::summary::KeySummary;
use crate::vendor::VendorRecord;

/// Everything the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    pub now: UtcMs,
    /// In the order of their ids.
    pub keys: &'a [KeyFacts<'a>],
    pub consumers: &'a BTreeMap<EntryId, ConsumerRecord>,
    pub vendors: &'a BTreeMap<EntryId, VendorRecord>,
    pub acceptances: &'a [AcceptanceRecord],
    pub vault: &'a VaultFacts,
}

/// A row with what does not stand in it.
#[derive(Debug, Clone, Copy)]
pub struct KeyFacts<'a> {
    pub row: &'a KeySummary,
    pub facts: &'a Facts,
}

/// What is known of a key beside its row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub holders: Vec<Holder>,
    /// What changed between the last two answers of the exchange, a sentence each.
    pub drift: Vec<Drift>,
    /// Other keys that hold a field of the same secret.
    pub twins: Vec<EntryId>,
    /// An end by a rule that is not sure.
    pub unsure_end: Option<UnsureEnd>,
}

/// That a consumer holds a key, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    pub consumer: EntryId,
    pub since: UtcMs,
}

/// An end that somebody says there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnsureEnd {
    pub due: Due,
    /// How far the rule is to be trusted, as a clause.
    pub trust: &'static str,
}

/// How the vault itself stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultFacts {
    pub backups_stale: bool,
    /// When the recovery kit was last tried; the kit of now, not one before it.
    pub kit_tested: Option<UtcMs>,
    /// Whether something tells the agent when the machine sleeps and the screen locks.
    pub lock_on_suspend: LockSource,
    pub lock_on_screen_lock: LockSource,
    /// Exchanges whose facts were last compared with their sources over a year ago.
    pub old_facts: Vec<ExchangeId>,
    /// Days without use after which a key counts as unused.
    pub unused_days: u32,
}

/// Whether a lock that was asked for can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockSource {
    /// It was switched off.
    NotWanted,
    Works,
    /// Asked for, and nothing on this machine tells when.
    Missing,
}

impl VaultFacts {
    /// Nothing to find.
    pub fn sound() -> Self {
        Self {
            backups_stale: false,
            kit_tested: Some(UtcMs::EPOCH),
            lock_on_suspend: LockSource::Works,
            lock_on_screen_lock: LockSource::Works,
            old_facts: Vec::new(),
            unused_days: Self::UNUSED_DAYS,
        }
    }

    pub const UNUSED_DAYS: u32 = 90;
}

impl<'a> Picture<'a> {
    /// Keys that an exchange may still take.
    pub(super) fn living(&self) -> impl Iterator<Item = &KeyFacts<'a>> {
        self.keys.iter().filter(|key| key.row.state.may_be_used())
    }

    pub(super) fn label(&self, id: EntryId) -> Option<&str> {
        let place = self.keys.binary_search_by_key(&id, |key| key.row.id).ok()?;
        Some(self.keys[place].row.label.as_str())
    }

    /// The vendor a consumer is of.
    pub(super) fn vendor_of(&self, consumer: &ConsumerRecord) -> Option<&'a VendorRecord> {
        consumer.vendor_among(self.vendors)
    }
}
