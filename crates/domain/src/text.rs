//! Text a person typed: labels, tags, notes.
//!
//! Control characters could rewrite a terminal, direction controls could make one label look like
//! another; both are refused where text enters, and printed text is sanitised again by the faces.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure};

/// Why a text was not taken. The text itself is never part of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than {most} characters")]
    TooLong { most: usize },
    #[error("it holds a control character")]
    Control,
    #[error("it holds an invisible character that changes the direction of writing")]
    Direction,
    #[error("a tag holds no comma")]
    Comma,
}

/// Whether a character could rewrite a screen or change the direction of writing.
fn refuse(character: char, lines: Lines) -> Result<(), TextRefused> {
    match character {
        '\n' | '\t' if lines == Lines::Many => Ok(()),
        // Line and paragraph separators break a line as surely as a line feed does.
        '\u{2028}' | '\u{2029}' => Err(TextRefused::Control),
        '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => Err(TextRefused::Direction),
        _ if character.is_control() => Err(TextRefused::Control),
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn check(text: &str, lines: Lines, most: usize) -> Result<&str, TextRefused> {
    // White space around it is how people paste; line ends of the other system likewise.
    let text = text.trim();
    if text.is_empty() {
        return Err(TextRefused::Empty);
    }
    text.chars()
        .try_for_each(|character| refuse(character, lines))?;
    if text.chars().count() > most {
        return Err(TextRefused::TooLong { most });
    }
    Ok(text)
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $lines:expr, $most:literal $(, refuses $extra:expr)?) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The longest it may be, in characters.
            pub const MOST: usize = $most;

            /// Takes the text without the white space around it.
            pub fn parse(text: &str) -> Result<Self, TextRefused> {
                let text = check(text, $lines, $most)?;
                $( ($extra)(text)?; )?
                Ok(Self(text.into()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// A label can reach a log through `Debug`; it is left out there.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}(..)", stringify!($name))
            }
        }

        impl Canonical for $name {
            fn write_cbor(&self, out: &mut Enc) {
                out.str(&self.0).map(drop).sure();
            }

            fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
                Self::parse(input.str()?).map_err(|_| CodecError::Malformed)
            }
        }
    };
}

text_type! {
    /// What a person calls a key.
    KeyLabel, Lines::One, 100
}
text_type! {
    /// What a person calls an exchange account: its login, or a name for it.
    AccountLabel, Lines::One, 100
}
text_type! {
    /// What a person calls a bot, tool, person or host that holds a key.
    ConsumerName, Lines::One, 100
}
text_type! {
    /// A name for a host on an allowlist, such as `VPS-1`.
    NamedHost, Lines::One, 60
}
text_type! {
    /// What a member of a team calls themselves on a contact card.
    MemberName, Lines::One, 60
}
text_type! {
    /// One line of free text: purpose, owner, sub-account, who gave a key to a consumer.
    Line, Lines::One, 200
}
text_type! {
    /// A word to find keys by. It holds no comma, because lists of tags are typed with commas.
    Tag, Lines::One, 40, refuses |text: &str| {
        if text.contains(',') { Err(TextRefused::Comma) } else { Ok(()) }
    }
}
text_type! {
    /// Free text of several lines.
    Notes, Lines::Many, 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_is_refused() {
        let cases = [
            ("", TextRefused::Empty),
            (" \t ", TextRefused::Empty),
            ("a\u{1b}[2Jb", TextRefused::Control),
            ("a\nb", TextRefused::Control),
            ("a\u{7f}b", TextRefused::Control),
            ("a\u{9b}b", TextRefused::Control),
            ("a\u{2028}b", TextRefused::Control),
            ("a\u{202e}b", TextRefused::Direction),
            ("a\u{2066}b", TextRefused::Direction),
            ("a\u{2069}b", TextRefused::Direction),
            ("a\u{200e}b", TextRefused::Direction),
            ("a\u{200f}b", TextRefused::Direction),
        ];
        for (text, error) in cases {
            assert_eq!(KeyLabel::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(
            KeyLabel::parse(&"é".repeat(101)),
            Err(TextRefused::TooLong { most: 100 })
        );
        assert!(KeyLabel::parse(&"é".repeat(100)).is_ok());
        assert_eq!(Tag::parse("a,b"), Err(TextRefused::Comma));
    }

    #[test]
    fn notes_keep_their_lines() {
        let notes = Notes::parse("first\n\tsecond\n").expect("lines are fine in notes");
        assert_eq!(notes.as_str(), "first\n\tsecond");
        assert_eq!(Notes::parse("a\u{0}b"), Err(TextRefused::Control));
    }

    #[test]
    fn debug_shows_no_label() {
        let label = KeyLabel::parse("Binance main").expect("a label");
        assert_eq!(format!("{label:?}"), "KeyLabel(..)");
        assert_eq!(label.to_string(), "Binance main");
    }
}
