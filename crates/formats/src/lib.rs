//! Importers, exporters, presets and shares: bytes in, drafts out; keys in, a file out.
//!
//! [`ics`] writes calendars, [`export`] everything that holds keys. [`detect`] guesses what a source is, [`parse`] makes a plan of it in
//! which every value of the
//! source is accounted for, [`references`] rewrites the source so that each taken secret is
//! replaced by a pointer into the vault, and [`presets`] names the environment variables programs
//! read keys from. [`share`] makes and opens what people give each other.
//!
//! Deliberately not here: opening files, the network, the process's environment, and deciding
//! what is recorded. Plans hold secrets as `strongroom_secret` types; no error or `Debug` has one.

pub mod export;
pub mod ics;
pub mod presets;
pub mod share;

mod ccxt;
mod collect;
mod csv;
mod env;
mod error;
mod exchanges;
mod field;
mod freqtrade;
mod json;
mod leaf;
mod plan;
mod reference;
mod references;
mod shapes;
mod source;
mod text;
mod value;

pub use csv::{ColumnMapping, ColumnUse, HeaderNames, TableHeader, header_names, table_header};
pub use error::{CsvProblem, ImportError, JsonProblem, MappingProblem, ReferenceError};
pub use field::FieldName;
pub use plan::{
    Draft, DraftExchange, DraftField, DraftRecord, FieldAccount, Ignored, ImportPlan, NotImported,
    Note, Place, TakenAs, Warning, What,
};
pub use reference::Reference;
pub use references::{Replacement, references};
pub use source::{Options, Source, detect, parse};
pub use text::{MAX_BYTES, MAX_LEAVES};

// The command line names variables by exchange without knowing the domain.
pub use strongroom_domain::ExchangeId;
