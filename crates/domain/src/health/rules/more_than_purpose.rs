//! Keys that may act and are only meant to look.

use crate::excess::Excess;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "more-than-purpose",
    severity: Severity::Medium,
    title: "may do more than its purpose needs",
    why: "A tax report or a portfolio page needs to read. Every right beyond that is a gift to \
          whoever breaks into it.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if key.row.exceeds(Excess::MoreThanPurpose) {
            on.key(
                key.row,
                "Its purpose is to look, and it may act.".to_owned(),
                RemedyAct::EditPermissions,
                "Make it read-only at the exchange, and record that.",
            );
        }
    }
}
