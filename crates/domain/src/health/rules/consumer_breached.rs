//! Keys that somebody holds who had a breach since they were made.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

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
        for holder in &key.facts.holders {
            let Some(consumer) = picture.consumers.get(&holder.consumer) else {
                continue;
            };
            let vendor = picture.vendor_of(consumer);
            let breach = consumer.breached.max(vendor.and_then(|one| one.breached));
            let Some(breach) = breach.filter(|breach| key.row.last_rotated <= *breach) else {
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
            break;
        }
    }
}
