//! From a command's name to its handler, expanded from the one list of commands.
//!
//! A command that is added to the list and has no handler does not compile. Not here: what any
//! command does.

use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::value::RawValue;
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault, FrameError, Reply, Request};

use crate::server::Peer;

/// What a handler knows of a call beside its request.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) peer: &'a Peer,
    /// The vault's folder as the client named it; absolute.
    pub(crate) vault: PathBuf,
    /// A file passed beside the request.
    pub(crate) file: Option<OwnedFd>,
}

/// A reply that waits to be written to the connection: which type it has is known inside only.
pub(crate) type Answer<'a> = &'a mut dyn FnMut(&dyn ErasedReply) -> Result<(), FrameError>;

/// A typed reply seen from outside.
pub(crate) trait ErasedReply {
    fn write(&self, to: &mut dyn std::io::Write) -> Result<(), FrameError>;
}

impl<R: serde::Serialize> ErasedReply for Reply<R> {
    fn write(&self, mut to: &mut dyn std::io::Write) -> Result<(), FrameError> {
        wire::write_frame(&mut to, self)
    }
}

macro_rules! router {
    ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
        /// One method a command; the server knows the agent only as this.
        pub(crate) trait Handler: Send + Sync {
            $(fn $name(&self, call: Call<'_>, request: wire::$request)
                -> Result<wire::$reply, Fault>;)*

            /// A connection ended: what was bound to it is forgotten.
            fn closed(&self, peer: &Peer);

            /// The agent is about to end: finish the running write and lock every vault.
            fn stop(&self);
        }

        /// Finds the handler, runs it and hands its reply to `answer`.
        ///
        /// # Errors
        /// [`FrameError`] if the reply cannot be written; every other failure is a reply.
        pub(crate) fn dispatch(
            handler: &impl Handler,
            peer: &Peer,
            request: &Request<&RawValue>,
            file: Option<OwnedFd>,
            answer: Answer<'_>,
        ) -> Result<(), FrameError> {
            let vault = PathBuf::from(&request.vault);
            if !vault.is_absolute() {
                return refuse(request.id, answer, Fault::new(
                    ErrorCode::Invalid,
                    "the vault's folder must be an absolute path",
                ));
            }
            let call = Call { peer, vault, file };
            match request.command.as_str() {
                $(stringify!($name) => {
                    let outcome = match wire::parse_payload(request.request.get().as_bytes()) {
                        Ok(parsed) => contained(|| handler.$name(call, parsed)),
                        Err(error) => Err(Fault::from(error)),
                    };
                    let reply = Reply::<wire::$reply>::new(request.id, outcome);
                    match answer(&reply) {
                        Err(FrameError::TooLong(_)) => refuse(request.id, answer, Fault::new(
                            ErrorCode::Internal,
                            "the answer is too large for one frame",
                        )),
                        written => written,
                    }
                })*
                _ => refuse(request.id, answer, Fault::new(
                    ErrorCode::Invalid,
                    "the agent knows no such command",
                )),
            }
        }
    };
}
strongroom_wire::for_each_command!(router);

fn refuse(id: u64, answer: Answer<'_>, fault: Fault) -> Result<(), FrameError> {
    answer(&Reply::<wire::Nothing>::new(id, Err(fault)))
}

/// Runs a handler so that a defect in it is an answer and not the end of the agent. Whatever vault
/// it had at hand is locked by its session, which finds its lock poisoned.
fn contained<R>(run: impl FnOnce() -> Result<R, Fault>) -> Result<R, Fault> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(Fault::new(
            ErrorCode::Internal,
            "the agent met a defect of its own; nothing more was changed and the vault may have \
             been locked. Please report what you did",
        ))
    })
}
