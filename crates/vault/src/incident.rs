//! Incidents: which keys are concerned, one act to contain them, a log, and the pack of evidence.
//!
//! Incidents are read from the database when they are asked for: there are few. Deliberately not
//! here: the playbooks' texts, and files.

use std::collections::BTreeSet;

use strongroom_domain::merge::Replica;
use strongroom_domain::{
    ConsumerName, EntryId, EntryKind, IncidentNote, IncidentRecord, Line, Notes, Playbook,
    RegisterValue, UtcMs,
};

use crate::audit::{AuditEntry, AuditEvent, Client, EventKind};
use crate::holders::{HeldKey, HolderError, KeysOf, Span};
use crate::open::OpenVault;
use crate::records::{Draft, ReadError};
use crate::revoke::{RevokeError, RevokeStep};

/// An incident to be opened.
#[derive(Debug, Clone)]
pub struct NewIncident {
    pub title: ConsumerName,
    pub playbook: Playbook,
    pub whose: KeysOf,
    /// The same in words.
    pub about: Line,
}

/// An incident with what became of it.
#[derive(Debug, Clone)]
pub struct IncidentView {
    pub record: IncidentRecord,
    /// In the order in which to act; a key that was deleted since is left out.
    pub keys: Vec<HeldKey>,
    /// Keys that are not in the vault any more.
    pub gone: usize,
    /// Oldest first.
    pub notes: Vec<IncidentNote>,
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    #[error("there is no such incident")]
    NotFound,
    #[error("the incident is closed")]
    Closed,
    #[error("this key is none of the incident's")]
    NotConcerned,
    #[error("no key is concerned; nothing was opened")]
    NoKeys,
    #[error(transparent)]
    Holder(#[from] HolderError),
    #[error(transparent)]
    Revoke(#[from] RevokeError),
    #[error("the audit log could not be read")]
    Log,
}

impl From<ReadError> for IncidentError {
    fn from(error: ReadError) -> Self {
        Self::Holder(error.into())
    }
}

impl From<crate::error::CommitError> for IncidentError {
    fn from(error: crate::error::CommitError) -> Self {
        Self::Holder(error.into())
    }
}

impl OpenVault {
    /// Opens an incident over every key that is concerned, also retired ones. Those in use are due
    /// for rotation from now on.
    ///
    /// # Errors
    /// [`IncidentError`]; nothing was changed.
    pub fn open_incident(
        &mut self,
        new: NewIncident,
        by: Client,
    ) -> Result<IncidentView, IncidentError> {
        let keys = self.keys_of(&new.whose, Span::Ever)?;
        if keys.is_empty() {
            return Err(IncidentError::NoKeys);
        }
        let id = self.make_entry_id()?;
        let mut draft = Draft::new(self)?;
        let now = draft.now();
        for value in [
            RegisterValue::ConsumerName(new.title),
            RegisterValue::Playbook(new.playbook),
            RegisterValue::About(new.about),
            RegisterValue::Made(now),
            RegisterValue::Affected(keys.iter().map(|key| key.row.id).collect()),
        ] {
            draft.set(EntryKind::Incident, id, &value)?;
        }
        let record = IncidentRecord::materialise(&draft.replica, id);
        draft.knows_incident(record.ok_or(IncidentError::NotFound)?);
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::IncidentOpened).about(id);
        self.write_draft(event, by, ready)?;
        self.incident(id)
    }

    /// Every incident, newest first.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn incidents(&mut self) -> Result<Vec<IncidentRecord>, IncidentError> {
        self.make_ready()?;
        let mut records = Vec::new();
        for id in self.incident_ids()? {
            let replica = self.replica_of(id)?;
            records.extend(IncidentRecord::materialise(&replica, id));
        }
        records.sort_by_key(|record| std::cmp::Reverse((record.opened, record.id)));
        Ok(records)
    }

    /// The incident with this id or title; the newest open one without.
    ///
    /// # Errors
    /// There is none, or nothing can be read.
    pub fn find_incident(&mut self, selector: Option<&str>) -> Result<EntryId, IncidentError> {
        let all = self.incidents()?;
        let found = match selector {
            None => all.iter().find(|one| one.closed.is_none()),
            Some(text) => {
                let wanted = text.trim().to_lowercase();
                let id = EntryId::parse(text).ok();
                all.iter()
                    .find(|one| Some(one.id) == id || one.title.as_str().to_lowercase() == wanted)
            }
        };
        found.map(|one| one.id).ok_or(IncidentError::NotFound)
    }

    /// An incident with its keys and its log.
    ///
    /// # Errors
    /// There is none, or nothing can be read.
    pub fn incident(&mut self, id: EntryId) -> Result<IncidentView, IncidentError> {
        self.make_ready()?;
        let replica = self.replica_of(id)?;
        let record = IncidentRecord::materialise(&replica, id).ok_or(IncidentError::NotFound)?;
        let mut all = self.keys_of(&KeysOf::All, Span::Ever)?;
        let wanted: BTreeSet<EntryId> = record.keys.iter().copied().collect();
        all.retain(|key| wanted.contains(&key.row.id));
        let place = |key: &HeldKey| record.keys.iter().position(|id| *id == key.row.id);
        all.sort_by_key(place);
        let mut notes = Vec::new();
        let children = self.store.children(id, EntryKind::IncidentNote);
        for note in children.map_err(ReadError::from)? {
            notes.extend(IncidentNote::materialise(&self.replica_of(note)?, note));
        }
        notes.sort_by_key(|note| (note.at, note.id));
        Ok(IncidentView {
            gone: record.keys.len() - all.len(),
            record,
            keys: all,
            notes,
        })
    }

    /// Contains every key of an incident in one act: none is given out any more, and each is due
    /// until it was seen dead.
    ///
    /// # Errors
    /// [`IncidentError`]; nothing was changed.
    pub fn contain_incident(
        &mut self,
        id: EntryId,
        by: Client,
    ) -> Result<IncidentView, IncidentError> {
        let view = self.incident(id)?;
        if view.record.closed.is_some() {
            return Err(IncidentError::Closed);
        }
        let living = view.keys.iter().filter(|key| key.row.state.may_be_used());
        let keys: Vec<EntryId> = living.map(|key| key.row.id).collect();
        self.revoke(&keys, RevokeStep::Begin, by)?;
        self.incident(id)
    }

    /// Writes a line into the log, about one key or the whole, with a date if something is to be
    /// done.
    ///
    /// # Errors
    /// [`IncidentError`]; nothing was changed.
    pub fn note_incident(
        &mut self,
        id: EntryId,
        key: Option<EntryId>,
        text: Notes,
        due: Option<UtcMs>,
        by: Client,
    ) -> Result<(), IncidentError> {
        self.make_ready()?;
        let record = IncidentRecord::materialise(&self.replica_of(id)?, id);
        let record = record.ok_or(IncidentError::NotFound)?;
        if key.is_some_and(|key| !record.keys.contains(&key)) {
            return Err(IncidentError::NotConcerned);
        }
        let note = self.make_entry_id()?;
        let mut draft = Draft::new(self)?;
        draft.stands_under(EntryKind::IncidentNote, note, id);
        let now = draft.now();
        for value in [
            RegisterValue::Incident(id),
            RegisterValue::Concerns(key),
            RegisterValue::Made(now),
            RegisterValue::Notes(Some(text)),
            RegisterValue::Review(due),
        ] {
            draft.set(EntryKind::IncidentNote, note, &value)?;
        }
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::IncidentNoted).about(id);
        Ok(self.write_draft(event, by, ready)?)
    }

    /// Closes an incident with what it came of.
    ///
    /// # Errors
    /// [`IncidentError`]; nothing was changed.
    pub fn close_incident(
        &mut self,
        id: EntryId,
        root_cause: Notes,
        by: Client,
    ) -> Result<(), IncidentError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load_entry(id)?;
        let record = IncidentRecord::materialise(&draft.replica, id);
        if record.ok_or(IncidentError::NotFound)?.closed.is_some() {
            return Err(IncidentError::Closed);
        }
        let now = draft.now();
        for value in [
            RegisterValue::Closed(Some(now)),
            RegisterValue::Notes(Some(root_cause)),
        ] {
            draft.set(EntryKind::Incident, id, &value)?;
        }
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::IncidentClosed).about(id);
        Ok(self.write_draft(event, by, ready)?)
    }

    /// What the audit log has of an incident and its keys since the first of them was recorded,
    /// oldest first: everything, because what happened before it was noticed matters most.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn incident_timeline(
        &mut self,
        view: &IncidentView,
    ) -> Result<Vec<AuditEntry>, IncidentError> {
        let about: BTreeSet<EntryId> = view
            .record
            .keys
            .iter()
            .copied()
            .chain([view.record.id])
            .collect();
        let mut found = Vec::new();
        let (mut from, size) = (0, self.audit_size());
        while from < size {
            let read = self.audit_entries(from, 1024);
            let read = read.map_err(|_| IncidentError::Log)?;
            if read.is_empty() {
                break;
            }
            from += read.len() as u64;
            let concerns =
                |entry: &AuditEntry| entry.entry_id.is_some_and(|id| about.contains(&id));
            found.extend(read.into_iter().filter(concerns));
        }
        Ok(found)
    }

    fn incident_ids(&self) -> Result<Vec<EntryId>, ReadError> {
        Ok(self.store.entries(EntryKind::Incident)?)
    }

    fn replica_of(&self, entry: EntryId) -> Result<Replica, ReadError> {
        let writes = self.store.writes_of(entry)?;
        Ok(Replica::from_writes(
            writes.into_iter().map(|stored| stored.write),
        ))
    }
}
