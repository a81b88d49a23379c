//! Reminders as a list, and who is meant by a name in it.

use strongroom_domain::remind::{Reminder, ReminderIndex, ReminderKind};
use strongroom_domain::{Due, EntryId, KeyLabel, UtcMs};

use super::ReminderError;
use crate::open::OpenVault;
use crate::records::KeyError;

/// A due moment in the list of reminders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRow {
    pub key: EntryId,
    pub label: Option<KeyLabel>,
    pub kind: ReminderKind,
    pub due: Due,
    pub snoozed_until: Option<UtcMs>,
    pub acknowledged: bool,
}

/// What the backups of a vault are called where reminders are listed, snoozed or acknowledged. It
/// is the same for every vault and tells nothing.
pub const BACKUPS: &str = "backups";

/// The rows of an index, soonest first; labels are those the index carries. Backups have a row once
/// they are stale: until then nothing is to be done about them.
pub fn reminder_rows(index: &ReminderIndex, now: UtcMs) -> Vec<ReminderRow> {
    let mut rows: Vec<ReminderRow> = index
        .reminders()
        .iter()
        .filter(|reminder| reminder.kind != ReminderKind::Backup || reminder.due.at <= now)
        .map(|reminder| ReminderRow {
            key: reminder.key,
            label: match reminder.kind {
                ReminderKind::Backup => KeyLabel::parse(BACKUPS).ok(),
                _ => reminder.label.clone(),
            },
            kind: reminder.kind,
            due: reminder.due,
            snoozed_until: reminder.snoozed_until(),
            acknowledged: reminder.acknowledged,
        })
        .collect();
    rows.sort_by_key(|row| (row.due.at, row.key, row.kind));
    rows
}

/// The entry whose stale backups are meant: while the vault is locked it is known by the same words.
pub fn stale_backups(index: &ReminderIndex, selector: &str, now: UtcMs) -> Option<EntryId> {
    let stale = |one: &&Reminder| one.kind == ReminderKind::Backup && one.due.at <= now;
    let vault = index.reminders().iter().find(stale)?.key;
    let is_meant = selector.trim().eq_ignore_ascii_case(BACKUPS) || vault.to_string() == selector;
    is_meant.then_some(vault)
}

impl OpenVault {
    /// The rows of all reminders with their labels, soonest first.
    pub fn reminder_rows(&mut self) -> Result<Vec<ReminderRow>, ReminderError> {
        let now = self.now();
        let mut rows = reminder_rows(self.reminders()?, now);
        let reviews = self.reviews();
        if let Some(list) = &self.records.list {
            let named = |row: &&mut ReminderRow| row.kind != ReminderKind::Backup;
            for row in rows.iter_mut().filter(named) {
                let vendor = || reviews.iter().find(|one| one.vendor == row.key);
                row.label = match list.get(row.key) {
                    Some(key) => Some(key.label.clone()),
                    None => vendor().and_then(|one| one.label.clone()),
                };
            }
        }
        Ok(rows)
    }

    /// The entry that a person means where reminders are snoozed or acknowledged: a key, a vendor
    /// that is to be looked at again, or the vault itself whose [`BACKUPS`] are stale.
    ///
    /// # Errors
    /// Nobody is called so, or nothing is due of it.
    pub fn find_reminded(&mut self, selector: &str) -> Result<EntryId, KeyError> {
        if let Err(error) = self.load_reminders() {
            return match error {
                ReminderError::Read(error) => Err(error.into()),
                _ => Err(KeyError::NotFound),
            };
        }
        let vendor = self.reviews().into_iter().find(|one| {
            let name = one
                .label
                .as_ref()
                .map(|label| label.as_str().to_lowercase());
            one.vendor.to_string() == selector || name == Some(selector.trim().to_lowercase())
        });
        match (self.find_key(selector), vendor) {
            (Err(KeyError::NotFound), Some(review)) => Ok(review.vendor),
            (Err(KeyError::NotFound), None) => {
                let now = self.now();
                let index = self.records.reminders.index.as_ref();
                let stale = index.and_then(|index| stale_backups(index, selector, now));
                stale.ok_or(KeyError::NotFound)
            }
            (found, _) => found,
        }
    }
}
