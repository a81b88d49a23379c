//! Reading a frame from the socket with a deadline once it has started, and the descriptor that
//! may stand beside it.

use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recv, recvmsg};
use strongroom_wire::{FrameError, MAX_FRAME};
use zeroize::Zeroizing;

/// One frame as it came.
pub(crate) struct Incoming {
    /// Wiped when dropped: it may carry a password.
    pub(crate) payload: Zeroizing<Vec<u8>>,
    pub(crate) file: Option<OwnedFd>,
}

/// Reads one frame. It may begin whenever the client likes, or within `first` if that is given;
/// once begun it must be whole within `rest`.
///
/// # Errors
/// [`FrameError::Closed`] at a clean end or after too long a wait, [`FrameError::TooLong`] before
/// anything is allocated.
pub(crate) fn read(
    stream: &UnixStream,
    first: Option<Duration>,
    rest: Duration,
) -> Result<Incoming, FrameError> {
    if let Some(first) = first {
        wait_readable(stream, Instant::now() + first)?;
    }
    let mut length = [0; 4];
    let (begun, file) = begin(stream, &mut length)?;
    let until = Instant::now() + rest;
    fill(stream, &mut length[begun..], until)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME {
        return Err(FrameError::TooLong(length));
    }
    let mut payload = Zeroizing::new(vec![0; length]);
    fill(stream, &mut payload, until)?;
    Ok(Incoming { payload, file })
}

/// The first bytes, with what was passed beside them.
fn begin(stream: &UnixStream, bytes: &mut [u8]) -> Result<(usize, Option<OwnedFd>), FrameError> {
    // Room for several, so that a client that sends more than one is seen and not cut short.
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::io::retry_on_intr(|| {
        recvmsg(
            stream,
            &mut [IoSliceMut::new(bytes)],
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        )
    })
    .map_err(io::Error::from)?;
    let mut files: Vec<OwnedFd> = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(files) => Some(files),
            _ => None,
        })
        .flatten()
        .collect();
    if received.bytes == 0 {
        return Err(FrameError::Closed);
    }
    if files.len() > 1 {
        return Err(FrameError::Malformed(
            "more than one descriptor beside a frame".to_owned(),
        ));
    }
    Ok((received.bytes, files.pop()))
}

/// Fills `bytes` or gives up at the deadline. Descriptors that arrive in the middle of a frame are
/// not asked for, so the system closes them.
fn fill(stream: &UnixStream, mut bytes: &mut [u8], until: Instant) -> Result<(), FrameError> {
    while !bytes.is_empty() {
        match recv(stream, &mut *bytes, RecvFlags::DONTWAIT) {
            Ok((_, 0)) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok((_, length)) => bytes = &mut bytes[length..],
            Err(Errno::AGAIN) => wait_readable(stream, until)?,
            Err(Errno::INTR) => {}
            Err(error) => return Err(io::Error::from(error).into()),
        }
    }
    Ok(())
}

fn wait_readable(stream: &UnixStream, until: Instant) -> Result<(), FrameError> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let timeout =
            Timespec::try_from(left).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        match poll(&mut [PollFd::new(stream, PollFlags::IN)], Some(&timeout)) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(io::Error::from(error).into()),
        }
    }
}
