//! The contract between the agent, which alone opens a vault, and its faces: the command line, the
//! desktop window and, later, bots.
//!
//! Here stand the list of commands ([`for_each_command`]), what each takes and gives, the closed
//! set of [`ErrorCode`]s, and the frames they travel in. A domain type crosses a process only
//! through its twin here; the conversion lives in the agent.
//!
//! Deliberately not here: sockets (client and agent own them), anything that decides, and
//! anything that knows how a vault is built.

/// Derives that every request and view shares.
macro_rules! wire {
    ($($item:item)*) => {$(
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        $item
    )*};
}

mod calendar;
mod check;
mod choices;
mod commands;
mod contact;
mod curl;
mod doctor;
mod error;
mod export;
mod frame;
mod health;
mod holders;
mod import;
mod incident;
mod keys;
mod reminders;
mod requests;
mod rotate;
mod secret_field;
mod session;
mod share;
mod shell;
mod upkeep;
mod worker;

pub use calendar::*;
pub use check::*;
pub use choices::*;
pub use commands::{COMMANDS, Command, SHELL_COMMANDS, Window, command, shell_command};
pub use contact::*;
pub use curl::{curl_command, quoted as shell_quoted};
pub use doctor::*;
pub use error::{ErrorCode, Fault};
pub use export::*;
pub use frame::{
    FrameError, Hello, HelloReply, MAX_FRAME, PROTOCOL, Reply, Request, Stop, StopReply,
    parse_payload, read_frame, write_frame,
};
pub use health::*;
pub use holders::*;
pub use import::*;
pub use incident::*;
pub use keys::*;
pub use reminders::*;
pub use requests::*;
pub use rotate::*;
pub use secret_field::SecretField;
pub use session::*;
pub use share::*;
pub use shell::*;
pub use upkeep::*;
pub use worker::*;
