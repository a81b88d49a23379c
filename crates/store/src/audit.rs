//! The table of the audit log: leaves in order, with the Merkle nodes they complete.
//!
//! Deliberately not here: what a leaf says (vault), proofs and their verification (crypto makes them
//! from the subtrees given here), checkpoints.

use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::frontier::fold_peaks;
use crate::hash::Hash;
use crate::store::Store;
use crate::tx::Tx;

impl Store {
    /// How many leaves there are.
    pub fn audit_size(&self) -> Result<u64, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT max(seq) FROM audit")?;
        let last: Option<i64> = statement.query_row((), |row| row.get(0))?;
        Ok(last.map_or(0, |last| last.cast_unsigned() + 1))
    }

    /// At most `limit` leaves from number `from` on, in order.
    pub fn audit_range(&self, from: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, leaf FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map((from.cast_signed(), limit), |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, rusqlite::Error>>()?)
    }

    /// The root of the first `size` leaves.
    ///
    /// # Errors
    /// `Contradiction` if there are fewer.
    pub fn audit_root(&self, size: u64) -> Result<Hash, StoreError> {
        let mut peaks = Vec::new();
        let mut start = 0;
        while start < size {
            let level = 63 - (size - start).leading_zeros();
            peaks.push(self.audit_subtree(start, level)?);
            start += 1 << level;
        }
        Ok(fold_peaks(&peaks))
    }

    /// The root of the perfect subtree over leaves `start .. start + 2^level`, of which every
    /// proof is made; it stands beside the last of them.
    ///
    /// # Errors
    /// `Contradiction` if there are fewer leaves or no such subtree.
    pub fn audit_subtree(&self, start: u64, level: u32) -> Result<Hash, StoreError> {
        let seq = start + (1 << level) - 1;
        let mut statement = self
            .connection
            .prepare_cached("SELECT nodes FROM audit WHERE seq = ?1")?;
        let nodes: Vec<u8> = statement
            .query_row([seq.cast_signed()], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::Contradiction)?;
        nodes
            .as_chunks::<32>()
            .0
            .get(level as usize)
            .copied()
            .ok_or(StoreError::Contradiction)
    }
}

impl Tx<'_> {
    /// Appends a leaf; gives its number. The first is 0.
    pub fn append_audit(&mut self, leaf: &[u8]) -> Result<u64, StoreError> {
        let seq = self.pending().frontier.size();
        let nodes = self.both().1.frontier.append(leaf);
        self.connection
            .prepare_cached("INSERT INTO audit (seq, leaf, nodes) VALUES (?1, ?2, ?3)")?
            .execute((seq.cast_signed(), leaf, nodes.as_flattened()))?;
        Ok(seq)
    }

    /// How many leaves there are and their root, this transaction's included; reads nothing.
    pub fn audit_head(&self) -> (u64, Hash) {
        let frontier = &self.pending().frontier;
        (frontier.size(), frontier.root())
    }
}
