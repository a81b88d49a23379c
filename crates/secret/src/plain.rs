//! Owned secrets on the heap.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// Secret bytes of any length.
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same bytes as text, or `None` if they are not UTF-8. The bytes are moved, not copied.
    pub fn into_text(mut self) -> Option<SecretText> {
        String::from_utf8(std::mem::take(&mut self.0))
            .map_err(|refused| refused.into_bytes().zeroize())
            .ok()
            .map(SecretText::new)
    }

    /// Compares in time that depends on the lengths alone.
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Drop for SecretBytes {
    /// As slices, which are wiped as fast as memory goes: a vector is wiped byte by byte, and some of
    /// these are megabytes.
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
        self.0.spare_capacity_mut().zeroize();
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Secret text.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes one trailing line break, as a prompt or a descriptor leaves it.
    pub fn trim_line_end(&mut self) {
        if self.0.ends_with('\n') {
            self.0.pop();
            if self.0.ends_with('\r') {
                self.0.pop();
            }
        }
    }

    pub fn into_bytes(mut self) -> SecretBytes {
        SecretBytes::new(std::mem::take(&mut *self.0).into_bytes())
    }

    /// Compares in time that depends on the lengths alone.
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A key of fixed size, boxed so that moving it leaves no copy behind.
pub struct Key<const N: usize>(Box<Zeroizing<[u8; N]>>);

impl<const N: usize> Key<N> {
    pub fn zeroed() -> Self {
        Self(Box::new(Zeroizing::new([0; N])))
    }

    /// Fills a key in place, so that its bytes never stand anywhere else.
    pub fn filled_by(fill: impl FnOnce(&mut [u8; N])) -> Self {
        let mut key = Self::zeroed();
        fill(&mut key.0);
        key
    }

    /// Like [`Key::filled_by`], for sources that can fail; a failure wipes what was written.
    pub fn try_filled_by<E>(fill: impl FnOnce(&mut [u8; N]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self::zeroed();
        fill(&mut key.0)?;
        Ok(key)
    }

    /// `None` unless there are exactly `N` bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == N).then(|| Self::filled_by(|key| key.copy_from_slice(bytes)))
    }

    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// Compares in constant time.
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl<const N: usize> fmt::Debug for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_prints_the_value() {
        assert_eq!(
            format!("{:?}", SecretText::new("hunter2".to_owned())),
            "[redacted]"
        );
        assert_eq!(format!("{:?}", SecretBytes::new(vec![1, 2])), "[redacted]");
        assert_eq!(
            format!("{:?}", Key::<4>::from_slice(&[1; 4])),
            "Some([redacted])"
        );
    }

    #[test]
    fn one_line_end_is_trimmed_and_no_more() {
        for (input, trimmed) in [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a ", "a ")] {
            let mut text = SecretText::new(input.to_owned());
            text.trim_line_end();
            assert_eq!(text.expose(), trimmed, "{input:?}");
        }
    }

    #[test]
    fn keys_take_their_exact_length_only() {
        assert!(Key::<32>::from_slice(&[0; 31]).is_none());
        assert!(Key::<32>::from_slice(&[0; 33]).is_none());
        assert_eq!(
            Key::<2>::from_slice(&[7, 8]).map(|key| *key.expose()),
            Some([7, 8])
        );
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        assert!(SecretBytes::new(vec![0xff]).into_text().is_none());
        assert!(SecretBytes::new(b"ok".to_vec()).into_text().is_some());
    }
}
