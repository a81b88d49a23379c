//! The fields of a key by name, as a signer takes them.
//!
//! Deliberately not here: where they come from and how long they stay readable.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use strongroom_secret::{SecretBytes, SecretText};

use super::refusal::CredentialError;

/// A key's fields. Names are compared without case, `_` and `-`: `api_key` is `apiKey`.
#[derive(Debug, Default)]
pub struct Credential {
    fields: Vec<(String, SecretText)>,
}

/// One field of an exchange's credential: our name first, then what the exchange calls it.
#[derive(Debug, Clone, Copy)]
pub struct FieldRule {
    pub names: &'static [&'static str],
    pub required: bool,
}

impl FieldRule {
    pub(crate) const fn required(names: &'static [&'static str]) -> Self {
        Self {
            names,
            required: true,
        }
    }

    pub(crate) const fn optional(names: &'static [&'static str]) -> Self {
        Self {
            names,
            required: false,
        }
    }

    /// The name that errors use.
    pub fn name(&self) -> &'static str {
        self.names[0]
    }
}

pub(crate) const API_KEY: FieldRule =
    FieldRule::required(&["apiKey", "accessKey", "key", "keyName", "clientId", "keyId"]);
pub(crate) const SECRET: FieldRule = FieldRule::required(&[
    "secret",
    "secretKey",
    "apiSecret",
    "clientSecret",
    "privateKey",
]);
pub(crate) const PASSPHRASE: FieldRule =
    FieldRule::required(&["passphrase", "apiPassphrase", "password"]);

impl Credential {
    pub fn new(fields: Vec<(String, SecretText)>) -> Self {
        Self { fields }
    }

    /// The fields as they were given.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &SecretText)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn optional(&self, rule: FieldRule) -> Result<Option<&SecretText>, CredentialError> {
        let mut found = None;
        for (name, value) in &self.fields {
            if rule.names.iter().any(|wanted| same_name(name, wanted)) {
                if found.is_some() {
                    return Err(CredentialError::Twice(rule.name()));
                }
                found = Some(value);
            }
        }
        Ok(found.filter(|value| !value.is_empty()))
    }

    pub(crate) fn required(&self, rule: FieldRule) -> Result<&SecretText, CredentialError> {
        self.optional(rule)?
            .ok_or(CredentialError::Missing(rule.name()))
    }

    /// A field that travels in a header: printable ASCII, so that it cannot begin another header.
    pub(crate) fn for_header(&self, rule: FieldRule) -> Result<Box<str>, CredentialError> {
        printable(self.required(rule)?, rule).map(Box::from)
    }

    /// A public key id that stands in a URL, in JSON or in a list of a header: nothing in it needs
    /// an escape there.
    pub(crate) fn plain_id(&self, rule: FieldRule) -> Result<Box<str>, CredentialError> {
        let value = self.required(rule)?;
        // EXPOSE: the public half of the key is checked and sent.
        let text = value.expose();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.bytes().all(plain) {
            Ok(text.into())
        } else {
            Err(CredentialError::Malformed {
                field: rule.name(),
                expected: "of letters, digits, `-` and `_`",
            })
        }
    }
}

/// The text of a field if it is printable ASCII.
pub(crate) fn printable(value: &SecretText, rule: FieldRule) -> Result<&str, CredentialError> {
    // EXPOSE: checked before it is put into a header.
    let text = value.expose();
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        Ok(text)
    } else {
        Err(CredentialError::Malformed {
            field: rule.name(),
            expected: "printable ASCII",
        })
    }
}

/// A secret that the exchange gives out as base64.
pub(crate) fn from_base64(
    value: &SecretText,
    rule: FieldRule,
) -> Result<SecretBytes, CredentialError> {
    // EXPOSE: decoded into memory that is wiped.
    BASE64
        .decode(value.expose().as_bytes())
        .map(SecretBytes::new)
        .map_err(|_| CredentialError::Malformed {
            field: rule.name(),
            expected: "base64",
        })
}

/// `N` bytes in hex, with or without `0x`.
pub(crate) fn from_hex<const N: usize>(
    value: &SecretText,
    rule: FieldRule,
    expected: &'static str,
) -> Result<strongroom_secret::Key<N>, CredentialError> {
    let malformed = CredentialError::Malformed {
        field: rule.name(),
        expected,
    };
    // EXPOSE: decoded in place into a key that is wiped.
    let text = value.expose();
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if digits.len() != 2 * N {
        return Err(malformed);
    }
    strongroom_secret::Key::try_filled_by(|key| {
        HEXLOWER_PERMISSIVE
            .decode_mut(digits, key)
            .map(|_| ())
            .map_err(|_| malformed)
    })
}

fn same_name(given: &str, wanted: &str) -> bool {
    if given == wanted {
        return true;
    }
    let plain = |byte: &u8| !matches!(byte, b'_' | b'-');
    given
        .bytes()
        .filter(plain)
        .map(|byte| byte.to_ascii_lowercase())
        .eq(wanted.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(fields: &[(&str, &str)]) -> Credential {
        Credential::new(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
                .collect(),
        )
    }

    #[test]
    fn fields_are_found_under_every_name_an_exchange_has_for_them() {
        for name in ["apiKey", "api_key", "API-KEY", "accessKey", "client_id"] {
            let credential = credential(&[(name, "abc")]);
            let found = credential.plain_id(API_KEY);
            assert_eq!(found.as_deref(), Ok("abc"), "{name}");
        }
    }

    #[test]
    fn missing_empty_and_doubled_fields_are_told_apart() {
        for (fields, error) in [
            (&[][..], CredentialError::Missing("apiKey")),
            (&[("apiKey", "")][..], CredentialError::Missing("apiKey")),
            (
                &[("apiKey", "a"), ("accessKey", "b")][..],
                CredentialError::Twice("apiKey"),
            ),
        ] {
            assert_eq!(credential(fields).plain_id(API_KEY), Err(error));
        }
    }

    #[test]
    fn a_field_that_would_begin_another_header_is_refused() {
        for value in ["a\r\nX: y", "a\0", "é"] {
            assert!(
                credential(&[("apiKey", value)])
                    .for_header(API_KEY)
                    .is_err()
            );
        }
    }

    #[test]
    fn hex_is_taken_with_its_prefix_and_in_its_length_only() {
        for (text, ok) in [
            ("0x0102", true),
            ("0102", true),
            ("010", false),
            ("0x010203", false),
            ("01zz", false),
        ] {
            let found = from_hex::<2>(&SecretText::new(text.to_owned()), SECRET, "hex");
            assert_eq!(found.is_ok(), ok, "{text}");
        }
    }
}
