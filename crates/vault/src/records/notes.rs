//! Notes that look as if they held a secret. Notes are shown and searched, so a secret in them has
//! lost what the vault is for.

use strongroom_domain::Notes;

/// What in the notes looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotesWarning {
    #[error("the notes seem to hold a private key; move it into a field of the key")]
    PrivateKey,
    #[error("the notes seem to hold a secret; move it into a field of the key")]
    Token,
}

/// Shorter words of mixed characters are order numbers, hosts and the like.
const SHORTEST_TOKEN: usize = 24;

pub(crate) fn warn(notes: &Notes) -> Option<NotesWarning> {
    if notes.as_str().contains("-----BEGIN") {
        return Some(NotesWarning::PrivateKey);
    }
    let words = notes
        .as_str()
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
    words
        .flat_map(|word| word.rsplit(['=', ':']).next())
        .any(looks_random)
        .then_some(NotesWarning::Token)
}

/// Long, of the alphabet of keys, and mixed as no word of a language is.
fn looks_random(word: &str) -> bool {
    let word = word.trim_end_matches('=');
    let alphabet = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'-' | b'_');
    if word.len() < SHORTEST_TOKEN || !word.bytes().all(alphabet) {
        return false;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    // An address in a path or a sentence of hyphenated words has next to no digits.
    digits >= 3 && letters >= 3 && !word.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_notes_are_pointed_out_and_prose_is_not() {
        for (text, warned) in [
            (
                "made by Ann on 2026-03-01 for the grid bot, see https://example.org/a",
                None,
            ),
            ("order 1234567890", None),
            (
                "-----BEGIN PRIVATE KEY-----",
                Some(NotesWarning::PrivateKey),
            ),
            (
                "secret=NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
                Some(NotesWarning::Token),
            ),
            (
                "'9f86d081884c7d659a2feaa0c55ad015'",
                Some(NotesWarning::Token),
            ),
            ("antidisestablishmentarianism-and-more", None),
        ] {
            let notes = Notes::parse(text).expect("notes");
            assert_eq!(warn(&notes), warned, "{text}");
        }
    }
}
