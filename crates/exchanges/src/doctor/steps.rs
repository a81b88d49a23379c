//! One cause at a time: ruled out, likely, or what to find out.
//!
//! Deliberately not here: which causes a refusal leaves open, and what is made of them all.

use strongroom_domain::{Allowlist, Environment, Tri};

use super::{Case, Cause, FormKnown, Outcome, PassphraseKnown};
use crate::catalogue::{RuleKind, Told};
use crate::refusal::Meaning;

pub(super) struct Look {
    pub(super) cause: Cause,
    pub(super) outcome: Outcome,
    pub(super) words: String,
}

/// Looks at one cause.
pub(super) fn look(case: &Case<'_>, cause: Cause, possible: &[Cause]) -> Look {
    let (outcome, words) = if !possible.contains(&cause) {
        (Outcome::RuledOut, not_possible(case, cause))
    } else {
        match cause {
            Cause::Shape => shape(case, possible),
            Cause::Clock => clock(case),
            Cause::Environment => environment(case),
            Cause::Allowlist => allowlist(case),
            Cause::Permission => permission(case),
            Cause::Expiry => expiry(case),
            Cause::Passphrase => passphrase(case),
        }
    };
    Look {
        cause,
        outcome,
        words,
    }
}

type Found = (Outcome, String);

fn ruled_out(words: impl Into<String>) -> Found {
    (Outcome::RuledOut, words.into())
}

fn likely(words: impl Into<String>) -> Found {
    (Outcome::Likely, words.into())
}

fn cannot_tell(words: impl Into<String>) -> Found {
    (Outcome::CannotTell, words.into())
}

fn not_possible(case: &Case<'_>, cause: Cause) -> String {
    let name = &case.facts.name;
    match cause {
        Cause::Passphrase if !case.facts.wants_passphrase() => {
            format!("Keys of {name} have no passphrase.")
        }
        Cause::Allowlist if case.facts.allowlist.offered == Told::No => {
            format!("{name} has no allowlists.")
        }
        _ => format!("{name} would refuse this in other words."),
    }
}

/// Whether the exchange's answer itself names the cause and no other.
fn is_said(case: &Case<'_>, meaning: Meaning) -> bool {
    case.refusal.meaning == meaning
}

fn shape(case: &Case<'_>, possible: &[Cause]) -> Found {
    let name = &case.facts.name;
    match case.known.form {
        FormKnown::Odd => likely(format!(
            "A field has not the form {name} gives it, or two stand in each other's place."
        )),
        _ if is_said(case, Meaning::MalformedKey) => {
            likely(format!("{name} says that the key has not the form of one."))
        }
        _ if is_said(case, Meaning::BadSignature) && possible == [Cause::Shape] => likely(format!(
            "{name} says that the signature does not fit the key."
        )),
        FormKnown::Fits if possible.len() > 1 && !is_said(case, Meaning::BadSignature) => {
            ruled_out(format!("Every field has the form {name} gives it."))
        }
        FormKnown::Fits => {
            cannot_tell("Compare the beginning of the key with the exchange's page.")
        }
        FormKnown::NotLookedAt => {
            cannot_tell("Look whether key and secret have the right form and place.")
        }
    }
}

/// Where no window is documented: more than a request can be delayed by.
const WINDOW_MS: i64 = 5000;

fn clock(case: &Case<'_>) -> Found {
    let name = &case.facts.name;
    let window = case.facts.clock;
    let behind = window.map_or(WINDOW_MS, |clock| i64::from(clock.behind_ms));
    let ahead = window.map_or(WINDOW_MS, |clock| i64::from(clock.ahead_ms));
    match case.known.clock_offset_ms {
        Some(offset) if offset > ahead => likely(format!(
            "This clock is {} ahead of the one of {name}.",
            seconds(offset)
        )),
        Some(offset) if -offset > behind => likely(format!(
            "This clock is {} behind the one of {name}.",
            seconds(-offset)
        )),
        Some(_) if is_said(case, Meaning::ClockOff) => likely(
            "This clock is right, so the clock of the machine that asked is off, or the request took too long.",
        ),
        None if is_said(case, Meaning::ClockOff) => {
            likely(format!("{name} says that the time of the request is off."))
        }
        Some(_) => ruled_out(format!("This clock and the one of {name} agree.")),
        None => cannot_tell("Compare the clock of the machine that asked with the exchange's."),
    }
}

/// "7.5 s", "2 min".
fn seconds(ms: i64) -> String {
    if ms >= 120_000 {
        format!("{} min", ms / 60_000)
    } else {
        format!("{}.{} s", ms / 1000, ms % 1000 / 100)
    }
}

fn environment(case: &Case<'_>) -> Found {
    let (facts, name) = (case.facts, &case.facts.name);
    let wanted = case.environment.name();
    if is_said(case, Meaning::WrongEnvironment) {
        return likely(format!(
            "{name} says that the key is of another environment."
        ));
    }
    if let Some(asked) = case.known.host {
        if is_stranger(case) {
            return likely(format!("The address that was asked is none of {name}'s."));
        }
        let hosts = facts.hosts.iter().filter(|host| host.name() == asked);
        let environments: Vec<Environment> = hosts.map(|host| host.environment).collect();
        if !environments.contains(&case.environment) {
            return likely(format!(
                "The address that was asked is not the one for {wanted}, which the record says."
            ));
        }
        let regional = facts
            .hosts_of(case.environment)
            .any(|host| host.region.is_some());
        if environments.len() == 1 && !regional {
            return ruled_out(format!(
                "The address that was asked is the one for {wanted}."
            ));
        }
    }
    let only_production = facts
        .hosts
        .iter()
        .all(|host| host.environment == Environment::Production && host.region.is_none());
    if only_production && case.environment == Environment::Production {
        return ruled_out(format!(
            "{name} has no other environment to mistake it for."
        ));
    }
    let regional = facts
        .hosts_of(case.environment)
        .any(|host| host.region.is_some());
    if regional {
        cannot_tell(
            "Find out where the key was made: a key of one region or environment is unknown at another's address.",
        )
    } else {
        cannot_tell(format!(
            "Find out whether the key was made for {wanted} and that environment was asked."
        ))
    }
}

/// Whether the host that was asked is not the exchange's at all.
pub(super) fn is_stranger(case: &Case<'_>) -> bool {
    let mut hosts = case.facts.hosts.iter();
    case.known
        .host
        .is_some_and(|asked| hosts.all(|host| host.name() != asked))
}

fn allowlist(case: &Case<'_>) -> Found {
    let name = &case.facts.name;
    let said = is_said(case, Meaning::AddressNotAllowed);
    match (case.known.allowlist, case.known.address) {
        (Allowlist::Listed(rules), Some(address)) => {
            if !rules.iter().any(|rule| rule.contains(address)) {
                return likely(format!(
                    "The address that asked is not on the recorded allowlist of {}.",
                    counted(rules.len())
                ));
            }
            if said {
                return likely(format!(
                    "{name} refuses the address, though the record lists it: the list at {name} is another."
                ));
            }
            ruled_out("The address that asked is on the recorded allowlist.")
        }
        _ if said => likely(format!(
            "{name} says that the address is not on the key's allowlist."
        )),
        (Allowlist::Unrestricted, _) => {
            ruled_out("The record says that any address may use the key.")
        }
        (Allowlist::Listed(_), None) => {
            cannot_tell("Find out from which address the exchange was asked.")
        }
        (Allowlist::Unknown, _) => {
            cannot_tell("Look whether the key has an allowlist, and from which address it is used.")
        }
    }
}

fn counted(rules: usize) -> String {
    if rules == 1 {
        "1 rule".to_owned()
    } else {
        format!("{rules} rules")
    }
}

fn permission(case: &Case<'_>) -> Found {
    let name = &case.facts.name;
    let said = is_said(case, Meaning::MissingPermission);
    let Some(verb) = case.known.wanted else {
        if said {
            return likely(format!("{name} says that the key lacks a permission."));
        }
        return cannot_tell("Find out which right the refused request takes.");
    };
    let verb_name = verb.name();
    let observed = case.known.observed.map(|set| set.get(verb));
    let declared = case.known.declared.map(|set| set.get(verb));
    match (observed, declared) {
        (Some(Tri::No), _) => likely(format!(
            "{name} itself says that the key has no right: {verb_name}."
        )),
        (Some(Tri::Yes), _) if !said => ruled_out(format!(
            "{name} itself says that the key has the right: {verb_name}."
        )),
        _ if said => likely(format!("{name} says that the key lacks a permission.")),
        (_, Some(Tri::No)) => likely(format!(
            "The key is recorded without the right: {verb_name}."
        )),
        _ => cannot_tell(format!(
            "Look at the exchange's page whether the key has the right: {verb_name}."
        )),
    }
}

fn expiry(case: &Case<'_>) -> Found {
    let (facts, name) = (case.facts, &case.facts.name);
    match (case.known.expires, case.known.now) {
        (Some(end), Some(now)) if end <= now => {
            return likely("By what is recorded of it the key has ended.");
        }
        _ if is_said(case, Meaning::Expired) => {
            return likely(format!("{name} says that the key has expired."));
        }
        (Some(_), Some(_)) => {
            return ruled_out("By what is recorded of it the key has not ended yet.");
        }
        _ => {}
    }
    let ends_by_itself = facts
        .expiry
        .iter()
        .any(|rule| !matches!(rule.kind, RuleKind::Never | RuleKind::NoneKnown));
    if ends_by_itself {
        cannot_tell(format!(
            "Look whether the key still stands on the page of {name}, which ends some keys by itself."
        ))
    } else {
        cannot_tell(format!(
            "Look whether the key still stands on the page of {name}."
        ))
    }
}

fn passphrase(case: &Case<'_>) -> Found {
    match case.known.passphrase {
        PassphraseKnown::Absent => likely("The record has no passphrase."),
        _ if is_said(case, Meaning::WrongPassphrase) => likely(format!(
            "{} says that the passphrase is wrong.",
            case.facts.name
        )),
        PassphraseKnown::Present => {
            cannot_tell("Compare the passphrase with the one chosen when the key was made.")
        }
        PassphraseKnown::NotKnown => cannot_tell("Look whether the record has a passphrase."),
    }
}
