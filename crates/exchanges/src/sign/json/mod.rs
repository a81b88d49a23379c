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
    let mut reader = Reader::new(text);
    reader.space();
    let shape = match reader.peek() {
        Some(b'{') => {
            reader.object(0, &mut on_member)?;
            Shape::Object
        }
        Some(b'[') => {
            reader.skip_other(0)?;
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
    let mut reader = Reader::new(text);
    reader.space();
    let value = reader.value(0)?;
    reader.end()?;
    Ok(value)
}

/// A piece of the text, looked at as a whole: where a string ends is not foretold, and byte by byte
/// most of them cost a wrong guess.
#[derive(Clone, Copy)]
struct Piece {
    from: usize,
    /// The lowest bit is for the first byte: whether it may not stand in a name. What is beyond the
    /// text may not.
    stops: u64,
}

impl Piece {
    const LENGTH: usize = 64;

    /// A piece that holds a place, if that is within the text.
    fn around(text: &str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let from = at.min(bytes.len().saturating_sub(Self::LENGTH));
        let stops = match bytes[from..].first_chunk() {
            Some(piece) => stops_in(piece),
            None => {
                // Zeros stop.
                let mut piece = [0; Self::LENGTH];
                piece[..bytes.len()].copy_from_slice(bytes);
                stops_in(&piece)
            }
        };
        Self { from, stops }
    }
}

/// A bit for each byte that may not stand in a name, the lowest for the first. Many are looked at
/// together: no branches and no tables.
#[inline(always)]
fn stops_in(piece: &[u8; Piece::LENGTH]) -> u64 {
    let mut stops = [0_u8; Piece::LENGTH];
    for (stop, byte) in stops.iter_mut().zip(piece) {
        let printable = byte.wrapping_sub(0x20) < 0x7f - 0x20;
        *stop = u8::from(!printable | (*byte == b'"') | (*byte == b'\\'));
    }
    let (eights, _) = stops.as_chunks();
    eights.iter().rfold(0, |bits, eight| {
        // The lowest bits of eight bytes side by side, in the highest byte.
        let side_by_side = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080);
        bits << 8 | side_by_side >> 56
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    piece: Piece,
}

/// The small steps are put in where they are taken: else each of them waits until the one before
/// has written its place to memory.
impl<'a> Reader<'a> {
    #[inline(always)]
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            piece: Piece::around(text, 0),
        }
    }

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

    /// What stands between a place and here; both are beside ASCII. Where nobody looks at it, it
    /// costs nothing, as what could panic would.
    #[inline(always)]
    fn since(&self, begin: usize) -> &'a str {
        self.text.get(begin..self.at).unwrap_or_default()
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
            on_member(name, reader.since(begin))
        })
    }

    /// Goes past a value: most are strings.
    #[inline(always)]
    fn skip(&mut self, depth: usize) -> Result<(), SignError> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            _ => self.skip_other(depth),
        }
    }

    #[inline(always)]
    fn skip_other(&mut self, depth: usize) -> Result<(), SignError> {
        self.at = Self { ..*self }.past_other(depth)?;
        Ok(())
    }

    /// The place after a value that is no string. It takes a reader of its own: the place of one
    /// that is handed out is in memory from then on.
    fn past_other(mut self, depth: usize) -> Result<usize, SignError> {
        match self.peek() {
            Some(b'{') => self.members(depth, |reader, _| reader.skip(depth + 1)),
            Some(b'[') => self.elements(depth, |reader| reader.skip(depth + 1)),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            _ => self.word().map(|_| ()),
        }?;
        Ok(self.at)
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
        self.pass();
        let name = self.since(begin);
        self.take(b'"')?;
        Ok(name)
    }

    /// The text between the quotes, escapes checked and left as they are.
    #[inline(always)]
    fn string(&mut self) -> Result<&'a str, SignError> {
        self.take(b'"')?;
        let begin = self.at;
        loop {
            self.pass();
            match self.peek() {
                Some(b'"') => {
                    let raw = self.since(begin);
                    self.at += 1;
                    return Ok(raw);
                }
                Some(b'\\') => self.at = Self { ..*self }.past_escape()?,
                // Not in a name, but it means itself in a text.
                Some(0x7f..) => self.at += 1,
                _ => return Err(SignError::BodyJson),
            }
        }
    }

    /// Goes past what may stand in names.
    #[inline(always)]
    fn pass(&mut self) {
        while self.at < self.text.len() {
            let within = self.at - self.piece.from;
            if within >= Piece::LENGTH {
                self.piece = Piece::around(self.text, self.at);
                continue;
            }
            let ahead = self.piece.stops >> within;
            if ahead != 0 {
                self.at += ahead.trailing_zeros() as usize;
                return;
            }
            self.at = self.piece.from + Piece::LENGTH;
        }
    }

    /// The place after an escape.
    fn past_escape(mut self) -> Result<usize, SignError> {
        self.take(b'\\')?;
        let kind = self.peek();
        let after = self.at + 1;
        match kind {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(after),
            Some(b'u') => {
                let digits = self.text.as_bytes().get(after..after + 4);
                digits
                    .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                    .map(|_| after + 4)
                    .ok_or(SignError::BodyJson)
            }
            _ => Err(SignError::BodyJson),
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
