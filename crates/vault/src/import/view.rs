//! An import as it is shown: what it would do, and what it did. No value is in anything shown.

use strongroom_domain::{AccountLabel, EntryId, Environment, ExchangeId, FieldName, KeyLabel};
use strongroom_formats as formats;

use super::batch::BatchId;
use super::columns::ColumnMemory;
use crate::records::NewKey;

/// What the person says beside the file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The name of a kind of source; detected without it.
    pub source: Option<String>,
    /// The file's name without its folder.
    pub name_hint: Option<String>,
    /// CSV: column header and the field it holds. Without any, what was said of the same header
    /// before.
    pub columns: Vec<(String, String)>,
    /// For sources that name none.
    pub exchange: Option<String>,
    pub account: Option<String>,
}

/// What an import would do. It holds the secrets of the source; dropping it wipes them.
#[derive(Debug)]
pub struct ImportPlan {
    pub(super) source: formats::Source,
    pub(super) drafts: Vec<PlannedKey>,
    pub(super) fields: Vec<ImportField>,
    pub(super) notes: Vec<String>,
    /// To be remembered with the keys; only where the person said something of the columns.
    pub(super) columns: Option<ColumnMemory>,
}

/// One key of a plan.
#[derive(Debug)]
pub(crate) struct PlannedKey {
    pub(super) view: ImportDraft,
    pub(super) new: NewKey,
}

/// A key of a plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportDraft {
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub account: AccountLabel,
    pub environment: Environment,
    pub fields: Vec<FieldName>,
    /// The same key is recorded already, under this label, or stands earlier in the source.
    pub already: Option<KeyLabel>,
    pub warnings: Vec<String>,
}

/// What became of one field, line or column of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportField {
    /// Path, line or column; never a value.
    pub place: String,
    pub outcome: ImportOutcome,
    /// Where it went, or why not.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    Taken,
    Ignored,
    NotImported,
}

impl ImportOutcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Ignored => "ignored",
            Self::NotImported => "not-imported",
        }
    }
}

impl ImportPlan {
    /// The name of its kind.
    pub fn source(&self) -> &'static str {
        self.source.as_str()
    }

    pub fn drafts(&self) -> impl ExactSizeIterator<Item = &ImportDraft> {
        self.drafts.iter().map(|draft| &draft.view)
    }

    pub fn fields(&self) -> &[ImportField] {
        &self.fields
    }

    /// What a person should know about the whole source.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// `None` if everything was here already.
    pub batch: Option<BatchId>,
    pub added: Vec<ImportedKey>,
    pub already: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedKey {
    pub id: EntryId,
    pub label: KeyLabel,
    /// Index into the plan's drafts.
    pub draft: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportUndone {
    pub removed: usize,
    /// Keys that were changed since the import stay.
    pub kept: usize,
}
