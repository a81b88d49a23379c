//! Keys that may do more at the exchange than was recorded.

use crate::excess::Excess;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};
use crate::permission::{Tri, Verb};

pub(super) const RULE: Rule = Rule {
    id: "more-than-declared",
    severity: Severity::High,
    title: "may do more than was recorded",
    why: "The exchange says that the key has rights which nobody meant to give it.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if !key.row.exceeds(Excess::MoreThanDeclared) {
            continue;
        }
        let seen = key.row.observed.unwrap_or([Tri::Unknown; 8]);
        let more: Vec<&str> = Verb::ALL
            .iter()
            .filter(|verb| {
                let place = usize::from(verb.code());
                key.row.declared[place] == Tri::No && seen[place] == Tri::Yes
            })
            .map(|verb| verb.name())
            .collect();
        on.key(
            key.row,
            format!("The exchange grants it more than was recorded: {}.", more.join(", ")),
            RemedyAct::EditPermissions,
            "Take these rights away at the exchange, or record that they are meant.",
        );
    }
}
