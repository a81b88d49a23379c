//! MessagePack of a JSON value, as Hyperliquid hashes it: members in their order, every number in
//! its shortest form.
//!
//! Deliberately not here: reading MessagePack, and fractions: Hyperliquid's decimals are texts.
//!
//! Source: <https://github.com/msgpack/msgpack/blob/master/spec.md>.

use super::json::Json;
use super::refusal::SignError;

const NOT_WHOLE: SignError = SignError::NotCanonical(
    "Hyperliquid takes whole numbers below 2^64 and decimals as texts; a fraction has no one form",
);

pub(crate) fn push(out: &mut Vec<u8>, value: &Json<'_>) -> Result<(), SignError> {
    match value {
        Json::Null => out.push(0xc0),
        Json::Bool(false) => out.push(0xc2),
        Json::Bool(true) => out.push(0xc3),
        Json::Number(number) => push_number(out, number)?,
        Json::Text(text) => push_text(out, text),
        Json::List(elements) => {
            push_count(out, elements.len(), 0x90, 0xdc);
            for element in elements {
                push(out, element)?;
            }
        }
        Json::Object(members) => {
            push_count(out, members.len(), 0x80, 0xde);
            for (name, member) in members {
                push_text(out, name);
                push(out, member)?;
            }
        }
    }
    Ok(())
}

/// Up to 15 in the first byte, else in two or four bytes behind a marker.
fn push_count(out: &mut Vec<u8>, count: usize, short: u8, marker: u8) {
    match (u8::try_from(count), u16::try_from(count)) {
        (Ok(few @ 0..=15), _) => out.push(short | few),
        (_, Ok(many)) => {
            out.push(marker);
            out.extend_from_slice(&many.to_be_bytes());
        }
        _ => {
            out.push(marker + 1);
            out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
        }
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(short @ 0..=31), _) => out.push(0xa0 | short),
        (Ok(length), _) => out.extend_from_slice(&[0xd9, length]),
        (_, Ok(length)) => {
            out.push(0xda);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.push(0xdb);
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(text.as_bytes());
}

fn push_number(out: &mut Vec<u8>, number: &str) -> Result<(), SignError> {
    // `-0` is a float to some readers.
    if number == "-0" {
        return Err(NOT_WHOLE);
    }
    if let Ok(positive) = number.parse::<u64>() {
        match positive {
            0..=0x7f => out.push(positive as u8),
            0x80..=0xff => out.extend_from_slice(&[0xcc, positive as u8]),
            0x100..=0xffff => {
                out.push(0xcd);
                out.extend_from_slice(&(positive as u16).to_be_bytes());
            }
            0x1_0000..=0xffff_ffff => {
                out.push(0xce);
                out.extend_from_slice(&(positive as u32).to_be_bytes());
            }
            _ => {
                out.push(0xcf);
                out.extend_from_slice(&positive.to_be_bytes());
            }
        }
        return Ok(());
    }
    let negative = number.parse::<i64>().map_err(|_| NOT_WHOLE)?;
    if let Ok(small) = i8::try_from(negative) {
        if small < -32 {
            out.push(0xd0);
        }
        out.push(small.cast_unsigned());
    } else if let Ok(middle) = i16::try_from(negative) {
        out.push(0xd1);
        out.extend_from_slice(&middle.to_be_bytes());
    } else if let Ok(large) = i32::try_from(negative) {
        out.push(0xd2);
        out.extend_from_slice(&large.to_be_bytes());
    } else {
        out.push(0xd3);
        out.extend_from_slice(&negative.to_be_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::super::json::parse;
    use super::*;

    fn check(text: &str, hex: &str) {
        let mut out = Vec::new();
        push(&mut out, &parse(text).expect("JSON")).expect("whole numbers");
        assert_eq!(HEXLOWER.encode(&out), hex, "{text}");
    }

    #[test]
    fn every_form_is_the_shortest_of_the_specification() {
        for (text, hex) in [
            ("null", "c0"),
            ("[true,false]", "92c3c2"),
            ("0", "00"),
            ("127", "7f"),
            ("128", "cc80"),
            ("255", "ccff"),
            ("256", "cd0100"),
            ("65536", "ce00010000"),
            ("4294967296", "cf0000000100000000"),
            ("18446744073709551615", "cfffffffffffffffff"),
            ("-1", "ff"),
            ("-32", "e0"),
            ("-33", "d0df"),
            ("-129", "d1ff7f"),
            ("-32769", "d2ffff7fff"),
            ("-2147483649", "d3ffffffff7fffffff"),
            ("\"a\"", "a161"),
            ("{\"b\":1,\"a\":[]}", "82a16201a16190"),
        ] {
            check(text, hex);
        }
        check(
            &format!("\"{}\"", "x".repeat(32)),
            &format!("d920{}", "78".repeat(32)),
        );
        check(
            &format!("\"{}\"", "x".repeat(256)),
            &format!("da0100{}", "78".repeat(256)),
        );
        check(
            &format!("[{}]", vec!["1"; 16].join(",")),
            &format!("dc0010{}", "01".repeat(16)),
        );
    }

    #[test]
    fn fractions_and_numbers_that_do_not_fit_are_refused() {
        for text in ["0.5", "1e3", "-0", "18446744073709551616"] {
            let mut out = Vec::new();
            assert_eq!(
                push(&mut out, &parse(text).expect("JSON")),
                Err(NOT_WHOLE),
                "{text}"
            );
        }
    }
}
