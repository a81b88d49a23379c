//! What each command does, one file a group.
//!
//! A handler takes the agent, the call and the request, and gives the reply or a fault. Not here:
//! rules of the vault; a handler converts, asks the session for the vault and calls one use case.

mod access;
mod calendar;
mod check;
mod choices;
mod conflicts;
mod contacts;
mod create;
mod credentials;
mod doctor;
mod export;
mod health;
mod holders;
mod import;
mod incident;
mod keys;
mod reminders;
mod requests;
mod restore;
mod rotate;
mod rotate_ask;
mod session;
mod share;
mod upkeep;

pub(crate) use access::*;
pub(crate) use calendar::*;
pub(crate) use check::*;
pub(crate) use choices::*;
pub(crate) use conflicts::*;
pub(crate) use contacts::*;
pub(crate) use create::*;
pub(crate) use credentials::*;
pub(crate) use doctor::*;
pub(crate) use export::*;
pub(crate) use health::*;
pub(crate) use holders::*;
pub(crate) use import::*;
pub(crate) use incident::*;
pub(crate) use keys::*;
pub(crate) use reminders::*;
pub(crate) use requests::*;
pub(crate) use restore::*;
pub(crate) use rotate::*;
pub(crate) use rotate_ask::*;
pub(crate) use session::*;
pub(crate) use share::*;
pub(crate) use upkeep::*;
