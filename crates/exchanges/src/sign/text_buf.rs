//! A text that grows, and is wiped when dropped.
//!
//! Deliberately not here: what is written into it, and any escaping.

use std::ops::Range;

use zeroize::Zeroize as _;

/// UTF-8, held as bytes: digits and plain queries are written where they stay. Put together
/// elsewhere first, looked through for being text and copied, they cost as much again beside a MAC.
#[derive(Default)]
pub(crate) struct TextBuf(Vec<u8>);

impl TextBuf {
    /// With room for a text of a length: growing beyond costs time and leaves a copy behind to the
    /// allocator.
    pub(crate) fn with_room(length: usize) -> Self {
        Self(Vec::with_capacity(length))
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    #[inline]
    pub(crate) fn push(&mut self, one: char) {
        self.push_str(one.encode_utf8(&mut [0; 4]));
    }

    /// Appends ASCII: `write` is given `most` bytes, all zero, and says how many of them it used.
    ///
    /// # Panics
    /// In a debug build, if what it wrote is not ASCII.
    #[inline]
    pub(crate) fn write_ascii(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let from = self.0.len();
        self.0.resize(from + most, 0);
        let used = write(&mut self.0[from..]);
        self.0.truncate(from + used);
        debug_assert!(self.0[from..].is_ascii());
    }

    /// Appends a part of itself once more.
    pub(crate) fn push_again(&mut self, part: Range<usize>) {
        self.0.extend_from_within(part);
    }

    /// Takes back what was written since a place.
    pub(crate) fn truncate(&mut self, to: usize) {
        self.0.truncate(to);
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A part that begins and ends where something was appended.
    pub(crate) fn at(&self, part: Range<usize>) -> &str {
        std::str::from_utf8(&self.0[part]).expect("texts and ASCII were appended")
    }

    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        self.at(0..self.len())
    }
}

impl Drop for TextBuf {
    fn drop(&mut self) {
        // All of it is room then, which is wiped in one piece.
        self.0.clear();
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_back() {
        let mut text = TextBuf::with_room(4);
        text.push_str("aé");
        text.push('１');
        text.write_ascii(8, |bytes| {
            assert_eq!(bytes, [0; 8]);
            bytes[..3].copy_from_slice(b"xyz");
            2
        });
        text.push_again(0..3);
        assert_eq!(text.as_str(), "aé１xyaé");
        text.truncate(3);
        assert_eq!(text.as_str(), "aé");
    }
}
