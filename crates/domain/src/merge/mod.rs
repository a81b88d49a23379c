//! The merge engine: writes, and the union of them.
//!
//! An entry is a set of registers, a register a set of writes. A write names the writes it
//! replaces; what no other write replaces is alive. Several alive writes of one register are a
//! conflict: both are kept and shown. Clocks order what a screen shows and never decide what
//! survives.
//!
//! Deliberately not here: clocks, files, secrets, and what a value means.

mod entry;
mod replica;
mod write;

pub(crate) use entry::{EntryWrites, alive_of};
pub use replica::{Merged, Replica};
pub use write::{Body, Write};
