//! The one process that opens a vault: socket, sessions, scheduler, reminders.
//!
//! [`serve`] is the whole agent; the program `strongroom` hosts it. Clients come over a socket that
//! only this user can reach; each connection has a thread, because nothing here waits for many
//! things at once (ADR 0010). Beside them there is one thread for what is due, one for each bus
//! that tells of sleep and screen lock, and short-lived ones for verification, notifications and
//! the clipboard.
//!
//! Deliberately not here: rules of the vault (`vault`), the shape of requests (`wire`), printing.

mod agent;
mod asking;
mod buttons;
mod checking;
mod convert;
mod error;
mod grace;
mod handlers;
mod install;
mod memory;
mod offset;
mod pace;
mod page;
mod plans;
mod platform;
mod private_file;
mod reminding;
mod router;
mod scheduler;
mod self_test;
mod serve;
mod server;
mod session;
mod settings;
#[cfg(test)]
mod tests;
mod worker;

pub use error::ServeError;
pub use install::{InstallError, Installed, install, starts_at_login, uninstall};
pub use serve::{Mode, Options, serve};
