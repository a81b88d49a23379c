//! How bad a leak of a secret would be, for deciding who is given it.
//!
//! A list shows the latest of several alive values; what is given away is decided by the worst of
//! all of them. What was purged or cannot be read says nothing, and nothing said counts as the
//! right to withdraw.

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
    let writes = |register| match span {
        Span::Now => replica.alive(key, register),
        Span::Ever => replica.history(key, register),
    };
    let (mut declared, mut observed) = (Vec::new(), Vec::new());
    for write in writes(Register::Declared) {
        match RegisterValue::of(write) {
            Some(RegisterValue::Declared(set)) => declared.push(set),
            // What cannot be read may have been the worst of all.
            _ => return PermissionSet::unknown(),
        }
    }
    for write in writes(Register::Observed) {
        match RegisterValue::of(write) {
            Some(RegisterValue::Observed(set)) => observed.push(set),
            _ => return PermissionSet::unknown(),
        }
    }
    if declared.is_empty() {
        declared.push(PermissionSet::unknown());
    }
    if observed.is_empty() {
        observed.push(None);
    }
    let mut worst = PermissionSet::new([Tri::No; 8]);
    for told in &declared {
        for seen in &observed {
            let settled = told.settled_by(seen.as_ref());
            for verb in Verb::ALL {
                let answer = worst.get(*verb).or(settled.get(*verb));
                worst = worst.with(*verb, answer);
            }
        }
    }
    worst
}
