//! passivbot's `api-keys.json`: user → exchange and the fields of one key.
//!
//! Field names are those of its `api-keys.json.example`, with those that pbgui writes. A user is
//! an account of ours: passivbot tells its bots apart by it.
//!
//! Deliberately not here: ccxt's own files, which look alike and have no `exchange` inside.

use std::collections::BTreeMap;

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, TakenAs, What};
use crate::{FieldName, Options, Source, value};

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    let mut groups: Vec<(String, Group)> = Vec::new();
    let mut by_user: BTreeMap<String, usize> = BTreeMap::new();

    for (index, leaf) in leaves.iter().enumerate() {
        match leaf.place.names().as_slice() {
            // Comments stand among the users, and so do two sections that are none.
            [name, ..] if name.starts_with('_') => collector.ignore(index, Ignored::Comment),
            ["referrals", ..] => collector.ignore(index, Ignored::Setting),
            ["tradfi", .., name] => collector.account(index, value::stranger(name, &leaf.value)),
            [user, name] => {
                let at = *by_user.entry((*user).to_owned()).or_insert_with(|| {
                    groups.push(((*user).to_owned(), Group::default()));
                    groups.len() - 1
                });
                user_field(index, name, leaf, &mut groups[at].1, &mut collector);
            }
            [_, .., name] => collector.account(index, value::stranger(name, &leaf.value)),
            [name] => collector.account(index, value::stranger(name, &leaf.value)),
            [] => {}
        }
    }
    for (user, mut group) in groups {
        settle(&user, &mut group, options);
        collector.add_if_key(
            group,
            What::Ignored {
                reason: Ignored::NoCredential,
            },
        );
    }
    collector.finish(Source::Passivbot, JsonPath::shown)
}

fn user_field(
    index: usize,
    name: &str,
    leaf: &JsonLeaf<'_>,
    group: &mut Group,
    collector: &mut Collector<'_, '_, JsonPath>,
) {
    if let Some((field, rank)) = field(name) {
        group.candidates.push(Candidate::new(field, rank, index));
        return;
    }
    match (name, &leaf.value) {
        ("exchange", value) => match value::name(value) {
            Ok(name) => {
                group.exchange = name;
                group.said_by.push((index, TakenAs::Exchange));
            }
            Err(what) => collector.account(index, what),
        },
        // The address is then a vault's, and the key one that trades for it.
        ("is_vault", Value::Flag(true)) | ("api_key_index", Value::Number(_) | Value::Text(_)) => {
            collector.refuse(index, NotImported::NoField);
        }
        (name, value) => collector.account(index, value::stranger(name, value)),
    }
}

/// The label is the user; what the user's name has beyond the exchange is the account.
fn settle(user: &str, group: &mut Group, options: &Options) {
    let named = exchanges::take_apart(user);
    if group.exchange.is_empty() {
        group.exchange = match &named {
            Some(named) => named.id.to_owned(),
            None => options.exchange.clone().unwrap_or_default(),
        };
    }
    let of_exchange = exchanges::take_apart(&group.exchange);
    let same = match (&named, &of_exchange) {
        (Some(user), Some(exchange)) => user.id == exchange.id,
        _ => false,
    };
    group.account = match named {
        Some(named) if same => {
            group.environment = named.environment;
            named.account
        }
        _ => Some(user.to_owned()),
    };
    group.account = group.account.take().or_else(|| options.account.clone());
    group.label = Some(user.to_owned());
}

/// passivbot's own spelling first, then ccxt's, which its `ccxtbot` takes, then others'.
fn field(name: &str) -> Option<(FieldName, u8)> {
    Some(match name {
        "key" => (FieldName::ApiKey, 0),
        "apiKey" => (FieldName::ApiKey, 1),
        "api_key" => (FieldName::ApiKey, 2),
        "secret" => (FieldName::Secret, 0),
        "api_secret" => (FieldName::Secret, 1),
        "passphrase" => (FieldName::Passphrase, 0),
        "password" => (FieldName::Passphrase, 1),
        "wallet_address" => (FieldName::WalletAddress, 0),
        "walletAddress" => (FieldName::WalletAddress, 1),
        "wallet" => (FieldName::WalletAddress, 2),
        "private_key" => (FieldName::PrivateKey, 0),
        "privateKey" => (FieldName::PrivateKey, 1),
        "uid" => (FieldName::Uid, 0),
        "account_index" => (FieldName::AccountId, 0),
        _ => return None,
    })
}
