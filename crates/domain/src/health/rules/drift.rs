//! Keys that were changed at the exchange between the last two checks.

use crate::drift::Drift;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "drift",
    severity: Severity::High,
    title: "has changed at the exchange since the check before",
    why: "Between two checks somebody changed the key at the exchange. If that was nobody of \
          yours, somebody else is in the account.",
    find,
};

fn words(drift: &[Drift]) -> String {
    let sentences: Vec<String> = drift.iter().map(Drift::words).collect();
    sentences.join(" ")
}

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if !key.facts.drift.is_empty() {
            on.key(
                key.row,
                words(&key.facts.drift),
                RemedyAct::Check,
                "If you changed it, check it once more and this is gone. If not, revoke the key \
                 and secure the account.",
            );
        }
    }
}
