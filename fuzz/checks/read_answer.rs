//! What must hold for any bytes an exchange may send: they are read or refused, unknown is not
//! taken for no, and nothing is written down that may be a secret. Shared by the fuzz target and by
//! the test in `crates/exchanges` that replays its corpus.

use strongroom_domain::{Environment, Tri, UtcMs, Verb};
use strongroom_exchanges::catalogue::{Facts, Right, all};
use strongroom_exchanges::doctor::{Case, Known, diagnose};
use strongroom_exchanges::reading::{Asked, ReadError, Reading, read, read_uid, redacted};
use strongroom_exchanges::refusal::guesses;

pub(crate) fn check(bytes: &[u8]) {
    for facts in all() {
        for call in &facts.calls {
            for (key, status) in [(None, None), (Some("LAqUlngMIQkIUjXMUreyu3qn"), Some(403))] {
                let asked = Asked {
                    key,
                    agent: Some("0x00000000000000000000000000000000000000a9"),
                    received: UtcMs::EPOCH.plus_days(20_000),
                    status,
                };
                match read(facts, &call.name, bytes, &asked) {
                    Ok(reading) => check_reading(facts, &reading),
                    Err(refused) => check_refused(&refused),
                }
                if let Err(refused) = read_uid(facts, &call.name, bytes, &asked) {
                    check_refused(&refused);
                }
            }
        }
    }
    check_redacted(bytes);
    // The same bytes as a text a person pasted; more of it says nothing new.
    check_text(&String::from_utf8_lossy(&bytes[..bytes.len().min(512)]));
}

fn check_reading(facts: &Facts, reading: &Reading) {
    let permissions = &reading.permissions;
    for word in &reading.unknown_words {
        assert!(!word.as_str().is_empty());
    }
    if !reading.unknown_words.is_empty() && !facts.rights.never.contains(&Right::Withdraw) {
        assert_ne!(permissions.get(Verb::Withdraw), Tri::No, "{}", facts.id);
    }
    if facts.rights.always.contains(&Right::Read) {
        assert_eq!(permissions.get(Verb::Read), Tri::Yes, "{}", facts.id);
    }
}

fn check_refused(refused: &ReadError) {
    assert!(!refused.to_string().is_empty());
}

fn check_redacted(bytes: &[u8]) {
    if let Ok(once) = redacted(bytes) {
        assert!(!once.contains("-----BEGIN"));
        let twice = redacted(once.as_bytes()).expect("what was written is JSON");
        // The last digit of a fraction may change with every reading.
        let frame = |text: &str| -> String {
            let digit = |c: &char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e');
            text.chars().filter(|c| !digit(c)).collect()
        };
        assert_eq!(frame(&twice), frame(&once), "redacting is done at once");
    }
}

fn check_text(text: &str) {
    let mut of = guesses(text);
    of.truncate(2);
    let ids = of
        .iter()
        .map(|guess| guess.exchange)
        .chain(["binance", "okx"]);
    for facts in ids.filter_map(strongroom_exchanges::catalogue::facts) {
        let case = Case::of_text(facts, Environment::Production, text, Known::NOTHING);
        let diagnosis = diagnose(&case);
        assert!(diagnosis.sentence.ends_with('.') && diagnosis.remedy_words.ends_with('.'));
    }
}
