//! The hashes of this crate: one way to feed parts of variable length, one way to combine nodes.
//!
//! Deliberately not here: keys. These hashes are authenticated as a whole, by the state record.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// SHA-256 over parts; a part of variable length is preceded by its length (u32, big-endian).
pub(crate) struct Parts(Sha256);

impl Parts {
    pub(crate) fn new(label: &str) -> Self {
        Self(Sha256::new()).sized(label.as_bytes())
    }

    /// Without a label, where the design names exactly what is hashed.
    pub(crate) fn bare() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn fixed(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    pub(crate) fn sized(mut self, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).expect("SQLite holds no value of 4 GiB");
        self.0.update(length.to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Leaf hash of RFC 6962, section 2.1.
pub(crate) fn merkle_leaf(leaf: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(leaf)
        .finalize()
        .into()
}

/// Node hash of RFC 6962, section 2.1.
pub(crate) fn merkle_node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Root of the empty log of RFC 6962, section 2.1.
pub(crate) fn merkle_empty() -> Hash {
    Sha256::digest([]).into()
}
