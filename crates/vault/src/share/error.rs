//! Why nothing was shared or imported. Every refusal is a sentence of its own, because each has its
//! own remedy.

use strongroom_domain::UtcMs;
use strongroom_domain::share::SelectionRefused;
use strongroom_formats::share as file;

use super::contacts::ContactError;
use crate::backup::BackupError;
use crate::error::{CommitError, StepUpRequired};
use crate::ports::EntropyFailed;
use crate::records::{Altered, ReadError};

/// Nothing was shared.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    #[error("name at least one contact, or ask for a passphrase")]
    NoRecipient,
    #[error("a share goes to at most {most} people; make several")]
    TooManyRecipients { most: usize },
    #[error(
        "recipient {} of the share cannot be shared with: add their card first, and compare the \
         fingerprint", place + 1
    )]
    NotPinned { place: usize },
    #[error(
        "recipient {} of the share has no role yet; `strongroom contact role` gives them one",
        place + 1
    )]
    NoRole { place: usize },
    #[error("a share under a passphrase alone needs a role: say which")]
    RoleNeeded,
    #[error("the recipients have different roles; make a share for each role, or name the lowest")]
    RolesDiffer,
    #[error("recipient {} of the share has a lower role than this share is for", place + 1)]
    RoleTooHigh { place: usize },
    #[error(
        "a share under a passphrase alone needs to know which keys: name tags, accounts or keys"
    )]
    ScopeNeeded,
    #[error("the recipients were given different keys; make a share for each, or name the keys")]
    ScopesDiffer,
    #[error(
        "{keys} keys of this share are outside of what recipient {} was given; widen that with \
         `strongroom contact role` if it is meant", place + 1
    )]
    OutsideGrant { place: usize, keys: usize },
    #[error("no key is in this share")]
    NoKeys,
    #[error("the share would end before it begins; choose a later end")]
    EndsInThePast,
    #[error(transparent)]
    Seal(#[from] file::SealRefused),
    #[error("the log of this vault cannot be read; lock the vault and unlock it")]
    Log,
    #[error("another share was made for the same people meanwhile; make this one again")]
    Overtaken,
    #[error("the vault was locked meanwhile; nothing was shared. Make the share again")]
    Locked,
    /// What would be made or merged is no longer what was shown to the person who agreed.
    #[error("what the share would do has changed since it was shown: open it again")]
    Changed,
    /// Meanwhile a newer share of the sender's was imported, or this one ended.
    #[error(
        "this share has become old since it was opened: a newer one was imported, or it ended. \
         Nothing was changed; open it again to see which"
    )]
    Stale,
    #[error(
        "the sender was removed, or is no contact any more, since this share was opened; nothing \
         of theirs is imported"
    )]
    SenderGone,
    #[error("there is no import of a share to undo")]
    NoBatch,
    #[error(transparent)]
    Selection(#[from] SelectionRefused),
    #[error("nothing was imported, because no backup could be made first: {0}")]
    Backup(BackupError),
    #[error(transparent)]
    Altered(#[from] Altered),
    #[error(transparent)]
    Contact(#[from] ContactError),
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// A share was not opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenShareError {
    #[error(transparent)]
    File(#[from] file::OpenRefused),
    #[error("{0}; nothing was imported")]
    Signature(#[from] file::VerifyRefused),
    #[error(transparent)]
    ForSomebodyElse(#[from] file::ForSomebodyElse),
    #[error(transparent)]
    Writes(#[from] file::WritesRefused),
    #[error("this file says for no role and no keys what it is for; it holds nothing to import")]
    NoGrant,
    #[error(
        "this share is from somebody who is no contact of yours. Ask them for their card and add \
         it, or for a share under a passphrase"
    )]
    UnknownSender,
    #[error(
        "the sender bears the name of somebody you know, and has other keys. Nothing was imported: \
         ask them, by another way than the one on which this file came, whether they have a new card"
    )]
    KeyChanged,
    #[error("the sender was removed from this vault; nothing of theirs is imported")]
    SenderRemoved,
    #[error("this is a share you made yourself")]
    OwnShare,
    #[error(
        "this share is older than the one imported on {}: a file that comes late, or one that was \
         kept back; ask the sender for a new one", date(*.imported)
    )]
    Older { imported: UtcMs },
    #[error("this share ended on {}; ask the sender for a new one", date(*.at))]
    Expired { at: UtcMs },
    #[error(
        "a secret in this share was sealed for another key than it is given as; nothing was \
         imported, and the sender should know"
    )]
    MixedSecret,
    #[error(
        "this share holds changes from more than a day ahead of this computer's clock; nothing was \
         imported. If the clock here is right, the one of whoever wrote them is not"
    )]
    Ahead,
    #[error(transparent)]
    Contact(#[from] ContactError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

fn date(at: UtcMs) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

macro_rules! from_random_failed {
    ($($error:ty),*) => {$(
        impl From<EntropyFailed> for $error {
            fn from(failed: EntropyFailed) -> Self {
                CommitError::from(failed).into()
            }
        }

        impl From<strongroom_crypto::RandomFailed> for $error {
            fn from(failed: strongroom_crypto::RandomFailed) -> Self {
                EntropyFailed::from(failed).into()
            }
        }

        impl From<strongroom_store::StoreError> for $error {
            fn from(error: strongroom_store::StoreError) -> Self {
                ReadError::from(error).into()
            }
        }
    )*};
}
from_random_failed!(ShareError, OpenShareError);
