//! `.env` files: lines grouped into keys by the names of their variables.
//!
//! `<EXCHANGE>[_<ACCOUNT>][_TESTNET]_<FIELD>`, such as `BINANCE_MAIN_API_KEY`; a number or an
//! environment may also come last (`BINANCE_API_KEY_2`). freqtrade's own variables
//! (`FREQTRADE__EXCHANGE__KEY`) are one group; names without an exchange (`API_KEY`) are one if
//! the caller says which exchange is meant.
//!
//! Deliberately not here: reading the process's own environment, ever.

mod lines;

use std::collections::HashMap;

use strongroom_domain::Environment;

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, Note, TakenAs, Warning, What};
use crate::{FieldName, Options, Source, value};

pub(crate) use lines::{EnvLeaf, Line, read_env};

const FREQTRADE: &str = "FREQTRADE__EXCHANGE__";

pub(crate) fn plan(leaves: &[EnvLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<GroupKey, usize> = HashMap::new();
    let mut commented_out = 0;

    for (index, leaf) in leaves.iter().enumerate() {
        let (name, dollar) = match &leaf.place {
            Line::Assignment { name, dollar } => (name.as_str(), *dollar),
            Line::Comment { assigns } => {
                if assigns
                    .as_deref()
                    .is_some_and(|name| meaning(name).is_credential())
                {
                    commented_out += 1;
                    collector.refuse(index, NotImported::CommentedOut);
                } else {
                    collector.ignore(index, Ignored::Comment);
                }
                continue;
            }
            Line::Other => {
                collector.refuse(index, NotImported::NotAnAssignment);
                continue;
            }
        };
        let meaning = meaning(name);
        let (key, group) = match &meaning {
            Meaning::Field { key, group, .. } => (key.clone(), group),
            Meaning::FreqtradeName => {
                let at = group_at(
                    &mut groups,
                    &mut known,
                    GroupKey::freqtrade(),
                    Group::default,
                );
                freqtrade_name(index, leaf, &mut groups[at], &mut collector);
                continue;
            }
            Meaning::NoExchange { .. } if options.exchange.is_none() => {
                let what = or_missing(&leaf.value, NotImported::NoExchange);
                if what
                    == (What::NotImported {
                        reason: NotImported::NoExchange,
                    })
                {
                    collector.note(Note::NoExchange);
                }
                collector.account(index, what);
                continue;
            }
            Meaning::NoExchange { group, .. } => (GroupKey::default(), group),
            Meaning::UnknownExchange => {
                collector.account(
                    index,
                    or_missing(&leaf.value, NotImported::UnknownExchangeName),
                );
                continue;
            }
            Meaning::Nothing => {
                collector.account(index, unmatched(name, &leaf.value));
                continue;
            }
        };
        let at = group_at(&mut groups, &mut known, key, || Group {
            exchange: group.exchange.clone(),
            account: group.account.clone(),
            environment: group.environment,
            ..Group::default()
        });
        let (Meaning::Field { field, rank, .. } | Meaning::NoExchange { field, rank, .. }) =
            meaning
        else {
            continue;
        };
        let warning = dollar.then_some(Warning::DollarSign(field));
        groups[at].candidates.push(Candidate {
            field,
            rank,
            leaf: index,
            warning,
        });
    }

    if commented_out > 0 {
        collector.note(Note::CommentedOut(commented_out));
    }
    for mut group in groups {
        if group.exchange.is_empty() {
            group.exchange = options.exchange.clone().unwrap_or_default();
        }
        group.account = group.account.or_else(|| options.account.clone());
        collector.add(
            group,
            What::Ignored {
                reason: Ignored::NoCredential,
            },
        );
    }
    collector.finish(Source::Env, |line| match line {
        Line::Assignment { name, .. } => name.clone(),
        Line::Comment { .. } | Line::Other => String::new(),
    })
}

/// What makes two variables fields of one key.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct GroupKey {
    exchange: String,
    account: Option<String>,
    environment: Option<Environment>,
}

impl GroupKey {
    fn freqtrade() -> Self {
        Self {
            exchange: FREQTRADE.to_owned(),
            account: None,
            environment: None,
        }
    }
}

enum Meaning {
    Field {
        key: GroupKey,
        group: GroupNames,
        field: FieldName,
        rank: u8,
    },
    FreqtradeName,
    /// A credential's name and nothing before it.
    NoExchange {
        group: GroupNames,
        field: FieldName,
        rank: u8,
    },
    /// A credential's name after something that is no exchange of ours.
    UnknownExchange,
    Nothing,
}

impl Meaning {
    fn is_credential(&self) -> bool {
        !matches!(self, Self::Nothing | Self::FreqtradeName)
    }
}

#[derive(Default)]
struct GroupNames {
    exchange: String,
    account: Option<String>,
    environment: Option<Environment>,
}

fn group_at(
    groups: &mut Vec<Group>,
    known: &mut HashMap<GroupKey, usize>,
    key: GroupKey,
    make: impl FnOnce() -> Group,
) -> usize {
    *known.entry(key).or_insert_with(|| {
        groups.push(make());
        groups.len() - 1
    })
}

fn meaning(name: &str) -> Meaning {
    if let Some(rest) = name.to_ascii_uppercase().strip_prefix(FREQTRADE) {
        return freqtrade(rest);
    }
    let mut words = exchanges::words(name);
    let mut trailing = Vec::new();
    if words
        .first()
        .is_some_and(|first| exchanges::environment_of(first).is_some())
    {
        trailing.push(words.remove(0));
    }
    // `BINANCE_API_KEY_TESTNET` and `BINANCE_API_KEY_2` mean what they mean with it in the middle.
    if let Some(last) = words.last().copied()
        && words.len() > 1
        && (exchanges::environment_of(last).is_some() || last.bytes().all(|b| b.is_ascii_digit()))
    {
        trailing.push(last);
        words.pop();
    }
    let Some((exchange, used)) = exchanges::leading_exchange(&words) else {
        return match exchanges::field_at_end(&words) {
            None => Meaning::Nothing,
            Some((field, _, length)) if length < words.len() => match field {
                // `DB_PASSWORD`, `TELEGRAM_TOKEN`, `PUID`: the whole world has these.
                FieldName::Passphrase
                | FieldName::Token
                | FieldName::Login
                | FieldName::Uid
                | FieldName::AccountId
                | FieldName::Twofa => Meaning::Nothing,
                _ => Meaning::UnknownExchange,
            },
            Some((field, rank, _)) => {
                let (account, environment) = exchanges::account_and_environment(&trailing);
                let group = GroupNames {
                    exchange: String::new(),
                    account,
                    environment,
                };
                Meaning::NoExchange { group, field, rank }
            }
        };
    };
    let Some((field, rank, length)) = exchanges::field_at_end(&words[used..]) else {
        return Meaning::Nothing;
    };
    let mut middle = words[used..words.len() - length].to_vec();
    middle.extend(trailing);
    let (account, environment) = exchanges::account_and_environment(&middle);
    let exchange = exchange.to_owned();
    let key = GroupKey {
        exchange: exchange.clone(),
        account: account.clone(),
        environment,
    };
    Meaning::Field {
        key,
        group: GroupNames {
            exchange,
            account,
            environment,
        },
        field,
        rank,
    }
}

/// freqtrade's variables, with the order in which it looks for them.
fn freqtrade(rest: &str) -> Meaning {
    let (field, rank) = match rest {
        "NAME" => return Meaning::FreqtradeName,
        "API_KEY" => (FieldName::ApiKey, 0),
        "KEY" => (FieldName::ApiKey, 1),
        "SECRET" => (FieldName::Secret, 0),
        "PASSWORD" => (FieldName::Passphrase, 0),
        "UID" => (FieldName::Uid, 0),
        "ACCOUNT_ID" => (FieldName::AccountId, 0),
        "WALLET_ADDRESS" => (FieldName::WalletAddress, 0),
        "PRIVATE_KEY" => (FieldName::PrivateKey, 0),
        _ => return Meaning::Nothing,
    };
    Meaning::Field {
        key: GroupKey::freqtrade(),
        group: GroupNames::default(),
        field,
        rank,
    }
}

fn freqtrade_name(
    index: usize,
    leaf: &EnvLeaf<'_>,
    group: &mut Group,
    collector: &mut Collector<'_, '_, Line>,
) {
    match value::name(&leaf.value) {
        Ok(name) => {
            group.exchange = name;
            group.said_by.push((index, TakenAs::Exchange));
        }
        Err(what) => collector.account(index, what),
    }
}

/// A credential that has no key to go to; an empty one is only empty.
fn or_missing(value: &Value<'_>, reason: NotImported) -> What {
    match value::credential(FieldName::Secret, value) {
        Ok(_) => What::NotImported { reason },
        Err(what) => what,
    }
}

/// Lines that match nothing are shown, not dropped, unless there is nothing in them.
fn unmatched(name: &str, value: &Value<'_>) -> What {
    match value::stranger(name, value) {
        What::Ignored {
            reason: Ignored::Setting,
        } => What::NotImported {
            reason: NotImported::UnknownName,
        },
        what => what,
    }
}
