//! What other programs encrypted: their key derivations, ciphers and envelopes.
//!
//! Costs and lengths come from the file, which nobody vouches for: each is compared with a limit
//! before any work is done or memory is asked for. What is opened lies in memory that is wiped.
//!
//! Deliberately not here: what any program keeps in it, and anything that encrypts.

pub(crate) mod cipher;
pub(crate) mod fernet;
pub(crate) mod kdf;
pub(crate) mod web3;

use crate::ImportError;

/// Why an encrypted part was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Another key than the one it was made with, or somebody changed it: nothing tells the two
    /// apart.
    WrongKey,
    /// It is no such envelope, or cut short.
    Damaged,
    /// It asks for more work than any program that writes such files.
    TooCostly,
    /// It names a method that is not read here.
    UnknownMethod,
}

impl From<Refused> for ImportError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::WrongKey => Self::WrongPassword,
            Refused::Damaged => Self::Damaged,
            Refused::TooCostly => Self::TooCostly,
            Refused::UnknownMethod => Self::UnknownEncryption,
        }
    }
}
