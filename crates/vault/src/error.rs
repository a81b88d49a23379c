//! Errors that several operations share. An operation with failures of its own defines its own
//! enum beside itself and includes these by `#[from]`.
//!
//! No text here carries a secret, a label or a path.

use crate::ports::EntropyFailed;

/// A file of the vault folder could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("there is no vault here")]
    Missing,
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    #[error("the vault folder cannot be written")]
    ReadOnly,
    #[error("a file of the vault is a link or not a plain file")]
    NotAPlainFile,
    #[error("the vault folder or a file of it may be read by others; its mode must be 0700 or 0600")]
    TooOpen,
    #[error("a file of the vault could not be read or written ({0})")]
    Io(std::io::ErrorKind),
    #[error("what was written to the disk did not read back the same")]
    NotAsWritten,
}

/// The one way to write (`OpenVault::commit`) refused or failed. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    #[error("the vault is still being verified; try again in a moment")]
    NotYetVerified,
    #[error("this vault is older than what this device has seen; acknowledge that first")]
    RolledBack,
    #[error("the vault does not verify; restore a backup")]
    Broken,
    #[error("the vault folder cannot be written")]
    ReadOnly,
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    #[error("the database refused the change")]
    Store,
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}
