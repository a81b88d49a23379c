//! A shape as a form can check it while somebody types.
//!
//! Not here: whether a value fits, which the shape itself says.

use super::{Part, Shape, UUID_LENGTH};

/// A beginning, one alphabet, a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline<'a> {
    pub prefix: &'a str,
    /// Characters after the prefix.
    pub least: usize,
    pub most: usize,
    pub alphabet: OutlineAlphabet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineAlphabet {
    Any,
    /// In lower case, or in either.
    Hex,
    UpperHex,
    Alphanumeric,
    /// Padding included, as in the next.
    Base64,
    Base64Url,
    HexDashes,
    Pem,
}

/// A PEM block of a private key is no longer than this.
const LONGEST_PEM: usize = 8192;

impl Shape {
    /// `None` for a shape that is more than a beginning and one alphabet.
    pub fn outline(&self) -> Option<Outline<'_>> {
        let (prefix, runs) = match self.parts.as_slice() {
            [Part::Literal(prefix), runs @ ..] => (prefix.as_str(), runs),
            runs => ("", runs),
        };
        let outline = |least, most, alphabet| Outline {
            prefix,
            least,
            most,
            alphabet,
        };
        match runs {
            [Part::Uuid] => {
                return Some(outline(
                    UUID_LENGTH,
                    UUID_LENGTH,
                    OutlineAlphabet::HexDashes,
                ));
            }
            [Part::Pem(_)] => return Some(outline(1, LONGEST_PEM, OutlineAlphabet::Pem)),
            _ => {}
        }
        let mut whole: Option<Outline<'_>> = None;
        for part in runs {
            let Part::Run {
                alphabet,
                least,
                most,
            } = part
            else {
                return None;
            };
            match (&mut whole, alphabet.name) {
                (None, name) => {
                    whole = Some(outline(*least, *most, OutlineAlphabet::of(name)?));
                }
                (Some(whole), "pad") if whole.alphabet.has_padding() => {
                    whole.least += least;
                    whole.most += most;
                }
                _ => return None,
            }
        }
        whole
    }
}

impl OutlineAlphabet {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "hex" | "anyhex" => Self::Hex,
            "HEX" => Self::UpperHex,
            "digit" | "lower" | "upper" | "alnum" | "bech32" => Self::Alphanumeric,
            "base64" => Self::Base64,
            "urlsafe" => Self::Base64Url,
            "visible" => Self::Any,
            _ => return None,
        })
    }

    fn has_padding(self) -> bool {
        matches!(self, Self::Base64 | Self::Base64Url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_can_check_is_a_beginning_one_alphabet_and_a_length() {
        use OutlineAlphabet as A;
        for (shape, expected) in [
            ("alnum{64}", Some(("", 64, 64, A::Alphanumeric))),
            ("'bg_' hex{32}", Some(("bg_", 32, 32, A::Hex))),
            ("base64{86} pad{2}", Some(("", 88, 88, A::Base64))),
            ("uuid", Some(("", 36, 36, A::HexDashes))),
            ("pem'PRIVATE KEY'", Some(("", 1, LONGEST_PEM, A::Pem))),
            ("hex{8} '-' hex{8}", None),
            ("alnum{4} pad{1}", None),
        ] {
            let parsed = Shape::parse(shape).expect("a shape");
            let outline = parsed.outline();
            let outline = outline.map(|one| (one.prefix, one.least, one.most, one.alphabet));
            assert_eq!(outline, expected, "{shape}");
        }
    }
}
