//! Names for exported keys that other programs take: words of letters and digits, each given once.
//!
//! A label may hold anything that can be shown. What becomes a name of a variable, a file or an
//! object keeps of it letters, digits and hyphens only, so that no label can leave its folder or
//! be taken for something else.

use std::collections::{HashMap, HashSet};

use strongroom_domain::{Environment, FieldName};

use super::entry::ExportEntry;
use crate::exchanges;

/// The longest part that a label or an account gives to a name.
const MOST_CHARS: usize = 40;

/// `Main desk (2)` is `main-desk-2`; empty where no letter or digit of ASCII is in it.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if slug.len() == MOST_CHARS {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The last word of a name, for environments other than production.
pub(super) fn environment_word(environment: Environment) -> Option<&'static str> {
    match environment {
        Environment::Production => None,
        Environment::Testnet => Some("testnet"),
        Environment::Demo => Some("demo"),
        Environment::Development => Some("dev"),
    }
}

/// What else a name must do.
#[derive(Clone, Copy)]
pub(super) enum Fits {
    Any,
    /// So that its fields are read back from it too.
    If(fn(&ExportEntry, &str) -> bool),
}

/// Names of the form `binance-main-testnet`, one for each entry and each different. Such a name is
/// read back as the exchange, account and environment it was made of, wherever the exchange is one
/// we know and the account's name allows it.
pub(super) fn names(entries: &[&ExportEntry], fits: Fits) -> Vec<String> {
    let fits = |entry: &ExportEntry, name: &str| match fits {
        Fits::Any => true,
        Fits::If(fits) => fits(entry, name),
    };
    let mut wished: HashMap<String, usize> = HashMap::new();
    let by_account = |entry: &ExportEntry| {
        let account = entry.account.as_ref().map(|account| slug(account.as_str()));
        name(entry, &account.unwrap_or_default())
    };
    for entry in entries {
        *wished.entry(by_account(entry)).or_default() += 1;
    }
    let mut taken = HashSet::new();
    let mut named = Vec::with_capacity(entries.len());
    // Where several keys are of one account, each is told by its label.
    for entry in entries {
        let of_account = by_account(entry);
        let alone = wished.get(&of_account) == Some(&1);
        let of_label = name(entry, &label_word(entry));
        let mut candidates = Vec::new();
        if alone && reads_back(entry, &of_account, Account::AsRecorded) {
            candidates.push(of_account);
        }
        if reads_back(entry, &of_label, Account::Any) {
            candidates.push(of_label);
        }
        let free = candidates
            .into_iter()
            .find(|name| !taken.contains(name) && fits(entry, name));
        let chosen = match free {
            Some(name) => name,
            None => numbered(entry, &taken),
        };
        taken.insert(chosen.clone());
        named.push(chosen);
    }
    named
}

/// A word of the label, without the exchange's name that it often begins with.
fn label_word(entry: &ExportEntry) -> String {
    let slug = slug(entry.label.as_str());
    let rest = slug
        .strip_prefix(entry.exchange.as_str())
        .map(|rest| rest.trim_start_matches('-'));
    rest.unwrap_or(&slug).to_owned()
}

fn name(entry: &ExportEntry, middle: &str) -> String {
    let exchange = entry.exchange.as_str();
    let parts = [
        Some(exchange),
        Some(middle).filter(|middle| !middle.is_empty()),
        environment_word(entry.environment),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join("-")
}

fn numbered(entry: &ExportEntry, taken: &HashSet<String>) -> String {
    let id = entry.id.to_string();
    let mut length = 4;
    loop {
        // Its id tells it for ever; a running number would move with the next key.
        let name = name(entry, &format!("k{}", &id[..length.min(id.len())]));
        if !taken.contains(&name) || length >= id.len() {
            return name;
        }
        length += 4;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    AsRecorded,
    Any,
}

/// Whether a name is read back as what it was made of: `kraken` with an account `futures` would
/// be taken for another exchange, and an account `paper` for an environment.
fn reads_back(entry: &ExportEntry, name: &str, account: Account) -> bool {
    if entry.exchange.info().is_none() {
        // Nothing reads such a name back; it only has to be one.
        return true;
    }
    let Some(read) = exchanges::take_apart(name) else {
        return false;
    };
    let environment = read.environment.unwrap_or(Environment::Production);
    // What differs in case or signs only is the best that a name can say.
    let recorded = entry.account.as_ref().map(|account| slug(account.as_str()));
    let same_account = read.account.as_deref().map(slug) == recorded;
    read.id == entry.exchange.as_str()
        && environment == entry.environment
        && (account == Account::Any || same_account)
}

/// The words of a field in names of variables and files: `api-key`, `api-secret`, `passphrase`.
pub(super) fn field_words(field: &FieldName) -> String {
    match field.as_str() {
        "apiKey" => "api-key".to_owned(),
        "secret" => "api-secret".to_owned(),
        name => {
            let mut words = String::new();
            let mut after_lower = false;
            for c in name.chars() {
                if c.is_ascii_uppercase() && after_lower {
                    words.push('-');
                }
                after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
                words.push(if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                });
            }
            words
        }
    }
}
