//! `strongroom import-share`: what somebody shared, shown first and merged as far as it is chosen.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{
    ContactState, ErrorCode, ShareAccept, ShareApplied, ShareApply, ShareGroup, ShareOpen,
    ShareOpened, ShareRow, ShareRowsAsk, ShareUndo, command,
};

use super::share::role_word;
use crate::ask::Terminal;
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
What is merged: everything but what is suspicious, which is left out unless --accept names it. A \
change is suspicious if the sender's role here may not make it, if it changes the secret of a key \
that can withdraw, makes a key look less dangerous, opens an allowlist, or destroys something in \
use. Where both sides changed a value, both are kept: `strongroom conflicts` lists and settles them.

A backup is made first; all of it is merged or nothing. The same file again changes nothing, and \
--undo takes an import back, but for keys that were worked on since and for values it destroyed.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The share
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// Read the passphrase of the share from this descriptor
    #[arg(long, value_name = "N")]
    passphrase_fd: Option<i32>,
    /// Show what it would do, and stop
    #[arg(long)]
    dry_run: bool,
    /// Take this suspicious change as well, by the id in the list; repeat for more, or `all`
    #[arg(long, value_name = "ID")]
    accept: Vec<String>,
    /// List every change, not only those to look at
    #[arg(long)]
    every_change: bool,
    /// Take an import back: this batch, or the latest
    #[arg(
        long,
        value_name = "BATCH",
        num_args = 0..=1,
        conflicts_with_all = ["file", "dry_run", "accept", "passphrase_fd"]
    )]
    undo: Option<Option<String>>,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

/// `import-share --json`.
#[derive(Debug, Serialize)]
struct Outcome {
    opened: ShareOpened,
    /// What is to be looked at; all of it with --every-change.
    changes: Vec<ShareRow>,
    /// Absent after a dry run.
    applied: Option<ShareApplied>,
}

/// Ids accepted in one request.
const AT_ONCE: usize = 500;

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if let Some(batch) = arguments.undo {
        return undo(batch, arguments.yes, context);
    }
    let output = context.output;
    let path = arguments
        .file
        .as_deref()
        .ok_or_else(|| Failure::invalid("name a file"))?;
    let file =
        File::open(path).map_err(|error| Failure::file("the share cannot be read", &error))?;
    let opened = open(&file, arguments.passphrase_fd, context)?;
    let changes = to_look_at(&opened, arguments.every_change, context)?;
    let mut outcome = Outcome {
        opened,
        changes,
        applied: None,
    };
    if !output.json && (arguments.dry_run || !output.quiet) {
        output.say(page(&outcome, output).trim_end())?;
    }
    if !arguments.dry_run {
        let plan = outcome.opened.plan.clone();
        let (accepted, revision) = accept(
            &outcome.opened,
            &arguments.accept,
            &outcome.changes,
            context,
        )?;
        if !outcome.opened.nothing_new {
            let said = format!("\nThis is merged into the vault{accepted}, after a backup.");
            confirm(arguments.yes, &said, "import")?;
        }
        let step_up = context.step_up(Proof::Code)?;
        let applied = context.call::<command::share_apply>(ShareApply {
            plan,
            revision,
            step_up: Some(step_up),
        })?;
        if !output.json && !output.quiet {
            output.say(&said(&applied))?;
        }
        outcome.applied = Some(applied);
    }
    if output.json {
        output.json(&outcome)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for the passphrase where the file needs one and none was given.
fn open(
    file: &File,
    passphrase_fd: Option<i32>,
    context: &mut Context,
) -> Result<ShareOpened, Failure> {
    let passphrase = match passphrase_fd {
        Some(number) => Some(context.descriptors.line(number, "--passphrase-fd")?.into()),
        None => None,
    };
    let asked = passphrase.is_some();
    let opened =
        context.call_with_file::<command::share_open>(ShareOpen { passphrase }, file.as_fd());
    match opened {
        Err(failure) if !asked && failure.to_string().contains("asks for a passphrase") => {
            let mut terminal = Terminal::required("give it through --passphrase-fd N")?;
            let passphrase = terminal.secret("Passphrase of the share: ")?;
            rewind(file)?;
            let passphrase = Some(passphrase.into());
            context.call_with_file::<command::share_open>(ShareOpen { passphrase }, file.as_fd())
        }
        opened => opened,
    }
}

/// The agent read from the same open file.
fn rewind(mut file: &File) -> Result<(), Failure> {
    use std::io::Seek;
    file.rewind()
        .map_err(|error| Failure::file("the share cannot be read again", &error))
}

fn to_look_at(
    opened: &ShareOpened,
    every: bool,
    context: &mut Context,
) -> Result<Vec<ShareRow>, Failure> {
    let mut changes = Vec::new();
    let groups: &[Option<ShareGroup>] = match every {
        true => &[None],
        false => &[
            Some(ShareGroup::Suspicious),
            Some(ShareGroup::Conflict),
            Some(ShareGroup::DeletedThere),
        ],
    };
    for group in groups {
        let mut offset = 0;
        loop {
            let mut page = context.call::<command::share_rows>(ShareRowsAsk {
                plan: opened.plan.clone(),
                group: *group,
                offset,
            })?;
            changes.append(&mut page.rows);
            match page.next.filter(|next| *next > offset) {
                Some(next) => offset = next,
                None => break,
            }
        }
    }
    Ok(changes)
}

/// Says in a clause what was taken beside the rest, and the revision of the plan with it.
fn accept(
    opened: &ShareOpened,
    ids: &[String],
    changes: &[ShareRow],
    context: &mut Context,
) -> Result<(String, u64), Failure> {
    let mut ids: Vec<String> = match ids.iter().any(|id| id == "all") {
        false => ids.to_vec(),
        true => {
            let acceptable = changes.iter().filter(|row| row.acceptable);
            acceptable.map(|row| row.id.clone()).collect()
        }
    };
    ids.sort();
    ids.dedup();
    let mut revision = opened.revision;
    for some in ids.chunks(AT_ONCE) {
        let accepted = context.call::<command::share_accept>(ShareAccept {
            plan: opened.plan.clone(),
            ids: some.to_vec(),
            accept: true,
        })?;
        revision = accepted.revision;
    }
    let clause = match ids.len() {
        0 => String::new(),
        many => {
            let many = i64::try_from(many).unwrap_or(i64::MAX);
            format!(", with {}", words::plural(many, "suspicious change"))
        }
    };
    Ok((clause, revision))
}

fn group_word(group: ShareGroup) -> &'static str {
    match group {
        ShareGroup::New => "new",
        ShareGroup::Updated => "updated",
        ShareGroup::Unchanged => "unchanged",
        ShareGroup::OursNewer => "ours newer",
        ShareGroup::Conflict => "conflict",
        ShareGroup::DeletedThere => "deleted there",
        ShareGroup::OutOfScope => "out of scope",
        ShareGroup::Suspicious => "suspicious",
    }
}

fn page(outcome: &Outcome, output: Output) -> String {
    let opened = &outcome.opened;
    let sender = match &opened.sender.contact {
        Some(contact) => {
            let state = super::contact::state_word(contact.state);
            let state = match contact.state {
                ContactState::Verified => state.to_owned(),
                _ => output.paint(Tone::Amber, state),
            };
            format!("{} ({state})", sanitise(&contact.name))
        }
        None => {
            let name = sanitise(&opened.sender.name);
            output.paint(Tone::Red, &format!("unknown, calls themselves {name}"))
        }
    };
    let mut text = format!(
        "From {sender}, made {} for the role {}: {}.\nFingerprint {}\n",
        words::moment(opened.created_ms),
        role_word(opened.role),
        sanitise(&opened.scope_words),
        opened.sender.fingerprint
    );
    let mut table = Table::new(&["CHANGES", "WHAT"]);
    for one in opened.groups.iter().filter(|one| one.changes > 0) {
        let word = group_word(one.group);
        let word = match one.group {
            ShareGroup::Suspicious => output.paint(Tone::Red, word),
            ShareGroup::Conflict => output.paint(Tone::Amber, word),
            _ => word.to_owned(),
        };
        table.row([one.changes.to_string(), word]);
    }
    text.push_str(&format!("\n{}", table.print(output)));
    if opened.nothing_new {
        text.push_str("\nNothing in it is new.\n");
    }
    if !outcome.changes.is_empty() {
        let mut table = Table::new(&["KEY", "WHAT", "HOW", "HERE", "THERE", "WHY", "ID"]);
        for row in &outcome.changes {
            let id = match row.acceptable {
                true => row.id.clone(),
                false => String::new(),
            };
            table.row([
                sanitise(&row.label),
                row.what.clone(),
                group_word(row.group).to_owned(),
                row.ours.as_deref().map(sanitise).unwrap_or_default(),
                row.theirs.as_deref().map(sanitise).unwrap_or_default(),
                sanitise(&row.reasons.join("; ")),
                id,
            ]);
        }
        text.push_str(&format!("\n{}", table.print(output)));
    }
    for note in &opened.notes {
        text.push_str(&format!("\n{}\n", sanitise(note)));
    }
    text
}

fn said(applied: &ShareApplied) -> String {
    let keys = |count: u32| words::plural(i64::from(count), "key");
    let mut text = match (applied.keys_added, applied.keys_changed) {
        (0, 0) => "\nNothing changed.".to_owned(),
        (added, 0) => format!("\nAdded {}.", keys(added)),
        (0, changed) => format!("\nChanged {}.", keys(changed)),
        (added, changed) => format!("\nAdded {}, changed {}.", keys(added), keys(changed)),
    };
    if applied.conflicts > 0 {
        let conflicts = keys(applied.conflicts);
        text.push_str(&format!(
            " {conflicts} in conflict: `strongroom conflicts` settles that."
        ));
    }
    if applied.left_out > 0 {
        let left = words::plural(i64::from(applied.left_out), "suspicious change");
        text.push_str(&format!(" {left} left out."));
    }
    if let Some(batch) = &applied.batch {
        text.push_str(&format!(
            "\n`strongroom import-share --undo {batch}` takes it back."
        ));
    }
    text
}

fn undo(batch: Option<String>, yes: bool, context: &mut Context) -> Result<ExitCode, Failure> {
    context.open_vault()?;
    confirm(
        yes,
        "What this import wrote will be gone from the vault, but for keys that were worked on \
         since.",
        "undo",
    )?;
    let undone = match context.call::<command::share_undo>(ShareUndo { batch }) {
        Err(failure) if failure.code() == ErrorCode::NotFound => {
            return Err(Failure::new(
                ErrorCode::NotFound,
                "there is no import of a share to undo; `strongroom share list` shows which there are",
            ));
        }
        other => other?,
    };
    context.output.done(&undone, |undone| {
        let changes = words::plural(i64::from(undone.restored), "change");
        let mut text = format!("Took {changes} back.");
        if undone.removed > 0 {
            let removed = words::plural(i64::from(undone.removed), "key");
            text.push_str(&format!(" {removed} that came with it gone."));
        }
        if undone.kept > 0 {
            let kept = words::plural(i64::from(undone.kept), "record");
            text.push_str(&format!(" {kept} worked on since stayed."));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
