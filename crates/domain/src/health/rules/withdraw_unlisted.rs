//! Keys that may withdraw and are held back by no allowlist.

use crate::excess::Excess;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "withdraw-unlisted",
    severity: Severity::Critical,
    title: "may withdraw without an allowlist",
    why: "Whoever gets hold of this key can send the money away from anywhere. An allowlist of \
          addresses makes a leaked key useless elsewhere.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if key.row.exceeds(Excess::WithdrawUnlisted) {
            on.key(
                key.row,
                "It may withdraw, and no allowlist of addresses holds it back.".to_owned(),
                RemedyAct::EditAllowlist,
                "Put the addresses that use it on its list at the exchange, or take the right to \
                 withdraw away, and record that.",
            );
        }
    }
}
