//! Keys that more than one consumer holds.

use crate::consumer::ConsumerKind;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "several-consumers",
    severity: Severity::Medium,
    title: "is held by more than one consumer",
    why: "If one of them leaks it, nobody can tell which, and the others stop with it.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        // A host is where a bot runs, not another holder.
        let holders: Vec<&str> = key
            .facts
            .holders
            .iter()
            .filter_map(|holder| picture.consumers.get(&holder.consumer))
            .filter(|consumer| consumer.kind != Some(ConsumerKind::Host))
            .map(|consumer| consumer.name.as_str())
            .collect();
        if holders.len() > 1 {
            on.key(
                key.row,
                format!("{} hold it.", holders.join(" and ")),
                RemedyAct::EditConsumers,
                "Make a key for each of them at the exchange.",
            );
        }
    }
}
