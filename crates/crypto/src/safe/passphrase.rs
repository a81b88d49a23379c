//! Passphrases made for a person to read out: words of a list, each worth eleven bits.
//!
//! The list is that of BIP 39 (CC0 or MIT, at the taker's choice): 2,048 English words, told apart by
//! their first four letters. Seven words are no seed phrase of a wallet, which has twelve or more.
//!
//! Deliberately not here: judging passphrases that people chose (`password.rs`).

use strongroom_secret::SecretText;
use zeroize::Zeroizing;

use crate::random::{Random, RandomFailed};

/// How many words are made: 77 bits, behind a second of scrypt for every guess.
pub const PASSPHRASE_WORDS: usize = 7;

const LIST: &str = include_str!("words/english.txt");
/// A power of two, so that the low bits of a random number choose without bias.
const LISTED: usize = 2048;

/// Seven words with hyphens between.
pub fn make_passphrase(random: &dyn Random) -> Result<SecretText, RandomFailed> {
    let mut drawn = Zeroizing::new([0; 2 * PASSPHRASE_WORDS]);
    random.fill(drawn.as_mut_slice())?;
    let words: Vec<&str> = LIST.lines().collect();
    let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
    // The room is reserved, so that the text never moves and leaves no copy behind.
    let mut text = String::with_capacity(PASSPHRASE_WORDS * (longest + 1));
    for pair in drawn.chunks_exact(2) {
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(words[usize::from(u16::from_be_bytes([pair[0], pair[1]])) % LISTED]);
    }
    Ok(SecretText::new(text))
}

/// What a person typed for a made passphrase: words in any case, with spaces or hyphens between. A
/// text that is not only words of the list stays as it is, because somebody else's file may have any
/// passphrase.
pub fn read_passphrase(typed: &SecretText) -> SecretText {
    // EXPOSE: looked up word by word; what is written wipes itself.
    let typed = typed.expose();
    let words = || {
        typed
            .split([' ', '-', '\t'])
            .filter(|word| !word.is_empty())
    };
    let is_listed = |word: &str| LIST.lines().any(|listed| listed.eq_ignore_ascii_case(word));
    let mut text = String::with_capacity(typed.len());
    if words().next().is_none() || !words().all(is_listed) {
        text.push_str(typed);
        return SecretText::new(text);
    }
    for word in words() {
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(word);
    }
    text.make_ascii_lowercase();
    SecretText::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn the_list_is_that_of_bip_39() {
        let words: Vec<&str> = LIST.lines().collect();
        assert_eq!(words.len(), LISTED);
        assert_eq!((words[0], words[LISTED - 1]), ("abandon", "zoo"));
        assert!(words.is_sorted());
        let mut beginnings: Vec<&str> = words
            .iter()
            .map(|word| &word[..word.len().min(4)])
            .collect();
        beginnings.dedup();
        assert_eq!(beginnings.len(), LISTED);
        assert!(
            words
                .iter()
                .all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
        );
        const { assert!(PASSPHRASE_WORDS >= 6 && PASSPHRASE_WORDS * 11 >= 66) };
    }

    /// Gives the same two bytes for ever.
    struct Same([u8; 2]);

    impl Random for Same {
        fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
            for (byte, value) in out.iter_mut().zip(self.0.iter().cycle()) {
                *byte = *value;
            }
            Ok(())
        }
    }

    #[test]
    fn every_word_comes_from_the_same_share_of_numbers() {
        let first = |bytes| {
            let made = make_passphrase(&Same(bytes)).expect("randomness");
            let words: Vec<String> = made.expose().split('-').map(str::to_owned).collect();
            assert_eq!(words.len(), PASSPHRASE_WORDS);
            words[0].clone()
        };
        let mut counts = std::collections::BTreeMap::new();
        for number in (0..=u16::MAX).step_by(64).chain(0..64) {
            *counts.entry(first(number.to_be_bytes())).or_insert(0) += 1;
        }
        assert_eq!(first([0, 0]), "abandon");
        assert_eq!(first([0x07, 0xff]), "zoo");
        assert_eq!(first([0xff, 0xff]), "zoo");
        assert_eq!(first([0x08, 0x00]), "abandon");
        let most = counts.values().max().copied().unwrap_or(0);
        assert!(most <= 34, "a word came {most} times");
    }

    #[test]
    fn what_is_typed_is_what_was_made() {
        let made = make_passphrase(&OsRandom).expect("randomness");
        for typed in [
            made.expose().to_owned(),
            made.expose().to_uppercase(),
            format!("  {} ", made.expose().replace('-', "  ")),
        ] {
            let read = read_passphrase(&SecretText::new(typed));
            assert!(read.ct_eq(&made));
        }
        for other in ["hunter2", "Abandon zoo hunter2", "ab-c"] {
            let read = read_passphrase(&SecretText::new(other.to_owned()));
            assert_eq!(read.expose(), other);
        }
    }
}
