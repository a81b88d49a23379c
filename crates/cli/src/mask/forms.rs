//! The forms in which a program may print a secret it was given.
//!
//! Not here: encryption or compression of it, or one letter a line; nothing that looks at output
//! can promise those.

use strongroom_secret::SecretBytes;

/// Shorter values stand in ordinary output by chance; they are not looked for, and `run` says so.
pub(crate) const SHORTEST: usize = 4;

/// Shortest line of a value of several lines that is looked for alone.
const SHORTEST_LINE: usize = 16;

/// The value itself, in hexadecimal, percent-encoded, with JSON's escapes, in base64 at every
/// offset inside a longer text and in lines, and each long line of a value of several lines.
pub(crate) fn forms(value: &SecretBytes) -> Vec<SecretBytes> {
    // EXPOSE: the forms to look for are made of it, in memory that is wiped.
    let bytes = value.expose();
    let mut forms = Vec::new();
    add(&mut forms, bytes.to_vec());
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        if line.len() >= SHORTEST_LINE && line != bytes && !line.starts_with(b"-----") {
            add(&mut forms, line.to_vec());
        }
    }
    add(&mut forms, hexadecimal(bytes, b"0123456789abcdef"));
    add(&mut forms, hexadecimal(bytes, b"0123456789ABCDEF"));
    add(&mut forms, percent_encoded(bytes, b"0123456789ABCDEF"));
    add(&mut forms, percent_encoded(bytes, b"0123456789abcdef"));
    add(&mut forms, json_escaped(bytes, Slash::Plain));
    add(&mut forms, json_escaped(bytes, Slash::Escaped));
    for offset in 0..3 {
        add(&mut forms, base64_inside(bytes, offset, b'+', b'/'));
        add(&mut forms, base64_inside(bytes, offset, b'-', b'_'));
    }
    // As `base64`, `openssl` and `xxd` break their lines, with nothing before the value.
    for columns in [76, 64] {
        add(
            &mut forms,
            broken(&base64_inside(bytes, 0, b'+', b'/'), columns),
        );
    }
    add(
        &mut forms,
        broken(&hexadecimal(bytes, b"0123456789abcdef"), 60),
    );
    forms
}

fn broken(digits: &[u8], columns: usize) -> Vec<u8> {
    digits.chunks(columns).collect::<Vec<_>>().join(&b'\n')
}

fn add(forms: &mut Vec<SecretBytes>, form: Vec<u8>) {
    let form = SecretBytes::new(form);
    if form.len() >= SHORTEST && !forms.iter().any(|known| known.ct_eq(&form)) {
        forms.push(form);
    }
}

fn hexadecimal(bytes: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        })
        .collect()
}

/// RFC 3986: everything but unreserved characters.
fn percent_encoded(bytes: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() * 3);
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(*byte);
        } else {
            text.extend_from_slice(&[
                b'%',
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]);
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    Plain,
    Escaped,
}

/// As inside a JSON string; some writers escape the slash, which base64 is full of.
fn json_escaped(bytes: &[u8], slash: Slash) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() * 2);
    for byte in bytes {
        match byte {
            b'"' => text.extend_from_slice(b"\\\""),
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            b'/' if slash == Slash::Escaped => text.extend_from_slice(b"\\/"),
            other => text.push(*other),
        }
    }
    text
}

/// The digits that depend on `bytes` alone when they stand `offset` bytes (modulo 3) after the
/// start of a longer text, as in `user:secret` of an HTTP header.
fn base64_inside(bytes: &[u8], offset: usize, plus: u8, slash: u8) -> Vec<u8> {
    const DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let digit = |value: usize| match value {
        62 => plus,
        63 => slash,
        value => DIGITS[value],
    };
    let bit = |index: usize| usize::from(bytes[index / 8] >> (7 - index % 8) & 1);
    let shift = offset * 8;
    let end = shift + bytes.len() * 8;
    // Digits number `n` holds bits 6n..6n+6 of the longer text; only whole ones are ours.
    (shift.div_ceil(6)..end / 6)
        .map(|n| digit((0..6).fold(0, |value, k| value << 1 | bit(n * 6 + k - shift))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(secret: &str) -> Vec<String> {
        forms(&SecretBytes::new(secret.as_bytes().to_vec()))
            .iter()
            .map(|form| String::from_utf8(form.expose().to_vec()).expect("text"))
            .collect()
    }

    #[test]
    fn the_usual_encodings_are_among_the_forms() {
        let forms = all("pass/word+\"1\"");
        for form in [
            "pass/word+\"1\"",
            "706173732f776f72642b223122",
            "706173732F776F72642B223122",
            "pass%2Fword%2B%221%22",
            "pass/word+\\\"1\\\"",
            "pass\\/word+\\\"1\\\"",
        ] {
            assert!(
                forms.iter().any(|known| known == form),
                "{form} in {forms:?}"
            );
        }
        // `echo -n 'key:pass/word+"1"' | base64` and with none, one and two bytes before it.
        for encoded in [
            "cGFzcy93b3JkKyIxIg==",
            "eHBhc3Mvd29yZCsiMSI=",
            "eHlwYXNzL3dvcmQrIjEi",
            "a2V5OnBhc3Mvd29yZCsiMSI=",
        ] {
            assert!(
                forms
                    .iter()
                    .any(|form| form.len() > 12 && encoded.contains(form.as_str())),
                "{encoded} in {forms:?}"
            );
        }
    }

    #[test]
    fn each_long_line_of_a_pem_block_is_a_form() {
        let pem =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\nshort\n-----END PRIVATE KEY-----";
        let forms = all(pem);
        assert!(forms.iter().any(|form| form == "MC4CAQAwBQYDK2VwBCIEIA"));
        assert!(
            !forms
                .iter()
                .any(|form| form == "short" || form == "-----BEGIN PRIVATE KEY-----")
        );
    }

    #[test]
    fn nothing_short_is_looked_for() {
        assert!(all("12").iter().all(|form| form.len() >= SHORTEST));
    }
}
