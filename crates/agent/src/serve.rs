//! Becoming the agent, and ending as one.
//!
//! The order matters: the tests' clock is opened before inherited descriptors are closed, the
//! process is hardened before anything is read, and the socket is removed after every vault is
//! locked.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use rustix::fs::Mode as FileMode;
use strongroom_secret::{close_inherited_descriptors, harden_process, keep_one_arena};
use strongroom_vault::ports::{OsEntropy, Ports};

use crate::ServeError;
use crate::agent::{Agent, Parts};
use crate::platform::{
    Alarm, DesktopNotifier, SecretServiceKeyring, SessionEvent, StateFolders, SystemClock,
    watch_session,
};
use crate::scheduler;
use crate::server::{Deadlines, Server, listen};

/// Whether somebody looks at the agent's terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Started by a person or by systemd: stays in its session.
    Foreground,
    /// Started by a client: leaves its session, says `ready` on standard output once the socket
    /// listens, and closes it.
    Background,
}

/// What an agent is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The folder of the socket, as the client's `runtime_folder` finds it.
    pub runtime_folder: PathBuf,
    pub mode: Mode,
}

/// Serves until a client or a signal asks for the end. Call it first in a process that does
/// nothing else, before any thread is started and any file is opened.
///
/// # Errors
/// [`ServeError`]. In the background an agent that is running already is no error: whoever wanted
/// one has it.
pub fn serve(options: &Options) -> Result<(), ServeError> {
    let clock = SystemClock::open();
    close_inherited_descriptors(clock.descriptor());
    keep_one_arena();
    let hardened = harden_process();
    rustix::process::umask(FileMode::from_raw_mode(0o077));
    quiet_panics();
    if options.mode == Mode::Background {
        // A process that leads a group already keeps its session; nothing else depends on it.
        let _ = rustix::process::setsid();
    }
    std::env::set_current_dir("/")?;

    let listening = match listen(&options.runtime_folder) {
        Err(ServeError::AlreadyRunning) if options.mode == Mode::Background => {
            return Ok(say_ready()?);
        }
        other => other?,
    };
    let server = Server::new(Deadlines::default())?;
    for signal in [
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGHUP,
    ] {
        signal_hook::low_level::pipe::register(signal, server.stop_writer()?)?;
    }
    let folders = StateFolders::from_environment().ok_or(ServeError::NoHome)?;
    let alarm = Arc::new(Alarm::new()?);
    let (events_to, events_from) = std::sync::mpsc::channel();
    let tell = Arc::clone(&alarm);
    let events = watch_session(Arc::new(move |event: SessionEvent| {
        let (done, wait) = std::sync::mpsc::channel::<()>();
        if events_to.send((event, done)).is_ok() {
            tell.tell();
            // Suspend is held back until the vaults are locked, and no longer than logind waits.
            let _ = wait.recv_timeout(std::time::Duration::from_secs(4));
        }
    }));
    let keyring = Arc::new(SecretServiceKeyring::default());
    let agent = Arc::new(Agent::new(Parts {
        ports: Ports {
            clock,
            keyring: keyring.clone(),
            entropy: Arc::new(OsEntropy),
        },
        folders,
        keyring,
        notifier: Arc::new(DesktopNotifier::default()),
        events,
        alarm,
        hardened,
    }));
    let scheduler = scheduler::start(&agent, events_from)?;
    if options.mode == Mode::Background {
        say_ready()?;
    }
    let outcome = server.run(&listening.listener, &agent);
    scheduler.stop();
    drop(listening);
    // Whoever asked for the end sees its connection close now that everything is done.
    drop(server);
    Ok(outcome?)
}

/// Tells the client that started this process, then lets go of everything it gave.
fn say_ready() -> io::Result<()> {
    let mut output = io::stdout().lock();
    // A client that has died meanwhile is no reason not to serve.
    let _ = output.write_all(b"ready\n").and_then(|()| output.flush());
    let nowhere = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nowhere)?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    rustix::stdio::dup2_stderr(&nowhere)?;
    Ok(())
}

/// A panic's message may quote what it was about; only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(|| "somewhere".to_owned(), ToString::to_string);
        let _ = writeln!(io::stderr(), "strongroom agent: a defect at {place}");
    }));
}
