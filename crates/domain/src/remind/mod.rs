//! Reminders: what to say now, and when to look again.
//!
//! A due moment has slots at a fixed local time: so many days before it, on the day, and daily
//! after it. The rules, in one place:
//!
//! - At any moment the *current* slot is the latest one whose time has passed. It is told once; a
//!   machine that slept over several slots tells the current one only.
//! - A slot is never told twice, however the clock jumps; and after a more urgent slot was told a
//!   less urgent one is not, unless the clock was put back by more than three hours (then the
//!   urgent telling came of a wrong clock).
//! - A lead time that is not shorter than the life the key had left when the date was recorded is
//!   skipped. What is overdue when it is recorded is told.
//! - Stale backups are told from the first time of reminders after they became so, and never
//!   before: a backup comes by itself, so that every announcement would be a false alarm.
//! - An event (a breach, a person who left) is told anew, also where the key was overdue before.
//! - Nothing is told in quiet hours; it comes at their end.
//! - A snooze silences a key until its end and then tells it once. It never reaches past the
//!   expiry. An acknowledgement silences one due moment for good.
//!
//! Deliberately not here: clocks, timers, notifications, files and seals. [`plan`] is a function.

mod index;
mod plan;
mod reminder;
mod settings;
mod words;

pub use index::{Backups, ReminderIndex, Review, SnoozeRefused};
pub use plan::{Plan, Shown, plan};
pub use reminder::{Reminder, ReminderKind};
pub use settings::{LeadDays, LeadDaysRefused, QuietHours, RemindSettings, TimeOfDay, TimeRefused};
pub use words::{SummaryText, summary_text};
