//! Keys that are marked as compromised and still alive.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "compromised",
    severity: Severity::Critical,
    title: "is marked as compromised and still alive",
    why: "Somebody else may hold this secret. Until the exchange has ended it, the mark changes \
          nothing there.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if let Some(since) = key.row.compromised {
            on.key(
                key.row,
                format!(
                    "It is marked as compromised since {} and was not revoked.",
                    super::date(since)
                ),
                RemedyAct::Revoke,
                "Revoke it at the exchange now, then record a new one.",
            );
        }
    }
}
