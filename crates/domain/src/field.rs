//! The fields of a credential by name.
//!
//! Deliberately not here: their values (`material.rs`) and which exchange wants which fields.

use std::borrow::Cow;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a field is named by 1 to 64 letters, digits, `-`, `_` or `.`")]
pub struct FieldNameRefused;

/// Our own names and whether each holds a secret, in the order in which they are shown.
const KNOWN: &[(&str, bool)] = &[
    ("apiKey", false),
    ("secret", true),
    ("passphrase", true),
    ("uid", false),
    ("privateKey", true),
    ("walletAddress", false),
    ("token", true),
];

/// Other programs' names for ours, lower case and without separators.
const ALIASES: &[(&str, &str)] = &[
    ("apikey", "apiKey"),
    ("key", "apiKey"),
    ("accesskey", "apiKey"),
    ("secret", "secret"),
    ("apisecret", "secret"),
    ("secretkey", "secret"),
    ("passphrase", "passphrase"),
    ("apipassphrase", "passphrase"),
    ("password", "passphrase"),
    ("apipassword", "passphrase"),
    ("uid", "uid"),
    ("privatekey", "privateKey"),
    ("walletaddress", "walletAddress"),
    ("token", "token"),
];

/// The name of a field: one of ours or one of the person's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(Cow<'static, str>);

impl FieldName {
    pub const API_KEY: Self = Self(Cow::Borrowed("apiKey"));
    pub const SECRET: Self = Self(Cow::Borrowed("secret"));
    pub const PASSPHRASE: Self = Self(Cow::Borrowed("passphrase"));
    pub const UID: Self = Self(Cow::Borrowed("uid"));
    pub const PRIVATE_KEY: Self = Self(Cow::Borrowed("privateKey"));
    pub const WALLET_ADDRESS: Self = Self(Cow::Borrowed("walletAddress"));
    pub const TOKEN: Self = Self(Cow::Borrowed("token"));

    /// Takes our names and other programs' names for them (`api_key`, `API-SECRET`, `password`),
    /// and any other name as it is.
    pub fn parse(text: &str) -> Result<Self, FieldNameRefused> {
        let text = text.trim();
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, '_' | '-'))
            .collect::<String>()
            .to_lowercase();
        match ALIASES.iter().find(|(alias, _)| *alias == plain) {
            Some((_, ours)) => Self::exact(ours),
            None => Self::exact(text),
        }
    }

    fn exact(text: &str) -> Result<Self, FieldNameRefused> {
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
        if !(1..=64).contains(&text.len()) || !text.bytes().all(allowed) {
            return Err(FieldNameRefused);
        }
        Ok(Self(match KNOWN.iter().find(|(known, _)| *known == text) {
            Some((known, _)) => Cow::Borrowed(known),
            None => Cow::Owned(text.to_owned()),
        }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its value is to be masked. A name we do not know is taken for a secret's.
    pub fn is_secret(&self) -> bool {
        KNOWN
            .iter()
            .find(|(known, _)| *known == self.0)
            .is_none_or(|(_, secret)| *secret)
    }

    /// Whether it is one of our own names.
    pub fn is_known(&self) -> bool {
        self.place() < KNOWN.len()
    }

    /// Where it stands among the fields of a key: ours in their order, others after them.
    pub fn place(&self) -> usize {
        KNOWN
            .iter()
            .position(|(known, _)| *known == self.0)
            .unwrap_or(KNOWN.len())
    }
}

impl std::fmt::Display for FieldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Canonical for FieldName {
    fn write_cbor(&self, out: &mut Enc) {
        out.str(&self.0).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Self::exact(input.str()?).map_err(|_| CodecError::Malformed)
    }
}

/// A field as it is listed without opening the secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    pub name: FieldName,
    pub secret: bool,
}

impl Field {
    pub const MOST: usize = 32;
}

impl Canonical for Field {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        self.name.write_cbor(out);
        self.secret.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        Ok(Self {
            name: FieldName::read_cbor(input)?,
            secret: bool::read_cbor(input)?,
        })
    }
}

/// In the order in which they are shown.
impl Canonical for Vec<Field> {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(self.len() as u64).map(drop).sure();
        self.iter().for_each(|field| field.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, Field::MOST)?)
            .map(|_| Field::read_cbor(input))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_programs_names_lead_to_ours() {
        for (text, ours) in [
            ("apiKey", "apiKey"),
            ("API_KEY", "apiKey"),
            ("key", "apiKey"),
            ("secretKey", "secret"),
            ("password", "passphrase"),
            ("wallet_address", "walletAddress"),
            ("subaccountId", "subaccountId"),
        ] {
            assert_eq!(
                FieldName::parse(text).map(|n| n.to_string()),
                Ok(ours.to_owned())
            );
        }
        for text in ["", "a b", "ключ", &"x".repeat(65)] {
            assert_eq!(FieldName::parse(text), Err(FieldNameRefused), "{text}");
        }
    }

    #[test]
    fn an_unknown_field_is_taken_for_a_secret() {
        assert!(FieldName::parse("otp").expect("a name").is_secret());
        assert!(!FieldName::API_KEY.is_secret());
        assert!(FieldName::SECRET.is_secret());
    }
}
