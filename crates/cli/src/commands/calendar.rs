//! `strongroom calendar`: what is due when, and the same for a calendar program.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{CalendarAsk, CalendarExport, CalendarKind, CalendarView, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
What is recorded and what is known of the exchange's own rules, soonest first. A rule that is not \
sure is marked with `?` and says why; it reminds of nothing by itself.

--ics writes a file for a calendar program, with alarms at the lead days of the reminders. It \
holds no secret, and no names unless --names says so: calendars are copied to servers. A file \
written later changes the same entries and doubles none.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// So many days ahead; what is overdue is told too
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    days: u32,
    /// Write an iCalendar file in place of the list; it must not be there yet
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// Name keys and vendors in the file
    #[arg(long, requires = "ics")]
    names: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let days = arguments.days;
    if let Some(file) = arguments.ics {
        let path = absolute(&file)?;
        let names = arguments.names;
        let written =
            context.call::<command::calendar_export>(CalendarExport { days, path, names })?;
        context.output.result(&written, |written| {
            let moments = words::plural(i64::from(written.entries), "due moment");
            format!("Wrote {moments} to {}.", sanitise(&written.path))
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let view = context.call::<command::calendar>(CalendarAsk { days })?;
    let output = context.output;
    output.result(&view, |view| page(view, output, now_ms()))?;
    Ok(ExitCode::SUCCESS)
}

fn page(view: &CalendarView, output: Output, now: i64) -> String {
    if view.entries.is_empty() {
        return "Nothing is due.".to_owned();
    }
    let mut table = Table::new(&["WHEN", "WHAT", "NAME", "EXCHANGE", "WHY"]);
    for entry in &view.entries {
        let sure = entry.doubt.is_none();
        let when = words::due(&entry.due, now);
        let when = match words::due_tone(entry.due.days).filter(|_| sure) {
            Some(tone) => output.paint(tone, &when),
            None => when,
        };
        let what = match entry.kind {
            CalendarKind::Expiry => "expires",
            CalendarKind::MayEnd => "may end ?",
            CalendarKind::Rotation => "rotate",
            CalendarKind::Revocation => "confirm revocation",
            CalendarKind::Review => "review",
        };
        let mut why = sanitise(&entry.due.cause);
        if let Some(effect) = &entry.effect {
            why.push_str(&format!("; {}", sanitise(effect)));
        }
        if let Some(doubt) = &entry.doubt {
            why.push_str(&output.paint(Tone::Quiet, &format!("; {}", sanitise(doubt))));
        }
        let exchange = entry.exchange_name.as_deref().unwrap_or_default();
        table.row([
            when,
            what.to_owned(),
            sanitise(&entry.name),
            sanitise(exchange),
            why,
        ]);
    }
    let mut text = table.print(output);
    if usize::try_from(view.total).is_ok_and(|total| total > view.entries.len()) {
        let (shown, total) = (view.entries.len(), view.total);
        text.push_str(&format!("The soonest {shown} of {total}.\n"));
    }
    text
}
