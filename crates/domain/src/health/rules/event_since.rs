//! Keys to which something happened since their secret was made.

use super::consumer_breached::breach_of;
use crate::event::RotationEvent;
use crate::expiry::DueCause;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "event-since",
    severity: Severity::High,
    title: "was to be rotated when something happened",
    why: "Somebody who should not have this secret may have it. What happened does not pass by \
          itself: only a secret made since then is safe again.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        let Some(due) = key.row.rotation.filter(|due| due.at <= picture.now) else {
            continue;
        };
        let DueCause::Event(event) = due.cause else {
            continue;
        };
        // That a holder had a breach is a finding of its own, and says who.
        if event == RotationEvent::VendorBreached && breach_of(picture, key).is_some() {
            continue;
        }
        on.key(
            key.row,
            due.cause.sentence(),
            RemedyAct::Rotate,
            "Rotate it: `strongroom rotate start` leads through it.",
        );
    }
}
