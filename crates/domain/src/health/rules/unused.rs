//! Keys that nobody seems to use.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};
use crate::state::KeyState;

pub(super) const RULE: Rule = Rule {
    id: "unused",
    severity: Severity::Low,
    title: "seems to be used by nobody",
    why: "A key that nobody needs can only be stolen.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    let days = picture.vault.unused_days;
    for key in picture.living().filter(|key| key.row.state != KeyState::Draft) {
        let reason = match key.row.last_used {
            Some(used) if used.plus_days(days) <= picture.now => {
                format!("It was last used on {}.", super::date(used))
            }
            // A use that nobody could see is no use that did not happen: somebody who holds it is
            // taken to use it.
            None if key.facts.holders.is_empty()
                && key.row.created.plus_days(days) <= picture.now =>
            {
                "No use of it is known, and nobody is recorded who holds it.".to_owned()
            }
            _ => continue,
        };
        on.key(
            key.row,
            reason,
            RemedyAct::Revoke,
            "Revoke it at the exchange if nobody needs it, or record who holds it.",
        );
    }
}
