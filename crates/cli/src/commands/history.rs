//! `strongroom history`: every change of a key.

use std::process::ExitCode;

use strongroom_wire::{KeySelector, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let history = context.call::<command::history>(KeySelector { key: arguments.key })?;
    context.output.result(&history, |history| {
        let mut table = Table::new(&["WHEN", "WHAT", "VALUE", "", "DEVICE"]);
        for line in &history.lines {
            table.row([
                words::moment(line.at_ms),
                sanitise(&line.register),
                sanitise(&line.value),
                if line.current {
                    "now".to_owned()
                } else {
                    String::new()
                },
                sanitise(&line.device),
            ]);
        }
        table.print(context.output)
    })?;
    let shown = history.lines.len();
    if usize::try_from(history.total).is_ok_and(|total| total > shown) && !context.output.json {
        context
            .output
            .note(&format!("the newest {shown} of {} changes", history.total));
    }
    Ok(ExitCode::SUCCESS)
}
