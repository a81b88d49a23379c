//! An exchange's permission words, and the eight verbs they come to.
//!
//! Deliberately not here: which word means what (the data files say).

use serde_json::Value;
use strongroom_domain::{Line, PermissionSet, Tri, Verb};

use super::ReadError;
use super::values::{text, word};
use crate::catalogue::{
    Facts, Native, ReadOnlySwitch, ReadingForm, Right, RightsFacts, RightsForm, RightsKind,
    SubKeyForm,
};

/// One word of the answer; unknown where the answer leaves open whether it holds.
pub(super) struct Word {
    name: String,
    holds: Tri,
}

pub(super) struct Settled {
    pub(super) permissions: PermissionSet,
    pub(super) unknown: Vec<Line>,
}

fn yes(name: impl Into<String>) -> Word {
    Word {
        name: name.into(),
        holds: Tri::Yes,
    }
}

/// A word the answer does not spell out.
pub(super) fn one(name: &str) -> Vec<Word> {
    vec![yes(name)]
}

/// The words that hold or may hold.
pub(super) fn words(
    facts: &RightsFacts,
    form: &'static ReadingForm,
    own: &Value,
) -> Result<Vec<Word>, ReadError> {
    let Some(rights) = &form.rights else {
        return Ok(Vec::new());
    };
    let wrong = ReadError::Form { at: &rights.at };
    let value = own.pointer(&rights.at).ok_or(wrong.clone())?;
    let mut words = match rights.kind {
        RightsKind::Flags => flags(facts, rights, value),
        RightsKind::Commas => split(value, ','),
        RightsKind::Spaces => split(value, ' '),
        RightsKind::Strings => strings(value),
        RightsKind::Groups => groups(value),
        RightsKind::Levels => levels(value),
        RightsKind::Perms => perms(value),
        RightsKind::Triples => triples(value),
    }
    .ok_or(wrong)?;
    // The fields of an object have no order, and a reading should not change with it.
    if matches!(
        rights.kind,
        RightsKind::Flags | RightsKind::Groups | RightsKind::Levels
    ) {
        words.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(words)
}

/// Every flag of the object counts, so that a flag added later is not overlooked. Other fields
/// beside them (ids, dates) are no flags. An object without a single known flag is another answer.
fn flags(facts: &RightsFacts, form: &RightsForm, value: &Value) -> Option<Vec<Word>> {
    let fields = value.as_object()?;
    if !facts
        .words
        .iter()
        .any(|word| fields.contains_key(&word.name))
    {
        return None;
    }
    let mut words = Vec::new();
    for (name, flag) in fields
        .iter()
        .filter(|(name, _)| !form.beside.contains(name))
    {
        let looks_like_one = ["enable", "permits", "can", "is"]
            .iter()
            .any(|begin| name.starts_with(begin));
        match flag {
            Value::Bool(true) => words.push(yes(name)),
            Value::Bool(false) => {}
            Value::Null if looks_like_one => words.push(Word {
                name: name.clone(),
                holds: Tri::Unknown,
            }),
            _ if looks_like_one => return None,
            _ => {}
        }
    }
    Some(words)
}

fn split(value: &Value, at: char) -> Option<Vec<Word>> {
    let words = value.as_str()?.split(at).map(str::trim);
    Some(words.filter(|word| !word.is_empty()).map(yes).collect())
}

fn strings(value: &Value) -> Option<Vec<Word>> {
    value
        .as_array()?
        .iter()
        .map(|word| word.as_str().map(yes))
        .collect()
}

fn groups(value: &Value) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    for (group, names) in value.as_object()? {
        match names {
            Value::Null => {}
            Value::Array(names) => {
                for name in names {
                    words.push(yes(format!("{group}.{}", name.as_str()?)));
                }
            }
            _ => return None,
        }
    }
    Some(words)
}

fn levels(value: &Value) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    for (name, level) in value.as_object()? {
        let level = level.as_str()?;
        if level != "NO_ACCESS" {
            words.push(yes(format!("{name}:{level}")));
        }
    }
    Some(words)
}

fn perms(value: &Value) -> Option<Vec<Word>> {
    let word = |perm: &Value| {
        let name = perm.pointer("/name")?.as_str()?;
        // Left out, it is the more dangerous of the two.
        let read_only = match perm.pointer("/read_only") {
            None | Some(Value::Null) => false,
            Some(flag) => flag.as_bool()?,
        };
        let level = if read_only { "read" } else { "write" };
        Some(yes(format!("{name}:{level}")))
    };
    value.as_array()?.iter().map(word).collect()
}

fn triples(value: &Value) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    for triple in value.as_array()? {
        let [scope, read, write] = triple.as_array()?.as_slice() else {
            return None;
        };
        let scope = scope.as_str()?;
        for (level, flag) in [("read", read), ("write", write)] {
            let holds = match flag {
                Value::Null => Tri::Unknown,
                Value::Bool(flag) => tri(*flag),
                Value::Number(number) => tri(number.as_i64()? != 0),
                _ => return None,
            };
            if holds.is_possible() {
                words.push(Word {
                    name: format!("{scope}:{level}"),
                    holds,
                });
            }
        }
    }
    Some(words)
}

fn tri(flag: bool) -> Tri {
    if flag { Tri::Yes } else { Tri::No }
}

/// The rights in the order of [`Right::ALL`].
struct Answers([Tri; Right::ALL.len()]);

impl Answers {
    /// What holds before any word was read.
    fn before(facts: &RightsFacts) -> Self {
        Self(Right::ALL.map(|right| {
            if facts.always.contains(&right) {
                Tri::Yes
            } else if facts.never.contains(&right) || facts.reported.contains(&right) {
                Tri::No
            } else {
                Tri::Unknown
            }
        }))
    }

    fn change(&mut self, rights: impl Fn(Right) -> bool, change: impl Fn(Tri) -> Tri) {
        for (right, answer) in Right::ALL.into_iter().zip(&mut self.0) {
            if rights(right) {
                *answer = change(*answer);
            }
        }
    }

    fn verbs(&self) -> [Tri; 8] {
        let mut verbs = [Tri::No; 8];
        for (right, answer) in Right::ALL.into_iter().zip(self.0) {
            let place = usize::from(right.verb().code());
            verbs[place] = verbs[place].or(answer);
        }
        verbs
    }
}

const _: () = assert!(Verb::ALL.len() == 8);

/// What the words come to. A word nobody knows makes every "no" that is not certain by the nature
/// of the key into "unknown": it may be the right to withdraw.
pub(super) fn settled(
    facts: &RightsFacts,
    form: &ReadingForm,
    own: &Value,
    words: Vec<Word>,
) -> Settled {
    let mut answers = Answers::before(facts);
    let mut unknown: Vec<Line> = Vec::new();
    let mut native: Vec<Line> = Vec::new();
    for Word { name, holds } in &words {
        match meaning(facts, name) {
            Some(known) => {
                answers.change(|right| known.rights.contains(&right), |was| was.or(*holds))
            }
            None => unknown.push(word(name)),
        }
        native.push(word(name));
    }
    if let Some(only) = &form.only_if
        && own.pointer(&only.at).and_then(text).as_deref() != Some(only.is.as_str())
    {
        let unsure = |was| if was == Tri::Yes { Tri::Unknown } else { was };
        answers.change(|right| right == only.right, unsure);
    }
    if is_sub_key(form.sub_key.as_ref(), own) {
        let admin = |right| matches!(right, Right::SubAccounts | Right::KeyAdmin);
        answers.change(admin, |_| Tri::No);
    }
    if let Some(switch) = &form.read_only {
        match position(switch, own) {
            Position::On => answers.change(|right| right != Right::Read, |_| Tri::No),
            Position::Off => {}
            Position::Odd(shown) => {
                unknown.push(word(&shown));
                native.push(word(&shown));
            }
        }
    }
    if !unknown.is_empty() {
        let uncertain = |right| !facts.never.contains(&right);
        answers.change(uncertain, |was| was.or(Tri::Unknown));
    }
    unknown.truncate(PermissionSet::MOST_NATIVE);
    Settled {
        permissions: PermissionSet::new(answers.verbs()).with_native(native),
        unknown,
    }
}

/// Those of an exchange's words for what a key may do that nobody here knows: each may mean
/// anything.
pub fn unknown_words<'w>(facts: &Facts, words: &'w [Line]) -> Vec<&'w Line> {
    let is_unknown = |word: &&Line| meaning(&facts.rights, word.as_str()).is_none();
    words.iter().filter(is_unknown).collect()
}

/// The meaning of a word; an exact name goes before a pattern.
fn meaning<'f>(facts: &'f RightsFacts, name: &str) -> Option<&'f Native> {
    let exact = facts.words.iter().find(|word| word.name == name);
    exact.or_else(|| {
        facts.words.iter().find(|word| {
            let pattern = word.name.as_str();
            pattern
                .strip_prefix('*')
                .is_some_and(|end| name.ends_with(end))
                || pattern
                    .strip_suffix('*')
                    .is_some_and(|begin| name.starts_with(begin))
        })
    })
}

enum Position {
    On,
    Off,
    Odd(String),
}

fn position(switch: &ReadOnlySwitch, own: &Value) -> Position {
    let name = switch.at.trim_start_matches('/');
    match own.pointer(&switch.at).and_then(text) {
        Some(shown) if shown == switch.on => Position::On,
        Some(shown) if shown == switch.off => Position::Off,
        Some(shown) => Position::Odd(format!("{name}:{shown}")),
        None => Position::Odd(format!("{name}:?")),
    }
}

fn is_sub_key(form: Option<&SubKeyForm>, own: &Value) -> bool {
    let at = |at: &String| {
        own.pointer(at)
            .and_then(text)
            .filter(|text| !text.is_empty())
    };
    match form {
        None => false,
        Some(SubKeyForm::NotMaster { at: master }) => at(master).as_deref() == Some("false"),
        Some(SubKeyForm::Differ { one, other }) => match (at(one), at(other)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        },
    }
}
