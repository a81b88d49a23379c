//! Names of which none may stand twice, in a query or in one object.

use std::collections::BTreeSet;

use super::refusal::SignError;

pub(crate) struct Names<'a> {
    /// As many as a typical order has are kept without an allocation and looked through.
    first: [&'a str; 16],
    count: usize,
    more: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(crate) fn new() -> Self {
        Self {
            first: [""; 16],
            count: 0,
            more: BTreeSet::new(),
        }
    }

    pub(crate) fn add(&mut self, name: &'a str) -> Result<(), SignError> {
        if self.first[..self.count].contains(&name) {
            return Err(SignError::Duplicate);
        }
        if let Some(place) = self.first.get_mut(self.count) {
            *place = name;
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
}
