//! Events that make keys due at once: never later than before, until the secret is newer, and the
//! same on every replica however it came about.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::remind::{ReminderIndex, ReminderKind};
use strongroom_domain::{
    AccountRecord, ConsumerKind, ConsumerName, ConsumerRecord, ConsumerUse, DAY_MS, DeviceId, Due,
    DueCause, EntryId, EntryKind, Events, Hlc, IncidentRecord, KeyEvent, KeyLabel, KeyRecord,
    KeyState, KeySummary, Line, MemberId, PermissionSet, Playbook, RegisterValue, RotationEvent,
    Tri, UtcMs, VendorRecord, VersionState, WriteId,
};

const KEY: EntryId = EntryId::from_bytes([1; 16]);
const SECRET: EntryId = EntryId::from_bytes([2; 16]);
const BOT: EntryId = EntryId::from_bytes([3; 16]);
const ACME: EntryId = EntryId::from_bytes([4; 16]);
const INCIDENT: EntryId = EntryId::from_bytes([5; 16]);

fn day(number: i64) -> UtcMs {
    UtcMs::parse(1_800_000_000_000 + number * DAY_MS).expect("a date")
}

fn name(text: &str) -> ConsumerName {
    ConsumerName::parse(text).expect("a name")
}

fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

/// Writes of a vault; each is the next of its device and replaces nothing unless it says so.
#[derive(Default)]
struct Vault {
    replica: Replica,
    writes: u8,
}

impl Vault {
    fn set(&mut self, kind: EntryKind, entry: EntryId, value: &RegisterValue) {
        self.writes += 1;
        self.replica.insert(Write {
            id: WriteId::from_bytes([self.writes; 16]),
            entry,
            kind,
            register: value.register(),
            supersedes: self.replica.alive_ids(entry, value.register()),
            author: MemberId::from_bytes([9; 16]),
            device: DeviceId::from_bytes([9; 16]),
            hlc: Hlc {
                wall_ms: u64::from(self.writes),
                counter: 0,
            },
            body: Body::Value(value.encode()),
        });
    }

    /// A key that a bot of a vendor holds, with a secret made on this day.
    fn with_key(made: i64) -> Self {
        let mut vault = Self::default();
        let held = ConsumerUse {
            consumer: BOT,
            since: day(made),
            given_by: None,
        };
        for value in [
            RegisterValue::KeyLabel(KeyLabel::parse("grid").expect("a label")),
            RegisterValue::State(KeyState::Active),
            RegisterValue::Created(day(made)),
            RegisterValue::Declared(PermissionSet::new([Tri::No; 8])),
            RegisterValue::Consumers(vec![held]),
        ] {
            vault.set(EntryKind::Key, KEY, &value);
        }
        for value in [
            RegisterValue::ConsumerName(name("bot")),
            RegisterValue::ConsumerKind(ConsumerKind::Bot),
            RegisterValue::Vendor(Some(line("ACME"))),
        ] {
            vault.set(EntryKind::Consumer, BOT, &value);
        }
        let named = RegisterValue::ConsumerName(name("Acme"));
        vault.set(EntryKind::Vendor, ACME, &named);
        vault.secret(SECRET, made);
        vault
    }

    fn secret(&mut self, id: EntryId, made: i64) {
        for value in [
            RegisterValue::Key(KEY),
            RegisterValue::VersionState(VersionState::Active),
            RegisterValue::Made(day(made)),
        ] {
            self.set(EntryKind::Credential, id, &value);
        }
    }

    fn incident(&mut self, playbook: &str, opened: i64) {
        let playbook = Playbook {
            id: line(playbook),
            steps: vec![line("Rotate.")],
            questions: Vec::new(),
        };
        for value in [
            RegisterValue::ConsumerName(name("what happened")),
            RegisterValue::Playbook(playbook),
            RegisterValue::About(line("everybody")),
            RegisterValue::Made(day(opened)),
            RegisterValue::Affected(vec![KEY]),
        ] {
            self.set(EntryKind::Incident, INCIDENT, &value);
        }
    }
}

/// The row of the key as these writes make it.
fn row(replica: &Replica) -> KeySummary {
    let consumers: BTreeMap<EntryId, ConsumerRecord> = ConsumerRecord::materialise(replica, BOT)
        .map(|one| (BOT, one))
        .into_iter()
        .collect();
    let vendors = VendorRecord::materialise(replica, ACME)
        .map(|one| (ACME, one))
        .into_iter()
        .collect();
    let incident = IncidentRecord::materialise(replica, INCIDENT);
    let record = KeyRecord::materialise(replica, KEY).expect("a key");
    let known: Vec<ConsumerRecord> = consumers.values().cloned().collect();
    let names: (&[AccountRecord], &[ConsumerRecord]) = (&[], &known);
    Events::of(&incident, &consumers, &vendors).apply(KeySummary::of(&record, &names))
}

fn event() -> impl Strategy<Value = KeyEvent> {
    let what = prop::sample::select(RotationEvent::ALL);
    (-200_i64..200, what).prop_map(|(at, what)| KeyEvent { at: day(at), what })
}

fn state() -> impl Strategy<Value = KeyState> {
    prop::sample::select(KeyState::ALL)
}

proptest! {
    #[test]
    fn an_event_never_makes_a_date_later_and_a_newer_secret_clears_it(
        made in -100_i64..100,
        compromised in proptest::option::of(-100_i64..100),
        revoking in proptest::option::of(-100_i64..100),
        state in state(),
        events in vec(event(), 0..5),
        rotated in 0_i64..50,
    ) {
        let mut vault = Vault::with_key(made);
        vault.set(EntryKind::Key, KEY, &RegisterValue::State(state));
        vault.set(EntryKind::Key, KEY, &RegisterValue::Compromised(compromised.map(day)));
        vault.set(EntryKind::Key, KEY, &RegisterValue::Revoking(revoking.map(day)));
        let before = row(&vault.replica);
        let after = before.clone().with_events(events.clone());
        if !state.has_due_dates() {
            prop_assert_eq!(&after, &before);
            return Ok(());
        }
        let due = |row: &KeySummary| row.rotation.expect("a key in use has a date");
        let at = |row: &KeySummary| due(row).at;
        // That a key is being ended, or is lost, stays the next thing to be done about it.
        if !matches!(due(&before).cause, DueCause::Rotation(_)) {
            prop_assert_eq!(due(&after).cause, due(&before).cause);
        }
        prop_assert!(at(&after) <= at(&before));
        let pending = events.iter().filter(|one| one.at >= day(made)).min();
        if let Some(first) = pending {
            // Each further event is no later than that either.
            prop_assert!(at(&after) <= first.at);
            prop_assert_eq!(at(&after), at(&before).min(first.at));
        } else {
            prop_assert_eq!(&after, &before);
        }
        // One more never moves it on.
        for upto in 0..events.len() {
            let fewer = before.clone().with_events(events[..upto].to_vec());
            prop_assert!(at(&after) <= at(&fewer));
        }
        // A secret made after the last of them is due by its policy again.
        let newest = events.iter().map(|one| one.at).max().unwrap_or(day(0)).max(day(made));
        let new = (newest.ms() - day(0).ms()) / DAY_MS + 1 + rotated;
        vault.secret(EntryId::from_bytes([7; 16]), new);
        let rotated = row(&vault.replica);
        prop_assert_eq!(rotated.clone().with_events(events), rotated);
    }

    /// Two devices that know of different things, and a third that meets them in any order.
    #[test]
    fn however_replicas_meet_the_date_is_the_same(
        made in -60_i64..0,
        vendor in proptest::option::of(-60_i64..60),
        bot in proptest::option::of(-60_i64..60),
        incident in proptest::option::of(0_i64..60),
        rotated in proptest::option::of(0_i64..60),
        order in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 0..64_usize,
    ) {
        let mut vault = Vault::with_key(made);
        if let Some(at) = vendor {
            vault.set(EntryKind::Vendor, ACME, &RegisterValue::Breached(Some(day(at))));
        }
        if let Some(at) = bot {
            vault.set(EntryKind::Consumer, BOT, &RegisterValue::Breached(Some(day(at))));
        }
        if let Some(at) = incident {
            vault.incident("person-left", at);
        }
        if let Some(at) = rotated {
            vault.secret(EntryId::from_bytes([7; 16]), at);
        }
        let writes: Vec<Write> = vault.replica.writes().cloned().collect();
        let mut shuffled: Vec<(usize, Write)> = writes
            .iter()
            .enumerate()
            .map(|(place, write)| (order[place % order.len()], write.clone()))
            .collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let shuffled: Vec<Write> = shuffled.into_iter().map(|(_, write)| write).collect();
        let (some, rest) = shuffled.split_at(cut.min(shuffled.len()));
        let mut here = Replica::from_writes(some.iter().cloned());
        let mut there = Replica::from_writes(rest.iter().cloned());
        let both = (here.clone(), there.clone());
        here.merge(&both.1);
        there.merge(&both.0);
        let expected = row(&vault.replica);
        prop_assert_eq!(&row(&here), &expected);
        prop_assert_eq!(&row(&there), &expected);
        // And it is the first of what happened since the secret in use was made.
        let made = rotated.map_or(made, |at| at.max(made));
        let first = [vendor, bot, incident].into_iter().flatten().filter(|at| *at >= made).min();
        let due = expected.rotation.expect("a key in use has a date");
        match first {
            Some(first) => {
                prop_assert_eq!(due.at, day(first).min(day(made + 180)));
                prop_assert!(matches!(due.cause, DueCause::Event(_)));
            }
            None => prop_assert!(matches!(due.cause, DueCause::Rotation(_))),
        }
    }
}

#[test]
fn each_kind_of_event_says_what_happened() {
    for (playbook, words) in [
        ("person-left", "a person who had it left"),
        ("vendor-breached", "somebody who held it had a breach"),
        ("key-leaked", "it may have leaked"),
        ("service-dropped", "a service that held it was dropped"),
    ] {
        let mut vault = Vault::with_key(0);
        vault.incident(playbook, 9);
        let due = row(&vault.replica).rotation.expect("due");
        assert_eq!((due.at, due.cause.words().as_str()), (day(9), words));
        // Closing the incident changes no secret.
        let closed = RegisterValue::Closed(Some(day(10)));
        vault.set(EntryKind::Incident, INCIDENT, &closed);
        assert_eq!(row(&vault.replica).rotation, Some(due));
        let archived = RegisterValue::State(KeyState::Archived);
        vault.set(EntryKind::Key, KEY, &archived);
        assert_eq!(row(&vault.replica).rotation, None);
    }
}

/// A key whose rotation was overdue and silenced is told of again when something happens to it,
/// although its date does not move.
#[test]
fn what_was_acknowledged_before_something_happened_is_told_again() {
    let vault = Vault::with_key(0);
    let overdue = row(&vault.replica);
    let now = day(190);
    let mut index = ReminderIndex::default();
    index.update(&overdue, now);
    assert_eq!(index.acknowledge(KEY, now).len(), 1);
    let event = KeyEvent {
        at: now,
        what: RotationEvent::SuspectedLeak,
    };
    let happened = overdue.clone().with_events([event]);
    let expected = Due {
        at: day(180),
        cause: DueCause::Event(RotationEvent::SuspectedLeak),
    };
    assert_eq!(happened.rotation, Some(expected));
    let acknowledged = |index: &ReminderIndex| index.of_key(KEY)[0].acknowledged;
    assert!(index.update(&happened, now));
    assert!(!acknowledged(&index), "what happened is news");

    // Known of the event, it can be silenced, also over a start of the agent.
    assert_eq!(index.acknowledge(KEY, now).len(), 1);
    assert!(!index.update(&happened, now));
    assert!(!index.rebuild([&happened], &[], None, now));
    assert!(acknowledged(&index));
    // An index that was lost does not bring back a silence that may be older than the event.
    let mut anew = ReminderIndex::default();
    anew.rebuild([&happened], &[], None, now);
    anew.restore_acknowledged(KEY, ReminderKind::Rotation, day(180));
    assert!(!acknowledged(&anew));
    anew.rebuild([&overdue], &[], None, now);
    anew.restore_acknowledged(KEY, ReminderKind::Rotation, day(180));
    assert!(acknowledged(&anew));
}
