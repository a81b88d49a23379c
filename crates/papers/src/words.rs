//! Values of the contract in the words of papers, and text of a person made safe in them.

use jiff::Timestamp;
use strongroom_wire::{AllowlistSummary, Environment, HeldKey, KeyState};

use crate::sanitise::sanitise;

pub fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "production",
        Environment::Testnet => "testnet",
        Environment::Demo => "demo",
        Environment::Development => "development",
    }
}

pub fn state(state: KeyState) -> &'static str {
    match state {
        KeyState::Draft => "draft",
        KeyState::Active => "active",
        KeyState::Rotating => "rotating",
        KeyState::Draining => "draining",
        KeyState::Revoked => "revoked",
        KeyState::Archived => "archived",
    }
}

pub fn allowlist_summary(summary: AllowlistSummary) -> String {
    match summary {
        AllowlistSummary::Unrestricted {} => "unrestricted".to_owned(),
        AllowlistSummary::Unknown {} => "unknown".to_owned(),
        AllowlistSummary::Listed { rules: 1 } => "1 address".to_owned(),
        AllowlistSummary::Listed { rules } => format!("{rules} addresses"),
    }
}

/// How a key stands, as a word or two.
pub fn standing(key: &HeldKey) -> String {
    if key.contained {
        "contained".to_owned()
    } else {
        state(key.state).to_owned()
    }
}

/// Text of a person inside Markdown: it stays on its line and in its cell, and is no markup.
pub(crate) fn cell(text: &str) -> String {
    let mut safe = String::new();
    for character in sanitise(text).chars() {
        match character {
            '\n' | '\r' | '\t' => safe.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '!' => {
                safe.push('\\');
                safe.push(character);
            }
            other => safe.push(other),
        }
    }
    safe
}

pub(crate) fn moment(ms: i64) -> String {
    format(ms, "%Y-%m-%d %H:%M UTC")
}

pub(crate) fn date(ms: i64) -> String {
    format(ms, "%Y-%m-%d")
}

fn format(ms: i64, form: &str) -> String {
    Timestamp::from_millisecond(ms)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .strftime(form)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_person_is_no_markup() {
        assert_eq!(cell("a|b [x](y) <img>"), r"a\|b \[x\](y) \<img\>");
    }

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(moment(86_400_000), "1970-01-02 00:00 UTC");
        assert_eq!(date(-1), "1969-12-31");
    }
}
