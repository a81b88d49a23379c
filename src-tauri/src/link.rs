//! The connection of the windows to the agent: opened when needed, opened again after the agent
//! was gone.
//!
//! Not here: what a command means, and when the agent is asked on its own account (`watch`).

use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use strongroom_client::{Connection, Identity, Start};
use strongroom_wire::{Command, ErrorCode, Fault};

const IDENTITY: Identity = Identity {
    client: "desktop",
    version: env!("CARGO_PKG_VERSION"),
};

/// One connection, because a step-up's grace is bound to the connection that gave the code. Calls
/// wait for one another.
#[derive(Debug)]
pub(crate) struct Link {
    vault: PathBuf,
    connection: Mutex<Option<Connection>>,
}

impl Link {
    pub(crate) fn new(vault: PathBuf) -> Self {
        Self {
            vault,
            connection: Mutex::new(None),
        }
    }

    /// Another connection to the same vault, for who must not wait behind a long call.
    pub(crate) fn beside(&self) -> Self {
        Self::new(self.vault.clone())
    }

    /// Calls a command, starting an agent if `start` says so. Blocks: never on the UI thread.
    ///
    /// # Errors
    /// The agent's fault, or [`ErrorCode::NoAgent`] where there is none. A command that may have
    /// been done is not repeated.
    pub(crate) fn call<C: Command>(
        &self,
        request: C::Request,
        start: &Start,
    ) -> Result<C::Reply, Fault> {
        self.exchange(start, |connection, vault| {
            connection.call::<C>(vault, request)
        })
    }

    /// As [`Self::call`], with a file passed beside the request.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub(crate) fn call_with_file<C: Command>(
        &self,
        request: C::Request,
        file: BorrowedFd<'_>,
        start: &Start,
    ) -> Result<C::Reply, Fault> {
        self.exchange(start, |connection, vault| {
            connection.call_with_file::<C>(vault, request, file)
        })
    }

    fn exchange<R>(
        &self,
        start: &Start,
        call: impl FnOnce(&mut Connection, &Path) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let mut held = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // An agent that ended since the last call is not asked: whether it did what it was asked
        // could not be known.
        let connection = match held.take().filter(Connection::is_open) {
            Some(connection) => held.insert(connection),
            None => held.insert(Connection::open(IDENTITY, start)?),
        };
        let outcome = call(connection, &self.vault);
        if let Err(fault) = &outcome
            && is_broken(fault.code)
        {
            *held = None;
        }
        outcome
    }
}

/// After these nothing more can be said on the connection.
fn is_broken(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NoAgent | ErrorCode::ProtocolMismatch)
}

/// Where no agent runs, `strongroom` is started: beside this program, or else on the path.
pub(crate) fn start_if_absent() -> Start {
    Start::IfAbsent(program_on_path(
        std::env::current_exe().ok().as_deref(),
        std::env::var_os("PATH").as_deref(),
    ))
}

/// The program that hosts the agent, for what only it can do.
pub(crate) fn program() -> PathBuf {
    let here = std::env::current_exe().ok();
    program_on_path(here.as_deref(), std::env::var_os("PATH").as_deref())
        .or_else(|| Some(here?.with_file_name(PROGRAM)))
        .unwrap_or_else(|| PathBuf::from(PROGRAM))
}

const PROGRAM: &str = "strongroom";

/// `None` leaves the choice to the client, which looks beside this program.
fn program_on_path(here: Option<&Path>, path: Option<&std::ffi::OsStr>) -> Option<PathBuf> {
    if here.is_some_and(|here| here.with_file_name(PROGRAM).is_file()) {
        return None;
    }
    std::env::split_paths(path?)
        // A relative folder on the path would make the program depend on where one stands.
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(PROGRAM))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_beside_this_one_wins_over_the_path() {
        let root = std::env::temp_dir().join(format!("strongroom-link-{}", std::process::id()));
        let (beside, path) = (root.join("beside"), root.join("path"));
        for folder in [&beside, &path] {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        let here = beside.join("strongroom-desktop");
        let find = || program_on_path(Some(&here), Some(path.as_os_str()));
        assert_eq!(find(), None, "there is none anywhere");
        std::fs::write(path.join("strongroom"), "").expect("written");
        assert_eq!(find(), Some(path.join("strongroom")));
        std::fs::write(beside.join("strongroom"), "").expect("written");
        assert_eq!(find(), None, "the client finds the one beside");
        std::fs::remove_dir_all(&root).expect("removed");
    }
}
