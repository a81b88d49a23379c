//! The configuration files of freqtrade, passivbot and programs in ccxt's style, as JSON.
//!
//! Every value is a JSON string, also one of digits alone: as a number it would lose its leading
//! zeros. Names are those the programs themselves read.

use std::collections::{HashMap, HashSet};

use serde::{Serialize, Serializer};
use strongroom_domain::{Environment, FieldName, MaterialField};
use strongroom_secret::{SecretBytes, SecretText};

use super::entry::ExportEntry;
use super::names::{Fits, environment_word, names};
use super::{ExportError, LeftOut, Written, keep};

/// An object whose members stay in order.
struct Object<'a>(Vec<(String, Member<'a>)>);

enum Member<'a> {
    Word(&'a str),
    Secret(&'a SecretText),
    Yes,
    No,
    Object(Object<'a>),
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, member)| (name, member)))
    }
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(word) => serializer.serialize_str(word),
            // EXPOSE: into the file that the person asked for with a fresh code.
            Self::Secret(value) => serializer.serialize_str(value.expose()),
            Self::Yes => serializer.serialize_bool(true),
            Self::No => serializer.serialize_bool(false),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Object<'_> {
    fn bytes(&self) -> SecretBytes {
        let mut bytes = serde_json::to_vec_pretty(self).expect("text can be written");
        bytes.push(b'\n');
        SecretBytes::new(bytes)
    }
}

/// Which name a program has for a field; none where it has no place for it.
type NameOf = fn(&FieldName) -> Option<&'static str>;

fn members<'a>(fields: &'a [MaterialField], name_of: NameOf) -> Vec<(String, Member<'a>)> {
    let member = |field: &'a MaterialField| {
        let name = name_of(&field.name)?;
        Some((name.to_owned(), Member::Secret(&field.value)))
    };
    fields.iter().filter_map(member).collect()
}

fn check_fields(entry: &ExportEntry, name_of: NameOf) -> Result<(), LeftOut> {
    let stranger = entry
        .fields
        .iter()
        .find(|field| name_of(&field.name).is_none());
    match stranger {
        Some(field) => Err(LeftOut::NoPlace(field.name.clone())),
        None => Ok(()),
    }
}

/// One exchange and one key: `config-private.json`, named beside the bot's own configuration.
pub(super) fn freqtrade(entries: &[ExportEntry]) -> Result<Written, ExportError> {
    let [entry] = entries else {
        return Err(ExportError::OneKey);
    };
    let mut exchange = vec![("name".to_owned(), Member::Word(entry.exchange.as_str()))];
    match entry.environment {
        Environment::Production => {}
        Environment::Testnet => {
            let ccxt = Object(vec![("sandbox".to_owned(), Member::Yes)]);
            exchange.push(("ccxt_config".to_owned(), Member::Object(ccxt)));
        }
        other => return Ok(Written::nothing(LeftOut::Environment(other))),
    }
    if let Err(why) = check_fields(entry, freqtrade_name) {
        return Ok(Written::nothing(why));
    }
    exchange.extend(members(&entry.fields, freqtrade_name));
    let file = Object(vec![(
        "exchange".to_owned(),
        Member::Object(Object(exchange)),
    )]);
    Ok(Written {
        bytes: file.bytes(),
        left_out: Vec::new(),
    })
}

/// The names that older and newer versions of it know alike.
fn freqtrade_name(field: &FieldName) -> Option<&'static str> {
    Some(match field.as_str() {
        "apiKey" => "key",
        "secret" => "secret",
        "passphrase" => "password",
        "uid" => "uid",
        "walletAddress" => "walletAddress",
        "privateKey" => "privateKey",
        "accountId" => "accountId",
        _ => return None,
    })
}

/// `api-keys.json`: users by the labels of their keys.
pub(super) fn passivbot(entries: &[ExportEntry]) -> Written {
    let (kept, left_out) = keep(entries, |entry| {
        if entry.environment != Environment::Production {
            return Err(LeftOut::Environment(entry.environment));
        }
        let label = entry.label.as_str();
        if matches!(label, "referrals" | "tradfi") || label.starts_with('_') {
            return Err(LeftOut::KeptWord);
        }
        check_fields(entry, passivbot_name)
    });
    let mut users: Vec<(String, Member<'_>)> = Vec::new();
    let mut taken = HashSet::new();
    for index in kept {
        let entry = &entries[index];
        let mut user = entry.label.to_string();
        let mut number = 2;
        while !taken.insert(user.clone()) {
            user = format!("{}-{number}", entry.label);
            number += 1;
        }
        let mut inside = vec![(
            "exchange".to_owned(),
            Member::Word(passivbot_exchange(entry.exchange.as_str())),
        )];
        inside.extend(members(&entry.fields, passivbot_name));
        if entry.exchange.as_str() == "hyperliquid" {
            inside.push(("is_vault".to_owned(), Member::No));
        }
        users.push((user, Member::Object(Object(inside))));
    }
    Written {
        bytes: Object(users).bytes(),
        left_out,
    }
}

fn passivbot_name(field: &FieldName) -> Option<&'static str> {
    Some(match field.as_str() {
        "apiKey" => "key",
        "secret" => "secret",
        "passphrase" => "passphrase",
        "uid" => "uid",
        "walletAddress" => "wallet_address",
        "privateKey" => "private_key",
        _ => return None,
    })
}

/// It calls Gate by its former name.
fn passivbot_exchange(id: &str) -> &str {
    match id {
        "gate" => "gateio",
        id => id,
    }
}

/// `keys.local.json`: what ccxt's constructors take, by exchange. The only key of an exchange's
/// main account stands under the exchange's id, where ccxt's own programs look.
pub(super) fn ccxt(entries: &[ExportEntry]) -> Written {
    let (kept, left_out) = keep(entries, |entry| check_fields(entry, ccxt_name));
    let chosen: Vec<&ExportEntry> = kept.iter().map(|index| &entries[*index]).collect();
    let mut of_exchange: HashMap<&str, usize> = HashMap::new();
    for entry in &chosen {
        *of_exchange.entry(entry.exchange.as_str()).or_default() += 1;
    }
    let mut file = Vec::new();
    for (entry, name) in chosen.iter().zip(names(&chosen, Fits::Any)) {
        let id = entry.exchange.as_str();
        let is_main = entry
            .account
            .as_ref()
            .is_none_or(|account| account.as_str() == "main");
        // What the sandbox flag cannot say stands in the name.
        let said_by_flag = matches!(
            entry.environment,
            Environment::Production | Environment::Testnet
        );
        let alone = is_main && said_by_flag && of_exchange.get(id) == Some(&1);
        let mut inside = members(&entry.fields, ccxt_name);
        if entry.environment == Environment::Testnet {
            inside.push(("sandbox".to_owned(), Member::Yes));
        }
        if entry.exchange.info().is_none() || environment_word(entry.environment).is_some() {
            // Said outright where the name alone would leave it open.
            inside.insert(0, ("exchange".to_owned(), Member::Word(id)));
        }
        let name = if alone { id.to_owned() } else { name };
        file.push((name, Member::Object(Object(inside))));
    }
    Written {
        bytes: Object(file).bytes(),
        left_out,
    }
}

/// ccxt's `requiredCredentials`.
fn ccxt_name(field: &FieldName) -> Option<&'static str> {
    Some(match field.as_str() {
        "apiKey" => "apiKey",
        "secret" => "secret",
        "passphrase" => "password",
        "uid" => "uid",
        "walletAddress" => "walletAddress",
        "privateKey" => "privateKey",
        "token" => "token",
        "accountId" => "accountId",
        "login" => "login",
        "twofa" => "twofa",
        _ => return None,
    })
}
