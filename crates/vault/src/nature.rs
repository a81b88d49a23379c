//! What an error of a layer below means to whoever acts on it: the agent turns it into a code, and
//! knows neither the header's nor the database's own errors.
//!
//! Deliberately not here: sentences, which every error has itself.

use strongroom_crypto::HeaderError;
use strongroom_store::{OpenError, StoreError};

use crate::header_file::HeaderReadError;
use crate::state::StateError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing is there.
    Missing,
    /// Written by a newer version of the program.
    Newer,
    /// It is not what was written; a backup helps.
    Damaged,
    DiskFull,
    ReadOnly,
    /// Another program has it.
    Busy,
    /// Others may reach it, or it is no plain file.
    Unsafe,
    /// A defect, or a failing machine.
    Other,
}

/// An error that can say what it means.
pub trait HasNature {
    fn nature(&self) -> Nature;
}

impl HasNature for HeaderError {
    fn nature(&self) -> Nature {
        match self {
            Self::NewerFormat | Self::NewerSuite => Nature::Newer,
            Self::NotAHeader | Self::TooLarge | Self::Kdf(_) | Self::Cbor(_) => Nature::Damaged,
        }
    }
}

impl HasNature for crate::FileError {
    fn nature(&self) -> Nature {
        match self {
            Self::Missing => Nature::Missing,
            Self::DiskFull => Nature::DiskFull,
            Self::ReadOnly => Nature::ReadOnly,
            Self::Busy => Nature::Busy,
            Self::NotAPlainFile | Self::TooOpen => Nature::Unsafe,
            Self::TooLarge => Nature::Damaged,
            Self::AlreadyThere | Self::Io(_) | Self::NotAsWritten | Self::InDoubt => Nature::Other,
        }
    }
}

impl HasNature for HeaderReadError {
    fn nature(&self) -> Nature {
        match self {
            Self::File(error) => error.nature(),
            Self::Header(error) => error.nature(),
        }
    }
}

impl HasNature for StoreError {
    fn nature(&self) -> Nature {
        match self {
            Self::DiskFull => Nature::DiskFull,
            Self::ReadOnly => Nature::ReadOnly,
            Self::Corrupt | Self::Contradiction => Nature::Damaged,
            Self::Busy => Nature::Busy,
            Self::NotVerified | Self::InDoubt | Self::Io { .. } | Self::Engine { .. } => {
                Nature::Other
            }
        }
    }
}

impl HasNature for OpenError {
    fn nature(&self) -> Nature {
        match self {
            // The header names a database: one that is gone is damage, not absence of a vault.
            Self::Missing | Self::WrongKey | Self::NotAVault => Nature::Damaged,
            Self::Unsafe(fault) => match fault {
                strongroom_store::FileFault::Empty | strongroom_store::FileFault::PartialPage => {
                    Nature::Damaged
                }
                _ => Nature::Unsafe,
            },
            Self::FromTheFuture { .. } => Nature::Newer,
            Self::Store(error) => error.nature(),
            Self::AlreadyThere | Self::Build(_) | Self::Setting(_) => Nature::Other,
        }
    }
}

impl HasNature for StateError {
    fn nature(&self) -> Nature {
        match self {
            Self::NoRecord
            | Self::Forged
            | Self::ListChanged
            | Self::Unopenable
            | Self::CopyDiffers => Nature::Damaged,
            Self::Store(error) => error.nature(),
            Self::Entropy(_) => Nature::Other,
        }
    }
}
