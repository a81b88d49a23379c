//! What sticks to a text that was copied: spaces, invisible characters, quotes, lost line ends.
//!
//! Only what cannot be part of a credential is taken away, and each thing taken is named.
//!
//! Deliberately not here: spaces inside, which may be part of a passphrase.

use strongroom_secret::SecretText;

use super::pem;

/// One thing that was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    Invisible,
    SpacesAround,
    Quotes,
    PemLineEnds,
}

impl Mend {
    /// One clause, for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Invisible => "invisible characters were taken out",
            Self::SpacesAround => "spaces or line ends around it were taken away",
            Self::Quotes => "quotes around it were taken away",
            Self::PemLineEnds => "the line ends of the PEM block were put back",
        }
    }
}

/// A text without what stuck to it, and what that was.
#[derive(Debug)]
pub struct Tidied {
    pub text: SecretText,
    /// In ascending order, each at most once; empty if the text was fine.
    pub mends: Vec<Mend>,
}

/// Takes away what sticks to copied text. The text of a passphrase may begin with a quote of its
/// own, so quotes go only in pairs.
pub fn tidied(pasted: &str) -> Tidied {
    let mut mends = Vec::new();
    // Strings left behind here are wiped by the allocator of the programs that use this crate.
    let mut text: String = pasted.chars().filter(|c| !is_invisible(*c)).collect();
    if text.len() != pasted.len() {
        mends.push(Mend::Invisible);
    }
    // A quoted text may have spaces on both sides of its quotes.
    loop {
        let trimmed = text.trim();
        if trimmed.len() != text.len() {
            // A PEM block ends with a line end; that is no fault.
            if !trimmed.ends_with("-----") || text.trim_end() == text {
                mends.push(Mend::SpacesAround);
            }
            text = trimmed.to_owned();
        }
        match unquoted(&text) {
            Some(inner) => {
                mends.push(Mend::Quotes);
                text = inner.to_owned();
            }
            None => break,
        }
    }
    if let Some(mended) = pem::mended(&text) {
        mends.push(Mend::PemLineEnds);
        text = mended;
    }
    mends.sort_unstable();
    mends.dedup();
    Tidied {
        text: SecretText::new(text),
        mends,
    }
}

/// Characters without width or with none but an effect on direction. None is part of a key.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// The text between a pair of quotes, perhaps with the comma of a list behind it.
fn unquoted(text: &str) -> Option<&str> {
    const PAIRS: &[(char, char)] = &[
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
    ];
    let text = text.strip_suffix([',', ';']).unwrap_or(text);
    PAIRS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.is_empty()).then_some(inner)
    })
}
