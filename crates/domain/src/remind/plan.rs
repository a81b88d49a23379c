//! The plan: what to show now and when to look again.

use jiff::Span;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::reminder::{Reminder, ReminderKind};
use super::settings::{QuietHours, RemindSettings};
use crate::expiry::Due;
use crate::ids::EntryId;
use crate::moment::UtcMs;
use crate::text::KeyLabel;

/// What to do at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    now: UtcMs,
    /// One summary's worth, the earliest due first. Empty: say nothing.
    pub show: Vec<Shown>,
    /// When to plan again, unless something changes before: a key, the clock, the time zone, or
    /// the machine wakes. `None`: nothing will ever be due.
    pub next: Option<UtcMs>,
}

/// One due moment in a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub key: EntryId,
    pub kind: ReminderKind,
    pub due: Due,
    pub label: Option<KeyLabel>,
    /// Whole local days from today to the day it is due; negative when past.
    pub days_left: i32,
    place: usize,
    slot: Option<i32>,
}

/// Plans for one moment. Showing comes next, then [`Plan::record`]: a crash between the two tells
/// a reminder twice rather than never.
pub fn plan(reminders: &[Reminder], settings: &RemindSettings, tz: &TimeZone, now: UtcMs) -> Plan {
    if !settings.enabled {
        return Plan {
            now,
            show: Vec::new(),
            next: None,
        };
    }
    let calendar = Calendar::at(now, tz, settings);
    let quiet_until = calendar.quiet_until(now);
    let mut show = Vec::new();
    let mut next: Option<UtcMs> = None;
    let mut wake_at = |at: UtcMs| next = Some(next.map_or(at, |next| next.min(at)));
    for (place, reminder) in reminders.iter().enumerate() {
        if reminder.acknowledged {
            continue;
        }
        if let Some(until) = reminder
            .snoozed_until()
            .filter(|_| reminder.is_snoozed(now))
        {
            wake_at(until);
            continue;
        }
        let due_on = calendar.due_on(reminder);
        let slot = calendar.current_slot(reminder, due_on);
        let untold = slot.is_some_and(|slot| !reminder.is_told(slot, now));
        // The end of a snooze tells what had come before it; what is still far off stays so.
        if untold || (slot.is_some() && reminder.snooze_is_over(now)) {
            match quiet_until {
                Some(end) => wake_at(end),
                None => show.push(Shown {
                    key: reminder.key,
                    kind: reminder.kind,
                    due: reminder.due,
                    label: reminder.label.clone(),
                    days_left: days_between(calendar.today, due_on),
                    place,
                    slot,
                }),
            }
        }
        if let Some(at) = calendar.next_slot(reminder, due_on, now) {
            wake_at(at);
        }
    }
    show.sort_by_key(|shown| (shown.due.at, shown.key, shown.kind));
    let next = next.map(|at| Calendar::at(at, tz, settings).quiet_until(at).unwrap_or(at));
    Plan { now, show, next }
}

impl Plan {
    pub fn now(&self) -> UtcMs {
        self.now
    }

    /// Notes in the same reminders that what was to be shown was shown.
    pub fn record(&self, reminders: &mut [Reminder]) {
        for shown in &self.show {
            let reminder = &mut reminders[shown.place];
            reminder.snooze = None;
            if let Some(slot) = shown.slot {
                reminder.tell(slot, self.now);
            }
        }
    }
}

/// One moment as a local calendar shows it.
struct Calendar<'a> {
    settings: &'a RemindSettings,
    tz: &'a TimeZone,
    time: Time,
    today: Date,
    /// The last day on which the time of reminders has come.
    fired_on: Date,
}

impl<'a> Calendar<'a> {
    fn at(now: UtcMs, tz: &'a TimeZone, settings: &'a RemindSettings) -> Self {
        let local = tz.to_datetime(now.timestamp());
        let (today, time) = (local.date(), local.time());
        let mut calendar = Self {
            settings,
            tz,
            time,
            today,
            fired_on: today,
        };
        if calendar.fires_on(today) > now {
            calendar.fired_on = add_days(today, -1);
        }
        calendar
    }

    fn local_date(&self, at: UtcMs) -> Date {
        self.tz.to_datetime(at.timestamp()).date()
    }

    /// The day that slots are counted from: the one on which it is due. What is told only once it
    /// is so waits for the first time of reminders after that moment, which may be a day later.
    fn due_on(&self, reminder: &Reminder) -> Date {
        let day = self.local_date(reminder.due.at);
        if reminder.kind == ReminderKind::Backup && self.fires_on(day) < reminder.due.at {
            add_days(day, 1)
        } else {
            day
        }
    }

    /// The moment of reminders on a local day. A time that a clock change skips comes as much
    /// later; one that comes twice is taken the first time.
    fn fires_on(&self, day: Date) -> UtcMs {
        let at = day.to_datetime(self.settings.fire_at.civil());
        let ms = match self.tz.to_ambiguous_timestamp(at).compatible() {
            Ok(at) => at.as_millisecond(),
            // Only the last days of the calendar have no local times everywhere.
            Err(_) => i64::MAX,
        };
        UtcMs::parse(ms).unwrap_or_else(|_| UtcMs::EPOCH.plus_ms(ms))
    }

    /// The latest slot whose time has come, in days left.
    fn current_slot(&self, reminder: &Reminder, due_on: Date) -> Option<i32> {
        let left = days_between(self.fired_on, due_on);
        if left < 0 {
            return Some(left);
        }
        let slot = self
            .settings
            .leads
            .days()
            .rev()
            .find(|lead| *lead >= left)?;
        reminder.has_lead(slot).then_some(slot)
    }

    /// The moment of the first slot after now.
    fn next_slot(&self, reminder: &Reminder, due_on: Date, now: UtcMs) -> Option<UtcMs> {
        let lead = self
            .settings
            .leads
            .days()
            .filter(|lead| reminder.has_lead(*lead))
            .map(|lead| self.fires_on(add_days(due_on, -lead)))
            .find(|at| *at > now);
        let daily = || self.fires_on(add_days(self.fired_on, 1).max(add_days(due_on, 1)));
        Some(lead.unwrap_or_else(daily)).filter(|at| *at > now)
    }

    /// The end of the quiet hours, if this moment lies in them.
    fn quiet_until(&self, now: UtcMs) -> Option<UtcMs> {
        let quiet: QuietHours = self.settings.quiet?;
        if !quiet.holds(self.time) {
            return None;
        }
        let end = quiet.to.civil();
        let day = if self.time < end {
            self.today
        } else {
            add_days(self.today, 1)
        };
        let at = self
            .tz
            .to_ambiguous_timestamp(day.to_datetime(end))
            .compatible()
            .ok()?;
        let at = UtcMs::parse(at.as_millisecond()).ok()?;
        // Where the clocks go back inside quiet hours their end comes twice; after the first time
        // the question is asked again each minute.
        Some(at.max(now.plus_ms(60_000)))
    }
}

fn add_days(day: Date, days: i32) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to)
        .expect("days between two dates of the calendar always count")
        .get_days()
}
