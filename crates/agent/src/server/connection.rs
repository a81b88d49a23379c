//! One client from its hello to its end.

use std::os::unix::net::UnixStream;
use std::sync::Arc;

use serde_json::value::RawValue;
use strongroom_wire::{
    ErrorCode, Fault, FrameError, Hello, HelloReply, Nothing, PROTOCOL, Reply, Request, Stop,
    StopReply, parse_payload, write_frame,
};

use super::{Peer, Server, frames};
use crate::router::{Handler, dispatch};

/// Names are for the audit log; nobody needs a longer one.
const MAX_NAME: usize = 32;

/// Talks to one client until it goes, misbehaves, or the agent ends.
pub(crate) fn serve(
    server: &Server,
    handler: &impl Handler,
    stream: &Arc<UnixStream>,
    connection: u64,
    pid: i32,
) {
    let hello = match greet(server, stream) {
        Ok(hello) => hello,
        Err(error) => return say(stream, error),
    };
    let peer = Peer {
        connection,
        pid,
        client: shortened(&hello.client),
        version: shortened(&hello.version),
    };
    let ended = converse(server, handler, stream, &peer, hello.hello == PROTOCOL);
    handler.closed(&peer);
    if let Err(error) = ended {
        say(stream, error);
    }
}

/// Refuses a client that has too many connections, or that comes when all are taken.
pub(crate) fn refuse_one_more(mut stream: &UnixStream) {
    let fault = Fault::new(
        ErrorCode::Busy,
        "too many connections to the agent; close some and try again",
    );
    let _ = write_frame(&mut stream, &Reply::<Nothing>::new(0, Err(fault)));
}

fn greet(server: &Server, mut stream: &UnixStream) -> Result<Hello, FrameError> {
    let deadlines = server.deadlines;
    let first = frames::read(stream, Some(deadlines.hello), deadlines.frame)?;
    let hello: Hello = parse_payload(&first.payload)?;
    let reply = HelloReply {
        hello: PROTOCOL,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
    };
    write_frame(&mut stream, &reply)?;
    Ok(hello)
}

/// With a client of another protocol only the stop is understood.
fn converse(
    server: &Server,
    handler: &impl Handler,
    shared: &Arc<UnixStream>,
    peer: &Peer,
    same_protocol: bool,
) -> Result<(), FrameError> {
    let mut stream: &UnixStream = shared;
    loop {
        let incoming = frames::read(stream, None, server.deadlines.frame)?;
        if parse_payload::<Stop>(&incoming.payload).is_ok() {
            write_frame(
                &mut stream,
                &StopReply {
                    stopped: std::process::id(),
                },
            )?;
            server.request_stop(shared);
            continue;
        }
        if !same_protocol {
            return Err(FrameError::Malformed(
                "this agent speaks another protocol".to_owned(),
            ));
        }
        let request: Request<&RawValue> = parse_payload(&incoming.payload)?;
        dispatch(handler, peer, &request, incoming.file, &mut |reply| {
            reply.write(&mut stream)
        })?;
        drop(incoming.payload);
        // A request may have carried a password, and this thread may idle for hours.
        strongroom_secret::wipe_dead_stack();
    }
}

/// Tells a client why it is let go, where there is anybody to tell.
fn say(mut stream: &UnixStream, error: FrameError) {
    if matches!(error, FrameError::TooLong(_) | FrameError::Malformed(_)) {
        let _ = write_frame(&mut stream, &Reply::<Nothing>::new(0, Err(error.into())));
    }
}

fn shortened(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_ascii_graphic())
        .take(MAX_NAME)
        .collect()
}
