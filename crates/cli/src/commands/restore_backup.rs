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
The backup is opened and verified first. Changes made since the backup are not in it. Where the \
vault at hand no longer opens, its files are kept aside until the restored one has been unlocked. \
On a new machine, restore first, then `strongroom unlock --recovery` opens it with the kit of its \
time. To take one key back from the archive, see `strongroom restore`.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Folder of the backup, as `backup --list` gives it
    folder: PathBuf,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let path = absolute(&arguments.folder)?;
    confirm(
        arguments.yes,
        "The vault will be as it was in the backup: keys and secrets recorded since are not in it.",
        "restore",
    )?;
    let password = context.password()?;
    let code = context.code()?;
    let restored = context.call::<command::restore_backup>(RestoreBackup {
        path,
        password,
        code,
    })?;
    context.output.done(&restored, |restored| {
        let keys = words::plural(i64::from(restored.keys), "key");
        let mut text = format!("Restored: {keys}.");
        if let Some(aside) = &restored.kept_aside {
            text.push_str(&format!(" The vault before is in {}.", sanitise(aside)));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
