//! What the whole database hashes to, kept up to date write by write.
//!
//! Every covered row has a hash of its logical content and a place: one of 4,096 buckets by a
//! prefix of SHA-256 over what names the row. A bucket hashes the row hashes in it in ascending
//! order; 64 groups hash 64 buckets each; the root hashes the groups. A commit of fourteen writes
//! thus hashes some kilobytes, and the order in which rows came does not matter.
//!
//! The row hashes stand in memory (32 bytes a row), not in the database: they come from the
//! recomputation at unlock, so a page of the file that is put back later cannot take them along.
//!
//! Deliberately not here: which rows there are and what goes into their hash (`rows.rs`).

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::hash::{Hash, Parts};

const BUCKETS: usize = 4096;
const GROUP: usize = 64;

/// Where a row stands and what it hashes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowHash {
    pub(crate) bucket: u16,
    pub(crate) hash: Hash,
}

/// The bucket of a row, from SHA-256 over what names it.
pub(crate) fn bucket_of(name: &Hash) -> u16 {
    u16::from_be_bytes([name[0], name[1]]) >> 4
}

/// All buckets of one database.
pub(crate) struct Buckets {
    rows: Vec<Vec<Hash>>,
    hashes: Vec<Hash>,
    groups: Vec<Hash>,
}

impl Buckets {
    /// The buckets of a database without rows.
    pub(crate) fn empty() -> Self {
        Self::from_rows(vec![Vec::new(); BUCKETS])
    }

    /// Takes row hashes in any order.
    pub(crate) fn from_rows(mut rows: Vec<Vec<Hash>>) -> Self {
        for bucket in &mut rows {
            bucket.sort_unstable();
            bucket.shrink_to_fit();
        }
        let hashes: Vec<Hash> = rows.iter().map(|rows| bucket_hash(rows)).collect();
        let groups = hashes.chunks(GROUP).map(group_hash).collect();
        Self {
            rows,
            hashes,
            groups,
        }
    }

    pub(crate) fn unsorted_rows() -> Vec<Vec<Hash>> {
        vec![Vec::new(); BUCKETS]
    }

    pub(crate) fn root(&self) -> Hash {
        root_hash(&self.groups)
    }

    /// Whether exactly this row is among those that were verified or written since.
    pub(crate) fn holds(&self, row: RowHash) -> bool {
        place_of(&self.rows[usize::from(row.bucket)], &row.hash).is_ok()
    }
}

/// Changes of a transaction that has not been committed, over the buckets as they stand.
#[derive(Default)]
pub(crate) struct Changes(BTreeMap<u16, Vec<Hash>>);

impl Changes {
    pub(crate) fn add(&mut self, base: &Buckets, row: RowHash) {
        let rows = self.bucket(base, row.bucket);
        let place = place_of(rows, &row.hash).unwrap_or_else(|place| place);
        rows.insert(place, row.hash);
    }

    /// # Errors
    /// `Corrupt` if no such row was verified: the database holds something that was never written.
    pub(crate) fn remove(&mut self, base: &Buckets, row: RowHash) -> Result<(), StoreError> {
        let rows = self.bucket(base, row.bucket);
        let place = place_of(rows, &row.hash).map_err(|_| StoreError::Corrupt)?;
        rows.remove(place);
        Ok(())
    }

    pub(crate) fn holds(&self, base: &Buckets, row: RowHash) -> bool {
        match self.0.get(&row.bucket) {
            Some(rows) => place_of(rows, &row.hash).is_ok(),
            None => base.holds(row),
        }
    }

    pub(crate) fn root(&self, base: &Buckets) -> Hash {
        let mut groups = base.groups.clone();
        for (group, hash) in self.changed_groups(base).0 {
            groups[group] = hash;
        }
        root_hash(&groups)
    }

    pub(crate) fn settle(self, base: &mut Buckets) {
        let (groups, hashes) = self.changed_groups(base);
        for (group, hash) in groups {
            base.groups[group] = hash;
        }
        for (bucket, hash) in hashes {
            base.hashes[usize::from(bucket)] = hash;
        }
        for (bucket, rows) in self.0 {
            base.rows[usize::from(bucket)] = rows;
        }
    }

    fn changed_groups(&self, base: &Buckets) -> (Vec<(usize, Hash)>, BTreeMap<u16, Hash>) {
        let hashes: BTreeMap<u16, Hash> = self
            .0
            .iter()
            .map(|(bucket, rows)| (*bucket, bucket_hash(rows)))
            .collect();
        let mut groups: BTreeMap<usize, Vec<Hash>> = BTreeMap::new();
        for (bucket, hash) in &hashes {
            let group = usize::from(*bucket) / GROUP;
            let members = groups
                .entry(group)
                .or_insert_with(|| base.hashes[group * GROUP..(group + 1) * GROUP].to_vec());
            members[usize::from(*bucket) % GROUP] = *hash;
        }
        let groups = groups
            .into_iter()
            .map(|(group, members)| (group, group_hash(&members)))
            .collect();
        (groups, hashes)
    }

    fn bucket(&mut self, base: &Buckets, bucket: u16) -> &mut Vec<Hash> {
        self.0
            .entry(bucket)
            .or_insert_with(|| base.rows[usize::from(bucket)].clone())
    }
}

/// Where a hash stands in a bucket, or would.
///
/// Every row that is read is looked up here, and the buckets of a large vault are in no cache. Hashes
/// are evenly spread, so the place follows from the hash itself to within a few; what is
/// looked at lies together then.
fn place_of(rows: &[Hash], hash: &Hash) -> Result<usize, usize> {
    let [a, b, c, d, ..] = *hash;
    let share = u64::from(u32::from_be_bytes([a, b, c, d]));
    let guess = (share * rows.len() as u64) >> 32;
    let mut place = usize::try_from(guess).unwrap_or(0);
    while place > 0 && rows[place - 1] >= *hash {
        place -= 1;
    }
    while rows.get(place).is_some_and(|row| row < hash) {
        place += 1;
    }
    match rows.get(place) {
        Some(row) if row == hash => Ok(place),
        _ => Err(place),
    }
}

fn bucket_hash(rows: &[Hash]) -> Hash {
    Parts::new("strongroom/v1/items/bucket")
        .fixed(rows.as_flattened())
        .finish()
}

fn group_hash(members: &[Hash]) -> Hash {
    Parts::new("strongroom/v1/items/group")
        .fixed(members.as_flattened())
        .finish()
}

fn root_hash(groups: &[Hash]) -> Hash {
    Parts::new("strongroom/v1/items/root")
        .fixed(groups.as_flattened())
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32) -> RowHash {
        let hash = Parts::new("test").fixed(&number.to_be_bytes()).finish();
        RowHash {
            bucket: bucket_of(&hash),
            hash,
        }
    }

    fn from_scratch(numbers: impl Iterator<Item = u32>) -> Hash {
        let mut rows = Buckets::unsorted_rows();
        for number in numbers {
            rows[usize::from(row(number).bucket)].push(row(number).hash);
        }
        Buckets::from_rows(rows).root()
    }

    #[test]
    fn kept_up_to_date_equals_computed_from_scratch() {
        let mut buckets = Buckets::empty();
        assert_eq!(buckets.root(), from_scratch(0..0));
        for step in 0..50_u32 {
            let mut changes = Changes::default();
            for number in step * 100..(step + 1) * 100 {
                changes.add(&buckets, row(number));
            }
            if step > 0 {
                changes
                    .remove(&buckets, row(step * 100 - 1))
                    .expect("it was added one step ago");
            }
            let pending = changes.root(&buckets);
            changes.settle(&mut buckets);
            assert_eq!(buckets.root(), pending);
            let removed = |number: &u32| number % 100 == 99 && *number < step * 100;
            assert_eq!(
                pending,
                from_scratch((0..(step + 1) * 100).filter(|n| !removed(n)))
            );
        }
    }

    #[test]
    fn a_row_that_was_never_there_cannot_be_removed() {
        let buckets = Buckets::empty();
        assert_eq!(
            Changes::default().remove(&buckets, row(1)),
            Err(StoreError::Corrupt)
        );
    }

    #[test]
    fn changes_that_are_dropped_change_nothing() {
        let buckets = Buckets::empty();
        let before = buckets.root();
        let mut changes = Changes::default();
        changes.add(&buckets, row(1));
        assert!(changes.holds(&buckets, row(1)));
        assert_ne!(changes.root(&buckets), before);
        drop(changes);
        assert_eq!(buckets.root(), before);
        assert!(!buckets.holds(row(1)));
    }
}
