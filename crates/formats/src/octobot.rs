//! OctoBot's `user/config.json`: exchange → the fields of one key, encrypted under a public key.
//!
//! OctoBot encrypts so that nobody reads a key over a shoulder; the key for it stands in its
//! source code (`octobot_commons/__init__.py`). Opening such a file needs no password, and the
//! plan says so.
//!
//! Deliberately not here: profiles and tentacles, which hold no keys.

use std::borrow::Cow;
use std::collections::BTreeMap;

use strongroom_domain::Environment;

use crate::collect::{Candidate, Collector, Group};
use crate::exchanges;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, Note, TakenAs, What};
use crate::sealed::fernet;
use crate::{FieldName, Options, Source, value};

/// Public: `uVEw_JJe7uiXepaU_DR4T-ThkjZlDn8Pzl8hYPIv7w0=` in OctoBot's source code.
const PUBLIC_KEY: [u8; 32] = [
    0xb9, 0x51, 0x30, 0xfc, 0x92, 0x5e, 0xee, 0xe8, 0x97, 0x7a, 0x96, 0x94, 0xfc, 0x34, 0x78, 0x4f,
    0xe4, 0xe1, 0x92, 0x36, 0x65, 0x0e, 0x7f, 0x0f, 0xce, 0x5f, 0x21, 0x60, 0xf2, 0x2f, 0xef, 0x0d,
];

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut opened_any = false;
    let leaves: Vec<JsonLeaf<'_>> = leaves
        .iter()
        .map(|leaf| match opened(leaf) {
            Some(value) => {
                opened_any |= matches!(value, Value::Text(_));
                leaf.with(value)
            }
            None => leaf.with(leaf.value.again()),
        })
        .collect();
    let mut collector = Collector::over(&leaves);
    let mut groups: Vec<Group> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();

    for (index, leaf) in leaves.iter().enumerate() {
        match leaf.place.names().as_slice() {
            ["exchanges", exchange, name] => {
                let at = *by_name.entry((*exchange).to_owned()).or_insert_with(|| {
                    groups.push(Group {
                        exchange: (*exchange).to_owned(),
                        ..Group::default()
                    });
                    groups.len() - 1
                });
                exchange_field(index, name, leaf, &mut groups[at], &mut collector);
            }
            [.., name] => collector.account(index, value::stranger(name, &leaf.value)),
            [] => {}
        }
    }
    if opened_any {
        collector.note(Note::PublicKey);
    }
    for mut group in groups {
        if let Some(named) = exchanges::take_apart(&group.exchange) {
            group.environment = group.environment.or(named.environment);
            group.account = named.account;
        }
        group.account = group.account.or_else(|| options.account.clone());
        collector.add_if_key(
            group,
            What::Ignored {
                reason: Ignored::NoCredential,
            },
        );
    }
    collector.finish(Source::Octobot, JsonPath::shown)
}

/// What an encrypted value below `exchanges` says; `None` for every other leaf.
fn opened(leaf: &JsonLeaf<'_>) -> Option<Value<'static>> {
    let text = leaf.value.as_text()?;
    let names = leaf.place.names();
    if !text.starts_with(fernet::PREFIX) || names.first() != Some(&"exchanges") {
        return None;
    }
    Some(match fernet::open(text, &PUBLIC_KEY) {
        // EXPOSE: the value goes on as any other of the source; freed memory is wiped.
        Ok(opened) => Value::Text(Cow::Owned(opened.expose().to_owned())),
        Err(_) => Value::Unreadable(NotImported::Unopened),
    })
}

fn exchange_field(
    index: usize,
    name: &str,
    leaf: &JsonLeaf<'_>,
    group: &mut Group,
    collector: &mut Collector<'_, '_, JsonPath>,
) {
    let field = match name {
        "api-key" => FieldName::ApiKey,
        "api-secret" => FieldName::Secret,
        "api-password" => FieldName::Passphrase,
        "api-uid" => FieldName::Uid,
        "access_token" => FieldName::Token,
        "sandboxed" if matches!(leaf.value, Value::Flag(true)) => {
            group.environment = Some(Environment::Testnet);
            group.said_by.push((index, TakenAs::Environment));
            return;
        }
        "sub_account" => {
            match value::name(&leaf.value) {
                Ok(name) => {
                    group.account = Some(name);
                    group.said_by.push((index, TakenAs::Account));
                }
                Err(what) => collector.account(index, what),
            }
            return;
        }
        name => {
            collector.account(index, value::stranger(name, &leaf.value));
            return;
        }
    };
    group.candidates.push(Candidate::new(field, 0, index));
}
