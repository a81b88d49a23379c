//! What every reader yields: the values of a source in order, each with its place and its bytes.
//!
//! The readers (`json`, `env::lines`, `csv::cells`) know syntax and nothing of exchanges; the
//! importers know exchanges and see leaves only. A plan has exactly one account per leaf, so
//! nothing of a source can go missing between the two.

use std::borrow::Cow;
use std::ops::Range;

use crate::plan::NotImported;

pub(crate) struct Leaf<'a, P> {
    /// Where the value stands, in the reader's own terms.
    pub(crate) place: P,
    /// First line of the value, from 1.
    pub(crate) line: u32,
    /// The value as written, quotes included: bytes of the whole source.
    pub(crate) span: Range<usize>,
    pub(crate) value: Value<'a>,
}

/// A place in a source, told from others without its line: lines move when a value over several
/// lines becomes a reference.
pub(crate) trait Site {
    fn same(&self, other: &Self) -> bool;
}

// Holds plaintext, so there is no `Debug`. Text decoded from escapes is owned and is wiped by the
// binaries' allocator (`strongroom_secret::ZeroAlloc`), like everything else that is freed.
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    /// A number as it is written.
    Number(&'a str),
    Flag(bool),
    /// Nothing: `null`, an empty list or object.
    Nothing,
    /// It stands there but cannot be read without guessing.
    Unreadable(NotImported),
}

impl<P: Clone> Leaf<'_, P> {
    /// The same place with what its value means: text that was decrypted.
    pub(crate) fn with<'v>(&self, value: Value<'v>) -> Leaf<'v, P> {
        Leaf {
            place: self.place.clone(),
            line: self.line,
            span: self.span.clone(),
            value,
        }
    }
}

impl Value<'_> {
    /// The same value again, borrowed from this one.
    pub(crate) fn again(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Number(number) => Value::Number(number),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Nothing => Value::Nothing,
            Self::Unreadable(reason) => Value::Unreadable(*reason),
        }
    }

    /// The text, without the white space around it.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            _ => None,
        }
    }

    /// Equal content, for comparing a source before and after its secrets were replaced.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Text(one), Value::Text(two)) => one == two,
            (Value::Number(one), Value::Number(two)) => one == two,
            (Value::Flag(one), Value::Flag(two)) => one == two,
            (Value::Nothing, Value::Nothing) => true,
            (Value::Unreadable(one), Value::Unreadable(two)) => one == two,
            _ => false,
        }
    }
}
