//! Refusals: what an exchange answers instead of what was asked.
//!
//! Deliberately not here: readings (`reading/`), and finding out which of several causes it is
//! (`doctor/`).

mod meaning;

pub use meaning::{Meaning, Remedy, Verdict};
