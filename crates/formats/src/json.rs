//! Reads JSON as freqtrade does (comments, trailing commas, `NaN`) into leaves with their places.
//!
//! `jsonc-parser` does the parsing. Before it runs, one pass over the bytes bounds depth and
//! size, because the parser is recursive and keeps everything. Names that stand twice in one
//! object are refused here: every reader we know keeps one of them silently.
//!
//! Deliberately not here: what any name means.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use jsonc_parser::ast::Value as Node;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::error::{ImportError, JsonProblem};
use crate::leaf::{Leaf, Site, Value};
use crate::text::{Lines, MAX_LEAVES, read_text};

const MAX_DEPTH: usize = 64;
const MAX_NAME_BYTES: usize = 1024;
/// What is shown of a long path.
const SHOWN_PATH_CHARS: usize = 200;

pub(crate) type JsonLeaf<'a> = Leaf<'a, JsonPath>;

/// The names that lead to a value, shared between neighbours.
#[derive(Clone)]
pub(crate) struct JsonPath(Option<Rc<Step>>);

struct Step {
    before: JsonPath,
    name: String,
}

impl JsonPath {
    fn then(&self, name: String) -> Self {
        Self(Some(Rc::new(Step {
            before: self.clone(),
            name,
        })))
    }

    /// The names from the outermost on; list elements are their index.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = &self.0;
        while let Some(step) = at {
            names.push(step.name.as_str());
            at = &step.before.0;
        }
        names.reverse();
        names
    }

    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for name in self.names() {
            if !shown.is_empty() {
                shown.push('.');
            }
            shown.push_str(name);
            if shown.len() > SHOWN_PATH_CHARS {
                let cut = shown
                    .char_indices()
                    .nth(SHOWN_PATH_CHARS)
                    .map_or(shown.len(), |(at, _)| at);
                shown.truncate(cut);
                shown.push('…');
                break;
            }
        }
        shown
    }
}

impl Site for JsonPath {
    fn same(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

/// The leaves of one JSON object, in order.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Vec<JsonLeaf<'_>>, ImportError> {
    let text = read_text(bytes)?;
    let lines = Lines::of(text.body);
    bound(text.body, &lines)?;
    let parsed = parse_to_ast(text.body, &CollectOptions::default(), &rapidjson_dialect())
        .map_err(|refused| ImportError::Json {
            line: lines.line(refused.range().start),
            problem: problem(refused.kind()),
        })?;
    let Some(Node::Object(root)) = parsed.value else {
        let line = parsed
            .value
            .map_or(1, |value| lines.line(range_of(&value).start));
        return Err(ImportError::Json {
            line,
            problem: JsonProblem::NotAnObject,
        });
    };
    let mut walk = Walk {
        lines: &lines,
        skipped: text.skipped,
        leaves: Vec::new(),
    };
    walk.node(Node::Object(root), &JsonPath(None))?;
    Ok(walk.leaves)
}

/// What python-rapidjson takes with `PM_COMMENTS | PM_TRAILING_COMMAS` (freqtrade,
/// `configuration/load_config.py`): no single quotes, no bare names, no hexadecimal.
fn rapidjson_dialect() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_non_finite_numbers: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_extended_string_escapes: false,
    }
}

struct Walk<'w, 'a> {
    lines: &'w Lines,
    skipped: usize,
    leaves: Vec<JsonLeaf<'a>>,
}

impl<'a> Walk<'_, 'a> {
    fn node(&mut self, node: Node<'a>, path: &JsonPath) -> Result<(), ImportError> {
        let range = range_of(&node);
        match node {
            Node::Object(object) if !object.properties.is_empty() => {
                let mut seen = HashSet::new();
                for property in object.properties {
                    let line = self.lines.line(property.range.start);
                    let name = property.name.into_string();
                    if name.len() > MAX_NAME_BYTES {
                        return Err(ImportError::Json {
                            line,
                            problem: JsonProblem::LongName,
                        });
                    }
                    let below = path.then(name.clone());
                    if !seen.insert(name) {
                        return Err(ImportError::Json {
                            line,
                            problem: JsonProblem::DuplicateName,
                        });
                    }
                    self.node(property.value, &below)?;
                }
                return Ok(());
            }
            Node::Array(array) if !array.elements.is_empty() => {
                for (index, element) in array.elements.into_iter().enumerate() {
                    self.node(element, &path.then(index.to_string()))?;
                }
                return Ok(());
            }
            Node::StringLit(text) => self.leaf(range, path, Value::Text(text.value)),
            Node::NumberLit(number) => self.leaf(range, path, Value::Number(number.value)),
            Node::BooleanLit(flag) => self.leaf(range, path, Value::Flag(flag.value)),
            Node::NullKeyword(_) | Node::Object(_) | Node::Array(_) => {
                self.leaf(range, path, Value::Nothing);
            }
        }
        Ok(())
    }

    fn leaf(&mut self, range: Range<usize>, path: &JsonPath, value: Value<'a>) {
        self.leaves.push(Leaf {
            place: path.clone(),
            line: self.lines.line(range.start),
            span: range.start + self.skipped..range.end + self.skipped,
            value,
        });
    }
}

fn range_of(node: &Node<'_>) -> Range<usize> {
    let range = match node {
        Node::StringLit(node) => node.range,
        Node::NumberLit(node) => node.range,
        Node::BooleanLit(node) => node.range,
        Node::Object(node) => node.range,
        Node::Array(node) => node.range,
        Node::NullKeyword(node) => node.range,
    };
    range.start..range.end
}

/// Refuses depth and size before anything is built. It tracks strings and comments only; whatever
/// else is wrong is the parser's to say.
fn bound(body: &str, lines: &Lines) -> Result<(), ImportError> {
    let bytes = body.as_bytes();
    let mut depth = 0_usize;
    let mut values = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                // The parser ends a comment at a lone carriage return too.
                let rest = bytes[at..]
                    .iter()
                    .position(|byte| matches!(byte, b'\n' | b'\r'));
                at = rest.map_or(bytes.len(), |length| at + length);
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = find(bytes, at + 2, b"*/").map_or(bytes.len(), |end| end + 1);
            }
            b'{' | b'[' => {
                depth += 1;
                values += 1;
                if depth > MAX_DEPTH {
                    let line = lines.line(at);
                    return Err(ImportError::Json {
                        line,
                        problem: JsonProblem::TooDeep,
                    });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > MAX_LEAVES {
            return Err(ImportError::TooMany);
        }
        at += 1;
    }
    Ok(())
}

/// The closing quote of the string that opens at `from`, or the end of the text.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let found = bytes
        .get(from..)?
        .windows(needle.len())
        .position(|window| window == needle)?;
    Some(from + found)
}

fn problem(kind: &ParseErrorKind) -> JsonProblem {
    match kind {
        // The text inside this error is of the source, so only the fact is kept.
        ParseErrorKind::String(_) => JsonProblem::Text,
        ParseErrorKind::UnterminatedCommentBlock => JsonProblem::Comment,
        ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject => {
            JsonProblem::Unclosed
        }
        ParseErrorKind::ExpectedComma => JsonProblem::Comma,
        ParseErrorKind::NestingDepthExceeded => JsonProblem::TooDeep,
        _ => JsonProblem::Syntax,
    }
}
