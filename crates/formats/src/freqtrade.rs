//! freqtrade's `config.json`, `config-private.json` and the like: one exchange, one key.
//!
//! Field names and which of them wins are those of freqtrade 2026.9 (`exchange/exchange.py`
//! `_init_ccxt`, `configuration/config_secrets.py`): `api_key` before `apiKey` before `key`, and
//! anything in `ccxt_config` before all of them.
//!
//! Deliberately not here: following `add_config_files`. Nothing here opens files; the plan names
//! them and the person imports each.

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, Note, TakenAs, What};
use crate::{FieldName, Options, Source, value};
use strongroom_domain::Environment;

/// Sections whose content ccxt gets on top of the exchange's own fields.
const CCXT_SECTIONS: [&str; 3] = ["ccxt_config", "ccxt_sync_config", "ccxt_async_config"];

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    let mut group = Group {
        account: options.account.clone(),
        ..Group::default()
    };
    let mut bot = None;
    let mut other_files = 0;

    for (index, leaf) in leaves.iter().enumerate() {
        let names = leaf.place.names();
        if let ["exchange", inside @ ..] = names.as_slice() {
            exchange_field(index, inside, leaf, &mut group, &mut collector);
            continue;
        }
        match names.as_slice() {
            ["dry_run" | "dry_run_wallet", ..] => collector.ignore(index, Ignored::DryRun),
            ["add_config_files", ..] => {
                other_files += usize::from(matches!(leaf.value, Value::Text(_)));
                collector.ignore(index, Ignored::OtherFile);
            }
            ["bot_name"] => match value::name(&leaf.value) {
                Ok(name) => {
                    bot = Some(name);
                    group.said_by.push((index, TakenAs::Label));
                }
                Err(what) => collector.account(index, what),
            },
            _ => {
                let name = names.last().copied().unwrap_or_default();
                collector.account(index, other_section(&names, name, &leaf.value));
            }
        }
    }

    if other_files > 0 {
        collector.note(Note::OtherConfigFiles(other_files));
    }
    if group.exchange.is_empty() {
        group.exchange = options.exchange.clone().unwrap_or_default();
    }
    if let Some(named) = exchanges::take_apart(&group.exchange) {
        group.environment = group.environment.or(named.environment);
    }
    // Two bots on one exchange are told apart by their names, so the label has it.
    let bot = bot.unwrap_or_else(|| "freqtrade".to_owned());
    let exchange = group.exchange.to_lowercase();
    let named = bot.to_lowercase().contains(&exchange);
    group.label = Some(if named {
        bot
    } else {
        format!("{exchange}-{bot}")
    });
    collector.add(
        group,
        What::Ignored {
            reason: Ignored::NoCredential,
        },
    );
    collector.finish(Source::Freqtrade, JsonPath::shown)
}

/// A value below `exchange`.
fn exchange_field(
    index: usize,
    inside: &[&str],
    leaf: &JsonLeaf<'_>,
    group: &mut Group,
    collector: &mut Collector<'_, '_, JsonPath>,
) {
    // What ccxt is given on top wins over the exchange's own fields.
    let (name, below, in_ccxt) = match inside {
        [section, name, below @ ..] if CCXT_SECTIONS.contains(section) => (*name, below, true),
        [name, below @ ..] => (*name, below, false),
        [] => return,
    };
    let known = if in_ccxt {
        ccxt_field(name).map(|field| (field, 0))
    } else {
        field(name)
    };
    match (known, below) {
        (Some((field, rank)), []) => group.candidates.push(Candidate::new(field, rank, index)),
        (Some(_), _) => collector.refuse(index, NotImported::NotText),
        (None, []) if name == "name" && !in_ccxt => match value::name(&leaf.value) {
            Ok(name) => {
                group.exchange = name;
                group.said_by.push((index, TakenAs::Exchange));
            }
            Err(what) => collector.account(index, what),
        },
        (None, []) if name == "sandbox" && matches!(leaf.value, Value::Flag(true)) => {
            group.environment = Some(Environment::Testnet);
            group.said_by.push((index, TakenAs::Environment));
        }
        (None, _) => {
            let last = inside.last().copied().unwrap_or_default();
            collector.account(index, value::stranger(last, &leaf.value));
        }
    }
}

/// freqtrade's own names, with the order in which it looks for them (0 is ccxt's section).
fn field(name: &str) -> Option<(FieldName, u8)> {
    Some(match name {
        "api_key" => (FieldName::ApiKey, 1),
        "apiKey" => (FieldName::ApiKey, 2),
        "key" => (FieldName::ApiKey, 3),
        "secret" => (FieldName::Secret, 1),
        "password" => (FieldName::Passphrase, 1),
        "uid" => (FieldName::Uid, 1),
        "account_id" => (FieldName::AccountId, 1),
        "accountId" => (FieldName::AccountId, 2),
        "wallet_address" => (FieldName::WalletAddress, 1),
        "walletAddress" => (FieldName::WalletAddress, 2),
        "private_key" => (FieldName::PrivateKey, 1),
        "privateKey" => (FieldName::PrivateKey, 2),
        _ => return None,
    })
}

/// ccxt's own names, exactly: it ignores any other spelling.
fn ccxt_field(name: &str) -> Option<FieldName> {
    match name {
        "password" => Some(FieldName::Passphrase),
        "passphrase" => None,
        name => FieldName::parse(name),
    }
}

/// Secrets elsewhere in the configuration are named so, but they are not keys of an exchange.
fn other_section(path: &[&str], name: &str, value: &Value<'_>) -> What {
    let sensitive = matches!(path, ["webhook", "url"] | ["telegram", "chat_id"]);
    match value {
        // A numeric chat id is still the address of somebody's chat.
        Value::Number(_) if sensitive => What::NotImported {
            reason: NotImported::OtherSecret,
        },
        value if sensitive => value::stranger("token", value),
        value => value::stranger(name, value),
    }
}
