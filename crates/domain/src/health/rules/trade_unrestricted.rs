//! Keys that may trade from any address.

use crate::excess::Excess;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "trade-unrestricted",
    severity: Severity::High,
    title: "may trade from any address",
    why: "A key that cannot withdraw can still empty an account, by trading an illiquid coin \
          against the thief. Accounts were drained that way.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    for key in picture.living() {
        if key.row.exceeds(Excess::TradeUnrestricted) {
            on.key(
                key.row,
                "It may trade, and any address in the world may use it.".to_owned(),
                RemedyAct::EditAllowlist,
                "Put the addresses that use it on its list at the exchange, and record them.",
            );
        }
    }
}
