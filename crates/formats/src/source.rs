//! The kinds of source, how each is told from the others, and the way into each importer.
//!
//! Deliberately not here: any format's rules.

use std::collections::HashSet;
use std::fmt;

use crate::csv::{self, ColumnMapping};
use crate::env::{self, Line};
use crate::hummingbot::{ConnectorLeaf, read_connector};
use crate::json::{JsonLeaf, read_json};
use crate::leaf::Value;
use crate::logins::table::{self, Manager};
use crate::text::read_text;
use crate::{
    FieldName, ImportError, ImportPlan, bitwarden, ccxt, exchanges, export, freqtrade,
    gocryptotrader, hummingbot, kdbx, keepass, octobot, passivbot,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// freqtrade's `config.json`.
    Freqtrade,
    /// ccxt-style `keys.json`.
    Ccxt,
    /// passivbot's `api-keys.json`.
    Passivbot,
    /// OctoBot's `config.json`.
    Octobot,
    /// gocryptotrader's `config.json`, or `config.dat` once it is unlocked.
    Gocryptotrader,
    /// hummingbot's `connectors/<name>.yml` once it is unlocked.
    Hummingbot,
    /// KeePass's `.kdbx`.
    Keepass,
    /// `NAME=value` lines.
    Env,
    /// A table with a header.
    Csv,
    /// Bitwarden's JSON export, once it is unlocked where a password protects it.
    Bitwarden,
    /// Bitwarden's CSV export.
    BitwardenCsv,
    /// 1Password's CSV export.
    OnePasswordCsv,
    /// Our own archive.
    Strongroom,
}

impl Source {
    pub const ALL: [Self; 13] = [
        Self::Freqtrade,
        Self::Ccxt,
        Self::Passivbot,
        Self::Octobot,
        Self::Gocryptotrader,
        Self::Hummingbot,
        Self::Keepass,
        Self::Env,
        Self::Csv,
        Self::Bitwarden,
        Self::BitwardenCsv,
        Self::OnePasswordCsv,
        Self::Strongroom,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freqtrade => "freqtrade",
            Self::Ccxt => "ccxt",
            Self::Passivbot => "passivbot",
            Self::Octobot => "octobot",
            Self::Gocryptotrader => "gocryptotrader",
            Self::Hummingbot => "hummingbot",
            Self::Keepass => "keepass",
            Self::Env => "env",
            Self::Csv => "csv",
            Self::Bitwarden => "bitwarden",
            Self::BitwardenCsv => "bitwarden-csv",
            Self::OnePasswordCsv => "1password-csv",
            Self::Strongroom => "strongroom",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }

    /// An export of a password manager's or of ours, which no program reads its keys from.
    pub fn is_export(self) -> bool {
        matches!(
            self,
            Self::Bitwarden | Self::BitwardenCsv | Self::OnePasswordCsv | Self::Strongroom
        )
    }

    /// Whether the program takes its keys from this file only: it does not start with references in
    /// it, and cannot be given them another way.
    pub fn is_read_by_its_program_alone(self) -> bool {
        matches!(
            self,
            Self::Passivbot | Self::Octobot | Self::Gocryptotrader | Self::Hummingbot
        )
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
        Source::Passivbot => Ok(passivbot::plan(&read_json(bytes)?, options)),
        Source::Octobot => Ok(octobot::plan(&read_json(bytes)?, options)),
        Source::Gocryptotrader => Ok(gocryptotrader::plan(&read_json(bytes)?, options)),
        Source::Hummingbot => Ok(hummingbot::plan(&read_connector(bytes)?, options)),
        Source::Keepass if kdbx::is_keepass(bytes) => Err(ImportError::PasswordNeeded),
        Source::Keepass => keepass::plan(bytes, options),
        Source::Env => Ok(env::plan(&env::read_env(bytes)?, options)),
        Source::Csv => csv::plan(&csv::read_csv(bytes)?, options),
        Source::Bitwarden => Ok(bitwarden::plan(&read_json(bytes)?, options)),
        Source::BitwardenCsv => table::plan(bytes, Manager::Bitwarden, options),
        Source::OnePasswordCsv => table::plan(bytes, Manager::OnePassword, options),
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
    if gocryptotrader::encrypted::is_encrypted(bytes) {
        return Some(Source::Gocryptotrader);
    }
    let has_ending = |ending: &str| name.ends_with(ending);
    if kdbx::is_keepass(bytes) || kdbx::is_opened(bytes) {
        return Some(Source::Keepass);
    }
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
    match table::manager_of(bytes) {
        Some(Manager::Bitwarden) => return Some(Source::BitwardenCsv),
        Some(Manager::OnePassword) => return Some(Source::OnePasswordCsv),
        None => {}
    }
    if has_ending(".csv") || has_ending(".tsv") {
        return Some(Source::Csv);
    }
    if is_connector(bytes) {
        return Some(Source::Hummingbot);
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
    if name.ends_with(".kdbx") || name.ends_with(".kdb") {
        return Some(Source::Keepass);
    }
    if name.ends_with(".csv") || name.ends_with(".tsv") {
        return Some(Source::Csv);
    }
    if !name.ends_with(".json") {
        return None;
    }
    if name.starts_with("config") {
        Some(Source::Freqtrade)
    } else if name.starts_with("api-keys") {
        Some(Source::Passivbot)
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

/// freqtrade keeps one exchange in a section of that name, OctoBot all in one of theirs; passivbot
/// has an exchange and a `key` in every entry; ccxt-style files have an exchange's name or a
/// credential's at the top.
fn json_kind(leaves: &[JsonLeaf<'_>]) -> Option<Source> {
    let mut ccxt = false;
    let mut passivbot = false;
    let names_exchange: HashSet<String> = leaves
        .iter()
        .filter_map(|leaf| match leaf.place.names().as_slice() {
            [entry, "exchange"] => leaf.value.as_text().map(|_| (*entry).to_owned()),
            _ => None,
        })
        .collect();
    for leaf in leaves {
        match leaf.place.names().as_slice() {
            ["exchanges", _, "api-key" | "api-secret" | "api-password"] => {
                return Some(Source::Octobot);
            }
            [
                "exchanges",
                _,
                "api",
                "credentials" | "credentialsValidator",
                ..,
            ]
            | ["exchanges", _, "apiKey" | "apiSecret" | "apiAuthPemKey"] => {
                return Some(Source::Gocryptotrader);
            }
            ["encrypted"] if matches!(leaf.value, Value::Flag(_)) => {
                return Some(Source::Bitwarden);
            }
            ["referrals", ..] | ["tradfi", "provider"] => passivbot = true,
            [entry, "exchange"] if names_exchange.contains(*entry) => ccxt = true,
            // Fields that no file in ccxt's style has beside an `exchange`.
            [
                entry,
                "key" | "wallet_address" | "private_key" | "is_vault" | "account_index",
            ] if names_exchange.contains(*entry) => passivbot = true,
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
    if passivbot && ccxt {
        Some(Source::Passivbot)
    } else {
        ccxt.then_some(Source::Ccxt)
    }
}

/// A line names the connector, or a value is encrypted as hummingbot does it.
fn is_connector(bytes: &[u8]) -> bool {
    let Ok(leaves) = read_connector(bytes) else {
        return false;
    };
    let names = |leaf: &ConnectorLeaf<'_>| leaf.place.name() == Some("connector");
    leaves.iter().any(names) || hummingbot::encrypted::is_encrypted(bytes)
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
