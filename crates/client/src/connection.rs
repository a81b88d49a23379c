//! One connection: hello, calls, stop.

use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::net::{RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use serde::de::DeserializeOwned;
use strongroom_wire::{
    Command, ErrorCode, Fault, FrameError, Hello, HelloReply, PROTOCOL, Reply, Request, Stop,
    StopReply, parse_payload, read_frame, write_frame,
};

use crate::place::{SOCKET, check_folder};
use crate::{ConnectError, Start, runtime_folder, start};

/// An agent that is alive answers hello and stop at once; it may be starting up.
const HELLO_DEADLINE: Duration = Duration::from_secs(10);
/// The longest act, a verified backup of a large vault on a slow disk, stays far below.
const REPLY_DEADLINE: Duration = Duration::from_secs(15 * 60);
/// A stopping agent first finishes the write at hand.
const STOP_DEADLINE: Duration = Duration::from_secs(30);

/// Who is calling, for the audit log; a hint, never an authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// `cli`, `desktop`, …
    pub client: &'static str,
    pub version: &'static str,
}

/// A connection to the agent of this user.
#[derive(Debug)]
pub struct Connection {
    stream: UnixStream,
    agent: HelloReply,
    last_id: u64,
}

impl Connection {
    /// Connects, starting an agent if `start` says so. An agent older than this program is told
    /// to go and replaced by ours.
    ///
    /// # Errors
    /// [`ConnectError`], each with what to do.
    pub fn open(identity: Identity, start: &Start) -> Result<Self, ConnectError> {
        Self::open_in(&runtime_folder()?, identity, start)
    }

    /// Like [`Connection::open`], with the folder of the socket named.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub fn open_in(folder: &Path, identity: Identity, start: &Start) -> Result<Self, ConnectError> {
        let connection = Self::open_once(folder, identity, start)?;
        let agent = connection.agent.hello;
        if agent == PROTOCOL {
            return Ok(connection);
        }
        if agent > PROTOCOL {
            return Err(ConnectError::NewerAgent { agent });
        }
        if *start == Start::Never {
            return Err(ConnectError::OlderAgent { agent });
        }
        connection.stop()?;
        let connection = Self::open_once(folder, identity, start)?;
        if connection.agent.hello == PROTOCOL {
            Ok(connection)
        } else {
            Err(ConnectError::OldAgentStays)
        }
    }

    /// An agent that is just ending takes a connection and drops it before the hellos, when
    /// nothing was asked of it yet: whoever may start an agent tries once more.
    fn open_once(folder: &Path, identity: Identity, start: &Start) -> Result<Self, ConnectError> {
        match Self::connect(folder, identity, start) {
            Err(error) if *start != Start::Never && error.is_dropped() => {
                Self::connect(folder, identity, start)
            }
            opened => opened,
        }
    }

    fn connect(folder: &Path, identity: Identity, start: &Start) -> Result<Self, ConnectError> {
        let running = if check_folder(folder)? {
            try_connect(&folder.join(SOCKET))?
        } else {
            None
        };
        let stream = match (running, start) {
            (Some(stream), _) => stream,
            (None, Start::Never) => return Err(ConnectError::NotRunning),
            (None, Start::IfAbsent(executable)) => start::start(folder, executable.as_deref())?,
        };
        Self::greet(stream, identity)
    }

    fn greet(mut stream: UnixStream, identity: Identity) -> Result<Self, ConnectError> {
        stream.set_read_timeout(Some(HELLO_DEADLINE))?;
        let hello = Hello {
            hello: PROTOCOL,
            client: identity.client.to_owned(),
            version: identity.version.to_owned(),
        };
        write_frame(&mut stream, &hello)?;
        let agent = first_reply(&mut stream)?;
        stream.set_read_timeout(Some(REPLY_DEADLINE))?;
        Ok(Self {
            stream,
            agent,
            last_id: 0,
        })
    }

    /// What the agent said of itself.
    pub fn agent(&self) -> &HelloReply {
        &self.agent
    }

    /// Whether the agent is still at the other end. Asked before a call that must not be made
    /// twice, by who keeps a connection for long: an agent may end between two calls.
    pub fn is_open(&self) -> bool {
        let mut byte = [0];
        let peeked = rustix::net::recv(
            &self.stream,
            &mut byte,
            RecvFlags::PEEK | RecvFlags::DONTWAIT,
        );
        // Between two calls the agent says nothing: what there is to read is the end, or a
        // refusal that came unasked.
        matches!(peeked, Err(rustix::io::Errno::AGAIN))
    }

    /// Calls a command of the vault in that folder: `call::<command::list>(vault, request)`.
    ///
    /// # Errors
    /// The fault the agent answered, or [`ErrorCode::NoAgent`] if it went away: whether the
    /// command was done is then unknown.
    pub fn call<C: Command>(
        &mut self,
        vault: &Path,
        request: C::Request,
    ) -> Result<C::Reply, Fault> {
        self.exchange::<C>(vault, request, None)
    }

    /// Like [`Connection::call`], with an open file passed beside the request.
    ///
    /// # Errors
    /// As [`Connection::call`].
    pub fn call_with_file<C: Command>(
        &mut self,
        vault: &Path,
        request: C::Request,
        file: BorrowedFd<'_>,
    ) -> Result<C::Reply, Fault> {
        self.exchange::<C>(vault, request, Some(file))
    }

    fn exchange<C: Command>(
        &mut self,
        vault: &Path,
        request: C::Request,
        file: Option<BorrowedFd<'_>>,
    ) -> Result<C::Reply, Fault> {
        self.send::<C>(vault, request, file)?;
        self.receive()
    }

    /// Calls a command for one page after the other. The next page is asked for before the last is
    /// handed to `take`, so that agent and client work at the same time. `P` is the reply as far as
    /// the caller wants it read; `next` makes of it the request for the page that follows.
    ///
    /// # Errors
    /// As [`Connection::call`].
    pub fn call_pages<C: Command, P: DeserializeOwned>(
        &mut self,
        vault: &Path,
        first: C::Request,
        mut next: impl FnMut(&P) -> Option<C::Request>,
        mut take: impl FnMut(P),
    ) -> Result<(), Fault> {
        self.send::<C>(vault, first, None)?;
        loop {
            let page = self.receive()?;
            let following = next(&page);
            let is_last = following.is_none();
            if let Some(request) = following {
                self.send::<C>(vault, request, None)?;
            }
            take(page);
            if is_last {
                return Ok(());
            }
        }
    }

    fn send<C: Command>(
        &mut self,
        vault: &Path,
        request: C::Request,
        file: Option<BorrowedFd<'_>>,
    ) -> Result<(), Fault> {
        let Some(vault) = vault.to_str().filter(|_| vault.is_absolute()) else {
            return Err(Fault::new(
                ErrorCode::Invalid,
                "the vault's folder must be an absolute path in UTF-8",
            ));
        };
        self.last_id += 1;
        let request = Request {
            id: self.last_id,
            vault: vault.to_owned(),
            command: C::NAME.to_owned(),
            request,
        };
        let mut sender = Sender {
            stream: &self.stream,
            file,
        };
        write_frame(&mut sender, &request).map_err(went_away)
    }

    fn receive<R: DeserializeOwned>(&mut self) -> Result<R, Fault> {
        let payload = read_frame(&mut self.stream).map_err(went_away)?;
        let reply: Reply<R> = parse_payload(&payload).map_err(|_| odd_reply())?;
        // Before it could read the request, an agent answers under no number.
        let unnumbered_fault = reply.id == 0 && reply.error.is_some();
        if reply.id != self.last_id && !unnumbered_fault {
            return Err(odd_reply());
        }
        reply.into_result()
    }

    /// Tells the agent to stop and waits until it is gone.
    ///
    /// # Errors
    /// [`ConnectError::TooSlow`] if it is still there after half a minute.
    pub fn stop(mut self) -> Result<(), ConnectError> {
        self.stream.set_read_timeout(Some(STOP_DEADLINE))?;
        write_frame(&mut self.stream, &Stop { stop: PROTOCOL })?;
        match first_reply::<StopReply>(&mut self.stream) {
            // An agent that was going anyway may be gone before it has answered.
            Ok(_) | Err(ConnectError::Frame(FrameError::Closed)) => {}
            Err(error) => return Err(error),
        }
        let until = Instant::now() + STOP_DEADLINE;
        let mut byte = [0];
        while Instant::now() < until {
            match self.stream.read(&mut byte) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        Err(ConnectError::TooSlow)
    }
}

/// Stops the agent of this user, whatever version it is. `false` if none was running.
///
/// # Errors
/// [`ConnectError`].
pub fn stop_running(identity: Identity) -> Result<bool, ConnectError> {
    let folder = runtime_folder()?;
    match Connection::open_once(&folder, identity, &Start::Never) {
        Ok(connection) => connection.stop().map(|()| true),
        Err(ConnectError::NotRunning) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `None` if nothing listens there. Whoever listens must be of our user.
pub(crate) fn try_connect(socket: &Path) -> Result<Option<UnixStream>, ConnectError> {
    let stream = match UnixStream::connect(socket) {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let peer = rustix::net::sockopt::socket_peercred(&stream).map_err(io::Error::from)?;
    if peer.uid != rustix::process::geteuid() {
        return Err(ConnectError::ForeignPeer);
    }
    Ok(Some(stream))
}

/// Reads the answer to a hello or a stop, which may be a refusal: too many connections.
fn first_reply<T: DeserializeOwned>(stream: &mut UnixStream) -> Result<T, ConnectError> {
    let payload = read_frame(stream).map_err(|error| match error {
        FrameError::Io(error) if error.kind() == io::ErrorKind::WouldBlock => ConnectError::TooSlow,
        other => other.into(),
    })?;
    parse_payload::<T>(&payload).map_err(|malformed| {
        match parse_payload::<Reply<strongroom_wire::Nothing>>(&payload) {
            Ok(Reply {
                error: Some(fault), ..
            }) => ConnectError::Refused(fault),
            _ => malformed.into(),
        }
    })
}

/// Writes a frame with a descriptor beside its first byte.
struct Sender<'a> {
    stream: &'a UnixStream,
    file: Option<BorrowedFd<'a>>,
}

impl Write for Sender<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = self.file.take() else {
            return self.stream.write(bytes);
        };
        let files = [file];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !control.push(SendAncillaryMessage::ScmRights(&files)) {
            return Err(io::Error::from(io::ErrorKind::OutOfMemory));
        }
        Ok(sendmsg(
            self.stream,
            &[IoSlice::new(bytes)],
            &mut control,
            SendFlags::NOSIGNAL,
        )?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn went_away(error: FrameError) -> Fault {
    match error {
        FrameError::TooLong(_) | FrameError::Malformed(_) => Fault::from(error),
        FrameError::Closed | FrameError::Io(_) => Fault::new(
            ErrorCode::NoAgent,
            "the agent went away before it answered; look whether the change was made before \
             repeating it",
        ),
    }
}

/// For a reply that is not what the contract says.
pub fn odd_reply() -> Fault {
    Fault::new(
        ErrorCode::ProtocolMismatch,
        "the agent's reply is not of the expected form; stop the agent and try again",
    )
}

#[cfg(test)]
mod tests {
    //! Against agents of other versions and manners, played by a thread.

    use std::fs::DirBuilder;
    use std::os::unix::fs::DirBuilderExt;
    use std::os::unix::net::UnixListener;
    use std::thread::JoinHandle;

    use strongroom_wire::{KeyList, KeyPage, Nothing, StatusView, command};

    use super::*;

    const IDENTITY: Identity = Identity {
        client: "test",
        version: "1",
    };

    struct Played {
        base: tempfile::TempDir,
        thread: JoinHandle<()>,
    }

    impl Played {
        fn agent(play: impl FnOnce(UnixListener) + Send + 'static) -> Self {
            let base = tempfile::tempdir().expect("a folder");
            let folder = base.path().join("strongroom");
            DirBuilder::new().mode(0o700).create(&folder).expect("made");
            let listener = UnixListener::bind(folder.join(SOCKET)).expect("listens");
            let thread = std::thread::spawn(move || play(listener));
            Self { base, thread }
        }

        fn open(&self, start: &Start) -> Result<Connection, ConnectError> {
            Connection::open_in(&self.base.path().join("strongroom"), IDENTITY, start)
        }

        fn ends(self) {
            self.thread.join().expect("played to the end");
        }
    }

    fn greeted(listener: &UnixListener, protocol: u32) -> UnixStream {
        let (mut stream, _) = listener.accept().expect("a client");
        let hello: Hello = parse_payload(&read_frame(&mut stream).expect("hello")).expect("hello");
        assert_eq!((hello.hello, hello.client.as_str()), (PROTOCOL, "test"));
        let reply = HelloReply {
            hello: protocol,
            version: "x".to_owned(),
            pid: 1,
        };
        write_frame(&mut stream, &reply).expect("told");
        stream
    }

    #[test]
    fn a_newer_agent_is_left_alone() {
        let played = Played::agent(|listener| {
            let mut stream = greeted(&listener, PROTOCOL + 1);
            assert!(matches!(read_frame(&mut stream), Err(FrameError::Closed)));
        });
        let refused = played.open(&Start::IfAbsent(None)).expect_err("newer");
        assert!(matches!(refused, ConnectError::NewerAgent { agent } if agent == PROTOCOL + 1));
        assert_eq!(Fault::from(refused).code, ErrorCode::ProtocolMismatch);
        played.ends();
    }

    #[test]
    fn an_older_agent_is_told_to_go_and_ours_is_started() {
        let played = Played::agent(|listener| {
            let mut stream = greeted(&listener, PROTOCOL - 1);
            let stop: Stop =
                parse_payload(&read_frame(&mut stream).expect("a stop")).expect("a stop");
            assert_eq!(stop.stop, PROTOCOL);
            write_frame(&mut stream, &StopReply { stopped: 1 }).expect("told");
            // The socket goes first: the end of the connection says that all of it is done.
            drop(listener);
        });
        // A program that is no agent: that it was started at all is what is looked at.
        let start = Start::IfAbsent(Some("/bin/false".into()));
        let ended = played.open(&start).expect_err("not an agent");
        assert!(matches!(ended, ConnectError::EndedAtStart), "{ended:?}");
        played.ends();
    }

    #[test]
    fn without_leave_to_start_an_older_agent_stays() {
        let played = Played::agent(|listener| {
            let mut stream = greeted(&listener, PROTOCOL - 1);
            assert!(matches!(read_frame(&mut stream), Err(FrameError::Closed)));
        });
        let refused = played.open(&Start::Never).expect_err("older");
        assert!(matches!(refused, ConnectError::OlderAgent { .. }));
        played.ends();
    }

    #[test]
    fn a_refusal_is_told_and_an_agent_that_goes_away_is_no_success() {
        let played = Played::agent(|listener| {
            let (mut stream, _) = listener.accept().expect("a client");
            let fault = Fault::new(ErrorCode::Busy, "too many");
            write_frame(&mut stream, &Reply::<Nothing>::new(0, Err(fault))).expect("told");
            read_frame(&mut stream).expect("hello");

            let mut stream = greeted(&listener, PROTOCOL);
            read_frame(&mut stream).expect("a request");
            drop(stream);

            let mut stream = greeted(&listener, PROTOCOL);
            read_frame(&mut stream).expect("a request");
            let other = Reply::<Nothing>::new(7, Ok(Nothing {}));
            write_frame(&mut stream, &other).expect("told");
        });
        let refused = played.open(&Start::Never).expect_err("busy");
        assert_eq!(Fault::from(refused).code, ErrorCode::Busy);
        for code in [ErrorCode::NoAgent, ErrorCode::ProtocolMismatch] {
            let mut connection = played.open(&Start::Never).expect("greeted");
            let answer: Result<StatusView, Fault> =
                connection.call::<command::status>(Path::new("/v"), Nothing {});
            assert_eq!(answer.expect_err("no answer").code, code);
        }
        played.ends();
    }

    #[test]
    fn who_is_dropped_before_the_hellos_by_an_ending_agent_tries_once_more() {
        let drop_one = |listener: &UnixListener| drop(listener.accept().expect("a client"));
        let played = Played::agent(move |listener| {
            drop_one(&listener);
            let mut stream = greeted(&listener, PROTOCOL);
            assert!(matches!(read_frame(&mut stream), Err(FrameError::Closed)));
            drop_one(&listener);
            drop_one(&listener);
            drop_one(&listener);
        });
        let start = Start::IfAbsent(Some("/bin/false".into()));
        drop(played.open(&start).expect("greeted the second time"));
        let refused = played.open(&start).expect_err("dropped twice");
        assert_eq!(Fault::from(refused).code, ErrorCode::NoAgent);
        let refused = played.open(&Start::Never).expect_err("dropped once");
        assert!(refused.is_dropped(), "{refused:?}");
        played.ends();
    }

    fn page(id: u64, offset: u32, next: Option<u32>) -> Reply<KeyPage> {
        let rows = Vec::new();
        let page = KeyPage {
            rows,
            total: offset,
            next,
        };
        Reply::new(id, Ok(page))
    }

    fn offset_asked(stream: &mut UnixStream) -> (u64, u32) {
        let payload = read_frame(stream).expect("a request");
        let request: Request<KeyList> = parse_payload(&payload).expect("for a page");
        (request.id, request.request.offset)
    }

    fn pages_of(connection: &mut Connection) -> (Result<(), Fault>, Vec<u32>) {
        let request = |offset| KeyList {
            offset,
            ..KeyList::default()
        };
        let mut offsets = Vec::new();
        let outcome = connection.call_pages::<command::list, KeyPage>(
            Path::new("/v"),
            request(0),
            |page| page.next.map(request),
            |page| offsets.push(page.total),
        );
        (outcome, offsets)
    }

    #[test]
    fn the_next_page_is_asked_for_and_pages_come_in_order() {
        let played = Played::agent(|listener| {
            let mut stream = greeted(&listener, PROTOCOL);
            for (offset, next) in [(0, Some(7)), (7, Some(9)), (9, None)] {
                let (id, asked) = offset_asked(&mut stream);
                assert_eq!(asked, offset);
                write_frame(&mut stream, &page(id, offset, next)).expect("told");
            }
            // The second time the agent goes away after the first page.
            let (id, _) = offset_asked(&mut stream);
            write_frame(&mut stream, &page(id, 0, Some(7))).expect("told");
            offset_asked(&mut stream);
        });
        let mut connection = played.open(&Start::Never).expect("greeted");
        assert_eq!(pages_of(&mut connection), (Ok(()), vec![0, 7, 9]));
        let (outcome, offsets) = pages_of(&mut connection);
        assert_eq!(outcome.expect_err("half a list").code, ErrorCode::NoAgent);
        assert_eq!(offsets, [0]);
        played.ends();
    }

    #[test]
    fn nothing_is_sent_for_a_vault_that_is_not_named_absolutely() {
        let played = Played::agent(|listener| {
            let mut stream = greeted(&listener, PROTOCOL);
            assert!(matches!(read_frame(&mut stream), Err(FrameError::Closed)));
        });
        let mut connection = played.open(&Start::Never).expect("greeted");
        let refused = connection.call::<command::status>(Path::new("v"), Nothing {});
        assert_eq!(refused.expect_err("relative").code, ErrorCode::Invalid);
        drop(connection);
        played.ends();
    }

    #[test]
    fn nobody_there_is_said() {
        let base = tempfile::tempdir().expect("a folder");
        let nobody = Connection::open_in(&base.path().join("strongroom"), IDENTITY, &Start::Never);
        assert!(matches!(nobody, Err(ConnectError::NotRunning)));
    }

    #[test]
    fn a_connection_is_open_until_the_agent_ends() {
        let (ours, theirs) = UnixStream::pair().expect("a pair");
        let connection = Connection {
            stream: ours,
            agent: HelloReply {
                hello: PROTOCOL,
                version: "0".to_owned(),
                pid: 1,
            },
            last_id: 0,
        };
        assert!(connection.is_open());
        assert!(connection.is_open(), "looking takes nothing away");
        drop(theirs);
        assert!(!connection.is_open());
    }
}
