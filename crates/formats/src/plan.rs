//! What an import would do: drafts, and an account of every field of the source.
//!
//! The account names places and reasons, never values. `Debug` prints no name of the source
//! either, because a malformed file may hold a secret where a name should be.
//!
//! Deliberately not here: deciding. The importers fill a plan; the vault acts on it.

use std::fmt;

use strongroom_domain::{Environment, ExchangeId, KeyState, MaterialField, UtcMs};
use strongroom_secret::SecretText;

use crate::csv::TableHeader;
use crate::export::Details;
use crate::{FieldName, Source};

/// Everything found in one source.
#[derive(Debug)]
pub struct ImportPlan {
    pub source: Source,
    pub drafts: Vec<Draft>,
    /// One account per value, line or cell, in the order of the source.
    pub fields: Vec<FieldAccount>,
    pub notes: Vec<Note>,
    /// CSV only: the header and how its columns were understood.
    pub table: Option<TableHeader>,
}

/// A key as the source describes it. Unchecked input: nothing is recorded from it without the
/// vault's own parsing.
pub struct Draft {
    pub exchange: DraftExchange,
    /// A label to offer, unique within the plan.
    pub label: String,
    pub account: Option<String>,
    /// `None` where the source does not say; a person decides.
    pub environment: Option<Environment>,
    pub fields: Vec<DraftField>,
    pub warnings: Vec<Warning>,
    /// What else is recorded of it, which our own archive alone tells.
    pub record: Option<Box<DraftRecord>>,
}

/// What an archive of ours tells of a key beside its credential.
pub struct DraftRecord {
    pub details: Details,
    pub state: KeyState,
    pub compromised: Option<UtcMs>,
    /// Fields of the person's own.
    pub other_fields: Vec<MaterialField>,
}

/// The exchange as the source names it.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftExchange {
    pub raw: String,
    /// The exchange of our table that is meant, or the name made into an id.
    pub id: ExchangeId,
}

pub struct DraftField {
    pub name: FieldName,
    pub value: SecretText,
}

impl Draft {
    pub fn field(&self, name: FieldName) -> Option<&SecretText> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.value)
    }
}

/// What became of one value of the source.
#[derive(Debug)]
pub struct FieldAccount {
    pub where_: Place,
    pub what: What,
}

/// Where a value stands: a path, a name or a column, and its line.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// `exchange.key`, `BINANCE_API_KEY`, `column "secret"`. Taken from the source: print it
    /// only to the person whose file it is, sanitised.
    pub name: String,
    /// From 1.
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It goes into a draft (an index into `drafts`).
    Taken { draft: usize, field: TakenAs },
    /// Understood, and not needed.
    Ignored { reason: Ignored },
    /// It may matter, and it was not imported: a person should look.
    NotImported { reason: NotImported },
}

/// What a taken value became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenAs {
    Credential(FieldName),
    Exchange,
    Account,
    Environment,
    Label,
    /// What else is recorded of a key.
    Record,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    #[error("a setting of the program, not a credential")]
    Setting,
    #[error("how the bot trades; it says nothing about the key")]
    DryRun,
    #[error("names another file; import that one too")]
    OtherFile,
    #[error("empty")]
    Empty,
    #[error("a placeholder of an example file")]
    Placeholder,
    #[error("already a reference to this vault")]
    AlreadyReference,
    #[error("this entry has no credential field, only settings")]
    NoCredential,
    #[error("a comment")]
    Comment,
    #[error("left out by the mapping")]
    LeftOut,
    #[error("follows from the rest, or is made anew")]
    Derived,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotImported {
    #[error("a secret, but not of an exchange key")]
    OtherSecret,
    #[error("no exchange is named for it: say which is meant")]
    NoExchange,
    #[error("looks like a credential, but begins with no exchange we know")]
    UnknownExchangeName,
    #[error("no exchange and credential are recognised in this name")]
    UnknownName,
    #[error("another place gives the same field a different value, and that one is used")]
    Shadowed,
    #[error("text was expected here")]
    NotText,
    #[error(
        "a number with a point or an exponent: its digits may have been lost when it was written"
    )]
    LossyNumber,
    #[error("contains a control character")]
    ControlCharacter,
    #[error("longer than any key (over 16 KiB)")]
    TooLong,
    #[error("refers to a variable or a command; write the value itself")]
    VariableReference,
    #[error(
        "programs read these quotes or backslashes differently; put the value in single quotes"
    )]
    AmbiguousQuoting,
    #[error("something follows the closing quote")]
    AfterQuote,
    #[error("the quote is never closed")]
    UnclosedQuote,
    #[error("the PEM block has no END line")]
    UnclosedPem,
    #[error("not a NAME=value line")]
    NotAnAssignment,
    #[error("a comment that seems to hold a credential")]
    CommentedOut,
    #[error("the row has {found} cells, the header {expected}")]
    WrongCellCount { found: usize, expected: usize },
    #[error("the row has no credential")]
    NoCredential,
    #[error("no field is known for this column: map it, or leave it out by name")]
    UnmappedColumn,
    #[error("not an environment we know (production, testnet, demo, development)")]
    UnknownEnvironment,
    #[error("longer than a name may be, or with characters a name may not have")]
    NotAName,
    #[error("the archive has no secret for this key, only what was recorded of it")]
    NoSecret,
    #[error("a secret of this key that was not in use; `open-archive` gives it out")]
    OtherVersion,
}

/// Something a person should know about a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    #[error("the exchange is not in our list; its rules are unknown here")]
    UnknownExchange,
    #[error("{0} is missing")]
    Missing(FieldName),
    #[error("spaces around {0} were removed")]
    Trimmed(FieldName),
    #[error("{0} has a space or a line break inside")]
    InnerSpace(FieldName),
    #[error("{0} has characters that are not ASCII; check for an invisible one")]
    NotAscii(FieldName),
    #[error("{0} was written as a number; leading zeros would have been lost")]
    Number(FieldName),
    #[error("{0} had \\n for line breaks; they are real ones now")]
    PemUnescaped(FieldName),
    #[error("{0} is a PEM block without its END line")]
    PemCut(FieldName),
    #[error("{0} has a dollar sign that a shell would expand; it was taken as it stands")]
    DollarSign(FieldName),
    #[error("apiKey and secret look swapped")]
    Swapped,
    #[error("{0} does not have the usual shape for this exchange")]
    UnusualShape(FieldName),
    #[error("{0} was given more than once; the others are listed as not imported")]
    GivenTwice(FieldName),
    #[error(
        "its account's name is too long or has characters a name may not have; it was left out"
    )]
    AccountName,
    #[error("the same key as draft {0}")]
    SameKeyAs(usize),
}

/// Something a person should know about the whole source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    #[error("add_config_files names {0} more; freqtrade reads them too, so import them as well")]
    OtherConfigFiles(usize),
    #[error("no key was found here")]
    NothingFound,
    #[error("credentials without an exchange were left: say which exchange with --exchange")]
    NoExchange,
    #[error(
        "comments that seem to hold credentials: {0}; they stay in the file whatever is imported"
    )]
    CommentedOut(usize),
    #[error("the columns were separated by a {0}")]
    Delimiter(&'static str),
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("environment", &self.environment)
            .field("fields", &self.fields)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for DraftRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftRecord").finish_non_exhaustive()
    }
}

impl fmt::Debug for DraftExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftExchange")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for DraftField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftField")
            .field("name", &self.name)
            .field("value", &self.value)
            .finish()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return write!(f, "line {}", self.line);
        }
        write!(f, "{} (line {})", self.name, self.line)
    }
}

impl fmt::Display for TakenAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credential(field) => field.as_str(),
            Self::Exchange => "exchange",
            Self::Account => "account",
            Self::Environment => "environment",
            Self::Label => "label",
            Self::Record => "record",
        })
    }
}
