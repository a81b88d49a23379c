//! The database, its state record, the anchor, the log, backups and restoring, seen from outside
//! the vault, with a clock and a keyring set by hand and real files.

#[path = "../keys/desk.rs"]
#[expect(dead_code, reason = "shared with the suite that uses the rest")]
mod desk;

mod attacks;
mod audit;
mod backup;
mod full_disk;
mod machine;
mod rotations;
mod support;
