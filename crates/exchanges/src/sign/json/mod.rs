//! JSON that reads the same to everyone: no name twice in an object, no name with an escape in it,
//! nothing beyond the grammar of RFC 8259.
//!
//! Deliberately not here: writing JSON anew. What the caller gave is sent, byte for byte.

use std::borrow::Cow;

use super::encode::MOST_BYTES;
use super::names::Names;
use super::refusal::SignError;

const DEEPEST: usize = 16;

/// A value with its members in the order of the text; numbers stay text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(&'a str, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// The member of an object by name.
    pub(crate) fn member(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(member, _)| *member == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    List,
}

/// Checks an object or a list and calls `on_member` with the name and the text of each member of
/// the outermost object.
pub(crate) fn scan<'a>(
    text: &'a str,
    mut on_member: impl FnMut(&'a str, &'a str) -> Result<(), SignError>,
) -> Result<Shape, SignError> {
    if text.len() > MOST_BYTES {
        return Err(SignError::TooLong);
    }
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let shape = match reader.peek() {
        Some(b'{') => {
            reader.object(0, &mut on_member)?;
            Shape::Object
        }
        Some(b'[') => {
            reader.skip(0)?;
            Shape::List
        }
        _ => return Err(SignError::BodyJson),
    };
    reader.end()?;
    Ok(shape)
}

/// Reads a value whole, under the same rules.
pub(crate) fn parse(text: &str) -> Result<Json<'_>, SignError> {
    if text.len() > MOST_BYTES {
        return Err(SignError::TooLong);
    }
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let value = reader.value(0)?;
    reader.end()?;
    Ok(value)
}

/// What means itself in a string: printable ASCII, which may stand in names too, and what is outside
/// ASCII, which may not.
const IN_NAMES: u8 = 1;
const IN_TEXTS: u8 = 2;

const MEANS_ITSELF: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0x20;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'"' | b'\\' => 0,
            0x20..0x7f => IN_NAMES,
            _ => IN_TEXTS,
        };
        byte += 1;
    }
    kinds
};

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// The small steps are put in where they are taken: else each of them waits until the one before
/// has written its place to memory.
impl<'a> Reader<'a> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> Result<(), SignError> {
        if self.peek() != Some(byte) {
            return Err(SignError::BodyJson);
        }
        self.at += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), SignError> {
        self.space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(SignError::BodyJson)
        }
    }

    /// Goes through the members of an object, each name checked against those before it.
    fn members(
        &mut self,
        depth: usize,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), SignError>,
    ) -> Result<(), SignError> {
        if depth >= DEEPEST {
            return Err(SignError::BodyJson);
        }
        self.take(b'{')?;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut names = Names::new();
        loop {
            self.space();
            let name = self.name()?;
            names.add(name)?;
            self.space();
            self.take(b':')?;
            self.space();
            each(self, name)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(SignError::BodyJson),
            }
        }
    }

    fn elements(
        &mut self,
        depth: usize,
        mut each: impl FnMut(&mut Self) -> Result<(), SignError>,
    ) -> Result<(), SignError> {
        if depth >= DEEPEST {
            return Err(SignError::BodyJson);
        }
        self.take(b'[')?;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            each(self)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(SignError::BodyJson),
            }
        }
    }

    fn object(
        &mut self,
        depth: usize,
        on_member: &mut impl FnMut(&'a str, &'a str) -> Result<(), SignError>,
    ) -> Result<(), SignError> {
        self.members(depth, |reader, name| {
            let begin = reader.at;
            reader.skip(depth + 1)?;
            on_member(name, &reader.text[begin..reader.at])
        })
    }

    fn skip(&mut self, depth: usize) -> Result<(), SignError> {
        match self.peek() {
            Some(b'{') => self.members(depth, |reader, _| reader.skip(depth + 1)),
            Some(b'[') => self.elements(depth, |reader| reader.skip(depth + 1)),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            _ => self.word().map(|_| ()),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, SignError> {
        match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(depth, |reader, name| {
                    members.push((name, reader.value(depth + 1)?));
                    Ok(())
                })?;
                Ok(Json::Object(members))
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.elements(depth, |reader| {
                    elements.push(reader.value(depth + 1)?);
                    Ok(())
                })?;
                Ok(Json::List(elements))
            }
            Some(b'"') => self.text_value().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json<'a>, SignError> {
        for (word, value) in [
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("null", Json::Null),
        ] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(SignError::BodyJson)
    }

    fn number(&mut self) -> Result<&'a str, SignError> {
        let begin = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[begin..self.at])
    }

    fn digits(&mut self) -> Result<(), SignError> {
        let begin = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > begin {
            Ok(())
        } else {
            Err(SignError::BodyJson)
        }
    }

    /// A name: printable ASCII without escapes, so that it has one spelling.
    #[inline(always)]
    fn name(&mut self) -> Result<&'a str, SignError> {
        self.take(b'"')?;
        let begin = self.at;
        self.pass(IN_NAMES);
        let name = &self.text[begin..self.at];
        self.take(b'"')?;
        Ok(name)
    }

    /// The text between the quotes, escapes checked and left as they are.
    #[inline(always)]
    fn string(&mut self) -> Result<&'a str, SignError> {
        self.take(b'"')?;
        let begin = self.at;
        loop {
            self.pass(IN_NAMES | IN_TEXTS);
            match self.peek() {
                Some(b'"') => {
                    let raw = &self.text[begin..self.at];
                    self.at += 1;
                    return Ok(raw);
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(SignError::BodyJson),
            }
        }
    }

    /// Goes past bytes of some kinds.
    #[inline(always)]
    fn pass(&mut self, kinds: u8) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest
            .iter()
            .position(|byte| MEANS_ITSELF[usize::from(*byte)] & kinds == 0)
            .unwrap_or(rest.len());
    }

    fn escape(&mut self) -> Result<(), SignError> {
        self.take(b'\\')?;
        let kind = self.peek();
        self.at += 1;
        match kind {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => self.four_digits(),
            _ => Err(SignError::BodyJson),
        }
    }

    fn four_digits(&mut self) -> Result<(), SignError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        if digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            self.at += 4;
            Ok(())
        } else {
            Err(SignError::BodyJson)
        }
    }

    fn text_value(&mut self) -> Result<Cow<'a, str>, SignError> {
        let begin = self.at;
        let raw = self.string()?;
        if !raw.contains('\\') {
            return Ok(Cow::Borrowed(raw));
        }
        // Escapes are rare; surrogate pairs are serde's to join.
        serde_json::from_str::<String>(&self.text[begin..self.at])
            .map(Cow::Owned)
            .map_err(|_| SignError::BodyJson)
    }
}

#[cfg(test)]
mod tests;
