//! The database of a vault: every SQL statement and every migration of the product.
//!
//! A [`Store`] is one SQLCipher file, opened by rules that refuse what SQLite would accept, and
//! hashed from scratch before the first write ([`Recount`]), because SQLCipher cannot tell an
//! older copy of a page from the newest. A [`Tx`] is the only way to change it and knows at any
//! time what the database hashes to.
//!
//! Deliberately not here: deriving keys, the state record's authentication, the anchor, the
//! meaning of anything stored. All that is the vault's.

mod audit;
mod buckets;
mod copy;
mod digests;
mod error;
mod file;
mod frontier;
mod hash;
mod insert;
mod key;
mod local;
mod migrate;
mod open;
mod recount;
mod rows;
mod settings;
mod store;
mod tx;
mod writes;

#[cfg(test)]
mod tests;

pub use digests::Digests;
pub use error::{FileFault, OpenError, StoreError};
pub use file::PAGE_BYTES;
pub use hash::Hash;
pub use local::{LocalRow, LocalSpace};
pub use migrate::SCHEMA;
pub use open::{Access, Marker};
pub use recount::{Measured, Progress, Recount};
pub use store::Store;
pub use tx::Tx;
pub use writes::{Fingerprint, PrintUse, StoredWrite, WriteKey};
