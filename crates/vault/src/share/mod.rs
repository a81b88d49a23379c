//! Sharing between people by files: who they are, what they are given, and what is taken of theirs.
//!
//! Deliberately not here: the form of a file and its cryptography (`formats::share`), and what a
//! role may open or change (domain's `share`).

mod agreed;
mod codec;
mod conflict;
mod contact;
mod contacts;
mod error;
mod given;
mod identity;
mod log;
mod merge;
mod offboard;
mod offer;
mod open;
mod plan;
mod seal;

pub use agreed::Agreed;
pub use conflict::{ConflictChoice, ConflictRow};
pub use contact::{Contact, ContactId, ContactState, Grant};
pub use contacts::{ContactAdded, ContactChange, ContactError};
pub use error::{OpenShareError, ShareError};
pub use log::{ShareBatchId, ShareEvent, ShareWay};
pub use merge::ShareUndone;
pub(crate) use merge::Whole;
pub use offboard::{RotateRow, left_words};
pub use offer::{ClassGiven, Lock, ScopeNames, ShareAsk, ShareOffer};
pub use open::{MOST_SHARE_BYTES, OpenedShare, ShareKeys, share_needs_passphrase};
pub use plan::{
    ShareApplied, ShareFacts, SharePlan, ShareRow, ShareSender, Wanted as LotWanted, lot_name,
    parse_lot,
};
pub use seal::{DraftedShare, SealedShare, ShareMade};
