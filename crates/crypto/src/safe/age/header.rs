//! The header of an age file: its stanzas and its MAC, read strictly, within limits that are looked at
//! before anything is allocated.
//!
//! Deliberately not here: what a stanza of one kind means.

use data_encoding::{BASE64_NOPAD, Encoding};
use strongroom_secret::Key;

use crate::hazmat::{hkdf, mac};

use super::OpenError;

pub(super) const VERSION_LINE: &[u8] = b"age-encryption.org/v1\n";
pub(super) const FILE_KEY_BYTES: usize = 16;
pub(super) const BASE64: Encoding = BASE64_NOPAD;

const ANY_VERSION: &[u8] = b"age-encryption.org/";
const ARMOUR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// Room for as many recipients as a header of ours may have, and then as much again for others'.
const MOST_BYTES: usize = 64 * 1024;
const MOST_STANZAS: usize = 512;
const COLUMNS: usize = 64;
const MAC_BYTES: usize = 32;

/// One recipient's part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stanza<'b> {
    pub(super) kind: &'b str,
    pub(super) args: Vec<&'b str>,
    pub(super) body: Vec<u8>,
}

/// A header whose MAC was not looked at yet.
#[derive(Debug)]
pub(super) struct Header<'b> {
    pub(super) stanzas: Vec<Stanza<'b>>,
    authenticated: &'b [u8],
    mac: [u8; MAC_BYTES],
    /// What follows it: nonce and chunks.
    pub(super) payload: &'b [u8],
}

impl<'b> Header<'b> {
    pub(super) fn parse(file: &'b [u8]) -> Result<Self, OpenError> {
        let Some(rest) = file.strip_prefix(VERSION_LINE) else {
            return Err(if file.starts_with(ARMOUR) {
                OpenError::Armoured
            } else if file.starts_with(ANY_VERSION) {
                OpenError::OtherVersion
            } else {
                OpenError::NotAge
            });
        };
        let mut lines = Lines {
            rest: &rest[..rest.len().min(MOST_BYTES)],
        };
        let mut stanzas = Vec::new();
        loop {
            let line = lines.next()?;
            if let Some(arguments) = line.strip_prefix("-> ") {
                if stanzas.len() == MOST_STANZAS {
                    return Err(OpenError::Header);
                }
                stanzas.push(read_stanza(arguments, &mut lines)?);
                continue;
            }
            let mac = line.strip_prefix("--- ").ok_or(OpenError::Header)?;
            let used = rest.len().min(MOST_BYTES) - lines.rest.len();
            // The MAC covers everything up to and including its own three hyphens.
            let covered = VERSION_LINE.len() + used - "\n".len() - mac.len() - " ".len();
            if stanzas.is_empty() {
                return Err(OpenError::Header);
            }
            return Ok(Self {
                stanzas,
                authenticated: &file[..covered],
                mac: decode_fixed(mac)?,
                payload: &rest[used..],
            });
        }
    }

    pub(super) fn check_mac(&self, file_key: &Key<FILE_KEY_BYTES>) -> Result<(), OpenError> {
        // EXPOSE: input of the derivation.
        let key = hkdf::derive(file_key.expose(), b"", &[b"header"]);
        if mac::plain_ok(&key, self.authenticated, &self.mac) {
            Ok(())
        } else {
            Err(OpenError::Changed)
        }
    }
}

/// Writes a stanza of ours.
pub(super) fn write_stanza(out: &mut Vec<u8>, arguments: &[&str], body: &[u8; 32]) {
    out.extend_from_slice(b"->");
    for argument in arguments {
        out.push(b' ');
        out.extend_from_slice(argument.as_bytes());
    }
    out.push(b'\n');
    // 32 bytes are 43 letters: one line, and a short one, which ends the body.
    out.extend_from_slice(BASE64.encode(body).as_bytes());
    out.push(b'\n');
}

/// Ends a header with its MAC.
pub(super) fn write_mac(out: &mut Vec<u8>, file_key: &Key<FILE_KEY_BYTES>) {
    out.extend_from_slice(b"---");
    // EXPOSE: input of the derivation.
    let key = hkdf::derive(file_key.expose(), b"", &[b"header"]);
    let tag = mac::plain(&key, out);
    out.push(b' ');
    out.extend_from_slice(BASE64.encode(&tag).as_bytes());
    out.push(b'\n');
}

/// Base64 of exactly `N` bytes, in its one spelling.
pub(super) fn decode_fixed<const N: usize>(text: &str) -> Result<[u8; N], OpenError> {
    let mut out = [0; N];
    let fits = BASE64.decode_len(text.len()) == Ok(N);
    match fits && BASE64.decode_mut(text.as_bytes(), &mut out).is_ok() {
        true => Ok(out),
        false => Err(OpenError::Header),
    }
}

fn read_stanza<'b>(arguments: &'b str, lines: &mut Lines<'b>) -> Result<Stanza<'b>, OpenError> {
    let mut words = arguments.split(' ');
    let kind = words.next().ok_or(OpenError::Header)?;
    let args: Vec<&str> = words.collect();
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
    if !std::iter::once(&kind).chain(&args).all(is_word) {
        return Err(OpenError::Header);
    }
    let mut body = Vec::new();
    loop {
        let line = lines.next()?;
        if line.len() > COLUMNS {
            return Err(OpenError::Header);
        }
        let decoded = BASE64.decode(line.as_bytes());
        body.extend_from_slice(&decoded.map_err(|_| OpenError::Header)?);
        // A line that is not full ends the body; a full body is ended by an empty one.
        if line.len() < COLUMNS {
            return Ok(Stanza { kind, args, body });
        }
    }
}

/// Lines of ASCII, each ended by a line feed.
struct Lines<'b> {
    rest: &'b [u8],
}

impl<'b> Lines<'b> {
    fn next(&mut self) -> Result<&'b str, OpenError> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = self.rest.split_at(end.ok_or(OpenError::Header)?);
        self.rest = &rest[1..];
        std::str::from_utf8(line)
            .ok()
            .filter(|line| line.is_ascii())
            .ok_or(OpenError::Header)
    }
}
