//! What this vault knows of the entries a bundle speaks of, before and after.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::super::authority::{self, Sender};
use super::super::class::{self, Span};
use super::super::index::{Index, keys_named};
use crate::ids::{EntryId, WriteId};
use crate::merge::{Body, EntryWrites, Replica, Write};
use crate::moment::UtcMs;
use crate::permission::PermissionClass;
use crate::register::{EntryKind, Register};
use crate::value::RegisterValue;

pub(super) struct Scene<'a> {
    pub(super) sender: &'a Sender,
    /// Ours, of the entries the bundle speaks of, the keys of its versions and all of their
    /// versions.
    pub(super) before: Replica,
    /// The union of that and everything in the bundle that could be merged.
    pub(super) after: Replica,
    pub(super) kinds: BTreeMap<EntryId, EntryKind>,
    /// Of versions, ours and theirs: the keys they name.
    keys: BTreeMap<EntryId, BTreeSet<EntryId>>,
    /// Where a write of the bundle stands that no honest device put there.
    pub(super) misplaced: BTreeSet<WriteId>,
    /// Writes of the bundle that say to replace writes of another register.
    pub(super) foreign: BTreeSet<WriteId>,
    /// Writes of the bundle that are no value of their register.
    pub(super) unreadable: BTreeSet<WriteId>,
    scope: BTreeSet<EntryId>,
    /// What was asked for before: every row of a key asks, and a key may have any number of them.
    classes: RefCell<BTreeMap<(When, EntryId), PermissionClass>>,
    /// What was asked for last: rows of one entry follow each other.
    known: Cell<Option<(EntryId, bool)>>,
    ground: Cell<Option<(EntryId, authority::Ground)>>,
    /// Steps from writes to those they replace that may still be taken.
    steps: Cell<usize>,
}

/// An entry of the bundle.
#[derive(Clone, Copy)]
pub(super) struct OfEntry<'s> {
    pub(super) kind: Option<EntryKind>,
    /// The key it is or belongs to.
    pub(super) key: Option<EntryId>,
    pub(super) before: EntryWrites<'s>,
    pub(super) after: EntryWrites<'s>,
    pub(super) is_covered: bool,
    pub(super) is_mixed: bool,
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
    pub(super) fn of(ours: &Replica, incoming: &[Arc<Write>], sender: &'a Sender) -> Self {
        let index = Index::of(ours);
        let (misplaced, foreign) = places(ours, incoming);
        let mut kinds: BTreeMap<EntryId, EntryKind> = BTreeMap::new();
        for writes in incoming.chunk_by(|one, other| one.entry == other.entry) {
            let first = &writes[0];
            let known = index.kinds.get(&first.entry).copied();
            kinds
                .entry(first.entry)
                .or_insert(known.unwrap_or(first.kind));
        }
        let unreadable = incoming.iter().filter(|write| !is_readable(write));
        let unreadable = unreadable.map(|write| write.id).collect();
        let names_key = |write: &&Arc<Write>| write.register == Register::Key;
        let theirs = Replica::from_writes(incoming.iter().filter(names_key).cloned());
        let mut keys = BTreeMap::new();
        for (entry, kind) in &kinds {
            if *kind == EntryKind::Credential {
                let mut named = keys_named(ours, *entry);
                named.extend(keys_named(&theirs, *entry));
                keys.insert(*entry, named);
            }
        }
        let mut touched: BTreeSet<EntryId> = kinds.keys().copied().collect();
        touched.extend(keys.values().flatten());
        let versions = touched.iter().filter_map(|key| index.versions.get(key));
        let versions: Vec<EntryId> = versions.flatten().copied().collect();
        touched.extend(versions);
        let before = Replica::from_writes(
            touched
                .iter()
                .flat_map(|entry| ours.at(*entry).all())
                .cloned(),
        );
        let steps = STEPS + before.writes().count() * STEPS_EACH;
        let mut scene = Self {
            sender,
            after: before.clone(),
            before,
            kinds,
            keys,
            misplaced,
            foreign,
            unreadable,
            scope: BTreeSet::new(),
            classes: RefCell::default(),
            known: Cell::default(),
            ground: Cell::default(),
            steps: Cell::new(steps),
        };
        for writes in incoming.chunk_by(|one, other| one.entry == other.entry) {
            let of = scene.of_entry(writes[0].entry);
            let (kind, is_mixed) = (of.kind, of.is_mixed);
            for write in writes {
                if !is_mixed && kind == Some(write.kind) && !scene.is_forged(write) {
                    scene.add(write);
                }
            }
        }
        scene.scope = scene.in_scope();
        scene
    }

    fn add(&mut self, write: &Arc<Write>) {
        match self.before.write(write.entry, write.register, write.id) {
            Some(ours) if write.body == Body::Purged => {
                self.after.insert(Write {
                    body: Body::Purged,
                    ..ours.clone()
                });
            }
            Some(_) => {}
            None => {
                self.after.insert(Arc::clone(write));
            }
        }
    }

    fn is_forged(&self, write: &Write) -> bool {
        self.misplaced.contains(&write.id)
            || self.foreign.contains(&write.id)
            || self.unreadable.contains(&write.id)
    }

    /// What there is to say of an entry, whichever of its registers is looked at.
    pub(super) fn of_entry(&self, entry: EntryId) -> OfEntry<'_> {
        OfEntry {
            kind: self.kinds.get(&entry).copied(),
            key: self.key_of(entry),
            before: self.before.at(entry),
            after: self.after.at(entry),
            is_covered: self.scope.contains(&entry),
            // A version of a secret that stands under two keys.
            is_mixed: self.keys.get(&entry).is_some_and(|keys| keys.len() > 1),
        }
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

    /// The key an entry is or belongs to.
    fn key_of(&self, entry: EntryId) -> Option<EntryId> {
        match self.kinds.get(&entry)? {
            EntryKind::Key => Some(entry),
            EntryKind::Credential => self.keys.get(&entry)?.first().copied(),
            _ => None,
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
            When::Before => &self.before,
            When::After => &self.after,
        }
    }

    pub(super) fn class_of(&self, when: When, key: EntryId) -> PermissionClass {
        let mut classes = self.classes.borrow_mut();
        *classes
            .entry((when, key))
            .or_insert_with(|| class::class_of(self.at(when), key, Span::Now))
    }

    /// What an entry is to the sender's role, as it stands here now.
    pub(super) fn authority(&self, entry: EntryId) -> authority::Ground {
        match self.ground.get() {
            Some((last, ground)) if last == entry => ground,
            _ => {
                let ground = self.find_ground(entry);
                self.ground.set(Some((entry, ground)));
                ground
            }
        }
    }

    fn find_ground(&self, entry: EntryId) -> authority::Ground {
        let Some(key) = self.key_of(entry) else {
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

    /// Every entry of the bundle that the sender may speak of. What is here is judged as it stands
    /// here, so that nobody moves an entry into their own scope; what is new, by what it says.
    fn in_scope(&self) -> BTreeSet<EntryId> {
        let scope = &self.sender.scope;
        let key_inside = |key: EntryId| match self.is_known(key) {
            true => scope.covers(&self.before, key),
            false => scope.covers(&self.after, key),
        };
        let keys: BTreeSet<EntryId> = self
            .kinds
            .keys()
            .filter_map(|entry| self.key_of(*entry))
            .filter(|key| key_inside(*key))
            .collect();
        let before = Named::by(&self.before, &keys);
        let after = Named::by(&self.after, &keys);
        let named = |entry: EntryId| match self.is_known(entry) {
            true => (&before, &self.before),
            false => (&after, &self.after),
        };
        let is_inside = |entry: EntryId, kind: EntryKind| match kind {
            EntryKind::Key | EntryKind::Credential => {
                self.key_of(entry).is_some_and(|key| keys.contains(&key))
            }
            EntryKind::Account => {
                scope.names_account(entry) || named(entry).0.entries.contains(&entry)
            }
            EntryKind::Consumer => scope.is_everything() || named(entry).0.entries.contains(&entry),
            EntryKind::Vendor => {
                let (named, replica) = named(entry);
                let own = lower_names(replica, entry, Register::Label);
                scope.is_everything() || !named.vendors.is_disjoint(&own)
            }
            // These belong to the vault that made them.
            EntryKind::Acceptance | EntryKind::Incident | EntryKind::IncidentNote => false,
        };
        self.kinds
            .iter()
            .filter(|(entry, kind)| is_inside(**entry, **kind))
            .map(|(entry, _)| *entry)
            .collect()
    }
}

/// What keys in scope name.
struct Named {
    /// Accounts and consumers.
    entries: BTreeSet<EntryId>,
    /// Vendors of those consumers, by their names in lower case.
    vendors: BTreeSet<String>,
}

impl Named {
    fn by(replica: &Replica, keys: &BTreeSet<EntryId>) -> Self {
        let mut entries = BTreeSet::new();
        for key in keys {
            for register in [Register::Account, Register::Consumers] {
                let alive = replica.alive(*key, register);
                for value in alive.into_iter().filter_map(RegisterValue::of) {
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
            .flat_map(|entry| lower_names(replica, *entry, Register::Vendor))
            .collect();
        Self { entries, vendors }
    }
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

/// Writes of a bundle whose id stands elsewhere too, here or in the bundle, or twice with two
/// contents; and those that say to replace a write of another register.
fn places(ours: &Replica, incoming: &[Arc<Write>]) -> (BTreeSet<WriteId>, BTreeSet<WriteId>) {
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
