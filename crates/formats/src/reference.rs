//! What stands in a file where a secret stood: `strongroom:<label>/<field>`.
//!
//! Deliberately not here: rewriting files (`references`), and looking a label up (the vault).

use std::fmt;

const SCHEME: &str = "strongroom:";

/// A pointer to one field of one key of a vault. It is no secret; the label is the person's.
#[derive(Clone, PartialEq, Eq)]
pub struct Reference {
    label: String,
    field: String,
}

impl Reference {
    /// `None` for a label or field that could not be read back: empty, with control characters,
    /// with spaces at its ends, or a field with a slash.
    pub fn new(label: &str, field: &str) -> Option<Self> {
        let fits = |part: &str| {
            !part.is_empty() && part.trim() == part && !part.contains(char::is_control)
        };
        (fits(label) && fits(field) && !field.contains('/')).then(|| Self {
            label: label.to_owned(),
            field: field.to_owned(),
        })
    }

    /// The reference a text is, if it is one. A label may have slashes; the field may not.
    pub fn parse(text: &str) -> Option<Self> {
        let (label, field) = text.strip_prefix(SCHEME)?.rsplit_once('/')?;
        Self::new(label, field)
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.label, self.field)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}…/{}", self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for (label, field) in [
            ("binance-main", "apiKey"),
            ("a/b c", "secret"),
            ("Köln 'x'", "uid"),
        ] {
            let reference = Reference::new(label, field).expect("fits");
            assert_eq!(Reference::parse(&reference.to_string()), Some(reference));
        }
    }

    #[test]
    fn what_could_not_be_read_back_is_none() {
        for (label, field) in [
            ("", "secret"),
            ("a", ""),
            (" a", "secret"),
            ("a\n", "secret"),
            ("a", "x/y"),
        ] {
            assert_eq!(Reference::new(label, field), None, "{label:?} {field:?}");
        }
        for text in [
            "strongroom:",
            "strongroom:a",
            "strongroom:/secret",
            "Strongroom:a/secret",
            "",
        ] {
            assert_eq!(Reference::parse(text), None, "{text:?}");
        }
    }
}
