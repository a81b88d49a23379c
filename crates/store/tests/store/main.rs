//! The store as its one user, the vault, sees it: real files in temporary folders.

#![expect(
    unreachable_pub,
    reason = "what the modules of one test share is public among them"
)]

mod attacks;
mod contents;
mod copies;
mod crash;
mod first_use;
mod opening;
mod support;
