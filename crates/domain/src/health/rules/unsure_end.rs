//! Keys that may end soon by a rule that is not sure.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};
use crate::moment::DAY_MS;

pub(super) const RULE: Rule = Rule {
    id: "unsure-end",
    severity: Severity::Low,
    title: "may end soon, by a rule that is not sure",
    why: "Not every exchange says plainly when keys end. Such a rule reminds of nothing by itself; \
          looking at the exchange's page settles it.",
    find,
};

/// So many days ahead it is told.
const AHEAD_DAYS: i64 = 14;

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    let horizon = picture.now.plus_ms(AHEAD_DAYS * DAY_MS);
    for key in picture.living() {
        if let Some(end) = key.facts.unsure_end.filter(|end| end.due.at <= horizon) {
            on.key(
                key.row,
                format!(
                    "It may end on {}: {}; {}.",
                    super::date(end.due.at),
                    end.due.cause.words(),
                    end.trust
                ),
                RemedyAct::Show,
                "Look at the exchange's page and record the date it shows.",
            );
        }
    }
}
