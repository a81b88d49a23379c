//! The encrypted fields of a connector: each is a web3 keyfile, as hexadecimal.
//!
//! Every field has its own salt, so each costs a derivation: a million rounds as hummingbot writes
//! them. What they cost together is limited.
//!
//! Deliberately not here: what a field is for.

use data_encoding::HEXLOWER_PERMISSIVE;
use strongroom_secret::{SecretBytes, SecretText};

use super::lines::{quoted, read_connector};
use crate::ImportError;
use crate::leaf::Value;
use crate::sealed::Refused;
use crate::sealed::kdf::Budget;
use crate::sealed::web3::Keyfile;

/// `{"crypto"` as hexadecimal.
const PREFIX: &str = "7b2263727970746f22";

/// Longest field that is opened. A PEM key in a keyfile is under 10,000 digits.
const MOST_DIGITS: usize = 128 * 1024;

pub(crate) fn is_token(text: &str) -> bool {
    let head = text.get(..PREFIX.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(PREFIX))
}

pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    let leaves = read_connector(bytes);
    leaves.is_ok_and(|leaves| {
        let text = |value: &Value<'_>| value.as_text().is_some_and(is_token);
        leaves.iter().any(|leaf| text(&leaf.value))
    })
}

/// The file with its fields in plaintext, in double quotes. One that another password closed, or
/// that is damaged, stays as it is, as long as any is opened.
pub(crate) fn open(bytes: &[u8], password: &SecretText) -> Result<SecretBytes, ImportError> {
    let leaves = read_connector(bytes)?;
    // What all of them cost is known before the first is opened.
    let mut budget = Budget::of_a_file();
    let mut fields = Vec::new();
    for leaf in &leaves {
        if let Some(token) = leaf.value.as_text().filter(|text| is_token(text)) {
            let keyfile = match read(token, &mut budget) {
                Err(Refused::TooCostly) => return Err(ImportError::TooCostly),
                read => read,
            };
            fields.push((leaf, keyfile));
        }
    }

    let mut plain = Vec::with_capacity(bytes.len());
    let mut kept_to = 0;
    let mut refused = None;
    for (leaf, keyfile) in fields {
        // EXPOSE: a key is derived from it.
        let opened = keyfile.and_then(|keyfile| keyfile.open(password.expose().as_bytes()));
        match opened.and_then(|bytes| bytes.into_text().ok_or(Refused::Damaged)) {
            Ok(text) => {
                plain.extend_from_slice(&bytes[kept_to..leaf.span.start]);
                // EXPOSE: the file is put together again in memory that is wiped.
                plain.extend_from_slice(quoted(text.expose()).as_bytes());
                kept_to = leaf.span.end;
            }
            // That the password is wrong is worth more than that a field is damaged.
            Err(problem) if refused != Some(Refused::WrongKey) => refused = Some(problem),
            Err(_) => {}
        }
    }
    plain.extend_from_slice(&bytes[kept_to..]);
    let plain = SecretBytes::new(plain);
    match refused {
        Some(problem) if kept_to == 0 => Err(problem.into()),
        _ => Ok(plain),
    }
}

fn read(token: &str, budget: &mut Budget) -> Result<Keyfile, Refused> {
    if token.len() > MOST_DIGITS {
        return Err(Refused::TooCostly);
    }
    let keyfile = HEXLOWER_PERMISSIVE
        .decode(token.as_bytes())
        .map_err(|_| Refused::Damaged)?;
    Keyfile::read(&keyfile, budget)
}
