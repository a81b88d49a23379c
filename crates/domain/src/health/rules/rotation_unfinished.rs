//! Keys of which an old secret still works.

use crate::expiry::DueCause;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};
use crate::state::KeyState;

pub(super) const RULE: Rule = Rule {
    id: "rotation-unfinished",
    severity: Severity::Medium,
    title: "has an old secret that still works",
    why: "A rotation that stops half-way leaves two secrets alive: the old one can still be used \
          by whoever has it.",
    find,
};

/// So long an old secret may be watched until it falls silent.
const DAYS: u32 = 7;

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        let due = key.row.rotation;
        let reason = match due.map(|due| due.cause) {
            Some(DueCause::Revocation) => "Its end at the exchange was begun and not confirmed.",
            _ if key.row.state == KeyState::Draining
                && key.row.last_rotated.plus_days(DAYS) <= picture.now =>
            {
                "The new secret is in use for more than a week and the old one was not ended."
            }
            _ => continue,
        };
        on.key(
            key.row,
            reason.to_owned(),
            RemedyAct::Revoke,
            "End it at the exchange, look that it is dead, and confirm it.",
        );
    }
}
