//! Why the agent cannot serve.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("an agent is running already")]
    AlreadyRunning,
    #[error("the folder of the agent's socket is not yours alone (it must be yours, mode 0700)")]
    FolderNotOurs,
    #[error("neither XDG_STATE_HOME nor HOME names a folder")]
    NoHome,
    #[error("the agent's socket cannot be made ({0})")]
    Io(#[from] io::Error),
}
