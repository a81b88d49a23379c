//! From bytes to text that may be looked at: size, encoding, and where lines begin.
//!
//! Deliberately not here: any format.

use crate::ImportError;

/// Largest source that is read. The largest real configuration seen is under 100 KiB; the limit
/// keeps a wrong file (a database, a log) from costing memory.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Values, lines and cells a source may have: each is accounted for, and a list of more helps nobody.
pub const MAX_LEAVES: usize = 100_000;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// The text of a source, and how many bytes of byte order mark stand before it.
pub(crate) struct Text<'a> {
    pub(crate) body: &'a str,
    /// Bytes before `body`: 3 where a byte order mark was skipped, otherwise 0.
    pub(crate) skipped: usize,
}

pub(crate) fn read_text(bytes: &[u8]) -> Result<Text<'_>, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    if is_utf16(bytes) {
        return Err(ImportError::Utf16);
    }
    let skipped = if bytes.starts_with(UTF8_BOM) {
        UTF8_BOM.len()
    } else {
        0
    };
    let body = std::str::from_utf8(&bytes[skipped..]).map_err(|refused| {
        let offset = skipped + refused.valid_up_to();
        ImportError::NotUtf8 {
            line: line_at(bytes, offset),
            offset,
        }
    })?;
    if body.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(Text { body, skipped })
}

/// A byte order mark of UTF-16, or the zero bytes that plain ASCII has in it. No text format read
/// here has a zero byte in its first characters.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || matches!(bytes, [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0)
        || matches!(bytes, [first, 0, third, 0, ..] if *first != 0 && *third != 0)
}

/// The line (from 1) of a byte offset.
pub(crate) fn line_at(bytes: &[u8], offset: usize) -> u32 {
    let breaks = bytes[..offset]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}

/// Finds the line of an offset without counting from the start each time.
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(body: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            body.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        );
        Self { starts }
    }

    /// The line (from 1) that holds a byte offset of the body.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}
