//! The audit log: what is recorded, in which bytes, and how it is read, verified and handed out.
//!
//! The claim is exactly this: tamper-evident since the last anchored checkpoint; attributable to a
//! device key; non-repudiation only for what another party cosigned.
//!
//! Deliberately not here: the tree of hashes (store keeps it, crypto defines it) and the rule that
//! an intent is recorded before anything leaves (`commit.rs`).

mod event;
mod export;
mod leaf;
mod log;

pub use event::{Actor, AuditEvent, Client, Decision, Detail, EventKind};
pub use export::{AuditExportError, ExportRefused, ExportedLog, verify_export};
pub use leaf::AuditEntry;
pub use log::{AuditError, AuditReport};
