//! One window a vault: who is second brings the first to the front and ends.
//!
//! A lock and a socket in the agent's runtime folder, which is ours alone. Not here: several
//! vaults, which have a window each.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use strongroom_client::runtime_folder;
use strongroom_wire::Arrival;
use tauri::AppHandle;

use crate::watch::Nudge;
use crate::{arrival, windows};

/// How long another start may take to say where it wants to go.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) enum Claim {
    First(Instance),
    /// Another window is there, and was told.
    Second,
}

/// Held as long as the program runs.
#[derive(Debug)]
pub(crate) struct Instance {
    base: PathBuf,
    lock: File,
    socket: UnixListener,
}

impl Instance {
    /// # Errors
    /// In a sentence, where the runtime folder or a file in it is not as it must be.
    pub(crate) fn claim(vault: &Path, arrival: &Arrival) -> Result<Claim, String> {
        let folder = runtime_folder().map_err(|problem| problem.to_string())?;
        // The agent makes it too, and the client refuses one that is not ours alone.
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(problem) if problem.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(format!("the runtime folder cannot be written: {problem}"));
            }
            _ => {}
        }
        claim_in(&folder, vault, arrival).map_err(|problem| {
            format!("the window's lock in the runtime folder cannot be taken: {problem}")
        })
    }

    /// Where the web view keeps its data: in the runtime folder, which lies in memory and goes
    /// with the login, so that nothing of a page comes to stand on a disk.
    pub(crate) fn web_data(&self) -> PathBuf {
        self.base.with_extension("web")
    }

    /// Comes to the front whenever another one is started.
    pub(crate) fn listen(self, app: AppHandle, nudge: Nudge) {
        let listening = move || {
            let Self { lock, socket, .. } = self;
            for caller in socket.incoming() {
                let Ok(caller) = caller else {
                    break;
                };
                nudge.now();
                let (front, arrival) = (app.clone(), heard(caller));
                if app
                    .run_on_main_thread(move || windows::arrive(&front, arrival))
                    .is_err()
                {
                    break;
                }
            }
            drop(lock);
        };
        // Without the thread a second start brings nothing to the front; that is all.
        let _started = std::thread::Builder::new()
            .name("single".to_owned())
            .spawn(listening);
    }
}

fn claim_in(folder: &Path, vault: &Path, arrival: &Arrival) -> std::io::Result<Claim> {
    let base = folder.join(format!("window-{:016x}", fingerprint(vault)));
    let socket = base.with_extension("sock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(base.with_extension("lock"))?;
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut first = UnixStream::connect(&socket)?;
        first.write_all(&serde_json::to_vec(arrival)?)?;
        return Ok(Claim::Second);
    }
    // Left behind by one that was killed: the lock says that nobody listens.
    if let Err(problem) = std::fs::remove_file(&socket)
        && problem.kind() != std::io::ErrorKind::NotFound
    {
        return Err(problem);
    }
    let socket = UnixListener::bind(&socket)?;
    Ok(Claim::First(Instance { base, lock, socket }))
}

/// What the other start said, within a moment and a bound.
fn heard(caller: UnixStream) -> Arrival {
    let mut said = Vec::new();
    let bound = u64::try_from(arrival::MOST_BYTES).unwrap_or(0);
    // Who says nothing in time, or nonsense, still brings the window to the front.
    let _in_time = caller
        .set_read_timeout(Some(PATIENCE))
        .and_then(|()| caller.take(bound).read_to_end(&mut said));
    arrival::parse(&said)
}

/// FNV-1a, 64 bits: tells folders apart in a file's name, nothing more.
fn fingerprint(vault: &Path) -> u64 {
    vault
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_a_vault_is_told_and_another_vault_is_free() {
        let folder = std::env::temp_dir().join(format!("strongroom-single-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let due = Arrival {
            due: true,
            ..Arrival::default()
        };
        let claim = |vault: &str| claim_in(&folder, Path::new(vault), &due).expect("an answer");
        let Claim::First(first) = claim("/a") else {
            panic!("nobody was there");
        };
        assert!(matches!(claim("/a"), Claim::Second));
        let (caller, _) = first.socket.accept().expect("the first was told");
        assert_eq!(heard(caller), due);
        assert!(matches!(claim("/b"), Claim::First(_)));
        drop(first);
        assert!(matches!(claim("/a"), Claim::First(_)), "its place is free");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        // From the reference implementation's test vectors.
        assert_eq!(fingerprint(Path::new("")), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(Path::new("foobar")), 0x8594_4171_f739_67e8);
    }
}
