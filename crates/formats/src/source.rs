//! The kinds of source, how each is told from the others, and the way into each importer.
//!
//! Deliberately not here: any format's rules.

use std::fmt;

use crate::csv::{self, ColumnMapping};
use crate::env::{self, Line};
use crate::json::{JsonLeaf, read_json};
use crate::leaf::Value;
use crate::text::read_text;
use crate::{FieldName, ImportError, ImportPlan, ccxt, exchanges, export, freqtrade};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// freqtrade's `config.json`.
    Freqtrade,
    /// ccxt-style `keys.json`.
    Ccxt,
    /// `NAME=value` lines.
    Env,
    /// A table with a header.
    Csv,
    /// Our own archive.
    Strongroom,
}

impl Source {
    pub const ALL: [Self; 5] = [
        Self::Freqtrade,
        Self::Ccxt,
        Self::Env,
        Self::Csv,
        Self::Strongroom,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freqtrade => "freqtrade",
            Self::Ccxt => "ccxt",
            Self::Env => "env",
            Self::Csv => "csv",
            Self::Strongroom => "strongroom",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the person says beside the source itself.
#[derive(Clone, Default)]
pub struct Options {
    /// The exchange of credentials that name none.
    pub exchange: Option<String>,
    /// The account of credentials that name none.
    pub account: Option<String>,
    /// CSV: columns with a meaning other than their usual one.
    pub columns: Vec<ColumnMapping>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Reads a source. An error means that nothing of it was taken.
pub fn parse(source: Source, bytes: &[u8], options: &Options) -> Result<ImportPlan, ImportError> {
    match source {
        Source::Freqtrade => Ok(freqtrade::plan(&read_json(bytes)?, options)),
        Source::Ccxt => Ok(ccxt::plan(&read_json(bytes)?, options)),
        Source::Env => Ok(env::plan(&env::read_env(bytes)?, options)),
        Source::Csv => csv::plan(&csv::read_csv(bytes)?, options),
        Source::Strongroom => export::plan(bytes),
    }
}

/// What a source seems to be, from its content and then from its name (without folders). `None`
/// if it is nothing we read or cannot be told; a broken file of a clear name is still that kind,
/// so that [`parse`] can say what is wrong with it.
pub fn detect(bytes: &[u8], name_hint: Option<&str>) -> Option<Source> {
    let name = name_hint.unwrap_or_default().to_lowercase();
    // An archive may be larger than any other source.
    if export::is_archive(bytes) {
        return Some(Source::Strongroom);
    }
    let has_ending = |ending: &str| name.ends_with(ending);
    let Ok(text) = read_text(bytes) else {
        return by_name(&name);
    };
    let opens_object = |body: &str| body.trim_start().starts_with('{');
    if opens_object(text.body) || has_ending(".json") || starts_with_comment_then_object(text.body)
    {
        return match read_json(bytes) {
            Ok(leaves) => json_kind(&leaves).or_else(|| by_name(&name)),
            Err(_) => by_name(&name),
        };
    }
    if name == ".env" || name.starts_with(".env.") || has_ending(".env") {
        return Some(Source::Env);
    }
    if has_ending(".csv") || has_ending(".tsv") {
        return Some(Source::Csv);
    }
    if csv::table_header(bytes, &[]).is_ok() {
        return Some(Source::Csv);
    }
    looks_like_env(bytes).then_some(Source::Env)
}

fn by_name(name: &str) -> Option<Source> {
    if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") {
        return Some(Source::Env);
    }
    if name.ends_with(".csv") || name.ends_with(".tsv") {
        return Some(Source::Csv);
    }
    if !name.ends_with(".json") {
        return None;
    }
    if name.starts_with("config") {
        Some(Source::Freqtrade)
    } else if name.starts_with("keys") {
        Some(Source::Ccxt)
    } else {
        None
    }
}

fn starts_with_comment_then_object(body: &str) -> bool {
    let body = body.trim_start();
    (body.starts_with("//") || body.starts_with("/*")) && body.contains('{')
}

/// freqtrade keeps one exchange in a section of that name; ccxt-style files have an exchange's
/// name or a credential's at the top.
fn json_kind(leaves: &[JsonLeaf<'_>]) -> Option<Source> {
    let mut ccxt = false;
    for leaf in leaves {
        match leaf.place.names().as_slice() {
            [
                "exchange",
                "name" | "key" | "api_key" | "apiKey" | "secret" | "pair_whitelist" | "ccxt_config",
                ..,
            ]
            | [
                "stake_currency" | "dry_run" | "max_open_trades" | "add_config_files",
                ..,
            ] => {
                return Some(Source::Freqtrade);
            }
            [entry, ..] if exchanges::take_apart(entry).is_some() => ccxt = true,
            [.., name]
                if FieldName::parse(name).is_some() && matches!(leaf.value, Value::Text(_)) =>
            {
                ccxt = true;
            }
            _ => {}
        }
    }
    ccxt.then_some(Source::Ccxt)
}

/// Most of the lines that are no comment assign something.
fn looks_like_env(bytes: &[u8]) -> bool {
    let Ok(leaves) = env::read_env(bytes) else {
        return false;
    };
    let count =
        |wanted: fn(&Line) -> bool| leaves.iter().filter(|leaf| wanted(&leaf.place)).count();
    let assignments = count(|line| matches!(line, Line::Assignment { .. }));
    assignments > count(|line| matches!(line, Line::Other))
}
