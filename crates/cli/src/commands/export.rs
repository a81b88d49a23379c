//! `strongroom export`: keys as a file, in plaintext or as a database of KeePass, once it is meant.
//!
//! The agent writes the file, into a descriptor that is opened here; only folders of single files
//! are laid out here, from memory (`export_folder`). Not here: the formats.

use std::io::IsTerminal;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use strongroom_papers::{Report, ReportKind};
use strongroom_wire::{
    ErrorCode, Export, ExportAsk, ExportDone, ExportFormat, ExportPlan, ExportWhich, KeysOf,
    LeftOut, command,
};

use super::export_folder::{self, FolderKind};
use super::holds::all as keys_of;
use crate::clock::now_ms;
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::file_out;
use crate::git;
use crate::link::Context;
use crate::new_file::{MemoryFile, NewFile, check_place};
use crate::sanitise::sanitise;
use crate::words;

const AFTER: &str = "\
json        everything that is recorded, of dead keys too: Strongroom's own archive, which
            `import` and any program can read (docs/export-format.md)
csv         a table of names and secret fields
env         NAME='value' lines for a shell; `strongroom run` needs no such file
freqtrade   config-private.json, for one key
passivbot   api-keys.json
ccxt        keys.local.json
systemd     a folder of files for LoadCredential=, and what the unit says; --encrypt has
            systemd-creds encrypt each, so that nothing in the folder is plaintext
docker      a folder of files and the secrets of a compose file
kubernetes  Secret objects
kdbx        a KeePass database (KDBX 4.1), encrypted under a password of its own, which is asked
            for twice or read from --file-password-fd; it must be as strong as the vault's
inventory   a table without secrets

Everything but inventory takes a fresh code, one for the whole export. What leaves, and that it \
left, is in the audit log before the first secret is opened. A key that may not be used (revoked, \
archived, compromised), or that a format cannot hold exactly as it is, is left out and named.

The file must not be there yet. It is for you alone (0600), appears whole or not at all, and is \
not written where git would see it. `-` is the standard output, if that is no terminal.";

const FILE_PASSWORD_OPTION: &str = "--file-password-fd";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// In which form
    #[arg(long, value_enum)]
    format: Format,
    #[command(flatten)]
    which: Which,
    /// The new file, or the new folder
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// systemd: encrypted for this machine, by systemd-creds
    #[arg(long)]
    encrypt: bool,
    /// kdbx: read the database's password from this descriptor, up to its first line end
    #[arg(long, value_name = "N")]
    file_password_fd: Option<i32>,
    /// Do not ask whether it is meant
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Label or id of a key; repeat for more
    #[arg(long = "key", value_name = "LABEL")]
    keys: Vec<String>,
    /// Keys with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Every key
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
    Csv,
    Env,
    Freqtrade,
    Passivbot,
    Ccxt,
    Systemd,
    Docker,
    Kubernetes,
    Kdbx,
    Inventory,
}

/// `export --json`.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    path: &'a str,
    keys: u32,
    /// Of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// Of a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<usize>,
    left_out: &'a [LeftOut],
    left_out_total: u32,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if arguments.file_password_fd.is_some() && arguments.format != Format::Kdbx {
        return Err(Failure::invalid(format!(
            "{FILE_PASSWORD_OPTION} is for --format kdbx"
        )));
    }
    let to_output = arguments.out.as_os_str() == "-";
    let format = match arguments.format {
        Format::Inventory => return inventory(arguments, context),
        Format::Json => ExportFormat::Json,
        Format::Csv => ExportFormat::Csv,
        Format::Env => ExportFormat::Env,
        Format::Freqtrade => ExportFormat::Freqtrade,
        Format::Passivbot => ExportFormat::Passivbot,
        Format::Ccxt => ExportFormat::Ccxt,
        Format::Kubernetes => ExportFormat::Kubernetes,
        Format::Kdbx => ExportFormat::Kdbx,
        Format::Systemd | Format::Docker => ExportFormat::Files,
    };
    let kind = match (arguments.format, arguments.encrypt) {
        (Format::Systemd, false) => Some(FolderKind::Systemd),
        (Format::Systemd, true) => Some(FolderKind::SystemdEncrypted),
        (Format::Docker, false) => Some(FolderKind::Docker),
        (_, false) => None,
        (_, true) => {
            return Err(Failure::invalid("--encrypt is for --format systemd"));
        }
    };
    check_out(&arguments, kind, context)?;
    if kind == Some(FolderKind::SystemdEncrypted) {
        export_folder::check_tool()?;
    }
    context.open_vault()?;
    let which = arguments.which.wire();
    let plan = context.call::<command::export_plan>(ExportAsk {
        which: which.clone(),
        format,
    })?;
    say_left_out(&plan.left_out, plan.left_out_total, context);
    confirm(arguments.yes, &warning(&plan, format, kind), "export")?;
    let path = file_out::absolute(&arguments.out)?;
    // It has no name yet, so a place that does not take it is known before a code is spent.
    let target = match (to_output, kind) {
        (true, _) => Target::Output(MemoryFile::make()?),
        (false, None) => Target::File(NewFile::make(&arguments.out)?),
        (false, Some(kind)) => Target::Folder(MemoryFile::make()?, kind),
    };
    let file_password = match format {
        ExportFormat::Kdbx => Some(context.new_password(
            arguments.file_password_fd,
            FILE_PASSWORD_OPTION,
            "Password for the database: ",
        )?),
        _ => None,
    };
    let request = Export {
        which,
        format,
        keys: plan.keys,
        file_password,
        step_up: context.step_up(Proof::Code)?,
    };
    let done = context.call_with_file::<command::export>(request, target.descriptor())?;
    let files = match target {
        Target::Output(memory) => {
            say_later(&done, &plan, context);
            // EXPOSE: to the program at the other end of the pipe, which the person named.
            context.output.bytes(memory.into_bytes()?.expose())?;
            return Ok(ExitCode::SUCCESS);
        }
        Target::File(file) => {
            file.appear()?;
            None
        }
        Target::Folder(memory, kind) => {
            let archive = memory.into_bytes()?;
            Some(export_folder::lay_out(&archive, kind, &path, context)?)
        }
    };
    say_later(&done, &plan, context);
    let outcome = Outcome {
        path: &path,
        keys: done.keys,
        bytes: files.is_none().then_some(done.bytes),
        files,
        left_out: &done.left_out,
        left_out_total: done.left_out_total,
    };
    context.output.result(&outcome, |outcome| {
        let keys = words::plural(i64::from(outcome.keys), "key");
        format!("Wrote {keys} to {}.", sanitise(outcome.path))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What the agent writes into.
enum Target {
    Output(MemoryFile),
    File(NewFile),
    Folder(MemoryFile, FolderKind),
}

impl Target {
    fn descriptor(&self) -> BorrowedFd<'_> {
        match self {
            Self::Output(memory) | Self::Folder(memory, _) => memory.descriptor(),
            Self::File(file) => file.descriptor(),
        }
    }
}

impl Which {
    fn wire(&self) -> ExportWhich {
        match (&self.tag, self.keys.as_slice()) {
            (Some(tag), _) => ExportWhich::Tag { tag: tag.clone() },
            (None, []) => ExportWhich::All {},
            (None, keys) => ExportWhich::Keys {
                keys: keys.to_vec(),
            },
        }
    }
}

/// Told before anything is asked of the person.
fn check_out(
    arguments: &Arguments,
    kind: Option<FolderKind>,
    context: &Context,
) -> Result<(), Failure> {
    if arguments.out.as_os_str() == "-" {
        if kind.is_some() {
            return Err(Failure::invalid(
                "this is a folder of files; name it with --out",
            ));
        }
        if context.output.json {
            return Err(Failure::invalid(
                "--json and the keys cannot both be printed",
            ));
        }
        if std::io::stdout().is_terminal() {
            return Err(Failure::refused(
                "secrets are not printed on a terminal: name a file, or the program that gets \
                 them after a |",
            ));
        }
        return Ok(());
    }
    check_place(&arguments.out)?;
    let encrypted = kind == Some(FolderKind::SystemdEncrypted);
    if !encrypted && git::would_see(&arguments.out) {
        return Err(in_git());
    }
    Ok(())
}

pub(super) fn in_git() -> Failure {
    Failure::refused(
        "the file would lie in a git work tree that does not ignore it: one commit, and the \
         secrets are in the history for good. Choose another folder, or have git ignore it",
    )
}

fn warning(plan: &ExportPlan, format: ExportFormat, kind: Option<FolderKind>) -> String {
    let keys = words::plural(i64::from(plan.keys), "key");
    if format == ExportFormat::Kdbx {
        return format!(
            "The secrets of {keys} leave the vault, encrypted under a password of the file's own. \
             Whoever knows that password has the keys: can trade with them, and withdraw where \
             they may. Nothing else protects them, so its strength is all that stands before \
             whoever gets a copy, who may guess for as long as they like. No code is asked for \
             there, and no log tells."
        );
    }
    if kind == Some(FolderKind::SystemdEncrypted) {
        return format!(
            "The secrets of {keys} leave the vault, encrypted for this machine: whoever is root \
             here can read them."
        );
    }
    format!(
        "The secrets of {keys} leave the vault in plaintext. Whoever reads the file can trade \
         with them, and withdraw where they may. Backups, snapshots and sync programs copy it \
         like any other file, and deleting it later may not take it off the disk. `strongroom \
         run` gives a program its keys without a file."
    )
}

fn say_left_out(left_out: &[LeftOut], total: u32, context: &Context) {
    for key in left_out {
        let (label, why) = (sanitise(&key.label), sanitise(&key.why));
        context.output.warn(&format!("left out: {label}: {why}"));
    }
    let shown = u32::try_from(left_out.len()).unwrap_or(u32::MAX);
    if let Some(more) = total.checked_sub(shown).filter(|more| *more > 0) {
        context.output.warn(&format!("left out: {more} more"));
    }
}

/// What turned out only when the secrets were looked at.
fn say_later(done: &ExportDone, plan: &ExportPlan, context: &Context) {
    let known = |key: &&LeftOut| !plan.left_out.iter().any(|told| told.id == key.id);
    let new: Vec<LeftOut> = done.left_out.iter().filter(known).cloned().collect();
    let hidden = done.left_out_total.saturating_sub(plan.left_out_total);
    say_left_out(&new, hidden, context);
}

fn inventory(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if arguments.encrypt {
        return Err(Failure::invalid("--encrypt is for --format systemd"));
    }
    if arguments.which.tag.is_some() {
        return Err(Failure::invalid(
            "an inventory is of every key, or of keys that are named",
        ));
    }
    let which = match arguments.which.keys.as_slice() {
        [] => KeysOf::All {},
        keys => KeysOf::Keys {
            keys: keys.to_vec(),
        },
    };
    let held = keys_of(which, true, context)?;
    let report = Report::new(ReportKind::Inventory, &held.keys, now_ms());
    let bytes = report.bytes(strongroom_papers::Format::Csv);
    if arguments.out.as_os_str() == "-" {
        context.output.bytes(&bytes)?;
        return Ok(ExitCode::SUCCESS);
    }
    file_out::write_new(&arguments.out, &bytes)?;
    let path = file_out::absolute(&arguments.out)?;
    let outcome = Outcome {
        path: &path,
        keys: u32::try_from(report.lines()).unwrap_or(u32::MAX),
        bytes: Some(bytes.len() as u64),
        files: None,
        left_out: &[],
        left_out_total: 0,
    };
    context.output.result(&outcome, |outcome| {
        let keys = words::plural(i64::from(outcome.keys), "key");
        format!("Wrote {keys}, without secrets, to {}.", sanitise(&path))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// An archive that the agent wrote must be one.
pub(super) fn not_an_archive(problem: impl std::fmt::Display) -> Failure {
    Failure::new(
        ErrorCode::Internal,
        format!("the agent's archive cannot be read: {problem}"),
    )
}

/// What a path is called in a sentence.
pub(super) fn shown(path: &Path) -> String {
    sanitise(&path.to_string_lossy())
}
