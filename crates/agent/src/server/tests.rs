//! The socket's rules, against a handler that answers what the test tells it to.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use strongroom_wire as wire;
use strongroom_wire::{
    ErrorCode, Fault, Hello, HelloReply, PROTOCOL, Reply, Stop, StopReply, parse_payload,
    read_frame, write_frame,
};

use super::{Deadlines, MAX_IN_ALL, MAX_PER_PROCESS, Peer, Server, listen};
use crate::ServeError;
use crate::router::{Call, Handler};

/// Answers every command with a fault that names it, panics at `lock`, and records what ended.
#[derive(Default)]
struct Fake {
    closed: Mutex<Vec<u64>>,
    stopped: Mutex<bool>,
    file: Mutex<String>,
}

macro_rules! fake {
    ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
        impl Handler for Fake {
            $(fn $name(&self, call: Call<'_>, _: wire::$request) -> Result<wire::$reply, Fault> {
                self.answer(stringify!($name), call)
            })*
            fn closed(&self, peer: &Peer) {
                self.closed.lock().expect("whole").push(peer.connection);
            }
            fn stop(&self) {
                *self.stopped.lock().expect("whole") = true;
            }
        }
    };
}
wire::for_each_command!(fake);

impl Fake {
    fn answer<R>(&self, command: &str, call: Call<'_>) -> Result<R, Fault> {
        assert_ne!(command, "lock", "told to panic");
        if let Some(file) = call.file {
            std::fs::File::from(file)
                .read_to_string(&mut self.file.lock().expect("whole"))
                .expect("readable");
        }
        Err(Fault::new(
            ErrorCode::NotFound,
            format!("{command} in {}", call.vault.display()),
        ))
    }
}

struct Running {
    base: tempfile::TempDir,
    fake: Arc<Fake>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start() -> Self {
        let base = tempfile::tempdir().expect("a folder");
        let folder = base.path().join("strongroom");
        let listening = listen(&folder).expect("listens");
        let fake = Arc::new(Fake::default());
        let handler = Arc::clone(&fake);
        let thread = std::thread::spawn(move || {
            let deadlines = Deadlines {
                hello: Duration::from_millis(200),
                frame: Duration::from_millis(200),
                reply: Duration::from_secs(5),
            };
            let server = Server::new(deadlines).expect("a server");
            server.run(&listening.listener, &handler).expect("runs");
            drop(listening);
        });
        Self {
            base,
            fake,
            thread: Some(thread),
        }
    }

    fn socket(&self) -> PathBuf {
        self.base.path().join("strongroom/agent.sock")
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.socket()).expect("connects");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a timeout");
        stream
    }

    fn greeted(&self, protocol: u32) -> UnixStream {
        let mut stream = self.connect();
        let hello = Hello {
            hello: protocol,
            client: "test".into(),
            version: "1".into(),
        };
        write_frame(&mut stream, &hello).expect("sent");
        let reply: HelloReply = parse(&mut stream);
        assert_eq!(reply.hello, PROTOCOL);
        stream
    }

    fn stop(&mut self) {
        let mut stream = self.greeted(PROTOCOL + 1);
        write_frame(&mut stream, &Stop { stop: PROTOCOL + 1 }).expect("sent");
        let _: StopReply = parse(&mut stream);
        assert_eq!(ends(&mut stream), "");
        self.thread
            .take()
            .expect("running")
            .join()
            .expect("ended well");
    }
}

fn parse<T: serde::de::DeserializeOwned>(stream: &mut UnixStream) -> T {
    parse_payload(&read_frame(stream).expect("a frame")).expect("of that form")
}

fn send(stream: &mut UnixStream, json: &str) {
    let mut frame = u32::try_from(json.len())
        .expect("short")
        .to_be_bytes()
        .to_vec();
    frame.extend_from_slice(json.as_bytes());
    stream.write_all(&frame).expect("sent");
}

fn fault(stream: &mut UnixStream) -> (u64, ErrorCode, String) {
    let reply: Reply<wire::Nothing> = parse(stream);
    let fault = reply.error.expect("a fault");
    (reply.id, fault.code, fault.message)
}

/// Whatever comes until the other side closes.
fn ends(stream: &mut UnixStream) -> String {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("closed, not cut");
    String::from_utf8_lossy(&rest).into_owned()
}

#[test]
fn a_request_reaches_its_handler_and_what_is_odd_is_answered() {
    let mut running = Running::start();
    let mut stream = running.greeted(PROTOCOL);
    for (json, id, code, part) in [
        (
            r#"{"id":1,"vault":"/v","command":"status","request":{}}"#,
            1,
            ErrorCode::NotFound,
            "status in /v",
        ),
        (
            r#"{"id":2,"vault":"/v","command":"format_disk","request":{}}"#,
            2,
            ErrorCode::Invalid,
            "no such command",
        ),
        (
            r#"{"id":3,"vault":"/v","command":"status","request":{"all":true}}"#,
            3,
            ErrorCode::Invalid,
            "unknown",
        ),
        (
            r#"{"id":4,"vault":"v","command":"status","request":{}}"#,
            4,
            ErrorCode::Invalid,
            "absolute",
        ),
        (
            r#"{"id":5,"vault":"/v","command":"lock","request":{}}"#,
            5,
            ErrorCode::Internal,
            "defect",
        ),
        (
            r#"{"id":6,"vault":"/v","command":"status","request":{}}"#,
            6,
            ErrorCode::NotFound,
            "status in /v",
        ),
    ] {
        send(&mut stream, json);
        let (answered, found, message) = fault(&mut stream);
        assert_eq!((answered, found), (id, code), "{json}: {message}");
        assert!(message.contains(part), "{json}: {message}");
    }
    // A field of the envelope that nobody knows ends the connection: what else would be wrong?
    send(
        &mut stream,
        r#"{"id":7,"vault":"/v","command":"status","request":{},"as":"root"}"#,
    );
    assert_eq!(fault(&mut stream).1, ErrorCode::Invalid);
    assert_eq!(ends(&mut stream), "");
    running.stop();
    assert!(running.fake.closed.lock().expect("whole").contains(&1));
    assert!(*running.fake.stopped.lock().expect("whole"));
    assert!(!running.socket().exists());
}

#[test]
fn frames_that_are_too_long_or_stop_in_the_middle_end_the_connection() {
    let mut running = Running::start();
    let mut stream = running.greeted(PROTOCOL);
    stream.write_all(&[0, 1, 0, 1]).expect("sent");
    assert_eq!(fault(&mut stream).1, ErrorCode::Invalid);
    assert_eq!(ends(&mut stream), "");
    for started in [&[0, 0][..], &[0, 0, 0, 9, b'{'][..]] {
        let mut stream = running.greeted(PROTOCOL);
        stream.write_all(started).expect("sent");
        assert_eq!(ends(&mut stream), "", "{started:?}");
    }
    let mut silent = running.connect();
    assert_eq!(ends(&mut silent), "");
    running.stop();
}

#[test]
fn another_protocol_is_told_ours_and_may_only_stop() {
    let mut running = Running::start();
    let mut stream = running.greeted(PROTOCOL + 1);
    send(
        &mut stream,
        r#"{"id":1,"vault":"/v","command":"status","request":{}}"#,
    );
    assert_eq!(fault(&mut stream).1, ErrorCode::Invalid);
    running.stop();
}

#[test]
fn one_connection_more_than_a_process_may_have_is_refused_until_one_ends() {
    let mut running = Running::start();
    let mut held: Vec<_> = (0..MAX_PER_PROCESS)
        .map(|_| running.greeted(PROTOCOL))
        .collect();
    assert!(held.len() < MAX_IN_ALL);
    let mut refused = running.connect();
    assert_eq!(fault(&mut refused).1, ErrorCode::Busy);
    held.truncate(MAX_PER_PROCESS - 2);
    // The agent sees the end of a connection in its own time.
    let until = std::time::Instant::now() + Duration::from_secs(10);
    while running.fake.closed.lock().expect("whole").len() < 2 {
        assert!(std::time::Instant::now() < until, "the ends were not seen");
        std::thread::yield_now();
    }
    drop(held);
    running.stop();
}

#[test]
fn a_file_beside_a_request_reaches_its_handler() {
    let mut running = Running::start();
    let stream = running.greeted(PROTOCOL);
    let path = running.base.path().join("keys.json");
    std::fs::write(&path, "content").expect("written");
    let file = std::fs::File::open(&path).expect("opened");
    let files = [std::os::fd::AsFd::as_fd(&file)];
    let json = br#"{"id":1,"vault":"/v","command":"status","request":{}}"#;
    let mut frame = u32::try_from(json.len())
        .expect("short")
        .to_be_bytes()
        .to_vec();
    frame.extend_from_slice(json);
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = rustix::net::SendAncillaryBuffer::new(&mut space);
    assert!(control.push(rustix::net::SendAncillaryMessage::ScmRights(&files)));
    rustix::net::sendmsg(
        &stream,
        &[std::io::IoSlice::new(&frame)],
        &mut control,
        rustix::net::SendFlags::empty(),
    )
    .expect("sent");
    assert_eq!(fault(&mut { stream }).1, ErrorCode::NotFound);
    assert_eq!(*running.fake.file.lock().expect("whole"), "content");
    running.stop();
}

#[test]
fn one_agent_a_user_and_a_stale_socket_is_replaced() {
    let mut running = Running::start();
    let folder = running.base.path().join("strongroom");
    assert!(matches!(listen(&folder), Err(ServeError::AlreadyRunning)));
    running.stop();
    drop(std::os::unix::net::UnixListener::bind(folder.join("agent.sock")).expect("stale"));
    let listening = listen(&folder).expect("the stale socket is replaced");
    assert_eq!(mode(&folder.join("agent.sock")), 0o600);
    assert_eq!(mode(&folder), 0o700);
    drop(listening);
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).expect("there").permissions().mode() & 0o777
}
