//! Keys whose rotation is late.

use crate::expiry::DueCause;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "rotation-overdue",
    severity: Severity::Medium,
    title: "was to be rotated",
    why: "The older a secret, the more places have seen it. Rotation bounds how long a leak that \
          nobody noticed is worth something.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        // A compromised key is a finding of its own.
        let overdue = key
            .row
            .rotation
            .filter(|due| due.at <= picture.now && matches!(due.cause, DueCause::Rotation(_)));
        if let Some(due) = overdue {
            on.key(
                key.row,
                format!(
                    "It was to be rotated on {}: {}.",
                    super::date(due.at),
                    due.cause.words()
                ),
                RemedyAct::Rotate,
                "Rotate it: `strongroom rotate start` leads through it.",
            );
        }
    }
}
