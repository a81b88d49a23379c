//! A key's fields as a person or a script hands them over: never as arguments.

use std::collections::BTreeMap;

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
            return parse_object(&text);
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

fn parse_object(text: &SecretText) -> Result<Vec<FieldInput>, Failure> {
    // EXPOSE: parsed straight into types that wipe themselves.
    let parsed: Result<BTreeMap<String, SecretField>, _> = serde_json::from_str(text.expose());
    let object = parsed.map_err(|_| {
        Failure::invalid("--fields-fd: expected one JSON object of texts by field name")
    })?;
    Ok(object
        .into_iter()
        .map(|(name, value)| FieldInput { name, value })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
        parse_object(&SecretText::new(text.to_owned()))
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
                ("apiKey".into(), "k".into()),
                ("secret".into(), "s\"1".into())
            ]
        );
        for text in ["", "hunter22", "[\"hunter22\"]", r#"{"secret": 12345678}"#] {
            let refusal = parse(text).expect_err("refused");
            assert!(
                !refusal.contains("hunter22") && !refusal.contains("1234"),
                "{refusal}"
            );
        }
    }
}
