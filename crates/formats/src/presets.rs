//! The environment variables in which programs expect a key: names only.
//!
//! `strongroom run --as PRESET` puts the values beside them. Deliberately not here: values (but
//! for the one question whether a program will read a value as it stands), and starting anything.

use std::fmt;

use strongroom_domain::ExchangeId;
use strongroom_secret::SecretText;

use crate::FieldName;

/// Whose names are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// `FREQTRADE__EXCHANGE__SECRET`
    Freqtrade,
    /// `BINANCE_APIKEY`, as ccxt's own examples and tests read them
    Ccxt,
    /// `API_KEY`, `API_SECRET`, `API_PASSPHRASE`
    Plain,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Freqtrade, Self::Ccxt, Self::Plain];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freqtrade => "freqtrade",
            Self::Ccxt => "ccxt",
            Self::Plain => "plain",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == name)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of an environment variable: upper-case letters, digits and underscores, not beginning
/// with a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableName(String);

impl VariableName {
    fn made_of(prefix: &str, rest: &str) -> Option<Self> {
        let name = format!("{prefix}{rest}");
        let begins = name
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_uppercase());
        let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        (begins && name.bytes().all(fits)).then_some(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a key cannot be given in a preset's variables. Fields are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    #[error("the key has no fields to give")]
    NoFields,
    #[error("{preset} has no variable for field {field}; use another preset")]
    NoVariable { preset: Preset, field: usize },
    #[error("fields {first} and {second} would be the same variable")]
    SameVariable { first: usize, second: usize },
    #[error("{preset} needs {missing} too, which the key does not have")]
    Missing { preset: Preset, missing: FieldName },
    #[error("the exchange's id does not make a variable's name")]
    Exchange,
}

/// Why a program would not read a value as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueProblem {
    #[error(
        "freqtrade reads {0} as a number, a yes or no or a list, not as text; give it in a configuration file instead"
    )]
    Converted(FieldName),
    #[error("a value with a zero byte cannot stand in an environment variable")]
    ZeroByte,
}

/// Which variable gives which field, in the order of `fields` (a key's field names). A field may
/// have two variables, where versions of a program differ.
pub fn variables(
    preset: Preset,
    exchange: &ExchangeId,
    fields: &[&str],
) -> Result<Vec<(usize, VariableName)>, PresetError> {
    if fields.is_empty() {
        return Err(PresetError::NoFields);
    }
    complete(preset, fields)?;
    let mut variables: Vec<(usize, VariableName)> = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        for variable in names(preset, exchange, index, field)? {
            if let Some((first, _)) = variables.iter().find(|(_, known)| *known == variable) {
                return Err(PresetError::SameVariable {
                    first: *first,
                    second: index,
                });
            }
            variables.push((index, variable));
        }
    }
    Ok(variables)
}

/// Whether a program reads the value as it stands. freqtrade converts what looks like a number, a
/// yes or no, or a JSON list, in every variable but those ending in `PASSWORD` and `CHAT_ID`
/// (`configuration/environment_vars.py`); quoting does not help, since it keeps the quotes.
pub fn check_value(
    preset: Preset,
    field: FieldName,
    value: &SecretText,
) -> Result<(), ValueProblem> {
    // EXPOSE: looked at for what a program would convert; nothing is kept.
    let text = value.expose();
    if text.contains('\0') {
        return Err(ValueProblem::ZeroByte);
    }
    if preset == Preset::Freqtrade && field != FieldName::Passphrase && freqtrade_converts(text) {
        return Err(ValueProblem::Converted(field));
    }
    Ok(())
}

fn names(
    preset: Preset,
    exchange: &ExchangeId,
    index: usize,
    field: &str,
) -> Result<Vec<VariableName>, PresetError> {
    let known = FieldName::parse(field);
    let no_variable = PresetError::NoVariable {
        preset,
        field: index,
    };
    let (prefix, rests) = match preset {
        Preset::Freqtrade => {
            let rests = known.and_then(freqtrade_names).ok_or(no_variable)?;
            (
                "FREQTRADE__EXCHANGE__".to_owned(),
                rests.iter().map(|rest| (*rest).to_owned()).collect(),
            )
        }
        Preset::Ccxt => {
            let rest = match known.ok_or(no_variable)? {
                FieldName::Passphrase => "PASSWORD".to_owned(),
                field => field.as_str().to_ascii_uppercase(),
            };
            (
                format!(
                    "{}_",
                    exchange.as_str().to_ascii_uppercase().replace('-', "_")
                ),
                vec![rest],
            )
        }
        Preset::Plain => ("API_".to_owned(), vec![plain_name(known, field)]),
    };
    let made: Option<Vec<VariableName>> = rests
        .iter()
        .map(|rest: &String| VariableName::made_of(&prefix, rest))
        .collect();
    let refused = if preset == Preset::Ccxt {
        PresetError::Exchange
    } else {
        no_variable
    };
    made.ok_or(refused)
}

/// freqtrade looks for `api_key` before `key`, and versions before it knew `api_key` know `key`
/// only: with both, a reference left in the configuration never wins.
fn freqtrade_names(field: FieldName) -> Option<&'static [&'static str]> {
    Some(match field {
        FieldName::ApiKey => &["API_KEY", "KEY"],
        FieldName::Secret => &["SECRET"],
        FieldName::Passphrase => &["PASSWORD"],
        FieldName::Uid => &["UID"],
        FieldName::AccountId => &["ACCOUNT_ID"],
        FieldName::WalletAddress => &["WALLET_ADDRESS"],
        FieldName::PrivateKey => &["PRIVATE_KEY"],
        FieldName::Token | FieldName::Login | FieldName::Twofa => return None,
    })
}

/// `apiKey` is `API_KEY`, `secret` is `API_SECRET`; a field of the person's own follows suit.
fn plain_name(known: Option<FieldName>, field: &str) -> String {
    if known == Some(FieldName::ApiKey) {
        return "KEY".to_owned();
    }
    let mut name = String::new();
    let mut after_lower = false;
    for c in field.chars() {
        if c.is_ascii_uppercase() && after_lower {
            name.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        name.push(if matches!(c, '-' | ' ' | '.') {
            '_'
        } else {
            c.to_ascii_uppercase()
        });
    }
    name
}

/// A program given half a key fails at the exchange with a message about the other half.
fn complete(preset: Preset, fields: &[&str]) -> Result<(), PresetError> {
    if preset == Preset::Plain {
        return Ok(());
    }
    let has = |field: FieldName| fields.contains(&field.as_str());
    let signs = has(FieldName::Secret) || has(FieldName::PrivateKey) || has(FieldName::Token);
    if has(FieldName::ApiKey) && !signs {
        return Err(PresetError::Missing {
            preset,
            missing: FieldName::Secret,
        });
    }
    if has(FieldName::Secret) && !has(FieldName::ApiKey) && !has(FieldName::Uid) {
        return Err(PresetError::Missing {
            preset,
            missing: FieldName::ApiKey,
        });
    }
    if has(FieldName::WalletAddress) && !signs {
        return Err(PresetError::Missing {
            preset,
            missing: FieldName::PrivateKey,
        });
    }
    Ok(())
}

/// What Python's `int` and `float` take, `t/true/f/false`, and JSON lists. Underscores between
/// digits, surrounding space, `nan` and `inf` are numbers to Python too.
fn freqtrade_converts(value: &str) -> bool {
    let text = value.trim();
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "t" | "true" | "f" | "false") {
        return true;
    }
    if text.starts_with('[') && text.ends_with(']') {
        return true;
    }
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    if matches!(unsigned, "nan" | "inf" | "infinity") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once('e') {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let some_digits = !whole.is_empty() || !fraction.is_empty();
    some_digits
        && (whole.is_empty() || digits(whole))
        && (fraction.is_empty() || digits(fraction))
        && exponent.is_none_or(digits)
}

/// Digits, with single underscores between them. Digits of any script count, as they do in Python.
fn digits(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('_')
        && !text.ends_with('_')
        && !text.contains("__")
        && text.chars().all(|c| c == '_' || c.is_numeric())
}
