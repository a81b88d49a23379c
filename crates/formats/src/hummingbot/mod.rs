//! hummingbot's `conf/connectors/<name>.yml`: one key, each of its fields encrypted by itself.
//!
//! What is read here is the file with its fields opened (`encrypted.rs`). A field that could not
//! be opened is still there as it was, and is accounted for as such.
//!
//! Deliberately not here: strategies and the bot's own configuration.

pub(crate) mod encrypted;
mod lines;

use strongroom_domain::Environment;

use crate::collect::{Candidate, Collector, Group};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, TakenAs, What};
use crate::{FieldName, Options, Source, exchanges, value};

pub(crate) use lines::{ConnectorLeaf, ConnectorLine, quoted, read_connector};

/// What hummingbot keeps encrypted only to know whether a password is right.
const PASSWORD_CHECK: &str = "HummingBot";

pub(crate) fn plan(leaves: &[ConnectorLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    let connector = leaves
        .iter()
        .find(|leaf| leaf.place.name() == Some("connector"))
        .and_then(|leaf| leaf.value.as_text());
    let connector = Connector::named(connector.unwrap_or_default());
    let mut group = Group {
        exchange: connector.exchange.clone(),
        environment: connector.environment,
        label: (!connector.label.is_empty()).then(|| connector.label.clone()),
        ..Group::default()
    };

    for (index, leaf) in leaves.iter().enumerate() {
        let name = match &leaf.place {
            ConnectorLine::Setting { name } => name.as_str(),
            ConnectorLine::Comment => {
                collector.ignore(index, Ignored::Comment);
                continue;
            }
            ConnectorLine::Other => {
                let is_check = leaf.value.as_text() == Some(PASSWORD_CHECK);
                if is_check {
                    collector.ignore(index, Ignored::PasswordCheck);
                } else if is_unopened(&leaf.value) {
                    collector.refuse(index, NotImported::Unopened);
                } else {
                    collector.refuse(index, NotImported::NotAnAssignment);
                }
                continue;
            }
        };
        match connector.meaning(name, leaf) {
            Meaning::Exchange => match value::name(&leaf.value) {
                Ok(_) => group.said_by.push((index, TakenAs::Exchange)),
                Err(what) => collector.account(index, what),
            },
            Meaning::Account => match value::name(&leaf.value) {
                Ok(name) => {
                    group.account = Some(name);
                    group.said_by.push((index, TakenAs::Account));
                }
                Err(what) => collector.account(index, what),
            },
            Meaning::Field(field, rank) => {
                group.candidates.push(Candidate::new(field, rank, index));
            }
            Meaning::Not(what) => collector.account(index, what),
        }
    }
    if group.exchange.is_empty() {
        group.exchange = options.exchange.clone().unwrap_or_default();
    }
    group.account = group.account.take().or_else(|| options.account.clone());
    collector.add_if_key(
        group,
        What::Ignored {
            reason: Ignored::NoCredential,
        },
    );
    collector.finish(Source::Hummingbot, |line| match line {
        ConnectorLine::Setting { name } => name.clone(),
        ConnectorLine::Comment | ConnectorLine::Other => String::new(),
    })
}

fn is_unopened(value: &Value<'_>) -> bool {
    value.as_text().is_some_and(encrypted::is_token)
}

/// What a connector's name says: `kucoin_perpetual_testnet` is KuCoin's testnet.
struct Connector {
    /// As hummingbot spells it; the names of the fields begin with it.
    name: String,
    exchange: String,
    environment: Option<Environment>,
    label: String,
}

enum Meaning {
    Exchange,
    Account,
    Field(FieldName, u8),
    Not(What),
}

impl Connector {
    fn named(name: &str) -> Self {
        let words = exchanges::words(name);
        let environment = words
            .iter()
            .skip(1)
            .find_map(|word| exchanges::environment_of(word));
        let exchange = match exchanges::leading_exchange(&words) {
            Some((id, _)) => id.to_owned(),
            // An exchange we do not know, without the words for a market or a network.
            None => words
                .iter()
                .take_while(|word| {
                    **word != "perpetual" && exchanges::environment_of(word).is_none()
                })
                .copied()
                .collect::<Vec<_>>()
                .join("-"),
        };
        Self {
            name: name.to_owned(),
            exchange,
            environment,
            label: words.join("-"),
        }
    }

    fn meaning(&self, name: &str, leaf: &ConnectorLeaf<'_>) -> Meaning {
        if name == "connector" {
            return Meaning::Exchange;
        }
        if is_unopened(&leaf.value) {
            return Meaning::Not(What::NotImported {
                reason: NotImported::Unopened,
            });
        }
        let own = name.strip_prefix(self.name.as_str());
        let words = exchanges::words(own.unwrap_or(name));
        let is_on_chain = matches!(self.exchange.as_str(), "hyperliquid" | "paradex");
        match words.as_slice() {
            [.., "secret" | "seed", "phrase"] | [.., "mnemonic"] if !leaf.is_empty() => {
                return Meaning::Not(What::NotImported {
                    reason: NotImported::SeedPhrase,
                });
            }
            [.., "subaccount" | "subaccount_name"]
            | [.., "subaccount", "name"]
            | [.., "sub", "account", "name"] => return Meaning::Account,
            [.., "address"] => return Meaning::Field(FieldName::WalletAddress, 0),
            _ => {}
        }
        match exchanges::field_at_end(&words) {
            // Exchanges on a chain call an agent's private key the secret of an API.
            Some((FieldName::Secret, rank, _)) if is_on_chain => {
                Meaning::Field(FieldName::PrivateKey, rank)
            }
            Some((FieldName::ApiKey, rank, _)) if is_on_chain => {
                Meaning::Field(FieldName::WalletAddress, rank)
            }
            Some((field, rank, _)) => Meaning::Field(field, rank),
            None => Meaning::Not(self.stranger(name, own.is_some(), leaf)),
        }
    }

    /// hummingbot's switches are known; another value under the connector's own name may belong to
    /// the key.
    fn stranger(&self, name: &str, is_own: bool, leaf: &ConnectorLeaf<'_>) -> What {
        let setting = What::Ignored {
            reason: Ignored::Setting,
        };
        let is_switch = ["mode", "tier", "domain", "region", "use_vault"]
            .iter()
            .any(|end| name.ends_with(end));
        let what = value::stranger(name, &leaf.value);
        if what == setting && is_own && !is_switch && !self.name.is_empty() {
            return What::NotImported {
                reason: NotImported::UnknownName,
            };
        }
        what
    }
}
