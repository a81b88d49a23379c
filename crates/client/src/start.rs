//! Starting the agent, once, however many clients want it at the same moment.
//!
//! Not here: detaching from the terminal and closing what was inherited; the agent does both
//! itself before anything else.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::place::{SOCKET, make_folder};
use crate::{ConnectError, connection};

/// What the program `strongroom` is called with to become the agent in the background.
pub const SERVE_ARGUMENTS: [&str; 2] = ["agent", "--serve"];

/// What to do where no agent runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    Never,
    /// Start this executable, or, without a path, `strongroom` beside the running program.
    IfAbsent(Option<PathBuf>),
}

const PROGRAM: &str = "strongroom";
const START_LOCK: &str = "start.lock";
const DEADLINE: Duration = Duration::from_secs(15);

/// What a starting agent writes to its standard output once its socket listens; it closes it then.
pub const READY: &str = "ready\n";

/// What an agent needs of the environment: the person's folders, display and buses, language and
/// time zone. Nothing else is handed on, so that a key in a shell's environment does not come to
/// stand in a process that lives as long as the login.
const HANDED_ON: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_SYSTEM_BUS_ADDRESS",
    "DISPLAY",
    "HOME",
    "LANG",
    "LANGUAGE",
    "LOGNAME",
    "PATH",
    "TZ",
    "TZDIR",
    "USER",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
];
/// Families of variables that are handed on by their beginning.
const HANDED_ON_PREFIXES: &[&str] = &["XDG_", "LC_"];

/// Connects to an agent that is started if no other client's is there first.
pub(crate) fn start(folder: &Path, executable: Option<&Path>) -> Result<UnixStream, ConnectError> {
    make_folder(folder)?;
    let _lock = take_lock(folder)?;
    // Whoever held the lock before us has probably started one.
    let socket = folder.join(SOCKET);
    if let Some(stream) = connection::try_connect(&socket)? {
        return Ok(stream);
    }
    let mut child = spawn(executable)?;
    let ready = wait_until_ready(&mut child);
    reap_in_background(child);
    ready?;
    connection::try_connect(&socket)?.ok_or(ConnectError::EndedAtStart)
}

/// Waits for the lock of whoever is starting an agent just now, which is held no longer than
/// [`DEADLINE`]. The lock is the file's, so a client that dies leaves none behind.
fn take_lock(folder: &Path) -> Result<File, ConnectError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(folder.join(START_LOCK))?;
    rustix::io::retry_on_intr(|| flock(&file, FlockOperation::LockExclusive))
        .map_err(std::io::Error::from)?;
    Ok(file)
}

/// An agent that ends without the word found no way to serve. One that found another agent alive
/// says the word too, and ends.
fn wait_until_ready(child: &mut Child) -> Result<(), ConnectError> {
    let Some(mut output) = child.stdout.take() else {
        return Err(ConnectError::EndedAtStart);
    };
    let until = Instant::now() + DEADLINE;
    let mut said = Vec::new();
    while said != READY.as_bytes() {
        let left = until.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).map_err(|_| ConnectError::TooSlow)?;
        let mut waited_for = [PollFd::new(&output, PollFlags::IN)];
        match poll(&mut waited_for, Some(&timeout)) {
            Ok(0) => return Err(ConnectError::TooSlow),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(ConnectError::StartFailed(error.into())),
        }
        let mut bytes = [0; 16];
        let length = output.read(&mut bytes).map_err(ConnectError::StartFailed)?;
        said.extend_from_slice(&bytes[..length]);
        if length == 0 || said.len() > READY.len() {
            return Err(ConnectError::EndedAtStart);
        }
    }
    Ok(())
}

fn spawn(executable: Option<&Path>) -> Result<Child, ConnectError> {
    let program = match executable {
        Some(path) => path.to_owned(),
        None => beside_this_program()?,
    };
    let mut command = Command::new(program);
    command
        .args(SERVE_ARGUMENTS)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/");
    for (name, value) in std::env::vars_os() {
        if name.to_str().is_some_and(is_handed_on) {
            command.env(name, value);
        }
    }
    command.spawn().map_err(ConnectError::StartFailed)
}

fn is_handed_on(name: &str) -> bool {
    if cfg!(feature = "test-clock") && FOR_TESTS.contains(&name) {
        return true;
    }
    HANDED_ON.contains(&name)
        || HANDED_ON_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// Only builds for tests know these names.
#[cfg(feature = "test-clock")]
const FOR_TESTS: &[&str] = &["STRONGROOM_TEST_CLOCK_FD", "STRONGROOM_TEST_EXCHANGE"];
#[cfg(not(feature = "test-clock"))]
const FOR_TESTS: &[&str] = &[];

fn beside_this_program() -> Result<PathBuf, ConnectError> {
    let here = std::env::current_exe().map_err(|_| ConnectError::NoExecutable)?;
    if here.file_name().is_some_and(|name| name == PROGRAM) && here.is_file() {
        return Ok(here);
    }
    let beside = here.with_file_name(PROGRAM);
    if beside.is_file() {
        return Ok(beside);
    }
    Err(ConnectError::NoExecutable)
}

/// A client that lives long, such as the window, must not keep a dead agent as a zombie.
fn reap_in_background(mut child: Child) {
    let _ = std::thread::Builder::new()
        .stack_size(64 * 1024)
        .spawn(move || child.wait());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_is_handed_on() {
        for (name, handed_on) in [
            ("DISPLAY", true),
            ("XDG_RUNTIME_DIR", true),
            ("XDG_STATE_HOME", true),
            ("LC_ALL", true),
            ("BINANCE_APIKEY", false),
            ("LD_PRELOAD", false),
            ("SSH_AUTH_SOCK", false),
        ] {
            assert_eq!(is_handed_on(name), handed_on, "{name}");
        }
    }
}
