//! Keys that have ended.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "expired",
    severity: Severity::High,
    title: "has expired",
    why: "A bot whose key has ended cannot close a position or place a stop-loss.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if let Some(due) = key.row.expiry.filter(|due| due.at <= picture.now) {
            on.key(
                key.row,
                format!("It ended on {}: {}.", super::date(due.at), due.cause.words()),
                RemedyAct::Rotate,
                "Make a new key at the exchange and rotate to it, or archive this one.",
            );
        }
    }
}
