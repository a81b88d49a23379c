//! `strongroom revoke`: keys are given out no more, from now on, and are due until they are dead.

use std::process::ExitCode;

use strongroom_wire::{Revocations, Revoke, RevokeStep, command};

use super::rotate::site_words;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
From the first moment none of these keys is copied, signed with or given to a program, and the \
page where each is ended is named, what can withdraw first. They stay due, with a reminder every \
day, until --confirmed says that they were seen dead there. A person can still look at a secret, \
and `check` can still ask the exchange. Without a key what is under way is listed.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Labels or ids of the keys
    keys: Vec<String>,
    /// They were seen dead at the exchange
    #[arg(long, requires = "keys", conflicts_with = "cancel")]
    confirmed: bool,
    /// It was a mistake: they may be used again
    #[arg(long, requires = "keys")]
    cancel: bool,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let step = match (arguments.confirmed, arguments.cancel) {
        (true, _) => RevokeStep::Confirm,
        (_, true) => RevokeStep::Cancel,
        _ => RevokeStep::Begin,
    };
    if !arguments.keys.is_empty() {
        let count = i64::try_from(arguments.keys.len()).unwrap_or(i64::MAX);
        let keys = words::plural(count, "key");
        let (said, verb) = match step {
            RevokeStep::Begin => (
                format!("{keys} will be given to no program and not be copied any more."),
                "revoke",
            ),
            RevokeStep::Confirm => (
                format!("{keys} will count as dead. Look at the exchange first."),
                "dead",
            ),
            RevokeStep::Cancel => (format!("{keys} may be used again."), "cancel"),
        };
        confirm(arguments.yes, &said, verb)?;
    }
    let keys = arguments.keys;
    let asked = keys.is_empty();
    let done = context.call::<command::revoke>(Revoke { keys, step })?;
    let output = context.output;
    output.result(&done, |done| page(done, step, asked, output))?;
    Ok(ExitCode::SUCCESS)
}

fn page(done: &Revocations, step: RevokeStep, asked: bool, output: Output) -> String {
    if done.keys.is_empty() {
        return "No revocation is under way.".to_owned();
    }
    let mut table = Table::new(&["KEY", "EXCHANGE", "MAY", "STATE", "SINCE", "PAGE"]);
    for key in &done.keys {
        let page = key.page.as_ref().map(site_words).unwrap_or_default();
        table.row([
            sanitise(&key.label),
            sanitise(&key.exchange_name),
            sanitise(&key.class),
            words::state(key.state).to_owned(),
            key.since_ms.map(words::moment).unwrap_or_default(),
            page.replace('\n', " → "),
        ]);
    }
    let mut text = table.print(output);
    if usize::try_from(done.total).is_ok_and(|total| total > done.keys.len()) {
        let (shown, total) = (done.keys.len(), done.total);
        text.push_str(&format!("The first {shown} of {total}.\n"));
    }
    if step == RevokeStep::Begin || asked {
        text.push_str(
            "End each at its page, then say `strongroom revoke KEY --confirmed`. They are due \
             until then.\n",
        );
    }
    text
}
