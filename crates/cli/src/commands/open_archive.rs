//! `strongroom open-archive`: what is in an archive, without a vault and without the agent, so
//! that nobody needs either to get at their own keys.
//!
//! Not here: the form of an archive (formats), and recording what is in it (`import`).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use strongroom_formats::export::{
    Archive, ExportEntry, MOST_ARCHIVE_BYTES, folder_files, read_archive, write_archive,
};
use strongroom_secret::{SecretBytes, SecretText};

use super::export::{in_git, shown};
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::git;
use crate::link::Context;
use crate::new_file::{NewFile, NewFolder, check_place};
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
Reads a strongroom-export-1 archive and prints what is in it, secrets masked. No vault is needed, \
and none is opened. --reveal writes the archive with its secrets to a new file, --split each value \
to a file of its own in a new folder; both are for you alone, and ask whether it is meant.";

/// Shown of a field that is no secret, at each end.
const ENDS: usize = 4;

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The archive
    file: PathBuf,
    /// Write it in plaintext, secrets included, to this new file
    #[arg(long, value_name = "FILE", conflicts_with = "split")]
    reveal: Option<PathBuf>,
    /// Write each value to a file of its own in this new folder
    #[arg(long, value_name = "FOLDER")]
    split: Option<PathBuf>,
    /// Do not ask whether it is meant
    #[arg(long)]
    yes: bool,
}

/// `open-archive --json`: names and lengths, no values.
#[derive(Debug, Serialize)]
struct Contents {
    program: String,
    exported_ms: i64,
    keys: Vec<KeyLine>,
}

#[derive(Debug, Serialize)]
struct KeyLine {
    id: String,
    label: String,
    exchange: String,
    account: Option<String>,
    environment: &'static str,
    state: &'static str,
    compromised: bool,
    fields: Vec<FieldLine>,
    other_versions: usize,
}

#[derive(Debug, Serialize)]
struct FieldLine {
    name: String,
    secret: bool,
    characters: usize,
    /// Both ends of what is no secret.
    shown: Option<String>,
}

/// `--json` with `--reveal` or `--split`.
#[derive(Debug, Serialize)]
struct Written<'a> {
    path: &'a str,
    keys: usize,
    files: usize,
    left_out: Vec<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let out = arguments.reveal.as_deref().or(arguments.split.as_deref());
    if let Some(out) = out {
        check_place(out)?;
        if git::would_see(out) {
            return Err(in_git());
        }
    }
    let bytes = read(&arguments.file)?;
    // EXPOSE: read in memory that is wiped.
    let archive =
        read_archive(bytes.expose()).map_err(|problem| Failure::invalid(problem.to_string()))?;
    let Some(out) = out else {
        let output = context.output;
        output.result(&contents(&archive), |contents| page(contents, output))?;
        return Ok(ExitCode::SUCCESS);
    };
    let keys = archive.entries.len();
    confirm(
        arguments.yes,
        &format!(
            "The secrets of {} will stand in plaintext there, for whoever reads it.",
            words::plural(i64::try_from(keys).unwrap_or(i64::MAX), "key")
        ),
        "reveal",
    )?;
    let (files, left_out) = if arguments.split.is_some() {
        split(&archive, out)?
    } else {
        reveal(&archive, out)?;
        (1, Vec::new())
    };
    for line in &left_out {
        context.output.warn(&format!("left out: {line}"));
    }
    let path = shown(out);
    let written = Written {
        path: &path,
        keys,
        files,
        left_out,
    };
    context.output.result(&written, |written| {
        let files = i64::try_from(written.files).unwrap_or(i64::MAX);
        format!(
            "Wrote {} to {}.",
            words::plural(files, "file"),
            written.path
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<SecretBytes, Failure> {
    let unreadable = |error| Failure::file("the file cannot be read", &error);
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Failure::invalid("this is not a file"));
    }
    let mut bytes = Vec::new();
    let most = MOST_ARCHIVE_BYTES as u64 + 1;
    let read = file.take(most).read_to_end(&mut bytes);
    let bytes = SecretBytes::new(bytes);
    read.map_err(unreadable)?;
    Ok(bytes)
}

fn reveal(archive: &Archive, out: &Path) -> Result<(), Failure> {
    let file = NewFile::make(out)?;
    let bytes = write_archive(&archive.origin, &archive.entries);
    // EXPOSE: into the file that the person asked for.
    file.write(bytes.expose())?;
    file.appear()
}

fn split(archive: &Archive, out: &Path) -> Result<(usize, Vec<String>), Failure> {
    let (files, left_out) = folder_files(&archive.entries);
    let folder = NewFolder::make(out)?;
    for file in &files {
        // EXPOSE: the same.
        folder.write(&file.name, file.value.expose().as_bytes())?;
    }
    folder.appear()?;
    let told = left_out.into_iter().map(|(entry, why)| {
        let label = sanitise(archive.entries[entry].label.as_str());
        format!("{label}: {}", sanitise(&why.to_string()))
    });
    let mut told: Vec<String> = told.collect();
    let others = archive
        .entries
        .iter()
        .filter(|entry| !entry.other_versions.is_empty());
    told.extend(others.map(|entry| {
        let label = sanitise(entry.label.as_str());
        format!("{label}: secrets that were not in use; --reveal gives them out")
    }));
    Ok((files.len(), told))
}

fn contents(archive: &Archive) -> Contents {
    Contents {
        program: archive.origin.program.clone(),
        exported_ms: archive.origin.at.ms(),
        keys: archive.entries.iter().map(key_line).collect(),
    }
}

fn key_line(entry: &ExportEntry) -> KeyLine {
    KeyLine {
        id: entry.id.to_string(),
        label: entry.label.to_string(),
        exchange: entry.exchange.as_str().to_owned(),
        account: entry.account.as_ref().map(ToString::to_string),
        environment: entry.environment.name(),
        state: entry.state.name(),
        compromised: entry.compromised.is_some(),
        fields: entry
            .fields
            .iter()
            .map(|field| FieldLine {
                name: field.name.to_string(),
                secret: field.name.is_secret(),
                // EXPOSE: counted.
                characters: field.value.expose().chars().count(),
                shown: (!field.name.is_secret())
                    .then(|| ends(&field.value))
                    .flatten(),
            })
            .collect(),
        other_versions: entry.other_versions.len(),
    }
}

/// Both ends of a long value that is no secret, enough to tell it from others.
fn ends(value: &SecretText) -> Option<String> {
    // EXPOSE: a few characters of what is no secret.
    let characters: Vec<char> = value.expose().chars().collect();
    let long = characters.len() >= 4 * ENDS;
    long.then(|| {
        let first: String = characters[..ENDS].iter().collect();
        let last: String = characters[characters.len() - ENDS..].iter().collect();
        format!("{first}…{last}")
    })
}

fn page(contents: &Contents, output: Output) -> String {
    if contents.keys.is_empty() {
        return "The archive is empty.".to_owned();
    }
    let mut table = Table::new(&[
        "LABEL",
        "EXCHANGE",
        "ACCOUNT",
        "ENVIRONMENT",
        "STATE",
        "FIELDS",
    ]);
    for key in &contents.keys {
        let mut fields: Vec<String> = key.fields.iter().map(field_words).collect();
        if key.other_versions > 0 {
            let others = i64::try_from(key.other_versions).unwrap_or(i64::MAX);
            fields.push(format!("+ {}", words::plural(others, "other version")));
        }
        let state = match (key.state, key.compromised) {
            ("active", true) => "compromised".to_owned(),
            ("active", false) => String::new(),
            (state, true) => format!("{state}, compromised"),
            (state, false) => state.to_owned(),
        };
        table.row([
            sanitise(&key.label),
            sanitise(&key.exchange),
            sanitise(key.account.as_deref().unwrap_or_default()),
            key.environment.to_owned(),
            state,
            fields.join(", "),
        ]);
    }
    let keys = i64::try_from(contents.keys.len()).unwrap_or(i64::MAX);
    let when = words::moment(contents.exported_ms);
    let program = sanitise(&contents.program);
    format!(
        "{}{}, written on {when} by Strongroom {program}.\n",
        table.print(output),
        words::plural(keys, "key")
    )
}

fn field_words(field: &FieldLine) -> String {
    let name = sanitise(&field.name);
    match &field.shown {
        Some(shown) => format!("{name} {}", sanitise(shown)),
        None => format!("{name} ({})", field.characters),
    }
}
