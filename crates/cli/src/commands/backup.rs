//! `strongroom backup`: backs the vault up now, or lists what there is.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{BackupNow, BackupView, ErrorCode, Nothing, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
Each backup is a folder, verified by opening it. It opens with the same password, and the device \
secret or the recovery kit of its time. Backups are made by themselves too; the settings \
`backup-folder` and `backup-keep` say where else and how many.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// One more destination, for this once
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// List the backups there are
    #[arg(long, conflicts_with = "to")]
    list: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if arguments.list {
        let list = context.call::<command::backup_list>(Nothing {})?;
        context.output.result(&list, |list| {
            if list.backups.is_empty() {
                return "There is no backup yet. `strongroom backup` makes one.".to_owned();
            }
            table(&list.backups, context.output)
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = arguments.to.as_deref().map(absolute).transpose()?;
    let done = context.call::<command::backup>(BackupNow { folder })?;
    context.output.result(&done, |done| {
        if done.written.is_empty() {
            return String::new();
        }
        table(&done.written, context.output)
    })?;
    for failed in &done.failed {
        context.output.warn(&sanitise(failed));
    }
    if done.failed.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        // One copy more or less is not the same: a script must notice.
        Ok(ExitCode::from(ErrorCode::ReadOnly.exit_code()))
    }
}

fn table(backups: &[BackupView], output: Output) -> String {
    let now = now_ms();
    let mut table = Table::new(&["MADE", "SIZE", "VERIFIED", "FOLDER"]);
    for backup in backups {
        table.row([
            words::ago(backup.at_ms, now),
            format!("{} KiB", backup.bytes.div_ceil(1024)),
            if backup.verified { "yes" } else { "no" }.to_owned(),
            sanitise(&backup.path),
        ]);
    }
    table.print(output)
}
