//! Names of which none may stand twice, in a query or in one object.

use std::collections::BTreeSet;

use super::refusal::SignError;

pub(crate) struct Names<'a> {
    forms: Forms,
    /// As many as a typical order has are kept without an allocation and looked through.
    first: [Option<&'a str>; 16],
    count: usize,
    more: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            forms: Forms::default(),
            first: [None; 16],
            count: 0,
            more: BTreeSet::new(),
        }
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, name: &'a str) -> Result<(), SignError> {
        if self.forms.add(name) == Form::New
            && let Some(place) = self.first.get_mut(self.count)
        {
            *place = Some(name);
            self.count += 1;
            return Ok(());
        }
        self.add_if_new(name)
    }

    fn add_if_new(&mut self, name: &'a str) -> Result<(), SignError> {
        if self.first[..self.count].contains(&Some(name)) {
            return Err(SignError::Duplicate);
        }
        if let Some(place) = self.first.get_mut(self.count) {
            *place = Some(name);
            self.count += 1;
            return Ok(());
        }
        if self.more.insert(name) {
            Ok(())
        } else {
            Err(SignError::Duplicate)
        }
    }
}

/// The forms that names have had: a bit for each length and ends. Names of different forms are
/// different, so most need not be compared.
#[derive(Clone, Copy, Default)]
pub(crate) struct Forms(u64);

/// Whether a form was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    New,
    Known,
}

impl Forms {
    #[inline(always)]
    pub(crate) fn add(&mut self, name: &str) -> Form {
        let bytes = name.as_bytes();
        let end = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(*byte));
        let ends = (end(bytes.first()) * 7) ^ (end(bytes.last()) * 59);
        // Equal names have equal lengths, however much of them is counted.
        let bit = 1 << ((ends ^ bytes.len() as u32) % 64);
        let form = if self.0 & bit == 0 {
            Form::New
        } else {
            Form::Known
        };
        self.0 |= bit;
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_however_many_there_are() {
        let many: Vec<String> = (0..300).map(|number| number.to_string()).collect();
        let mut names = Names::new();
        for name in &many {
            assert_eq!(names.add(name), Ok(()), "{name}");
        }
        for name in &many {
            assert_eq!(names.add(name), Err(SignError::Duplicate), "{name}");
        }
        assert_eq!(names.add(""), Ok(()));
        assert_eq!(names.add(""), Err(SignError::Duplicate));
    }

    #[test]
    fn names_of_one_form_are_told_apart() {
        let of_one_form = ["axxb", "ayyb", "axyb"];
        let mut names = Names::new();
        let mut forms = Forms::default();
        for (name, form) in of_one_form
            .iter()
            .zip([Form::New, Form::Known, Form::Known])
        {
            assert_eq!(forms.add(name), form, "{name}");
            assert_eq!(names.add(name), Ok(()), "{name}");
        }
        for name in of_one_form {
            assert_eq!(names.add(name), Err(SignError::Duplicate), "{name}");
        }
    }
}
