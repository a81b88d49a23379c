//! An exchange's answer as JSON, strictly: bounded, without a name twice in one object.
//!
//! Two readers that take different ones of two equal names see two different answers; an answer
//! with such a pair is refused. Deliberately not here: what the answer means.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use super::ReadError;

/// No answer about a key is near this long.
pub(super) const MOST_BYTES: usize = 1 << 20;

const TWICE: &str = "a name stands twice";

/// Reads the whole of `bytes` as one value.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLong { most: MOST_BYTES });
    }
    // A mark some servers put before their text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        None => return Err(ReadError::Empty),
        Some(b'<') => return Err(ReadError::WebPage),
        Some(_) => {}
    }
    match serde_json::from_slice::<Strict>(bytes) {
        Ok(Strict(value)) => Ok(value),
        // The parser's own message quotes nothing of the input, and is still not handed on.
        Err(problem) => Err(match problem.classify() {
            Category::Eof => ReadError::Cut,
            Category::Data => ReadError::NameTwice,
            _ if problem.to_string().contains("recursion limit") => ReadError::TooDeep,
            _ => ReadError::NotJson,
        }),
    }
}

/// Any JSON value whose objects name each field once.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = input.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = input.next_key::<String>()? {
            let Strict(value) = input.next_value()?;
            if fields.insert(name, value).is_some() {
                return Err(de::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_one_plain_answer_is_refused_by_its_kind() {
        let deep = "[".repeat(100_000);
        let long = vec![b' '; 10 << 20];
        let cases: &[(&[u8], ReadError)] = &[
            (b"", ReadError::Empty),
            (b" \n ", ReadError::Empty),
            (b"<!DOCTYPE html><html>", ReadError::WebPage),
            (b"  <h1>429</h1>", ReadError::WebPage),
            (b"{\"code\":0,", ReadError::Cut),
            (b"{\"code\":\"0", ReadError::Cut),
            (b"{\"a\":1,\"a\":2}", ReadError::NameTwice),
            (b"[{\"x\":{\"a\":1,\"a\":1}}]", ReadError::NameTwice),
            (b"{\"a\":1}{", ReadError::NotJson),
            (b"Unauthorized", ReadError::NotJson),
            (b"\xff\xfe", ReadError::NotJson),
            (b"{\"a\":\"\xff\"}", ReadError::NotJson),
            (deep.as_bytes(), ReadError::TooDeep),
            (&long, ReadError::TooLong { most: MOST_BYTES }),
        ];
        for (bytes, expected) in cases {
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
            assert_eq!(parse(bytes).err().as_ref(), Some(expected), "{shown}");
        }
        assert_eq!(
            parse(b"\xef\xbb\xbf{}").ok(),
            Some(Value::Object(Map::new()))
        );
    }
}
