//! In which ways a key may do more than it should: what can be said of one row of the list, without
//! looking at another key.
//!
//! Deliberately not here: findings that need more than the row (reuse, consumers, backups), and a
//! score.

use crate::allowlist::AllowlistSummary;
use crate::codec::coded_enum;
use crate::environment::Environment;
use crate::permission::{Tri, Verb};
use crate::summary::KeySummary;

coded_enum! {
    /// Worst first.
    pub enum Excess: u8 {
        /// It may withdraw, and no allowlist holds it back.
        WithdrawUnlisted = 0 => "withdraw-unlisted",
        /// It may trade from any address. Accounts were emptied by trades in illiquid coins.
        TradeUnrestricted = 1 => "trade-unrestricted",
        /// The exchange says that it may do more than was recorded.
        MoreThanDeclared = 2 => "more-than-declared",
        /// Its purpose is to look, and it may act.
        MoreThanPurpose = 3 => "more-than-purpose",
    }
}

/// Purposes for which reading is enough, as people word them.
const READING: &[&str] = &[
    "accounting",
    "audit",
    "monitor",
    "portfolio",
    "read only",
    "read-only",
    "report",
    "tax",
    "tracker",
];

const TRADING: [Verb; 3] = [Verb::Spot, Verb::Margin, Verb::Derivatives];

impl KeySummary {
    /// Whether it was granted, by what was declared or observed. Unknown is not said to be granted:
    /// that is a question, not a finding.
    fn is_granted(&self, verb: Verb) -> bool {
        let place = usize::from(verb.code());
        self.declared[place] == Tri::Yes
            || self
                .observed
                .is_some_and(|observed| observed[place] == Tri::Yes)
    }

    /// Worst first; nothing for a key that the exchange no longer takes.
    pub fn excess(&self) -> Vec<Excess> {
        Excess::ALL
            .iter()
            .copied()
            .filter(|excess| self.exceeds(*excess))
            .collect()
    }

    /// The one answer for the list, its filters and the health: what a finding says of a key must
    /// not differ from what its row says.
    pub(crate) fn exceeds(&self, excess: Excess) -> bool {
        if !self.state.may_be_used() {
            return false;
        }
        // Where there is no money to lose, an open door is no alarm. What a key may do beyond its
        // record or its purpose is a mistake anywhere.
        let real = self.environment == Environment::Production;
        match excess {
            Excess::WithdrawUnlisted => {
                real && self.is_granted(Verb::Withdraw)
                    && !matches!(self.allowlist, AllowlistSummary::Listed(_))
            }
            Excess::TradeUnrestricted => {
                real && TRADING.into_iter().any(|verb| self.is_granted(verb))
                    && self.allowlist == AllowlistSummary::Unrestricted
            }
            Excess::MoreThanDeclared => self.observed.is_some_and(|observed| {
                self.declared
                    .iter()
                    .zip(observed)
                    .any(|(told, seen)| *told == Tri::No && seen == Tri::Yes)
            }),
            Excess::MoreThanPurpose => {
                let purpose = self
                    .purpose
                    .as_ref()
                    .map(|line| line.as_str().to_lowercase());
                purpose.is_some_and(|purpose| READING.iter().any(|word| purpose.contains(word)))
                    && Verb::ALL
                        .iter()
                        .any(|verb| *verb != Verb::Read && self.is_granted(*verb))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExchangeId;
    use crate::ids::EntryId;
    use crate::moment::UtcMs;
    use crate::permission::PermissionSet;
    use crate::rotation::Days;
    use crate::state::KeyState;
    use crate::text::{KeyLabel, Line};

    /// Granted verbs, what was observed granted, the allowlist and the purpose of one key.
    fn check(
        granted: &[Verb],
        observed: Option<&[Verb]>,
        allowlist: AllowlistSummary,
        purpose: Option<&str>,
        expected: &[Excess],
    ) {
        let set = |verbs: &[Verb]| {
            let none = PermissionSet::new([Tri::No; 8]);
            let all = verbs
                .iter()
                .fold(none, |set, verb| set.with(*verb, Tri::Yes));
            all.verbs()
        };
        let row = KeySummary {
            id: EntryId::from_bytes([7; 16]),
            label: KeyLabel::parse("a").expect("a label"),
            exchange: ExchangeId::parse("kraken").expect("an exchange"),
            account: None,
            account_label: None,
            environment: Environment::Production,
            state: KeyState::Active,
            declared: set(granted),
            observed: observed.map(set),
            allowlist,
            expiry: None,
            rotation: None,
            rotation_days: Days::parse(90).expect("days"),
            created: UtcMs::EPOCH,
            last_rotated: UtcMs::EPOCH,
            last_used: None,
            compromised: None,
            purpose: purpose.map(|text| Line::parse(text).expect("a line")),
            owner: None,
            tags: Vec::new(),
            consumers: Vec::new(),
            conflict: false,
            has_secret: true,
        };
        assert_eq!(
            row.excess(),
            expected,
            "{granted:?} {observed:?} {allowlist:?}"
        );
        for environment in Environment::ALL {
            let elsewhere = KeySummary {
                environment: *environment,
                ..row.clone()
            };
            let open_door = [Excess::WithdrawUnlisted, Excess::TradeUnrestricted];
            let mut told = expected.to_vec();
            told.retain(|one| *environment == Environment::Production || !open_door.contains(one));
            assert_eq!(elsewhere.excess(), told, "{environment:?} {granted:?}");
        }
        for state in [KeyState::Revoked, KeyState::Archived] {
            let dead = KeySummary {
                state,
                ..row.clone()
            };
            assert_eq!(dead.excess(), [], "a key that is {state:?} exceeds nothing");
        }
    }

    #[test]
    fn a_key_that_may_do_more_than_it_should_says_in_which_way() {
        use AllowlistSummary::{Listed, Unknown, Unrestricted};
        use Excess as E;
        let reads = [Verb::Read];
        let trades = [Verb::Read, Verb::Spot];
        let withdraws = [Verb::Read, Verb::Withdraw];
        check(&reads, None, Unrestricted, None, &[]);
        check(&trades, None, Listed(1), None, &[]);
        check(&trades, None, Unknown, None, &[]);
        check(&trades, None, Unrestricted, None, &[E::TradeUnrestricted]);
        check(&withdraws, None, Listed(1), None, &[]);
        check(&withdraws, None, Unknown, None, &[E::WithdrawUnlisted]);
        check(&withdraws, None, Unrestricted, None, &[E::WithdrawUnlisted]);
        let seen = Some(&trades[..]);
        check(&reads, seen, Listed(2), None, &[E::MoreThanDeclared]);
        check(&trades, seen, Listed(2), None, &[]);
        let tax = Some("Tax report 2026");
        check(&trades, None, Listed(1), tax, &[E::MoreThanPurpose]);
        check(&reads, None, Unrestricted, tax, &[]);
        check(
            &reads,
            Some(&[Verb::Read, Verb::Withdraw, Verb::Spot]),
            Unrestricted,
            tax,
            Excess::ALL,
        );
    }
}
