//! Recognises exchanges, accounts and environments in the names that files and variables use, and
//! looks a draft over against what is known of its exchange's keys.
//!
//! The list of exchanges is the domain's. Deliberately not here: any format.

use std::collections::HashMap;
use std::sync::LazyLock;

use strongroom_domain::{EXCHANGES, Environment, ExchangeId, ExchangeInfo};
use strongroom_secret::SecretText;

use crate::FieldName;
use crate::field::squeezed;
use crate::plan::{Draft, Warning};
use crate::shapes::{self, Passphrase, Shapes};

/// Words an exchange's name may be made of: `BINANCE_US`, `crypto.com`, `KRAKEN_FUTURES`.
const MAX_NAME_WORDS: usize = 3;

/// Words a field's name has at most: `API_SECRET_KEY`.
const MAX_FIELD_WORDS: usize = 3;

/// A name taken apart: `BINANCE_MAIN_TESTNET` is Binance, account `main`, testnet.
pub(crate) struct Named {
    /// Of our table.
    pub(crate) id: &'static str,
    pub(crate) account: Option<String>,
    pub(crate) environment: Option<Environment>,
}

/// The id for an exchange as a source names it: one of our table, or the name made into an id.
/// `None` if there is not enough of a name left.
pub(crate) fn id_of(raw: &str) -> Option<ExchangeId> {
    if let Some(named) = take_apart(raw) {
        return ExchangeId::parse(named.id).ok();
    }
    let mut id = String::new();
    for c in raw.trim().chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.truncate(32);
    ExchangeId::parse(id.trim_end_matches('-')).ok()
}

/// The exchange of our table that goes by this name or a former one.
fn known(name: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let names = |info: &'static ExchangeInfo| {
            let all = info.aliases.iter().copied().chain([info.id]);
            all.map(|name| (squeezed(name), info.id))
        };
        EXCHANGES.iter().flat_map(names).collect()
    });
    BY_NAME.get(&squeezed(name)).copied()
}

/// Reads `binance`, `binance_main`, `okx-sub1-testnet`; `None` if it begins with no exchange.
pub(crate) fn take_apart(raw: &str) -> Option<Named> {
    let words = words(raw);
    let (id, used) = leading_exchange(&words)?;
    let (account, environment) = account_and_environment(&words[used..]);
    Some(Named {
        id,
        account,
        environment,
    })
}

pub(crate) fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The longest exchange name the words begin with, and how many words it takes.
pub(crate) fn leading_exchange(words: &[&str]) -> Option<(&'static str, usize)> {
    (1..=words.len().min(MAX_NAME_WORDS))
        .rev()
        .find_map(|count| known(&words[..count].concat()).map(|id| (id, count)))
}

/// What is left of a name between the exchange and the field.
pub(crate) fn account_and_environment(words: &[&str]) -> (Option<String>, Option<Environment>) {
    let mut account = String::new();
    let mut environment = None;
    for word in words {
        match environment_of(word) {
            Some(known) if environment.is_none() => environment = Some(known),
            _ => {
                if !account.is_empty() {
                    account.push('-');
                }
                account.push_str(&word.to_lowercase());
            }
        }
    }
    ((!account.is_empty()).then_some(account), environment)
}

/// The field the last words name, how usual the name is (`API_KEY` before `KEY`), and how many
/// words it takes.
pub(crate) fn field_at_end(words: &[&str]) -> Option<(FieldName, u8, usize)> {
    (1..=words.len().min(MAX_FIELD_WORDS))
        .rev()
        .find_map(|count| {
            let field = FieldName::meant_by(&words[words.len() - count..].concat())?;
            let rank = u8::try_from(MAX_FIELD_WORDS - count).unwrap_or(u8::MAX);
            Some((field, rank, count))
        })
}

pub(crate) fn environment_of(word: &str) -> Option<Environment> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "testnet" | "test" | "sandbox" => Environment::Testnet,
        "demo" | "paper" => Environment::Demo,
        "dev" | "development" => Environment::Development,
        "prod" | "production" | "live" | "mainnet" | "real" => Environment::Production,
        _ => return None,
    })
}

/// Adds what a person should look at before recording the draft.
pub(crate) fn look_over(draft: &mut Draft) {
    let has = |name| draft.field(name).is_some();
    let mut found = Vec::new();
    if draft.exchange.id.info().is_none() {
        found.push(Warning::UnknownExchange);
    }
    let signs = has(FieldName::Secret) || has(FieldName::PrivateKey);
    if has(FieldName::ApiKey) && !signs {
        found.push(Warning::Missing(FieldName::Secret));
    }
    if has(FieldName::Secret) && !has(FieldName::ApiKey) {
        found.push(Warning::Missing(FieldName::ApiKey));
    }
    if has(FieldName::WalletAddress) && !signs {
        found.push(Warning::Missing(FieldName::PrivateKey));
    }
    let known = shapes::of(&draft.exchange.id);
    if known.is_some_and(|shapes| shapes.passphrase == Passphrase::Required)
        && !has(FieldName::Passphrase)
    {
        found.push(Warning::Missing(FieldName::Passphrase));
    }
    shape_warnings(draft, known, &mut found);
    draft.warnings.extend(found);
}

/// Swapped values are said as such; a value of another shape is only pointed out.
fn shape_warnings(draft: &Draft, known: Option<&Shapes>, found: &mut Vec<Warning>) {
    // EXPOSE: compared with shapes; nothing is kept.
    let text = |name| draft.field(name).map(SecretText::expose);
    let key = text(FieldName::ApiKey);
    let secret = text(FieldName::Secret).or_else(|| text(FieldName::PrivateKey));
    let signing = if draft.field(FieldName::Secret).is_some() {
        FieldName::Secret
    } else {
        FieldName::PrivateKey
    };
    let fits = |looks: fn(&str) -> bool, value: Option<&str>| value.is_some_and(looks);
    let swapped = match known {
        Some(shapes) => {
            fits(shapes.secret, key)
                && fits(shapes.key, secret)
                && !fits(shapes.key, key)
                && !fits(shapes.secret, secret)
        }
        None => false,
    };
    // A private key is never the public half, whatever the exchange.
    let pem_as_key = fits(shapes::pem, key) && secret.is_some() && !fits(shapes::pem, secret);
    if swapped || pem_as_key {
        found.push(Warning::Swapped);
        return;
    }
    let Some(shapes) = known else { return };
    if key.is_some_and(|key| !(shapes.key)(key)) {
        found.push(Warning::UnusualShape(FieldName::ApiKey));
    }
    if secret.is_some_and(|secret| !(shapes.secret)(secret)) {
        found.push(Warning::UnusualShape(signing));
    }
}
