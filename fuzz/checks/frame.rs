//! What must hold for any bytes on the agent's socket: frames are bounded, and what is taken as a
//! request can be written again. Shared by the fuzz target and the replay of its corpus.

use std::io::Cursor;

use serde_json::Value;
use strongroom_wire::{FrameError, MAX_FRAME, Request, parse_payload, read_frame, write_frame};

pub(crate) fn check(bytes: &[u8]) {
    let mut input = Cursor::new(bytes);
    loop {
        let payload = match read_frame(&mut input) {
            Ok(payload) => payload,
            Err(FrameError::TooLong(length)) => {
                assert!(length > MAX_FRAME);
                return;
            }
            Err(_) => return,
        };
        assert!(
            payload.len() <= MAX_FRAME,
            "a frame over the limit was read"
        );
        if let Ok(request) = parse_payload::<Request<Value>>(&payload) {
            let mut written = Vec::new();
            match write_frame(&mut written, &request) {
                Ok(()) => assert!(written.len() <= MAX_FRAME + 4),
                // Escapes can make a text longer than it was.
                Err(FrameError::TooLong(length)) => assert!(length > MAX_FRAME),
                Err(refused) => panic!("{refused}"),
            }
        }
    }
}
