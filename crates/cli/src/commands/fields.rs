//! A key's fields as a person or a script hands them over: never as arguments.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use strongroom_secret::SecretText;
use strongroom_wire::{FieldInput, KeyType, SecretField};

use crate::ask::Terminal;
use crate::failure::Failure;
use crate::link::Context;
use crate::values::{FieldDescriptor, parse_field_descriptor};

/// Where the secret fields come from.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Secret fields")]
pub(crate) struct Fields {
    /// Read one field from a descriptor, to its end: apiKey=3, secret=4, passphrase, privateKey,
    /// uid, walletAddress, token, or a name of your own; repeat for each
    #[arg(long, alias = "secret-fd", value_name = "NAME=N", value_parser = parse_field_descriptor)]
    field_fd: Vec<FieldDescriptor>,
    /// Read all fields from a descriptor, as one JSON object of texts by name
    #[arg(long, value_name = "N", conflicts_with = "field_fd")]
    fields_fd: Option<i32>,
}

impl Fields {
    pub(crate) fn is_given(&self) -> bool {
        !self.field_fd.is_empty() || self.fields_fd.is_some()
    }

    /// From the descriptors.
    pub(crate) fn read(&self, context: &mut Context) -> Result<Vec<FieldInput>, Failure> {
        if let Some(number) = self.fields_fd {
            let text = context.descriptors.all(number, "--fields-fd")?;
            return parse_object(&text, "--fields-fd");
        }
        let mut shared = BTreeMap::new();
        for given in &self.field_fd {
            *shared.entry(given.number).or_insert(0) += 1;
        }
        let mut fields = Vec::new();
        for given in &self.field_fd {
            // Several fields in one descriptor stand on a line each.
            let value = if shared.get(&given.number) == Some(&1) {
                context.descriptors.all(given.number, "--field-fd")?
            } else {
                context.descriptors.line(given.number, "--field-fd")?
            };
            fields.push(field(&given.name, value));
        }
        Ok(fields)
    }
}

/// Asked one by one, without echo. An empty answer leaves a field out.
pub(crate) fn ask(terminal: &mut Terminal, key_type: KeyType) -> Result<Vec<FieldInput>, Failure> {
    let mut fields = Vec::new();
    for (name, prompt) in template(key_type) {
        let value = terminal.secret_block(&format!("{prompt}: "))?;
        if !value.is_empty() {
            fields.push(field(name, value));
        }
    }
    Ok(fields)
}

fn template(key_type: KeyType) -> &'static [(&'static str, &'static str)] {
    match key_type {
        KeyType::Hmac => &[("apiKey", "API key"), ("secret", "Secret")],
        KeyType::Passphrase => &[
            ("apiKey", "API key"),
            ("secret", "Secret"),
            ("passphrase", "Passphrase"),
        ],
        KeyType::Rsa | KeyType::Ed25519 | KeyType::Ecdsa => {
            &[("apiKey", "API key"), ("privateKey", "Private key (PEM)")]
        }
        KeyType::AgentWallet => &[
            ("walletAddress", "Wallet address"),
            ("privateKey", "Agent's private key"),
        ],
        KeyType::OAuth => &[("token", "Access token")],
    }
}

fn field(name: &str, value: SecretText) -> FieldInput {
    FieldInput {
        name: name.to_owned(),
        value: SecretField::new(value),
    }
}

/// One JSON object of texts by field name. A name that stands twice is refused: which of the two
/// would be meant is nobody's to guess.
pub(super) fn parse_object(text: &SecretText, option: &str) -> Result<Vec<FieldInput>, Failure> {
    // EXPOSE: parsed straight into types that wipe themselves.
    let parsed: Result<Object, _> = serde_json::from_str(text.expose());
    match parsed {
        Ok(Object(fields)) => Ok(fields),
        Err(_) => Err(Failure::invalid(format!(
            "{option}: expected one JSON object of texts by field name, each name once"
        ))),
    }
}

struct Object(Vec<FieldInput>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
                let mut fields: Vec<FieldInput> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, SecretField>()? {
                    if fields.iter().any(|field| field.name == name) {
                        return Err(M::Error::custom("a name stands twice"));
                    }
                    fields.push(FieldInput { name, value });
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
        parse_object(&SecretText::new(text.to_owned()), "--fields-fd")
            .map(|fields| {
                let plain =
                    |field: FieldInput| (field.name, field.value.secret().expose().to_owned());
                fields.into_iter().map(plain).collect()
            })
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn fields_are_a_json_object_of_texts() {
        let fields = parse(r#"{"secret": "s\"1", "apiKey": "k"}"#).expect("taken");
        assert_eq!(
            fields,
            [
                ("secret".into(), "s\"1".into()),
                ("apiKey".into(), "k".into())
            ]
        );
        for text in [
            "",
            "hunter22",
            "[\"hunter22\"]",
            r#"{"secret": 12345678}"#,
            r#"{"secret": "hunter22", "secret": "1234"}"#,
        ] {
            let refusal = parse(text).expect_err("refused");
            assert!(
                !refusal.contains("hunter22") && !refusal.contains("1234"),
                "{refusal}"
            );
        }
    }
}
