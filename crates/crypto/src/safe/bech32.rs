//! Bech32 (BIP 173) as age writes its keys: no limit of 90 letters, one case throughout.
//!
//! Deliberately not here: which prefix means what.

use zeroize::Zeroizing;

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECK_LETTERS: usize = 6;
const POLYNOMIAL: [u32; 5] = [
    0x3b6a_57b2,
    0x2650_8e6d,
    0x1ea1_19fa,
    0x3d42_33dd,
    0x2a14_62b3,
];
/// 32 bytes in groups of five bits; the last one carries four bits of padding.
const VALUES: usize = 52;

/// `prefix` in lower case. The text may be a secret: it is written once and never moves.
pub(crate) fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(prefix.len() + 1 + VALUES + CHECK_LETTERS);
    text.push_str(prefix);
    text.push('1');
    let mut check = Check::begun_with(prefix);
    for index in 0..VALUES {
        let value = super::letters::letter(bytes, index);
        check.feed(value);
        text.push(char::from(LETTERS[usize::from(value)]));
    }
    for value in check.letters() {
        text.push(char::from(LETTERS[usize::from(value)]));
    }
    text
}

/// Writes the 32 bytes into `out`. `None` for another prefix, a letter that was mistyped, mixed case,
/// or a second spelling of the same bytes.
pub(crate) fn decode_into(prefix: &str, text: &str, out: &mut [u8; 32]) -> Option<()> {
    let whole = text.len() == prefix.len() + 1 + VALUES + CHECK_LETTERS && text.is_ascii();
    let lower = !text.bytes().any(|letter| letter.is_ascii_uppercase());
    let upper = !text.bytes().any(|letter| letter.is_ascii_lowercase());
    if !whole || !(lower || upper) {
        return None;
    }
    let (found, rest) = text.split_at(prefix.len());
    let rest = rest.strip_prefix('1')?;
    if !found.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let mut values = Zeroizing::new(Vec::with_capacity(rest.len()));
    let mut check = Check::begun_with(prefix);
    for letter in rest.bytes().map(|letter| letter.to_ascii_lowercase()) {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        let value = u8::try_from(value).ok()?;
        check.feed(value);
        values.push(value);
    }
    if check.0 != 1 || values[VALUES - 1] & 0b1111 != 0 {
        return None;
    }
    super::letters::pack(&values[..VALUES], out);
    Some(())
}

/// The running checksum.
struct Check(u32);

impl Check {
    fn begun_with(prefix: &str) -> Self {
        let mut check = Self(1);
        prefix.bytes().for_each(|letter| check.feed(letter >> 5));
        check.feed(0);
        prefix.bytes().for_each(|letter| check.feed(letter & 31));
        check
    }

    fn feed(&mut self, value: u8) {
        let top = self.0 >> 25;
        self.0 = (self.0 & 0x01ff_ffff) << 5 ^ u32::from(value);
        for (bit, term) in POLYNOMIAL.iter().enumerate() {
            if top >> bit & 1 == 1 {
                self.0 ^= term;
            }
        }
    }

    fn letters(mut self) -> [u8; CHECK_LETTERS] {
        (0..CHECK_LETTERS).for_each(|_| self.feed(0));
        let rest = self.0 ^ 1;
        std::array::from_fn(|index| (rest >> (5 * (5 - index)) & 31).to_be_bytes()[3])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_slips_are_found() {
        let bytes: [u8; 32] = std::array::from_fn(|at| at as u8 * 7);
        let text = encode("age", &bytes);
        let mut out = [0; 32];
        assert!(decode_into("age", &text, &mut out).is_some());
        assert_eq!(out, bytes);
        assert!(decode_into("age", &text.to_uppercase(), &mut out).is_some());
        for at in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'q' { b'p' } else { b'q' };
            let wrong = String::from_utf8(wrong).expect("ascii");
            assert!(decode_into("age", &wrong, &mut out).is_none(), "{wrong}");
        }
        let mut mixed = text.clone();
        mixed.replace_range(10..20, &text[10..20].to_uppercase());
        for wrong in [
            mixed.as_str(),
            "",
            "age1",
            &text[1..],
            &format!("{text}q"),
            "é",
        ] {
            assert!(decode_into("age", wrong, &mut out).is_none(), "{wrong}");
        }
        assert!(decode_into("agf", &text, &mut out).is_none());
    }

    /// A pair printed by age-keygen 1.1.1.
    #[test]
    fn the_letters_are_those_of_age_keygen() {
        let text = "age1dgj9n46jy3r430t5tslwzdcfp6el4738ct27qrphltnhdgtynvjsvcfqsn";
        let mut out = [0; 32];
        decode_into("age", text, &mut out).expect("reads");
        assert_eq!(encode("age", &out), text);
    }
}
