//! What each register of a bundle would change.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::scene::{self, Scene};
use super::{Group, Lot, Reason, Row, SameSecret};
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, Replica, Write};
use crate::register::{EntryKind, Register};

/// A row, with the reasons that follow from its writes alone.
pub(super) fn rows(scene: &Scene<'_>, incoming: &[Write], secrets: &impl SameSecret) -> Vec<Row> {
    let mut registers: BTreeMap<(EntryId, Register), Vec<&Write>> = BTreeMap::new();
    for write in incoming {
        let place = (write.entry, write.register);
        registers.entry(place).or_default().push(write);
    }
    registers
        .into_iter()
        .map(|((entry, register), writes)| {
            Comparison {
                scene,
                secrets,
                entry,
                register,
                theirs: writes,
                here: OnceCell::new(),
            }
            .row()
        })
        .collect()
}

struct Comparison<'c, 'g, S> {
    scene: &'c Scene<'g>,
    secrets: &'c S,
    entry: EntryId,
    register: Register,
    theirs: Vec<&'c Write>,
    /// Our writes of the register, once they were asked for.
    here: OnceCell<BTreeMap<WriteId, &'c Write>>,
}

impl<S: SameSecret> Comparison<'_, '_, S> {
    fn row(&self) -> Row {
        let scene = self.scene;
        let kind = scene.kinds.get(&self.entry).copied();
        let kind = kind.unwrap_or(self.theirs[0].kind);
        let mut reasons = BTreeSet::new();
        let mut writes: Vec<Write> = Vec::new();
        let mut taken: BTreeSet<WriteId> = BTreeSet::new();
        for write in &self.theirs {
            reasons.extend(self.forged(write, kind));
            match scene.before.write(self.entry, self.register, write.id) {
                None if taken.insert(write.id) => writes.push((*write).clone()),
                None => {}
                Some(ours) => {
                    if !self.is_copy(ours, write) {
                        reasons.insert(Reason::Disputed);
                    } else if write.body == Body::Purged && ours.body != Body::Purged {
                        let mut purged = ours.clone();
                        purged.body = Body::Purged;
                        writes.push(purged);
                    }
                }
            }
        }
        let otherwise = if writes.is_empty() {
            self.no_change()
        } else if scene.covers(self.entry) {
            self.change()
        } else {
            Group::OutOfScope
        };
        Row {
            lot: Lot::Register(self.entry, self.register),
            entry: self.entry,
            kind,
            register: self.register,
            key: scene.key_of(self.entry),
            group: otherwise,
            otherwise,
            reasons,
            writes,
        }
    }

    fn forged(&self, write: &Write, kind: EntryKind) -> impl Iterator<Item = Reason> {
        let scene = self.scene;
        [
            (
                scene.misplaced.contains(&write.id) || write.kind != kind,
                Reason::Disputed,
            ),
            (scene.is_mixed(self.entry), Reason::MixedKeys),
            (scene.foreign.contains(&write.id), Reason::ForeignSupersedes),
            (!scene::is_readable(write), Reason::Unreadable),
        ]
        .into_iter()
        .filter_map(|(is, reason)| is.then_some(reason))
    }

    /// Whether a write of a bundle is an honest copy of one that is here: the same but for a purge,
    /// the sealing, and the replaced writes that a bundle without history names through others.
    fn is_copy(&self, ours: &Write, theirs: &Write) -> bool {
        let same_origin = (ours.author, ours.device, ours.hlc, ours.kind)
            == (theirs.author, theirs.device, theirs.hlc, theirs.kind);
        let same_body = match (&ours.body, &theirs.body) {
            (Body::Purged, _) | (_, Body::Purged) => true,
            (Body::Sealed { .. }, Body::Sealed { .. }) => self.secrets.same(ours, theirs),
            (ours, theirs) => ours == theirs,
        };
        same_origin && same_body && self.replaces_no_more(ours, theirs)
    }

    /// Whether a write of a bundle replaces nothing but what ours does, directly or through writes
    /// that are here. Where that takes longer than any honest bundle makes it, it counts as no copy.
    fn replaces_no_more(&self, ours: &Write, theirs: &Write) -> bool {
        let told = theirs.supersedes.iter();
        let mut missing: BTreeSet<WriteId> = told
            .filter(|id| **id != ours.id && !ours.supersedes.contains(id))
            .copied()
            .collect();
        if missing.is_empty() {
            return true;
        }
        let here = self.here.get_or_init(|| {
            let here = self.scene.before.history(self.entry, self.register);
            here.into_iter().map(|one| (one.id, one)).collect()
        });
        let mut reached: BTreeSet<WriteId> = BTreeSet::new();
        let mut open: VecDeque<WriteId> = ours.supersedes.iter().copied().collect();
        while let Some(id) = open.pop_front() {
            if !self.scene.may_step() {
                return false;
            }
            if !reached.insert(id) {
                continue;
            }
            missing.remove(&id);
            if missing.is_empty() {
                return true;
            }
            if let Some(write) = here.get(&id) {
                open.extend(write.supersedes.iter().copied());
            }
        }
        false
    }

    fn change(&self) -> Group {
        let (before, after) = (&self.scene.before, &self.scene.after);
        if !self.scene.is_known(self.entry) {
            return Group::New;
        }
        if self.register == Register::Deleted {
            return match (before.is_deleted(self.entry), after.is_deleted(self.entry)) {
                (false, true) => Group::DeletedThere,
                _ => Group::Updated,
            };
        }
        let bodies = |replica: &Replica| {
            let alive = replica.alive(self.entry, self.register);
            let bodies = alive.iter().map(|write| (write.id, write.body.clone()));
            bodies.collect::<Vec<_>>()
        };
        if bodies(before) == bodies(after) {
            return Group::OursNewer;
        }
        let alive = after.alive(self.entry, self.register);
        let differ = alive
            .windows(2)
            .any(|pair| !self.says_the_same(pair[0], pair[1]));
        if differ && self.register != Register::Switched {
            Group::Conflict
        } else {
            Group::Updated
        }
    }

    fn says_the_same(&self, one: &Write, other: &Write) -> bool {
        match (&one.body, &other.body) {
            (Body::Sealed { .. }, Body::Sealed { .. }) => self.secrets.same(one, other),
            (one, other) => one == other,
        }
    }

    fn no_change(&self) -> Group {
        let theirs = Replica::from_writes(self.theirs.iter().map(|write| (*write).clone()));
        let ids = |replica: &Replica| replica.alive_ids(self.entry, self.register);
        if ids(&theirs) == ids(&self.scene.before) {
            Group::Unchanged
        } else {
            Group::OursNewer
        }
    }
}
