//! What this vault knows of the entries a bundle speaks of, before and after.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::super::authority::{self, Sender};
use super::super::class::{self, Span};
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, EntryWrites, Replica, Write};
use crate::moment::UtcMs;
use crate::permission::PermissionClass;
use crate::register::{EntryKind, Register};
use crate::value::RegisterValue;

pub(super) struct Scene<'a> {
    pub(super) sender: &'a Sender,
    /// Ours.
    pub(super) before: &'a Replica,
    /// Of the entries the bundle speaks of and the keys of its versions: the union of ours and
    /// everything in the bundle that could be merged.
    pub(super) after: Replica,
    /// The entries of the bundle, ascending.
    pub(super) bundle: Vec<OfEntry<'a>>,
    /// Where a write of the bundle stands that no honest device put there.
    pub(super) misplaced: BTreeSet<WriteId>,
    /// Writes of the bundle that say to replace writes of another register.
    pub(super) foreign: BTreeSet<WriteId>,
    /// Writes of the bundle that are no value of their register.
    pub(super) unreadable: BTreeSet<WriteId>,
    /// What was asked for before: every row of a key asks, and a key may have any number of them.
    classes: RefCell<BTreeMap<(When, EntryId), PermissionClass>>,
    /// What was asked for last: rows of one entry follow each other.
    known: Cell<Option<(EntryId, bool)>>,
    ground: Cell<Option<(EntryId, authority::Ground)>>,
    /// Steps from writes to those they replace that may still be taken.
    steps: Cell<usize>,
}

/// An entry of the bundle.
pub(super) struct OfEntry<'a> {
    pub(super) entry: EntryId,
    pub(super) kind: EntryKind,
    /// Of a version: the keys it names, here and in the bundle, ascending.
    keys: Vec<EntryId>,
    /// Ours.
    pub(super) before: EntryWrites<'a>,
    /// Whether the sender may speak of it.
    pub(super) is_covered: bool,
}

impl<'a> OfEntry<'a> {
    /// What is here says of which kind it is, else the bundle. `theirs` are its writes there.
    fn of(ours: &'a Replica, theirs: &[Arc<Write>]) -> Self {
        let first = &theirs[0];
        let before = ours.at(first.entry);
        let kind = before.all().last().map_or(first.kind, |ours| ours.kind);
        let mut keys = Vec::new();
        if kind == EntryKind::Credential {
            keys.extend(before.keys_named());
            keys.extend(EntryWrites::of_one(theirs).keys_named());
            keys.sort_unstable();
            keys.dedup();
        }
        Self {
            entry: first.entry,
            kind,
            keys,
            before,
            is_covered: false,
        }
    }

    /// The key it is or belongs to.
    pub(super) fn key(&self) -> Option<EntryId> {
        match self.kind {
            EntryKind::Key => Some(self.entry),
            _ => self.keys.first().copied(),
        }
    }

    /// Whether a version of a secret stands under two keys.
    pub(super) fn is_mixed(&self) -> bool {
        self.keys.len() > 1
    }
}

/// Steps that may be taken whatever is here, and beside them for each write that is.
const STEPS: usize = 4_000_000;
const STEPS_EACH: usize = 64;

/// Before the merge, or after it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    Before,
    After,
}

type Place = (EntryId, Register);

impl<'a> Scene<'a> {
    /// The writes of the bundle stand in the order of entries, registers and ids.
    pub(super) fn of(ours: &'a Replica, incoming: &[Arc<Write>], sender: &'a Sender) -> Self {
        let ((misplaced, foreign), unreadable) = looked_through(ours, incoming);
        let bundle: Vec<OfEntry<'a>> = by_entry(incoming)
            .map(|theirs| OfEntry::of(ours, theirs))
            .collect();
        let here: usize = bundle.iter().map(|of| of.before.all().len()).sum();
        let mut scene = Self {
            sender,
            before: ours,
            after: Replica::new(),
            misplaced,
            foreign,
            unreadable,
            bundle: Vec::new(),
            classes: RefCell::default(),
            known: Cell::default(),
            ground: Cell::default(),
            steps: Cell::new(STEPS + here * STEPS_EACH),
        };
        for (of, theirs) in bundle.iter().zip(by_entry(incoming)) {
            scene.unite(of, theirs);
        }
        scene.bundle = bundle;
        for key in scene.bundle.iter().flat_map(|of| &of.keys) {
            // Once: any number of versions may name one key.
            if scene.after.at(*key).all().is_empty() {
                let ours = ours.at(*key).all().iter().cloned();
                ours.for_each(|write| drop(scene.after.insert(write)));
            }
        }
        let covered = scene.covered();
        for (of, is_covered) in scene.bundle.iter_mut().zip(covered) {
            of.is_covered = is_covered;
        }
        scene
    }

    /// Adds an entry to what there is after the merge.
    fn unite(&mut self, of: &OfEntry<'_>, theirs: &[Arc<Write>]) {
        for write in of.before.all() {
            self.after.insert(Arc::clone(write));
        }
        if of.is_mixed() {
            return;
        }
        for write in theirs {
            if write.kind != of.kind || self.is_forged(write) {
                continue;
            }
            match of.before.write(write.register, write.id) {
                Some(ours) if write.body == Body::Purged => {
                    self.after.insert(Write {
                        body: Body::Purged,
                        ..Write::clone(ours)
                    });
                }
                Some(_) => {}
                None => {
                    self.after.insert(Arc::clone(write));
                }
            }
        }
    }

    fn is_forged(&self, write: &Write) -> bool {
        self.misplaced.contains(&write.id)
            || self.foreign.contains(&write.id)
            || self.unreadable.contains(&write.id)
    }

    fn find(&self, entry: EntryId) -> Option<&OfEntry<'a>> {
        let place = self.bundle.binary_search_by_key(&entry, |of| of.entry);
        self.bundle.get(place.ok()?)
    }

    pub(super) fn is_known(&self, entry: EntryId) -> bool {
        match self.known.get() {
            Some((last, known)) if last == entry => known,
            _ => {
                let known = !self.before.at(entry).all().is_empty();
                self.known.set(Some((entry, known)));
                known
            }
        }
    }

    /// Takes one step of those that are left.
    pub(super) fn may_step(&self) -> bool {
        let left = self.steps.get().checked_sub(1);
        self.steps.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(super) fn at(&self, when: When) -> &Replica {
        match when {
            When::Before => self.before,
            When::After => &self.after,
        }
    }

    pub(super) fn class_of(&self, when: When, key: EntryId) -> PermissionClass {
        let mut classes = self.classes.borrow_mut();
        *classes
            .entry((when, key))
            .or_insert_with(|| class::class_of(self.at(when), key, Span::Now))
    }

    /// What an entry, which is or belongs to this key, is to the sender's role as it stands here now.
    pub(super) fn authority(&self, entry: EntryId, key: Option<EntryId>) -> authority::Ground {
        match self.ground.get() {
            Some((last, ground)) if last == entry => ground,
            _ => {
                let ground = self.find_ground(entry, key);
                self.ground.set(Some((entry, ground)));
                ground
            }
        }
    }

    fn find_ground(&self, entry: EntryId, key: Option<EntryId>) -> authority::Ground {
        let Some(key) = key else {
            return match self.is_known(entry) {
                true => authority::Ground::Closed,
                false => authority::Ground::New,
            };
        };
        if !self.is_known(key) {
            return authority::Ground::New;
        }
        let class = self.class_of(When::Before, key);
        match self.sender.role.is_some_and(|role| role.may_open(class)) {
            true => authority::Ground::Open,
            false => authority::Ground::Closed,
        }
    }

    /// Of every entry of the bundle whether the sender may speak of it. What is here is judged as it
    /// stands here, so that nobody moves an entry into their own scope; what is new, by what it says.
    fn covered(&self) -> Vec<bool> {
        let scope = &self.sender.scope;
        if scope.is_everything() {
            let goes = |of: &OfEntry<'_>| match of.kind {
                EntryKind::Credential => of.key().is_some(),
                kind => !stays_in_its_vault(kind),
            };
            return self.bundle.iter().map(goes).collect();
        }
        let key_inside = |key: EntryId| match self.is_known(key) {
            true => scope.covers(self.before, key),
            false => scope.covers(&self.after, key),
        };
        let keys = self.bundle.iter().filter_map(OfEntry::key);
        let keys: BTreeSet<EntryId> = keys.filter(|key| key_inside(*key)).collect();
        let before = self.named_by(self.before, &keys);
        let after = self.named_by(&self.after, &keys);
        let is_inside = |of: &OfEntry<'_>| {
            let (named, replica) = match of.before.all().is_empty() {
                true => (&after, &self.after),
                false => (&before, self.before),
            };
            match of.kind {
                EntryKind::Key | EntryKind::Credential => {
                    of.key().is_some_and(|key| keys.contains(&key))
                }
                EntryKind::Account => {
                    scope.names_account(of.entry) || named.entries.contains(&of.entry)
                }
                EntryKind::Consumer => named.entries.contains(&of.entry),
                EntryKind::Vendor => {
                    let own = lower_names(replica, of.entry, Register::Label);
                    !named.vendors.is_disjoint(&own)
                }
                kind => !stays_in_its_vault(kind),
            }
        };
        self.bundle.iter().map(is_inside).collect()
    }

    /// What these keys name. Of consumers those count for their vendors that the bundle speaks of.
    fn named_by(&self, replica: &Replica, keys: &BTreeSet<EntryId>) -> Named {
        let mut entries = BTreeSet::new();
        for key in keys {
            let of_key = replica.at(*key);
            for register in [Register::Account, Register::Consumers] {
                for value in of_key.values(register) {
                    match value {
                        RegisterValue::Account(account) => entries.extend(account),
                        RegisterValue::Consumers(uses) => {
                            entries.extend(uses.iter().map(|one| one.consumer));
                        }
                        _ => {}
                    }
                }
            }
        }
        let vendors = entries
            .iter()
            .filter(|entry| self.find(**entry).is_some())
            .flat_map(|entry| lower_names(replica, *entry, Register::Vendor))
            .collect();
        Named { entries, vendors }
    }
}

/// What belongs to the vault that made it.
fn stays_in_its_vault(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Acceptance | EntryKind::Incident | EntryKind::IncidentNote
    )
}

/// The writes of a bundle, entry by entry.
pub(super) fn by_entry(writes: &[Arc<Write>]) -> impl Iterator<Item = &[Arc<Write>]> {
    writes.chunk_by(|one, other| one.entry == other.entry)
}

/// What keys in scope name.
struct Named {
    /// Accounts and consumers.
    entries: BTreeSet<EntryId>,
    /// Vendors of those consumers, by their names in lower case.
    vendors: BTreeSet<String>,
}

fn lower_names(replica: &Replica, entry: EntryId, register: Register) -> BTreeSet<String> {
    let alive = replica.alive(entry, register);
    alive
        .into_iter()
        .filter_map(|write| match RegisterValue::of(write)? {
            RegisterValue::ConsumerName(name) => Some(name.as_str().to_lowercase()),
            RegisterValue::Vendor(name) => Some(name?.as_str().to_lowercase()),
            _ => None,
        })
        .collect()
}

/// Whether the bytes of a write are a value of its register, and its clock lies in the calendar.
fn is_readable(write: &Write) -> bool {
    let dated = i64::try_from(write.hlc.wall_ms).is_ok_and(|ms| UtcMs::parse(ms).is_ok());
    let formed = match &write.body {
        Body::Value(_) => RegisterValue::of(write).is_some(),
        Body::Sealed { .. } => write.register.is_sealed(),
        Body::Purged => true,
    };
    dated && formed && write.register.belongs_to(write.kind)
}

/// From how many writes on it pays to look at them from two sides at once.
const WORTH_SHARING: usize = 10_000;

type Ids = BTreeSet<WriteId>;

/// Writes of a bundle that are misplaced, those that are foreign, and those that cannot be read.
fn looked_through(ours: &Replica, incoming: &[Arc<Write>]) -> ((Ids, Ids), Ids) {
    let unreadable = || {
        let unreadable = incoming.iter().filter(|write| !is_readable(write));
        unreadable.map(|write| write.id).collect()
    };
    if incoming.len() < WORTH_SHARING {
        return (places(ours, incoming), unreadable());
    }
    std::thread::scope(|threads| {
        let places = threads.spawn(|| places(ours, incoming));
        let unreadable = unreadable();
        (places.join().expect("it does not panic"), unreadable)
    })
}

/// Writes of a bundle whose id stands elsewhere too, here or in the bundle, or twice with two
/// contents; and those that say to replace a write of another register.
fn places(ours: &Replica, incoming: &[Arc<Write>]) -> (Ids, Ids) {
    let mut theirs: HashMap<WriteId, &Write> = HashMap::with_capacity(incoming.len());
    let mut misplaced = BTreeSet::new();
    for write in incoming {
        if *theirs.entry(write.id).or_insert(write) != write.as_ref() {
            misplaced.insert(write.id);
        }
    }
    let replaced = incoming.iter().flat_map(|write| &write.supersedes);
    let replaced: HashSet<WriteId> = replaced.copied().collect();
    let mut places: HashMap<WriteId, Place> = HashMap::with_capacity(replaced.len());
    for write in ours.writes() {
        let place = place(write);
        if theirs
            .get(&write.id)
            .is_some_and(|one| self::place(one) != place)
        {
            misplaced.insert(write.id);
        }
        if replaced.contains(&write.id) {
            places.insert(write.id, place);
        }
    }
    let is_foreign = |write: &&Arc<Write>| {
        write.supersedes.iter().any(|id| {
            let stands = places.get(id).copied();
            let stands = stands.or_else(|| theirs.get(id).map(|one| place(one)));
            stands.is_some_and(|stands| stands != place(write))
        })
    };
    let foreign = incoming.iter().filter(is_foreign);
    let foreign = foreign.map(|write| write.id).collect();
    (misplaced, foreign)
}

fn place(write: &Write) -> Place {
    (write.entry, write.register)
}
