//! The network worker as the agent sees it: a child without keys that is asked one thing, has so
//! long for it, and is ended.
//!
//! Deliberately not here: what is asked, and what is made of the report.

use std::io::{self, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use strongroom_wire::{MAX_FRAME, WorkerReport, WorkerTask, parse_payload, write_frame};

/// What the worker needs beside the exchange's own time: to start, to look up, to end.
const BESIDE: Duration = Duration::from_secs(4);

/// The worker did not do its part: it could not be started, took too long, or said something that
/// is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoReport;

/// Asks a new worker and waits for its report, at most for `deadline` and a little.
///
/// # Errors
/// [`NoReport`]; the child is gone then.
pub(crate) fn ask(task: &WorkerTask, deadline: Duration) -> Result<WorkerReport, NoReport> {
    let end = Instant::now() + deadline + BESIDE;
    let mut worker = Worker::start().map_err(|_| NoReport)?;
    worker.hand_over(task)?;
    let frame = worker.frame(end)?;
    parse_payload(&frame).map_err(|_| NoReport)
}

struct Worker(Child);

impl Worker {
    /// This very program, also where its file has been replaced meanwhile.
    fn start() -> io::Result<Self> {
        Command::new("/proc/self/exe")
            .arg("network-worker")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
    }

    /// A pipe has room for a frame, so that nothing waits here for a worker that does not read.
    fn hand_over(&mut self, task: &WorkerTask) -> Result<(), NoReport> {
        let mut input = self.0.stdin.take().ok_or(NoReport)?;
        let _ = rustix::pipe::fcntl_setpipe_size(&input, 2 * MAX_FRAME);
        write_frame(&mut input, task).map_err(|_| NoReport)
    }

    /// The payload of the one frame it writes.
    fn frame(&mut self, end: Instant) -> Result<Vec<u8>, NoReport> {
        let mut output = self.0.stdout.take().ok_or(NoReport)?;
        let mut length = [0; 4];
        read_until(&mut output, &mut length, end)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_FRAME {
            return Err(NoReport);
        }
        let mut payload = vec![0; length];
        read_until(&mut output, &mut payload, end)?;
        Ok(payload)
    }
}

/// Whatever it is at, it has nothing that would be lost.
impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn read_until(from: &mut ChildStdout, into: &mut [u8], end: Instant) -> Result<(), NoReport> {
    let mut filled = 0;
    while filled < into.len() {
        let left = end.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).map_err(|_| NoReport)?;
        let mut waited = [PollFd::new(from, PollFlags::IN)];
        match poll(&mut waited, Some(&timeout)) {
            Ok(0) => return Err(NoReport),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return Err(NoReport),
        }
        match from.read(&mut into[filled..]) {
            Ok(0) => return Err(NoReport),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(NoReport),
        }
    }
    Ok(())
}
