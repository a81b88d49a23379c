//! How bad a leak of a secret would be, for deciding who is given it.
//!
//! A list shows the latest of several alive values; what is given away is decided by the worst of
//! all of them. What was purged or cannot be read says nothing, and nothing said counts as the
//! right to withdraw.

use std::sync::Arc;

use crate::credential::{CredentialVersion, VersionState};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::permission::{PermissionClass, PermissionSet, Tri, Verb};
use crate::register::Register;
use crate::value::RegisterValue;

/// Which writes are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// Those that no other replaces.
    Now,
    /// Every one there ever was.
    Ever,
}

/// What a key may do: of every verb the most dangerous answer that any pair of alive values,
/// declared and observed, gives together.
pub fn rights_of(replica: &Replica, key: EntryId) -> PermissionSet {
    rights_in(replica, key, Span::Now)
}

pub(super) fn class_of(replica: &Replica, key: EntryId, span: Span) -> PermissionClass {
    rights_in(replica, key, span).class()
}

/// The class of one version of a key's secret. The version in use can do what the key can. Of
/// others only what was looked at is known, and a key may have been more dangerous when they were
/// made: the worst it ever was counts, and a version nobody looked at counts as able to withdraw.
pub(super) fn class_of_version(
    replica: &Replica,
    key: EntryId,
    version: &CredentialVersion,
) -> PermissionClass {
    let states = replica.alive(version.id, Register::VersionState);
    if version.state == VersionState::Active && states.len() == 1 {
        return class_of(replica, key, Span::Now);
    }
    let vetted = replica.alive(version.id, Register::Vetted);
    let looked_at = vetted
        .into_iter()
        .map(|write| match RegisterValue::of(write) {
            Some(RegisterValue::Vetted(Some(vetted))) => vetted.permissions.class(),
            _ => PermissionClass::Withdraw,
        })
        .max();
    looked_at
        .unwrap_or(PermissionClass::Withdraw)
        .max(class_of(replica, key, Span::Ever))
}

fn rights_in(replica: &Replica, key: EntryId, span: Span) -> PermissionSet {
    let of_key = replica.at(key);
    let writes = |register| match span {
        Span::Now => of_key.alive(register),
        Span::Ever => of_key.of(register).iter().map(Arc::as_ref).collect(),
    };
    // Of each verb the distinct answers alone: a bundle may carry any number of alive values, and
    // looking at every pair of them would never end. Verbs are settled one by one, so that nothing
    // is lost by it.
    let (mut declared, mut observed) = (Answers::default(), Answers::default());
    for write in writes(Register::Declared) {
        match RegisterValue::of(write) {
            Some(RegisterValue::Declared(set)) => declared.note(Some(&set)),
            // What cannot be read may have been the worst of all.
            _ => return PermissionSet::unknown(),
        }
    }
    for write in writes(Register::Observed) {
        match RegisterValue::of(write) {
            Some(RegisterValue::Observed(set)) => observed.note(set.as_ref()),
            _ => return PermissionSet::unknown(),
        }
    }
    declared.or_nothing_known(Some(&PermissionSet::unknown()));
    observed.or_nothing_known(None);
    let worst = |verb| {
        let pairs = declared.of(verb).flat_map(|told| {
            let seen = observed.of(verb);
            seen.filter_map(move |seen| match (told, seen) {
                (Some(told), Some(seen)) => Some(told.settled_by(seen)),
                (told, _) => told,
            })
        });
        pairs.fold(Tri::No, Tri::or)
    };
    PermissionSet::new(std::array::from_fn(worst))
}

/// The distinct answers that any of several sets gives, verb by verb: a bit for each of them. `None`
/// where nothing was seen.
#[derive(Default)]
struct Answers([u8; 8]);

impl Answers {
    const EACH: [Option<Tri>; 4] = [None, Some(Tri::No), Some(Tri::Yes), Some(Tri::Unknown)];

    fn note(&mut self, set: Option<&PermissionSet>) {
        for (answers, verb) in self.0.iter_mut().zip(Verb::ALL) {
            let given = set.map(|set| set.get(*verb));
            for (bit, answer) in Self::EACH.iter().enumerate() {
                *answers |= u8::from(*answer == given) << bit;
            }
        }
    }

    /// What counts where no set was given at all.
    fn or_nothing_known(&mut self, set: Option<&PermissionSet>) {
        if self.0 == [0; 8] {
            self.note(set);
        }
    }

    /// Of one verb, by its place among all.
    fn of(&self, verb: usize) -> impl Iterator<Item = Option<Tri>> {
        let answers = self.0[verb];
        let given = Self::EACH.into_iter().enumerate();
        given.filter_map(move |(bit, answer)| (answers >> bit & 1 == 1).then_some(answer))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::merge::Write;

    fn set() -> impl Strategy<Value = PermissionSet> {
        proptest::array::uniform8(proptest::sample::select(Tri::ALL)).prop_map(PermissionSet::new)
    }

    fn replica(values: Vec<RegisterValue>) -> Replica {
        Replica::from_writes(values.iter().enumerate().map(|(at, value)| {
            let number = u8::try_from(at).expect("few");
            Write::example(number, 0, value)
        }))
    }

    proptest! {
        #[test]
        fn the_worst_is_that_of_the_worst_pair(
            declared in proptest::collection::vec(set(), 0..5),
            observed in proptest::collection::vec(proptest::option::of(set()), 0..5),
        ) {
            let told = declared.iter().cloned().map(RegisterValue::Declared);
            let seen = observed.iter().cloned().map(RegisterValue::Observed);
            let replica = replica(told.chain(seen).collect());
            let told = match declared.is_empty() {
                true => vec![PermissionSet::unknown()],
                false => declared,
            };
            let seen = match observed.is_empty() {
                true => vec![None],
                false => observed,
            };
            let mut worst = [Tri::No; 8];
            for told in &told {
                for seen in &seen {
                    let pair = told.settled_by(seen.as_ref()).verbs();
                    for (worst, answer) in worst.iter_mut().zip(pair) {
                        *worst = worst.or(answer);
                    }
                }
            }
            let found = rights_of(&replica, EntryId::from_bytes([1; 16]));
            prop_assert_eq!(found, PermissionSet::new(worst));
        }
    }
}
