//! What the columns of a table mean: by their usual names, or as a person said.
//!
//! Deliberately not here: remembering a mapping. The hash of a header is given out for that; the
//! vault keeps it among its local rows.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::FieldName;
use crate::error::{CsvProblem, ImportError, MappingProblem};
use crate::field::squeezed;
use crate::plan::TakenAs;

/// What one column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUse {
    Field(TakenAs),
    /// Left out, on purpose.
    LeftOut,
}

impl ColumnUse {
    /// As [`ColumnUse::parse`] reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftOut => "-",
            Self::Field(TakenAs::Exchange) => "exchange",
            Self::Field(TakenAs::Account) => "account",
            Self::Field(TakenAs::Environment) => "environment",
            Self::Field(TakenAs::Label) => "label",
            // No column has it.
            Self::Field(TakenAs::Record) => "record",
            Self::Field(TakenAs::Credential(name)) => name.as_str(),
        }
    }

    /// `exchange`, `account`, `environment`, `label`, the name of a field, or `-` to leave it out.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "-" => Self::LeftOut,
            "exchange" => Self::Field(TakenAs::Exchange),
            "account" => Self::Field(TakenAs::Account),
            "environment" => Self::Field(TakenAs::Environment),
            "label" => Self::Field(TakenAs::Label),
            name => Self::Field(TakenAs::Credential(FieldName::parse(name)?)),
        })
    }
}

/// A column a person gave a meaning.
#[derive(Clone)]
pub struct ColumnMapping {
    /// As it stands in the header; case and spaces around it do not matter.
    pub column: String,
    pub as_: ColumnUse,
}

/// The names in the header of a table, whatever they mean.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderNames {
    pub columns: Vec<String>,
    /// As in [`TableHeader`].
    pub hash: [u8; 32],
}

/// The header of a table and how its columns were understood.
#[derive(Clone, PartialEq, Eq)]
pub struct TableHeader {
    pub columns: Vec<String>,
    /// One per column; `None` where nothing is known of it.
    pub uses: Vec<Option<ColumnUse>>,
    /// SHA-256 of the header's names, to remember a mapping by.
    pub hash: [u8; 32],
}

impl std::fmt::Debug for ColumnMapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ColumnMapping")
            .field("as_", &self.as_)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for HeaderNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeaderNames").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TableHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableHeader")
            .field("uses", &self.uses)
            .finish_non_exhaustive()
    }
}

/// Names of columns as exports and spreadsheets have them, the likeliest first.
const USUAL: [(TakenAs, &[&str]); 4] = [
    (
        TakenAs::Exchange,
        &[
            "exchange",
            "exchangename",
            "exchangeid",
            "venue",
            "platform",
            "broker",
            "börse",
        ],
    ),
    (
        TakenAs::Label,
        &[
            "label",
            "keylabel",
            "keyname",
            "name",
            "title",
            "bezeichnung",
        ],
    ),
    (
        TakenAs::Account,
        &[
            "account",
            "accountname",
            "subaccount",
            "accountlabel",
            "konto",
        ],
    ),
    (
        TakenAs::Environment,
        &[
            "environment",
            "env",
            "network",
            "mode",
            "testnet",
            "sandbox",
            "umgebung",
        ],
    ),
];

pub(super) fn names(header: &[Cow<'_, str>]) -> HeaderNames {
    HeaderNames {
        columns: header.iter().map(|name| name.trim().to_owned()).collect(),
        hash: hash(header),
    }
}

pub(super) fn understand(
    header: &[Cow<'_, str>],
    header_line: u32,
    mappings: &[ColumnMapping],
) -> Result<TableHeader, ImportError> {
    let refused = |problem| {
        Err(ImportError::Csv {
            line: header_line,
            problem,
        })
    };
    if header.iter().any(|name| looks_like_data(name)) {
        return refused(CsvProblem::NoHeader);
    }
    let mut uses = vec![None; header.len()];
    apply(header, mappings, &mut uses)?;
    presets(header, &mut uses);

    let credential = |column: &Option<ColumnUse>| {
        matches!(column, Some(ColumnUse::Field(TakenAs::Credential(_))))
    };
    if !uses.iter().any(credential) {
        return refused(CsvProblem::NothingMapped);
    }
    let HeaderNames { columns, hash } = names(header);
    Ok(TableHeader {
        columns,
        uses,
        hash,
    })
}

/// What the person said of columns comes first.
fn apply(
    header: &[Cow<'_, str>],
    mappings: &[ColumnMapping],
    uses: &mut [Option<ColumnUse>],
) -> Result<(), ImportError> {
    let mut by: Vec<Option<usize>> = vec![None; header.len()];
    for (index, mapping) in mappings.iter().enumerate() {
        let number = index + 1;
        let wanted = mapping.column.trim().to_lowercase();
        let mut found =
            (0..header.len()).filter(|column| header[*column].trim().to_lowercase() == wanted);
        let problem = match (found.next(), found.next()) {
            (None, _) => MappingProblem::NoSuchColumn { mapping: number },
            (Some(_), Some(_)) => MappingProblem::AmbiguousColumn { mapping: number },
            (Some(column), None) => {
                let twice = (0..header.len()).find(|other| {
                    uses[*other] == Some(mapping.as_) && mapping.as_ != ColumnUse::LeftOut
                });
                match (by[column], twice.and_then(|other| by[other])) {
                    (Some(first), _) => MappingProblem::ColumnTwice {
                        first,
                        second: number,
                    },
                    (None, Some(first)) => MappingProblem::FieldTwice {
                        first,
                        second: number,
                    },
                    (None, None) => {
                        by[column] = Some(number);
                        uses[column] = Some(mapping.as_);
                        continue;
                    }
                }
            }
        };
        return Err(ImportError::Mapping(problem));
    }
    Ok(())
}

/// The remaining columns by their usual names; of two for one field, the likelier.
fn presets(header: &[Cow<'_, str>], uses: &mut [Option<ColumnUse>]) {
    for (field, names) in USUAL {
        let given = Some(ColumnUse::Field(field));
        if uses.contains(&given) {
            continue;
        }
        let rank = |column: &usize| {
            let name = squeezed(&header[*column]);
            names.iter().position(|usual| *usual == name)
        };
        let best = (0..header.len())
            .filter(|column| uses[*column].is_none() && rank(column).is_some())
            .min_by_key(|column| rank(column));
        if let Some(column) = best {
            uses[column] = given;
        }
    }
    for column in 0..header.len() {
        let Some(field) = FieldName::meant_by(&header[column]) else {
            continue;
        };
        let given = Some(ColumnUse::Field(TakenAs::Credential(field)));
        if uses[column].is_none() && !uses.contains(&given) {
            uses[column] = given;
        }
    }
}

/// Whether a column of this name would be taken for something by its name.
pub(crate) fn is_ours(name: &str) -> bool {
    let plain = squeezed(name);
    let usual = USUAL
        .iter()
        .any(|(_, names)| names.contains(&plain.as_str()));
    usual || FieldName::meant_by(name).is_some()
}

/// Names of columns are words. A long run of letters and digits without a space is a key, and the
/// table has no header line.
pub(crate) fn looks_like_data(name: &str) -> bool {
    const LONGEST_WORD: usize = 16;
    let word = name.trim();
    word.contains("-----BEGIN")
        || word.split([' ', '_', '-', '.', '/', '(', ')']).any(|part| {
            part.len() > LONGEST_WORD
                && part.bytes().any(|byte| byte.is_ascii_digit())
                && part.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
        || word.len() > 64
}

/// Case, spaces and punctuation do not make another table of it; order does.
fn hash(header: &[Cow<'_, str>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for name in header {
        let name = squeezed(name);
        hash.update(u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(name.as_bytes());
    }
    hash.finalize().into()
}
