//! Secrets from descriptors: `--password-fd 3` and its like.
//!
//! Each is read byte by byte up to a line end and never further, so that two options may name
//! the same descriptor and take one line after the other.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use strongroom_secret::{SecretBytes, SecretText, take_inherited_descriptor};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Longer than any password, PEM key or JSON object of fields.
const LONGEST: usize = 48 * 1024;

/// The descriptors this run was given, each opened once.
#[derive(Debug, Default)]
pub(crate) struct Descriptors {
    open: BTreeMap<i32, Source>,
}

#[derive(Debug)]
enum Source {
    Standard,
    Inherited(File),
}

impl Descriptors {
    /// The next line, without its end. `option` names it in a refusal.
    pub(crate) fn line(&mut self, number: i32, option: &str) -> Result<SecretText, Failure> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
        let mut byte = Zeroizing::new([0]);
        let source = self.source(number, option)?;
        let mut ended = false;
        while source
            .read_one(&mut byte)
            .map_err(|error| unreadable(option, &error))?
        {
            if byte[0] == b'\n' {
                ended = true;
                break;
            }
            push(&mut bytes, byte[0], option)?;
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if bytes.is_empty() {
            let what = if ended { "an empty line" } else { "nothing" };
            return Err(Failure::invalid(format!(
                "{option}: the descriptor gave {what}"
            )));
        }
        text(&mut bytes, option)
    }

    /// Everything up to the end: a PEM key, a JSON object.
    pub(crate) fn all(&mut self, number: i32, option: &str) -> Result<SecretText, Failure> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
        let mut byte = Zeroizing::new([0]);
        let source = self.source(number, option)?;
        while source
            .read_one(&mut byte)
            .map_err(|error| unreadable(option, &error))?
        {
            push(&mut bytes, byte[0], option)?;
        }
        if bytes.is_empty() {
            return Err(Failure::invalid(format!(
                "{option}: the descriptor gave nothing"
            )));
        }
        let mut whole = text(&mut bytes, option)?;
        whole.trim_line_end();
        Ok(whole)
    }

    fn source(&mut self, number: i32, option: &str) -> Result<&mut Source, Failure> {
        use std::collections::btree_map::Entry;
        match self.open.entry(number) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let source = if number == 0 {
                    Source::Standard
                } else {
                    let file = take_inherited_descriptor(number).map_err(|_| {
                        Failure::invalid(format!(
                            "{option}: no descriptor {number} is open for reading here"
                        ))
                    })?;
                    Source::Inherited(file)
                };
                Ok(place.insert(source))
            }
        }
    }
}

impl Source {
    fn read_one(&mut self, byte: &mut [u8; 1]) -> io::Result<bool> {
        loop {
            let read = match self {
                Self::Standard => rustix::io::read(rustix::stdio::stdin(), byte.as_mut_slice())
                    .map_err(io::Error::from),
                Self::Inherited(file) => file.read(byte.as_mut_slice()),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return Ok(other? == 1),
            }
        }
    }
}

fn push(bytes: &mut Vec<u8>, byte: u8, option: &str) -> Result<(), Failure> {
    if bytes.len() == LONGEST {
        return Err(Failure::invalid(format!(
            "{option}: more than {LONGEST} bytes"
        )));
    }
    bytes.push(byte);
    Ok(())
}

fn text(bytes: &mut Vec<u8>, option: &str) -> Result<SecretText, Failure> {
    SecretBytes::new(std::mem::take(bytes))
        .into_text()
        .ok_or_else(|| Failure::invalid(format!("{option}: not UTF-8 text")))
}

fn unreadable(option: &str, error: &io::Error) -> Failure {
    Failure::file(&format!("{option}: the descriptor cannot be read"), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    fn descriptors(content: &[u8]) -> Descriptors {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(content).expect("written");
        file.rewind().expect("rewound");
        Descriptors {
            open: BTreeMap::from([(9, Source::Inherited(file))]),
        }
    }

    fn refusal(outcome: Result<SecretText, Failure>) -> String {
        outcome.expect_err("refused").to_string()
    }

    #[test]
    fn options_that_name_one_descriptor_take_a_line_each() {
        let mut given = descriptors(b"correct horse \r\n123456\nrest");
        for expected in ["correct horse ", "123456", "rest"] {
            let line = given.line(9, "--password-fd").expect("a line");
            assert_eq!(line.expose(), expected);
        }
        assert_eq!(
            refusal(given.line(9, "--totp-fd")),
            "--totp-fd: the descriptor gave nothing"
        );
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_without_repeating_it() {
        for (content, said) in [
            (
                &b"\nlater\n"[..],
                "--password-fd: the descriptor gave an empty line",
            ),
            (&b"\xff\xfe\n"[..], "--password-fd: not UTF-8 text"),
        ] {
            assert_eq!(refusal(descriptors(content).line(9, "--password-fd")), said);
        }
        let long = vec![b'x'; LONGEST + 1];
        assert!(refusal(descriptors(&long).line(9, "--password-fd")).contains("more than"));
        assert!(
            refusal(Descriptors::default().line(99_999, "--totp-fd")).contains("no descriptor")
        );
    }

    #[test]
    fn a_whole_document_keeps_its_inner_line_ends() {
        let whole = descriptors(b"-----BEGIN\nabc\n-----END\n").all(9, "--secret-fd");
        assert_eq!(whole.expect("text").expose(), "-----BEGIN\nabc\n-----END");
    }
}
