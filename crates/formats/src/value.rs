//! From a value as written to a credential field: what is unset, what is a reference already, what
//! is trimmed, and what cannot be taken.
//!
//! Deliberately not here: which field a value is for, and exchanges' shapes.

use std::borrow::Cow;

use strongroom_domain::AccountLabel;
use strongroom_secret::SecretText;

use crate::field::squeezed;
use crate::leaf::Value;
use crate::plan::{Ignored, NotImported, Warning, What};
use crate::{FieldName, Reference};

/// Longest credential value. An RSA-4096 private key in PEM is 3.3 KiB.
const MAX_VALUE_BYTES: usize = 16 * 1024;

/// A value good enough to be recorded, with what was noticed on the way.
pub(crate) struct Taken {
    pub(crate) text: SecretText,
    pub(crate) warnings: Vec<Warning>,
}

/// Reads a leaf's value as the credential field it is named for.
pub(crate) fn credential(field: FieldName, value: &Value<'_>) -> Result<Taken, What> {
    let mut warnings = Vec::new();
    let written: Cow<'_, str> = match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(number) => {
            if number.bytes().any(|byte| !byte.is_ascii_digit()) {
                return Err(What::NotImported {
                    reason: NotImported::LossyNumber,
                });
            }
            warnings.push(Warning::Number(field));
            Cow::Borrowed(*number)
        }
        Value::Flag(_) => {
            return Err(What::NotImported {
                reason: NotImported::NotText,
            });
        }
        Value::Nothing => {
            return Err(What::Ignored {
                reason: Ignored::Empty,
            });
        }
        Value::Unreadable(reason) => return Err(What::NotImported { reason: *reason }),
    };
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(What::Ignored {
            reason: Ignored::Empty,
        });
    }
    if Reference::parse(trimmed).is_some() {
        return Err(What::Ignored {
            reason: Ignored::AlreadyReference,
        });
    }
    if is_placeholder(field, trimmed) {
        return Err(What::Ignored {
            reason: Ignored::Placeholder,
        });
    }
    if trimmed.len() > MAX_VALUE_BYTES {
        return Err(What::NotImported {
            reason: NotImported::TooLong,
        });
    }
    // Files end their PEM blocks with a line break; that is no news to anybody.
    if trimmed.len() != written.trim_end_matches(['\r', '\n']).len() {
        warnings.push(Warning::Trimmed(field));
    }

    let text = if trimmed.starts_with("-----BEGIN ") {
        pem(field, trimmed, &mut warnings)
    } else {
        // People choose passphrases, and choose several words; no random value has a space.
        if field != FieldName::Passphrase && trimmed.contains(char::is_whitespace) {
            warnings.push(Warning::InnerSpace(field));
        }
        trimmed.to_owned()
    };
    let text = SecretText::new(text);
    // EXPOSE: its characters are looked at for those no key has; nothing is kept.
    if text
        .expose()
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(What::NotImported {
            reason: NotImported::ControlCharacter,
        });
    }
    if !trimmed.is_ascii() {
        warnings.push(Warning::NotAscii(field));
    }
    Ok(Taken { text, warnings })
}

/// A PEM block with real line breaks, which `.env` files and JSON often spell `\n`.
fn pem(field: FieldName, trimmed: &str, warnings: &mut Vec<Warning>) -> String {
    let text = if trimmed.contains("\\n") {
        warnings.push(Warning::PemUnescaped(field));
        trimmed
            .replace("\\r", "")
            .replace("\\n", "\n")
            .trim_end()
            .to_owned()
    } else {
        trimmed.to_owned()
    };
    if !text.contains("-----END ") {
        warnings.push(Warning::PemCut(field));
    }
    text
}

/// A name (exchange, account, label) for a draft, or why it is none.
pub(crate) fn name(value: &Value<'_>) -> Result<String, What> {
    let written = match value {
        Value::Text(text) => text.trim(),
        Value::Number(number) => number,
        Value::Nothing => "",
        Value::Flag(_) => {
            return Err(What::NotImported {
                reason: NotImported::NotText,
            });
        }
        Value::Unreadable(reason) => return Err(What::NotImported { reason: *reason }),
    };
    if written.is_empty() {
        return Err(What::Ignored {
            reason: Ignored::Empty,
        });
    }
    match AccountLabel::parse(written) {
        Ok(name) => Ok(name.as_str().to_owned()),
        Err(_) => Err(What::NotImported {
            reason: NotImported::NotAName,
        }),
    }
}

/// The accounts of a value that is not an exchange's: a setting, unless it is text under a name
/// like `token` or `jwt_secret_key`, or an address with a password in it.
pub(crate) fn stranger(name: &str, value: &Value<'_>) -> What {
    let text = match value {
        Value::Text(text) => text.trim(),
        Value::Unreadable(reason) => return What::NotImported { reason: *reason },
        Value::Nothing => {
            return What::Ignored {
                reason: Ignored::Empty,
            };
        }
        Value::Number(_) | Value::Flag(_) => {
            return What::Ignored {
                reason: Ignored::Setting,
            };
        }
    };
    if text.is_empty() {
        return What::Ignored {
            reason: Ignored::Empty,
        };
    }
    if Reference::parse(text).is_some() {
        return What::Ignored {
            reason: Ignored::AlreadyReference,
        };
    }
    if !names_a_secret(name) && !has_login_in_address(text) {
        return What::Ignored {
            reason: Ignored::Setting,
        };
    }
    if is_placeholder(FieldName::Secret, text) {
        return What::Ignored {
            reason: Ignored::Placeholder,
        };
    }
    What::NotImported {
        reason: NotImported::OtherSecret,
    }
}

pub(crate) fn names_a_secret(name: &str) -> bool {
    let name = squeezed(name);
    let telling = [
        "secret",
        "token",
        "password",
        "passwd",
        "passphrase",
        "apikey",
        "privatekey",
        "webhook",
        "mnemonic",
        "seedphrase",
        "chatid",
    ];
    telling.iter().any(|word| name.contains(word))
}

fn has_login_in_address(text: &str) -> bool {
    let Some((_, after)) = text.split_once("://") else {
        return false;
    };
    let host = after.split(['/', '?', '#']).next().unwrap_or(after);
    host.rsplit_once('@')
        .is_some_and(|(login, _)| login.contains(':'))
}

/// Values that example files carry where a key belongs: `your-api-key-here`, `your_exchange_key`,
/// `<API KEY>`, `xxxx`, `changeme`. Keys are random, so none of them is one of these. Passphrases
/// and logins are chosen by people, who do choose `test`: only the plain request to fill in one's
/// own counts for those.
fn is_placeholder(field: FieldName, text: &str) -> bool {
    let plain = squeezed(text);
    let asks = plain.len() <= 40
        && REQUESTS
            .split_whitespace()
            .any(|start| plain.starts_with(start))
        && REQUESTED
            .split_whitespace()
            .any(|word| plain.contains(word));
    let chosen_by_a_person = matches!(
        field,
        FieldName::Passphrase | FieldName::Login | FieldName::Uid | FieldName::AccountId
    );
    if asks || chosen_by_a_person {
        return asks;
    }
    let in_brackets = text.starts_with('<') && text.ends_with('>')
        || text.starts_with("{{") && text.ends_with("}}")
        || text.starts_with('[') && text.ends_with(']');
    in_brackets
        || plain.is_empty()
        || (plain.len() >= 4 && all_same(&plain))
        || STAND_INS.split_whitespace().any(|word| word == plain)
}

/// How requests to fill in one's own value begin, and what they are for.
const REQUESTS: &str = "your enteryour insertyour putyour addyour pasteyour replacewith 0xyour \
    optional";
const REQUESTED: &str = "key secret password passphrase token uid wallet address id here";

/// Words that stand alone where a value belongs.
const STAND_INS: &str = "key secret apikey apisecret secretkey password passphrase token changeme \
    todo none null undefined redacted example placeholder test dummy foo bar xxx na insert \
    walletaddress privatekey replaceme somethingrandom mykey mysecret myapikey myapisecret";

fn all_same(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| characters.all(|c| c == first))
}
