//! A refusal in a text a person pasted: a line of a log, an exception, an answer among other words.
//!
//! Libraries write the same refusal in many ways (`APIError(code=-2015): …`,
//! `binance {"code":-2015,…}`), so the JSON inside is looked for first, then the bare codes.
//!
//! Deliberately not here: keeping the text.

use std::net::IpAddr;

use serde_json::Value;

use super::{Meaning, Refusal, fits, of_answer};
use crate::catalogue::{ErrorRule, Facts};
use crate::reading::parse_json;

/// More of a log than this is not looked at.
const MOST_BYTES: usize = 64 << 10;

/// Words every library uses for what no code of the exchange says.
const GENERAL: &[(&str, Meaning)] = &[
    ("too many requests", Meaning::RateLimited),
    ("restricted location", Meaning::Region),
    ("service unavailable", Meaning::Maintenance),
    ("bad gateway", Meaning::Maintenance),
    ("system maintenance", Meaning::Maintenance),
];

/// What the text means at this exchange. A text without a single known code or word is
/// [`Meaning::Unknown`].
pub fn of_text(facts: &'static Facts, text: &str) -> Refusal {
    let text = beginning(text);
    let lower = text.to_lowercase();
    let inside = json_inside(text).and_then(|value| of_answer(facts, None, &value));
    let mut refusal = inside
        .filter(|refusal| refusal.meaning != Meaning::Unknown)
        .or_else(|| by_code_or_words(facts, text, &lower))
        .or_else(|| {
            let general = GENERAL.iter().find(|(words, _)| lower.contains(words));
            general.map(|(_, meaning)| Refusal::meaning(*meaning))
        })
        .unwrap_or_else(|| Refusal::meaning(Meaning::Unknown));
    refusal.address = address_in(text);
    refusal
}

pub(super) fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The first object or array in the text that is JSON.
pub(super) fn json_inside(text: &str) -> Option<Value> {
    let starts = text.match_indices(['{', '[']).map(|(at, _)| at);
    let last = text.rfind(['}', ']'])? + 1;
    starts
        .take(20)
        .filter(|start| *start < last)
        .find_map(|start| parse_json(&text.as_bytes()[start..last]).ok())
}

/// Rules in the order of the file: the more particular ones stand first.
fn by_code_or_words(facts: &'static Facts, text: &str, lower: &str) -> Option<Refusal> {
    let named = |rule: &&ErrorRule| match &rule.code {
        Some(code) => names_code(text, code) && fits(rule, Some(code), lower, rule.status),
        None => match (&rule.text, rule.status) {
            (Some(_), status) => fits(rule, None, lower, status),
            (None, Some(status)) => names_code(text, &status.to_string()),
            (None, None) => false,
        },
    };
    facts.errors.iter().find(named).map(Refusal::by)
}

/// Whether the code stands in the text by itself, not as part of a longer number, word or
/// fraction.
pub(super) fn names_code(text: &str, code: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + code.len()..].chars();
        let next = after.next();
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let fraction = |c: Option<char>| c.is_some_and(|c| matches!(c, '.' | ','));
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let part_of_number = fraction(next) && digit(after.next())
            || fraction(before) && {
                let two_before = text[..at].chars().rev().nth(1);
                digit(two_before)
            };
        !joined(before) && !joined(next) && !part_of_number
    })
}

/// The first IP address in a text.
pub(crate) fn address_in(text: &str) -> Option<IpAddr> {
    let part_of_one = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    text.split(|c: char| !part_of_one(c))
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| word.len() >= 7)
        .find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_not_found_inside_a_longer_number() {
        for (text, code, found) in [
            ("error 10003: no", "10003", true),
            ("{\"code\":-2015}", "-2015", true),
            ("code=-2015,", "-2015", true),
            ("110003", "10003", false),
            ("10003.5", "10003", false),
            ("1.10003", "10003", false),
            ("ERR_10003", "10003", false),
            ("MissingRole.", "MissingRole", true),
        ] {
            assert_eq!(names_code(text, code), found, "{text}");
        }
    }

    #[test]
    fn the_address_in_a_text_is_found() {
        for (text, address) in [
            (
                "permissions for action, request ip: 203.0.113.7",
                Some("203.0.113.7"),
            ),
            ("Your IP 2001:db8::1 is not included.", Some("2001:db8::1")),
            ("ip:203.0.113.7.", Some("203.0.113.7")),
            ("code -2015 at 12:30:45", None),
            ("version 4.5.90", None),
        ] {
            let expected = address.map(|address| address.parse().expect("an address"));
            assert_eq!(address_in(text), expected, "{text}");
        }
    }
}
