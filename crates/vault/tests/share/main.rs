//! Sharing between vaults by files: over a fake clock and keyring, and real files and databases.

#[expect(
    dead_code,
    reason = "the desk is shared with the tests of the keys, which use all of it"
)]
#[path = "../keys/desk.rs"]
mod desk;

mod attacks;
mod consent;
mod contacts;
mod meanwhile;
mod people;
mod restore;
mod story;
mod undo;
