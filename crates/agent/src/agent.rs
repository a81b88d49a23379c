//! The agent: what its handlers share.
//!
//! Not here: any command (`handlers/`), the socket (`server/`), and what one vault's session holds
//! (`session.rs`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use strongroom_secret::HardenReport;
use strongroom_vault::Places;
use strongroom_vault::ports::Ports;
use strongroom_wire as wire;
use strongroom_wire::Fault;

use crate::handlers;
use crate::pace::Pace;
use crate::platform::{
    Alarm, Clipboard, Notifier, SecretServiceKeyring, SessionEvents, StateFolders,
};
use crate::router::{Call, Handler};
use crate::server::Peer;
use crate::session::Session;

/// Sessions of vaults that are locked and idle are forgotten beyond this many.
const MAX_IDLE_SESSIONS: usize = 64;

/// Everything that outlives a connection.
pub(crate) struct Agent {
    pub(crate) ports: Ports,
    pub(crate) places: Places,
    pub(crate) folders: StateFolders,
    /// The same keyring as in `ports`, for the self-test.
    pub(crate) keyring: Arc<SecretServiceKeyring>,
    pub(crate) clipboard: Clipboard,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) events: Arc<SessionEvents>,
    /// Told whenever what is due, or when a vault locks itself, may have changed.
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) hardened: HardenReport,
    pub(crate) pace: Pace,
    sessions: Mutex<HashMap<PathBuf, Arc<Session>>>,
}

/// What an agent is made of.
pub(crate) struct Parts {
    pub(crate) ports: Ports,
    pub(crate) folders: StateFolders,
    pub(crate) keyring: Arc<SecretServiceKeyring>,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) events: Arc<SessionEvents>,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) hardened: HardenReport,
}

impl Agent {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            places: Places {
                state_folder: parts.folders.state.clone(),
            },
            ports: parts.ports,
            folders: parts.folders,
            keyring: parts.keyring,
            clipboard: Clipboard::default(),
            notifier: parts.notifier,
            events: parts.events,
            alarm: parts.alarm,
            hardened: parts.hardened,
            pace: Pace::default(),
            sessions: Mutex::default(),
        }
    }

    /// The session of a vault folder; the same for every way of naming the folder.
    pub(crate) fn session(&self, folder: &Path) -> Arc<Session> {
        let folder = canonical(folder);
        let mut sessions = self.sessions();
        if let Some(session) = sessions.get(&folder) {
            return Arc::clone(session);
        }
        if sessions.len() >= MAX_IDLE_SESSIONS {
            sessions.retain(|_, session| Arc::strong_count(session) > 1 || session.is_in_use());
        }
        let session = Arc::new(Session::new(folder.clone()));
        sessions.insert(folder, Arc::clone(&session));
        session
    }

    pub(crate) fn all_sessions(&self) -> Vec<Arc<Session>> {
        self.sessions().values().cloned().collect()
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The folder without links, as far as it exists.
fn canonical(folder: &Path) -> PathBuf {
    std::fs::canonicalize(folder).unwrap_or_else(|_| {
        match (
            folder.parent().map(std::fs::canonicalize),
            folder.file_name(),
        ) {
            (Some(Ok(parent)), Some(name)) => parent.join(name),
            _ => folder.to_owned(),
        }
    })
}

macro_rules! handlers {
    ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
        impl Handler for Agent {
            $(fn $name(&self, call: Call<'_>, request: wire::$request)
                -> Result<wire::$reply, Fault>
            {
                handlers::$name(self, call, request)
            })*

            fn closed(&self, peer: &Peer) {
                for session in self.all_sessions() {
                    session.forget_connection(peer.connection);
                }
            }

            fn stop(&self) {
                self.clipboard.clear();
                for session in self.all_sessions() {
                    session.lock(self);
                }
            }
        }
    };
}
wire::for_each_command!(handlers);
