//! A database without its lock: what was decrypted, with what is needed to read it.
//!
//! It is the inner header and the document of version 4, for both generations, behind a mark, the
//! version and the hash of the outer header. Protected values are still encrypted under the key that
//! the inner header holds. It never leaves memory, so its form may change.

use strongroom_secret::SecretBytes;
use zeroize::Zeroizing;

use super::database::Database;
use super::document::{self, Around};
use super::input::{Input, exactly};
use super::stream::{InnerStream, StreamKind};
use super::{KdbxError, MAX_CONTENT_BYTES};

const MARK: &[u8; 8] = b"KDBXopen";

const END: u8 = 0;
const STREAM_KIND: u8 = 1;
const STREAM_KEY: u8 = 2;
const ATTACHMENT: u8 = 3;

/// What stands in front of the document.
pub(super) struct Opened<'a> {
    pub(super) version: (u16, u16),
    pub(super) header_hash: [u8; 32],
    /// Version 3 has these in its outer header; version 4 in what was decrypted.
    pub(super) stream: Option<(u32, &'a [u8])>,
    /// What was decrypted and unpacked.
    pub(super) contents: &'a [u8],
}

impl Opened<'_> {
    pub(super) fn into_bytes(self) -> SecretBytes {
        let mut out = Zeroizing::new(Vec::with_capacity(self.contents.len() + 256));
        out.extend_from_slice(MARK);
        out.extend_from_slice(&self.version.0.to_le_bytes());
        out.extend_from_slice(&self.version.1.to_le_bytes());
        out.extend_from_slice(&self.header_hash);
        if let Some((kind, key)) = self.stream {
            write_inner_header(&mut out, kind, key);
        }
        out.extend_from_slice(self.contents);
        SecretBytes::new(std::mem::take(&mut *out))
    }
}

/// The inner header of a database without attachments.
pub(super) fn write_inner_header(out: &mut Vec<u8>, kind: u32, key: &[u8]) {
    let items: [(u8, &[u8]); 3] = [
        (STREAM_KIND, &kind.to_le_bytes()),
        (STREAM_KEY, key),
        (END, &[]),
    ];
    for (id, value) in items {
        out.push(id);
        let length = u32::try_from(value.len()).expect("stream keys are short");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(value);
    }
}

/// Whether these bytes are what [`unlock`](super::unlock) gives.
pub fn is_opened(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

/// Reads what [`unlock`](super::unlock) gave.
pub fn read(opened: &[u8]) -> Result<Database, KdbxError> {
    // Whatever is not there was not written by KeePass; the file was whole.
    read_checked(opened).map_err(|error| match error {
        KdbxError::Truncated | KdbxError::MalformedHeader => KdbxError::MalformedContent,
        other => other,
    })
}

fn read_checked(opened: &[u8]) -> Result<Database, KdbxError> {
    if opened.len() > MAX_CONTENT_BYTES + 1024 {
        return Err(KdbxError::TooMuchContent);
    }
    let mut input = Input::new(opened);
    if input.array()? != *MARK {
        return Err(KdbxError::NotKdbx);
    }
    let version = (input.u16()?, input.u16()?);
    let header_hash = input.array()?;
    let (mut kind, mut key) = (None, None);
    let mut attachments = Vec::new();
    loop {
        let id = input.u8()?;
        let value = input.counted()?;
        match id {
            END => break,
            STREAM_KIND => kind = Some(u32::from_le_bytes(exactly(value)?)),
            STREAM_KEY => key = Some(value),
            ATTACHMENT => {
                // The first byte says whether KeePass keeps it encrypted in memory.
                let (_, content) = value.split_first().ok_or(KdbxError::MalformedContent)?;
                attachments.push(SecretBytes::new(content.to_vec()));
            }
            _ => return Err(KdbxError::UnknownEncoding),
        }
    }
    let (Some(kind), Some(key)) = (kind, key) else {
        return Err(KdbxError::MalformedContent);
    };
    let mut stream = InnerStream::new(StreamKind::parse(kind)?, key);
    let around = Around {
        header_hash,
        version,
        attachments,
    };
    document::read(input.rest(), &mut stream, around)
}
