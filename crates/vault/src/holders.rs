//! Who holds keys: consumers and vendors as a person records them, and which keys somebody holds
//! or ever held.
//!
//! Deliberately not here: what is wrong with any of it (domain's `health`).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use strongroom_domain::merge::{Body, Replica};
use strongroom_domain::{
    Allowlist, AllowlistSummary, Checked, ConsumerKind, ConsumerName, ConsumerRecord, EntryId,
    EntryKind, ExchangeId, KeyRecord, KeyState, KeySummary, Line, Notes, PermissionClass, Register,
    RegisterValue, UtcMs, VendorRecord,
};

use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError, WriteKeyError};

/// A consumer with how many keys it holds that an exchange may still take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerRow {
    pub record: ConsumerRecord,
    pub keys: usize,
}

/// A vendor with its consumers and their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorRow {
    pub record: VendorRecord,
    pub consumers: Vec<ConsumerName>,
    pub keys: usize,
}

/// One change; what is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderChange {
    Name(ConsumerName),
    Kind(ConsumerKind),
    Vendor(Option<Line>),
    Host(Option<Line>),
    Breached(Option<UtcMs>),
    Notes(Option<Notes>),
    /// Of vendors: when it is to be looked at again.
    Review(Option<UtcMs>),
    /// Of vendors: an answer to the checklist.
    Answer(Checked),
}

/// A consumer or a vendor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    #[error("nobody is recorded under this name")]
    NotFound,
    #[error("another one has this name already")]
    NameTaken,
    #[error(transparent)]
    Write(#[from] WriteKeyError),
}

impl From<ReadError> for HolderError {
    fn from(error: ReadError) -> Self {
        Self::Write(error.into())
    }
}

impl From<KeyError> for HolderError {
    fn from(error: KeyError) -> Self {
        Self::Write(error.into())
    }
}

impl From<crate::error::CommitError> for HolderError {
    fn from(error: crate::error::CommitError) -> Self {
        Self::Write(error.into())
    }
}

/// Whose keys are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeysOf {
    /// Everything that consumers of this vendor hold.
    Vendor(ConsumerName),
    Consumer(ConsumerName),
    /// What this person owns, holds or gave to somebody.
    Person(ConsumerName),
    /// What trusts this address or host, or runs there.
    Host(String),
    Exchange(ExchangeId),
    /// These keys.
    Keys(BTreeSet<EntryId>),
    /// Every key.
    All,
}

/// Whether what somebody held once counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Now,
    Ever,
}

/// A key that somebody holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldKey {
    pub row: KeySummary,
    pub class: PermissionClass,
    pub holds: Vec<Hold>,
}

/// That somebody holds a key, or held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub consumer: ConsumerName,
    pub since: UtcMs,
    /// Whether it still does.
    pub still: bool,
}

impl OpenVault {
    /// Every consumer, by name.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn consumers(&mut self) -> Result<Vec<ConsumerRow>, ReadError> {
        let held = self.held_now()?;
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        let mut rows: Vec<ConsumerRow> = names
            .consumers()
            .values()
            .map(|record| ConsumerRow {
                record: record.clone(),
                keys: held.get(&record.id).map_or(0, BTreeSet::len),
            })
            .collect();
        rows.sort_by(|a, b| a.record.name.cmp(&b.record.name));
        Ok(rows)
    }

    /// Every vendor, by name.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn vendors(&mut self) -> Result<Vec<VendorRow>, ReadError> {
        let held = self.held_now()?;
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        let mut rows: Vec<VendorRow> = names
            .vendors()
            .values()
            .map(|record| {
                let ours = names.consumers().values();
                let ours: Vec<_> = ours.filter(|one| is_of(one, &record.name)).collect();
                let keys: BTreeSet<EntryId> = ours
                    .iter()
                    .filter_map(|one| held.get(&one.id))
                    .flatten()
                    .copied()
                    .collect();
                VendorRow {
                    record: record.clone(),
                    consumers: ours.iter().map(|one| one.name.clone()).collect(),
                    keys: keys.len(),
                }
            })
            .collect();
        rows.sort_by(|a, b| a.record.name.cmp(&b.record.name));
        Ok(rows)
    }

    /// Records what is known of a consumer; one that is new is made.
    ///
    /// # Errors
    /// [`HolderError`]; nothing was changed.
    pub fn set_consumer(
        &mut self,
        name: &ConsumerName,
        changes: Vec<HolderChange>,
        by: Client,
    ) -> Result<(), HolderError> {
        self.make_ready()?;
        let rename = changes.iter().find_map(|change| match change {
            HolderChange::Name(to) => Some(to.clone()),
            _ => None,
        });
        let mut draft = Draft::new(self)?;
        let known = self.records.names.as_ref();
        let taken = rename.as_ref().and_then(|to| known?.find_consumer(to));
        let id = draft.ensure_consumer(name)?;
        if taken.is_some_and(|other| other != id) {
            return Err(HolderError::NameTaken);
        }
        draft.load_entry(id)?;
        for change in changes {
            let value = match change {
                HolderChange::Name(to) => RegisterValue::ConsumerName(to),
                HolderChange::Kind(kind) => RegisterValue::ConsumerKind(kind),
                HolderChange::Vendor(vendor) => RegisterValue::Vendor(vendor),
                HolderChange::Host(host) => RegisterValue::Host(host),
                HolderChange::Breached(at) => RegisterValue::Breached(at),
                HolderChange::Notes(notes) => RegisterValue::Notes(notes),
                HolderChange::Review(_) | HolderChange::Answer(_) => continue,
            };
            draft.set(EntryKind::Consumer, id, &value)?;
        }
        if draft.is_empty() {
            return Ok(());
        }
        let record = ConsumerRecord::materialise(&draft.replica, id);
        draft.knows_consumer(record.ok_or(HolderError::NotFound)?);
        if rename.is_some() {
            // Rows of the list tell names.
            let rows = self.records.list.iter().flat_map(|list| list.rows());
            let holds = |row: &&KeySummary| row.consumers.contains(name);
            let keys: Vec<EntryId> = rows.filter(holds).map(|row| row.id).collect();
            for key in keys {
                draft.load(key)?;
                draft.changed(key);
            }
        }
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::EntryEdited).about(id);
        self.write_draft(event, by, ready)?;
        // Who had a breach is looked at with every key it holds.
        self.records.facts.clear();
        Ok(())
    }

    /// Records what is known of a vendor; one that is new is made.
    ///
    /// # Errors
    /// [`HolderError`]; nothing was changed.
    pub fn set_vendor(
        &mut self,
        name: &ConsumerName,
        changes: Vec<HolderChange>,
        by: Client,
    ) -> Result<(), HolderError> {
        self.make_ready()?;
        let known = self.records.names.as_ref();
        let found = known.and_then(|names| names.find_vendor(name));
        let mut draft = Draft::new(self)?;
        let (id, mut checklist) = match found {
            Some(id) => {
                draft.load_entry(id)?;
                let record = VendorRecord::materialise(&draft.replica, id);
                (id, record.map(|one| one.checklist).unwrap_or_default())
            }
            None => {
                let id = self.make_entry_id()?;
                let named = RegisterValue::ConsumerName(name.clone());
                draft.set(EntryKind::Vendor, id, &named)?;
                (id, strongroom_domain::Checklist::default())
            }
        };
        for change in changes {
            let value = match change {
                HolderChange::Breached(at) => RegisterValue::Breached(at),
                HolderChange::Notes(notes) => RegisterValue::Notes(notes),
                HolderChange::Review(at) => RegisterValue::Review(at),
                HolderChange::Answer(answer) => {
                    checklist = checklist.with(answer);
                    RegisterValue::Checklist(checklist.clone())
                }
                HolderChange::Name(_)
                | HolderChange::Kind(_)
                | HolderChange::Vendor(_)
                | HolderChange::Host(_) => continue,
            };
            draft.set(EntryKind::Vendor, id, &value)?;
        }
        if draft.is_empty() {
            return Ok(());
        }
        let record = VendorRecord::materialise(&draft.replica, id);
        draft.knows_vendor(record.ok_or(HolderError::NotFound)?);
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::EntryEdited).about(id);
        self.write_draft(event, by, ready)?;
        self.review_changed(id);
        Ok(())
    }

    /// Keys that somebody holds or ever held, also retired ones: what can withdraw first, then what
    /// trades; of equals what has no allowlist first, then the oldest secret.
    ///
    /// # Errors
    /// Nobody is recorded under this name, or nothing can be read.
    pub fn keys_of(&mut self, whose: &KeysOf, span: Span) -> Result<Vec<HeldKey>, HolderError> {
        self.make_ready()?;
        let consumers = self.consumers_meant(whose)?;
        let list = self.records.list.as_ref();
        let list = list.ok_or(ReadError::NotYetVerified)?;
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        let mut found = Vec::new();
        for row in list.rows() {
            let writes = self.store.writes_of(row.id).map_err(ReadError::from)?;
            let replica = Replica::from_writes(writes.into_iter().map(|stored| stored.write));
            let Some(record) = KeyRecord::materialise(&replica, row.id) else {
                continue;
            };
            let mut holds = holds(&replica, &record);
            if span == Span::Now {
                holds.retain(|_, (_, still)| *still);
            }
            let meant = match whose {
                KeysOf::All => true,
                KeysOf::Exchange(exchange) => row.exchange == *exchange,
                KeysOf::Keys(keys) => keys.contains(&row.id),
                KeysOf::Host(host) => {
                    trusts(&record.allowlist, host) || holds.keys().any(|id| consumers.contains(id))
                }
                KeysOf::Person(person) => {
                    let named = |line: Option<&Line>| {
                        line.is_some_and(|line| same(line.as_str(), person.as_str()))
                    };
                    let gave = record.consumers.iter();
                    named(record.owner.as_ref())
                        || gave.into_iter().any(|one| named(one.given_by.as_ref()))
                        || holds.keys().any(|id| consumers.contains(id))
                }
                KeysOf::Vendor(_) | KeysOf::Consumer(_) => {
                    holds.keys().any(|id| consumers.contains(id))
                }
            };
            let living = span == Span::Ever || row.state.may_be_used();
            if !meant || !living {
                continue;
            }
            found.push(HeldKey {
                row: row.clone(),
                class: row.class(),
                holds: holds
                    .into_iter()
                    .filter_map(|(id, (since, still))| {
                        let consumer = names.consumers().get(&id)?.name.clone();
                        Some(Hold {
                            consumer,
                            since,
                            still,
                        })
                    })
                    .collect(),
            });
        }
        found.sort_by(|a, b| {
            let unlisted =
                |key: &HeldKey| !matches!(key.row.allowlist, AllowlistSummary::Listed(_));
            // What is dead already comes last of its class.
            let dead =
                |key: &HeldKey| matches!(key.row.state, KeyState::Revoked | KeyState::Archived);
            (
                b.class,
                dead(a),
                unlisted(b),
                a.row.last_rotated,
                &a.row.label,
                a.row.id,
            )
                .cmp(&(
                    a.class,
                    dead(b),
                    unlisted(a),
                    b.row.last_rotated,
                    &b.row.label,
                    b.row.id,
                ))
        });
        Ok(found)
    }

    /// Consumers that are meant; none where keys are meant by something else.
    fn consumers_meant(&self, whose: &KeysOf) -> Result<BTreeSet<EntryId>, HolderError> {
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        let all = || names.consumers().values();
        let chosen: BTreeSet<EntryId> = match whose {
            KeysOf::All | KeysOf::Exchange(_) | KeysOf::Keys(_) => return Ok(BTreeSet::new()),
            KeysOf::Vendor(vendor) => {
                let ours: BTreeSet<_> = all()
                    .filter(|one| is_of(one, vendor))
                    .map(|one| one.id)
                    .collect();
                if ours.is_empty() && names.find_vendor(vendor).is_none() {
                    return Err(HolderError::NotFound);
                }
                ours
            }
            KeysOf::Consumer(name) => {
                BTreeSet::from([names.find_consumer(name).ok_or(HolderError::NotFound)?])
            }
            KeysOf::Person(name) => all()
                .filter(|one| one.kind == Some(ConsumerKind::Person))
                .filter(|one| same(one.name.as_str(), name.as_str()))
                .map(|one| one.id)
                .collect(),
            KeysOf::Host(host) => all()
                .filter(|one| {
                    let runs = one.host.as_ref();
                    runs.is_some_and(|line| same(line.as_str(), host))
                        || (one.kind == Some(ConsumerKind::Host) && same(one.name.as_str(), host))
                })
                .map(|one| one.id)
                .collect(),
        };
        Ok(chosen)
    }

    /// Living keys by the consumer that holds them.
    fn held_now(&mut self) -> Result<BTreeMap<EntryId, BTreeSet<EntryId>>, ReadError> {
        self.make_ready()?;
        let list = self.records.list.as_ref();
        let list = list.ok_or(ReadError::NotYetVerified)?;
        let mut held: BTreeMap<EntryId, BTreeSet<EntryId>> = BTreeMap::new();
        let living = |row: &&KeySummary| row.state.may_be_used() && !row.consumers.is_empty();
        for row in list.rows().iter().filter(living) {
            match self.read_key(row.id) {
                Ok((_, record)) => {
                    for one in record.consumers {
                        held.entry(one.consumer).or_default().insert(row.id);
                    }
                }
                Err(KeyError::Read(error)) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(held)
    }
}

/// Everybody who was ever recorded as a holder: since when, and whether still.
fn holds(replica: &Replica, record: &KeyRecord) -> BTreeMap<EntryId, (UtcMs, bool)> {
    let mut holds: BTreeMap<EntryId, (UtcMs, bool)> = BTreeMap::new();
    for write in replica.history(record.id, Register::Consumers) {
        let Body::Value(bytes) = &write.body else {
            continue;
        };
        let value = RegisterValue::decode(write.kind, write.register, bytes);
        let Ok(RegisterValue::Consumers(uses)) = value else {
            continue;
        };
        for one in uses {
            let known = holds.entry(one.consumer).or_insert((one.since, false));
            known.0 = known.0.min(one.since);
        }
    }
    for one in &record.consumers {
        holds.entry(one.consumer).or_insert((one.since, true)).1 = true;
    }
    holds
}

fn is_of(consumer: &ConsumerRecord, vendor: &ConsumerName) -> bool {
    let of = consumer.vendor.as_ref();
    of.is_some_and(|line| same(line.as_str(), vendor.as_str()))
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.trim().to_lowercase()
}

/// Whether an allowlist lets this address or host in by name. An open one lets everybody in, and
/// tells nothing about this host.
fn trusts(allowlist: &Allowlist, host: &str) -> bool {
    let Allowlist::Listed(rules) = allowlist else {
        return false;
    };
    let address: Option<IpAddr> = host.trim().parse().ok();
    rules.iter().any(|rule| {
        address.is_some_and(|address| rule.contains(address))
            || rule.host().is_some_and(|name| same(name.as_str(), host))
    })
}
