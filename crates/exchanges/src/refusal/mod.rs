//! Refusals: what an exchange answers instead of what was asked.
//!
//! A refusal is read from an answer, from an HTTP status alone, or from a text a person pasted out
//! of a bot's log. Of the text nothing is kept but an address in it, which says from where the
//! exchange was asked.
//!
//! Deliberately not here: readings (`reading/`), and finding out which of several causes it is
//! (`doctor/`).

mod guess;
mod meaning;
mod text;

use std::net::IpAddr;

use serde_json::Value;

pub use guess::{Guess, guesses};
pub use meaning::{Meaning, Remedy, Verdict};
pub(crate) use text::address_in;
pub use text::of_text;

use crate::catalogue::{Confidence, ErrorRule, Facts};
use crate::reading::value_text;

/// What a refusal means.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    pub meaning: Meaning,
    /// What the same answer may mean as well.
    pub also: Vec<Meaning>,
    /// The code, if it is one of the catalogue; never text of the answer.
    pub code: Option<&'static str>,
    pub confidence: Confidence,
    /// The address the exchange says it was asked from.
    pub address: Option<IpAddr>,
}

impl Refusal {
    /// One that was not read from a code.
    pub fn meaning(meaning: Meaning) -> Self {
        Self {
            meaning,
            also: Vec::new(),
            code: None,
            confidence: Confidence::Medium,
            address: None,
        }
    }

    fn by(rule: &'static ErrorRule) -> Self {
        Self {
            meaning: rule.meaning,
            also: rule.also.clone(),
            code: rule.code.as_deref(),
            confidence: rule.confidence,
            address: None,
        }
    }

    /// What it says about the key; where it may mean several things, only what they agree on.
    pub fn verdict(&self) -> Verdict {
        let first = self.meaning.verdict();
        if self.also.iter().all(|other| other.verdict() == first) {
            first
        } else {
            Verdict::CannotTell
        }
    }

    /// One clause that can stand after "the exchange says that".
    pub fn words(&self) -> &'static str {
        self.meaning.words()
    }
}

/// The address is the person's and stays out of logs.
impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refusal")
            .field("meaning", &self.meaning)
            .field("also", &self.also)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// The refusal in an answer, or `None` if the answer is none.
pub fn of_answer(facts: &'static Facts, status: Option<u16>, answer: &Value) -> Option<Refusal> {
    let form = facts.answers.as_ref()?;
    let at = |pointers: &[String]| {
        pointers
            .iter()
            .find_map(|pointer| answer.pointer(pointer).and_then(value_text))
            .filter(|text| !text.is_empty())
    };
    let is_warning = |code: &String| {
        let begin = form.warnings.as_ref();
        begin.is_some_and(|begin| code.starts_with(begin.as_str()))
    };
    let code = at(&form.code);
    if code.as_ref().is_some_and(is_warning) {
        return None;
    }
    let text = at(&form.text).unwrap_or_default();
    let bad_status = status.is_some_and(|status| status >= 400);
    let refused = match &code {
        Some(code) => !form.fine.contains(code) || bad_status,
        None => !text.is_empty() || bad_status,
    };
    if !refused {
        return None;
    }
    let text = text.to_lowercase();
    let rule = facts
        .errors
        .iter()
        .find(|rule| fits(rule, code.as_deref(), &text, status));
    let mut refusal = rule
        .map(Refusal::by)
        .or_else(|| general(status))
        .unwrap_or_else(|| Refusal::meaning(Meaning::Unknown));
    refusal.address = address_in(&text);
    Some(refusal)
}

/// What a status alone means, where the answer is no JSON.
pub fn of_status(facts: &'static Facts, status: Option<u16>) -> Option<Refusal> {
    let bad = status.filter(|status| *status >= 400)?;
    let rule = facts
        .errors
        .iter()
        .find(|rule| rule.status == Some(bad) && rule.code.is_none() && rule.text.is_none());
    rule.map(Refusal::by).or_else(|| general(Some(bad)))
}

fn fits(rule: &ErrorRule, code: Option<&str>, text: &str, status: Option<u16>) -> bool {
    let code_fits = rule
        .code
        .as_deref()
        .is_none_or(|wanted| code == Some(wanted));
    let text_fits = rule
        .text
        .as_deref()
        .is_none_or(|wanted| text.contains(wanted));
    let status_fits = rule.status.is_none_or(|wanted| status == Some(wanted));
    code_fits && text_fits && status_fits
}

/// Statuses that mean the same at every exchange.
fn general(status: Option<u16>) -> Option<Refusal> {
    let meaning = match status? {
        // 418 is how some exchanges say that they have gone from asking to banning.
        418 | 429 => Meaning::RateLimited,
        451 => Meaning::Region,
        500..=599 => Meaning::Maintenance,
        _ => return None,
    };
    Some(Refusal::meaning(meaning))
}

#[cfg(test)]
mod tests;
