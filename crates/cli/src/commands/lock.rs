//! `strongroom lock`: closes the vault.

use std::process::ExitCode;

use strongroom_wire::{Done, Nothing, command};

use crate::failure::Failure;
use crate::link::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    // Without an agent nothing is open, and none is started to say so.
    let done = if context.connect_to_running()? {
        context.call::<command::lock>(Nothing {})?
    } else {
        Done {}
    };
    context
        .output
        .done(&done, |_| "The vault is locked.".to_owned())?;
    Ok(ExitCode::SUCCESS)
}
