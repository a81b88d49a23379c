//! The Merkle log: hashes, roots and proofs of RFC 6962, and the frontier that makes appending
//! cheap.
//!
//! Deliberately not here: what a leaf says, where leaves are kept, and signatures
//! (`checkpoint.rs`).

pub use crate::hazmat::merkle::{
    Hash, Subtree, consistency_proof, consistent, empty_root, inclusion_proof, inclusion_root,
    leaf_hash, node_hash, range_root,
};

/// The roots of the perfect subtrees that make up a log, largest first: all that appending needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// `None` unless there is one peak for each bit of the size.
    pub fn from_parts(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends the hash of a leaf.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one bit of the old size is a left sibling that waits for this leaf.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("one peak for each bit of the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        match self.peaks.split_last() {
            None => empty_root(),
            Some((last, larger)) => larger
                .iter()
                .rev()
                .fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// The leaves of the test tree of Certificate Transparency (`merkletree` reference tests),
    /// with the roots and proofs published with them.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn hex(hash: &Hash) -> String {
        data_encoding::HEXLOWER.encode(hash)
    }

    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [only] => *only,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&naive(left), &naive(right))
            }
        }
    }

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    /// A perfect subtree taken from the list of all leaves.
    fn subtree(leaves: &[Hash]) -> impl Fn(u64, u32) -> Result<Hash, Infallible> {
        move |start, level| {
            let start = usize::try_from(start).expect("small");
            Ok(naive(&leaves[start..start + (1 << level)]))
        }
    }

    #[test]
    fn the_published_roots() {
        assert_eq!(
            hex(&empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let mut frontier = Frontier::default();
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            frontier.append(leaf_hash(leaf));
            assert_eq!(hex(&frontier.root()), root, "{} leaves", frontier.size());
        }
    }

    #[test]
    fn the_published_proofs() {
        let hashes: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect();
        let Ok(path) = inclusion_proof(5, 0, 8, &subtree(&hashes));
        assert_eq!(
            path.iter().map(hex).collect::<Vec<_>>(),
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        let Ok(proof) = consistency_proof(6, 8, &subtree(&hashes));
        assert_eq!(
            proof.iter().map(hex).collect::<Vec<_>>(),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    #[test]
    fn every_proof_verifies_and_no_changed_one_does() {
        let all = leaves(40);
        for size in 1..=40_u64 {
            let now = &all[..usize::try_from(size).expect("small")];
            let root = naive(now);
            for index in 0..size {
                let leaf = all[usize::try_from(index).expect("small")];
                let Ok(path) = inclusion_proof(index, 0, size, &subtree(now));
                assert_eq!(inclusion_root(leaf, index, size, &path), Some(root));
                if let Some(other) = (0..size).find(|other| *other != index) {
                    assert_ne!(inclusion_root(leaf, other, size, &path), Some(root));
                }
                let mut longer = path.clone();
                longer.push(root);
                assert_ne!(inclusion_root(leaf, index, size, &longer), Some(root));
            }
            for old in 1..=size {
                let old_root = naive(&all[..usize::try_from(old).expect("small")]);
                let Ok(proof) = consistency_proof(old, size, &subtree(now));
                assert!(
                    consistent(old, &old_root, size, &root, &proof),
                    "{old} of {size}"
                );
                let mut wrong = old_root;
                wrong[0] ^= 1;
                assert!(!consistent(old, &wrong, size, &root, &proof));
                for index in 0..proof.len() {
                    let mut changed = proof.clone();
                    changed[index][31] ^= 1;
                    assert!(!consistent(old, &old_root, size, &root, &changed));
                    changed.remove(index);
                    assert!(!consistent(old, &old_root, size, &root, &changed));
                }
            }
        }
        assert!(consistent(0, &empty_root(), 3, &naive(&all[..3]), &[]));
        assert!(!consistent(4, &naive(&all[..4]), 3, &naive(&all[..3]), &[]));
    }

    #[test]
    fn a_frontier_is_taken_up_again_where_it_was_left() {
        let mut one = Frontier::default();
        for leaf in leaves(13) {
            one.append(leaf);
        }
        let again = Frontier::from_parts(13, one.peaks().to_vec());
        assert_eq!(again, Some(one));
        assert_eq!(Frontier::from_parts(13, vec![[0; 32]; 2]), None);
    }
}
