//! The log as a text file that stands for itself: entries in words, their exact bytes, and a signed
//! checkpoint over them. Anyone can verify it without the vault.
//!
//! Deliberately not here: where the file goes.

use std::io::Write;

use data_encoding::BASE64;
use jiff::Timestamp;
use strongroom_crypto::{NoteError, checkpoint, merkle};

use crate::audit::log::entry_of;
use crate::audit::{AuditEntry, AuditError, EventKind};
use crate::error::FileError;
use crate::layout;
use crate::open::OpenVault;

const TITLE: &str = "strongroom audit log 1";
const PAGE: usize = 512;

/// Why an exported log is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportRefused {
    #[error("this is not an exported audit log")]
    NotALog,
    #[error("line {line} of the exported log is not an entry")]
    Line { line: usize },
    #[error("the entries are not those the checkpoint was signed over")]
    OtherEntries,
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// A log that was read back from its export and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedLog {
    pub entries: Vec<AuditEntry>,
    pub root: [u8; 32],
    /// The key the checkpoint was signed with, as the file names it. Only a person who knows it
    /// from elsewhere can say that it is this vault's.
    pub verifier_key: String,
}

impl OpenVault {
    /// Writes the whole log, with an entry about this export and a checkpoint that covers it.
    pub fn audit_export(&mut self, out: &mut dyn Write) -> Result<u64, AuditExportError> {
        self.check_log_readable()?;
        let note = self.audit_with_checkpoint(EventKind::AuditExported.into())?;
        let size = self.audit_size();
        let public = self.audit_public_key()?;
        let key = checkpoint::verifier_key(&checkpoint::origin(self.vault_id()), &public);
        let mut text = format!("{TITLE}\n{key}\n{size}\n");
        let mut next = 0;
        while next < size {
            let page = self
                .store
                .audit_range(next, PAGE)
                .map_err(AuditError::from)?;
            if page.is_empty() {
                return Err(AuditError::Broken.into());
            }
            next += page.len() as u64;
            for (seq, leaf) in &page {
                text.push_str(&line(&entry_of(*seq, leaf)?, leaf));
            }
            out.write_all(text.as_bytes()).map_err(layout::classify)?;
            text.clear();
        }
        out.write_all(format!("\n{note}").as_bytes())
            .map_err(layout::classify)?;
        out.flush().map_err(layout::classify)?;
        Ok(size)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditExportError {
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error(transparent)]
    File(#[from] FileError),
}

/// One entry in words for a person, then its bytes for a verifier.
fn line(entry: &AuditEntry, leaf: &[u8]) -> String {
    let time = i64::try_from(entry.utc_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map_or_else(|| "-".to_owned(), |time| format!("{time:.3}"));
    let about = entry
        .entry_id
        .map_or_else(|| "-".to_owned(), |id| id.to_string());
    format!(
        "{}\t{time}\t{}\t{}\t{}\t{}\t{about}\t{}\n",
        entry.seq,
        entry.event.word(),
        entry.decision.word(),
        entry.actor.word(),
        entry.client.word(),
        BASE64.encode(leaf)
    )
}

/// Verifies an exported log by itself: every line says what its bytes say, and the checkpoint is
/// signed over exactly these entries.
pub fn verify_export(text: &str) -> Result<ExportedLog, ExportRefused> {
    let (log, note) = text.split_once("\n\n").ok_or(ExportRefused::NotALog)?;
    let mut lines = log.split('\n');
    if lines.next() != Some(TITLE) {
        return Err(ExportRefused::NotALog);
    }
    let verifier_key = lines.next().ok_or(ExportRefused::NotALog)?;
    let (origin, public) = parse_key(verifier_key).ok_or(ExportRefused::NotALog)?;
    let size: u64 = lines
        .next()
        .and_then(|size| size.parse().ok())
        .ok_or(ExportRefused::NotALog)?;
    let (mut entries, mut frontier) = (Vec::new(), merkle::Frontier::default());
    for (number, found) in lines.enumerate() {
        let refused = ExportRefused::Line { line: number + 4 };
        let leaf = found
            .rsplit('\t')
            .next()
            .and_then(|encoded| BASE64.decode(encoded.as_bytes()).ok())
            .ok_or(refused)?;
        let entry = entry_of(frontier.size(), &leaf).map_err(|_| refused)?;
        if line(&entry, &leaf).strip_suffix('\n') != Some(found) {
            return Err(refused);
        }
        frontier.append(merkle::leaf_hash(&leaf));
        entries.push(entry);
    }
    let signed = checkpoint::verify(note, origin, &public)?;
    if size != frontier.size() || signed.size != size || signed.root != frontier.root() {
        return Err(ExportRefused::OtherEntries);
    }
    Ok(ExportedLog {
        entries,
        root: signed.root,
        verifier_key: verifier_key.to_owned(),
    })
}

/// Takes a verifier key apart: name, key. The short hash in it is compared.
fn parse_key(text: &str) -> Option<(&str, [u8; 32])> {
    let mut parts = text.splitn(3, '+');
    let (origin, _, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let typed = BASE64.decode(encoded.as_bytes()).ok()?;
    let public: [u8; 32] = typed.get(1..)?.try_into().ok()?;
    (checkpoint::verifier_key(origin, &public) == text).then_some((origin, public))
}
