//! Takes everything that may be a secret, and everything that is the person's own, out of an
//! answer, before anything may write it down.
//!
//! Answers of some exchanges hold secrets: a list of keys with their secrets, tokens that can do
//! what the key can. What is kept is the frame: names of fields, numbers, flags and short words.
//!
//! Deliberately not here: deciding whether anything is written down at all.

use serde_json::{Map, Value};

use super::{ReadError, parse_json};
use crate::refusal::address_in;

const GONE: &str = "[redacted]";

/// Parts of names of fields whose value never leaves, in lower case without separators.
const SECRET_NAMES: &[&str] = &[
    "secret",
    "token",
    "pass",
    "private",
    "signature",
    "credential",
    "seed",
    "mnemonic",
    "jwt",
    "otp",
    "apikey",
    "accesskey",
    "clientid",
    "keyid",
    "cookie",
    "auth",
    "sid",
];

/// Names of fields that hold what is the person's: labels, account numbers, addresses.
const OWN_NAMES: &[&str] = &[
    "label",
    "name",
    "apikeyname",
    "subname",
    "note",
    "remark",
    "uid",
    "userid",
    "mainuid",
    "parentid",
    "parentuid",
    "inviterid",
    "accountuid",
    "iban",
    "iiban",
    "email",
    "address",
    "user",
    "cidr",
    "cidrs",
    "allowedcidrblock",
    "allowedcidrblocks",
];

/// A text longer than this, without a space, may be key material whatever its field is called.
const LONGEST_WORD: usize = 20;

/// The answer with its secrets taken out. What is not JSON is not handed on at all.
pub fn redacted(answer: &[u8]) -> Result<String, ReadError> {
    Ok(clean(parse_json(answer)?).to_string())
}

fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean_text(text)),
        Value::Array(values) => Value::Array(values.into_iter().map(clean).collect()),
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (place, (name, value)) in fields.into_iter().enumerate() {
                let value = if is_hidden(&name) {
                    Value::String(GONE.to_owned())
                } else {
                    clean(value)
                };
                let name = if is_plain_name(&name) {
                    name
                } else {
                    // Numbered, so that no field is lost behind another.
                    format!("{GONE} {place}")
                };
                kept.insert(name, value);
            }
            Value::Object(kept)
        }
        other => other,
    }
}

fn is_hidden(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let secret = SECRET_NAMES.iter().any(|part| match *part {
        // Short enough to stand inside innocent words.
        "sid" | "otp" => plain == *part,
        part => plain.contains(part),
    });
    // `ips`, `ipWhitelist`, `ip_whitelist` and the like, but not the flag that there is one.
    let addresses = plain.starts_with("ip") && plain != "iprestrict";
    secret || addresses || OWN_NAMES.contains(&plain.as_str())
}

/// Keys as names of fields: some exchanges answer with an object whose fields are ids. Long names
/// of flags are one word of letters.
fn is_plain_name(name: &str) -> bool {
    name.len() <= 40
        && (name.len() <= LONGEST_WORD || name.chars().all(|c| c.is_ascii_alphabetic() || c == '_'))
}

fn clean_text(text: String) -> String {
    let long = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .any(|word| word.len() > LONGEST_WORD);
    if long || text.contains("-----BEGIN") || address_in(&text).is_some() {
        GONE.to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, expected: &str) {
        // As values: the order of fields is not ours to promise.
        let value = |text: &str| parse_json(text.as_bytes()).expect("JSON");
        let cleaned = redacted(answer.as_bytes()).expect("JSON");
        assert_eq!(value(&cleaned), value(expected));
    }

    #[test]
    fn secrets_leave_whatever_their_type_and_wherever_they_stand() {
        check(
            r#"{"result":{"access_token":"abc","refresh_token":["x"],"scope":"trade:read","expires_in":900,"sid":"q"}}"#,
            r#"{"result":{"access_token":"[redacted]","refresh_token":"[redacted]","scope":"trade:read","expires_in":900,"sid":"[redacted]"}}"#,
        );
        check(
            r#"[{"id":"short","secret":"s","name":"bot","permissions":["order"],"ip_whitelist":["203.0.113.7"],"ipRestrict":true,"userID":1448939}]"#,
            r#"[{"id":"short","secret":"[redacted]","name":"[redacted]","permissions":["order"],"ip_whitelist":"[redacted]","ipRestrict":true,"userID":"[redacted]"}]"#,
        );
        check(
            r#"{"clientSecret":{"a":"b"},"Private-Key":1,"passphrase":"p","note":"AbCdEfGhIjKlMnOpQrStUvWx"}"#,
            r#"{"clientSecret":"[redacted]","Private-Key":"[redacted]","passphrase":"[redacted]","note":"[redacted]"}"#,
        );
        check(
            r#"{"AbCdEfGh1jKlMnOpQrStUvWxYz012":1,"enablePortfolioMarginTrading":true}"#,
            r#"{"[redacted] 0":1,"enablePortfolioMarginTrading":true}"#,
        );
        check(
            r#"{"retMsg":"Unmatched 203.0.113.7"}"#,
            r#"{"retMsg":"[redacted]"}"#,
        );
        check(
            "{\"pem\":\"-----BEGIN KEY-----\\nAA\"}",
            r#"{"pem":"[redacted]"}"#,
        );
    }

    #[test]
    fn what_is_not_json_is_not_handed_on() {
        assert_eq!(redacted(b"token=abc"), Err(ReadError::NotJson));
        assert_eq!(redacted(b"<html>token=abc"), Err(ReadError::WebPage));
    }
}
