//! Becoming the one agent of this user: folder, lock, socket.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use crate::ServeError;

const SOCKET: &str = "agent.sock";
const LOCK: &str = "agent.lock";
/// An agent that was told to stop first finishes its write.
const PREDECESSOR: Duration = Duration::from_secs(20);

/// The socket, and the lock that makes its holder the only agent. Dropping it removes the socket
/// first and gives the lock up last.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) listener: UnixListener,
    socket: PathBuf,
    _lock: File,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// Takes the lock in `folder` and listens there. Whatever stands where the socket goes is stale
/// once the lock is ours.
///
/// # Errors
/// [`ServeError::AlreadyRunning`], [`ServeError::FolderNotOurs`], [`ServeError::Io`].
pub(crate) fn listen(folder: &Path) -> Result<Listening, ServeError> {
    make_folder(folder)?;
    let socket = folder.join(SOCKET);
    let lock = take_lock(folder, &socket)?;
    match std::fs::remove_file(&socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    // Nobody can come in before the mode is set: the folder is ours alone.
    let listener = UnixListener::bind(&socket)?;
    std::fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    Ok(Listening {
        listener,
        socket,
        _lock: lock,
    })
}

fn make_folder(folder: &Path) -> Result<(), ServeError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    let found = std::fs::symlink_metadata(folder)?;
    let ours = found.is_dir()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.mode() & 0o077 == 0;
    if ours {
        Ok(())
    } else {
        Err(ServeError::FolderNotOurs)
    }
}

/// The lock may still be held by an agent that is ending; one that answers is there to stay.
fn take_lock(folder: &Path, socket: &Path) -> Result<File, ServeError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(folder.join(LOCK))?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
        return Ok(file);
    }
    if UnixStream::connect(socket).is_ok() {
        return Err(ServeError::AlreadyRunning);
    }
    let (taken, wait) = mpsc::channel();
    std::thread::spawn(move || {
        let locked = rustix::io::retry_on_intr(|| flock(&file, FlockOperation::LockExclusive));
        let _ = taken.send(locked.map(|()| file));
    });
    match wait.recv_timeout(PREDECESSOR) {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(io::Error::from(error).into()),
        Err(_) => Err(ServeError::AlreadyRunning),
    }
}
