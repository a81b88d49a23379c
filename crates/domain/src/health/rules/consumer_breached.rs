//! Keys that somebody holds who had a breach since they were made.

use crate::consumer::ConsumerRecord;
use crate::health::{KeyFacts, On, Picture, RemedyAct, Rule, Severity};
use crate::moment::UtcMs;
use crate::vendor::VendorRecord;

pub(super) const RULE: Rule = Rule {
    id: "consumer-breached",
    severity: Severity::Critical,
    title: "is held by somebody with a known breach",
    why: "What a breached vendor or tool held is to be taken for stolen. Only a secret made after \
          the breach is safe again.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        let Some((consumer, vendor, breach)) = breach_of(picture, key) else {
            continue;
        };
        let of = vendor.map_or_else(String::new, |one| format!(" ({})", one.name));
        on.key(
            key.row,
            format!(
                "{}{of} holds it and had a breach on {}; this secret is older.",
                consumer.name,
                super::date(breach)
            ),
            RemedyAct::Rotate,
            "Rotate it now and revoke the old one at the exchange.",
        );
    }
}

/// The first of its holders with a breach that its secret does not postdate.
pub(super) fn breach_of<'p>(
    picture: &Picture<'p>,
    key: &KeyFacts<'_>,
) -> Option<(&'p ConsumerRecord, Option<&'p VendorRecord>, UtcMs)> {
    key.facts.holders.iter().find_map(|holder| {
        let consumer = picture.consumers.get(&holder.consumer)?;
        let vendor = picture.vendor_of(consumer);
        let breach = consumer.breached.max(vendor.and_then(|one| one.breached))?;
        (key.row.last_rotated <= breach).then_some((consumer, vendor, breach))
    })
}
