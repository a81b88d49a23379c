//! The Merkle tree hash of RFC 6962, section 2.1, and its proofs.
//!
//! Proofs are made from a function that gives the hash of a perfect subtree, so that a store which
//! keeps such hashes makes a proof from a few of them, and a list of leaves works as well.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(leaf)
        .finalize()
        .into()
}

pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The largest power of two smaller than `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Gives the root of the perfect subtree over leaves `start .. start + 2^level`.
pub type Subtree<'a, E> = dyn Fn(u64, u32) -> Result<Hash, E> + 'a;

/// MTH(D[start .. start + size]), for `size` of at least 1.
pub fn range_root<E>(start: u64, size: u64, subtree: &Subtree<'_, E>) -> Result<Hash, E> {
    if size.is_power_of_two() {
        return subtree(start, size.trailing_zeros());
    }
    let k = split(size);
    let left = range_root(start, k, subtree)?;
    let right = range_root(start + k, size - k, subtree)?;
    Ok(node_hash(&left, &right))
}

/// PATH(index, D[start .. start + size]), section 2.1.1.
pub fn inclusion_proof<E>(
    index: u64,
    start: u64,
    size: u64,
    subtree: &Subtree<'_, E>,
) -> Result<Vec<Hash>, E> {
    if size <= 1 {
        return Ok(Vec::new());
    }
    let k = split(size);
    let (mut path, sibling) = if index < k {
        (
            inclusion_proof(index, start, k, subtree)?,
            range_root(start + k, size - k, subtree)?,
        )
    } else {
        (
            inclusion_proof(index - k, start + k, size - k, subtree)?,
            range_root(start, k, subtree)?,
        )
    };
    path.push(sibling);
    Ok(path)
}

/// The root that `leaf` at `index` and `path` lead to, or `None` if the path has another length
/// than a tree of `size` asks for.
pub fn inclusion_root(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    // RFC 9162, section 2.1.3.2: the same tree, and its verification is written out there.
    let (mut number, mut last, mut root) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if number & 1 == 1 || number == last {
            root = node_hash(sibling, &root);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(&root, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// PROOF(old, D[.. size]), section 2.1.2, for `1 <= old <= size`.
pub fn consistency_proof<E>(old: u64, size: u64, subtree: &Subtree<'_, E>) -> Result<Vec<Hash>, E> {
    subproof(old, 0, size, Whole::Yes, subtree)
}

/// Whether the old tree is the whole of the subtree looked at: its root is then known to whoever
/// verifies, and is left out of the proof.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    No,
}

fn subproof<E>(
    old: u64,
    start: u64,
    size: u64,
    whole: Whole,
    subtree: &Subtree<'_, E>,
) -> Result<Vec<Hash>, E> {
    if old == size {
        return match whole {
            Whole::Yes => Ok(Vec::new()),
            Whole::No => Ok(vec![range_root(start, size, subtree)?]),
        };
    }
    let k = split(size);
    if old <= k {
        let mut proof = subproof(old, start, k, whole, subtree)?;
        proof.push(range_root(start + k, size - k, subtree)?);
        Ok(proof)
    } else {
        let mut proof = subproof(old - k, start + k, size - k, Whole::No, subtree)?;
        proof.push(range_root(start, k, subtree)?);
        Ok(proof)
    }
}

/// Whether `proof` shows that the tree of `size` with `root` begins with the tree of `old_size`
/// with `old_root`.
pub fn consistent(old_size: u64, old_root: &Hash, size: u64, root: &Hash, proof: &[Hash]) -> bool {
    if old_size > size {
        return false;
    }
    if old_size == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    if old_size == size {
        return proof.is_empty() && old_root == root;
    }
    // RFC 9162, section 2.1.4.2.
    let (mut number, mut last) = (old_size - 1, size - 1);
    while number & 1 == 1 {
        number >>= 1;
        last >>= 1;
    }
    let mut rest = proof.iter();
    let first = if old_size.is_power_of_two() {
        *old_root
    } else {
        match rest.next() {
            Some(first) => *first,
            None => return false,
        }
    };
    let (mut old, mut new) = (first, first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if number & 1 == 1 || number == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    last == 0 && old == *old_root && new == *root
}
