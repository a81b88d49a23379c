//! Takes secrets out of a stream of bytes, however it is cut into pieces.
//!
//! Not here: reading and writing the stream, and which values are secret.

mod forms;

use strongroom_secret::SecretBytes;

pub(crate) use forms::{SHORTEST, forms};

/// What stands where a secret stood.
pub(crate) const MASK: &[u8] = b"[masked]";

/// The byte strings to look for.
///
/// Every byte that belongs to an occurrence of any of them is taken out, overlapping ones
/// together; all other bytes pass unchanged and in order. At most one byte less than the longest
/// is held back until it is known whether it belongs to one.
pub(crate) struct Patterns {
    /// By first byte, longest first.
    by_first: Vec<Vec<SecretBytes>>,
}

impl Patterns {
    pub(crate) fn new(patterns: impl IntoIterator<Item = SecretBytes>) -> Self {
        let mut by_first: Vec<Vec<SecretBytes>> = (0..256).map(|_| Vec::new()).collect();
        for pattern in patterns {
            // EXPOSE: sorted by its first byte, to look for it.
            if let Some(first) = pattern.expose().first() {
                by_first[usize::from(*first)].push(pattern);
            }
        }
        for same in &mut by_first {
            same.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        }
        Self { by_first }
    }

    /// Length of the longest pattern at the start of `bytes`, and whether more bytes could make
    /// it a longer one.
    fn at_start(&self, bytes: &[u8]) -> (usize, bool) {
        let Some(first) = bytes.first() else {
            return (0, false);
        };
        let mut longest = 0;
        let mut undecided = false;
        for pattern in &self.by_first[usize::from(*first)] {
            // EXPOSE: compared with what is about to be printed, so that it is not.
            let pattern = pattern.expose();
            if bytes.len() < pattern.len() {
                undecided |= pattern.starts_with(bytes);
            } else if bytes.starts_with(pattern) {
                longest = longest.max(pattern.len());
            }
        }
        (longest, undecided)
    }
}

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Patterns")
    }
}

/// One stream's state.
#[derive(Debug)]
pub(crate) struct Masker<'p> {
    patterns: &'p Patterns,
    /// Bytes that may still turn out to be the beginning of a secret.
    held: Vec<u8>,
    /// How many bytes from the start of `held` on belong to a secret found before.
    covered: usize,
    inside: bool,
}

impl<'p> Masker<'p> {
    pub(crate) fn new(patterns: &'p Patterns) -> Self {
        Self {
            patterns,
            held: Vec::new(),
            covered: 0,
            inside: false,
        }
    }

    /// Takes the next piece and gives what can be printed by now.
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.held.extend_from_slice(piece);
        self.advance(out, false);
    }

    /// The stream has ended: what was held back is no secret any more.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.advance(out, true);
    }

    fn advance(&mut self, out: &mut Vec<u8>, at_end: bool) {
        let mut position = 0;
        while position < self.held.len() {
            let (length, undecided) = self.patterns.at_start(&self.held[position..]);
            if undecided && !at_end {
                break;
            }
            self.covered = self.covered.max(length);
            if self.covered == 0 {
                self.inside = false;
                out.push(self.held[position]);
            } else {
                if !self.inside {
                    out.extend_from_slice(MASK);
                }
                self.inside = true;
                self.covered -= 1;
            }
            position += 1;
        }
        self.held.drain(..position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn patterns(secrets: &[&str]) -> Patterns {
        Patterns::new(
            secrets
                .iter()
                .map(|text| SecretBytes::new(text.as_bytes().to_vec())),
        )
    }

    fn masked(secrets: &[&str], pieces: &[&[u8]]) -> Vec<u8> {
        let patterns = patterns(secrets);
        let mut masker = Masker::new(&patterns);
        let mut out = Vec::new();
        for piece in pieces {
            masker.push(piece, &mut out);
        }
        masker.finish(&mut out);
        out
    }

    fn check(secrets: &[&str], text: &str, expected: &str) {
        let out = masked(secrets, &[text.as_bytes()]);
        assert_eq!(String::from_utf8_lossy(&out), expected, "{text}");
        let one_by_one: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(
            String::from_utf8_lossy(&masked(secrets, &one_by_one)),
            expected
        );
    }

    #[test]
    fn secrets_are_taken_out_and_the_rest_stays() {
        check(&["hunter22"], "key=hunter22\n", "key=[masked]\n");
        check(&["hunter22"], "hunter2", "hunter2");
        check(&["abcdef", "cde"], "abcde", "ab[masked]");
        check(&["abcd", "cdefgh"], "abcdefgh!", "[masked]!");
        check(&["abab"], "ababab", "[masked]");
        check(&["abab"], "abab-abab", "[masked]-[masked]");
        check(&["secret", "secret-longer"], "secret-long", "[masked]-long");
        check(&["secret", "secret-longer"], "secret-longer", "[masked]");
    }

    #[test]
    fn a_line_without_the_beginning_of_a_secret_is_not_held_back() {
        let patterns = patterns(&["hunter22"]);
        let mut masker = Masker::new(&patterns);
        let mut out = Vec::new();
        masker.push(b"order placed\n> ", &mut out);
        assert_eq!(out, b"order placed\n> ");
    }

    /// Which bytes belong to an occurrence, by looking at every place.
    fn reference(secrets: &[String], text: &[u8]) -> Vec<u8> {
        let mut covered = vec![false; text.len()];
        for at in 0..text.len() {
            for secret in secrets {
                if text[at..].starts_with(secret.as_bytes()) {
                    covered[at..at + secret.len()].fill(true);
                }
            }
        }
        let mut out = Vec::new();
        for at in 0..text.len() {
            if !covered[at] {
                out.push(text[at]);
            } else if at == 0 || !covered[at - 1] {
                out.extend_from_slice(MASK);
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Two letters make overlaps and near misses common.
        #[test]
        fn whatever_the_pieces_exactly_the_secrets_are_gone(
            secrets in prop::collection::vec("[ab]{2,6}", 1..4),
            pieces in prop::collection::vec("[abc]{0,8}", 0..12),
        ) {
            let names: Vec<&str> = secrets.iter().map(String::as_str).collect();
            let cut: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
            let whole = pieces.concat().into_bytes();
            let out = masked(&names, &cut);
            prop_assert_eq!(&out, &reference(&secrets, &whole));
            for kept in String::from_utf8_lossy(&out).split("[masked]") {
                prop_assert!(!secrets.iter().any(|secret| kept.contains(secret.as_str())));
            }
        }

        #[test]
        fn bytes_that_are_no_secret_pass_unchanged(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..16),
        ) {
            let cut: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let whole = pieces.concat();
            prop_assume!(!whole.windows(8).any(|window| window == b"hunter22"));
            prop_assert_eq!(masked(&["hunter22"], &cut), whole);
        }

        #[test]
        fn no_form_of_a_secret_gets_through(
            secret in "[!-~]{8,40}",
            before in "[a-z ]{0,20}",
            size in 1usize..9,
        ) {
            let value = SecretBytes::new(secret.clone().into_bytes());
            let patterns = Patterns::new(forms(&value));
            for form in forms(&value) {
                let mut text = before.clone().into_bytes();
                text.extend_from_slice(form.expose());
                text.extend_from_slice(b" and on");
                let mut masker = Masker::new(&patterns);
                let mut out = Vec::new();
                for piece in text.chunks(size) {
                    masker.push(piece, &mut out);
                }
                masker.finish(&mut out);
                let found = out.windows(form.len()).any(|window| window == form.expose());
                prop_assert!(!found, "{}", String::from_utf8_lossy(&out));
            }
        }
    }
}
