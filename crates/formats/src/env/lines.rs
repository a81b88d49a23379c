//! Reads the lines of a `.env` file: `NAME=value`, `export`, quotes, comments, PEM over lines.
//!
//! The common ground of a POSIX shell, python-dotenv, Docker and dotenv for Node. Where they
//! disagree about a value (backslashes, quotes in the middle, variables), the value is not taken
//! and the line says why: a key that is wrong in one character fails at the exchange, later.
//!
//! The crate `dotenvy` is not used outside tests: it replaces `$NAME` with variables of *this*
//! process, quotes the line in its errors, and does not say where a value stands, which replacing
//! it by a reference needs.
//!
//! Deliberately not here: what a name means.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::ImportError;
use crate::leaf::{Leaf, Site, Value};
use crate::plan::NotImported;
use crate::text::{MAX_LEAVES, read_text};

/// Lines a PEM block without quotes may have. RSA-4096 takes 52.
const MAX_PEM_LINES: usize = 200;

/// How far a closing quote is looked for. Twice the longest credential, so that a forgotten quote
/// costs one line and not the rest of the file.
const MAX_QUOTED_BYTES: usize = 32 * 1024;

pub(crate) type EnvLeaf<'a> = Leaf<'a, Line>;

/// What a line that is not blank is.
pub(crate) enum Line {
    Assignment {
        name: String,
        /// Whether a `$` in the value would be replaced by a shell.
        dollar: bool,
    },
    /// A comment; the name it would assign if its `#` were gone.
    Comment {
        assigns: Option<String>,
    },
    Other,
}

impl Site for Line {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Assignment { name: one, .. }, Self::Assignment { name: two, .. }) => one == two,
            (Self::Comment { .. }, Self::Comment { .. }) | (Self::Other, Self::Other) => true,
            _ => false,
        }
    }
}

/// One leaf for every line that is not blank. A value over several lines is one leaf.
pub(crate) fn read_env(bytes: &[u8]) -> Result<Vec<EnvLeaf<'_>>, ImportError> {
    let text = read_text(bytes)?;
    let mut leaves = Vec::new();
    let mut at = 0;
    let mut number = 1_u32;
    while at < text.body.len() {
        let (leaf, next) = read_line(text.body, at, number);
        if let Some(mut leaf) = leaf {
            leaf.span = leaf.span.start + text.skipped..leaf.span.end + text.skipped;
            leaves.push(leaf);
            if leaves.len() > MAX_LEAVES {
                return Err(ImportError::TooMany);
            }
        }
        let lines = text.body[at..next]
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        number = number.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        at = next;
    }
    Ok(leaves)
}

/// The leaf that begins in the line at `start`, and where the line after it begins.
fn read_line(body: &str, start: usize, number: u32) -> (Option<EnvLeaf<'_>>, usize) {
    let (end, next) = line_end(body, start);
    let line = &body[start..end];
    let trimmed = line.trim_start();
    let leaf = |place, span, value| {
        Some(Leaf {
            place,
            line: number,
            span,
            value,
        })
    };
    if trimmed.is_empty() {
        return (None, next);
    }
    let whole = start + (line.len() - trimmed.len())..start + line.trim_end().len();
    if let Some(comment) = trimmed.strip_prefix('#') {
        let assigns = assignment(comment.trim_start_matches('#')).map(|(name, _)| name.to_owned());
        let text = Value::Text(Cow::Borrowed(&body[whole.clone()]));
        return (leaf(Line::Comment { assigns }, whole, text), next);
    }
    let Some((name, after)) = assignment(line) else {
        let value = Value::Unreadable(NotImported::NotAnAssignment);
        return (leaf(Line::Other, whole, value), next);
    };
    let value_at = start + after;
    let found = read_value(body, value_at, end);
    let place = Line::Assignment {
        name: name.to_owned(),
        dollar: found.dollar,
    };
    match found.value {
        Ok(value) => {
            let (_, next) = line_end(body, found.end);
            (leaf(place, found.span, Value::Text(value)), next)
        }
        Err(reason) => {
            let span = value_at..value_at.max(start + line.trim_end().len());
            (leaf(place, span, Value::Unreadable(reason)), next)
        }
    }
}

/// Where the line at `start` ends (without its line break), and where the next begins.
fn line_end(body: &str, start: usize) -> (usize, usize) {
    match body[start..].find('\n') {
        None => (body.len(), body.len()),
        Some(length) => {
            let end = start + length;
            let carriage = length > 0 && body.as_bytes()[end - 1] == b'\r';
            (end - usize::from(carriage), end + 1)
        }
    }
}

/// The name a line assigns, and the offset in the line at which the value begins.
fn assignment(line: &str) -> Option<(&str, usize)> {
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("export")
        && after.starts_with([' ', '\t'])
    {
        rest = after.trim_start();
    }
    let (name, after) = rest.split_once('=')?;
    let name = name.trim_end();
    let first_fits = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !first_fits || !name.chars().all(fits) {
        return None;
    }
    let value = after.trim_start_matches([' ', '\t']);
    Some((name, line.len() - value.len()))
}

struct Found<'a> {
    value: Result<Cow<'a, str>, NotImported>,
    /// The value as written, with its quotes.
    span: Range<usize>,
    /// From here to the end of its line there is nothing but a comment.
    end: usize,
    dollar: bool,
}

impl Found<'_> {
    fn refused(reason: NotImported) -> Self {
        Self {
            value: Err(reason),
            span: 0..0,
            end: 0,
            dollar: false,
        }
    }
}

fn read_value(body: &str, start: usize, line_end: usize) -> Found<'_> {
    let line = &body[start..line_end];
    match line.as_bytes().first() {
        Some(b'\'' | b'"') => quoted(body, start),
        _ if line.starts_with("-----BEGIN ") => bare_pem(body, start, line_end),
        _ => bare(line, start),
    }
}

/// A value without quotes: to the end of the line, or to white space and `#`.
fn bare(line: &str, start: usize) -> Found<'_> {
    let comment = line
        .char_indices()
        .find(|(at, c)| *c == '#' && line[..*at].ends_with(|before: char| before.is_whitespace()))
        .map(|(at, _)| at);
    // `NAME=# nothing` is an empty value with a comment in every reader.
    let comment = if line.starts_with('#') {
        Some(0)
    } else {
        comment
    };
    let value = line[..comment.unwrap_or(line.len())].trim_end();
    let is_variable = value.strip_prefix('$').is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if is_variable || value.contains("${") || value.contains("$(") || value.contains('`') {
        return Found::refused(NotImported::VariableReference);
    }
    if value.contains(['\'', '"', '\\']) {
        return Found::refused(NotImported::AmbiguousQuoting);
    }
    let end = start + value.len();
    Found {
        value: Ok(Cow::Borrowed(value)),
        span: start..end,
        end,
        dollar: value.contains('$'),
    }
}

/// A PEM block without quotes, on one line with `\n` in it or over several lines. Spaces and
/// backslashes are part of it, whatever a shell would make of them.
fn bare_pem(body: &str, start: usize, first_end: usize) -> Found<'_> {
    let (mut at, mut end) = (start, first_end);
    for _ in 0..MAX_PEM_LINES {
        if body[at..end].contains("-----END ") {
            let value = body[start..end].trim_end();
            let end = start + value.len();
            return Found {
                value: Ok(Cow::Borrowed(value)),
                span: start..end,
                end,
                dollar: false,
            };
        }
        (_, at) = line_end(body, end);
        (end, _) = line_end(body, at);
        if at == body.len() || body[at..end].contains("-----BEGIN ") {
            break;
        }
    }
    Found::refused(NotImported::UnclosedPem)
}

/// A value in quotes: pieces as a shell joins them (`'it'\''s'`), possibly over several lines.
fn quoted(body: &str, start: usize) -> Found<'_> {
    let body = &body[..boundary_after(body, start + MAX_QUOTED_BYTES)];
    // Trouble in a later line means that a quote was forgotten in the first.
    let refused = |reason, at: usize| {
        let forgotten = body[start..at].contains('\n');
        Found::refused(if forgotten {
            NotImported::UnclosedQuote
        } else {
            reason
        })
    };
    let mut value = String::new();
    let mut dollar = false;
    let mut at = start;
    loop {
        let rest = &body[at..];
        let piece = match rest.as_bytes().first() {
            Some(b'\'') => single_quoted(rest),
            Some(b'"') => double_quoted(rest, &mut dollar),
            Some(b'\\') if rest[1..].starts_with(['\'', '"']) => Piece {
                text: Ok(rest[1..2].to_owned()),
                length: 2,
            },
            None | Some(b' ' | b'\t' | b'\r' | b'\n') => break,
            Some(_) => return refused(NotImported::AfterQuote, at),
        };
        at += piece.length;
        match piece.text {
            Ok(text) => value.push_str(&text),
            Err(reason) => return refused(reason, at),
        }
    }
    let (end, _) = line_end(body, at);
    let after = body[at..end].trim_start();
    if !after.is_empty() && !after.starts_with('#') {
        return refused(NotImported::AfterQuote, at);
    }
    Found {
        value: Ok(Cow::Owned(value)),
        span: start..at,
        end: at,
        dollar,
    }
}

/// What stands between two quotes, and how long it is with them.
struct Piece {
    text: Result<String, NotImported>,
    length: usize,
}

/// The first character boundary from `at` on.
fn boundary_after(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// A backslash before the closing quote escapes it for python-dotenv and not for a shell.
fn single_quoted(text: &str) -> Piece {
    let inside = &text[1..];
    let Some(length) = inside.find('\'') else {
        return Piece {
            text: Err(NotImported::UnclosedQuote),
            length: text.len(),
        };
    };
    let read = if inside[..length].ends_with('\\') {
        Err(NotImported::AmbiguousQuoting)
    } else {
        Ok(inside[..length].to_owned())
    };
    Piece {
        text: read,
        length: length + 2,
    }
}

fn double_quoted(text: &str, dollar: &mut bool) -> Piece {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    let mut problem = None;
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => {
                return Piece {
                    text: problem.map_or(Ok(value), Err),
                    length: at + 1,
                };
            }
            '\\' => match characters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped @ ('"' | '\\' | '$' | '`'))) => value.push(escaped),
                _ => problem = Some(NotImported::AmbiguousQuoting),
            },
            '`' => problem = Some(NotImported::VariableReference),
            '$' => {
                if characters
                    .peek()
                    .is_some_and(|(_, next)| matches!(next, '{' | '('))
                {
                    problem = Some(NotImported::VariableReference);
                }
                *dollar = true;
                value.push('$');
            }
            c => value.push(c),
        }
    }
    Piece {
        text: Err(NotImported::UnclosedQuote),
        length: text.len(),
    }
}
