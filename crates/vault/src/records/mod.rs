//! Keys, the versions of their secrets, accounts and consumers: what is recorded, and how it is
//! read and changed.
//!
//! Every change is drafted first ([`draft`]): the writes, the row of the list and what else belongs
//! to it are made in memory, and then written in one commit together with the audit event. What
//! is held in memory (list, names) changes only after the commit.
//!
//! Deliberately not here: the search (`search.rs`), imports, purges, reminders, and SQL.

mod account;
mod add;
#[cfg(test)]
mod attacks;
mod check;
mod draft;
mod edit;
mod names;
mod notes;
mod schedule;
mod secret;
mod select;
mod show;
mod sign;
mod staged;
mod take;

use std::collections::BTreeMap;
use std::sync::Arc;

use strongroom_domain::health::Facts;
use strongroom_domain::{Canonical, Due, EntryId, Events, KeySummary};
use strongroom_store::Digests;

pub use account::AccountRow;
pub use add::{Added, NewField, NewKey, Warning, WriteKeyError};
pub use check::{
    CheckPlan, Explained, LookedAt, PlannedCall, Refused, SeenKey, SignedProbe, ToldBeside,
};
pub use draft::Altered;
pub use edit::KeyChange;
pub use notes::NotesWarning;
pub use schedule::{NotScheduled, RisingNumbers};
pub use secret::SecretSet;
pub use select::{KeyError, ReadError};
pub use show::{ConflictValueView, ConflictView, KeyView};
pub use sign::{Leave, NotSigned, SignAsk, SignedRequest};
pub use staged::ToldOfStaged;
pub use take::{Purpose, TakeError, TakenSecret, Wanted};

pub(crate) use add::tidy;
pub(crate) use draft::Draft;
pub(crate) use edit::exchanges_of;
pub(crate) use names::NameBook;
pub(crate) use show::words_of;
pub(crate) use take::{choose, may_leave};

use crate::audit::{AuditEvent, Client, EventKind};
use crate::ends;
use crate::error::CommitError;
use crate::open::{OpenVault, Trust};
use crate::search::KeyList;

/// What an open vault holds in memory of its records.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// Read at the first question after the unlock.
    pub(crate) list: Option<KeyList>,
    /// Names of accounts and consumers; read once writes may be read.
    pub(crate) names: Option<NameBook>,
    pub(crate) reminders: crate::reminders::Kept,
    /// What happened to keys, and the dates by policy of the rows that it changed.
    events: Events,
    by_policy: BTreeMap<EntryId, Option<Due>>,
    /// What the health looks at beside the rows, as far as it was asked.
    pub(crate) facts: BTreeMap<EntryId, Facts>,
    /// Everything, between a question about a share and its answer.
    pub(crate) whole: Option<Arc<crate::share::Whole>>,
}

impl Records {
    /// Takes over the list from what an unlock has read and verified.
    pub(crate) fn take_list(&mut self, digests: &Digests) -> Result<(), ReadError> {
        let rows = digests
            .iter()
            .map(|(_, bytes)| KeySummary::decode_unchecked(bytes).map_err(|_| ReadError::Damaged))
            .map(|row| row.map(ends::with_rules))
            .collect::<Result<_, _>>()?;
        self.list = Some(KeyList::from_rows(rows));
        // The names that tell what happened may be read only later.
        self.events = Events::default();
        self.by_policy.clear();
        Ok(())
    }

    /// A row that follows from the writes of its key, with what else gives it its dates: the rules
    /// of its exchange, and what happened.
    pub(crate) fn completed(&self, row: KeySummary) -> KeySummary {
        self.events.apply(ends::with_rules(row))
    }

    /// Puts a row into the list as it follows from the writes of its key.
    fn put(&mut self, row: KeySummary) -> KeySummary {
        let before = ends::with_rules(row);
        let after = self.events.apply(before.clone());
        if after.rotation == before.rotation {
            self.by_policy.remove(&after.id);
        } else {
            self.by_policy.insert(after.id, before.rotation);
        }
        if let Some(list) = &mut self.list {
            list.put(after.clone());
        }
        after
    }

    /// Looks again at what happened; gives the rows whose dates it changes.
    fn look_at_events(&mut self) -> Vec<KeySummary> {
        let (Some(names), Some(list)) = (&self.names, &self.list) else {
            return Vec::new();
        };
        let events = names.events();
        if events == self.events {
            return Vec::new();
        }
        let of_now =
            |row: &&KeySummary| events.concern(row) || self.by_policy.contains_key(&row.id);
        let rows: Vec<KeySummary> = list.rows().iter().filter(of_now).cloned().collect();
        self.events = events;
        let mut changed = Vec::new();
        for row in rows {
            let mut by_policy = row.clone();
            if let Some(due) = self.by_policy.get(&row.id) {
                by_policy.rotation = *due;
            }
            let after = self.put(by_policy);
            if after != row {
                changed.push(after);
            }
        }
        changed
    }
}

impl OpenVault {
    /// The rows of all keys. They may leave before everything else is verified, because they are
    /// verified by a root of their own; what happened to keys changes their dates once the entries
    /// that tell of it are verified too.
    pub fn keys(&mut self) -> Result<&KeyList, ReadError> {
        if self.trust == Trust::Broken {
            return Err(ReadError::Broken);
        }
        if self.records.list.is_none() {
            // What the unlock has read and verified, or, after the vault was made or its database
            // replaced, what stands there now.
            let digests = match self.ledger.take_list() {
                Some(digests) => digests,
                None => self.store.digests()?,
            };
            if digests.list_root() != self.ledger.record().list_root {
                return Err(ReadError::Broken);
            }
            self.records.take_list(&digests)?;
            self.records.look_at_events();
        }
        if self.records.names.is_none() && self.may_read().is_ok() {
            self.records.names = Some(NameBook::read(&self.store)?);
            // Reminders take over the whole list when they are brought together.
            self.records.look_at_events();
        }
        self.records.list.as_ref().ok_or(ReadError::Damaged)
    }

    /// Whether anything but the list may leave.
    pub(crate) fn may_read(&self) -> Result<(), ReadError> {
        match self.trust {
            Trust::ListOnly => Err(ReadError::NotYetVerified),
            Trust::Broken => Err(ReadError::Broken),
            Trust::Verified | Trust::RolledBack | Trust::ReadOnly => Ok(()),
        }
    }

    /// Reads what drafting needs: the list and the names.
    pub(crate) fn make_ready(&mut self) -> Result<(), ReadError> {
        self.may_read()?;
        self.keys()?;
        Ok(())
    }

    /// Writes a draft in one commit with its audit event, then takes it over in memory.
    pub(crate) fn write_draft(
        &mut self,
        event: impl Into<AuditEvent>,
        by: Client,
        ready: draft::Ready,
    ) -> Result<(), CommitError> {
        self.commit(event.into().by(by), |tx| {
            ready.put(tx).map_err(CommitError::from)
        })?;
        self.take_over(ready);
        Ok(())
    }

    /// Takes a committed draft over in memory.
    pub(crate) fn take_over(&mut self, ready: draft::Ready) {
        let (now, mono) = (self.now(), self.ports.clock.mono_ms());
        self.records.whole = None;
        let draft::Ready { rows, names, .. } = ready;
        if let Some(book) = &mut self.records.names {
            book.take_over(names);
        }
        if self.records.list.is_none() {
            return;
        }
        for (id, row) in rows {
            self.records.facts.remove(&id);
            let row = row.map(|row| self.records.put(row));
            if let (None, Some(list)) = (&row, &mut self.records.list) {
                list.remove(id);
                self.records.by_policy.remove(&id);
            }
            let reminders = &mut self.records.reminders;
            reminders.key_changed(id, row.as_ref(), now, mono);
        }
        for row in self.records.look_at_events() {
            let reminders = &mut self.records.reminders;
            reminders.key_changed(row.id, Some(&row), now, mono);
        }
    }

    pub(crate) fn now(&self) -> strongroom_domain::UtcMs {
        strongroom_domain::UtcMs::from_clock(self.ports.clock.utc_ms())
    }

    pub(crate) fn make_entry_id(&self) -> Result<EntryId, CommitError> {
        Ok(EntryId::from_bytes(self.ports.make_id()?))
    }
}

/// The event for a change of a key, by what it became.
pub(crate) fn edit_event(before: &KeySummary, after: Option<&KeySummary>) -> EventKind {
    use strongroom_domain::KeyState::Archived;
    match (before.state, after.map(|row| row.state)) {
        (_, None) => EventKind::EntryDeleted,
        (Archived, Some(Archived)) => EventKind::EntryEdited,
        (Archived, Some(_)) => EventKind::EntryRestored,
        (_, Some(Archived)) => EventKind::EntryArchived,
        _ => EventKind::EntryEdited,
    }
}
