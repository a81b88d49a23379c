//! A recovery kit that was never tried.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "kit-untested",
    severity: Severity::Medium,
    title: "has a recovery kit that was never tried",
    why: "A kit that was printed wrong or lost is found out on the day it is needed.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    if picture.vault.kit_tested.is_none() {
        on.vault(
            "The recovery kit was never tried.",
            RemedyAct::TestKit,
            "Try it: `strongroom recovery test`.",
        );
    }
}
