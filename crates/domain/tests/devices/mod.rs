//! Several vaults that exchange shares as people do: cut by role and scope, previewed, taken in
//! part, in any order, with clocks that are wrong, backups put back, keys deleted and purged, and
//! everybody editing at once. Everything follows from the seed.
//!
//! What must hold is checked in `check.rs`, against a ledger of every value that was ever written
//! and what its writer saw, which knows nothing of merging.

mod acts;
mod chance;
mod check;
#[path = "../dice/mod.rs"]
mod dice;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{
    Cut, Group, History, Preview, Role, Scope, Selection, Sender, Standing,
};
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, Hlc, MemberId, Register, RegisterValue, Tag, WriteId,
};

use chance::Chance;
use dice::Dice;

/// How writes are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    Random,
    /// By device and counter, which a vault put back from a backup repeats.
    Counted,
}

/// What happened in one life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) values: usize,
    pub(crate) shares: usize,
    pub(crate) taken: usize,
    pub(crate) suspicious: usize,
    pub(crate) conflicts: usize,
    pub(crate) settled: usize,
    pub(crate) deletions: usize,
    pub(crate) purges: usize,
    pub(crate) restores: usize,
    /// Values that were on no other device when a backup was put back.
    pub(crate) lost_with_a_disk: usize,
    pub(crate) secrets_withheld: usize,
}

impl std::ops::AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.values += other.values;
        self.shares += other.shares;
        self.taken += other.taken;
        self.suspicious += other.suspicious;
        self.conflicts += other.conflicts;
        self.settled += other.settled;
        self.deletions += other.deletions;
        self.purges += other.purges;
        self.restores += other.restores;
        self.lost_with_a_disk += other.lost_with_a_disk;
        self.secrets_withheld += other.secrets_withheld;
    }
}

/// What does not hold, in words that name the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) String);

/// Lives one life and checks it.
pub(crate) fn live(seed: u64, ids: Ids) -> Result<Report, Failure> {
    let named = |Failure(what)| Failure(format!("seed {seed}: {what}"));
    World::new(seed, ids).live().map_err(named)
}

/// What a backup holds.
#[derive(Clone, Default)]
struct State {
    replica: Replica,
    hlc: Hlc,
    counter: u64,
    given: BTreeMap<usize, BTreeSet<EntryId>>,
}

struct Vault {
    number: u8,
    role: Role,
    state: State,
    backup: Option<State>,
    clock_ms: u64,
}

/// One value as it was written, and what its writer saw.
pub(crate) struct Written {
    id: WriteId,
    entry: EntryId,
    register: Register,
    /// The value, or the secret in the open.
    plain: Vec<u8>,
    replaced: BTreeSet<WriteId>,
    by: usize,
    purged: bool,
    lost: bool,
}

pub(crate) struct World {
    chance: Chance,
    ids: Ids,
    vaults: Vec<Vault>,
    ledger: Vec<Written>,
    serial: u64,
    keys_made: usize,
    report: Report,
}

/// The tag that the keys of those who are no admins have.
fn team() -> Tag {
    Tag::parse("team").expect("a tag")
}

fn member(number: u8) -> MemberId {
    MemberId::from_bytes([number + 1; 16])
}

/// A sealed secret, as one vault seals it: no other vault has these bytes.
fn seal(vault: u8, plain: &[u8]) -> Body {
    let mut bytes = vec![vault];
    bytes.extend(plain.iter().map(|byte| byte ^ vault.wrapping_mul(37)));
    Body::Sealed { version: 1, bytes }
}

fn open(bytes: &[u8]) -> Vec<u8> {
    let vault = bytes[0];
    let plain = bytes[1..].iter();
    plain.map(|byte| byte ^ vault.wrapping_mul(37)).collect()
}

fn plain(body: &Body) -> Option<Vec<u8>> {
    match body {
        Body::Value(bytes) => Some(bytes.clone()),
        Body::Sealed { bytes, .. } => Some(open(bytes)),
        Body::Purged => None,
    }
}

/// A value and where it stands. Two writes may say the same, and each counts.
type Value = (EntryId, Register, WriteId, Vec<u8>);

fn value_at(write: &Write) -> Option<Value> {
    let plain = plain(&write.body)?;
    Some((write.entry, write.register, write.id, plain))
}

impl Written {
    fn value(&self) -> Value {
        (self.entry, self.register, self.id, self.plain.clone())
    }
}

fn same_secret(one: &Write, other: &Write) -> bool {
    plain(&one.body) == plain(&other.body)
}

impl World {
    fn new(seed: u64, ids: Ids) -> Self {
        let mut chance = Chance(Dice(seed));
        let count = 3 + chance.below(6);
        // At least two admins, so that there is somebody to be in conflict with.
        let vaults = (0..count)
            .map(|number| Vault {
                number: number as u8,
                role: match number {
                    0 | 1 => Role::Admin,
                    _ => chance
                        .pick(&[
                            Role::Admin,
                            Role::Admin,
                            Role::Trader,
                            Role::Viewer,
                            Role::Auditor,
                        ])
                        .expect("five"),
                },
                state: State::default(),
                backup: None,
                // Anything from 1970 to far ahead.
                clock_ms: chance.next() % 4_000_000_000_000,
            })
            .collect();
        Self {
            chance,
            ids,
            vaults,
            ledger: Vec::new(),
            serial: 0,
            keys_made: 0,
            report: Report::default(),
        }
    }

    fn live(mut self) -> Result<Report, Failure> {
        for _ in 0..90 {
            let who = self.chance.below(self.vaults.len());
            if self.chance.one_in(4) {
                let to = self.chance.below(self.vaults.len());
                let history = self.history_by_chance();
                self.share(who, to, history, Taste::Any)?;
            } else {
                self.act(who);
            }
        }
        self.settle_down()?;
        self.check()?;
        self.report.values = self.ledger.len();
        Ok(self.report)
    }

    fn history_by_chance(&mut self) -> History {
        match self.chance.one_in(2) {
            true => History::With,
            false => History::Without,
        }
    }

    /// Everybody tells the first admin everything, who tells it to all others.
    fn settle_down(&mut self) -> Result<(), Failure> {
        for round in 0..3 {
            let before = self.report.taken;
            for from in 1..self.vaults.len() {
                self.share(from, 0, History::With, Taste::Everything)?;
            }
            for to in 1..self.vaults.len() {
                self.share(0, to, History::With, Taste::Everything)?;
            }
            if self.report.taken == before {
                return Ok(());
            }
            if round == 2 {
                return Err(Failure("the devices do not come to an end".to_owned()));
            }
        }
        Ok(())
    }

    /// One share, from the making to the merge.
    fn share(
        &mut self,
        from: usize,
        to: usize,
        history: History,
        taste: Taste,
    ) -> Result<(), Failure> {
        let (sender, receiver) = (&self.vaults[from], &self.vaults[to]);
        // Those who are no admins speak with admins.
        if from == to || (sender.role != Role::Admin && receiver.role != Role::Admin) {
            return Ok(());
        }
        let scope = scope_of(receiver.role, history);
        let given = sender.state.given.get(&to).cloned().unwrap_or_default();
        let cut = Cut::of(&sender.state.replica, &scope, receiver.role, &given);
        check::cut(&sender.state.replica, &cut, receiver.role, &given)?;
        self.report.shares += 1;
        self.report.secrets_withheld += cut
            .given
            .keys
            .iter()
            .map(|k| k.left_out.len())
            .sum::<usize>();
        let about = Sender {
            member: member(sender.number),
            standing: Standing::Pinned,
            role: Some(sender.role),
            scope: scope_of(sender.role, History::With),
        };
        let bundle: Vec<Arc<Write>> = cut
            .writes
            .into_iter()
            .map(|write| match &write.body {
                // In the bundle secrets travel in the open, under its own lock.
                Body::Sealed { bytes, .. } => Arc::new(Write {
                    body: seal(u8::MAX, &open(bytes)),
                    ..Write::clone(&write)
                }),
                _ => write,
            })
            .collect();
        let before = receiver.state.replica.clone();
        let preview = Preview::of(&before, &bundle, &about, &same_secret);
        self.report.suspicious += preview.count(Group::Suspicious);
        let forged = preview
            .rows()
            .iter()
            .find(|row| row.reasons.iter().any(|r| r.is_forged()));
        if let Some(row) = forged.filter(|_| self.ids == Ids::Random) {
            return Err(Failure(format!(
                "an honest share is called forged: {row:?}"
            )));
        }
        let everything = taste == Taste::Everything || !self.chance.one_in(3);
        let selection = match everything {
            true => Selection::with(preview.acceptable()),
            false => Selection::safe(),
        };
        let chosen = preview
            .select(&selection)
            .map_err(|error| Failure(format!("a choice is refused: {error}")))?;
        self.report.taken += chosen.len();
        self.take(to, &chosen);
        let keys = cut.given.keys.iter().map(|one| one.key);
        self.vaults[from]
            .state
            .given
            .entry(to)
            .or_default()
            .extend(keys);
        let after = &self.vaults[to].state.replica;
        check::merged(&before, after)?;
        // The same share again changes nothing; settling down takes everything twice anyway.
        if !everything || taste == Taste::Everything {
            return Ok(());
        }
        let again = Preview::of(after, &bundle, &about, &same_secret);
        let again = again
            .select(&Selection::with(again.acceptable()))
            .map_err(|error| Failure(error.to_string()))?;
        match again.is_empty() {
            true => Ok(()),
            false => Err(Failure(format!("taken twice: {again:?}"))),
        }
    }

    /// Merges what was chosen, sealed anew.
    fn take(&mut self, to: usize, chosen: &[Arc<Write>]) {
        let vault = &mut self.vaults[to];
        for write in chosen {
            let mut write = Write::clone(write);
            if let Body::Sealed { bytes, .. } = &write.body {
                write.body = seal(vault.number, &open(bytes));
            }
            vault.state.replica.insert(write);
        }
    }

    /// One write of a value, as a vault makes it.
    fn write(&mut self, who: usize, kind: EntryKind, entry: EntryId, value: &RegisterValue) {
        self.put(who, kind, entry, value.register(), value.encode());
    }

    fn put(
        &mut self,
        who: usize,
        kind: EntryKind,
        entry: EntryId,
        register: Register,
        plain: Vec<u8>,
    ) {
        let random = WriteId::from_bytes(self.chance.id());
        let vault = &mut self.vaults[who];
        vault.state.counter += 1;
        let mut counted = [0; 16];
        counted[0] = vault.number + 1;
        counted[8..].copy_from_slice(&vault.state.counter.to_be_bytes());
        let id = match self.ids {
            Ids::Random => random,
            Ids::Counted => WriteId::from_bytes(counted),
        };
        vault.state.hlc = vault.state.hlc.next(vault.clock_ms);
        let replaced = vault.state.replica.alive_ids(entry, register);
        vault.state.replica.insert(Write {
            id,
            entry,
            kind,
            register,
            supersedes: replaced.clone(),
            author: member(vault.number),
            device: DeviceId::from_bytes([vault.number; 16]),
            hlc: vault.state.hlc,
            body: match register.is_sealed() {
                true => seal(vault.number, &plain),
                false => Body::Value(plain.clone()),
            },
        });
        self.ledger.push(Written {
            id,
            entry,
            register,
            plain,
            replaced,
            by: who,
            purged: false,
            lost: false,
        });
    }
}

/// How much of what is suspicious is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taste {
    Any,
    Everything,
}

fn scope_of(role: Role, history: History) -> Scope {
    match role {
        Role::Admin => Scope::everything(history),
        _ => Scope::only([team()].into(), BTreeSet::new(), BTreeSet::new(), history)
            .expect("one tag"),
    }
}
