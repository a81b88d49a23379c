//! Facts about exchanges: one data file an exchange, read once, never written.
//!
//! The files are part of the program, so nothing on a disk can change what it believes of an
//! exchange, and a new address an update did not bring cannot be talked to. Names, aliases and
//! status stand in the domain too, which may not depend on this crate; a test compares them.
//!
//! Deliberately not here: reading any answer, and judging any key.

mod age;
#[cfg(test)]
mod check;
mod expiry;
mod files;
mod form;
mod model;
mod shape;
mod terms;

use std::sync::LazyLock;

use strongroom_domain::Environment;

pub use age::{AsOf, AsOfRefused};
pub use expiry::{ExpiryRule, Need, RuleKind};
pub use form::{
    AllowlistForm, AllowlistKind, ExpiryForm, OnlyIf, OwnKey, ReadOnlySwitch, ReadingForm,
    RightsForm, RightsKind, StandingForm, SubKeyForm, TimeForm, TimeUnit,
};
pub use model::{
    AllowlistFacts, AnswerForm, Call, ClockFacts, Detail, ErrorRule, Facts, FieldFacts,
    ForbiddenCall, Host, KeyTypeFacts, Native, Page, PagePurpose, Reads, Reports, RightsFacts,
    ShapeFacts, Source, Status,
};
pub use shape::{Outline, OutlineAlphabet, Shape, ShapeRefused};
pub use terms::{Confidence, Right, Told};

static CATALOGUE: LazyLock<Vec<Facts>> = LazyLock::new(|| {
    files::FILES
        .iter()
        .map(|(_, text)| {
            serde_json::from_str(text).expect("every data file is read by a test of this crate")
        })
        .collect()
});

/// Every exchange, by id.
pub fn all() -> &'static [Facts] {
    &CATALOGUE
}

/// What is known of the exchange with this id; `None` for one that the person named themselves.
pub fn facts(id: &str) -> Option<&'static Facts> {
    let place = CATALOGUE.binary_search_by(|facts| facts.id.as_str().cmp(id));
    place.ok().map(|place| &CATALOGUE[place])
}

/// Whose host this is, by its bare name (`api.kraken.com`). A worker that talks to the network
/// talks to these and to nothing else.
pub fn host(name: &str) -> Option<(&'static Facts, &'static Host)> {
    all().iter().find_map(|facts| {
        let host = facts.hosts.iter().find(|host| host.name() == name)?;
        Some((facts, host))
    })
}

impl Facts {
    /// The addresses of one environment; the first is the one to use unless another is wanted.
    pub fn hosts_of(&self, environment: Environment) -> impl Iterator<Item = &Host> {
        self.hosts
            .iter()
            .filter(move |host| host.environment == environment)
    }

    pub fn host_of(&self, environment: Environment) -> Option<&Host> {
        self.hosts_of(environment).next()
    }

    /// The page where keys of this environment are managed or revoked. A page of production is not
    /// taken for one of another environment.
    pub fn page(&self, purpose: PagePurpose, environment: Environment) -> Option<&Page> {
        self.pages
            .iter()
            .find(|page| page.environment == environment && page.purposes.contains(&purpose))
    }

    pub fn field(&self, name: &str) -> Option<&FieldFacts> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    pub fn call(&self, name: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.name == name)
    }

    /// Whether a credential of it has a passphrase of its own.
    pub fn wants_passphrase(&self) -> bool {
        self.field("passphrase").is_some_and(|field| field.required)
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.status, Status::Closed { .. })
    }
}

#[cfg(test)]
mod tests;
