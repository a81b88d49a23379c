//! Forms: bodies of `name=value` pairs that the caller has encoded.
//!
//! What cannot be taken for anything else is sent as it was given; everything else is refused.

use super::encode::{KINDS, Kind, MOST_BYTES, NonAscii, check_name, check_names};
use super::refusal::SignError;

/// The pairs of a form body that is already encoded, as they stand in it.
pub(crate) fn pairs(body: &str) -> impl Iterator<Item = (&str, &str)> + Clone {
    body.split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// A form that reads the same to everyone: pairs of plain names and values, in which nothing is
/// escaped that could end a value, and nothing stands raw that needs an escape.
pub(crate) fn check(
    body: &str,
    reserved: &[&'static str],
    non_ascii: NonAscii,
) -> Result<(), SignError> {
    if body.len() > MOST_BYTES {
        return Err(SignError::TooLong);
    }
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').ok_or(SignError::BodyForm)?;
        check_name(name)?;
        check_value(value, non_ascii)?;
    }
    check_names(pairs(body).map(|(name, _)| name), reserved)
}

fn check_value(value: &str, non_ascii: NonAscii) -> Result<(), SignError> {
    let bytes = value.as_bytes();
    let mut at = 0;
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.get(at) {
        match KINDS[usize::from(*byte)] {
            Kind::Unreserved => at += 1,
            // These mean themselves in a form's value, and some exchanges' symbols hold them.
            Kind::Escaped if matches!(byte, b',' | b':' | b'@' | b'!' | b'*' | b'(' | b')') => {
                at += 1;
            }
            Kind::Separator if *byte == b'/' => at += 1,
            Kind::Percent => {
                let escaped = escaped_byte(bytes, at).ok_or(SignError::BodyForm)?;
                match KINDS[usize::from(escaped)] {
                    Kind::Separator | Kind::Percent | Kind::Control => {
                        return Err(SignError::EncodedSeparator);
                    }
                    Kind::NonAscii if non_ascii == NonAscii::Refused => {
                        return Err(SignError::NotAscii);
                    }
                    Kind::NonAscii => decoded.push(escaped),
                    Kind::Unreserved | Kind::Escaped => {}
                }
                at += 3;
            }
            Kind::Control => return Err(SignError::Control),
            Kind::NonAscii => return Err(SignError::NotAscii),
            Kind::Separator => return Err(SignError::Separator),
            Kind::Escaped => return Err(SignError::BodyForm),
        }
    }
    // Escapes outside ASCII must make up characters.
    if std::str::from_utf8(&decoded).is_err() {
        return Err(SignError::BodyForm);
    }
    Ok(())
}

/// The byte that `%XX` at this place stands for.
pub(crate) fn escaped_byte(bytes: &[u8], at: usize) -> Option<u8> {
    let digits = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_pairs_without_hidden_separators() {
        let check = |body: &str| super::check(body, &["nonce"], NonAscii::Refused);
        for body in ["a=1", "a=1&b=x%20y", "pair=XBT/USD&c[0]=2", "a="] {
            assert_eq!(check(body), Ok(()), "{body}");
        }
        for (body, error) in [
            ("", SignError::BodyForm),
            ("a", SignError::BodyForm),
            ("a=1&", SignError::BodyForm),
            ("a=1&&b=2", SignError::BodyForm),
            ("a=1&a=2", SignError::Duplicate),
            ("nonce=1", SignError::Reserved("nonce")),
            ("a=1%26b=2", SignError::EncodedSeparator),
            ("a=1%26b", SignError::EncodedSeparator),
            ("a=%00", SignError::EncodedSeparator),
            ("a=%2526", SignError::EncodedSeparator),
            ("a=%2Fb", SignError::EncodedSeparator),
            ("a=1=2", SignError::Separator),
            ("a=%zz", SignError::BodyForm),
            ("a=%+1", SignError::BodyForm),
            ("a=%2", SignError::BodyForm),
            ("a=x y", SignError::BodyForm),
            ("a=x+y", SignError::BodyForm),
            ("a=é", SignError::NotAscii),
            ("a=%C3%A9", SignError::NotAscii),
        ] {
            assert_eq!(check(body), Err(error), "{body}");
        }
        assert_eq!(super::check("a=%C3%A9", &[], NonAscii::Encoded), Ok(()));
        assert_eq!(
            super::check("a=%C3", &[], NonAscii::Encoded),
            Err(SignError::BodyForm)
        );
    }
}
