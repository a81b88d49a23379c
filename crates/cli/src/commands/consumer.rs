//! `strongroom consumer`: bots, tools, persons and hosts that hold keys.

use std::process::ExitCode;

use strongroom_wire::{Breach, ConsumerKind, ConsumerList, ConsumerSet, Nothing, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::values;
use crate::when::{Moment, parse_moment};
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Everybody who holds keys, with how many
    List,
    /// Record who somebody is; what is not named stays as it is
    Set(Set),
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Its name; somebody new is recorded
    name: String,
    /// Another name; keys go on naming it
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    /// What it is: bot, tool, person or host
    #[arg(long, value_name = "KIND", value_parser = values::consumer_kind())]
    kind: Option<ConsumerKind>,
    /// Who makes or runs it; empty for nobody
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// Where it runs: an address or a name; empty for nowhere
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// It had a breach, at this moment or now
    #[arg(
        long,
        value_name = "DATE",
        num_args = 0..=1,
        default_missing_value = "now",
        value_parser = parse_moment
    )]
    breached: Option<Moment>,
    /// It had no breach after all
    #[arg(long, conflicts_with = "breached")]
    not_breached: bool,
    /// Notes in place of those recorded; empty for none
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what.unwrap_or(What::List) {
        What::List => {
            let list = context.call::<command::consumers>(Nothing {})?;
            let output = context.output;
            output.result(&list, |list| table(list, output))?;
        }
        What::Set(set) => {
            let done = context.call::<command::consumer_set>(ConsumerSet {
                name: set.name,
                rename: set.rename,
                kind: set.kind,
                vendor: set.vendor,
                host: set.host,
                breach: breach(set.breached, set.not_breached),
                notes: set.notes,
            })?;
            context.output.done(&done, |_| "Recorded.".to_owned())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn breach(breached: Option<Moment>, none: bool) -> Option<Breach> {
    match breached {
        Some(at) => Some(Breach::At { ms: at.0 }),
        None => none.then_some(Breach::None {}),
    }
}

fn table(list: &ConsumerList, output: Output) -> String {
    if list.consumers.is_empty() {
        return "Nobody is recorded who holds keys.".to_owned();
    }
    let mut table = Table::new(&["NAME", "KIND", "VENDOR", "HOST", "KEYS", "BREACH"]);
    for one in &list.consumers {
        let text = |text: &Option<String>| text.as_deref().map(sanitise).unwrap_or_default();
        table.row([
            sanitise(&one.name),
            one.kind.map(kind).unwrap_or_default().to_owned(),
            text(&one.vendor),
            text(&one.host),
            one.keys.to_string(),
            one.breached_ms.map(words::moment).unwrap_or_default(),
        ]);
    }
    let mut text = table.print(output);
    if usize::try_from(list.total).is_ok_and(|total| total > list.consumers.len()) {
        let (shown, total) = (list.consumers.len(), list.total);
        text.push_str(&format!("The first {shown} of {total}.\n"));
    }
    text
}

fn kind(kind: ConsumerKind) -> &'static str {
    match kind {
        ConsumerKind::Bot => "bot",
        ConsumerKind::Tool => "tool",
        ConsumerKind::Person => "person",
        ConsumerKind::Host => "host",
    }
}
