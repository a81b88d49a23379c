//! What a field's value looks like: lengths and alphabets, in a small notation of the data files.
//!
//! A shape is a row of parts with single spaces between them: `'bg_' hex{32}`. A part is a literal
//! in quotes or an alphabet with a length, `alnum{27,28}`; `uuid` stands for its five groups, and
//! `pem'PRIVATE KEY'` for a PEM block with that label. No regular expressions: an engine is a large
//! dependency for what is a handful of lengths, and its patterns can be made to run for ever.
//!
//! Deliberately not here: which exchange wants which shape, and keeping what is looked at.

mod outline;

pub use outline::{Outline, OutlineAlphabet};
use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a shape is written like `'bg_' hex{{32}}`, `uuid` or `pem'PRIVATE KEY'`")]
pub struct ShapeRefused;

/// The form of a credential's field.
#[derive(Debug, Clone)]
pub struct Shape {
    parts: Vec<Part>,
    written: String,
}

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Run {
        alphabet: Alphabet,
        least: usize,
        most: usize,
    },
    /// In lower case.
    Uuid,
    /// Stands alone: a block with this label, with or without its line ends.
    Pem(String),
}

#[derive(Debug, Clone, Copy)]
struct Alphabet {
    name: &'static str,
    holds: fn(u8) -> bool,
    /// How many characters it has.
    size: f64,
}

const ALPHABETS: &[Alphabet] = &[
    alphabet("digit", |c| c.is_ascii_digit(), 10.0),
    alphabet("hex", |c| matches!(c, b'0'..=b'9' | b'a'..=b'f'), 16.0),
    alphabet("HEX", |c| matches!(c, b'0'..=b'9' | b'A'..=b'F'), 16.0),
    alphabet("anyhex", |c| c.is_ascii_hexdigit(), 22.0),
    alphabet("lower", |c| matches!(c, b'0'..=b'9' | b'a'..=b'z'), 36.0),
    alphabet("upper", |c| matches!(c, b'0'..=b'9' | b'A'..=b'Z'), 36.0),
    alphabet("alnum", |c| c.is_ascii_alphanumeric(), 62.0),
    alphabet(
        "base64",
        |c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'),
        64.0,
    ),
    alphabet(
        "urlsafe",
        |c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'),
        64.0,
    ),
    alphabet("pad", |c| c == b'=', 1.0),
    alphabet(
        "bech32",
        |c| c.is_ascii_digit() && c != b'1' || c.is_ascii_lowercase() && !b"bio".contains(&c),
        32.0,
    ),
    alphabet("visible", |c| c.is_ascii_graphic(), 94.0),
];

const fn alphabet(name: &'static str, holds: fn(u8) -> bool, size: f64) -> Alphabet {
    Alphabet { name, holds, size }
}

/// Longer than any field but a PEM block; a run may not be longer.
const LONGEST: usize = 512;

/// The characters a value could be made of at all: what an alphabet is compared with.
const PRINTABLE: f64 = 94.0;

/// The lengths of a UUID's groups, which hyphens join.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];
const UUID_LENGTH: usize = 36;

impl Shape {
    pub fn parse(text: &str) -> Result<Self, ShapeRefused> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (part, after) = Self::part(rest)?;
            parts.push(part);
            rest = match after.strip_prefix(' ') {
                Some(next) if !next.is_empty() => next,
                None if after.is_empty() => after,
                _ => return Err(ShapeRefused),
            };
        }
        let pem = parts.iter().any(|part| matches!(part, Part::Pem(_)));
        if parts.is_empty() || pem && parts.len() > 1 {
            return Err(ShapeRefused);
        }
        Ok(Self {
            parts,
            written: text.to_owned(),
        })
    }

    fn part(text: &str) -> Result<(Part, &str), ShapeRefused> {
        if let Some(after) = text.strip_prefix("uuid") {
            return Ok((Part::Uuid, after));
        }
        if let Some(quoted) = text.strip_prefix("pem'") {
            let (label, after) = quoted.split_once('\'').ok_or(ShapeRefused)?;
            return Ok((Part::Pem(label.to_owned()), after));
        }
        if let Some(quoted) = text.strip_prefix('\'') {
            let (literal, after) = quoted.split_once('\'').ok_or(ShapeRefused)?;
            if literal.is_empty() {
                return Err(ShapeRefused);
            }
            return Ok((Part::Literal(literal.to_owned()), after));
        }
        let (name, counted) = text.split_once('{').ok_or(ShapeRefused)?;
        let (lengths, after) = counted.split_once('}').ok_or(ShapeRefused)?;
        let (least, most) = lengths.split_once(',').unwrap_or((lengths, lengths));
        let number = |digits: &str| digits.parse::<usize>().map_err(|_| ShapeRefused);
        let (least, most) = (number(least)?, number(most)?);
        let alphabet = ALPHABETS
            .iter()
            .find(|alphabet| alphabet.name == name)
            .ok_or(ShapeRefused)?;
        if least > most || most == 0 || most > LONGEST {
            return Err(ShapeRefused);
        }
        Ok((
            Part::Run {
                alphabet: *alphabet,
                least,
                most,
            },
            after,
        ))
    }

    /// As it stands in the data file.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether the whole text has this shape.
    pub fn fits(&self, text: &str) -> bool {
        matches(&self.parts, text.as_bytes())
    }

    /// The label of the PEM block it wants.
    pub fn pem_label(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Pem(label)] => Some(label),
            _ => None,
        }
    }

    /// How little of all text has this shape, in bits: the more, the more a match says. Compare
    /// only shapes that fit the same text.
    pub fn surprise(&self) -> f64 {
        self.parts.iter().map(Part::surprise).sum()
    }

    /// Whether it has a literal that is hardly written by chance: `organizations/`, `cxakp_`.
    pub fn has_a_mark(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Literal(literal) => literal.len() >= 3,
            Part::Uuid | Part::Pem(_) | Part::Run { .. } => false,
        })
    }

    /// In words, without an example: "64 letters and digits".
    pub fn words(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(Part::words).collect();
        parts.join(", ")
    }
}

impl Part {
    fn surprise(&self) -> f64 {
        match self {
            Self::Literal(literal) => literal.len() as f64 * PRINTABLE.log2(),
            Self::Run {
                alphabet,
                least,
                most,
            } => {
                let each = (PRINTABLE / alphabet.size).log2();
                // A run of many possible lengths says less than one of exactly one.
                *least as f64 * each - ((most - least + 1) as f64).log2()
            }
            Self::Uuid => {
                let hyphens = (UUID.len() - 1) as f64;
                let digits = UUID_LENGTH as f64 - hyphens;
                hyphens * PRINTABLE.log2() + digits * (PRINTABLE / 16.0).log2()
            }
            Self::Pem(label) => (label.len() + 22) as f64 * PRINTABLE.log2(),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Literal(literal) => format!("`{literal}`"),
            Self::Uuid => "a UUID in lower case".to_owned(),
            Self::Pem(label) => format!("a PEM block `{label}`"),
            Self::Run {
                alphabet,
                least,
                most,
            } => {
                let count = if least == most {
                    least.to_string()
                } else {
                    format!("{least} to {most}")
                };
                let of = match alphabet.name {
                    "digit" => "digits",
                    "hex" => "hexadecimal digits in lower case",
                    "HEX" => "hexadecimal digits in upper case",
                    "anyhex" => "hexadecimal digits",
                    "lower" | "bech32" => "small letters and digits",
                    "upper" => "capital letters and digits",
                    "base64" => "characters of base64",
                    "urlsafe" => "letters, digits, `-` and `_`",
                    "pad" => "`=`",
                    "visible" => "visible characters",
                    _ => "letters and digits",
                };
                format!("{count} {of}")
            }
        }
    }
}

/// The parts are few and the lengths short, so trying every length of a run costs nothing.
fn matches(parts: &[Part], text: &[u8]) -> bool {
    let Some((part, others)) = parts.split_first() else {
        return text.is_empty();
    };
    match part {
        Part::Literal(literal) => text
            .strip_prefix(literal.as_bytes())
            .is_some_and(|rest| matches(others, rest)),
        Part::Uuid => text
            .split_at_checked(UUID_LENGTH)
            .is_some_and(|(begin, rest)| is_uuid(begin) && matches(others, rest)),
        Part::Pem(label) => is_pem(text, label),
        Part::Run {
            alphabet,
            least,
            most,
        } => {
            let longest = text
                .iter()
                .take(*most)
                .take_while(|byte| (alphabet.holds)(**byte))
                .count();
            (*least..=longest)
                .rev()
                .any(|length| matches(others, &text[length..]))
        }
    }
}

fn is_uuid(text: &[u8]) -> bool {
    let groups = text.split(|byte| *byte == b'-');
    let lengths = groups.clone().map(<[u8]>::len);
    let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    lengths.eq(UUID) && groups.flatten().all(hex)
}

fn is_pem(text: &[u8], label: &str) -> bool {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let trimmed = text.trim_ascii();
    trimmed.starts_with(begin.as_bytes()) && trimmed.ends_with(end.as_bytes())
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shape: &str, fits: &[&str], others: &[&str]) {
        let shape = Shape::parse(shape).expect("a shape");
        for text in fits {
            assert!(shape.fits(text), "{} {text}", shape.as_str());
        }
        for text in others {
            assert!(!shape.fits(text), "{} {text}", shape.as_str());
        }
    }

    #[test]
    fn a_shape_fits_whole_texts_of_its_length_and_alphabet() {
        check("alnum{3}", &["aB9"], &["aB", "aB9x", "a-9", ""]);
        check("'bg_' hex{4}", &["bg_01af"], &["bg_01aF", "bg01af", "01af"]);
        check(
            "base64{2,3} pad{0,2}",
            &["ab", "ab==", "abc="],
            &["a=", "ab==="],
        );
        check(
            "uuid",
            &["0123abcd-0123-0123-0123-0123456789ab"],
            &["0123ABCD-0123-0123-0123-0123456789ab"],
        );
        check(
            "pem'EC PRIVATE KEY'",
            &["-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n"],
            &[
                "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----",
            ],
        );
        // A run must be able to give back what the part after it needs.
        check("alnum{1,4} 'x'", &["abcx", "xx", "abxx"], &["x", "abcd"]);
    }

    #[test]
    fn what_is_not_a_shape_is_refused() {
        for text in [
            "",
            " ",
            "alnum",
            "alnum{",
            "alnum{x}",
            "alnum{0}",
            "alnum{3,2}",
            "alnum{9999}",
            "nothing{3}",
            "'a",
            "''",
            "'a'  'b'",
            "'a' ",
            "pem'A' alnum{3}",
            "'a''b'",
        ] {
            assert!(Shape::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_narrower_shape_surprises_more() {
        let surprise = |text| Shape::parse(text).expect("a shape").surprise();
        assert!(surprise("hex{64}") > surprise("alnum{64}"));
        assert!(surprise("alnum{64}") > surprise("visible{64}"));
        assert!(surprise("alnum{32}") > surprise("alnum{8,64}"));
        assert!(surprise("'mx0' alnum{15}") > surprise("alnum{18}"));
    }
}
