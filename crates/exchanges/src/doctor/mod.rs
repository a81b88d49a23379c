//! Why an exchange refuses a key: seven causes looked at in one fixed order, one sentence, one
//! remedy.
//!
//! "Invalid API-key, IP, or permissions for action" names three causes and tells none. What the
//! exchange's answer excludes is excluded, what the record knows is compared, and where something
//! is missing that would decide, that one thing is asked for.
//!
//! Deliberately not here: asking the exchange, and changing anything.

mod steps;
mod words;

use std::net::IpAddr;

use strongroom_domain::{Allowlist, Environment, PermissionSet, UtcMs, Verb};

use crate::catalogue::Facts;
use crate::refusal::{self, Meaning, Refusal, Remedy};

/// What was refused, and everything known that may tell why.
#[derive(Clone)]
pub struct Case<'a> {
    pub facts: &'static Facts,
    /// Of the record.
    pub environment: Environment,
    pub refusal: Refusal,
    pub known: Known<'a>,
}

/// What is known beside the refusal. Everything may be left out; what is left out is asked for if
/// it decides.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub form: FormKnown,
    /// Our clock less the exchange's.
    pub clock_offset_ms: Option<i64>,
    /// The host that was asked, by its bare name.
    pub host: Option<&'a str>,
    pub allowlist: &'a Allowlist,
    /// From where the exchange was asked.
    pub address: Option<IpAddr>,
    /// The right that what was tried takes.
    pub wanted: Option<Verb>,
    pub declared: Option<&'a PermissionSet>,
    pub observed: Option<&'a PermissionSet>,
    pub expires: Option<UtcMs>,
    pub now: Option<UtcMs>,
    pub passphrase: PassphraseKnown,
}

/// What looking at the fields said of their form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKnown {
    Fits,
    /// A field has a form the exchange does not give it, or two stand in each other's place.
    Odd,
    NotLookedAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseKnown {
    Present,
    Absent,
    NotKnown,
}

impl Known<'static> {
    /// Nothing is known.
    pub const NOTHING: Self = Self {
        form: FormKnown::NotLookedAt,
        clock_offset_ms: None,
        host: None,
        allowlist: &Allowlist::Unknown,
        address: None,
        wanted: None,
        declared: None,
        observed: None,
        expires: None,
        now: None,
        passphrase: PassphraseKnown::NotKnown,
    };
}

impl<'a> Case<'a> {
    /// A case from a text that was pasted. An address or a host in the text counts unless it is
    /// known otherwise; the text itself is not kept.
    pub fn of_text(
        facts: &'static Facts,
        environment: Environment,
        text: &str,
        known: Known<'a>,
    ) -> Self {
        let refusal = refusal::of_text(facts, text);
        let lower = text.to_lowercase();
        let named = facts.hosts.iter().find(|host| lower.contains(host.name()));
        Self {
            facts,
            environment,
            known: Known {
                address: known.address.or(refusal.address),
                host: known.host.or(named.map(|host| host.name())),
                ..known
            },
            refusal,
        }
    }
}

/// The causes, in the order in which they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    Shape,
    Clock,
    Environment,
    Allowlist,
    Permission,
    Expiry,
    Passphrase,
}

impl Cause {
    pub const ALL: [Self; 7] = [
        Self::Shape,
        Self::Clock,
        Self::Environment,
        Self::Allowlist,
        Self::Permission,
        Self::Expiry,
        Self::Passphrase,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Shape => "key and secret",
            Self::Clock => "clock",
            Self::Environment => "environment and address",
            Self::Allowlist => "allowlist",
            Self::Permission => "permission",
            Self::Expiry => "expiry",
            Self::Passphrase => "passphrase",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    RuledOut,
    Likely,
    CannotTell,
}

/// One cause looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub cause: Cause,
    pub outcome: Outcome,
    /// One sentence: why, or what to find out. It holds no address and no label.
    pub words: String,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// All seven, in order.
    pub steps: Vec<Step>,
    /// The cause, where one is left.
    pub cause: Option<Cause>,
    /// One sentence.
    pub sentence: String,
    pub remedy: Remedy,
    /// One sentence: what to do.
    pub remedy_words: String,
}

/// Goes through the causes.
pub fn diagnose(case: &Case<'_>) -> Diagnosis {
    if let Some(diagnosis) = words::without_causes(case) {
        return diagnosis;
    }
    let possible = possible_causes(case);
    let looked: Vec<steps::Look> = Cause::ALL
        .iter()
        .map(|cause| steps::look(case, *cause, &possible))
        .collect();
    let left: Vec<&steps::Look> = looked
        .iter()
        .filter(|look| look.outcome != Outcome::RuledOut)
        .collect();
    // A fact that speaks for a cause goes before a cause that is only left over.
    let proven = left.iter().find(|look| look.outcome == Outcome::Likely);
    let found = match (proven, left.as_slice()) {
        (Some(look), _) => Some((look.cause, words::Found::Shown)),
        (None, [only]) => Some((only.cause, words::Found::LeftOver)),
        (None, _) => None,
    };
    let left: Vec<Cause> = left.iter().map(|look| look.cause).collect();
    let told = match found {
        Some((cause, how)) => words::conclusion(case, cause, how),
        None => words::undecided(case, &looked, &left),
    };
    let found = found.map(|(cause, _)| cause);
    let steps = looked
        .into_iter()
        .map(|look| Step {
            cause: look.cause,
            // The only one that is left is the likely one.
            outcome: if found == Some(look.cause) {
                Outcome::Likely
            } else {
                look.outcome
            },
            words: look.words,
        })
        .collect();
    Diagnosis {
        steps,
        cause: found,
        sentence: told.sentence,
        remedy: told.remedy,
        remedy_words: told.remedy_words,
    }
}

/// The causes that the refusal leaves open.
fn possible_causes(case: &Case<'_>) -> Vec<Cause> {
    let refusal = &case.refusal;
    let meanings = std::iter::once(refusal.meaning).chain(refusal.also.iter().copied());
    let mut causes: Vec<Cause> = meanings
        .flat_map(causes_of)
        .copied()
        .filter(|cause| *cause != Cause::Passphrase || case.facts.wants_passphrase())
        .collect();
    causes.sort_unstable();
    causes.dedup();
    causes
}

fn causes_of(meaning: Meaning) -> &'static [Cause] {
    use Cause as C;
    match meaning {
        Meaning::BadSignature | Meaning::MalformedKey => &[C::Shape],
        Meaning::UnknownKey => &[C::Shape, C::Environment, C::Expiry],
        Meaning::AddressNotAllowed => &[C::Allowlist],
        Meaning::ClockOff => &[C::Clock],
        Meaning::MissingPermission => &[C::Permission],
        Meaning::Expired => &[C::Expiry],
        Meaning::WrongPassphrase => &[C::Passphrase],
        Meaning::WrongEnvironment => &[C::Environment],
        Meaning::KeyAddressOrPermission => &[
            C::Shape,
            C::Environment,
            C::Allowlist,
            C::Permission,
            C::Expiry,
        ],
        Meaning::Credentials => &[C::Shape, C::Clock, C::Environment, C::Expiry, C::Passphrase],
        Meaning::Unknown => &Cause::ALL,
        Meaning::NonceUsed
        | Meaning::KeysLocked
        | Meaning::SecondFactor
        | Meaning::AccountTier
        | Meaning::RateLimited
        | Meaning::Region
        | Meaning::Maintenance => &[],
    }
}

/// An address and dates are the person's; neither is printed.
impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("form", &self.form)
            .field("clock_offset_ms", &self.clock_offset_ms)
            .field("passphrase", &self.passphrase)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("exchange", &self.facts.id)
            .field("environment", &self.environment)
            .field("refusal", &self.refusal)
            .field("known", &self.known)
            .finish()
    }
}

#[cfg(test)]
mod tests;
