//! The rules, one file each, worst first.

use super::picture::Picture;
use super::{On, Severity};

/// One rule.
pub struct Rule {
    /// Stable: scripts and acceptances name it.
    pub id: &'static str,
    pub severity: Severity,
    /// A few words.
    pub title: &'static str,
    /// Why it matters, in one or two sentences.
    pub why: &'static str,
    pub(super) find: fn(&Picture<'_>, &mut On<'_, '_>),
}

/// Rules are few and named: two are the same if their names are.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The rule of this name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every rule, worst first.
        pub const RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    withdraw_unlisted,
    compromised,
    consumer_breached,
    trade_unrestricted,
    more_than_declared,
    drift,
    event_since,
    expired,
    same_secret,
    backups_stale,
    more_than_purpose,
    rotation_overdue,
    rotation_unfinished,
    several_consumers,
    mixed_environments,
    dead_exchange,
    kit_untested,
    auto_lock_missing,
    unsure_end,
    unused,
    review_overdue,
    facts_old,
}

/// A date as findings tell it.
fn date(at: crate::UtcMs) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_named_once_and_stand_worst_first() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        assert!(RULES.is_sorted_by_key(|rule| rule.severity));
        for rule in RULES {
            assert!(
                rule.why.ends_with('.') && !rule.title.ends_with('.'),
                "{}",
                rule.id
            );
            assert!(rule.id.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'));
        }
    }
}
