//! `strongroom offboard`: somebody leaves, and what they know is to be rotated.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{
    ErrorCode, Offboard, RotateLeft, RotateListAsk, RotateListExport, RotateListPage, RotateRow,
    ShareAsk, command,
};

use super::contact::find;
use super::share::{self, written};
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
Removal stops future access: nothing is shared with them any more, and nothing of theirs is \
imported. What they have seen, they know. The list names every key of which they were given a \
secret that still works, worst first; an entry leaves it when a newer secret is in use and the old \
one is dead. Called again it shows what is left.

What went to them and to others is to be made again for the others: --share-again writes those \
files into a folder, after saying who would get what, and asks a code for each.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Name or id of the contact
    contact: String,
    /// Write the list of keys to rotate to this file, which ends in .csv or .ics
    #[arg(long, value_name = "FILE")]
    rotate_list: Option<PathBuf>,
    /// Make the shares that went to them again for the others, as files in this folder
    #[arg(long, value_name = "FOLDER")]
    share_again: Option<PathBuf>,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

/// `offboard --json`.
#[derive(Debug, Serialize)]
struct Outcome {
    contact: String,
    /// False where they were removed before.
    removed_now: bool,
    rotate: Vec<RotateRow>,
    open: u32,
    share_again: Vec<ShareAsk>,
    shared: Vec<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let output = context.output;
    let found = find(&arguments.contact, context)?;
    let mut outcome = Outcome {
        contact: found.name.clone(),
        removed_now: found.removed_ms.is_none(),
        rotate: Vec::new(),
        open: 0,
        share_again: Vec::new(),
        shared: Vec::new(),
    };
    if outcome.removed_now {
        let gone = format!(
            "Nothing will be shared with {} any more, and nothing of theirs imported.",
            sanitise(&found.name)
        );
        confirm(arguments.yes, &gone, "offboard")?;
        let step_up = context.step_up(Proof::Code)?;
        let removed = context.call::<command::offboard>(Offboard {
            contact: found.id.clone(),
            step_up: Some(step_up),
        })?;
        outcome.share_again = removed.share_again;
    }
    let list = whole_list(&found.id, context)?;
    (outcome.rotate, outcome.open) = (list.rows, list.open);
    if let Some(file) = arguments.rotate_list {
        context.call::<command::rotate_list_export>(RotateListExport {
            contact: found.id,
            path: absolute(&file)?,
        })?;
    }
    let again = match &arguments.share_again {
        Some(folder) => share_again(folder, arguments.yes, &mut outcome, context),
        None => Ok(()),
    };
    // The removal and its list are told, whatever became of the shares.
    output.result(&outcome, |outcome| page(outcome, output))?;
    again?;
    Ok(ExitCode::SUCCESS)
}

/// What went to somebody and to others, once more for the others, each after it was looked at.
fn share_again(
    folder: &Path,
    yes: bool,
    outcome: &mut Outcome,
    context: &mut Context,
) -> Result<(), Failure> {
    let output = context.output;
    for (number, ask) in outcome.share_again.iter().enumerate() {
        let path = folder.join(format!("again-{}.strongshare", number + 1));
        // The keys of then may be more by now, and worse.
        let preview = share::whole_preview(ask, context)?;
        if !output.json && !output.quiet {
            output.say(share::page(&preview, output).trim_end())?;
        }
        // The removal is done; only this is not.
        confirm(yes, &share::to_confirm(&preview), "share").map_err(|kept| match kept.code() {
            ErrorCode::Refused => Failure::refused("not confirmed; the share was not made again"),
            _ => kept,
        })?;
        written(&path, ask.clone(), preview.agreed, context)?;
        outcome.shared.push(path.to_string_lossy().into_owned());
    }
    Ok(())
}

fn whole_list(contact: &str, context: &mut Context) -> Result<RotateListPage, Failure> {
    let from = |offset| RotateListAsk {
        contact: contact.to_owned(),
        offset,
    };
    let mut list = context.call::<command::rotate_list>(from(0))?;
    while let Some(next) = list.next {
        let mut page = context.call::<command::rotate_list>(from(next))?;
        list.rows.append(&mut page.rows);
        list.next = page.next.filter(|further| *further > next);
    }
    Ok(list)
}

fn page(outcome: &Outcome, output: Output) -> String {
    let name = sanitise(&outcome.contact);
    let mut text = match outcome.removed_now {
        true => format!("{name} is removed.\n"),
        false => format!("{name} was removed before.\n"),
    };
    if outcome.rotate.is_empty() {
        text.push_str("They know no secret that still works.\n");
        return text;
    }
    text.push_str(&format!(
        "Removal stops future access. What they have seen, they know: rotate these {}.\n\n",
        words::plural(i64::from(outcome.open), "key")
    ));
    let mut table = Table::new(&[
        "KEY",
        "EXCHANGE",
        "ACCOUNT",
        "CLASS",
        "ALLOWLIST",
        "OWNER",
        "GIVEN",
        "DUE",
        "LEFT",
    ]);
    for row in &outcome.rotate {
        let allowlist = match row.unrestricted {
            true => output.paint(Tone::Red, "none"),
            false => "yes".to_owned(),
        };
        let left = match row.left {
            RotateLeft::Rotate => "rotate",
            RotateLeft::End => "end the old secret",
        };
        table.row([
            sanitise(&row.label),
            sanitise(&row.exchange_name),
            sanitise(&row.account),
            row.class.clone(),
            allowlist,
            row.owner.as_deref().map(sanitise).unwrap_or_default(),
            words::moment(row.shared_ms),
            words::moment(row.due_ms),
            left.to_owned(),
        ]);
    }
    text.push_str(&table.print(output));
    let again = outcome.share_again.len();
    if outcome.shared.len() < again {
        let again = i64::try_from(again - outcome.shared.len()).unwrap_or(i64::MAX);
        text.push_str(&format!(
            "\n{} went to others too; make them again with `share make`.\n",
            words::plural(again, "share")
        ));
    }
    for file in &outcome.shared {
        text.push_str(&format!("\nWrote {}.", sanitise(file)));
    }
    text
}
