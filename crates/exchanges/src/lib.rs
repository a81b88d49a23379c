//! What each exchange's keys look like, can do and expire by; how its requests are signed, sorted
//! by what they do, and how its answers about a key are read.
//!
//! [`catalogue`] holds the facts, one data file an exchange; everything else here is a reading of
//! them: [`recognise`] looks at what was pasted, [`probe`] says what a self-check would ask,
//! [`reading`] and [`refusal`] read what came back, and [`doctor`] says in one sentence why a key
//! does not work.
//!
//! Sending is behind the feature `net`, which only the network worker turns on. Deliberately not
//! here: what a record is.

pub mod catalogue;
pub mod doctor;
#[cfg(feature = "net")]
pub mod net;
pub mod probe;
pub mod reading;
pub mod recognise;
pub mod refusal;
pub mod sign;

pub use strongroom_domain::{Environment, Tri, UtcMs, Verb};
