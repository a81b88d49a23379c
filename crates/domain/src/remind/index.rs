//! All reminders of a vault together: the content of the reminder index, which is readable while
//! the vault is locked.
//!
//! Deliberately not here: sealing it and writing it to the disk.

use super::reminder::{Reminder, ReminderKind, Snooze};
use super::settings::RemindSettings;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::expiry::{Due, DueCause};
use crate::ids::EntryId;
use crate::moment::{HOUR_MS, UtcMs};
use crate::summary::KeySummary;
use crate::text::KeyLabel;

const FORM: u8 = 1;
/// Two due moments a key, for far more keys than anybody has.
const MOST: usize = 400_000;

/// The reminders of a vault, ordered by key and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReminderIndex {
    pub settings: RemindSettings,
    reminders: Vec<Reminder>,
}

/// That a vendor is to be looked at again, or is not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub vendor: EntryId,
    pub at: Option<UtcMs>,
    /// What it is called.
    pub label: Option<KeyLabel>,
}

/// When the backups of a vault are stale, unless one is made before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backups {
    /// The id of the vault.
    pub vault: EntryId,
    pub stale_at: UtcMs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnoozeRefused {
    #[error("nothing is due for this key")]
    NotDue,
    #[error("this key has expired; a reminder of that is acknowledged, not snoozed")]
    Expired,
    #[error("a snooze lasts from 1 to {most} hours")]
    Hours { most: u32 },
}

impl ReminderIndex {
    /// The longest snooze: a notification's own is shorter still.
    pub const MOST_SNOOZE_HOURS: u32 = 30 * 24;

    pub fn reminders(&self) -> &[Reminder] {
        &self.reminders
    }

    /// The reminders without that of backups, which is only told once it is due: what is announced
    /// of the time to come.
    pub fn announced(&self) -> [&[Reminder]; 2] {
        let mut all = self.reminders.iter();
        match all.position(|reminder| reminder.kind == ReminderKind::Backup) {
            Some(place) => [&self.reminders[..place], &self.reminders[place + 1..]],
            None => [&self.reminders, &[]],
        }
    }

    /// When backups are stale.
    pub fn backups_stale_at(&self) -> Option<UtcMs> {
        let mut all = self.reminders.iter();
        let found = all.find(|reminder| reminder.kind == ReminderKind::Backup);
        found.map(|reminder| reminder.due.at)
    }

    pub fn reminders_mut(&mut self) -> &mut [Reminder] {
        &mut self.reminders
    }

    /// Takes over what the vault knows of a key. A due moment that stays the same keeps its
    /// history; a new one starts afresh. Returns whether anything changed.
    pub fn update(&mut self, summary: &KeySummary, now: UtcMs) -> bool {
        let label = self.settings.names.then(|| summary.label.clone());
        let mut changed = false;
        for (kind, due) in [
            (ReminderKind::Expiry, summary.expiry),
            (ReminderKind::Rotation, summary.rotation),
        ] {
            changed |= self.take((summary.id, kind), due, label.as_ref(), now);
        }
        changed
    }

    /// The same of a vendor that is to be looked at again.
    pub fn update_review(&mut self, review: &Review, now: UtcMs) -> bool {
        let label = review.label.as_ref().filter(|_| self.settings.names);
        let due = review.at.map(|at| Due {
            at,
            cause: DueCause::Review,
        });
        self.take((review.vendor, ReminderKind::Review), due, label, now)
    }

    /// The same of the vault's backups.
    pub fn update_backups(&mut self, backups: Backups, now: UtcMs) -> bool {
        let due = Due {
            at: backups.stale_at,
            cause: DueCause::Backups,
        };
        self.take((backups.vault, ReminderKind::Backup), Some(due), None, now)
    }

    fn take(
        &mut self,
        (id, kind): (EntryId, ReminderKind),
        due: Option<Due>,
        label: Option<&KeyLabel>,
        now: UtcMs,
    ) -> bool {
        match (self.place(id, kind), due) {
            (Ok(place), Some(due)) => {
                let ours = &mut self.reminders[place];
                let changed = ours.due != due || ours.label.as_ref() != label;
                if is_news(ours.due, due) {
                    *ours = Reminder::new(id, kind, due, now);
                }
                ours.due = due;
                ours.label = label.cloned();
                changed
            }
            (Err(place), Some(due)) => {
                let mut reminder = Reminder::new(id, kind, due, now);
                reminder.label = label.cloned();
                self.reminders.insert(place, reminder);
                true
            }
            (Ok(place), None) => {
                self.reminders.remove(place);
                true
            }
            (Err(_), None) => false,
        }
    }

    /// Takes over all keys, vendors and the backups of a vault at once, and forgets what is no longer there.
    pub fn rebuild<'a>(
        &mut self,
        summaries: impl IntoIterator<Item = &'a KeySummary>,
        reviews: &[Review],
        backups: Option<Backups>,
        now: UtcMs,
    ) -> bool {
        let mut fresh = Self {
            settings: self.settings.clone(),
            reminders: Vec::new(),
        };
        let mut summaries: Vec<&KeySummary> = summaries.into_iter().collect();
        summaries.sort_unstable_by_key(|summary| summary.id);
        for summary in summaries {
            fresh.update(summary, now);
        }
        for review in reviews {
            fresh.update_review(review, now);
        }
        if let Some(backups) = backups {
            fresh.update_backups(backups, now);
        }
        for reminder in &mut fresh.reminders {
            if let Ok(place) = self.place(reminder.key, reminder.kind)
                && !is_news(self.reminders[place].due, reminder.due)
            {
                let ours = &self.reminders[place];
                reminder.recorded = ours.recorded;
                reminder.acknowledged = ours.acknowledged;
                reminder.snooze = ours.snooze;
                reminder.told.clone_from(&ours.told);
            }
        }
        let changed = *self != fresh;
        *self = fresh;
        changed
    }

    /// Forgets a key. Returns whether anything changed.
    pub fn remove(&mut self, key: EntryId) -> bool {
        let before = self.reminders.len();
        self.reminders.retain(|reminder| reminder.key != key);
        self.reminders.len() != before
    }

    /// The due moments of one key.
    pub fn of_key(&self, key: EntryId) -> &[Reminder] {
        let from = self
            .reminders
            .partition_point(|reminder| reminder.key < key);
        let to = self
            .reminders
            .partition_point(|reminder| reminder.key <= key);
        &self.reminders[from..to]
    }

    /// Silences a key for some hours, but never past its expiry. Returns the end.
    pub fn snooze(&mut self, key: EntryId, hours: u32, now: UtcMs) -> Result<UtcMs, SnoozeRefused> {
        if !(1..=Self::MOST_SNOOZE_HOURS).contains(&hours) {
            return Err(SnoozeRefused::Hours {
                most: Self::MOST_SNOOZE_HOURS,
            });
        }
        let until = self.snooze_end(key, now.plus_ms(i64::from(hours) * HOUR_MS), now)?;
        self.set_snooze(key, now, until);
        Ok(until)
    }

    /// Silences one due moment for good: those the person has been or would be told of by now, or
    /// the next one if it is too early for any. Returns what was silenced.
    pub fn acknowledge(&mut self, key: EntryId, now: UtcMs) -> Vec<(ReminderKind, Due)> {
        let longest = self.settings.leads.days().next().unwrap_or(0).max(0);
        let horizon = now.plus_days(longest.unsigned_abs() + 1);
        let next = self
            .of_key(key)
            .iter()
            .filter(|r| !r.acknowledged)
            .map(|r| r.due.at)
            .min();
        let mut silenced = Vec::new();
        for reminder in self
            .reminders
            .iter_mut()
            .filter(|reminder| reminder.key == key)
        {
            let reached = reminder.due.at <= horizon || Some(reminder.due.at) == next;
            if reached && !reminder.acknowledged {
                reminder.acknowledged = true;
                reminder.snooze = None;
                silenced.push((reminder.kind, reminder.due));
            }
        }
        silenced
    }

    /// Takes over that a due moment was acknowledged, as the vault remembers it. Of an event it
    /// does not remember whether that or the policy before it was acknowledged, so it is told.
    pub fn restore_acknowledged(&mut self, key: EntryId, kind: ReminderKind, due: UtcMs) {
        if let Ok(place) = self.place(key, kind)
            && self.reminders[place].due.at == due
            && !matches!(self.reminders[place].due.cause, DueCause::Event(_))
        {
            self.reminders[place].acknowledged = true;
        }
    }

    /// Takes over a snooze that the vault remembers and that has not ended.
    pub fn restore_snooze(&mut self, key: EntryId, from: UtcMs, until: UtcMs, now: UtcMs) {
        let unknown = self
            .of_key(key)
            .iter()
            .all(|reminder| reminder.snooze.is_none());
        if unknown && now < until {
            self.set_snooze(key, from, until);
        }
    }

    /// The snoozes that are set, as (key, from, until): what the vault takes over and audits.
    pub fn snoozes(&self) -> impl Iterator<Item = (EntryId, UtcMs, UtcMs)> + '_ {
        self.reminders
            .iter()
            .filter_map(|reminder| reminder.snooze.map(|s| (reminder.key, s.from, s.until)))
    }

    fn snooze_end(&self, key: EntryId, wanted: UtcMs, now: UtcMs) -> Result<UtcMs, SnoozeRefused> {
        let mut end = wanted;
        let mut due = false;
        for reminder in self
            .of_key(key)
            .iter()
            .filter(|reminder| !reminder.acknowledged)
        {
            due = true;
            if reminder.kind == ReminderKind::Expiry {
                if reminder.due.at <= now {
                    return Err(SnoozeRefused::Expired);
                }
                end = end.min(reminder.due.at);
            }
        }
        if due {
            Ok(end)
        } else {
            Err(SnoozeRefused::NotDue)
        }
    }

    fn set_snooze(&mut self, key: EntryId, from: UtcMs, until: UtcMs) {
        let silenced = |reminder: &&mut Reminder| reminder.key == key && !reminder.acknowledged;
        for reminder in self.reminders.iter_mut().filter(silenced) {
            reminder.snooze = Some(Snooze { from, until });
        }
    }

    fn place(&self, key: EntryId, kind: ReminderKind) -> Result<usize, usize> {
        self.reminders
            .binary_search_by_key(&(key, kind), |reminder| (reminder.key, reminder.kind))
    }
}

/// Whether a due moment is another one than before, so that it is told from the beginning. An event
/// may leave a date that was overdue as it was; that something happened is news all the same.
fn is_news(before: Due, after: Due) -> bool {
    let happened = matches!(after.cause, DueCause::Event(_)) && before.cause != after.cause;
    before.at != after.at || happened
}

impl Canonical for ReminderIndex {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        out.u8(FORM).map(drop).sure();
        self.settings.write_cbor(out);
        out.array(self.reminders.len() as u64).map(drop).sure();
        self.reminders
            .iter()
            .for_each(|reminder| reminder.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 3)?;
        if input.u8()? != FORM {
            return Err(CodecError::Unknown);
        }
        let settings = RemindSettings::read_cbor(input)?;
        let reminders = (0..array_len(input, MOST)?)
            .map(|_| Reminder::read_cbor(input))
            .collect::<Result<Vec<_>, _>>()?;
        let name = |reminder: &Reminder| (reminder.key, reminder.kind);
        if !reminders.is_sorted_by(|a, b| name(a) < name(b)) {
            return Err(CodecError::NotCanonical);
        }
        Ok(Self {
            settings,
            reminders,
        })
    }
}
