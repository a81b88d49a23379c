//! Vendors that were to be looked at again.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "review-overdue",
    severity: Severity::Low,
    title: "is a vendor that was to be looked at again",
    why: "Vendors change hands, hosts and habits. What was true of one a year ago is no evidence \
          today.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for vendor in picture.vendors.values() {
        if let Some(review) = vendor.review.filter(|review| *review <= picture.now) {
            on.entry(
                vendor.id,
                vendor.name.as_str(),
                format!("It was to be looked at again on {}.", super::date(review)),
                RemedyAct::ReviewVendor,
                "Go through the checklist again and set the next date.",
            );
        }
    }
}
