//! Moments, ends and other single values of an answer.
//!
//! Exchanges write one and the same date as a number, as a string with a number, or in ISO form.
//! What is there and cannot be read is an error; what is not there is not known.
//!
//! Deliberately not here: permissions and allowlists.

use serde_json::Value;
use strongroom_domain::{Line, UtcMs};

use super::{ReadError, SeenExpiry, Standing};
use crate::catalogue::{ExpiryForm, StandingForm, TimeForm, TimeUnit};

/// Stands for a word of an exchange that cannot be shown as it is.
pub(super) const UNSHOWABLE: &str = "(a word that cannot be shown)";

/// A string, number or flag as the text it is compared by.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A word of the exchange as a line that is safe to show. It is never dropped: a word that cannot
/// be shown is still a word.
pub(super) fn word(text: &str) -> Line {
    Line::parse(text)
        .or_else(|_| Line::parse(UNSHOWABLE))
        .expect("a fixed text without control characters is a line")
}

pub(super) fn moment(
    form: Option<&'static TimeForm>,
    own: &Value,
) -> Result<Option<UtcMs>, ReadError> {
    let Some(form) = form else { return Ok(None) };
    let wrong = ReadError::Form { at: &form.at };
    match own.pointer(&form.at) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let text = text(value).ok_or(wrong.clone())?;
            // Zero is how "never used" is written.
            if text.is_empty() || text == "0" {
                return Ok(None);
            }
            read_moment(&text, form.unit).map(Some).ok_or(wrong)
        }
    }
}

fn read_moment(text: &str, unit: TimeUnit) -> Option<UtcMs> {
    let ms = match unit {
        TimeUnit::Ms => text.parse().ok()?,
        TimeUnit::Seconds => text.parse::<i64>().ok()?.checked_mul(1000)?,
        TimeUnit::Iso => text.parse::<jiff::Timestamp>().ok()?.as_millisecond(),
        TimeUnit::DaysLeft => return None,
    };
    UtcMs::parse(ms).ok()
}

/// The end, and what is to be said of the field it was read from. Of several fields the first that
/// tells an end counts: the data files name the exact one first.
pub(super) fn expiry(
    forms: &'static [ExpiryForm],
    own: &Value,
    received: UtcMs,
) -> Result<(SeenExpiry, Option<&'static str>), ReadError> {
    let mut told_never = false;
    for form in forms {
        let wrong = ReadError::Form { at: &form.at };
        let text = match own.pointer(&form.at) {
            None | Some(Value::Null) => continue,
            Some(value) => text(value).ok_or(wrong.clone())?,
        };
        if form.none.contains(&text) {
            told_never = true;
            continue;
        }
        let end = match form.unit {
            TimeUnit::DaysLeft => {
                let days: i64 = text.parse().map_err(|_| wrong.clone())?;
                if days < 0 {
                    told_never = true;
                    continue;
                }
                received.plus_days(u32::try_from(days).map_err(|_| wrong)?)
            }
            unit => read_moment(&text, unit).ok_or(wrong)?,
        };
        return Ok((SeenExpiry::At(end), form.note.as_deref()));
    }
    let seen = if told_never {
        SeenExpiry::Never
    } else {
        SeenExpiry::NotReported
    };
    Ok((seen, None))
}

pub(super) fn standing(
    form: Option<&'static StandingForm>,
    own: &Value,
) -> Result<Standing, ReadError> {
    let Some(form) = form else {
        return Ok(Standing::NotReported);
    };
    match own.pointer(&form.at) {
        None | Some(Value::Null) => Ok(Standing::NotReported),
        Some(value) => {
            let text = text(value).ok_or(ReadError::Form { at: &form.at })?;
            Ok(if form.working.contains(&text) {
                Standing::Working
            } else {
                Standing::Stopped(word(&text))
            })
        }
    }
}
