//! `strongroom restore`: takes a key back from the archive.

use std::process::ExitCode;

use strongroom_wire::{KeySelector, KeyState, command};

use super::archive::set_state;
use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::{values, words};

const AFTER: &str = "To put a whole vault back from a backup, see `strongroom restore-backup`.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
    /// The state it comes back in
    #[arg(
        long,
        value_name = "STATE",
        default_value = "active",
        value_parser = values::state()
    )]
    state: KeyState,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = context.call::<command::show>(KeySelector { key: arguments.key })?;
    if view.row.state != KeyState::Archived {
        return Err(Failure::refused(
            "the key is not archived; `strongroom edit --state` changes it",
        ));
    }
    let view = set_state(view.row.id, arguments.state, context)?;
    context.output.done(&view, |view| {
        format!(
            "Restored {} as {}.",
            sanitise(&view.row.label),
            words::state(view.row.state)
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
