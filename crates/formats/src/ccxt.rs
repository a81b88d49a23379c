//! ccxt-style `keys.json` and `keys.local.json`: exchange → credential fields and settings.
//!
//! Also understood: one level more (exchange → account → fields), an `exchange` field inside an
//! entry named otherwise, and a file that is one entry by itself. ccxt's own repository keeps
//! only flags such as `skipWs` in `keys.json`; such entries are accounted for and left.
//!
//! Deliberately not here: other bots' key files, which look alike and mean other things.

use std::collections::BTreeMap;

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, TakenAs, What};
use crate::{FieldName, Options, Source, value};
use strongroom_domain::Environment;

/// Objects inside an entry that hold settings, never an account.
const SETTINGS: [&str; 7] = [
    "options",
    "urls",
    "headers",
    "api",
    "has",
    "fees",
    "requiredCredentials",
];

/// How many names stand before the fields of an entry, at most: exchange and account.
const MAX_ENTRY_DEPTH: usize = 2;

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    // Entries in the order of the file; BTreeMap only finds them again.
    let mut entries: Vec<Entry> = Vec::new();
    let mut by_path: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut others = Vec::new();

    for (index, leaf) in leaves.iter().enumerate() {
        let names = leaf.place.names();
        let Some((name, path)) = names.split_last() else {
            continue;
        };
        if is_setting_path(path) {
            others.push(index);
            continue;
        }
        if let Some(inside) = path.iter().position(|name| field(name).is_some()) {
            // A list or an object where a credential's text belongs.
            let reason = if inside > MAX_ENTRY_DEPTH {
                NotImported::OtherSecret
            } else {
                NotImported::NotText
            };
            collector.refuse(index, reason);
            continue;
        }
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        let entry = *by_path.entry(path.clone()).or_insert_with(|| {
            entries.push(Entry {
                path,
                group: Group::default(),
                others: Vec::new(),
            });
            entries.len() - 1
        });
        entries[entry].field(index, name, leaf);
    }

    for entry in entries {
        entry.finish(options, leaves, &mut collector);
    }
    for index in others {
        let names = leaves[index].place.names();
        let name = names.last().copied().unwrap_or_default();
        collector.account(index, value::stranger(name, &leaves[index].value));
    }
    collector.finish(Source::Ccxt, JsonPath::shown)
}

struct Entry {
    path: Vec<String>,
    group: Group,
    /// Leaves that are neither a credential nor about one.
    others: Vec<usize>,
}

impl Entry {
    fn field(&mut self, index: usize, name: &str, leaf: &JsonLeaf<'_>) {
        let group = &mut self.group;
        if let Some((field, rank)) = field(name) {
            group.candidates.push(Candidate::new(field, rank, index));
            return;
        }
        match (name, &leaf.value) {
            ("exchange" | "exchangeId" | "exchange_id", Value::Text(text))
                if !text.trim().is_empty() && value::name(&leaf.value).is_ok() =>
            {
                group.exchange = text.trim().to_owned();
                group.said_by.push((index, TakenAs::Exchange));
            }
            ("sandbox" | "sandboxMode" | "testnet" | "test", Value::Flag(true)) => {
                group.environment = Some(Environment::Testnet);
                group.said_by.push((index, TakenAs::Environment));
            }
            ("demo" | "demoTrading", Value::Flag(true)) => {
                group.environment = Some(Environment::Demo);
                group.said_by.push((index, TakenAs::Environment));
            }
            _ => self.others.push(index),
        }
    }

    fn finish(
        mut self,
        options: &Options,
        leaves: &[JsonLeaf<'_>],
        collector: &mut Collector<'_, '_, JsonPath>,
    ) {
        let holds_key = !self.group.candidates.is_empty() && self.path.len() <= MAX_ENTRY_DEPTH;
        for index in std::mem::take(&mut self.others) {
            let names = leaves[index].place.names();
            let name = names.last().copied().unwrap_or_default();
            let what = match value::stranger(name, &leaves[index].value) {
                What::Ignored {
                    reason: Ignored::Setting,
                } if !holds_key && !self.path.is_empty() => What::Ignored {
                    reason: Ignored::NoCredential,
                },
                what => what,
            };
            collector.account(index, what);
        }
        if self.path.len() > MAX_ENTRY_DEPTH {
            // Too deep for an entry: whatever is named like a credential here is somebody else's.
            for candidate in self.group.candidates {
                let what = value::stranger("secret", &leaves[candidate.leaf].value);
                collector.account(candidate.leaf, what);
            }
            for (index, _) in self.group.said_by {
                collector.ignore(index, Ignored::Setting);
            }
            return;
        }
        self.name(options);
        collector.add(
            self.group,
            What::Ignored {
                reason: Ignored::NoCredential,
            },
        );
    }

    /// Settles exchange, account and environment from the entry's own field, its name and its
    /// account's name, in this order.
    fn name(&mut self, options: &Options) {
        let group = &mut self.group;
        let (entry, account) = match self.path.as_slice() {
            [] => (None, None),
            [entry] => (Some(entry), None),
            [entry, account, ..] => (Some(entry), Some(account)),
        };
        let named = entry.and_then(|name| exchanges::take_apart(name));
        group.account = account.cloned();
        if group.exchange.is_empty() {
            group.exchange = match (&named, entry) {
                (Some(_), Some(entry)) => entry.clone(),
                (_, entry) => options
                    .exchange
                    .clone()
                    .or_else(|| entry.cloned())
                    .unwrap_or_default(),
            };
        }
        if named.is_none() && group.account.is_none() && Some(&group.exchange) != entry {
            group.account = entry.cloned();
        }
        if let Some(named) = named {
            group.account = group.account.take().or(named.account);
            group.environment = group.environment.or(named.environment);
        }
        group.account = group.account.take().or_else(|| options.account.clone());
    }
}

/// ccxt's own spelling first; it reads no other, but files in its style have them.
fn field(name: &str) -> Option<(FieldName, u8)> {
    match name {
        "password" => Some((FieldName::Passphrase, 0)),
        "passphrase" => Some((FieldName::Passphrase, 1)),
        name => match FieldName::parse(name) {
            Some(field) => Some((field, 0)),
            None => FieldName::meant_by(name).map(|field| (field, 1)),
        },
    }
}

fn is_setting_path(path: &[&str]) -> bool {
    path.iter().skip(1).any(|name| SETTINGS.contains(name))
}
