//! Looks a credential over: fields in each other's place, of another exchange or environment.
//!
//! Deliberately not here: whether the credential works; only the exchange knows.

use strongroom_domain::{Environment, FieldName};

use super::pem::{PemKind, pem_kind};
use super::tidy::{Mend, tidied};
use super::{Sureness, best_fit, guesses};
use crate::catalogue::{Confidence, Facts, FieldFacts};

/// Something to look at before the credential is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub field: FieldName,
    pub what: What,
    /// One sentence; it quotes nothing of the value.
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The two stand in each other's place.
    SwappedWith(FieldName),
    /// It has the form of another field of the same exchange.
    Misplaced(FieldName),
    /// It bears the mark of another exchange.
    OfAnotherExchange(&'static str),
    /// Its form is that of another environment.
    OfAnotherEnvironment(Environment),
    /// The public half stands where the private one belongs.
    PublicHalf,
    /// It is locked with a password of its own.
    Locked,
    /// The same value stands in another field.
    SameAs(FieldName),
    Untidy(Mend),
    /// It fits no form that is known.
    UnusualForm,
    /// The exchange wants it and it is not there.
    Missing,
}

struct Value<'a> {
    name: &'a FieldName,
    text: &'a str,
    field: &'static FieldFacts,
}

/// What is to be said of a credential of this exchange. Values are looked at as they were pasted.
pub fn looked_over(
    facts: &'static Facts,
    environment: Environment,
    fields: &[(FieldName, &str)],
) -> Vec<Finding> {
    let tidy: Vec<_> = fields
        .iter()
        .map(|(name, text)| (name, tidied(text)))
        .collect();
    let mut found = Vec::new();
    for (name, tidied) in &tidy {
        for mend in &tidied.mends {
            found.push(Finding {
                field: (*name).clone(),
                what: What::Untidy(*mend),
                words: format!("In the field {name}, {}.", mend.words()),
            });
        }
    }
    let values: Vec<Value<'_>> = tidy
        .iter()
        .filter_map(|(name, tidied)| {
            Some(Value {
                name,
                // EXPOSE: compared with shapes; nothing is kept.
                text: tidied.text.expose(),
                field: facts.field_standing_in(name)?,
            })
        })
        .collect();
    missing(facts, &values, &mut found);
    same(&values, &mut found);
    let swapped = swapped(&values, &mut found);
    for value in &values {
        if !swapped.contains(&value.name) {
            single(facts, environment, value, &mut found);
        }
    }
    found
}

impl Facts {
    /// The field that may stand under this name: its own or another of ours (`privateKey` for a
    /// secret that is a key of its own).
    pub fn field_standing_in(&self, name: &FieldName) -> Option<&FieldFacts> {
        self.fields
            .iter()
            .find(|field| field.name == *name)
            .or_else(|| self.fields.iter().find(|field| field.also.contains(name)))
    }
}

fn missing(facts: &'static Facts, values: &[Value<'_>], found: &mut Vec<Finding>) {
    for field in facts.fields.iter().filter(|field| field.required) {
        if !values.iter().any(|value| std::ptr::eq(value.field, field)) {
            found.push(Finding {
                field: field.name.clone(),
                what: What::Missing,
                words: format!("{} wants a `{}` as well.", facts.name, field.native),
            });
        }
    }
}

fn same(values: &[Value<'_>], found: &mut Vec<Finding>) {
    for (place, value) in values.iter().enumerate() {
        for before in &values[..place] {
            if !value.text.is_empty() && value.text == before.text {
                found.push(Finding {
                    field: value.name.clone(),
                    what: What::SameAs(before.name.clone()),
                    words: format!(
                        "The fields {} and {} hold the same value.",
                        before.name, value.name
                    ),
                });
            }
        }
    }
}

/// Two values of which each fits the other's field and not its own. A private PEM block in a field
/// for an id is a swap whatever the other field holds.
fn swapped<'a>(values: &[Value<'a>], found: &mut Vec<Finding>) -> Vec<&'a FieldName> {
    let mut names = Vec::new();
    for (place, value) in values.iter().enumerate() {
        for before in &values[..place] {
            let crossed = |here: &Value<'_>, there: &Value<'_>| {
                fits(there.field, here.text) && !fits(here.field, here.text)
            };
            let key_in_id = |here: &Value<'_>, there: &Value<'_>| {
                !here.field.secret
                    && there.field.secret
                    && pem_kind(here.text) == Some(PemKind::Private)
                    && pem_kind(there.text).is_none()
            };
            let both = crossed(value, before) && crossed(before, value);
            if both || key_in_id(value, before) || key_in_id(before, value) {
                found.push(Finding {
                    field: before.name.clone(),
                    what: What::SwappedWith(value.name.clone()),
                    words: format!(
                        "The fields {} and {} look as if they stood in each other's place.",
                        before.name, value.name
                    ),
                });
                names.extend([before.name, value.name]);
            }
        }
    }
    names
}

fn single(
    facts: &'static Facts,
    environment: Environment,
    value: &Value<'_>,
    found: &mut Vec<Finding>,
) {
    let mut say = |what: What, words: String| {
        found.push(Finding {
            field: value.name.clone(),
            what,
            words,
        });
    };
    let name = value.name;
    match pem_kind(value.text) {
        Some(PemKind::Public) if value.field.secret => {
            let words = format!(
                "The field {name} holds the public half of a key; the private one belongs here."
            );
            return say(What::PublicHalf, words);
        }
        Some(PemKind::EncryptedPrivate) => {
            let words = format!(
                "The key in the field {name} is locked with a password of its own; nothing can be signed with it."
            );
            return say(What::Locked, words);
        }
        _ => {}
    }
    if let Some(fit) = best_fit(value.field, value.text) {
        if let Some(other) = fit.environment.filter(|told| *told != environment) {
            let words = format!(
                "The field {name} has the form of one for {}, and the record is for {}.",
                other.name(),
                environment.name()
            );
            say(What::OfAnotherEnvironment(other), words);
        }
        return;
    }
    let marked = guesses(value.text)
        .into_iter()
        .find(|guess| guess.sureness == Sureness::Marked && guess.exchange != facts.id);
    if let Some(guess) = marked {
        let words = format!(
            "The value in the field {name} looks like one of {}.",
            guess.exchange
        );
        return say(What::OfAnotherExchange(guess.exchange), words);
    }
    let elsewhere = facts
        .fields
        .iter()
        .find(|other| !std::ptr::eq(*other, value.field) && told_apart(other, value));
    if let Some(other) = elsewhere {
        let words = format!(
            "The value in the field {name} looks like a `{}`.",
            other.native
        );
        return say(What::Misplaced(other.name.clone()), words);
    }
    // A form known from hearsay is no reason to trouble a person.
    let known = !value.field.shapes.is_empty()
        && value
            .field
            .shapes
            .iter()
            .all(|shape| shape.confidence > Confidence::Low);
    if known && !value.text.is_empty() {
        let forms: Vec<String> = value
            .field
            .shapes
            .iter()
            .map(|shape| shape.shape.words())
            .collect();
        let words = format!(
            "A `{}` of {} usually is {}; this one is not.",
            value.field.native,
            facts.name,
            forms.join(", or ")
        );
        say(What::UnusualForm, words);
    }
}

fn fits(field: &FieldFacts, text: &str) -> bool {
    best_fit(field, text).is_some()
}

/// Whether a value fits another field in a way that says something: a passphrase may be nearly
/// anything, so fitting one says nothing.
fn told_apart(other: &FieldFacts, value: &Value<'_>) -> bool {
    const LEAST_BITS: f64 = 12.0;
    best_fit(other, value.text).is_some_and(|fit| fit.shape.surprise() > LEAST_BITS)
}
