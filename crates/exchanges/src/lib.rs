//! What each exchange's keys look like, can do and expire by; how its requests are signed, sorted
//! by what they do, and how its answers about a key are read.
//!
//! Deliberately not here: sending anything, and what a record is.

pub mod sign;
