//! Paths and queries: what may stand in them, and their one way of being written.
//!
//! A name or value that some server on the way could take for two is refused rather than escaped:
//! the rule that decides what a request does reads the same bytes, and must not be told another
//! story than the exchange.

use super::names::{Form, Forms};
use super::refusal::SignError;
use super::text_buf::TextBuf;

/// Longer paths, queries and bodies than any documented call needs are refused before any work.
pub(crate) const MOST_BYTES: usize = 64 * 1024;
const MOST_PARAMETERS: usize = 256;

/// What a character outside ASCII becomes in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NonAscii {
    /// The exchange documents that its UTF-8 bytes are percent-encoded.
    Encoded,
    Refused,
}

/// How values are written in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// RFC 3986: everything but unreserved characters becomes `%XX`, with capital digits.
    Percent,
    /// The same, but a space becomes `+`.
    Plus,
    /// As given: the exchange signs decoded values.
    Raw,
    /// As given, and a value that would need an escape is refused: nobody says which form is signed.
    PlainOnly,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) spelling: Spelling,
    pub(crate) non_ascii: NonAscii,
}

pub(crate) const PERCENT: Style = Style {
    spelling: Spelling::Percent,
    non_ascii: NonAscii::Refused,
};

/// What a byte is in a query's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Unreserved,
    Escaped,
    Separator,
    Percent,
    Control,
    NonAscii,
}

pub(crate) const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Escaped; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        kinds[byte] = match value {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => Kind::Unreserved,
            b'&' | b'=' | b'?' | b'#' | b'/' | b'\\' | b';' => Kind::Separator,
            b'%' => Kind::Percent,
            0..=0x1f | 0x7f => Kind::Control,
            0x80.. => Kind::NonAscii,
            _ => Kind::Escaped,
        };
        byte += 1;
    }
    kinds
};

/// 0 for what a query holds as it is, 1 for everything else.
const SPECIAL: [u8; 256] = {
    let mut special = [1; 256];
    let mut byte = 0;
    while byte < 256 {
        if matches!(KINDS[byte], Kind::Unreserved) {
            special[byte] = 0;
        }
        byte += 1;
    }
    special
};

/// 0 for what a name may hold, 1 for everything else.
const NOT_IN_NAMES: [u8; 256] = {
    let mut not = [1; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        if value.is_ascii_alphanumeric() || matches!(value, b'_' | b'-' | b'.' | b'[' | b']') {
            not[byte] = 0;
        }
        byte += 1;
    }
    not
};

/// What a byte is in a path, as bits that can be gathered.
const NOT_IN_PATHS: u8 = 1;
const ENDS_A_PART: u8 = 2;
const BEGINS_A_CLIMB: u8 = 4;

const IN_PATHS: [u8; 256] = {
    let mut kinds = [NOT_IN_PATHS; 256];
    let mut byte = 0;
    while byte < 256 {
        match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => kinds[byte] = 0,
            b'-' | b'_' | b'~' | b':' | b',' | b'@' => kinds[byte] = 0,
            b'.' => kinds[byte] = BEGINS_A_CLIMB,
            b'/' => kinds[byte] = BEGINS_A_CLIMB | ENDS_A_PART,
            _ => {}
        }
        byte += 1;
    }
    kinds
};

pub(crate) fn check_path(path: &str) -> Result<(), SignError> {
    let bytes = path.as_bytes();
    if bytes.first() != Some(&b'/') {
        return Err(SignError::Path);
    }
    if bytes.len() > 2048 {
        return Err(SignError::TooLong);
    }
    let (mut found, mut before) = (0, 0);
    for byte in bytes {
        let kind = IN_PATHS[usize::from(*byte)];
        found |= kind & NOT_IN_PATHS | (before * (BEGINS_A_CLIMB / ENDS_A_PART)) & kind;
        before = kind & ENDS_A_PART;
    }
    if found & NOT_IN_PATHS != 0 {
        return Err(if bytes.contains(&b'%') {
            SignError::PathEncoded
        } else {
            SignError::Path
        });
    }
    // Few paths have a `//` or `/.` at all, and only its parts tell what it is.
    if found & BEGINS_A_CLIMB != 0 && climbs(path) {
        return Err(SignError::PathClimbs);
    }
    Ok(())
}

/// Whether a part is empty, but for the end, or made of one or two dots.
fn climbs(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/')
        .skip(1)
        .any(|part| matches!(part, "" | "." | ".."))
}

/// Appends `name=value` pairs joined by `&`, in the order given.
pub(crate) fn push_query<'a>(
    out: &mut TextBuf,
    query: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    style: Style,
) -> Result<(), SignError> {
    if query.clone().next().is_none() {
        return Ok(());
    }
    let from = out.len();
    if push_plain(out, query.clone()) {
        return Ok(());
    }
    out.truncate(from);
    push_pairs(out, query, style)
}

fn push_pairs<'a>(
    out: &mut TextBuf,
    query: impl Iterator<Item = (&'a str, &'a str)>,
    style: Style,
) -> Result<(), SignError> {
    for (place, (name, value)) in query.enumerate() {
        if place > 0 {
            out.push('&');
        }
        push_name(out, name, style)?;
        out.push('=');
        push_value(out, value, style)?;
    }
    Ok(())
}

/// Appends a query all of which stands as it is in every spelling, and says whether it did. It is
/// put together first and then looked at in one go: it is plain if no byte but the separators is
/// not.
fn push_plain<'a>(
    out: &mut TextBuf,
    query: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> bool {
    let length: usize = query
        .clone()
        .map(|(name, value)| name.len() + value.len() + 2)
        .sum();
    let mut plain = true;
    out.write_ascii(length.next_multiple_of(PIECE), |bytes| {
        let (mut at, mut separators) = (0, 0);
        for (name, value) in query {
            plain &= !name.is_empty();
            let between = usize::from(at > 0);
            let equals = at + between + name.len();
            let end = equals + 1 + value.len();
            bytes[at] = b'&';
            copy(&mut bytes[at + between..equals], name.as_bytes());
            bytes[equals] = b'=';
            copy(&mut bytes[equals + 1..end], value.as_bytes());
            separators += between + 1;
            at = end;
        }
        let (pieces, _) = bytes.as_chunks();
        let not_plain: usize = pieces.iter().map(count_not_plain).sum();
        // What was not written is not plain either.
        plain &= not_plain == separators + bytes.len() - at;
        if plain { at } else { 0 }
    });
    plain
}

/// Copies a piece of equal length; a short one without the call that a long one is worth.
fn copy(to: &mut [u8], from: &[u8]) {
    match from.len() {
        0..4 => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        4..8 => copy_ends::<4>(to, from),
        8..=16 => copy_ends::<8>(to, from),
        17..=32 => copy_ends::<16>(to, from),
        _ => to.copy_from_slice(from),
    }
}

/// Copies as many bytes at either end, which together are all there are.
fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk()) {
        *to = *from;
    }
}

const PIECE: usize = 32;

/// How many bytes are not letters, digits or `_-.`, which names and values may hold as they are.
/// Without branches and tables and of a fixed number, so that many are looked at together.
fn count_not_plain(bytes: &[u8; PIECE]) -> usize {
    let not_plain = |byte: &u8| {
        let letter = (*byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        u8::from(!(letter | digit | (*byte == b'_') | (*byte == b'-') | (*byte == b'.')))
    };
    usize::from(bytes.iter().map(not_plain).sum::<u8>())
}

fn push_name(out: &mut TextBuf, name: &str, style: Style) -> Result<(), SignError> {
    check_name(name)?;
    // Brackets may stand in a name and are escaped like a value's.
    push_value(out, name, style)
}

/// Appends one value. What stands between bytes that need no escape is copied in one piece.
pub(crate) fn push_value(out: &mut TextBuf, value: &str, style: Style) -> Result<(), SignError> {
    // Most values hold nothing to look at twice; finding that out takes no branches.
    let special = value
        .bytes()
        .fold(0, |special, byte| special | SPECIAL[usize::from(byte)]);
    if special == 0 {
        out.push_str(value);
        return Ok(());
    }
    let mut written = 0;
    for (at, byte) in value.bytes().enumerate() {
        match KINDS[usize::from(byte)] {
            Kind::Unreserved => continue,
            Kind::Separator => return Err(SignError::Separator),
            Kind::Percent => return Err(SignError::EncodedSeparator),
            Kind::Control => return Err(SignError::Control),
            Kind::NonAscii if style.non_ascii == NonAscii::Refused => {
                return Err(SignError::NotAscii);
            }
            Kind::NonAscii | Kind::Escaped => {}
        }
        match style.spelling {
            Spelling::Raw => continue,
            // These two may stand in a query as they are.
            Spelling::PlainOnly if matches!(byte, b',' | b':') => continue,
            Spelling::PlainOnly => return Err(SignError::NotPlain),
            Spelling::Percent | Spelling::Plus => {}
        }
        // Inside a character outside ASCII there is nothing between, and no place to cut a text.
        if written < at {
            out.push_str(&value[written..at]);
        }
        if byte == b' ' && style.spelling == Spelling::Plus {
            out.push('+');
        } else {
            push_escape(out, byte);
        }
        written = at + 1;
    }
    out.push_str(&value[written..]);
    Ok(())
}

/// Percent-encodes what is ours and not a parameter: a signature in base64, a timestamp.
pub(crate) fn push_escaped(out: &mut TextBuf, text: &str) {
    for byte in text.bytes() {
        if KINDS[usize::from(byte)] == Kind::Unreserved {
            out.push(char::from(byte));
        } else {
            push_escape(out, byte);
        }
    }
}

fn push_escape(out: &mut TextBuf, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// The names of a query: none twice, none of the adapter's own.
#[inline]
pub(crate) fn check_names<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    reserved: &[&'static str],
) -> Result<(), SignError> {
    // Few names are as long as one of ours.
    let lengths = reserved
        .iter()
        .fold(0_u64, |lengths, ours| lengths | 1 << ours.len());
    let mut forms = Forms::default();
    for (place, name) in names.clone().enumerate() {
        if place >= MOST_PARAMETERS {
            return Err(SignError::TooLong);
        }
        let as_long = lengths & (1 << (name.len() % 64)) != 0;
        if as_long && let Some(ours) = reserved.iter().find(|ours| ours.eq_ignore_ascii_case(name))
        {
            return Err(SignError::Reserved(ours));
        }
        // Of the few that there may be, fewer have the form of an earlier one.
        if forms.add(name) == Form::Known && names.clone().take(place).any(|other| other == name) {
            return Err(SignError::Duplicate);
        }
    }
    Ok(())
}

pub(crate) fn check_name(name: &str) -> Result<(), SignError> {
    let not = name
        .bytes()
        .fold(0, |not, byte| not | NOT_IN_NAMES[usize::from(byte)]);
    if !name.is_empty() && not == 0 {
        return Ok(());
    }
    Err(if name.contains('%') {
        SignError::EncodedSeparator
    } else {
        SignError::Name
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(query: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
        query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    proptest! {
        #[test]
        fn a_plain_query_is_written_at_once_as_it_is_piece_by_piece(
            query in prop::collection::vec(("[a-zA-Z_.~%]{0,12}", "[a-zA-Z0-9.~ &=-]{0,60}"), 0..9),
            plain_only in any::<bool>(),
        ) {
            let query: Vec<(String, String)> = query;
            let spelling = if plain_only { Spelling::PlainOnly } else { Spelling::Percent };
            let style = Style { spelling, ..PERCENT };
            let (mut at_once, mut by_piece) = (TextBuf::default(), TextBuf::default());
            at_once.push_str("/a?");
            by_piece.push_str("/a?");
            let outcome = push_query(&mut at_once, pairs(&query), style);
            prop_assert_eq!(push_pairs(&mut by_piece, pairs(&query), style), outcome);
            if outcome.is_ok() {
                prop_assert_eq!(at_once.as_str(), by_piece.as_str());
            }
        }
    }

    #[test]
    fn what_is_plain_is_what_names_and_values_may_hold_as_it_is() {
        for byte in 0..=255_u8 {
            let kind = KINDS[usize::from(byte)];
            let plain = kind == Kind::Unreserved && NOT_IN_NAMES[usize::from(byte)] == 0;
            let counted = if plain { 0 } else { PIECE };
            assert_eq!(count_not_plain(&[byte; PIECE]), counted, "{byte}");
        }
    }

    #[test]
    fn a_query_of_any_length_is_written_whole() {
        for length in [0, 1, 252, 253, 254, 255, 256, 1000] {
            let query = [
                ("a".to_owned(), "x".repeat(length)),
                ("b".to_owned(), String::new()),
            ];
            let mut out = TextBuf::default();
            push_query(&mut out, pairs(&query), PERCENT).expect("plain");
            assert_eq!(out.as_str(), format!("a={}&b=", "x".repeat(length)));
        }
    }

    #[test]
    fn paths_are_taken_as_they_are_or_not_at_all() {
        for path in ["/", "/api/v3/order", "/v2/auth/r/tBTCF0:USTF0/hist", "/a/"] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        for (path, error) in [
            ("", SignError::Path),
            ("api", SignError::Path),
            ("/a?b=c", SignError::Path),
            ("/a#b", SignError::Path),
            ("/a b", SignError::Path),
            ("/a;b", SignError::Path),
            ("/a\\b", SignError::Path),
            ("/ä", SignError::Path),
            ("/a%2Fb", SignError::PathEncoded),
            ("/a/../b", SignError::PathClimbs),
            ("/a/./b", SignError::PathClimbs),
            ("/a/..", SignError::PathClimbs),
            ("//a", SignError::PathClimbs),
            ("/a//b", SignError::PathClimbs),
            ("/a//", SignError::PathClimbs),
        ] {
            assert_eq!(check_path(path), Err(error), "{path}");
        }
    }

    fn query(value: &str, spelling: Spelling, non_ascii: NonAscii) -> Result<String, SignError> {
        let mut out = TextBuf::default();
        push_query(
            &mut out,
            [("a", value)].into_iter(),
            Style {
                spelling,
                non_ascii,
            },
        )?;
        Ok(out.as_str().to_owned())
    }

    #[test]
    fn each_spelling_writes_a_value_in_its_one_way() {
        for (value, spelling, written) in [
            ("x y", Spelling::Percent, "a=x%20y"),
            ("x y", Spelling::Plus, "a=x+y"),
            ("x+y", Spelling::Plus, "a=x%2By"),
            ("x y", Spelling::Raw, "a=x y"),
            ("x:y,z", Spelling::PlainOnly, "a=x:y,z"),
            ("[\"x\"]", Spelling::Percent, "a=%5B%22x%22%5D"),
        ] {
            assert_eq!(
                query(value, spelling, NonAscii::Refused).as_deref(),
                Ok(written)
            );
        }
        assert_eq!(
            query("１é", Spelling::Percent, NonAscii::Encoded).as_deref(),
            Ok("a=%EF%BC%91%C3%A9")
        );
        assert_eq!(
            query("x y", Spelling::PlainOnly, NonAscii::Refused),
            Err(SignError::NotPlain)
        );
    }

    #[test]
    fn a_value_that_could_be_taken_for_two_is_refused() {
        for (value, error) in [
            ("a&b", SignError::Separator),
            ("a=b", SignError::Separator),
            ("a/b", SignError::Separator),
            ("a?b", SignError::Separator),
            ("a#b", SignError::Separator),
            ("a;b", SignError::Separator),
            ("a%26b", SignError::EncodedSeparator),
            ("a%3Db", SignError::EncodedSeparator),
            ("100%", SignError::EncodedSeparator),
            ("a\0b", SignError::Control),
            ("a\nb", SignError::Control),
            ("é", SignError::NotAscii),
        ] {
            for spelling in [Spelling::Percent, Spelling::Raw, Spelling::PlainOnly] {
                assert_eq!(
                    query(value, spelling, NonAscii::Refused),
                    Err(error),
                    "{value:?}"
                );
            }
        }
    }

    #[test]
    fn names_stand_once_and_none_is_the_adapters_own() {
        let check = |names: &[&str]| check_names(names.iter().copied(), &["timestamp"]);
        assert_eq!(check(&["a", "b", "a1", "1a"]), Ok(()));
        assert_eq!(check(&["a", "b", "a"]), Err(SignError::Duplicate));
        assert_eq!(
            check(&["a", "TimeStamp"]),
            Err(SignError::Reserved("timestamp"))
        );
        let many: Vec<String> = (0..300).map(|number| number.to_string()).collect();
        assert_eq!(
            check_names(many.iter().map(String::as_str), &[]),
            Err(SignError::TooLong)
        );
        for name in ["", "a b", "a&b", "ä"] {
            assert_eq!(check_name(name), Err(SignError::Name), "{name}");
        }
        assert_eq!(check_name("a%3D"), Err(SignError::EncodedSeparator));
    }
}
