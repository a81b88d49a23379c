//! Names of which none may stand twice, in a query or in one object.

use std::collections::BTreeSet;

use super::refusal::SignError;

pub(crate) struct Names<'a> {
    /// A bit for every name: names that fall on different bits differ.
    marks: u64,
    /// As many as a typical order has are kept without an allocation.
    first: [&'a str; 16],
    count: usize,
    more: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(crate) fn new() -> Self {
        Self {
            marks: 0,
            first: [""; 16],
            count: 0,
            more: BTreeSet::new(),
        }
    }

    pub(crate) fn add(&mut self, name: &'a str) -> Result<(), SignError> {
        let mark = 1 << mark(name);
        if self.marks & mark != 0 && self.hold(name) {
            return Err(SignError::Duplicate);
        }
        self.marks |= mark;
        match self.first.get_mut(self.count) {
            Some(place) => *place = name,
            None => {
                self.more.insert(name);
            }
        }
        self.count += 1;
        Ok(())
    }

    fn hold(&self, name: &str) -> bool {
        let kept = self.count.min(self.first.len());
        self.first[..kept].contains(&name) || self.more.contains(name)
    }
}

/// A number below 64 that tells most names of an exchange apart.
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let at = |place: usize| bytes.get(place).copied().map_or(0, u32::from);
    let length = bytes.len() as u32;
    let mixed = at(0) + 7 * at(bytes.len() / 2) + 31 * at(bytes.len().wrapping_sub(1)) + length;
    mixed % 64
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
