//! The one sentence and the one remedy.
//!
//! Deliberately not here: how the cause was found.

use super::{Case, Cause, Diagnosis, FormKnown, Outcome, PassphraseKnown, Step, steps};
use crate::catalogue::Status;
use crate::refusal::{Meaning, Remedy};

pub(super) struct Told {
    pub(super) sentence: String,
    pub(super) remedy: Remedy,
    pub(super) remedy_words: String,
}

fn told(sentence: String, remedy: Remedy, remedy_words: impl Into<String>) -> Told {
    Told {
        sentence,
        remedy,
        remedy_words: remedy_words.into(),
    }
}

/// Refusals that have nothing to do with any of the seven causes, and exchanges that are gone.
pub(super) fn without_causes(case: &Case<'_>) -> Option<Diagnosis> {
    let name = &case.facts.name;
    let told = if let Status::Closed { on } = &case.facts.status {
        told(
            format!("{name} closed on {on}, so nothing answers this key any more."),
            Remedy::PutAway,
            "Mark the key as revoked and archive it.",
        )
    } else {
        match case.refusal.meaning {
            Meaning::NonceUsed => told(
                format!(
                    "{name} wants every request of a key to carry a higher number than the last, and another program uses this key too or its clock went back."
                ),
                Remedy::SeparatePrograms,
                "Give each program a key of its own.",
            ),
            Meaning::KeysLocked => told(
                format!("{name} has switched off the keys of this account."),
                Remedy::AskTheExchange,
                "Sign in on the exchange's page and read why.",
            ),
            Meaning::SecondFactor => told(
                format!("{name} knows the key and wants a second factor for this request."),
                Remedy::AskTheExchange,
                "Do this on the exchange's page, or use a request that needs no second factor.",
            ),
            Meaning::AccountTier => told(
                format!(
                    "{name} knows the key, and the account is not of the kind that may do this."
                ),
                Remedy::AskTheExchange,
                "Look on the exchange's page which kind of account it takes.",
            ),
            Meaning::RateLimited => told(
                format!("{name} was asked too much in too short a time; the key is not the cause."),
                Remedy::Wait,
                "Wait some minutes, then ask less often.",
            ),
            Meaning::Region => told(
                format!(
                    "{name} does not serve the place it was asked from; that says nothing of the key."
                ),
                Remedy::AskTheExchange,
                "Read in the exchange's terms which places it serves.",
            ),
            Meaning::Maintenance => told(
                format!("{name} was not available; the key is not the cause."),
                Remedy::Wait,
                "Ask again later.",
            ),
            _ => return None,
        }
    };
    let words = if case.facts.is_closed() {
        format!("{name} has closed.")
    } else {
        format!("{name} would refuse this in other words.")
    };
    let mut steps = Cause::ALL.map(|cause| Step {
        cause,
        outcome: Outcome::RuledOut,
        words: words.clone(),
    });
    // The numbers of requests are mostly made from a clock.
    if case.refusal.meaning == Meaning::NonceUsed && !case.facts.is_closed() {
        for step in steps.iter_mut().filter(|step| step.cause == Cause::Clock) {
            step.outcome = Outcome::CannotTell;
            step.words =
                "Find out whether the clock of the machine that asked went back.".to_owned();
        }
    }
    Some(Diagnosis {
        steps: steps.to_vec(),
        cause: None,
        sentence: told.sentence,
        remedy: told.remedy,
        remedy_words: told.remedy_words,
    })
}

/// How a cause was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A fact or the exchange's own words speak for it.
    Shown,
    /// Everything else is ruled out.
    LeftOver,
}

/// One cause is left.
pub(super) fn conclusion(case: &Case<'_>, cause: Cause, found: Found) -> Told {
    let mut told = of_cause(case, cause);
    if found == Found::LeftOver {
        let rest = match told.sentence.strip_prefix("The ") {
            Some(rest) => format!("the {rest}"),
            None => told.sentence,
        };
        told.sentence = format!("By what is recorded nothing else is left: {rest}");
    }
    told
}

fn of_cause(case: &Case<'_>, cause: Cause) -> Told {
    let name = &case.facts.name;
    match cause {
        Cause::Shape if case.known.form == FormKnown::Odd => told(
            format!("A field of the key has not the form {name} gives it."),
            Remedy::CompareFields,
            "Paste key and secret again, each into its own field.",
        ),
        Cause::Shape if case.refusal.meaning == Meaning::BadSignature => told(
            format!("The secret that was used does not belong to the key, by what {name} answers."),
            Remedy::CompareFields,
            "Paste the secret again; if it was not kept, make a new key.",
        ),
        Cause::Shape => told(
            format!("The key is not one that {name} knows: a character may be wrong or missing."),
            Remedy::CompareFields,
            "Compare the beginning and the end of the key with the exchange's page.",
        ),
        Cause::Clock => told(
            format!("The clock of the machine that asked is too far from the one of {name}."),
            Remedy::SetClock,
            "Let that machine set its clock by the network, then ask again.",
        ),
        Cause::Environment if steps::is_stranger(case) => told(
            format!("The address that was asked is none of {name}'s."),
            Remedy::ChangeEnvironment,
            "Set the bot to an address of the exchange, and find out who answered in its place.",
        ),
        Cause::Environment => told(
            format!(
                "The key and the address that was asked belong to different environments of {name}."
            ),
            Remedy::ChangeEnvironment,
            "Set the bot, or the record, to the environment the key was made in.",
        ),
        Cause::Allowlist => told(
            format!(
                "The address that asked is not on the allowlist the key has at {name}; the key itself may be perfectly good."
            ),
            Remedy::ChangeAllowlist,
            "Ask from an address on the list, or add this one on the exchange's page.",
        ),
        Cause::Permission => told(
            format!("The key works at {name} and lacks the right that this request takes."),
            Remedy::GrantPermission,
            "Give the key that right on the exchange's page if it is meant to have it.",
        ),
        Cause::Expiry => told(
            format!("The key has ended or was deleted at {name}."),
            Remedy::MakeNewKey,
            "Make a new key and rotate to it.",
        ),
        Cause::Passphrase if case.known.passphrase == PassphraseKnown::Absent => told(
            format!("{name} wants the passphrase of the key, and the record has none."),
            Remedy::EnterPassphrase,
            "Enter the passphrase that was chosen when the key was made.",
        ),
        Cause::Passphrase => told(
            format!(
                "The passphrase is not the one that was chosen when the key was made at {name}."
            ),
            Remedy::EnterPassphrase,
            "Enter the passphrase again; if it was not kept, make a new key.",
        ),
    }
}

/// Several are left, or none: the remedy is to find out what decides first.
pub(super) fn undecided(case: &Case<'_>, looked: &[steps::Look], left: &[Cause]) -> Told {
    let name = &case.facts.name;
    let first = looked
        .iter()
        .find(|look| look.outcome == Outcome::CannotTell);
    let Some(first) = first else {
        return told(
            format!("Nothing that is recorded explains why {name} refuses the key."),
            Remedy::FindOut,
            "Compare the record with the exchange's page, beginning with the allowlist.",
        );
    };
    let sentence = if case.refusal.meaning == Meaning::Unknown {
        format!("{name} refused in words that are not known here, so only looking helps.")
    } else {
        let names: Vec<&str> = left.iter().map(|cause| cause.name()).collect();
        let (last, others) = names.split_last().expect("at least one cause is left");
        format!(
            "{name} does not say which it is: {} or {last}.",
            others.join(", ")
        )
    };
    told(sentence, Remedy::FindOut, first.words.clone())
}
