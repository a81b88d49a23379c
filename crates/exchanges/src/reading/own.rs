//! Finds the key that asked among those an answer lists.
//!
//! Some exchanges hide a part of the id behind asterisks. Deliberately not here: what it may do.

use serde_json::Value;

use super::ReadError;
use crate::catalogue::OwnKey;

/// Fewer characters than these on the two sides of the asterisks say nothing.
const LEAST_SHOWN: usize = 4;

/// The element whose id is `key`; the only element where the key's id is not known.
pub(super) fn find<'a>(
    own: &'static OwnKey,
    answer: &'a Value,
    key: Option<&str>,
) -> Result<&'a Value, ReadError> {
    let list = answer
        .pointer(&own.list)
        .ok_or(ReadError::Form { at: &own.list })?;
    let elements: &[Value] = match list {
        Value::Array(elements) => elements,
        Value::Object(_) => std::slice::from_ref(list),
        _ => return Err(ReadError::Form { at: &own.list }),
    };
    let Some(key) = key else {
        return match elements {
            [only] => Ok(only),
            [] => Err(ReadError::NotListed),
            _ => Err(ReadError::WhichKey),
        };
    };
    let mut fitting = elements.iter().filter(|element| {
        element
            .pointer(&own.id)
            .and_then(Value::as_str)
            .is_some_and(|shown| is_shown_as(key, shown))
    });
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(ReadError::NotListed),
        // Two hidden ids that begin alike.
        (Some(_), Some(_)) => Err(ReadError::WhichKey),
    }
}

fn is_shown_as(key: &str, shown: &str) -> bool {
    match (shown.find('*'), shown.rfind('*')) {
        (Some(first), Some(last)) => {
            let (before, after) = (&shown[..first], &shown[last + 1..]);
            before.len() + after.len() >= LEAST_SHOWN
                && key.len() >= before.len() + after.len()
                && key.starts_with(before)
                && key.ends_with(after)
        }
        _ => key == shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_ids_are_matched_by_what_is_shown() {
        for (key, shown, same) in [
            ("c5dcfbf1f3a70123", "c5dcfbf1f3a7*****", true),
            ("c5dcfbf1f3a70123", "c5dc****0123", true),
            ("c5dcfbf1f3a70123", "c5dd****0123", false),
            ("c5dcfbf1f3a70123", "*****", false),
            ("c5dcfbf1f3a70123", "c5*", false),
            ("c5dcfbf1f3a70123", "c5dcfbf1f3a70123", true),
            ("c5dcfbf1f3a70123", "c5dcfbf1", false),
            ("abcde", "abc*cde", false),
        ] {
            assert_eq!(is_shown_as(key, shown), same, "{shown}");
        }
    }
}
