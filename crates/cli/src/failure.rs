//! Why a command ended without doing what was asked, and how that is said.

use std::io;

use strongroom_client::ConnectError;
use strongroom_wire::{ErrorCode, Fault};

/// A refusal with its code; what the agent says and what we say look the same.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(Box<Fault>);

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Fault::new(code, message)))
    }

    /// An argument or a value that was given is refused.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Refused, message)
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.0.code
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.0.code.exit_code()
    }

    pub(crate) fn fault(&self) -> &Fault {
        &self.0
    }

    /// What could not be done with a file the person named, and the system's word for why.
    pub(crate) fn file(what: &str, error: &io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                ErrorCode::ReadOnly
            }
            io::ErrorKind::NotFound => ErrorCode::NotFound,
            _ => ErrorCode::Invalid,
        };
        Self::new(code, format!("{what}: {}", plain(error)))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self(Box::new(error.into()))
    }
}

/// The system's sentence without "(os error 2)".
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}
