//! Consumers that hold keys of production and of a test environment.

use std::collections::BTreeMap;

use crate::environment::Environment;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "mixed-environments",
    severity: Severity::Medium,
    title: "holds keys of production and of a test environment",
    why: "Where both lie side by side, one day the wrong one is used: a test that trades real \
          money, or a bot that trades none.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    let mut held: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for key in picture.living() {
        for holder in &key.facts.holders {
            let (real, test) = held.entry(holder.consumer).or_default();
            if key.row.environment == Environment::Production {
                *real += 1;
            } else {
                *test += 1;
            }
        }
    }
    for (id, (real, test)) in held {
        let Some(consumer) = picture.consumers.get(&id).filter(|_| real > 0 && test > 0) else {
            continue;
        };
        on.entry(
            id,
            consumer.name.as_str(),
            format!("It holds {real} of production and {test} of a test environment."),
            RemedyAct::EditConsumers,
            "Run tests under a consumer of their own.",
        );
    }
}
