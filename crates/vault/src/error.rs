//! Errors that several operations share. An operation with failures of its own defines its own
//! enum beside itself and includes these by `#[from]`.
//!
//! No text here carries a secret, a label or a path.

use strongroom_crypto::PasswordRefused;
use strongroom_store::StoreError;

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
    #[error(
        "the vault folder or a file of it may be read by others; its mode must be 0700 or 0600"
    )]
    TooOpen,
    #[error("a file of the vault could not be read or written ({0})")]
    Io(std::io::ErrorKind),
    #[error("a file of this name is already there")]
    AlreadyThere,
    #[error("a file of the vault is larger than it can be")]
    TooLarge,
    #[error("another program holds the vault")]
    Busy,
    #[error("what was written to the disk did not read back the same")]
    NotAsWritten,
    #[error("it is not known whether the change reached the disk; lock the vault and unlock it")]
    InDoubt,
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

/// Why the device secret could not be had. Each case has its own remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceSecretAbsent {
    #[error("no device secret here: use the recovery kit")]
    Missing,
    #[error("no device secret here: unlock the keyring, or use the recovery kit")]
    KeyringLocked,
    #[error("no device secret here: no keyring answers; start one, or use the recovery kit")]
    NoKeyring,
    #[error("the keyring holds two device secrets of this vault; remove the one you did not make")]
    Ambiguous,
    #[error("the device secret is not one Strongroom wrote; use the recovery kit")]
    Damaged,
}

/// A step-up code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepUpError {
    #[error("wrong code or password")]
    Wrong,
    #[error("this code was used already; wait for the next one")]
    Replayed,
    #[error("too many tries; wait {} s", wait_ms.div_ceil(1000))]
    Throttled { wait_ms: u64 },
    #[error("the clock moved back behind the last accepted code; use a recovery code")]
    ClockMovedBack,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
    #[error("there is not enough free memory to check the password")]
    NoMemory,
}

/// The act needs a step-up that was not given, is of another session, or lacks the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs a fresh code{}", if *.password { " and the password" } else { "" })]
pub struct StepUpRequired {
    pub password: bool,
}

/// A change of the header (password, slots, authenticator, vault key) failed. Unless it says
/// otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum HeaderChangeError {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error("wrong password")]
    WrongPassword,
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    #[error("wrong code")]
    WrongCode,
    #[error("there is no such device")]
    NoSuchDevice,
    #[error("this device cannot remove itself")]
    ThisDevice,
    #[error("there are too many devices")]
    TooManyDevices,
    #[error("there is not enough free memory")]
    NoMemory,
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Keyring(#[from] crate::ports::KeyringRefused),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
    #[error("the new database did not verify; the old one stays")]
    NotVerified,
    #[error("the recovery kit must not lie in the vault folder: whoever has one would have both")]
    KitInsideVault,
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::NotVerified => Self::NotYetVerified,
            _ => Self::Store,
        }
    }
}

impl From<StoreError> for HeaderChangeError {
    fn from(error: StoreError) -> Self {
        CommitError::from(error).into()
    }
}

impl From<strongroom_crypto::RandomFailed> for EntropyFailed {
    fn from(_: strongroom_crypto::RandomFailed) -> Self {
        Self
    }
}

macro_rules! from_random_failed {
    ($($error:ty),*) => {
        $(impl From<strongroom_crypto::RandomFailed> for $error {
            fn from(_: strongroom_crypto::RandomFailed) -> Self {
                EntropyFailed.into()
            }
        })*
    };
}
from_random_failed!(CommitError, StepUpError, HeaderChangeError);
