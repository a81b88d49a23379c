//! A child that is started, heard and signalled: `run`'s engine.
//!
//! The child is ourselves for a moment (`run-child`), which asks the kernel to be ended with us and
//! then becomes the command: so a `run` that is killed leaves no process behind that holds keys.
//! Deliberately not here: where the values come from and what they are called.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use signal_hook::consts::{
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};
use strongroom_secret::SecretText;
use strongroom_wire::ErrorCode;

use crate::failure::Failure;
use crate::mask::{Masker, Patterns};

/// A variable for the child.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: SecretText,
}

/// What happens while the child lives.
enum Event {
    Signal(Origin),
    /// A stream has ended.
    Streamed,
    Ended(io::Result<ExitStatus>),
}

const PASSED_ON: [i32; 9] = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGWINCH,
];

/// Runs `command` with the variables in its environment; its output goes through `patterns`, or
/// untouched without them. Gives its exit code, 128+n if signal n ended it.
pub(crate) fn supervise(
    command: &[OsString],
    variables: Vec<Variable>,
    patterns: Option<Patterns>,
) -> Result<ExitCode, Failure> {
    let (events, heard) = channel();
    // Watched before the child exists, so that no signal falls between.
    let signals = SignalsInfo::<WithOrigin>::new(PASSED_ON).map_err(cannot_start)?;
    let mut child = spawn(command, &variables, patterns.is_some()).map_err(cannot_start)?;
    drop(variables);
    let process = open_process(&child)?;

    let mut streams = 0;
    let outputs = child.stdout.take().zip(child.stderr.take());
    if let (Some(patterns), Some((stdout, stderr))) = (patterns, outputs) {
        let patterns = Arc::new(patterns);
        let (shared, told) = (Arc::clone(&patterns), events.clone());
        std::thread::spawn(move || pump(stdout, io::stdout(), &shared, &told));
        let told = events.clone();
        std::thread::spawn(move || pump(stderr, io::stderr(), &patterns, &told));
        streams = 2;
    }
    let told = events.clone();
    std::thread::spawn(move || watch(signals, &told));
    std::thread::spawn(move || events.send(Event::Ended(child.wait())));
    listen(&heard, &process, streams)
}

/// Until the child has ended and what it wrote has been passed on. A terminating signal that
/// comes after its end ends the wait: something the child left behind may hold its output open.
fn listen(
    heard: &Receiver<Event>,
    process: &OwnedFd,
    mut streams: u32,
) -> Result<ExitCode, Failure> {
    let mut status = None;
    while let Ok(event) = heard.recv() {
        match event {
            Event::Signal(origin) => {
                if let (Some(status), SIGINT | SIGTERM | SIGHUP | SIGQUIT) = (status, origin.signal)
                {
                    return Ok(exit_code(status));
                }
                pass_on(&origin, process);
            }
            Event::Streamed => streams -= 1,
            Event::Ended(ended) => status = Some(ended.map_err(cannot_start)?),
        }
        if streams == 0
            && let Some(status) = status
        {
            return Ok(exit_code(status));
        }
    }
    Err(Failure::new(
        ErrorCode::Internal,
        "the command's end was not heard",
    ))
}

fn spawn(command: &[OsString], variables: &[Variable], piped: bool) -> io::Result<Child> {
    let ourselves = std::env::current_exe()?;
    let mut child = Command::new(ourselves);
    child
        .arg("run-child")
        .arg(std::process::id().to_string())
        .arg("--")
        .args(command);
    for variable in variables {
        // EXPOSE: the command is given its keys here; this copy is wiped when it is dropped.
        child.env(&variable.name, OsStr::new(variable.value.expose()));
    }
    if piped {
        child.stdout(Stdio::piped()).stderr(Stdio::piped());
    }
    child.spawn()
}

fn open_process(child: &Child) -> Result<OwnedFd, Failure> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| Failure::new(ErrorCode::Internal, "the child has no number"))?;
    pidfd_open(pid, PidfdFlags::empty()).map_err(|error| cannot_start(error.into()))
}

fn watch(mut signals: SignalsInfo<WithOrigin>, told: &Sender<Event>) {
    for origin in signals.forever() {
        if told.send(Event::Signal(origin)).is_err() {
            return;
        }
    }
}

/// What a key on the terminal sends (Ctrl-C) has reached the child already: it is in the
/// terminal's foreground group, as we are.
fn pass_on(origin: &Origin, process: &OwnedFd) {
    let from_terminal = matches!(origin.cause, Cause::Kernel)
        && matches!(origin.signal, SIGINT | SIGQUIT | SIGWINCH);
    if from_terminal {
        return;
    }
    if let Some(signal) = Signal::from_named_raw(origin.signal) {
        // A child that has just ended takes no more signals, and needs none.
        let _ = pidfd_send_signal(process.as_fd(), signal);
    }
}

fn pump(mut from: impl Read, mut to: impl Write, patterns: &Patterns, told: &Sender<Event>) {
    let mut masker = Masker::new(patterns);
    let mut piece = vec![0; 16 * 1024];
    let mut shown = Vec::new();
    loop {
        let length = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        masker.push(&piece[..length], &mut shown);
        // Whoever read our output has gone: the child learns it as it would without us.
        if to.write_all(&shown).and_then(|()| to.flush()).is_err() {
            drop(from);
            let _ = told.send(Event::Streamed);
            return;
        }
        shown.clear();
    }
    masker.finish(&mut shown);
    let _ = to.write_all(&shown).and_then(|()| to.flush());
    let _ = told.send(Event::Streamed);
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => 128 + signal,
        (None, None) => 1,
    };
    ExitCode::from(u8::try_from(code & 0xff).unwrap_or(1))
}

fn cannot_start(error: io::Error) -> Failure {
    Failure::file("the command cannot be started", &error)
}
