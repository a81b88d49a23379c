//! Sharing between people by files: who they are, what they are given, and what is taken of theirs.
//!
//! Deliberately not here: the form of a file and its cryptography (`formats::share`), and what a
//! role may open or change (domain's `share`).

mod conflict;

pub use conflict::{ConflictChoice, ConflictRow};
