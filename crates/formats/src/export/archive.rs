//! `strongroom-export-1`: our own archive of keys, as JSON that any program reads. The page
//! `docs/export-format.md` describes it; what stands here and there is the same.
//!
//! It is read as strictly as it is written: a name that is not described is refused, so nothing of
//! an archive is ever passed over.
//!
//! Deliberately not here: what an import makes of an archive (`archive_plan`), and encryption.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use strongroom_domain::UtcMs;
use strongroom_secret::SecretBytes;

use super::entry::ExportEntry;
use super::twin::KeyTwin;

/// What the first member says of every archive of this form.
pub const ARCHIVE_FORM: &str = "strongroom-export-1";

/// Largest archive that is read: ten thousand keys with long notes have room.
pub const MOST_ARCHIVE_BYTES: usize = 64 * 1024 * 1024;
/// The most keys of an archive.
pub const MOST_ARCHIVE_KEYS: usize = 100_000;

/// By what and when an archive was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Version of the program.
    pub program: String,
    pub at: UtcMs,
}

/// An archive that was read.
#[derive(Debug)]
pub struct Archive {
    pub origin: Origin,
    pub entries: Vec<ExportEntry>,
    /// The line (from 1) at which each key begins.
    pub lines: Vec<u32>,
}

/// Why an archive was refused as a whole. No value, name or path of it is in any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveProblem {
    #[error("the archive is larger than {} MiB", MOST_ARCHIVE_BYTES / (1024 * 1024))]
    TooLarge,
    #[error("the archive is not UTF-8 text")]
    NotText,
    #[error("this is no archive of the form {ARCHIVE_FORM}")]
    NotAnArchive,
    #[error("the archive is of a later form; open it with a newer Strongroom")]
    Later,
    #[error("the archive has more than {MOST_ARCHIVE_KEYS} keys")]
    TooMany,
    #[error("line {line}: the archive is cut off or damaged")]
    Damaged { line: u32 },
    #[error("line {line}: {what} of a key is not as an archive has it")]
    Key { line: u32, what: &'static str },
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    program: &'a str,
    exported_ms: i64,
    keys: Vec<KeyTwin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    format: String,
    program: String,
    exported_ms: i64,
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// Only the first member, to tell a later form from a damaged one.
#[derive(Deserialize)]
struct Form {
    format: String,
}

/// The archive of these keys.
pub fn write_archive(origin: &Origin, entries: &[ExportEntry]) -> SecretBytes {
    let file = Written {
        format: ARCHIVE_FORM,
        program: &origin.program,
        exported_ms: origin.at.ms(),
        keys: entries.iter().map(KeyTwin::of).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("text and numbers can be written");
    bytes.push(b'\n');
    SecretBytes::new(bytes)
}

/// Whether a file is an archive of ours, of this form or a later one: its first member says so.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let tokens: [&[u8]; 4] = [b"{", b"\"format\"", b":", b"\"strongroom-export-"];
    let mut rest = Some(bytes);
    for token in tokens {
        rest = rest.and_then(|rest| rest.trim_ascii_start().strip_prefix(token));
    }
    rest.is_some()
}

/// Reads an archive whole.
///
/// # Errors
/// What is wrong with it, and where; nothing of it is given out then.
pub fn read_archive(bytes: &[u8]) -> Result<Archive, ArchiveProblem> {
    if bytes.len() > MOST_ARCHIVE_BYTES {
        return Err(ArchiveProblem::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ArchiveProblem::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is_archive(text.as_bytes()) {
        return Err(ArchiveProblem::NotAnArchive);
    }
    let file: Read<'_> = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(problem) => {
            let form = serde_json::from_str::<Form>(text);
            return Err(match form {
                Ok(form) if form.format != ARCHIVE_FORM => ArchiveProblem::Later,
                _ => ArchiveProblem::Damaged {
                    line: line_of(&problem),
                },
            });
        }
    };
    if file.format != ARCHIVE_FORM {
        return Err(ArchiveProblem::Later);
    }
    if file.keys.len() > MOST_ARCHIVE_KEYS {
        return Err(ArchiveProblem::TooMany);
    }
    let mut entries = Vec::with_capacity(file.keys.len());
    let mut lines = Vec::with_capacity(file.keys.len());
    // Keys stand one after the other, so each line is counted on from the one before.
    let (mut counted_to, mut line) = (0, 1_u32);
    for raw in file.keys {
        let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        let breaks = text[counted_to..start].matches('\n').count();
        line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        counted_to = start;
        let twin: KeyTwin =
            serde_json::from_str(raw.get()).map_err(|problem| ArchiveProblem::Damaged {
                line: line.saturating_add(line_of(&problem).saturating_sub(1)),
            })?;
        let entry = twin
            .into_entry()
            .map_err(|what| ArchiveProblem::Key { line, what })?;
        entries.push(entry);
        lines.push(line);
    }
    Ok(Archive {
        origin: Origin {
            program: file.program,
            at: UtcMs::parse(file.exported_ms).map_err(|_| ArchiveProblem::Damaged { line: 1 })?,
        },
        entries,
        lines,
    })
}

fn line_of(problem: &serde_json::Error) -> u32 {
    u32::try_from(problem.line()).unwrap_or(u32::MAX)
}
