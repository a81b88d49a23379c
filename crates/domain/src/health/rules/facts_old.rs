//! Exchanges of which what is known is over a year old.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "facts-old",
    severity: Severity::Low,
    title: "is known here by facts over a year old",
    why: "An exchange changes when keys end and what they may do; what was true a year ago may \
          not be.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for exchange in &picture.vault.old_facts {
        let keys = picture
            .living()
            .filter(|key| key.row.exchange == *exchange)
            .count();
        if keys > 0 {
            let plural = if keys == 1 { "key" } else { "keys" };
            on.exchange(
                exchange,
                format!("What is known of it is over a year old, and {keys} {plural} rely on it."),
                RemedyAct::Update,
                "Install a newer version of Strongroom; until then trust the exchange's own page.",
            );
        }
    }
}
