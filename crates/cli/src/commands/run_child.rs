//! The first moment of a command started by `run`.
//!
//! It asks the kernel to end it with its parent, and becomes the command. The keys are in its
//! environment already; it never looks at them.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use rustix::process::{Signal, getppid, set_parent_process_death_signal};
use strongroom_wire::ErrorCode;

use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Process number of the `run` that started this
    parent: i32,
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    set_parent_process_death_signal(Some(Signal::TERM)).map_err(|error| {
        Failure::file("the command cannot be tied to this program", &error.into())
    })?;
    // If the parent was killed before the line above, nobody will send the signal.
    let parent = getppid().map(|pid| pid.as_raw_nonzero().get());
    if parent != Some(arguments.parent) {
        return Err(Failure::new(
            ErrorCode::NoAgent,
            "the program that started this is gone",
        ));
    }
    let Some((program, rest)) = arguments.command.split_first() else {
        return Err(Failure::invalid("there is no command"));
    };
    let error = std::process::Command::new(program).args(rest).exec();
    Ok(refused(&error, context.output))
}

fn refused(error: &io::Error, output: Output) -> ExitCode {
    let (code, why) = match error.kind() {
        io::ErrorKind::NotFound => (127, "there is no such command"),
        io::ErrorKind::PermissionDenied => (126, "the command is not executable"),
        _ => (126, "the command cannot be executed"),
    };
    output.failure(&Failure::invalid(why));
    ExitCode::from(code)
}
