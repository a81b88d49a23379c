//! Reminders: the index that can be read while the vault is locked, and what the vault remembers of
//! it.
//!
//! `reminders.idx` is sealed under K_idx, which comes from the device secret. It follows from the
//! list of keys, the vendors and the backups that were made, plus what only it knows: what was told, and snoozes made while the vault was
//! locked. At unlock both are brought together: snoozes are taken over and audited, due dates are
//! taken from the verified list. Snoozes, acknowledgements and settings stand in the database too,
//! so that a lost index loses no decision of the person.
//!
//! Deliberately not here: when to tell what (domain's `remind`), and notifications.

mod file;
mod rows;

pub use file::{ReminderSaveError, RemindersAbsent};
pub use rows::{BACKUPS, ReminderRow, reminder_rows, stale_backups};

use strongroom_domain::remind::{
    Backups, Plan, RemindSettings, ReminderIndex, ReminderKind, Review, SnoozeRefused, plan,
};
use strongroom_domain::{Canonical, EntryId, KeyLabel, KeySummary, UtcMs};
use strongroom_store::LocalSpace;

use self::file::{decode_snooze, encode_snooze, read, write};
use crate::audit::{AuditEvent, Client, EventKind};
use crate::error::{CommitError, FileError};
use crate::open::{OpenVault, Trust};
use crate::records::ReadError;

/// Name of the local row with the settings of reminders.
const SETTINGS: &[u8] = b"reminders";

/// The index of an open vault.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    index: Option<ReminderIndex>,
    /// Since when (monotonic) the file does not say what the index says, or what an index would
    /// say if it were loaded.
    unwritten_since: Option<u64>,
}

/// A change is written so much later, so that a row of changes is written once.
const WRITE_BEHIND_MS: u64 = 2_000;

impl Kept {
    /// A commit changed a key, or removed it.
    pub(crate) fn key_changed(
        &mut self,
        key: EntryId,
        row: Option<&KeySummary>,
        now: UtcMs,
        mono_ms: u64,
    ) {
        let changed = match (&mut self.index, row) {
            (None, _) => true,
            (Some(index), Some(row)) => index.update(row, now),
            (Some(index), None) => index.remove(key),
        };
        if changed {
            self.unwritten_since.get_or_insert(mono_ms);
        }
    }
}

/// A reminder was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReminderError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Snooze(#[from] SnoozeRefused),
    #[error("nothing is due for this key")]
    NothingDue,
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    File(#[from] FileError),
}

impl OpenVault {
    /// The reminders of this vault. The first call after the verification brings the index and the
    /// vault together.
    pub fn reminders(&mut self) -> Result<&ReminderIndex, ReminderError> {
        self.load_reminders()?;
        self.records
            .reminders
            .index
            .as_ref()
            .ok_or(ReadError::NotYetVerified.into())
    }

    /// Vendors that are to be looked at again.
    fn reviews(&self) -> Vec<Review> {
        let names = self.records.names.iter();
        let vendors = names.flat_map(|names| names.vendors().values());
        vendors
            .map(|vendor| Review {
                vendor: vendor.id,
                at: vendor.review,
                label: KeyLabel::parse(vendor.name.as_str()).ok(),
            })
            .collect()
    }

    /// When the backups of this vault are stale. Nothing of them is told where that cannot be read:
    /// the health says so.
    fn backups_to_tell(&self) -> Option<Backups> {
        Some(Backups {
            vault: EntryId::from_bytes(*self.vault_id()),
            stale_at: self.backups_stale_at().ok()?,
        })
    }

    /// A backup was made, or where they are made was changed.
    pub(crate) fn backups_changed(&mut self) {
        let now = self.now();
        let Some(backups) = self.backups_to_tell() else {
            return;
        };
        let changed = match &mut self.records.reminders.index {
            Some(index) => index.update_backups(backups, now),
            None => true,
        };
        if changed {
            self.reseal_reminders();
        }
    }

    /// A vendor was changed.
    pub(crate) fn review_changed(&mut self, vendor: EntryId) {
        let review = self.reviews().into_iter().find(|one| one.vendor == vendor);
        let now = self.now();
        let Some(review) = review else { return };
        let changed = match &mut self.records.reminders.index {
            Some(index) => index.update_review(&review, now),
            None => true,
        };
        if changed {
            self.reseal_reminders();
        }
    }

    /// What to tell now. Tell it, then call [`OpenVault::reminders_told`].
    pub fn plan_reminders(&mut self, tz: &jiff::tz::TimeZone) -> Result<Plan, ReminderError> {
        let now = self.now();
        let index = self.reminders()?;
        Ok(plan(index.reminders(), &index.settings, tz, now))
    }

    /// Notes what was told, and writes it down.
    pub fn reminders_told(&mut self, plan: &Plan) -> Result<(), ReminderError> {
        self.load_reminders()?;
        if let Some(index) = &mut self.records.reminders.index {
            plan.record(index.reminders_mut());
            self.reseal_reminders();
        }
        Ok(self.flush_reminders()?)
    }

    /// Silences a key for some hours, never past its expiry. Returns the end.
    pub fn snooze_reminder(
        &mut self,
        key: EntryId,
        hours: u32,
        by: Client,
    ) -> Result<UtcMs, ReminderError> {
        self.load_reminders()?;
        let now = self.now();
        let mut index = self.reminders()?.clone();
        let until = index.snooze(key, hours, now)?;
        let event = AuditEvent::from(EventKind::ReminderSnoozed)
            .about(key)
            .by(by);
        self.commit_snooze(event, key, now, until)?;
        self.keep_index(index);
        self.flush_reminders()?;
        Ok(until)
    }

    /// Silences what is due of a key for good; a new due date reminds again.
    pub fn acknowledge_reminder(&mut self, key: EntryId, by: Client) -> Result<(), ReminderError> {
        let now = self.now();
        let mut index = self.reminders()?.clone();
        let silenced = index.acknowledge(key, now);
        if silenced.is_empty() {
            return Err(ReminderError::NothingDue);
        }
        let event = AuditEvent::from(EventKind::ReminderAcknowledged)
            .about(key)
            .by(by);
        self.commit(event, |tx| {
            for (kind, due) in &silenced {
                let name = [&key.as_bytes()[..], &[kind.code()]].concat();
                tx.put_local(LocalSpace::Acknowledgement, &name, &due.at.encode())?;
            }
            tx.remove_local(LocalSpace::Snooze, key.as_bytes())?;
            Ok::<_, CommitError>(())
        })?;
        self.keep_index(index);
        Ok(self.flush_reminders()?)
    }

    /// When and how reminders are told.
    pub fn remind_settings(&mut self) -> Result<RemindSettings, ReminderError> {
        Ok(self.reminders()?.settings.clone())
    }

    /// Sets when and how reminders are told.
    pub fn set_reminder_settings(&mut self, settings: RemindSettings) -> Result<(), ReminderError> {
        let mut index = self.reminders()?.clone();
        self.commit(EventKind::SettingsChanged.into(), |tx| {
            tx.put_local(LocalSpace::Setting, SETTINGS, &settings.encode())
                .map_err(CommitError::from)
        })?;
        index.settings = settings;
        // Labels come or go with the setting.
        let now = self.now();
        let (reviews, backups) = (self.reviews(), self.backups_to_tell());
        index.rebuild(self.keys()?.rows(), &reviews, backups, now);
        self.keep_index(index);
        Ok(self.flush_reminders()?)
    }

    /// Writes the index if a commit changed it. Called by the agent within seconds of a change and
    /// before the vault locks: a commit does not wait for it.
    pub fn flush_reminders(&mut self) -> Result<(), FileError> {
        if self.records.reminders.unwritten_since.is_none() {
            return Ok(());
        }
        if self.records.reminders.index.is_none() && self.load_reminders().is_err() {
            // Worked out again at the next unlock.
            return Ok(());
        }
        let Some(index) = &self.records.reminders.index else {
            return Ok(());
        };
        let k_idx = self.device_keys.index();
        write(&self.home, &self.ports, k_idx, self.vault_id(), index).map_err(|e| match e {
            ReminderSaveError::File(error) => error,
            ReminderSaveError::NoDeviceSecret(_) | ReminderSaveError::Entropy(_) => {
                FileError::NotAsWritten
            }
        })?;
        self.records.reminders.unwritten_since = None;
        Ok(())
    }

    /// Whether [`OpenVault::flush_reminders`] has something to write.
    pub fn reminders_unwritten(&self) -> bool {
        self.records.reminders.unwritten_since.is_some()
    }

    /// Milliseconds until the index is to be written; `None` if the file says what it should.
    pub fn reminders_due_in_ms(&self) -> Option<u64> {
        let since = self.records.reminders.unwritten_since?;
        let waited = self.ports.clock.mono_ms().saturating_sub(since);
        Some(WRITE_BEHIND_MS.saturating_sub(waited))
    }

    /// The file must be written again: the index was changed, or the keys of this device were.
    pub(crate) fn reseal_reminders(&mut self) {
        let now = self.ports.clock.mono_ms();
        self.records.reminders.unwritten_since.get_or_insert(now);
    }

    fn keep_index(&mut self, index: ReminderIndex) {
        self.records.reminders.index = Some(index);
        self.reseal_reminders();
    }

    /// Brings file, list and what the vault remembers together.
    fn load_reminders(&mut self) -> Result<(), ReminderError> {
        self.may_read()?;
        if self.records.reminders.index.is_some() {
            return Ok(());
        }
        let found = read(&self.home, self.device_keys.index(), self.vault_id());
        let lost = found.is_err();
        let mut index = found.unwrap_or_default();
        let now = self.now();
        self.take_over_snoozes(&index)?;
        if let Some(settings) = self.stored_settings()? {
            index.settings = settings;
        }
        self.make_ready()?;
        let (reviews, backups) = (self.reviews(), self.backups_to_tell());
        let changed = index.rebuild(self.keys()?.rows(), &reviews, backups, now);
        if lost {
            self.restore_decisions(&mut index, now)?;
        }
        self.records.reminders.index = Some(index);
        if changed || lost {
            self.reseal_reminders();
        }
        // A folder that cannot be written leaves the reminders of this session in memory.
        if self.trust == Trust::Verified {
            let _ = self.flush_reminders();
        }
        Ok(())
    }

    /// Snoozes that the vault does not know of were made while it was locked.
    fn take_over_snoozes(&mut self, index: &ReminderIndex) -> Result<(), ReminderError> {
        let mut found: Vec<(EntryId, UtcMs, UtcMs)> = index.snoozes().collect();
        found.dedup();
        for (key, from, until) in found {
            let known = self.store.local(LocalSpace::Snooze, key.as_bytes());
            let known = known.map_err(ReadError::from)?;
            if self.trust != Trust::Verified || known == Some(encode_snooze(from, until)) {
                continue;
            }
            let event = AuditEvent::from(EventKind::ReminderSnoozed).about(key);
            self.commit_snooze(event, key, from, until)?;
        }
        Ok(())
    }

    fn commit_snooze(
        &mut self,
        event: AuditEvent,
        key: EntryId,
        from: UtcMs,
        until: UtcMs,
    ) -> Result<(), CommitError> {
        self.commit(event, |tx| {
            tx.put_local(
                LocalSpace::Snooze,
                key.as_bytes(),
                &encode_snooze(from, until),
            )
            .map_err(CommitError::from)
        })
    }

    fn stored_settings(&self) -> Result<Option<RemindSettings>, ReadError> {
        let stored = self.store.local(LocalSpace::Setting, SETTINGS)?;
        Ok(stored.and_then(|bytes| RemindSettings::decode(&bytes).ok()))
    }

    /// The index was lost: what the person decided stands in the database.
    fn restore_decisions(&self, index: &mut ReminderIndex, now: UtcMs) -> Result<(), ReadError> {
        for row in self.store.local_rows(LocalSpace::Acknowledgement)? {
            let Some((key, [kind])) = row.name.split_first_chunk::<16>() else {
                continue;
            };
            let Some(kind) = ReminderKind::from_code(*kind) else {
                continue;
            };
            if let Ok(due) = UtcMs::decode(&row.body) {
                index.restore_acknowledged(EntryId::from_bytes(*key), kind, due);
            }
        }
        for row in self.store.local_rows(LocalSpace::Snooze)? {
            let Some(key) = EntryId::from_slice(&row.name) else {
                continue;
            };
            if let Some((from, until)) = decode_snooze(&row.body) {
                index.restore_snooze(key, from, until, now);
            }
        }
        Ok(())
    }
}
