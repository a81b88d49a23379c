//! Bytes as base32 letters in groups of four, as a person reads them out, and back however they
//! were typed.
//!
//! Deliberately not here: checksums, and what the letters stand for.

use zeroize::Zeroizing;

/// RFC 4648, section 6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const GROUP: usize = 4;

/// `count` letters in groups of four. The text may be a secret: it is written once and never moves.
pub(crate) fn grouped(count: usize, value: impl Fn(usize) -> u8) -> String {
    // The room is reserved, so that the text never moves and leaves no copy behind.
    let mut text = String::with_capacity(count + count / GROUP);
    for index in 0..count {
        if index > 0 && index.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(value(index))]));
    }
    text
}

/// Exactly `count` letters, as their values. Takes lower case, spaces and hyphens, and the digits 0
/// and 8 for the letters O and B.
pub(crate) fn read(text: &str, count: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut letters = Zeroizing::new(Vec::with_capacity(count));
    for character in text.chars() {
        let value = match character.to_ascii_uppercase() {
            ' ' | '-' | '\t' | '\n' | '\r' => continue,
            '0' => b'O' - b'A',
            '8' => b'B' - b'A',
            upper @ 'A'..='Z' => u8::try_from(upper).ok()? - b'A',
            digit @ '2'..='7' => u8::try_from(digit).ok()? - b'2' + 26,
            _ => return None,
        };
        if letters.len() == count {
            return None;
        }
        letters.push(value);
    }
    (letters.len() == count).then_some(letters)
}

/// The `index`th group of five bits, most significant first; bits past the end are zero.
pub(crate) fn letter(bytes: &[u8], index: usize) -> u8 {
    let bit = index * 5;
    let high = u16::from(bytes[bit / 8]) << 8;
    let low = bytes.get(bit / 8 + 1).copied().map_or(0, u16::from);
    ((((high | low) << (bit % 8)) >> 11) & 31).to_be_bytes()[1]
}

/// The reverse of [`letter`]; bits past the end of `bytes` are dropped.
pub(crate) fn pack(letters: &[u8], bytes: &mut [u8]) {
    bytes.fill(0);
    for (index, value) in letters.iter().enumerate() {
        for place in 0..5 {
            let bit = index * 5 + place;
            if let Some(byte) = bytes.get_mut(bit / 8) {
                *byte |= ((value >> (4 - place)) & 1) << (7 - bit % 8);
            }
        }
    }
}
