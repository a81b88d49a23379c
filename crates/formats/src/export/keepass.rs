//! A database of KeePass: an entry a key, every field of its secret protected.
//!
//! Not here: how a database is made (`crate::kdbx`), and what an import makes of one
//! (`crate::keepass`).

use strongroom_secret::SecretBytes;

use super::archive::Origin;
use super::entry::ExportEntry;
use super::{ExportError, LeftOut, Lock, Written, keep};
use crate::kdbx::{self, KdbxWriteError, NewEntry};

/// `written` in the database is when it is exported.
pub(super) fn write(
    origin: &Origin,
    entries: &[ExportEntry],
    lock: Lock<'_>,
) -> Result<Written, ExportError> {
    let (kept, left_out) = keep(entries, check);
    let kept: Vec<NewEntry<'_>> = kept.into_iter().map(|index| new(&entries[index])).collect();
    if kept.is_empty() {
        // No password is worth deriving for nothing.
        return Ok(Written {
            bytes: SecretBytes::new(Vec::new()),
            left_out,
        });
    }
    match kdbx::write(&kept, lock.password, origin.at, lock.random) {
        Ok(bytes) => Ok(Written {
            bytes: SecretBytes::new(bytes),
            left_out,
        }),
        Err(KdbxWriteError::TooLarge) => Err(ExportError::TooLarge),
        Err(other) => Err(ExportError::NotMade(other)),
    }
}

/// What the database's writer would refuse as a whole is told of the one key that it is about.
fn check(entry: &ExportEntry) -> Result<(), LeftOut> {
    let tags = &entry.details.tags;
    if tags.iter().any(|tag| tag.as_str().contains(';')) {
        return Err(LeftOut::Semicolon);
    }
    let account = entry.account.as_ref().map(|account| account.as_str());
    let names = [Some(entry.label.as_str()), account, entry.url.as_deref()];
    let mut names = names
        .into_iter()
        .flatten()
        .chain(tags.iter().map(|tag| tag.as_str()));
    if names.any(|name| name.chars().any(kdbx::is_refused)) {
        return Err(LeftOut::Character);
    }
    Ok(())
}

fn new(entry: &ExportEntry) -> NewEntry<'_> {
    NewEntry {
        label: &entry.label,
        exchange: &entry.exchange,
        account: entry.account.as_ref(),
        environment: entry.environment,
        fields: &entry.fields,
        url: entry.url.as_deref(),
        notes: entry.details.notes.as_ref(),
        tags: &entry.details.tags,
        created: entry.details.created,
        expires: entry.expires,
    }
}
