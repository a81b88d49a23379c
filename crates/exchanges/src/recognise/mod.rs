//! What a pasted text probably is: which field of which exchange, and what is wrong with it.
//!
//! Every text looked at here may be a secret. It is borrowed, compared and let go; what is said of
//! it speaks of lengths and alphabets and never quotes it.
//!
//! Deliberately not here: refusing anything. Shapes are hints, and a person may know better.

mod look;
mod pem;
mod tidy;

use strongroom_domain::{Environment, FieldName};

pub use look::{Finding, What, looked_over};
pub use pem::{PemKind, pem_kind};
pub use tidy::{Mend, Tidied, tidied};

use crate::catalogue::{FieldFacts, Host, ShapeFacts, all};

/// One thing a text may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    pub exchange: &'static str,
    pub field: FieldName,
    /// Where the form itself tells it.
    pub environment: Option<Environment>,
    pub sureness: Sureness,
    /// In words, for a person.
    pub why: String,
    surprise: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// Length and alphabet fit; others may have the same.
    Fits,
    /// It bears a mark of this exchange.
    Marked,
}

/// What the text may be, best first. Give it tidied: a space at its end would hide what it is.
pub fn guesses(text: &str) -> Vec<Guess> {
    let mut found: Vec<Guess> = all()
        .iter()
        .flat_map(|facts| facts.fields.iter().map(move |field| (facts, field)))
        .filter_map(|(facts, field)| {
            let fit = best_fit(field, text)?;
            let sureness = if fit.shape.has_a_mark() {
                Sureness::Marked
            } else {
                Sureness::Fits
            };
            Some(Guess {
                exchange: &facts.id,
                field: field.name.clone(),
                environment: fit.environment,
                sureness,
                why: why(&facts.name, field, fit, sureness),
                surprise: fit.shape.surprise(),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        b.sureness
            .cmp(&a.sureness)
            .then(b.surprise.total_cmp(&a.surprise))
            .then(a.exchange.cmp(b.exchange))
            .then(a.field.place().cmp(&b.field.place()))
    });
    found
}

/// The exchange and environment whose address stands in a text, such as a base address in a
/// configuration. An address that serves two environments tells neither.
pub fn environment_named(text: &str) -> Option<(&'static str, Environment)> {
    let lower = text.to_lowercase();
    let named = |host: &Host| {
        lower.match_indices(host.name()).any(|(at, name)| {
            let joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            let before = lower[..at].chars().next_back().is_some_and(joined);
            let after = lower[at + name.len()..].chars().next().is_some_and(joined);
            !before && !after
        })
    };
    let hosts = all()
        .iter()
        .flat_map(|facts| facts.hosts.iter().map(move |host| (facts, host)));
    let mut found = hosts.filter(|(_, host)| named(host));
    let (facts, host) = found.next()?;
    found
        .all(|(other, also)| other.id == facts.id && also.environment == host.environment)
        .then_some((facts.id.as_str(), host.environment))
}

fn best_fit<'f>(field: &'f FieldFacts, text: &str) -> Option<&'f ShapeFacts> {
    field
        .shapes
        .iter()
        .filter(|shape| shape.shape.fits(text))
        .max_by(|a, b| a.shape.surprise().total_cmp(&b.shape.surprise()))
}

fn why(exchange: &str, field: &FieldFacts, fit: &ShapeFacts, sureness: Sureness) -> String {
    let words = fit.shape.words();
    let native = &field.native;
    match sureness {
        Sureness::Marked => format!("only {exchange} writes a `{native}` like this: {words}"),
        Sureness::Fits => format!("a `{native}` of {exchange} has this form: {words}"),
    }
}

#[cfg(test)]
mod tests;
