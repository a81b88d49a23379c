//! Conflicts of everything there is, listed and settled in one act.
//!
//! Deliberately not here: choosing. Both values stay until a person does.

use std::collections::{BTreeMap, BTreeSet};

use strongroom_domain::merge::{Replica, Write};
use strongroom_domain::{
    AccountRecord, Conflict, ConsumerRecord, DeviceId, EntryId, EntryKind, IncidentRecord,
    MemberId, Register, RegisterValue, ResolvedBody, UtcMs, VendorRecord, WriteId,
};

use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError, WriteKeyError, words_of};

/// Several alive values of one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The entry a person knows it by: the key, where it is of a version of its secret.
    pub root: EntryId,
    pub label: String,
    pub kind: EntryKind,
    pub register: Register,
    /// Oldest first by their clocks.
    pub values: Vec<ConflictChoice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictChoice {
    pub write: WriteId,
    pub at: UtcMs,
    pub author: MemberId,
    pub device: DeviceId,
    /// `None` for a secret.
    pub words: Option<String>,
}

/// What entries but keys may have a conflict, and are looked at one by one.
const AROUND: [EntryKind; 4] = [
    EntryKind::Account,
    EntryKind::Consumer,
    EntryKind::Vendor,
    EntryKind::Incident,
];

impl OpenVault {
    /// Every conflict, of keys by their labels first.
    pub fn conflicts(&mut self) -> Result<Vec<ConflictRow>, ReadError> {
        self.make_ready()?;
        let list = self.records.list.as_ref().ok_or(ReadError::Damaged)?;
        let mut keys: Vec<(String, EntryId)> = list
            .rows()
            .iter()
            .filter(|row| row.conflict)
            .map(|row| (row.label.to_string(), row.id))
            .collect();
        keys.sort();
        let mut rows = Vec::new();
        for (label, key) in keys {
            let Ok((replica, record)) = self.read_key(key) else {
                continue;
            };
            for conflict in &record.conflicts {
                rows.push(self.conflict_row(&replica, key, &label, conflict)?);
            }
        }
        for kind in AROUND {
            for entry in self.store.entries(kind)? {
                let replica = self.read_entry(entry)?;
                if replica.is_deleted(entry) {
                    continue;
                }
                let conflicts = Conflict::of(&replica, entry);
                if conflicts.is_empty() {
                    continue;
                }
                let names = self.records.names.as_ref();
                let label = names.and_then(|names| names.label(entry));
                let label = label.unwrap_or_else(|| kind.name().to_owned());
                for conflict in &conflicts {
                    rows.push(self.conflict_row(&replica, entry, &label, conflict)?);
                }
            }
        }
        Ok(rows)
    }

    /// The writes of an entry that is no key.
    pub(super) fn read_entry(&self, entry: EntryId) -> Result<Replica, ReadError> {
        let writes = self.store.writes_of(entry)?;
        Ok(Replica::from_writes(
            writes.into_iter().map(|stored| stored.write),
        ))
    }

    fn conflict_row(
        &self,
        replica: &Replica,
        root: EntryId,
        label: &str,
        conflict: &Conflict,
    ) -> Result<ConflictRow, ReadError> {
        let names = self.records.names.as_ref();
        let list = self.records.list.as_ref();
        let named = |id: EntryId| {
            let key = list.and_then(|list| list.get(id));
            let of_key = key.map(|row| row.label.to_string());
            of_key.or_else(|| names.and_then(|names| names.label(id)))
        };
        let alive = replica.alive(conflict.entry, conflict.register);
        let kind = alive.first().ok_or(ReadError::Damaged)?.kind;
        let choice = |write: &&Write| ConflictChoice {
            write: write.id,
            at: UtcMs::from_clock(write.hlc.wall_ms),
            author: write.author,
            device: write.device,
            words: (!write.register.is_sealed()).then(|| words_of(write, &named)),
        };
        Ok(ConflictRow {
            root,
            label: label.to_owned(),
            kind,
            register: conflict.register,
            values: alive.iter().map(choice).collect(),
        })
    }

    /// Makes the chosen values the only ones of their registers, all in one commit. An entry is
    /// named as [`OpenVault::conflicts`] names it.
    ///
    /// # Errors
    /// One of the values is not, or no more, among those of a conflict; nothing was changed.
    pub fn resolve_conflicts(
        &mut self,
        chosen: &[(EntryId, WriteId)],
        by: Client,
    ) -> Result<usize, WriteKeyError> {
        self.make_ready()?;
        let mut by_root: BTreeMap<EntryId, BTreeSet<WriteId>> = BTreeMap::new();
        for (root, write) in chosen {
            by_root.entry(*root).or_default().insert(*write);
        }
        let mut draft = Draft::new(self)?;
        let mut resolved = 0;
        for (root, writes) in by_root {
            let list = self.records.list.as_ref();
            let is_key = list.is_some_and(|list| list.get(root).is_some());
            for write in &writes {
                if is_key {
                    draft.load(root)?;
                    let record = draft.record(root).ok_or(KeyError::NotFound)?;
                    self.draft_resolution(&mut draft, &record, *write)?;
                } else {
                    draft.load_entry(root)?;
                    settle(&mut draft, root, *write)?;
                }
                resolved += 1;
            }
            if is_key {
                draft.changed(root);
            } else {
                draft.knows_again(root);
            }
            draft.forget();
        }
        if draft.is_empty() {
            return Ok(0);
        }
        let event =
            AuditEvent::from(EventKind::ConflictsResolved).detail(Detail::Count(resolved as u64));
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        self.names_changed()?;
        Ok(resolved)
    }

    /// Reads the names anew, after entries that have them changed, and the rows that tell them.
    pub(super) fn names_changed(&mut self) -> Result<(), ReadError> {
        self.records.names = None;
        self.records.facts.clear();
        self.make_ready()
    }
}

/// One value of an entry that is no key.
fn settle(draft: &mut Draft<'_>, entry: EntryId, chosen: WriteId) -> Result<(), WriteKeyError> {
    let conflicts = Conflict::of(&draft.replica, entry);
    let settled = conflicts
        .iter()
        .find_map(|conflict| conflict.settle(&draft.replica, chosen))
        .ok_or(WriteKeyError::NoSuchValue)?;
    let ResolvedBody::Value(bytes) = &settled.body else {
        return Err(WriteKeyError::NoSuchValue);
    };
    let value = RegisterValue::decode(settled.kind, settled.register, bytes)
        .map_err(|_| WriteKeyError::NoSuchValue)?;
    Ok(draft.set(settled.kind, settled.entry, &value)?)
}

impl Draft<'_> {
    /// Notes an entry that has a name as its writes in this draft tell it.
    pub(super) fn knows_again(&mut self, entry: EntryId) {
        let replica = &self.replica;
        let kind = replica.writes_of(entry).next().map(|write| write.kind);
        match kind {
            Some(EntryKind::Account) => {
                if let Some(record) = AccountRecord::materialise(replica, entry) {
                    self.knows_account(record);
                }
            }
            Some(EntryKind::Consumer) => {
                if let Some(record) = ConsumerRecord::materialise(replica, entry) {
                    self.knows_consumer(record);
                }
            }
            Some(EntryKind::Vendor) => {
                if let Some(record) = VendorRecord::materialise(replica, entry) {
                    self.knows_vendor(record);
                }
            }
            Some(EntryKind::Incident) => {
                if let Some(record) = IncidentRecord::materialise(replica, entry) {
                    self.knows_incident(record);
                }
            }
            _ => {}
        }
    }
}
