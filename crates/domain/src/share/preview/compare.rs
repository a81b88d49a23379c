//! What each register of a bundle would change.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::scene::{OfEntry, Scene, by_entry};
use super::{Group, Lot, Reason, Row, SameSecret};
use crate::ids::WriteId;
use crate::merge::{Body, Write, alive_of};
use crate::register::{EntryKind, Register};

/// A row, with the reasons that follow from its writes alone.
pub(super) fn rows(
    scene: &Scene<'_>,
    incoming: &[Arc<Write>],
    secrets: &impl SameSecret,
) -> Vec<Row> {
    let mut rows = Vec::with_capacity(incoming.len());
    for (of, writes) in scene.bundle.iter().zip(by_entry(incoming)) {
        for theirs in writes.chunk_by(|one, other| one.register == other.register) {
            let comparison = Comparison {
                scene,
                secrets,
                of,
                register: theirs[0].register,
                theirs,
                here: OnceCell::new(),
            };
            rows.push(comparison.row());
        }
    }
    rows
}

struct Comparison<'c, 'g, S> {
    scene: &'c Scene<'g>,
    secrets: &'c S,
    of: &'c OfEntry<'g>,
    register: Register,
    /// By id.
    theirs: &'c [Arc<Write>],
    /// Our writes of the register, once they were asked for.
    here: OnceCell<BTreeMap<WriteId, &'c Write>>,
}

impl<S: SameSecret> Comparison<'_, '_, S> {
    fn row(&self) -> Row {
        let kind = self.of.kind;
        let mut reasons = BTreeSet::new();
        let mut writes: Vec<Arc<Write>> = Vec::with_capacity(self.theirs.len());
        for write in self.theirs {
            reasons.extend(self.forged(write, kind));
            match self.of.before.write(self.register, write.id) {
                // One that comes twice with one content stands together with itself.
                None if writes.last().is_some_and(|last| last.id == write.id) => {}
                None => writes.push(Arc::clone(write)),
                Some(ours) => {
                    if !self.is_copy(ours, write) {
                        reasons.insert(Reason::Disputed);
                    } else if write.body == Body::Purged && ours.body != Body::Purged {
                        writes.push(Arc::new(Write {
                            body: Body::Purged,
                            ..Write::clone(ours)
                        }));
                    }
                }
            }
        }
        let otherwise = if writes.is_empty() {
            self.no_change()
        } else if self.of.is_covered {
            self.change()
        } else {
            Group::OutOfScope
        };
        Row {
            lot: Lot::Register(self.of.entry, self.register),
            entry: self.of.entry,
            kind,
            register: self.register,
            key: self.of.key(),
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
            (self.of.is_mixed(), Reason::MixedKeys),
            (scene.foreign.contains(&write.id), Reason::ForeignSupersedes),
            (scene.unreadable.contains(&write.id), Reason::Unreadable),
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
            let here = self.of.before.of(self.register).iter();
            here.map(|one| (one.id, one.as_ref())).collect()
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
        let (before, after) = (self.scene.before, &self.scene.after);
        if self.of.before.all().is_empty() {
            return Group::New;
        }
        if self.register == Register::Deleted {
            return match (
                before.is_deleted(self.of.entry),
                after.is_deleted(self.of.entry),
            ) {
                (false, true) => Group::DeletedThere,
                _ => Group::Updated,
            };
        }
        let same_alive = || {
            let alive = self.of.before.alive(self.register);
            let other = after.alive(self.of.entry, self.register);
            alive.len() == other.len()
                && alive
                    .iter()
                    .zip(&other)
                    .all(|(one, other)| (one.id, &one.body) == (other.id, &other.body))
        };
        if same_alive() {
            return Group::OursNewer;
        }
        let alive = after.alive(self.of.entry, self.register);
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
        let (theirs, ours) = (alive_of(self.theirs), self.of.before.alive(self.register));
        let ids = |alive: &[&Write]| -> BTreeSet<WriteId> {
            alive.iter().map(|write| write.id).collect()
        };
        let same = match (&*theirs, &*ours) {
            ([one], [other]) => one.id == other.id,
            (theirs, ours) => ids(theirs) == ids(ours),
        };
        match same {
            true => Group::Unchanged,
            false => Group::OursNewer,
        }
    }
}
