//! `.strongshare`: what one person gives another of a vault, as one file. Signed inside, encrypted with
//! age outside; `docs/share-format.md` has every byte.
//!
//! A file is opened in steps, each of which the next one needs: [`open`] decrypts and reads the
//! envelope, [`Opened::verify`] checks who signed it, [`Verified::for_me`] whom it was made for, and only
//! [`Addressed::writes`] reads what it holds. A step left out does not compile:
//!
//! ```compile_fail
//! # use strongroom_formats::share;
//! fn too_early(opened: share::Opened) {
//!     let _ = opened.writes(); // nobody looked at the signature yet
//! }
//! ```
//!
//! Deliberately not here: whom to trust, whether a share is newer than another, what is merged of it
//! (domain, vault), and files.

mod card;
mod envelope;
mod open;
mod seal;
mod write;

pub use card::{CardRefused, ContactCard};
pub use envelope::{Counts, Envelope, Grant, Kind};
pub use open::{
    Addressed, Addressee, ForSomebodyElse, Keys, OpenRefused, Opened, Verified, VerifyRefused,
    WritesRefused, needs_passphrase, open, open_decrypted,
};
pub use seal::{Bundle, Protection, SealRefused, Sealed, seal};
pub use write::{ShareBody, ShareWrite};

/// A file larger than this is refused unread, and none is made.
pub const MOST_FILE_BYTES: usize = 16 * 1024 * 1024;
/// The most writes of one share.
pub const MOST_WRITES: usize = 250_000;
/// The most bytes of a sender's checkpoint.
pub const MOST_CHECKPOINT_BYTES: usize = 4096;
/// What this program reads: shares that ask for more are refused with the advice to update.
pub const READER: u16 = 1;
