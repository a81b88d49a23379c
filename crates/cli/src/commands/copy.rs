//! `strongroom copy`: one field to the clipboard, for a while.

use std::process::ExitCode;

use strongroom_wire::{Copy, KeySelector, Nothing, command};

use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::words;

const AFTER: &str = "\
The agent puts it there and clears it again after the time that the setting `clipboard-seconds` \
gives, if it is still ours. Every program of your session can read the clipboard meanwhile.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    #[arg(required_unless_present = "clear")]
    key: Option<String>,
    /// Which field
    #[arg(long, value_name = "NAME", default_value = "secret")]
    field: String,
    /// Clear the clipboard now, if it is still ours
    #[arg(long, conflicts_with = "key")]
    clear: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let Some(key) = arguments.key else {
        let done = context.call::<command::copy_clear>(Nothing {})?;
        context
            .output
            .done(&done, |_| "The clipboard is cleared.".to_owned())?;
        return Ok(ExitCode::SUCCESS);
    };
    // A name that fits no key or field is told before a code is spent on it.
    let view = context.call::<command::show>(KeySelector { key })?;
    if !view
        .fields
        .iter()
        .any(|field| field.name == arguments.field)
    {
        return Err(super::reveal::no_such_field(&view));
    }
    let step_up = context.step_up(Proof::Code)?;
    let copied = context.call::<command::copy>(Copy {
        key: view.row.id,
        field: arguments.field.clone(),
        step_up: Some(step_up),
    })?;
    context.output.done(&copied, |copied| {
        let seconds = words::plural(i64::from(copied.clears_after_s), "second");
        format!(
            "Copied {} of {}; it is cleared in {seconds}.",
            sanitise(&arguments.field),
            sanitise(&view.row.label)
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
