//! What an importer refuses, in words. No value, name or path of the source is in any of them.

use crate::export::ArchiveProblem;
use crate::text::{MAX_BYTES, MAX_LEAVES};

/// Why a source was refused as a whole. Nothing was taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes; at most {} are read", MAX_BYTES)]
    TooLarge { bytes: usize },
    #[error(
        "the file has more than {} values; this is not a file of keys",
        MAX_LEAVES
    )]
    TooMany,
    #[error("the file is UTF-16; save it as UTF-8 and import again")]
    Utf16,
    #[error("the file is not UTF-8: the first wrong byte is number {offset}, in line {line}")]
    NotUtf8 { line: u32, offset: usize },
    #[error("line {line}: {problem}")]
    Json { line: u32, problem: JsonProblem },
    #[error("line {line}: {problem}")]
    Csv { line: u32, problem: CsvProblem },
    #[error("{0}")]
    Mapping(MappingProblem),
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonProblem {
    #[error("this is not JSON")]
    Syntax,
    #[error("a quote is not closed, or an escape is wrong")]
    Text,
    #[error("a comment is not closed")]
    Comment,
    #[error("a bracket is not closed")]
    Unclosed,
    #[error("a comma is missing")]
    Comma,
    #[error("nested deeper than 64 levels")]
    TooDeep,
    #[error("a name is longer than 1,024 bytes")]
    LongName,
    #[error(
        "a name stands twice in one object; programs keep only the last and would lose the other, so remove one"
    )]
    DuplicateName,
    #[error("the file must hold one object {{…}}")]
    NotAnObject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsvProblem {
    #[error("a quoted cell is never closed")]
    UnclosedQuote,
    #[error("something follows the closing quote of a cell")]
    AfterQuote,
    #[error("more than 256 columns")]
    TooManyColumns,
    #[error("the first line looks like data, not like the names of columns: add a header line")]
    NoHeader,
    #[error("no column is known to hold a credential: give a mapping of columns to fields")]
    NothingMapped,
}

/// Why a given mapping of columns does not fit. Columns and mappings are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MappingProblem {
    #[error("mapping {mapping} names a column that the file does not have")]
    NoSuchColumn { mapping: usize },
    #[error("mapping {mapping} names a column that stands twice in the header: rename one")]
    AmbiguousColumn { mapping: usize },
    #[error("mappings {first} and {second} are for the same column")]
    ColumnTwice { first: usize, second: usize },
    #[error("mappings {first} and {second} give the same field")]
    FieldTwice { first: usize, second: usize },
}

/// Why a source was not rewritten. The source itself is never touched here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("there is no draft {draft} in this source")]
    NoSuchDraft { draft: usize },
    #[error("draft {draft} is given two labels")]
    TwoLabels { draft: usize },
    #[error("draft {draft}: this label cannot stand in a reference")]
    Label { draft: usize },
    #[error(
        "line {line} still holds a value that was imported (in a comment, or under another name); remove it there first"
    )]
    StillThere { line: u32 },
    #[error(
        "line {line}: a quote or a PEM block is never closed, so nothing after it can be replaced safely; close it first"
    )]
    Unclosed { line: u32 },
    #[error("an archive is not rewritten; remove it once its keys are recorded")]
    Archive,
    #[error("the rewritten file did not read back as it should; nothing was changed")]
    NotTheSame,
}
