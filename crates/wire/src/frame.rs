//! Frames: a length and JSON, bounded, refused rather than guessed.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{ErrorCode, Fault};

/// Largest payload of a frame in bytes. Replies that could be longer are paged.
pub const MAX_FRAME: usize = 64 * 1024;

/// Version of the contract. `hello` and `stop` keep their form across versions for ever, so that
/// a new client can always tell an old agent to go.
pub const PROTOCOL: u32 = 1;

/// The first frame of every connection, client to agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub hello: u32,
    /// `cli`, `desktop`, … for the audit log; a hint, never an authorisation.
    pub client: String,
    pub version: String,
}

/// The agent's answer to [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloReply {
    pub hello: u32,
    pub version: String,
    pub pid: u32,
}

/// Tells an agent to go, whatever version it speaks: sent after the hellos in place of a request.
/// The agent finishes the write at hand, locks every vault, answers and ends; the end of the
/// connection says that it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub stop: u32,
}

/// The agent's answer to [`Stop`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopReply {
    pub stopped: u32,
}

/// A request, client to agent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<R> {
    /// Repeated in the reply; unique per connection.
    pub id: u64,
    /// Absolute path of the vault's folder.
    pub vault: String,
    /// A name of the command list.
    pub command: String,
    /// What the command takes.
    pub request: R,
}

/// A reply, agent to client: exactly one of `ok` and `error`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply<R> {
    pub id: u64,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub ok: Option<R>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
}

/// Spelled out, because serde's own default would ask `R` to have one.
fn none<R>() -> Option<R> {
    None
}

impl<R> Reply<R> {
    pub fn new(id: u64, outcome: Result<R, Fault>) -> Self {
        match outcome {
            Ok(reply) => Self {
                id,
                ok: Some(reply),
                error: None,
            },
            Err(fault) => Self {
                id,
                ok: None,
                error: Some(fault),
            },
        }
    }

    /// # Errors
    /// The fault the agent sent, or one of our own if the reply has neither part.
    pub fn into_result(self) -> Result<R, Fault> {
        match (self.ok, self.error) {
            (Some(reply), None) => Ok(reply),
            (_, Some(fault)) => Err(fault),
            (None, None) => Err(Fault::new(
                ErrorCode::Internal,
                "the agent's reply was empty",
            )),
        }
    }
}

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("the other side closed the connection")]
    Closed,
    #[error("a frame of {0} bytes is over the limit of {MAX_FRAME}")]
    TooLong(usize),
    #[error("the frame is not of the expected form: {0}")]
    Malformed(String),
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
}

impl From<FrameError> for Fault {
    fn from(error: FrameError) -> Self {
        Self::new(ErrorCode::Invalid, error.to_string())
    }
}

/// Reads one frame's payload: u32 big-endian length, then that many bytes.
///
/// # Errors
/// [`FrameError::Closed`] at a clean end, [`FrameError::TooLong`] before anything is allocated.
pub fn read_frame(from: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    let mut length = [0; 4];
    if let Err(error) = from.read_exact(&mut length) {
        return Err(match error.kind() {
            io::ErrorKind::UnexpectedEof => FrameError::Closed,
            _ => FrameError::Io(error),
        });
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME {
        return Err(FrameError::TooLong(length));
    }
    let mut payload = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut payload)?;
    Ok(payload)
}

/// Writes one frame in a single call, so that no other thread's bytes stand inside it.
///
/// # Errors
/// [`FrameError::TooLong`] without having written anything.
pub fn write_frame(to: &mut impl Write, message: &impl Serialize) -> Result<(), FrameError> {
    // Sized for the largest frame at once: a buffer that grows would leave copies behind.
    let mut frame = Zeroizing::new(Vec::with_capacity(MAX_FRAME + 4));
    frame.extend_from_slice(&[0; 4]);
    serde_json::to_writer(&mut *frame, message)
        .map_err(|error| FrameError::Malformed(error.to_string()))?;
    let length = frame.len() - 4;
    if length > MAX_FRAME {
        return Err(FrameError::TooLong(length));
    }
    frame[..4].copy_from_slice(&(length as u32).to_be_bytes());
    to.write_all(&frame)?;
    to.flush()?;
    Ok(())
}

/// Reads a payload as JSON. The error names the place, never the value found there.
///
/// # Errors
/// [`FrameError::Malformed`].
pub fn parse_payload<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Result<T, FrameError> {
    serde_json::from_slice(payload).map_err(|error| {
        FrameError::Malformed(match error.classify() {
            serde_json::error::Category::Data => {
                format!(
                    "a field is missing, unknown or of the wrong kind at column {}",
                    error.column()
                )
            }
            _ => format!("not JSON at column {}", error.column()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_went() {
        let mut bytes = Vec::new();
        let hello = Hello {
            hello: PROTOCOL,
            client: "cli".into(),
            version: "0.1.0".into(),
        };
        write_frame(&mut bytes, &hello).expect("fits");
        let payload = read_frame(&mut bytes.as_slice()).expect("whole");
        assert_eq!(parse_payload::<Hello>(&payload).expect("hello"), hello);
    }

    #[test]
    fn too_long_is_refused_on_both_sides_and_cut_short_is_an_error() {
        let long = "x".repeat(MAX_FRAME);
        assert!(matches!(
            write_frame(&mut Vec::new(), &long),
            Err(FrameError::TooLong(_))
        ));
        let mut bytes: &[u8] = &[0xff, 0xff, 0xff, 0xff, 1];
        assert!(matches!(
            read_frame(&mut bytes),
            Err(FrameError::TooLong(_))
        ));
        let mut bytes: &[u8] = &[0, 0, 0, 9, b'{'];
        assert!(matches!(read_frame(&mut bytes), Err(FrameError::Io(_))));
        let mut bytes: &[u8] = &[];
        assert!(matches!(read_frame(&mut bytes), Err(FrameError::Closed)));
    }

    #[test]
    fn unknown_fields_are_refused_without_repeating_their_values() {
        let json = br#"{"id":1,"vault":"/v","command":"status","request":null,"extra":"hunter2"}"#;
        let error = parse_payload::<Request<()>>(json).expect_err("an unknown field");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
