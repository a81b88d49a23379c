//! Staged rotation over random steps, crashes and devices: there is never a moment without a usable
//! recorded secret, and a new secret is never lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::{
    ConsumerUse, DeviceId, EntryId, EntryKind, Hlc, KeyLabel, KeyRecord, KeyState, MemberId,
    PermissionSet, Register, RegisterValue, RotateRefused, RotationAct, RotationStage, Tri, UtcMs,
    Verb, VersionState, Vetted, WriteId,
};

const KEY: EntryId = EntryId::from_bytes([1; 16]);

fn at(minute: u64) -> UtcMs {
    UtcMs::from_clock(1_800_000_000_000 + minute * 60_000)
}

fn consumer(number: u8) -> EntryId {
    EntryId::from_bytes([50 + number; 16])
}

fn vetted(growth_meant: bool, withdraw: Tri) -> Vetted {
    Vetted {
        permissions: PermissionSet::new([Tri::No; 8])
            .with(Verb::Read, Tri::Yes)
            .with(Verb::Withdraw, withdraw),
        at: at(0),
        growth_meant,
        expires: None,
    }
}

/// A device with its copy of the writes.
#[derive(Clone)]
struct Device {
    number: u8,
    replica: Replica,
    writes: u64,
    hlc: Hlc,
    secrets: u8,
}

impl Device {
    /// A key in use, with one secret and so many consumers.
    fn with_key(consumers: u8) -> Self {
        let mut device = Self {
            number: 0,
            replica: Replica::new(),
            writes: 0,
            hlc: Hlc::default(),
            secrets: 0,
        };
        let uses = (0..consumers)
            .map(|number| ConsumerUse {
                consumer: consumer(number),
                since: at(0),
                given_by: None,
            })
            .collect();
        for value in [
            RegisterValue::KeyLabel(KeyLabel::parse("grid").expect("a label")),
            RegisterValue::State(KeyState::Active),
            RegisterValue::Created(at(0)),
            RegisterValue::Declared(vetted(false, Tri::No).permissions),
            RegisterValue::Consumers(uses),
        ] {
            device.set(EntryKind::Key, KEY, &value, 0);
        }
        device.record_secret(VersionState::Active, 0);
        device
    }

    fn set(&mut self, kind: EntryKind, entry: EntryId, value: &RegisterValue, minute: u64) {
        self.push(
            kind,
            entry,
            value.register(),
            Body::Value(value.encode()),
            minute,
        );
    }

    fn push(
        &mut self,
        kind: EntryKind,
        entry: EntryId,
        register: Register,
        body: Body,
        minute: u64,
    ) {
        self.writes += 1;
        let mut id = [self.number; 16];
        id[..8].copy_from_slice(&self.writes.to_be_bytes());
        let wall = u64::try_from(at(minute).ms()).expect("after 1970");
        self.hlc = self.hlc.next(wall);
        self.replica.insert(Write {
            id: WriteId::from_bytes(id),
            entry,
            kind,
            register,
            supersedes: self.replica.alive_ids(entry, register),
            author: MemberId::from_bytes([9; 16]),
            device: DeviceId::from_bytes([self.number; 16]),
            hlc: self.hlc,
            body,
        });
    }

    fn record_secret(&mut self, state: VersionState, minute: u64) -> EntryId {
        self.secrets += 1;
        let mut id = [100 + self.number; 16];
        id[0] = self.secrets;
        let version = EntryId::from_bytes(id);
        for value in [
            RegisterValue::Key(KEY),
            RegisterValue::VersionState(state),
            RegisterValue::Made(at(minute)),
        ] {
            self.set(EntryKind::Credential, version, &value, minute);
        }
        let body = Body::Sealed {
            version: 1,
            bytes: vec![self.number, self.secrets],
        };
        self.push(
            EntryKind::Credential,
            version,
            Register::Material,
            body,
            minute,
        );
        version
    }

    fn record(&self) -> KeyRecord {
        KeyRecord::materialise(&self.replica, KEY).expect("the key is there")
    }

    /// Makes a step as one commit, or none of it.
    fn act(&mut self, act: &RotationAct, minute: u64) -> Result<(), RotateRefused> {
        for (kind, entry, value) in self.record().rotate(act, at(minute))? {
            self.set(kind, entry, &value, minute);
        }
        Ok(())
    }

    fn stage(&mut self, minute: u64) -> Result<EntryId, RotateRefused> {
        self.record().may_stage()?;
        Ok(self.record_secret(VersionState::Staged, minute))
    }

    fn merge(&mut self, other: &Self) {
        self.replica.merge(&other.replica);
        self.hlc = self.hlc.max(other.hlc);
    }

    fn stage_now(&self) -> RotationStage {
        self.record().rotating().stage
    }

    /// What must hold at every moment.
    fn check(&self) -> Result<(), TestCaseError> {
        let record = self.record();
        let current = record.current();
        prop_assert!(
            current.is_some_and(|version| version.material.is_some()),
            "no usable secret: {:?}",
            record.versions
        );
        // Every secret that was ever recorded is still there: a rotation destroys none.
        prop_assert!(
            record
                .versions
                .iter()
                .all(|version| version.material.is_some())
        );
        Ok(())
    }
}

#[derive(Debug, Clone)]
enum Step {
    Act(RotationAct),
    Stage,
    /// The commit was lost, or the program died: what was on the disk is what there is.
    Crash,
    /// The two devices learn of each other's writes.
    Meet,
}

fn step() -> impl Strategy<Value = Step> {
    let consumers = prop::collection::btree_set(0_u8..4, 0..3)
        .prop_map(|set| set.into_iter().map(consumer).collect::<BTreeSet<_>>());
    let check = (any::<bool>(), 0..3_usize).prop_map(|(meant, answer)| {
        let answer = [Tri::No, Tri::Yes, Tri::Unknown][answer];
        RotationAct::Check(vetted(meant, answer))
    });
    prop_oneof![
        3 => Just(Step::Act(RotationAct::Start)),
        3 => Just(Step::Stage),
        4 => check.prop_map(Step::Act),
        4 => consumers.prop_map(|who| Step::Act(RotationAct::Switch(who))),
        2 => Just(Step::Act(RotationAct::SwitchAll)),
        2 => Just(Step::Act(RotationAct::Back)),
        3 => Just(Step::Act(RotationAct::Revoke)),
        3 => Just(Step::Act(RotationAct::Confirm)),
        1 => Just(Step::Act(RotationAct::Abort)),
        2 => Just(Step::Crash),
        2 => Just(Step::Meet),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn there_is_always_a_usable_secret_and_none_is_lost(
        consumers in 0_u8..4,
        steps in prop::collection::vec((any::<bool>(), step()), 1..60),
    ) {
        let first = Device::with_key(consumers);
        let second = Device { number: 1, secrets: 0, ..first.clone() };
        let mut devices = [first, second];
        for (minute, (on_second, step)) in steps.into_iter().enumerate() {
            let minute = minute as u64 + 1;
            let here = usize::from(on_second);
            match step {
                Step::Act(act) => {
                    let before = devices[here].record();
                    let refused = devices[here].act(&act, minute).is_err();
                    if refused {
                        prop_assert_eq!(&before, &devices[here].record());
                    }
                }
                Step::Stage => drop(devices[here].stage(minute)),
                Step::Crash => {
                    // The writes of a step are one commit: a crash keeps all or none of them.
                    let kept = devices[here].clone();
                    let _ = devices[here].act(&RotationAct::SwitchAll, minute);
                    devices[here] = kept;
                }
                Step::Meet => {
                    let (one, other) = (devices[0].clone(), devices[1].clone());
                    devices[0].merge(&other);
                    devices[1].merge(&one);
                    prop_assert_eq!(devices[0].record(), devices[1].record());
                }
            }
            devices[0].check()?;
            devices[1].check()?;
        }
    }

    /// From wherever random steps lead, a rotation can be finished or given up.
    #[test]
    fn wherever_a_rotation_stands_it_can_be_ended(
        consumers in 0_u8..4,
        steps in prop::collection::vec(step(), 0..30),
    ) {
        let mut device = Device::with_key(consumers);
        for (minute, step) in steps.into_iter().enumerate() {
            match step {
                Step::Act(act) => drop(device.act(&act, minute as u64)),
                Step::Stage => drop(device.stage(minute as u64)),
                Step::Crash | Step::Meet => {}
            }
        }
        for minute in 100..110 {
            let act = match device.stage_now() {
                RotationStage::Idle => break,
                RotationStage::InUse => RotationAct::Revoke,
                RotationStage::Ending => RotationAct::Confirm,
                _ => RotationAct::Abort,
            };
            device.act(&act, minute).expect("a way out");
        }
        prop_assert_eq!(device.stage_now(), RotationStage::Idle);
        prop_assert_eq!(device.record().state, KeyState::Active);
        device.check()?;
    }
}

#[test]
fn a_rotation_goes_step_by_step_and_says_where_it_stands() {
    use RotationAct as A;
    use RotationStage as S;
    let mut device = Device::with_key(2);
    let old = device.record().current().expect("one").id;
    let go = |device: &mut Device, act: A, stage: S, minute| {
        device.act(&act, minute).expect("is allowed");
        assert_eq!(device.stage_now(), stage, "{act:?}");
    };
    assert_eq!(device.stage(1), Err(RotateRefused::NotBegun));
    go(&mut device, A::Start, S::Begun, 1);
    assert_eq!(device.act(&A::Start, 2), Err(RotateRefused::UnderWay));
    let new = device.stage(2).expect("is recorded");
    assert_eq!(device.stage(3), Err(RotateRefused::AlreadyStaged));
    assert_eq!(device.stage_now(), S::Staged);
    assert_eq!(device.act(&A::SwitchAll, 3), Err(RotateRefused::NotChecked));
    go(&mut device, A::Check(vetted(false, Tri::Yes)), S::Grown, 3);
    assert_eq!(device.record().rotating().grown, [Verb::Withdraw]);
    assert_eq!(device.act(&A::SwitchAll, 4), Err(RotateRefused::Grown));
    go(
        &mut device,
        A::Check(vetted(true, Tri::Yes)),
        S::Switching,
        4,
    );
    let stranger = BTreeSet::from([consumer(9)]);
    let refused = device.act(&A::Switch(stranger), 5);
    assert_eq!(refused, Err(RotateRefused::NoSuchConsumer));
    assert_eq!(device.act(&A::Revoke, 5), Err(RotateRefused::NotSwitched));
    let one = |number| A::Switch(BTreeSet::from([consumer(number)]));
    go(&mut device, one(0), S::Switching, 5);
    assert_eq!(device.record().current().expect("one").id, old);
    assert_eq!(
        device.record().rotating().left,
        BTreeSet::from([consumer(1)])
    );
    go(&mut device, one(1), S::InUse, 6);
    let record = device.record();
    assert_eq!(record.current().expect("one").id, new);
    assert_eq!((record.state, record.created), (KeyState::Draining, at(2)));
    assert_eq!(record.declared.get(Verb::Withdraw), Tri::Yes);
    assert_eq!(device.act(&A::Abort, 7), Err(RotateRefused::InUse));

    go(&mut device, A::Back, S::Switching, 7);
    let record = device.record();
    assert_eq!(record.current().expect("one").id, old);
    assert_eq!(
        (record.declared.get(Verb::Withdraw), record.created),
        (Tri::No, at(0))
    );
    assert_eq!(record.rotating().left.len(), 2, "nobody has it any more");
    go(&mut device, A::SwitchAll, S::InUse, 8);
    assert_eq!(device.act(&A::Confirm, 9), Err(RotateRefused::NotEnding));
    go(&mut device, A::Revoke, S::Ending, 9);
    let due = device.record().rotation_due().expect("due until confirmed");
    assert_eq!(
        (due.at, due.cause.words().as_str()),
        (at(9), "its revocation is not confirmed")
    );
    assert_eq!(device.act(&A::Back, 10), Err(RotateRefused::Ending));
    go(&mut device, A::Revoke, S::Ending, 10);
    go(&mut device, A::Confirm, S::Idle, 11);
    let record = device.record();
    assert_eq!(record.state, KeyState::Active);
    let states: Vec<_> = record.versions.iter().map(|one| one.state).collect();
    assert_eq!(states, [VersionState::Revoked, VersionState::Active]);
    let due = record.rotation_due().expect("the next one");
    assert_eq!(due.at, at(2).plus_days(30), "counted from the new secret");
}

#[test]
fn only_a_key_in_use_is_rotated() {
    for state in [KeyState::Draft, KeyState::Revoked, KeyState::Archived] {
        let mut device = Device::with_key(0);
        device.set(EntryKind::Key, KEY, &RegisterValue::State(state), 1);
        let refused = device.act(&RotationAct::Start, 2);
        assert_eq!(refused, Err(RotateRefused::NotInUse), "{state:?}");
    }
    let mut device = Device::with_key(0);
    device.set(
        EntryKind::Key,
        KEY,
        &RegisterValue::Revoking(Some(at(1))),
        1,
    );
    let refused = device.act(&RotationAct::Start, 2);
    assert_eq!(refused, Err(RotateRefused::BeingRevoked));
}

/// Two secrets recorded within one millisecond: whatever their random ids, the one recorded last is
/// the newer one, here and on every replica that holds the same writes.
#[test]
fn versions_made_in_the_same_millisecond_stand_in_the_order_in_which_they_were_made() {
    for (first, last) in [(1_u8, 2_u8), (2, 1)] {
        let mut device = Device::with_key(0);
        let before = device.record().versions[0].id;
        let mut record = |secrets: u8| {
            device.secrets = secrets;
            device.record_secret(VersionState::Active, 1)
        };
        let (older, newer) = (record(first), record(last));
        let ids = |device: &Device| -> Vec<EntryId> {
            device.record().versions.iter().map(|one| one.id).collect()
        };
        assert_eq!(ids(&device), [before, older, newer], "{first} then {last}");
        assert_eq!(device.record().current().expect("one").id, newer);

        // Merged from writes in any order, and after the newest changed its state.
        let state = RegisterValue::VersionState(VersionState::Draining);
        device.set(EntryKind::Credential, older, &state, 1);
        let mut writes: Vec<Write> = device.replica.writes().cloned().collect();
        for turn in 0..writes.len() {
            writes.rotate_left(1);
            let (some, rest) = writes.split_at(turn);
            let mut other = device.clone();
            other.replica = Replica::from_writes(rest.iter().cloned());
            other
                .replica
                .merge(&Replica::from_writes(some.iter().cloned()));
            assert_eq!(ids(&other), [before, older, newer], "turned by {turn}");
        }
    }
}

/// The time a person reads can go back; the order does not.
#[test]
fn a_clock_that_was_put_back_does_not_make_a_new_secret_an_old_one() {
    let mut device = Device::with_key(0);
    let ahead = device.record_secret(VersionState::Active, 600);
    let newer = device.record_secret(VersionState::Active, 10);
    assert!(device.record().current().is_some_and(|one| one.id == newer));
    assert_ne!(ahead, newer);
}
