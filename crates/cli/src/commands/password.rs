//! `strongroom password`: changes the password.

use std::process::ExitCode;

use strongroom_wire::{PasswordChange, StepUp, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::words;

const AFTER: &str = "\
The old password opens nothing any more but backups made before. Device secrets and the recovery \
kit stay as they are.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Read the new password from this descriptor; the same number as --password-fd means the
    /// line after the present one
    #[arg(long, value_name = "N")]
    new_password_fd: Option<i32>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    context.open_vault()?;
    let password = context.password()?;
    let new_password = context.new_password(
        arguments.new_password_fd,
        "--new-password-fd",
        "New password: ",
    )?;
    // Last, so that it is still fresh when it arrives.
    let code = context.code()?;
    if !context.output.json {
        context.output.note("Deriving the keys …");
    }
    let done = context.call::<command::password_change>(PasswordChange {
        new_password,
        step_up: StepUp {
            code,
            password: Some(password),
        },
    })?;
    context
        .output
        .done(&done, |done| match done.devices_dropped {
            0 => "The password is changed.".to_owned(),
            dropped => format!(
                "The password is changed. {} could not be taken along: enrol again there with \
                 `strongroom unlock --recovery`.",
                words::plural(i64::from(dropped), "device")
            ),
        })?;
    Ok(ExitCode::SUCCESS)
}
