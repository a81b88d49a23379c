//! `strongroom archive`: puts a key away.

use std::process::ExitCode;

use strongroom_wire::{Change, KeyEdit, KeyState, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;

const AFTER: &str = "\
An archived key is left out of lists and reminders; all of it is kept, and `strongroom restore` \
takes it back. It may still work at the exchange: revoke it there first.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = set_state(arguments.key, KeyState::Archived, context)?;
    context.output.done(&view, |view| {
        format!(
            "Archived {}. It may still work at the exchange.",
            sanitise(&view.row.label)
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn set_state(
    key: String,
    value: KeyState,
    context: &mut Context,
) -> Result<strongroom_wire::KeyView, Failure> {
    context.call::<command::edit>(KeyEdit {
        key,
        changes: vec![Change::State { value }],
    })
}
