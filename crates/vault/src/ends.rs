//! When keys end by what the catalogue knows of their exchange, beside what was recorded.
//!
//! A rule that is sure joins the row, so that lists and reminders know of it; one that is not is
//! told where a person looks, and never alarms. What a person recorded of an end wins over what
//! the catalogue knows of the same kind of end: they have seen the exchange's page.
//!
//! Deliberately not here: what follows from a rule (domain's `expiry`), and the rules.

use strongroom_domain::health::UnsureEnd;
use strongroom_domain::{
    Allowlist, AllowlistSummary, Due, DueCause, ExpiryCause, ExpiryFacts, KeySummary,
    PermissionSet, Tri, UtcMs, Verb, earliest,
};
use strongroom_exchanges::catalogue::{self, Confidence, ExpiryRule, RuleKind};

/// One rule of the catalogue that concerns a key.
#[derive(Debug, Clone, Copy)]
struct RuleEnd {
    due: Due,
    /// What happens, as one clause.
    effect: &'static str,
    /// Why it is not sure, as a clause; `None` if it is.
    doubt: Option<&'static str>,
}

/// A row as the list holds it: its expiry is the earliest of what was recorded and what is sure.
pub(crate) fn with_rules(mut row: KeySummary) -> KeySummary {
    let sure = rule_ends(&row).filter(|end| end.doubt.is_none());
    let sure = sure.map(|end| end.due).min();
    row.expiry = match (row.expiry, sure) {
        (Some(recorded), Some(sure)) => Some(recorded.min(sure)),
        (one, other) => one.or(other),
    };
    row
}

/// The earliest end by a rule that is not sure, unless something sure ends the key before.
pub(crate) fn unsure_end(row: &KeySummary) -> Option<UnsureEnd> {
    let mut unsure: Vec<UnsureEnd> = rule_ends(row)
        .filter_map(|end| {
            Some(UnsureEnd {
                due: end.due,
                trust: end.doubt?,
            })
        })
        .collect();
    unsure.sort_by_key(|end| end.due);
    let first = unsure.into_iter().next()?;
    let sooner = row.expiry.is_none_or(|sure| first.due < sure);
    sooner.then_some(first)
}

/// What happens at this end, if it comes of a rule of the catalogue.
pub(crate) fn effect_of(row: &KeySummary, due: Due) -> Option<&'static str> {
    let bare = KeySummary {
        expiry: None,
        ..row.clone()
    };
    let found = rule_ends(&bare).find(|end| end.due == due);
    found.map(|end| end.effect)
}

/// Every rule with a date for this key.
fn rule_ends(row: &KeySummary) -> impl Iterator<Item = RuleEnd> + '_ {
    let facts = row
        .state
        .has_due_dates()
        .then(|| catalogue::facts(row.exchange.as_str()))
        .flatten()
        .filter(|facts| !facts.expiry.is_empty());
    let rules = match facts {
        Some(facts) => facts.expiry_of(&permissions(row), row.allowlist, row.environment),
        None => Vec::new(),
    };
    rules
        .into_iter()
        .filter(|(cause, _)| !is_recorded(row, *cause))
        .filter_map(|(cause, rule)| {
            Some(RuleEnd {
                due: due(row, cause)?,
                effect: &rule.effect,
                doubt: doubt(row, rule, cause),
            })
        })
}

/// When a key ends because its account's password was changed at this moment; `None` where the
/// exchange has no such rule, or it spares this key.
pub(crate) fn end_by_password_change(row: &KeySummary, at: UtcMs) -> Option<UtcMs> {
    let facts = catalogue::facts(row.exchange.as_str())?;
    let rights = permissions(row);
    let concerned = facts.expiry.iter().filter(|rule| {
        rule.kind == RuleKind::PasswordChange
            && rule.concerns(&rights, row.allowlist, row.environment)
    });
    let days = concerned.filter_map(|rule| rule.days.iter().max());
    days.min().map(|days| at.plus_days(u32::from(*days)))
}

/// Whether an end of the same kind stands in the record: then that is the end.
fn is_recorded(row: &KeySummary, rule: ExpiryCause) -> bool {
    let by_use = |cause: &ExpiryCause| matches!(cause, ExpiryCause::Inactivity { .. });
    match row.expiry.map(|due| due.cause) {
        Some(DueCause::Expiry(recorded)) => by_use(&recorded) == by_use(&rule),
        _ => false,
    }
}

fn due(row: &KeySummary, cause: ExpiryCause) -> Option<Due> {
    let facts = ExpiryFacts {
        created: row.created,
        last_used: row.last_used,
        // A rule that an allowlist spares the key from does not come this far.
        allowlist: &Allowlist::Unknown,
    };
    earliest(&[cause], &facts)
}

/// What was seen settles what nobody recorded; of two answers the more dangerous counts.
fn permissions(row: &KeySummary) -> PermissionSet {
    let mut set = PermissionSet::unknown();
    for verb in Verb::ALL {
        let place = usize::from(verb.code());
        let seen = row.observed.map_or(Tri::Unknown, |seen| seen[place]);
        let answer = match (row.declared[place], seen) {
            (Tri::Unknown, seen) => seen,
            (told, Tri::Unknown) => told,
            (told, seen) => told.or(seen),
        };
        set = set.with(*verb, answer);
    }
    set
}

fn doubt(row: &KeySummary, rule: &ExpiryRule, cause: ExpiryCause) -> Option<&'static str> {
    if matches!(cause, ExpiryCause::Inactivity { .. }) {
        return Some("uses that Strongroom does not see put it off");
    }
    if rule.without_allowlist && row.allowlist == AllowlistSummary::Unknown {
        return Some("only if it has no allowlist, which nobody recorded");
    }
    match rule.confidence {
        Confidence::High => None,
        Confidence::Medium => Some("one source says so, not the exchange's own reference"),
        Confidence::Low => Some("only third parties say so"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strongroom_domain::{Days, EntryId, Environment, ExchangeId, KeyLabel, KeyState};

    fn row(exchange: &str, allowlist: AllowlistSummary) -> KeySummary {
        let created = UtcMs::EPOCH.plus_days(20_000);
        KeySummary {
            id: EntryId::from_bytes([1; 16]),
            label: KeyLabel::parse("a").expect("a label"),
            exchange: ExchangeId::parse(exchange).expect("an exchange"),
            account: None,
            account_label: None,
            environment: Environment::Production,
            state: KeyState::Active,
            declared: [Tri::Yes; 8],
            observed: None,
            allowlist,
            expiry: None,
            rotation: None,
            rotation_days: Days::parse(90).expect("days"),
            created,
            last_rotated: created,
            last_used: None,
            compromised: None,
            purpose: None,
            owner: None,
            tags: Vec::new(),
            consumers: Vec::new(),
            conflict: false,
            has_secret: true,
        }
    }

    /// Days after creation at which a key ends for sure and perhaps.
    fn check(row: KeySummary, sure: Option<i64>, perhaps: Option<i64>) {
        let days = |due: Due| (due.at.ms() - row.created.ms()) / strongroom_domain::DAY_MS;
        let unsure = unsure_end(&with_rules(row.clone()));
        let text = format!("{} {:?}", row.exchange, row.allowlist);
        assert_eq!(with_rules(row.clone()).expiry.map(days), sure, "{text}");
        assert_eq!(unsure.map(|end| days(end.due)), perhaps, "{text}");
    }

    #[test]
    fn sure_rules_join_the_row_and_unsure_ones_only_warn() {
        use AllowlistSummary::{Listed, Unknown, Unrestricted};
        check(row("bybit", Unrestricted), Some(90), None);
        check(row("bybit", Unknown), None, Some(90));
        check(row("bybit", Listed(1)), None, None);
        check(row("hyperliquid", Unrestricted), None, Some(180));
        check(row("okx", Unrestricted), None, Some(14));
        check(row("kraken", Unrestricted), None, None);
        check(row("my-dex", Unrestricted), None, None);
        let archived = KeySummary {
            state: KeyState::Archived,
            ..row("bybit", Unrestricted)
        };
        check(archived, None, None);
    }

    proptest::proptest! {
        /// Whatever the exchange, the rights and what was recorded: an allowlist never brings an
        /// end nearer, neither one that is sure nor one that may be.
        #[test]
        fn adding_an_allowlist_never_shortens_a_life(
            place in 0..strongroom_domain::EXCHANGES.len(),
            rights in proptest::array::uniform8(0_u8..3),
            seen in proptest::option::of(proptest::array::uniform8(0_u8..3)),
            used in proptest::option::of(0_u32..400),
            recorded in proptest::option::of(1_u32..400),
            listed in 1_u32..5,
        ) {
            let tri = |code: u8| Tri::from_code(code).expect("a code");
            let end = |allowlist| {
                let mut row = row(strongroom_domain::EXCHANGES[place].id, allowlist);
                row.declared = rights.map(tri);
                row.observed = seen.map(|seen| seen.map(tri));
                row.last_used = used.map(|days| row.created.plus_days(days));
                row.expiry = recorded.map(|days| {
                    let at = row.created.plus_days(days);
                    let cause = DueCause::Expiry(ExpiryCause::Fixed { at });
                    Due { at, cause }
                });
                let row = with_rules(row);
                (row.expiry.map(|due| due.at), unsure_end(&row).map(|end| end.due.at))
            };
            let far = UtcMs::EPOCH.plus_days(1_000_000);
            let (with, maybe_with) = end(AllowlistSummary::Listed(listed));
            for without in [AllowlistSummary::Unrestricted, AllowlistSummary::Unknown] {
                let (sure, maybe) = end(without);
                proptest::prop_assert!(with.unwrap_or(far) >= sure.unwrap_or(far));
                // What may be is told only where nothing sure comes before it.
                let first = sure.unwrap_or(far).min(maybe.unwrap_or(far));
                let first_with = with.unwrap_or(far).min(maybe_with.unwrap_or(far));
                proptest::prop_assert!(first_with >= first);
            }
        }
    }

    #[test]
    fn what_a_person_recorded_of_an_end_wins_over_a_rule_of_its_kind() {
        let mut row = row("bybit", AllowlistSummary::Unrestricted);
        let at = row.created.plus_days(200);
        row.expiry = Some(Due {
            at,
            cause: DueCause::Expiry(ExpiryCause::Fixed { at }),
        });
        check(row.clone(), Some(200), None);
        let days = Days::parse(300).expect("days");
        row.expiry = Some(Due {
            at: row.created.plus_days(300),
            cause: DueCause::Expiry(ExpiryCause::Inactivity { days }),
        });
        check(row, Some(90), None);
    }
}
