//! A request being written: one text that holds all of it, wiped when dropped.
//!
//! Target, body, headers and the bytes that are signed are parts of that text, most of them the
//! same ones: what is signed, told apart and sent are not three texts that have to agree.
//!
//! Deliberately not here: what an exchange wants where.

use std::ops::Range;

use strongroom_secret::SecretBytes;
use zeroize::Zeroize as _;

use super::encode::{self, Style};
use super::refusal::SignError;
use super::text_buf::TextBuf;

/// A part of the text, as places in it. They are small, so that a draft is moved quickly: no request
/// is longer than a few times [`encode::MOST_BYTES`].
#[derive(Clone, Copy, Default)]
pub(crate) struct Part {
    from: u32,
    to: u32,
}

impl Part {
    fn between(from: usize, to: usize) -> Self {
        Self {
            from: from as u32,
            to: to as u32,
        }
    }

    fn range(self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Where the bytes stand that are signed.
enum Message {
    In(Part),
    /// By themselves: a hash of what is sent.
    Apart(Vec<u8>),
}

/// More than any exchange wants.
const MOST_HEADERS: usize = 8;

pub(crate) struct Draft {
    /// Appended to in the order in which the exchange signs, so that little is written twice.
    pub(crate) text: TextBuf,
    message: Message,
    target: Part,
    /// What names the call: the path, or what a body says that was checked to agree with it.
    call: Part,
    body: Option<Part>,
    headers: [(&'static str, Part); MOST_HEADERS],
    header_count: usize,
}

impl Draft {
    /// With room for a text of a length: growing beyond costs time and leaves a copy behind to the
    /// allocator.
    pub(crate) fn with_room(length: usize) -> Self {
        Self {
            text: TextBuf::with_room(length),
            message: Message::In(Part::default()),
            target: Part::default(),
            call: Part::default(),
            body: None,
            headers: [("", Part { from: 0, to: 0 }); MOST_HEADERS],
            header_count: 0,
        }
    }

    pub(crate) fn here(&self) -> usize {
        self.text.len()
    }

    /// What was written since a place.
    pub(crate) fn since(&self, from: usize) -> Part {
        Part::between(from, self.here())
    }

    /// Appends a text.
    pub(crate) fn push(&mut self, text: &str) -> Part {
        self.push_with(|out| out.push_str(text))
    }

    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut TextBuf)) -> Part {
        let from = self.here();
        write(&mut self.text);
        self.since(from)
    }

    /// Appends a part once more.
    pub(crate) fn push_again(&mut self, part: Part) -> Part {
        self.push_with(|out| out.push_again(part.range()))
    }

    /// Appends the path as the beginning of the target.
    pub(crate) fn push_path(&mut self, path: &str) {
        self.target = self.push(path);
        self.call = self.target;
    }

    /// Appends the whole target: the path, a `?` where there is a query, and the query, which is
    /// what is returned.
    pub(crate) fn push_target<'a>(
        &mut self,
        path: &str,
        query: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        style: Style,
    ) -> Result<Part, SignError> {
        self.push_path(path);
        if query.clone().next().is_some() {
            self.text.push('?');
        }
        let from = self.here();
        encode::push_query(&mut self.text, query, style)?;
        self.end_target();
        Ok(self.since(from))
    }

    /// The target ends here.
    pub(crate) fn end_target(&mut self) {
        self.target = self.since(self.target.from as usize);
    }

    /// Appends the body.
    pub(crate) fn push_body(&mut self, body: &str) -> Part {
        let part = self.push(body);
        self.body = Some(part);
        part
    }

    /// The body is what was written since a place.
    pub(crate) fn body_since(&mut self, from: usize) {
        self.body = Some(self.since(from));
    }

    /// A header whose value is a part of the text.
    pub(crate) fn header_of(&mut self, name: &'static str, value: Part) {
        self.headers[self.header_count] = (name, value);
        self.header_count += 1;
    }

    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        let value = self.push(value);
        self.header_of(name, value);
    }

    pub(crate) fn header_with(&mut self, name: &'static str, write: impl FnOnce(&mut TextBuf)) {
        let value = self.push_with(write);
        self.header_of(name, value);
    }

    pub(crate) fn json_type(&mut self) {
        self.header("Content-Type", "application/json");
    }

    pub(crate) fn form_type(&mut self) {
        self.header("Content-Type", "application/x-www-form-urlencoded");
    }

    /// The call is named by this instead of by the path. It is not sent.
    pub(crate) fn name_call(&mut self, pieces: &[&str]) {
        let from = self.here();
        for piece in pieces {
            self.text.push_str(piece);
        }
        self.call = self.since(from);
    }

    /// The bytes of a part, which are the ones that are signed.
    pub(crate) fn signed(&mut self, part: Part) -> &[u8] {
        self.message = Message::In(part);
        self.message()
    }

    /// Bytes by themselves that are signed.
    pub(crate) fn signed_apart(&mut self, bytes: Vec<u8>) -> &[u8] {
        self.message = Message::Apart(bytes);
        self.message()
    }

    pub(crate) fn at(&self, part: Part) -> &str {
        self.text.at(part.range())
    }

    fn message(&self) -> &[u8] {
        match &self.message {
            Message::In(part) => &self.text.as_bytes()[part.range()],
            Message::Apart(bytes) => bytes,
        }
    }

    pub(crate) fn copy_message(&self) -> SecretBytes {
        SecretBytes::new(self.message().to_vec())
    }

    /// What the rules are asked about.
    pub(crate) fn call(&self) -> &str {
        self.at(self.call)
    }

    pub(crate) fn target(&self) -> &str {
        self.at(self.target)
    }

    pub(crate) fn body(&self) -> Option<&str> {
        self.body.map(|body| self.at(body))
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers[..self.header_count]
            .iter()
            .map(|(name, value)| (*name, self.at(*value)))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Message::Apart(bytes) = &mut self.message {
            bytes.zeroize();
        }
    }
}
