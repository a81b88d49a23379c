//! The list of keys in memory: text search, filters, order, pages.
//!
//! Everything a search looks in stands lower case in blocks of text; a change rewrites one block.
//! Ten thousand keys are searched in well under two milliseconds.
//!
//! Deliberately not here: reading the list from the store, and secrets, of which the list has none.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use memchr::memmem;
use strongroom_domain::{
    AccountLabel, AllowlistSummary, ConsumerName, DAY_MS, EntryId, Environment, ExchangeId,
    KeyState, KeySummary, Tag, UtcMs, Verb,
};

/// Rows whose texts stand together; a change rewrites as many.
const BLOCK: usize = 64;

/// Which keys to list. Everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFilter {
    /// Words, each of which must appear somewhere in the key's texts, in any case.
    pub text: Option<String>,
    pub exchange: Option<ExchangeId>,
    pub account: Option<AccountLabel>,
    pub environment: Option<Environment>,
    pub state: Option<KeyState>,
    /// Keys that may do this: granted or unknown.
    pub permission: Option<Verb>,
    pub tag: Option<Tag>,
    pub consumer: Option<ConsumerName>,
    /// Expiry or rotation due within so many days, or overdue.
    pub due_within_days: Option<u32>,
    /// Archived keys are left out unless this or their state is asked for.
    pub archived: bool,
    /// Keys that may do more than they should.
    pub over_permissive: bool,
    /// Keys that were recorded as open to any address.
    pub unrestricted: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeySort {
    /// What is due first; keys without a due date last.
    #[default]
    Due,
    Label,
    Exchange,
    /// Newest first.
    Created,
}

impl KeySort {
    /// The beginning of what rows are ordered by, as a number: comparing numbers that stand
    /// together is many times faster than comparing texts all over the memory.
    fn leading(self, row: &KeySummary) -> u128 {
        let moment = |ms: i64| u128::from(ms.cast_unsigned());
        match self {
            Self::Due => row.due().map_or(u128::MAX, |due| moment(due.at.ms())),
            Self::Label => leading_bytes(row.label.as_str()),
            Self::Exchange => leading_bytes(row.exchange.as_str()),
            Self::Created => u128::MAX - moment(row.created.ms()),
        }
    }
}

fn leading_bytes(text: &str) -> u128 {
    let mut bytes = [0; 16];
    let len = text.len().min(16);
    bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
    u128::from_be_bytes(bytes)
}

/// A page of the list. Its rows are lent: who asks for a page may need only its first ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPage<'a> {
    pub rows: Vec<&'a KeySummary>,
    /// How many keys fit the filter.
    pub total: usize,
    /// Where the next page begins.
    pub next: Option<usize>,
}

/// Places of all rows that fitted a filter, in an order; forgotten with the next change.
#[derive(Debug)]
struct Paged {
    filter: KeyFilter,
    sort: KeySort,
    now: UtcMs,
    places: Vec<u32>,
}

/// Longest time between two pages of one order. A filter may look at the clock.
const PAGING: i64 = 10_000;

impl Paged {
    fn is_of(&self, filter: &KeyFilter, sort: KeySort, now: UtcMs) -> bool {
        (0..PAGING).contains(&(now.ms() - self.now.ms()))
            && self.sort == sort
            && self.filter == *filter
    }
}

/// Every key's row.
#[derive(Debug, Default)]
pub struct KeyList {
    rows: Vec<KeySummary>,
    /// Who pages through a long list asks for the same order again and again.
    paged: RefCell<Option<Paged>>,
    places: HashMap<EntryId, usize>,
    blocks: Vec<Block>,
}

/// The texts of up to `BLOCK` neighbouring rows, and where each ends.
#[derive(Debug, Default)]
struct Block {
    text: String,
    ends: Vec<u32>,
}

impl Block {
    fn of(rows: &[KeySummary]) -> Self {
        let mut block = Self {
            text: String::with_capacity(rows.len() * 96),
            ends: Vec::new(),
        };
        for row in rows {
            row.push_search_text(&mut block.text);
            block
                .ends
                .push(u32::try_from(block.text.len()).expect("a block of text is small"));
        }
        block.text.shrink_to_fit();
        block
    }

    /// The rows of this block in which every word appears, ascending.
    fn find(&self, words: &[memmem::Finder<'_>], mut found: impl FnMut(usize)) {
        let text = self.text.as_bytes();
        let Some((first, rest)) = words.split_first() else {
            return;
        };
        // A word that is nowhere in the block spares looking at its rows one by one.
        let Some(mut at) = first.find(text) else {
            return;
        };
        if rest.iter().any(|word| word.find(text).is_none()) {
            return;
        }
        let mut row = 0;
        loop {
            while self.ends[row] as usize <= at {
                row += 1;
            }
            let start = if row == 0 {
                0
            } else {
                self.ends[row - 1] as usize
            };
            let end = self.ends[row] as usize;
            if rest
                .iter()
                .all(|word| word.find(&text[start..end]).is_some())
            {
                found(row);
            }
            match first.find(&text[end..]) {
                Some(next) => at = end + next,
                None => return,
            }
        }
    }
}

impl KeyList {
    pub fn from_rows(rows: Vec<KeySummary>) -> Self {
        let places = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.id, place))
            .collect();
        let blocks = rows.chunks(BLOCK).map(Block::of).collect();
        Self {
            rows,
            paged: RefCell::default(),
            places,
            blocks,
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn rows(&self) -> &[KeySummary] {
        &self.rows
    }

    pub fn get(&self, id: EntryId) -> Option<&KeySummary> {
        self.places.get(&id).map(|place| &self.rows[*place])
    }

    /// Adds a row or replaces the one of its key.
    pub fn put(&mut self, row: KeySummary) {
        let place = match self.places.get(&row.id) {
            Some(place) => {
                self.rows[*place] = row;
                *place
            }
            None => {
                self.places.insert(row.id, self.rows.len());
                self.rows.push(row);
                self.rows.len() - 1
            }
        };
        self.rewrite_block(place);
    }

    /// Takes a row out.
    pub fn remove(&mut self, id: EntryId) {
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        self.rows.swap_remove(place);
        if let Some(moved) = self.rows.get(place) {
            self.places.insert(moved.id, place);
            self.rewrite_block(place);
        }
        // The last row is gone from the last block.
        self.rewrite_block(self.rows.len());
    }

    /// A page of what fits.
    pub fn page(
        &self,
        filter: &KeyFilter,
        sort: KeySort,
        offset: usize,
        limit: usize,
        now: UtcMs,
    ) -> KeyPage<'_> {
        let (places, total) = if offset == 0 {
            self.first_page(filter, sort, limit, now)
        } else {
            self.later_page(filter, sort, offset, limit, now)
        };
        let end = offset.min(total) + places.len();
        KeyPage {
            rows: places.into_iter().map(|place| self.row(place)).collect(),
            total,
            next: (end < total).then_some(end),
        }
    }

    /// Nothing but the rows of the page is put in order: most lists are looked at no further.
    fn first_page(
        &self,
        filter: &KeyFilter,
        sort: KeySort,
        limit: usize,
        now: UtcMs,
    ) -> (Vec<u32>, usize) {
        let mut fitting = self.with_leading(filter, sort, now);
        let total = fitting.len();
        if limit < total {
            fitting.select_nth_unstable_by(limit, |a, b| self.by(sort, a, b));
            fitting.truncate(limit);
        }
        fitting.sort_unstable_by(|a, b| self.by(sort, a, b));
        (fitting.into_iter().map(|(_, place)| place).collect(), total)
    }

    /// The whole order is made once and kept for the pages after this one.
    fn later_page(
        &self,
        filter: &KeyFilter,
        sort: KeySort,
        offset: usize,
        limit: usize,
        now: UtcMs,
    ) -> (Vec<u32>, usize) {
        let mut paged = self.paged.borrow_mut();
        let paged = match &mut *paged {
            Some(paged) if paged.is_of(filter, sort, now) => paged,
            other => {
                let mut fitting = self.with_leading(filter, sort, now);
                fitting.sort_unstable_by(|a, b| self.by(sort, a, b));
                other.insert(Paged {
                    filter: filter.clone(),
                    sort,
                    now,
                    places: fitting.into_iter().map(|(_, place)| place).collect(),
                })
            }
        };
        let page = paged.places.iter().skip(offset).take(limit);
        (page.copied().collect(), paged.places.len())
    }

    fn with_leading(&self, filter: &KeyFilter, sort: KeySort, now: UtcMs) -> Vec<(u128, u32)> {
        self.fitting(filter, now)
            .into_iter()
            .map(|place| (sort.leading(self.row(place)), place))
            .collect()
    }

    fn by(&self, sort: KeySort, a: &(u128, u32), b: &(u128, u32)) -> Ordering {
        a.0.cmp(&b.0).then_with(|| self.order(sort, a.1, b.1))
    }

    /// Every key that fits, in no particular order.
    pub fn matching<'a>(
        &'a self,
        filter: &KeyFilter,
        now: UtcMs,
    ) -> impl Iterator<Item = &'a KeySummary> + use<'a> {
        self.fitting(filter, now)
            .into_iter()
            .map(|place| self.row(place))
    }

    fn row(&self, place: u32) -> &KeySummary {
        &self.rows[place as usize]
    }

    fn fitting(&self, filter: &KeyFilter, now: UtcMs) -> Vec<u32> {
        let words: Vec<String> = filter
            .text
            .iter()
            .flat_map(|text| text.split_whitespace())
            .map(str::to_lowercase)
            .collect();
        let mut places = if words.is_empty() {
            (0..self.rows.len() as u32).collect()
        } else {
            self.with_words(words)
        };
        places.retain(|place| filter.fits(self.row(*place), now));
        places
    }

    fn with_words(&self, mut words: Vec<String>) -> Vec<u32> {
        // The longest is likely the rarest.
        words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
        let finders: Vec<_> = words
            .iter()
            .map(|word| memmem::Finder::new(word.as_bytes()))
            .collect();
        let mut places = Vec::new();
        for (number, block) in self.blocks.iter().enumerate() {
            block.find(&finders, |row| places.push((number * BLOCK + row) as u32));
        }
        places
    }

    /// The order of two rows whose leading keys are equal.
    fn order(&self, sort: KeySort, a: u32, b: u32) -> Ordering {
        let (a, b) = (self.row(a), self.row(b));
        let by_exchange = match sort {
            KeySort::Exchange => a.exchange.as_str().cmp(b.exchange.as_str()),
            KeySort::Due | KeySort::Label | KeySort::Created => Ordering::Equal,
        };
        by_exchange.then_with(|| (a.label.as_str(), a.id).cmp(&(b.label.as_str(), b.id)))
    }

    fn rewrite_block(&mut self, place: usize) {
        *self.paged.get_mut() = None;
        let number = place / BLOCK;
        let from = (number * BLOCK).min(self.rows.len());
        let to = (from + BLOCK).min(self.rows.len());
        if from == to {
            self.blocks.truncate(number);
            return;
        }
        let block = Block::of(&self.rows[from..to]);
        match self.blocks.get_mut(number) {
            Some(old) => *old = block,
            None => self.blocks.push(block),
        }
    }
}

/// Expiry or rotation by then, or overdue.
pub(crate) fn is_due_by(row: &KeySummary, horizon: UtcMs) -> bool {
    row.due().is_some_and(|due| due.at <= horizon)
}

impl KeyFilter {
    /// Everything but the text.
    fn fits(&self, row: &KeySummary, now: UtcMs) -> bool {
        if row.state == KeyState::Archived
            && !self.archived
            && self.state != Some(KeyState::Archived)
        {
            return false;
        }
        fn is<T: PartialEq>(wanted: &Option<T>, found: &T) -> bool {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        }
        let same = |a: &str, b: &str| {
            let plain = a.is_ascii() && b.is_ascii();
            if plain {
                a.eq_ignore_ascii_case(b)
            } else {
                a.to_lowercase() == b.to_lowercase()
            }
        };
        is(&self.exchange, &row.exchange)
            && is(&self.environment, &row.environment)
            && is(&self.state, &row.state)
            && self.permission.is_none_or(|verb| row.may(verb))
            && self.account.as_ref().is_none_or(|wanted| {
                row.account_label
                    .as_ref()
                    .is_some_and(|l| same(l.as_str(), wanted.as_str()))
            })
            && self.tag.as_ref().is_none_or(|wanted| {
                row.tags
                    .iter()
                    .any(|tag| same(tag.as_str(), wanted.as_str()))
            })
            && self.consumer.as_ref().is_none_or(|wanted| {
                row.consumers
                    .iter()
                    .any(|name| same(name.as_str(), wanted.as_str()))
            })
            && self.due_within_days.is_none_or(|days| {
                let horizon = now.plus_ms(i64::from(days).saturating_mul(DAY_MS));
                is_due_by(row, horizon)
            })
            && (!self.over_permissive || !row.excess().is_empty())
            && (!self.unrestricted || row.allowlist == AllowlistSummary::Unrestricted)
    }
}
