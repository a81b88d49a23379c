//! Keys of an exchange that has closed.

use crate::exchange::ExchangeStatus;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "dead-exchange",
    severity: Severity::Medium,
    title: "belongs to an exchange that has closed",
    why: "Its keys are loose ends: they hide what is in use, and tools that held them may hold \
          others.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if let Some(ExchangeStatus::Closed { on: day }) =
            key.row.exchange.info().map(|info| info.status)
        {
            on.key(
                key.row,
                format!("{} closed on {day}.", key.row.exchange.display_name()),
                RemedyAct::Show,
                "Take it out of whatever holds it, then archive it.",
            );
        }
    }
}
