//! Import: preview first, then apply the same bytes.

use crate::{Environment, SecretField};

wire! {
    /// The source is passed as a descriptor beside the frame.
    pub struct ImportPreview {
        /// The name of a kind of source; detected without it.
        #[serde(default)]
        pub source: Option<String>,
        /// The file's name without its folder, for detection and labels.
        #[serde(default)]
        pub name_hint: Option<String>,
        /// CSV: column header → our field name.
        #[serde(default)]
        pub columns: Vec<ColumnMapping>,
        /// Exchange for sources that name none.
        #[serde(default)]
        pub exchange: Option<String>,
        #[serde(default)]
        pub account: Option<String>,
        /// What opens the source, where it is encrypted. It is not the vault's password.
        #[serde(default)]
        pub source_password: Option<SecretField>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ColumnMapping {
        pub column: String,
        pub field: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportPlanView {
        /// Names the plan for `import_apply`, on this connection, for ten minutes.
        pub plan: String,
        pub source: String,
        /// From `import_page`'s `drafts_from` on, as many as the frame holds.
        pub drafts: Vec<ImportDraftView>,
        pub drafts_total: u32,
        /// What became of every field, line or column of the source; paged like the drafts.
        pub fields: Vec<ImportFieldView>,
        pub fields_total: u32,
        /// What to know about the whole source.
        #[serde(default)]
        pub notes: Vec<String>,
    }

    /// A further page of a plan too long for one frame.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportPage {
        pub plan: String,
        pub drafts_from: u32,
        pub fields_from: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportDraftView {
        pub label: String,
        pub exchange: String,
        pub account: String,
        pub environment: Environment,
        pub fields: Vec<String>,
        /// The same key is recorded already under this label.
        pub already: Option<String>,
        pub warnings: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportFieldView {
        /// Path, line or column; never a value.
        pub place: String,
        /// `taken`, `ignored` or `not-imported`.
        pub outcome: String,
        /// Where it went, or why not.
        pub detail: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportApply {
        pub plan: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportApplied {
        /// Names the batch for `import_undo`.
        pub batch: String,
        /// The first page of what was added; more by `import_keys`.
        pub added: Vec<ImportedKey>,
        pub added_total: u32,
        pub already: u32,
    }

    /// A further page of a batch's keys.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportKeys {
        pub batch: String,
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportedPage {
        pub keys: Vec<ImportedKey>,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportedKey {
        pub id: String,
        pub label: String,
        /// Index into the plan's drafts.
        pub draft: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportUndo {
        /// The latest batch without it.
        #[serde(default)]
        pub batch: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportUndone {
        pub removed: u32,
        /// Keys changed since the import are kept.
        pub kept: u32,
    }
}
