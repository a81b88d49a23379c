//! Which exchange a bare error text is of.
//!
//! Deliberately not here: what it means there.

use strongroom_domain::EXCHANGES;

use super::text::{beginning, names_code};
use crate::catalogue::{ErrorRule, Facts, all};

/// An exchange a text may be of, and why it is thought so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub exchange: &'static str,
    pub why: String,
    strength: u8,
    /// What it was recognised by.
    sign: &'static str,
}

/// Exchanges by their name in the text first, then by a code or a phrase no other exchange has.
/// Empty where nothing tells.
pub fn guesses(text: &str) -> Vec<Guess> {
    let text = beginning(text);
    let lower = text.to_lowercase();
    let mut found: Vec<Guess> = all()
        .iter()
        .filter_map(|facts| by_name(facts, &lower).or_else(|| by_rule(facts, text, &lower)))
        .collect();
    found.sort_by(|a, b| b.strength.cmp(&a.strength).then(a.exchange.cmp(b.exchange)));
    // A text that names an exchange is not of another that merely has the same code.
    if let Some(strongest) = found.first().map(|guess| guess.strength) {
        found.retain(|guess| guess.strength == strongest);
    }
    // `binance.us` holds `binance` and means one exchange.
    let signs: Vec<&str> = found.iter().map(|guess| guess.sign).collect();
    found.retain(|guess| {
        let longer = |sign: &&str| sign.len() > guess.sign.len() && sign.contains(guess.sign);
        !signs.iter().any(longer)
    });
    found
}

fn by_name(facts: &'static Facts, lower: &str) -> Option<Guess> {
    let host = facts.hosts.iter().find(|host| lower.contains(host.name()));
    if let Some(host) = host {
        return Some(Guess {
            exchange: &facts.id,
            why: format!("the text names its address {}", host.name()),
            strength: 3,
            sign: host.name(),
        });
    }
    let info = EXCHANGES.iter().find(|info| info.id == facts.id)?;
    let mut names = info.aliases.iter().copied().chain([info.id]);
    let name = names.find(|name| names_code(lower, name))?;
    Some(Guess {
        exchange: &facts.id,
        why: format!("the text names it: `{name}`"),
        strength: 2,
        sign: name,
    })
}

fn by_rule(facts: &'static Facts, text: &str, lower: &str) -> Option<Guess> {
    let fits = |rule: &&ErrorRule| {
        let code = rule
            .code
            .as_deref()
            .is_none_or(|code| names_code(text, code));
        let words = rule
            .text
            .as_deref()
            .is_none_or(|words| lower.contains(words));
        rule.distinctive && code && words
    };
    let rule = facts.errors.iter().find(fits)?;
    let sign = rule.code.as_deref().or(rule.text.as_deref())?;
    Some(Guess {
        exchange: &facts.id,
        why: format!("`{sign}` is one of its refusals"),
        strength: 1,
        sign,
    })
}
