//! The socket: who may connect, how many, and until when.
//!
//! Not here: what a command means (the router's handlers) and how frames are read
//! (`connection.rs`).

mod connection;
mod frames;
mod listener;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

pub(crate) use listener::listen;

use crate::router::Handler;

/// Connections of one client process.
pub(crate) const MAX_PER_PROCESS: usize = 16;
/// Connections in all.
pub(crate) const MAX_IN_ALL: usize = 64;
/// Enough for a handler inside SQLCipher; only what is touched is ever resident.
const STACK: usize = 1024 * 1024;
/// How long a stopping agent waits for clients to take their last reply.
const DRAIN: Duration = Duration::from_secs(5);

/// Who is at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Unique in this agent's life; what a grace, a plan or an enrolment is bound to.
    pub(crate) connection: u64,
    pub(crate) pid: i32,
    /// `cli`, `desktop`, … as it named itself: a hint, never an authorisation.
    pub(crate) client: String,
    pub(crate) version: String,
}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    /// For the first frame after connecting.
    pub(crate) hello: Duration,
    /// From the first byte of a frame to its last.
    pub(crate) frame: Duration,
    /// For taking a reply.
    pub(crate) reply: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(10),
            frame: Duration::from_secs(10),
            reply: Duration::from_secs(10),
        }
    }
}

/// The connections that are open, and whether the agent is about to end.
#[derive(Debug)]
pub(crate) struct Server {
    open: Mutex<Open>,
    /// Told whenever a connection ends.
    fewer: Condvar,
    /// Readable once the agent is to end; the other half is written by a client's stop or by a
    /// signal.
    stop: UnixStream,
    stop_writer: UnixStream,
    deadlines: Deadlines,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    streams: HashMap<u64, (i32, Arc<UnixStream>)>,
    /// Clients that asked for the end. Their connections are the last to close: the end of one
    /// says that the agent is gone.
    stopped_by: Vec<Arc<UnixStream>>,
}

impl Server {
    pub(crate) fn new(deadlines: Deadlines) -> io::Result<Arc<Self>> {
        let (stop, stop_writer) = UnixStream::pair()?;
        stop_writer.set_nonblocking(true)?;
        Ok(Arc::new(Self {
            open: Mutex::default(),
            fewer: Condvar::new(),
            stop,
            stop_writer,
            deadlines,
        }))
    }

    /// What a signal handler writes a byte to when the agent is to end.
    pub(crate) fn stop_writer(&self) -> io::Result<UnixStream> {
        self.stop_writer.try_clone()
    }

    /// Takes connections until somebody asks for the end, then waits until everybody has their
    /// reply. Every vault is locked when this returns.
    ///
    /// # Errors
    /// The socket itself failed.
    pub(crate) fn run<H: Handler + 'static>(
        self: &Arc<Self>,
        listener: &UnixListener,
        handler: &Arc<H>,
    ) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        while self.wait_for_client(listener)? {
            match listener.accept() {
                Ok((stream, _)) => self.admit(stream, handler),
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        handler.stop();
        self.drain();
        // Somebody may have unlocked while the others were locked.
        handler.stop();
        Ok(())
    }

    /// Asks for the end; returns at once. The connection that asked closes when everything is
    /// done.
    fn request_stop(&self, asked_by: &Arc<UnixStream>) {
        self.open().stopped_by.push(Arc::clone(asked_by));
        // A full pipe says that the end has been asked for often enough.
        let _ = (&self.stop_writer).write(&[1]);
    }

    /// `false` when the agent is to end.
    fn wait_for_client(&self, listener: &UnixListener) -> io::Result<bool> {
        loop {
            let mut waited_for = [
                PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN),
                PollFd::from_borrowed_fd(self.stop.as_fd(), PollFlags::IN),
            ];
            match poll(&mut waited_for, None) {
                Ok(_) => return Ok(waited_for[1].revents().is_empty()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn admit<H: Handler + 'static>(self: &Arc<Self>, stream: UnixStream, handler: &Arc<H>) {
        // A socket that cannot say who is there is not talked to.
        let Ok(credentials) = rustix::net::sockopt::socket_peercred(&stream) else {
            return;
        };
        if credentials.uid != rustix::process::geteuid() {
            return;
        }
        let ready = stream
            .set_nonblocking(false)
            .and_then(|()| stream.set_write_timeout(Some(self.deadlines.reply)));
        if ready.is_err() {
            return;
        }
        let stream = Arc::new(stream);
        let pid = credentials.pid.as_raw_nonzero().get();
        let Some(number) = self.register(pid, &stream) else {
            connection::refuse_one_more(&stream);
            return;
        };
        let server = Arc::clone(self);
        let handler = Arc::clone(handler);
        let started = std::thread::Builder::new()
            .name("connection".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                let _entry = Entry {
                    server: &server,
                    number,
                };
                connection::serve(&server, &*handler, &stream, number, pid);
            });
        if started.is_err() {
            self.forget(number);
        }
    }

    /// `None` if there are as many connections as may be.
    fn register(&self, pid: i32, stream: &Arc<UnixStream>) -> Option<u64> {
        let mut open = self.open();
        let of_this_process = open.streams.values().filter(|(of, _)| *of == pid).count();
        if open.streams.len() >= MAX_IN_ALL || of_this_process >= MAX_PER_PROCESS {
            return None;
        }
        open.last += 1;
        let number = open.last;
        open.streams.insert(number, (pid, Arc::clone(stream)));
        Some(number)
    }

    fn forget(&self, number: u64) {
        self.open().streams.remove(&number);
        self.fewer.notify_all();
    }

    /// Ends the reading side of every connection and waits for the running replies.
    fn drain(&self) {
        let until = Instant::now() + DRAIN;
        let mut open = self.open();
        for (_, stream) in open.streams.values() {
            let _ = stream.shutdown(Shutdown::Read);
        }
        while !open.streams.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            open = self
                .fewer
                .wait_timeout(open, left)
                .map_or_else(|poisoned| poisoned.into_inner().0, |(open, _)| open);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // What stands in the map is whole between any two statements that could panic.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets a connection however its thread ends.
struct Entry<'a> {
    server: &'a Server,
    number: u64,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.server.forget(self.number);
    }
}

/// Failures of one client's connection that say nothing about the socket.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock
            | io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    ) || matches!(
        Errno::from_io_error(error),
        Some(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM)
    )
}
