//! Creating, unlocking and changing a vault, and what an attacker with some of its parts can do:
//! over a fake clock and keyring, and real files and databases.

mod create;
mod desk;
mod golden;
mod header;
mod recovery;
mod rotation;
mod stepup;
mod throttle;
mod unlock;
