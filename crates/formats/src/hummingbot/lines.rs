//! Reads the part of YAML that hummingbot writes for a connector: `name: value` lines, comments,
//! maps and lists below a name.
//!
//! Deliberately not here: the rest of YAML. A line that is none of these is shown as it is not
//! understood, never guessed at.

use std::borrow::Cow;

use crate::error::ImportError;
use crate::leaf::{Leaf, Site, Value};
use crate::plan::NotImported;
use crate::text::{MAX_LEAVES, read_text};

/// Spaces a line may begin with; nobody nests a connector's file.
const MAX_INDENT: usize = 64;

pub(crate) type ConnectorLeaf<'a> = Leaf<'a, ConnectorLine>;

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ConnectorLine {
    /// Names of the maps around it stand before it, with points between.
    Setting {
        name: String,
    },
    Comment,
    /// Neither of them; the value is the line.
    Other,
}

impl ConnectorLine {
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Setting { name } => Some(name),
            Self::Comment | Self::Other => None,
        }
    }
}

impl Site for ConnectorLine {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl ConnectorLeaf<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Text(text) => text.trim().is_empty(),
            Value::Nothing => true,
            _ => false,
        }
    }
}

/// One leaf for every line that is not blank, but for names of maps.
pub(crate) fn read_connector(bytes: &[u8]) -> Result<Vec<ConnectorLeaf<'_>>, ImportError> {
    let text = read_text(bytes)?;
    let mut leaves = Vec::new();
    // The maps a line stands in, each with its indent.
    let mut around: Vec<(usize, &str)> = Vec::new();
    let mut start = text.skipped;
    for (number, whole) in text.body.split_inclusive('\n').enumerate() {
        let begins = start;
        start += whole.len();
        let line = whole.trim_end();
        let content = line.trim_start();
        if content.is_empty() {
            continue;
        }
        let indent = line.len() - content.len();
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let mut leaf = |place, value, from: usize, to: usize| {
            leaves.push(Leaf {
                place,
                line: number,
                span: begins + from..begins + to,
                value,
            });
        };
        if content.starts_with('#') {
            let value = Value::Text(Cow::Borrowed(content));
            leaf(ConnectorLine::Comment, value, indent, line.len());
            continue;
        }
        around.retain(|(outer, _)| *outer < indent);
        let named = (indent <= MAX_INDENT)
            .then(|| split_name(content))
            .flatten();
        let Some((name, rest)) = named else {
            let value = scalar(content.strip_prefix("- ").unwrap_or(content)).0;
            leaf(ConnectorLine::Other, value, indent, line.len());
            continue;
        };
        let at = line.len() - rest.len();
        let (value, length) = scalar(rest);
        let mut path = String::new();
        for (_, outer) in &around {
            path.push_str(outer);
            path.push('.');
        }
        path.push_str(name);
        if matches!(value, Value::Nothing) {
            around.push((indent, name));
        }
        leaf(
            ConnectorLine::Setting { name: path },
            value,
            at,
            at + length,
        );
        if leaves.len() > MAX_LEAVES {
            return Err(ImportError::TooMany);
        }
    }
    Ok(leaves)
}

/// `name: rest`, with a name as hummingbot has them.
fn split_name(content: &str) -> Option<(&str, &str)> {
    let (name, rest) = content.split_once(':')?;
    let is_name = !name.is_empty()
        && name.len() <= 256
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_name || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    Some((name, rest.trim_start()))
}

/// A value and how many bytes of the text it takes.
fn scalar(text: &str) -> (Value<'_>, usize) {
    match text.as_bytes().first() {
        None => (Value::Nothing, 0),
        Some(b'\'') => single_quoted(text),
        Some(b'"') => double_quoted(text),
        // What these begin is YAML that hummingbot does not write.
        Some(b'{' | b'[' | b'&' | b'*' | b'!' | b'|' | b'>') => {
            (Value::Unreadable(NotImported::NotText), text.len())
        }
        Some(b'#') => (Value::Nothing, 0),
        Some(_) => {
            let plain = text.split(" #").next().unwrap_or(text).trim_end();
            let value = match plain {
                "null" | "~" => Value::Nothing,
                plain => Value::Text(Cow::Borrowed(plain)),
            };
            (value, plain.len())
        }
    }
}

fn single_quoted(text: &str) -> (Value<'_>, usize) {
    let mut value = String::new();
    let mut rest = &text[1..];
    loop {
        let Some(end) = rest.find('\'') else {
            return (Value::Unreadable(NotImported::UnclosedQuote), text.len());
        };
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        if let Some(after) = rest.strip_prefix('\'') {
            value.push('\'');
            rest = after;
            continue;
        }
        return closed(value, text, rest);
    }
}

fn double_quoted(text: &str) -> (Value<'_>, usize) {
    let mut value = String::new();
    let mut characters = text[1..].char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return closed(value, text, &text[at + 2..]),
            '\\' => match characters.next().map(|(_, escaped)| escaped) {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some('0') => value.push('\0'),
                Some(escaped @ ('"' | '\\' | '/')) => value.push(escaped),
                _ => return (Value::Unreadable(NotImported::AmbiguousQuoting), text.len()),
            },
            c => value.push(c),
        }
    }
    (Value::Unreadable(NotImported::UnclosedQuote), text.len())
}

/// A quoted value, unless more than a comment follows it.
fn closed<'a>(value: String, text: &str, rest: &str) -> (Value<'a>, usize) {
    let after = rest.trim_start();
    if !(after.is_empty() || after.starts_with('#')) {
        return (Value::Unreadable(NotImported::AfterQuote), text.len());
    }
    (Value::Text(Cow::Owned(value)), text.len() - rest.len())
}

/// A value in double quotes, as [`read_connector`] reads it back.
pub(crate) fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0' => text.push_str("\\0"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let leaves = read_connector(text.as_bytes()).expect("is read");
        let shown = |leaf: &ConnectorLeaf<'_>| {
            let value = match &leaf.value {
                Value::Text(text) => text.to_string(),
                Value::Nothing => "nothing".to_owned(),
                Value::Unreadable(reason) => format!("unreadable: {reason}"),
                Value::Number(_) | Value::Flag(_) => unreachable!("all scalars are text"),
            };
            (leaf.place.name().unwrap_or("-").to_owned(), value)
        };
        leaves.iter().map(shown).collect()
    }

    #[test]
    fn lines_are_read_as_hummingbot_writes_them() {
        for (text, name, value) in [
            ("a_key: 7b22", "a_key", "7b22"),
            ("a_key:    x y # mine", "a_key", "x y"),
            ("a: 'it''s' # mine", "a", "it's"),
            ("a: \"x\\\"\\\\\\n\"", "a", "x\"\\\n"),
            ("a:", "a", "nothing"),
            ("a: null\r", "a", "nothing"),
            ("a: # nothing", "a", "nothing"),
            ("a: http://x:1", "a", "http://x:1"),
            ("a: 'open", "a", "unreadable: the quote is never closed"),
            (
                "a: 'x' y",
                "a",
                "unreadable: something follows the closing quote",
            ),
            ("a: {b: c}", "a", "unreadable: text was expected here"),
            ("# a: b", "-", "# a: b"),
            ("7b22", "-", "7b22"),
            ("a b: c", "-", "a b: c"),
        ] {
            assert_eq!(read(text), [(name.to_owned(), value.to_owned())], "{text}");
        }
        let nested = read("a:\n  b: 1\n  c:\n    d: 2\ne: 3\n- f\n");
        let names: Vec<&str> = nested.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "a.b", "a.c", "a.c.d", "e", "-"]);
    }

    proptest! {
        #[test]
        fn what_is_quoted_reads_back(value in "[^\u{85}\u{2028}\u{2029}]{0,40}") {
            let line = format!("name: {}", quoted(&value));
            prop_assert_eq!(read(&line), [("name".to_owned(), value)]);
        }
    }
}
