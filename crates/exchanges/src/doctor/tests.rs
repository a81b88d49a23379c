//! Refusals of every exchange, diagnosed. The words are snapshots.

use std::fmt::Write as _;

use strongroom_domain::{IpRule, Tri};

use super::*;
use crate::catalogue::{Detail, all, facts};

mod texts;

use texts::TEXTS;

fn exchange(id: &str) -> &'static Facts {
    facts(id).expect("in the catalogue")
}

fn listed() -> Allowlist {
    Allowlist::listed([IpRule::parse("203.0.113.7").expect("an address")]).expect("one rule")
}

fn shown(diagnosis: &Diagnosis) -> String {
    let mut out = String::new();
    for step in &diagnosis.steps {
        let mark = match step.outcome {
            Outcome::RuledOut => "-",
            Outcome::Likely => "!",
            Outcome::CannotTell => "?",
        };
        writeln!(out, "  {mark} {}: {}", step.cause.name(), step.words).expect("memory");
    }
    writeln!(out, "  = {}", diagnosis.sentence).expect("memory");
    writeln!(
        out,
        "  > {:?}: {}",
        diagnosis.remedy, diagnosis.remedy_words
    )
    .expect("memory");
    out
}

fn diagnosed(id: &str, text: &str, known: Known<'_>) -> Diagnosis {
    diagnose(&Case::of_text(
        exchange(id),
        Environment::Production,
        text,
        known,
    ))
}

#[test]
fn refusals_of_all_exchanges_come_to_one_sentence_and_one_remedy() {
    let mut out = String::new();
    for (id, text, cause) in TEXTS {
        let diagnosis = diagnosed(id, text, Known::NOTHING);
        assert_eq!(
            diagnosis.cause,
            *cause,
            "{id} {text}\n{}",
            shown(&diagnosis)
        );
        writeln!(out, "{id} · {text}\n{}", shown(&diagnosis)).expect("memory");
    }
    let full = all().iter().filter(|facts| facts.detail == Detail::Full);
    for facts in full {
        assert!(
            TEXTS.iter().any(|(id, ..)| *id == facts.id),
            "no text of {}",
            facts.id
        );
    }
    insta::assert_snapshot!("refusals", out);
}

#[test]
fn what_is_known_decides_between_the_causes_of_2015() {
    const TEXT: &str = "APIError(code=-2015): Invalid API-key, IP, or permissions for action, request ip: 203.0.113.9";
    let trading = PermissionSet::new([Tri::No; 8]).with(Verb::Spot, Tri::Yes);
    let reading = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
    let (list, ours) = (listed(), "203.0.113.7".parse().ok());
    let now = UtcMs::parse(1_800_000_000_000).ok();
    let fine = Known {
        form: FormKnown::Fits,
        host: Some("api.binance.com"),
        allowlist: &Allowlist::Unrestricted,
        wanted: Some(Verb::Spot),
        observed: Some(&trading),
        expires: now.map(|now| now.plus_days(9)),
        now,
        ..Known::NOTHING
    };
    let mut out = String::new();
    for (name, known, cause) in [
        ("nothing is known", Known::NOTHING, None),
        (
            "a field has an odd form",
            Known {
                form: FormKnown::Odd,
                ..fine
            },
            Some(Cause::Shape),
        ),
        (
            "the test network was asked",
            Known {
                host: Some("testnet.binance.vision"),
                ..fine
            },
            Some(Cause::Environment),
        ),
        (
            "a stranger was asked",
            Known {
                host: Some("api.example.org"),
                ..fine
            },
            Some(Cause::Environment),
        ),
        (
            "the address in the text is not listed",
            Known {
                allowlist: &list,
                ..fine
            },
            Some(Cause::Allowlist),
        ),
        (
            "the address is listed, the right is missing",
            Known {
                allowlist: &list,
                address: ours,
                observed: Some(&reading),
                ..fine
            },
            Some(Cause::Permission),
        ),
        (
            "the key has ended",
            Known {
                expires: now,
                ..fine
            },
            Some(Cause::Expiry),
        ),
        (
            "only the permission is left",
            Known {
                observed: None,
                ..fine
            },
            Some(Cause::Permission),
        ),
        ("everything is fine", fine, None),
        (
            "the allowlist is not recorded",
            Known {
                allowlist: &Allowlist::Unknown,
                ..fine
            },
            Some(Cause::Allowlist),
        ),
    ] {
        let diagnosis = diagnosed("binance", TEXT, known);
        assert_eq!(diagnosis.cause, cause, "{name}\n{}", shown(&diagnosis));
        writeln!(out, "{name}\n{}", shown(&diagnosis)).expect("memory");
    }
    insta::assert_snapshot!("minus-2015", out);
}

#[test]
fn a_clock_is_judged_by_the_window_of_its_exchange() {
    for (id, offset, likely) in [
        ("krakenfutures", 4_000, false),
        ("krakenfutures", 6_000, true),
        ("krakenfutures", -6_000, true),
        ("deribit", 60_000, true),
        ("coinbase", 60_000, false),
        ("coinbase", 130_000, true),
        ("coinbase", -130_000, true),
    ] {
        let text = match id {
            "coinbase" => "401 Unauthorized",
            "deribit" => "13004 invalid_credentials",
            _ => "authenticationError",
        };
        let known = Known {
            clock_offset_ms: Some(offset),
            ..Known::NOTHING
        };
        let diagnosis = diagnosed(id, text, known);
        assert_eq!(
            diagnosis.cause == Some(Cause::Clock),
            likely,
            "{id} {offset}"
        );
    }
}

#[test]
fn every_diagnosis_has_seven_steps_one_sentence_and_one_remedy() {
    let list = listed();
    for facts in all() {
        for meaning in Meaning::ALL {
            for environment in Environment::ALL {
                for (form, allowlist, offset, passphrase) in [
                    (
                        FormKnown::NotLookedAt,
                        &Allowlist::Unknown,
                        None,
                        PassphraseKnown::NotKnown,
                    ),
                    (FormKnown::Fits, &list, Some(0), PassphraseKnown::Present),
                    (
                        FormKnown::Odd,
                        &Allowlist::Unrestricted,
                        Some(1 << 40),
                        PassphraseKnown::Absent,
                    ),
                ] {
                    let diagnosis = diagnose(&Case {
                        facts,
                        environment: *environment,
                        refusal: Refusal::meaning(meaning),
                        known: Known {
                            form,
                            clock_offset_ms: offset,
                            allowlist,
                            passphrase,
                            ..Known::NOTHING
                        },
                    });
                    let causes: Vec<Cause> =
                        diagnosis.steps.iter().map(|step| step.cause).collect();
                    assert_eq!(causes, Cause::ALL);
                    for sentence in [&diagnosis.sentence, &diagnosis.remedy_words] {
                        assert!(
                            sentence.ends_with('.') && !sentence.contains(". "),
                            "{sentence}"
                        );
                    }
                    let likely = diagnosis
                        .steps
                        .iter()
                        .filter(|step| step.outcome == Outcome::Likely);
                    assert_eq!(likely.count() > 0, diagnosis.cause.is_some());
                }
            }
        }
    }
}

#[test]
fn an_address_block_is_not_called_a_bad_key() {
    for facts in all().iter().filter(|facts| !facts.is_closed()) {
        let diagnosis = diagnose(&Case {
            facts,
            environment: Environment::Production,
            refusal: Refusal::meaning(Meaning::AddressNotAllowed),
            known: Known::NOTHING,
        });
        assert_eq!(diagnosis.cause, Some(Cause::Allowlist), "{}", facts.id);
        assert_eq!(diagnosis.remedy, Remedy::ChangeAllowlist);
        assert!(diagnosis.sentence.contains("may be perfectly good"));
    }
}

#[test]
fn no_address_is_quoted_or_printed() {
    let list = listed();
    let known = Known {
        allowlist: &list,
        ..Known::NOTHING
    };
    let case = Case::of_text(
        exchange("okx"),
        Environment::Production,
        "50110 Your IP 203.0.113.9 is not listed",
        known,
    );
    let diagnosis = diagnose(&case);
    assert!(!format!("{diagnosis:?} {case:?}").contains("203.0"));
}
