//! Why there is no connection to the agent, in sentences for the person.

use std::io;

use strongroom_wire::{ErrorCode, Fault, FrameError, PROTOCOL};

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(
        "there is no runtime folder: set XDG_RUNTIME_DIR to a folder of yours with mode 0700, or \
         log in through a session that makes /run/user/UID"
    )]
    NoRuntimeFolder,
    #[error(
        "the runtime folder is not an absolute path to a folder of yours that only you may write"
    )]
    RuntimeFolderNotOurs,
    #[error("the folder of the agent's socket is not yours alone (it must be yours, mode 0700)")]
    FolderNotOurs,
    #[error("another user answers on the agent's socket; nothing was sent to it")]
    ForeignPeer,
    #[error("no agent is running")]
    NotRunning,
    #[error("the program `strongroom` that hosts the agent was not found beside this one")]
    NoExecutable,
    #[error("the agent could not be started ({0})")]
    StartFailed(io::Error),
    #[error("the agent ended while it was starting; run `strongroom agent` to see why")]
    EndedAtStart,
    #[error("the agent did not answer in time")]
    TooSlow,
    #[error(
        "the running agent speaks protocol {agent} and this program {PROTOCOL}: update this \
         program, or stop the agent with the newer one"
    )]
    NewerAgent { agent: u32 },
    #[error(
        "the running agent speaks protocol {agent}, which is older than this program's {PROTOCOL}; \
         stop it with `strongroom agent stop`"
    )]
    OlderAgent { agent: u32 },
    #[error("the running agent is older and did not stop when told to; end it and try again")]
    OldAgentStays,
    #[error("{0}")]
    Refused(Fault),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the agent's socket cannot be reached ({0})")]
    Io(#[from] io::Error),
}

impl ConnectError {
    /// Whether the other side went away before it had said anything.
    pub(crate) fn is_dropped(&self) -> bool {
        match self {
            Self::Frame(FrameError::Closed) => true,
            Self::Frame(FrameError::Io(error)) => matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof
            ),
            _ => false,
        }
    }
}

impl From<ConnectError> for Fault {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Refused(fault) => fault,
            ConnectError::NewerAgent { .. }
            | ConnectError::OlderAgent { .. }
            | ConnectError::OldAgentStays => {
                Self::new(ErrorCode::ProtocolMismatch, error.to_string())
            }
            _ => Self::new(ErrorCode::NoAgent, error.to_string()),
        }
    }
}
