//! Whether the agent starts with the session, so that reminders come without the window: asked
//! and changed through the command line's program, which owns the files concerned.
//!
//! Not here: those files.

use std::process::{Command, Stdio};

use serde::Deserialize;
use strongroom_wire::{ErrorCode, Fault, LoginStart};

use crate::link;

/// Of `strongroom agent status --json`; the rest of it is not ours to read.
#[derive(Deserialize)]
struct Running {
    starts_at_login: bool,
}

/// # Errors
/// When the program is not found or does not answer.
pub(crate) fn is_on() -> Result<LoginStart, Fault> {
    let answer = run(&["agent", "status", "--json"])?;
    let running: Running = serde_json::from_slice(&answer).map_err(|_| silent())?;
    Ok(LoginStart {
        on: running.starts_at_login,
    })
}

/// # Errors
/// When the program is not found or refuses.
pub(crate) fn set(wanted: LoginStart) -> Result<LoginStart, Fault> {
    let verb = if wanted.on { "install" } else { "uninstall" };
    run(&["agent", verb, "--json"])?;
    is_on()
}

fn run(arguments: &[&str]) -> Result<Vec<u8>, Fault> {
    let output = Command::new(link::program())
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|_| silent())?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(Fault::new(
            ErrorCode::Refused,
            "the files that start the agent at login could not be changed; `strongroom agent \
             install` on a terminal says why",
        ))
    }
}

fn silent() -> Fault {
    Fault::new(
        ErrorCode::NoAgent,
        "the program `strongroom` was not found beside this one",
    )
}
