//! How many keys stand behind each way of looking at the list.
//!
//! Deliberately not here: which keys those are; the list says that for the same words.

use std::collections::BTreeMap;

use strongroom_domain::{AllowlistSummary, DAY_MS, Environment, KeyState, UtcMs};

use crate::search::{KeyList, is_due_by};

/// Due within so many days counts as due: the first reminder comes then.
pub const DUE_DAYS: u32 = 30;

/// Counts over the whole list. Archived keys are in `archived` and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub all: usize,
    /// Within [`DUE_DAYS`] or overdue.
    pub due: usize,
    pub over_permissive: usize,
    pub unrestricted: usize,
    pub archived: usize,
    /// Most keys first, as the lists below.
    pub exchanges: Vec<Facet>,
    pub environments: Vec<(Environment, usize)>,
    pub accounts: Vec<Facet>,
    pub consumers: Vec<Facet>,
    pub tags: Vec<Facet>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// What a filter takes.
    pub value: String,
    pub name: String,
    pub keys: usize,
}

impl KeyList {
    pub fn facets(&self, now: UtcMs) -> Facets {
        let horizon = now.plus_ms(i64::from(DUE_DAYS) * DAY_MS);
        let mut facets = Facets::default();
        let mut exchanges = Counts::default();
        let mut accounts = Counts::default();
        let mut consumers = Counts::default();
        let mut tags = Counts::default();
        let mut environments: BTreeMap<Environment, usize> = BTreeMap::new();
        for row in self.rows() {
            if row.state == KeyState::Archived {
                facets.archived += 1;
                continue;
            }
            facets.all += 1;
            facets.due += usize::from(is_due_by(row, horizon));
            facets.over_permissive += usize::from(!row.excess().is_empty());
            facets.unrestricted += usize::from(row.allowlist == AllowlistSummary::Unrestricted);
            exchanges.count(row.exchange.as_str(), row.exchange.display_name());
            *environments.entry(row.environment).or_default() += 1;
            if let Some(label) = &row.account_label {
                accounts.count(label.as_str(), label.as_str());
            }
            for name in &row.consumers {
                consumers.count(name.as_str(), name.as_str());
            }
            for tag in &row.tags {
                tags.count(tag.as_str(), tag.as_str());
            }
        }
        Facets {
            exchanges: exchanges.sorted(),
            environments: environments.into_iter().collect(),
            accounts: accounts.sorted(),
            consumers: consumers.sorted(),
            tags: tags.sorted(),
            ..facets
        }
    }
}

/// By value, the name that is shown and the count.
#[derive(Default)]
struct Counts<'a>(BTreeMap<&'a str, (&'a str, usize)>);

impl<'a> Counts<'a> {
    fn count(&mut self, value: &'a str, name: &'a str) {
        self.0.entry(value).or_insert((name, 0)).1 += 1;
    }

    /// Most keys first, then by name.
    fn sorted(self) -> Vec<Facet> {
        let mut all: Vec<Facet> = self
            .0
            .into_iter()
            .map(|(value, (name, keys))| Facet {
                value: value.to_owned(),
                name: name.to_owned(),
                keys,
            })
            .collect();
        all.sort_by(|a, b| b.keys.cmp(&a.keys).then_with(|| a.name.cmp(&b.name)));
        all
    }
}
