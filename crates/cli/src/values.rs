//! Values of arguments: the contract's words, rules of an allowlist, mappings.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;
use strongroom_wire::{
    Allowlist, ColumnMapping, ConsumerKind, Environment, IpRule, KeySort, KeyState, KeyType,
    QueryPair, SecretPlace, Severity, ShareRole, Tri, Verb,
};

/// A closed set of words, as they stand in JSON.
fn words<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    known: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(known).try_map(|word| {
        serde_json::from_value::<T>(serde_json::Value::String(word))
            .map_err(|_| "the word is not known here".to_owned())
    })
}

pub(crate) fn environment() -> impl TypedValueParser<Value = Environment> {
    words(&["production", "testnet", "demo", "development"])
}

pub(crate) fn state() -> impl TypedValueParser<Value = KeyState> {
    words(&[
        "draft", "active", "rotating", "draining", "revoked", "archived",
    ])
}

pub(crate) fn key_type() -> impl TypedValueParser<Value = KeyType> {
    words(&[
        "hmac",
        "rsa",
        "ed25519",
        "ecdsa",
        "passphrase",
        "agent-wallet",
        "o-auth",
    ])
}

pub(crate) fn verb() -> impl TypedValueParser<Value = Verb> {
    words(&[
        "read",
        "spot",
        "margin",
        "derivatives",
        "transfer",
        "withdraw",
        "sub-accounts",
        "key-admin",
    ])
}

pub(crate) fn consumer_kind() -> impl TypedValueParser<Value = ConsumerKind> {
    words(&["bot", "tool", "person", "host"])
}

pub(crate) fn share_role() -> impl TypedValueParser<Value = ShareRole> {
    words(&["auditor", "viewer", "trader", "admin"])
}

pub(crate) fn tri() -> impl TypedValueParser<Value = Tri> {
    words(&["yes", "no", "unknown"])
}

pub(crate) fn severity() -> impl TypedValueParser<Value = Severity> {
    words(&["critical", "high", "medium", "low"])
}

pub(crate) fn sort() -> impl TypedValueParser<Value = KeySort> {
    words(&["due", "label", "exchange", "created"])
}

pub(crate) fn place() -> impl TypedValueParser<Value = SecretPlace> {
    words(&["keyring", "file"])
}

/// `NAME=N`: a field and the descriptor that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldDescriptor {
    pub(crate) name: String,
    pub(crate) number: i32,
}

pub(crate) fn parse_field_descriptor(text: &str) -> Result<FieldDescriptor, String> {
    // Whatever stands after the sign is not repeated: it might be the secret itself.
    let wanted = || "expected NAME=N: a field and the number of an open descriptor".to_owned();
    let (name, number) = text.split_once('=').ok_or_else(wanted)?;
    let number: i32 = number.parse().map_err(|_| wanted())?;
    if name.is_empty() || number < 0 {
        return Err(wanted());
    }
    Ok(FieldDescriptor {
        name: name.to_owned(),
        number,
    })
}

/// `unrestricted`, `unknown`, or one rule: an address or a network, with a host's name after `=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AllowlistWord {
    Unrestricted,
    Unknown,
    Rule(IpRule),
}

pub(crate) fn parse_allowlist_word(text: &str) -> Result<AllowlistWord, String> {
    match text {
        "unrestricted" => return Ok(AllowlistWord::Unrestricted),
        "unknown" => return Ok(AllowlistWord::Unknown),
        _ => {}
    }
    let (address, host) = match text.split_once('=') {
        Some((address, host)) => (address, Some(host.to_owned())),
        None => (text, None),
    };
    let base = address.split_once('/').map_or(address, |(base, _)| base);
    if base.parse::<std::net::IpAddr>().is_err() {
        return Err(
            "expected an address, a network such as 203.0.113.0/28, either with =HOST after it, \
             or `unrestricted`, or `unknown`"
                .to_owned(),
        );
    }
    Ok(AllowlistWord::Rule(IpRule {
        address: address.to_owned(),
        host: host.filter(|host| !host.is_empty()),
    }))
}

/// Rules add up; the two words stand alone.
pub(crate) fn allowlist(words: Vec<AllowlistWord>) -> Result<Allowlist, String> {
    let alone = words.len() == 1;
    let mut rules = Vec::new();
    for word in words {
        match word {
            AllowlistWord::Rule(rule) => rules.push(rule),
            AllowlistWord::Unrestricted if alone => return Ok(Allowlist::Unrestricted {}),
            AllowlistWord::Unknown if alone => return Ok(Allowlist::Unknown {}),
            _ => return Err("`unrestricted` and `unknown` stand alone".to_owned()),
        }
    }
    Ok(Allowlist::Listed { rules })
}

/// `NAME=VALUE` of a query; the value may hold any more signs.
pub(crate) fn parse_query_pair(text: &str) -> Result<QueryPair, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(QueryPair {
            name: name.to_owned(),
            value: value.to_owned(),
        }),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// `COLUMN=FIELD` of a table.
pub(crate) fn parse_column(text: &str) -> Result<ColumnMapping, String> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.is_empty() && !field.is_empty() => Ok(ColumnMapping {
            column: column.to_owned(),
            field: field.to_owned(),
        }),
        _ => Err("expected COLUMN=FIELD".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_typed_in_place_of_a_descriptor_is_not_repeated() {
        for text in ["secret=hunter22", "hunter22", "secret=", "=3", "secret=-1"] {
            let refusal = parse_field_descriptor(text).expect_err(text);
            assert!(!refusal.contains("hunter22"), "{refusal}");
        }
        let taken = parse_field_descriptor("apiKey=3").expect("taken");
        assert_eq!((taken.name.as_str(), taken.number), ("apiKey", 3));
    }

    #[test]
    fn an_allowlist_is_rules_or_one_word() {
        let parse = |words: &[&str]| {
            let words: Result<Vec<_>, _> = words
                .iter()
                .map(|word| parse_allowlist_word(word))
                .collect();
            words.and_then(allowlist)
        };
        assert_eq!(parse(&["unrestricted"]), Ok(Allowlist::Unrestricted {}));
        assert_eq!(parse(&["unknown"]), Ok(Allowlist::Unknown {}));
        let Ok(Allowlist::Listed { rules }) = parse(&["203.0.113.14=VPS-1", "2001:db8::/32"])
        else {
            panic!("rules");
        };
        assert_eq!(rules[0].host.as_deref(), Some("VPS-1"));
        assert_eq!(
            (rules[1].address.as_str(), &rules[1].host),
            ("2001:db8::/32", &None)
        );
        assert!(parse(&["unrestricted", "203.0.113.14"]).is_err());
        assert!(parse(&["example.org"]).is_err());
    }
}
