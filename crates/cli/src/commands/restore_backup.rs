//! `strongroom restore-backup`: replaces the vault by a backup.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{RestoreBackup, command};

use crate::confirm::confirm;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::words;

const AFTER: &str = "\
The backup is opened and verified first; the vault at hand is kept aside, not deleted. Changes \
made since the backup are not in it. Where this machine's device secret does not open it, the \
kit of its time does: --recovery. To take one key back from the archive, see `strongroom restore`.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Folder of the backup, as `backup --list` gives it
    folder: PathBuf,
    /// Open it with the recovery kit
    #[arg(long)]
    recovery: bool,
    /// Read the kit's secret from this descriptor
    #[arg(long, value_name = "N", requires = "recovery")]
    recovery_secret_fd: Option<i32>,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let path = absolute(&arguments.folder)?;
    confirm(
        arguments.yes,
        "The vault will be as it was in the backup: keys and secrets recorded since are not in it. \
         The vault at hand is kept aside.",
        "restore",
    )?;
    let password = context.password()?;
    let recovery_secret = if arguments.recovery {
        Some(context.recovery_secret(arguments.recovery_secret_fd)?)
    } else {
        None
    };
    let code = context.code()?;
    let restored = context.call::<command::restore_backup>(RestoreBackup {
        path,
        password,
        code,
        recovery_secret,
    })?;
    context.output.result(&restored, |restored| {
        let keys = words::plural(i64::from(restored.keys), "key");
        let mut text = format!("Restored: {keys}.");
        if let Some(aside) = &restored.kept_aside {
            text.push_str(&format!(" The vault before is in {}.", sanitise(aside)));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
