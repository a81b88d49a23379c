//! `strongroom remind`: reminders, seen, snoozed, acknowledged and tried.

use std::process::ExitCode;

use strongroom_wire::{Nothing, ReminderAck, ReminderKind, ReminderList, ReminderSnooze, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
Reminders come 30, 14, 7, 3, 1 and 0 days before a key expires or needs rotating, and then every \
day, at 09:00, also while the vault is locked. They name no key unless the setting \
`names-in-notifications` is on. Backups are told of once none was made for a week; they are called \
`backups` here, also while the vault is locked.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// What is due and when the next reminder comes; also while locked
    List,
    /// Be reminded of a key later, never past its expiry; also while locked
    Snooze {
        /// Label or id of the key, or `backups`; while locked, the id that `remind list` gives
        key: String,
        /// For how many hours
        #[arg(
            long,
            value_name = "HOURS",
            default_value_t = 24,
            conflicts_with = "days"
        )]
        hours: u32,
        /// For how many days
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=365))]
        days: Option<u32>,
    },
    /// Not be reminded of this due date any more; a new date reminds again
    Ack {
        /// Label or id of the key, or `backups`
        key: String,
    },
    /// Show a notification now, to see that they arrive
    Test,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what.unwrap_or(What::List) {
        What::List => {
            let list = context.call::<command::reminder_list>(Nothing {})?;
            context
                .output
                .result(&list, |list| page(list, context.output, now_ms()))?;
        }
        What::Snooze { key, hours, days } => {
            let hours = days.map_or(hours, |days| days * 24);
            let done = context.call::<command::reminder_snooze>(ReminderSnooze { key, hours })?;
            context.output.done(&done, |_| {
                let hours = words::plural(i64::from(hours), "hour");
                format!("Snoozed for {hours}, or until it expires.")
            })?;
        }
        What::Ack { key } => {
            let done = context.call::<command::reminder_ack>(ReminderAck { key })?;
            context.output.done(&done, |_| {
                "Acknowledged: this due date reminds no more. It stays due.".to_owned()
            })?;
        }
        What::Test => {
            let tested = context.call::<command::reminder_test>(Nothing {})?;
            context.output.result(&tested, |tested| {
                let server = sanitise(&tested.server);
                if tested.delivered {
                    format!("{server} took the notification; it should be on the screen now.")
                } else {
                    format!("{server} did not take the notification.")
                }
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn page(list: &ReminderList, output: Output, now: i64) -> String {
    let mut table = Table::new(&["KEY", "DUE", "WHY", "REMINDER"]);
    for reminder in &list.reminders {
        let sentence = words::due_sentence(reminder.kind, &reminder.due, now);
        let sentence = match words::due_tone(reminder.due.days) {
            Some(tone) => output.paint(tone, &sentence),
            None => sentence,
        };
        let said = if reminder.acknowledged {
            "acknowledged".to_owned()
        } else if let Some(until) = reminder.snoozed_until_ms {
            format!("snoozed until {}", words::moment(until))
        } else {
            String::new()
        };
        let why = match reminder.kind {
            // A rotation that is due by its policy is said already.
            ReminderKind::Rotation if reminder.due.cause.contains("since the last") => {
                String::new()
            }
            _ => sanitise(&reminder.due.cause),
        };
        let name = reminder.label.as_deref().unwrap_or(&reminder.id);
        table.row([sanitise(name), sentence, why, said]);
    }
    let mut text = if table.is_empty() {
        "Nothing is due.\n".to_owned()
    } else {
        table.print(output)
    };
    if usize::try_from(list.total).is_ok_and(|total| total > list.reminders.len()) {
        text.push_str(&format!(
            "The soonest {} of {}.\n",
            list.reminders.len(),
            list.total
        ));
    }
    if let Some(next) = list.next_ms {
        text.push_str(&format!(
            "The next reminder comes {}.\n",
            words::moment(next)
        ));
    }
    if list.limited {
        text.push_str(
            "The vault is locked and its device secret is not at hand, so this is not known: \
             unlock to see what is due.\n",
        );
    }
    text
}
