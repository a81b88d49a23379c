//! `strongroom reveal`: secret fields in the clear.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use strongroom_wire::{ErrorCode, KeySelector, KeyView, Reveal, command};

use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Tone;
use crate::sanitise::sanitise_lines;
use crate::words;

const AFTER: &str = "\
On a terminal the values stay in its scrollback. For a program use `strongroom run`, which gives \
them to it alone.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
    /// Only these fields, by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    field: Vec<String>,
    /// Of this version, as `show` gives its id; the current one without it
    #[arg(long, value_name = "ID")]
    version: Option<String>,
    /// Print the value of the one field alone, without a line end
    #[arg(long, requires = "field", conflicts_with = "json")]
    raw: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if arguments.raw && arguments.field.len() != 1 {
        return Err(Failure::invalid(
            "--raw prints one field: name one with --field",
        ));
    }
    let view = context.call::<command::show>(KeySelector { key: arguments.key })?;
    let is_known = |name: &String| view.fields.iter().any(|field| field.name == *name);
    if arguments.version.is_none() && !arguments.field.iter().all(is_known) {
        return Err(no_such_field(&view));
    }
    let step_up = context.step_up(Proof::Code)?;
    let revealed = context.call::<command::reveal>(Reveal {
        key: view.row.id,
        fields: arguments.field,
        version: arguments.version,
        step_up: Some(step_up),
    })?;
    if arguments.raw
        && let Some(field) = revealed.fields.first()
    {
        // EXPOSE: the person asked for the value alone, for a pipe of their own.
        context
            .output
            .bytes(field.value.secret().expose().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if context.output.json {
        context.output.json(&revealed)?;
        return Ok(ExitCode::SUCCESS);
    }
    let on_terminal = io::stdout().is_terminal();
    for field in &revealed.fields {
        // EXPOSE: the person asked to see it. On a terminal nothing in it may move the cursor.
        let value = field.value.secret().expose();
        let value = if on_terminal {
            sanitise_lines(value)
        } else {
            value.to_owned()
        };
        let name = context.output.paint(Tone::Quiet, &field.name);
        let gap = if value.contains('\n') { '\n' } else { ' ' };
        context.output.say(&format!("{name}:{gap}{value}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn no_such_field(view: &KeyView) -> Failure {
    let fields: Vec<String> = view.fields.iter().map(|field| field.name.clone()).collect();
    let message = if fields.is_empty() {
        "the key has no secret here: it is recorded without one, or it was purged".to_owned()
    } else {
        format!(
            "the key has no such field; it has {}",
            words::names(&fields)
        )
    };
    Failure::new(ErrorCode::NotFound, message)
}
