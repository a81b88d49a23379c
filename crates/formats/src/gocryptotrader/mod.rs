//! gocryptotrader's `config.json` and encrypted `config.dat`: a list of exchanges with one key each.
//!
//! Field names are those of its `config/config_types.go`, with the older ones that stood at the
//! top of an exchange.
//!
//! Deliberately not here: the encryption of `config.dat` (`encrypted.rs`).

pub(crate) mod encrypted;

use std::collections::BTreeMap;

use strongroom_domain::Environment;

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::field::squeezed;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, TakenAs, What};
use crate::shapes::{self, Passphrase};
use crate::{FieldName, Options, Source, value};

/// One exchange of the list.
#[derive(Default)]
struct Entry {
    group: Group,
    /// What `clientID` is depends on the exchange: a passphrase, or the number of a user.
    client_ids: Vec<usize>,
}

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    let mut entries: Vec<Entry> = Vec::new();
    let mut by_index: BTreeMap<String, usize> = BTreeMap::new();

    for (index, leaf) in leaves.iter().enumerate() {
        match leaf.place.names().as_slice() {
            ["exchanges", number, inside @ ..] if !inside.is_empty() => {
                let at = *by_index.entry((*number).to_owned()).or_insert_with(|| {
                    entries.push(Entry::default());
                    entries.len() - 1
                });
                entries[at].field(index, inside, leaf, &mut collector);
            }
            [.., name] => collector.account(index, value::stranger(name, &leaf.value)),
            [] => {}
        }
    }
    for entry in entries {
        entry.finish(options, &mut collector);
    }
    collector.finish(Source::Gocryptotrader, JsonPath::shown)
}

impl Entry {
    fn field(
        &mut self,
        index: usize,
        inside: &[&str],
        leaf: &JsonLeaf<'_>,
        collector: &mut Collector<'_, '_, JsonPath>,
    ) {
        let group = &mut self.group;
        let name = match inside {
            ["name"] => {
                match value::name(&leaf.value) {
                    Ok(name) => {
                        group.exchange = name;
                        group.said_by.push((index, TakenAs::Exchange));
                    }
                    Err(what) => collector.account(index, what),
                }
                return;
            }
            ["useSandbox"] if matches!(leaf.value, Value::Flag(true)) => {
                group.environment = Some(Environment::Testnet);
                group.said_by.push((index, TakenAs::Environment));
                return;
            }
            ["api", "credentials", name] => *name,
            // Where older versions had them.
            [name @ ("apiKey" | "apiSecret" | "clientId" | "apiAuthPemKey")] => *name,
            [.., name] => {
                collector.account(index, value::stranger(name, &leaf.value));
                return;
            }
            [] => return,
        };
        if leaf.value.as_text().is_some_and(is_example) {
            collector.ignore(index, Ignored::Placeholder);
            return;
        }
        let rank = u8::from(inside.len() == 1);
        let field = match name {
            "key" | "apiKey" => FieldName::ApiKey,
            "secret" | "apiSecret" => FieldName::Secret,
            "pemKey" | "apiAuthPemKey" => FieldName::PrivateKey,
            "otpSecret" => FieldName::Twofa,
            "clientID" | "clientId" => {
                self.client_ids.push(index);
                return;
            }
            "subaccount" => {
                match value::name(&leaf.value) {
                    Ok(name) => {
                        group.account = Some(name);
                        group.said_by.push((index, TakenAs::Account));
                    }
                    Err(what) => collector.account(index, what),
                }
                return;
            }
            // A second password that some exchanges ask for with an order, and a number like it.
            "tradePassword" | "pin" if leaf.value.as_text() != Some("") => {
                collector.refuse(index, NotImported::NoField);
                return;
            }
            name => {
                collector.account(index, value::stranger(name, &leaf.value));
                return;
            }
        };
        group.candidates.push(Candidate::new(field, rank, index));
    }

    fn finish(mut self, options: &Options, collector: &mut Collector<'_, '_, JsonPath>) {
        let group = &mut self.group;
        if group.exchange.is_empty() {
            group.exchange = options.exchange.clone().unwrap_or_default();
        }
        group.account = group.account.take().or_else(|| options.account.clone());
        let id = exchanges::id_of(&group.exchange);
        let has_passphrase = id
            .as_ref()
            .and_then(shapes::of)
            .is_some_and(|shapes| shapes.passphrase == Passphrase::Required);
        let client_id = if has_passphrase {
            FieldName::Passphrase
        } else {
            FieldName::Uid
        };
        for index in self.client_ids {
            group.candidates.push(Candidate::new(client_id, 0, index));
        }
        collector.add_if_key(
            self.group,
            What::Ignored {
                reason: Ignored::NoCredential,
            },
        );
    }
}

/// What gocryptotrader's own example has where a value belongs.
fn is_example(text: &str) -> bool {
    squeezed(text) == "clientid" || text.contains("JUSTADUMMY")
}
