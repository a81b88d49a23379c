//! What a vault should hold after a crash: a model that knows which changes were acknowledged.
//!
//! Not here: how the changes are made (`tests/crash.rs`) and whether they may be.

use std::collections::BTreeMap;

use serde_json::Value;

/// The recorded keys by label, each with the word that stands in its tags, and the password that
/// opens them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub keys: BTreeMap<String, String>,
    pub password: String,
}

impl Contents {
    pub fn empty(password: &str) -> Self {
        Self {
            keys: BTreeMap::new(),
            password: password.to_owned(),
        }
    }

    /// The keys as `list --json` shows them.
    pub fn keys_of(list: &Value) -> BTreeMap<String, String> {
        let rows = list["rows"].as_array().expect("a list has rows");
        rows.iter()
            .map(|row| {
                let tags = row["tags"].as_array().expect("a row has tags");
                let tags: Vec<&str> = tags.iter().filter_map(Value::as_str).collect();
                let label = row["label"].as_str().expect("a row has a label");
                (label.to_owned(), tags.join(","))
            })
            .collect()
    }
}

/// What may be found: before the act, or after it. An acknowledged act leaves one possibility.
#[derive(Debug, Clone)]
pub struct Expected {
    pub before: Contents,
    pub after: Contents,
    pub acknowledged: bool,
}

impl Expected {
    pub fn settled(contents: Contents) -> Self {
        Self {
            before: contents.clone(),
            after: contents,
            acknowledged: true,
        }
    }

    /// Passwords that may open the vault, the likelier one first.
    pub fn passwords(&self) -> Vec<&str> {
        let mut passwords = vec![self.after.password.as_str()];
        if !self.acknowledged && self.before.password != self.after.password {
            passwords.push(&self.before.password);
        }
        passwords
    }

    /// Checks what was found, and goes on from there.
    ///
    /// # Panics
    /// When it is neither of the two, or an acknowledged change is lost.
    #[track_caller]
    pub fn settle(&self, found: Contents, what: &str) -> Contents {
        if self.acknowledged {
            assert_eq!(found, self.after, "{what}: an acknowledged change is lost");
        } else {
            assert!(
                found == self.after || found == self.before,
                "{what}: neither before nor after\nfound  {found:?}\nbefore {:?}\nafter  {:?}",
                self.before,
                self.after
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(labels: &[&str], password: &str) -> Contents {
        let keys = labels
            .iter()
            .map(|label| ((*label).to_owned(), String::new()))
            .collect();
        Contents {
            keys,
            password: password.to_owned(),
        }
    }

    #[test]
    fn an_act_that_was_not_acknowledged_may_have_happened_or_not() {
        let (before, after) = (contents(&["a"], "old"), contents(&["a", "b"], "new"));
        let expected = Expected {
            before: before.clone(),
            after: after.clone(),
            acknowledged: false,
        };
        assert_eq!(expected.passwords(), ["new", "old"]);
        assert_eq!(expected.settle(before.clone(), "add"), before);
        assert_eq!(expected.settle(after.clone(), "add"), after);
    }

    #[test]
    #[should_panic(expected = "an acknowledged change is lost")]
    fn a_lost_acknowledged_act_is_found_out() {
        let expected = Expected {
            before: contents(&[], "old"),
            after: contents(&["a"], "old"),
            acknowledged: true,
        };
        expected.settle(contents(&[], "old"), "add");
    }

    #[test]
    #[should_panic(expected = "neither before nor after")]
    fn half_an_act_is_found_out() {
        let expected = Expected {
            before: contents(&["a"], "old"),
            after: contents(&["a", "b"], "new"),
            acknowledged: false,
        };
        expected.settle(contents(&["a", "b"], "old"), "add");
    }
}
