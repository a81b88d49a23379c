//! Secrets that stand in two records.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "same-secret",
    severity: Severity::High,
    title: "has the same secret as another record",
    why: "One secret under two names is rotated or revoked under one of them and lives on under \
          the other.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        let twins: Vec<String> = key
            .facts
            .twins
            .iter()
            .filter_map(|id| picture.label(*id))
            .map(|label| format!("\"{label}\""))
            .collect();
        if !twins.is_empty() {
            on.key(
                key.row,
                format!("The same secret is recorded as {}.", twins.join(" and ")),
                RemedyAct::Show,
                "Keep one of the records and purge the other, or rotate one of them.",
            );
        }
    }
}
