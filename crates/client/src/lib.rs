//! The client side of the contract: finds the agent of this user, starts it if there is none,
//! checks that it speaks the same version, and makes typed calls.
//!
//! Everything blocks and nothing is kept between calls but the socket, so that a command line
//! that asks one question costs little more than its process.
//!
//! Deliberately not here: what a command means, printing, prompting, and any secret beyond the
//! wiping of the frames that carry one.

mod connection;
mod error;
mod place;
mod start;
mod vault_folder;

pub use connection::{Connection, Identity, odd_reply, stop_running};
pub use error::ConnectError;
pub use place::{SOCKET, runtime_folder};
pub use start::{READY, SERVE_ARGUMENTS, Start};
pub use vault_folder::{one_name, usual_vault};
