//! The right edge of the audit log's Merkle tree (RFC 6962): what is needed to append and to know
//! the root, without reading older leaves.
//!
//! Deliberately not here: the table of leaves (`audit.rs`), signatures and meaning (vault).

use crate::hash::{Hash, merkle_empty, merkle_leaf, merkle_node};

/// The roots of the perfect subtrees that make up the log, largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and gives the nodes it completes: its own hash, then each parent upwards.
    pub(crate) fn append(&mut self, leaf: &[u8]) -> Vec<Hash> {
        let mut node = merkle_leaf(leaf);
        let mut completed = vec![node];
        // Each trailing one bit of the old size is a left sibling that waits for this leaf.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("one peak for each bit of the size");
            node = merkle_node(&left, &node);
            completed.push(node);
        }
        self.peaks.push(node);
        self.size += 1;
        completed
    }

    pub(crate) fn root(&self) -> Hash {
        fold_peaks(&self.peaks)
    }
}

/// The root over peaks given largest first.
pub(crate) fn fold_peaks(peaks: &[Hash]) -> Hash {
    let Some((last, larger)) = peaks.split_last() else {
        return merkle_empty();
    };
    larger
        .iter()
        .rev()
        .fold(*last, |right, left| merkle_node(left, &right))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn definition(leaves: &[Vec<u8>]) -> Hash {
        match leaves.len() {
            0 => merkle_empty(),
            1 => merkle_leaf(&leaves[0]),
            n => {
                let k = n.next_power_of_two() / 2;
                merkle_node(&definition(&leaves[..k]), &definition(&leaves[k..]))
            }
        }
    }

    #[test]
    fn agrees_with_the_definition() {
        let leaves: Vec<Vec<u8>> = (0..130_u8).map(|n| vec![n; usize::from(n % 5)]).collect();
        let mut frontier = Frontier::default();
        for size in 0..leaves.len() {
            assert_eq!(
                frontier.root(),
                definition(&leaves[..size]),
                "{size} leaves"
            );
            let completed = frontier.append(&leaves[size]);
            assert_eq!(completed.len(), 1 + size.trailing_ones() as usize);
        }
    }
}
