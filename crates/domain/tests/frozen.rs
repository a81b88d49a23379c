//! The stored bytes of version 1, for ever: a change here is a change of format.

use std::collections::BTreeSet;

use strongroom_domain::health::{Acceptance, FindingId, Subject};
use strongroom_domain::remind::{QuietHours, RemindSettings, ReminderIndex, TimeOfDay};
use strongroom_domain::{
    Allowlist, AllowlistSummary, Canonical, Checked, Checklist, CodecError, ConsumerUse, Days,
    Deleted, Due, DueCause, EntryId, EntryKind, Environment, ExchangeId, ExpiryCause, Field,
    FieldName, Hygiene, IpRule, KeyLabel, KeyState, KeySummary, Line, Material, MaterialField,
    NamedHost, Observation, PermissionSet, Playbook, Question, RegisterValue, RotationEvent,
    RotationPolicy, Tag, Tri, UtcMs, Verb, VersionState, Vetted, WriteId,
};
use strongroom_secret::SecretText;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn at() -> UtcMs {
    UtcMs::parse(1_800_000_000_000).expect("a date")
}

fn days(days: u32) -> Days {
    Days::parse(days).expect("days")
}

fn id(byte: u8) -> EntryId {
    EntryId::from_bytes([byte; 16])
}

fn check(kind: EntryKind, value: &RegisterValue, expected: &str) {
    let bytes = value.encode();
    assert_eq!(hex(&bytes), expected, "{value:?}");
    assert_eq!(
        RegisterValue::decode(kind, value.register(), &bytes).as_ref(),
        Ok(value)
    );
}

#[test]
fn register_values() {
    use RegisterValue as V;
    let key = |value, expected| check(EntryKind::Key, &value, expected);
    let permissions = PermissionSet::new([Tri::No; 8])
        .with(Verb::Read, Tri::Yes)
        .with(Verb::Withdraw, Tri::Unknown)
        .with_native([Line::parse("enableReading").expect("a line")]);
    let rule = |text| IpRule::parse(text).expect("a rule");
    let host = NamedHost::parse("VPS-1").ok();
    let listed = Allowlist::listed([rule("203.0.113.0/24"), rule("2001:db8::1").named(host)]);
    key(
        V::KeyLabel(KeyLabel::parse("Binance").expect("a label")),
        "6742696e616e6365",
    );
    key(
        V::Exchange(ExchangeId::parse("okx").expect("an id")),
        "636f6b78",
    );
    key(
        V::Account(Some(id(1))),
        "5001010101010101010101010101010101",
    );
    key(V::Environment(Environment::Testnet), "02");
    key(
        V::Declared(permissions),
        "82190801816d656e61626c6552656164696e67",
    );
    key(V::Observed(None), "f6");
    key(
        V::Observation(Observation {
            at: at(),
            restricted: Tri::Unknown,
            allowlist: Allowlist::Unknown,
            expires: Some(at()),
            created: None,
            last_used: None,
            label: Some(Line::parse("grid").expect("a line")),
            stopped: None,
        }),
        "881b000001a3185c500002011b000001a3185c5000f6f66467726964f6",
    );
    key(V::Allowlist(Allowlist::Unrestricted), "00");
    key(V::Allowlist(Allowlist::Unknown), "01");
    key(
        V::Allowlist(listed.expect("two rules")),
        "828344cb0071001818f6835020010db80000000000000000000000011880655650532d31",
    );
    let causes = vec![
        ExpiryCause::Fixed { at: at() },
        ExpiryCause::DaysSinceCreation { days: days(90) },
        ExpiryCause::Inactivity { days: days(14) },
        ExpiryCause::NoAllowlist { days: days(30) },
        ExpiryCause::PasswordChange { at: at() },
        ExpiryCause::SessionLife { days: days(180) },
    ];
    key(
        V::Expiry(causes),
        "8682001b000001a3185c50008201185a82020e8203181e82041b000001a3185c5000820518b4",
    );
    key(V::Rotation(RotationPolicy::Default), "f6");
    key(V::Rotation(RotationPolicy::Every(days(45))), "182d");
    let uses = vec![ConsumerUse {
        consumer: id(2),
        since: at(),
        given_by: None,
    }];
    key(
        V::Consumers(uses),
        "818350020202020202020202020202020202021b000001a3185c5000f6",
    );
    key(
        V::Tags(BTreeSet::from([Tag::parse("hot").expect("a tag")])),
        "8163686f74",
    );
    key(V::State(KeyState::Draining), "04");
    key(V::Compromised(Some(at())), "1b000001a3185c5000");
    key(V::Deleted(Deleted::No), "f4");
    let seen = BTreeSet::from([WriteId::from_bytes([3; 16])]);
    key(
        V::Deleted(Deleted::Yes { seen }),
        "82f5815003030303030303030303030303030303",
    );
    let credential = |value, expected| check(EntryKind::Credential, &value, expected);
    credential(V::Key(id(4)), "5004040404040404040404040404040404");
    let fields = vec![Field {
        name: FieldName::API_KEY,
        secret: false,
    }];
    credential(V::Fields(fields), "8182666170694b6579f4");
    credential(V::VersionState(VersionState::Active), "02");
    credential(V::Made(at()), "1b000001a3185c5000");
    key(V::Revoking(Some(at())), "1b000001a3185c5000");
    credential(V::Revoking(None), "f6");
    credential(
        V::Switched(BTreeSet::from([id(2)])),
        "815002020202020202020202020202020202",
    );
    let vetted = Vetted {
        permissions: PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes),
        at: at(),
        growth_meant: true,
        expires: None,
    };
    credential(V::Vetted(Some(vetted)), "848201801b000001a3185c5000f5f6");
    let consumer = |value, expected| check(EntryKind::Consumer, &value, expected);
    let line = |text| Line::parse(text).expect("a line");
    consumer(V::Breached(Some(at())), "1b000001a3185c5000");
    consumer(V::Host(Some(line("vps"))), "63767073");
    let vendor = |value, expected| check(EntryKind::Vendor, &value, expected);
    let answer = Checked {
        question: Question::Storage,
        answer: Tri::Yes,
        evidence: Some(line("p. 4")),
        at: at(),
    };
    let checklist = Checklist::default().with(answer);
    vendor(
        V::Checklist(checklist),
        "8184010164702e20341b000001a3185c5000",
    );
    vendor(V::Review(Some(at())), "1b000001a3185c5000");
    let acceptance = |value, expected| check(EntryKind::Acceptance, &value, expected);
    for (subject, expected) in [
        (Subject::Vault, "8266756e75736564f6"),
        (
            Subject::Entry(id(1)),
            "8266756e757365645001010101010101010101010101010101",
        ),
        (
            Subject::Exchange(ExchangeId::parse("okx").expect("an id")),
            "8266756e75736564636f6b78",
        ),
    ] {
        let finding = FindingId::new("unused", subject).expect("a rule");
        acceptance(V::Finding(finding), expected);
    }
    let accepted = Acceptance {
        reason: line("ok"),
        until: at(),
        at: at(),
    };
    acceptance(
        V::Accepted(accepted),
        "83626f6b1b000001a3185c50001b000001a3185c5000",
    );
    let incident = |value, expected| check(EntryKind::Incident, &value, expected);
    let playbook = Playbook {
        id: line("phished"),
        steps: vec![line("a")],
        questions: Vec::new(),
    };
    incident(V::Playbook(playbook), "83677068697368656481616180");
    incident(V::About(line("vps")), "63767073");
    incident(
        V::Affected(vec![id(4)]),
        "815004040404040404040404040404040404",
    );
    incident(V::Closed(None), "f6");
    let note = |value, expected| check(EntryKind::IncidentNote, &value, expected);
    note(V::Incident(id(4)), "5004040404040404040404040404040404");
    note(V::Concerns(None), "f6");
    let hygiene = Hygiene {
        two_factor: Tri::Yes,
        confirmed: Some(at()),
        ..Hygiene::UNKNOWN
    };
    check(
        EntryKind::Account,
        &V::Hygiene(hygiene),
        "85010202021b000001a3185c5000",
    );
}

#[test]
fn a_secret_as_it_is_sealed() {
    let field = |name, value: &str| MaterialField {
        name,
        value: SecretText::new(value.to_owned()),
    };
    let fields = vec![
        field(FieldName::SECRET, "s"),
        field(FieldName::API_KEY, "k"),
    ];
    let okx = ExchangeId::parse("okx").expect("an id");
    let material = Material::new(okx, id(4), id(5), fields).expect("two fields");
    assert_eq!(
        hex(material.encode().expose()),
        "8501636f6b78500404040404040404040404040404040450050505050505050505050505050505058282666170694b6579616b82667365637265746173"
    );
}

fn summary() -> KeySummary {
    KeySummary {
        id: id(4),
        label: KeyLabel::parse("Binance").expect("a label"),
        exchange: ExchangeId::parse("binance").expect("an id"),
        account: Some(id(1)),
        account_label: None,
        environment: Environment::Production,
        state: KeyState::Active,
        declared: [Tri::Unknown; 8],
        observed: Some([Tri::No; 8]),
        allowlist: AllowlistSummary::Listed(2),
        expiry: Some(Due {
            at: at(),
            cause: DueCause::Expiry(ExpiryCause::Fixed { at: at() }),
        }),
        rotation: Some(Due {
            at: at(),
            cause: DueCause::Rotation(days(90)),
        }),
        rotation_days: days(90),
        created: at(),
        last_rotated: at(),
        last_used: None,
        compromised: None,
        purpose: None,
        owner: None,
        tags: vec![Tag::parse("hot").expect("a tag")],
        consumers: Vec::new(),
        conflict: false,
        has_secret: true,
    }
}

#[test]
fn a_row_of_the_list() {
    assert_eq!(
        hex(&summary().encode()),
        "9750040404040404040404040404040404046742696e616e63656762696e616e63655001010101010101010101010101010101f6010219aaaa0002821b000001a3185c500082001b000001a3185c5000821b000001a3185c5000185a185a1b000001a3185c50001b000001a3185c5000f6f6f6f68163686f7480f4f5"
    );
}

#[test]
fn the_index_of_reminders() {
    let time = |text| TimeOfDay::parse(text).expect("a time");
    let mut index = ReminderIndex::default();
    index.settings = RemindSettings {
        names: true,
        quiet: Some(QuietHours {
            from: time("22:00"),
            to: time("08:00"),
        }),
        ..RemindSettings::default()
    };
    let recorded = UtcMs::parse(1_790_000_000_000).expect("a date");
    index.update(&summary(), recorded);
    index.snooze(id(4), 24, recorded).expect("something is due");
    let plan = strongroom_domain::remind::plan(
        index.reminders(),
        &index.settings,
        &jiff::tz::TimeZone::UTC,
        at().plus_days(1),
    );
    assert_eq!(plan.show.len(), 2);
    plan.record(index.reminders_mut());
    index.snooze(id(4), 24, recorded).expect("something is due");
    let bytes = index.encode();
    assert_eq!(ReminderIndex::decode(&bytes).as_ref(), Ok(&index));
    assert_eq!(
        hex(&bytes),
        "83018586181e0e0703010019021c821905281901e0f5f58288500404040404040404040404040404040401821b000001a3185c500082001b000001a3185c50001b000001a0c4506c006742696e616e6365f4821b000001a0c4506c001b000001a0c976c800818300001b000001a31d82ac0088500404040404040404040404040404040402821b000001a3185c5000185a1b000001a0c4506c006742696e616e6365f4821b000001a0c4506c001b000001a0c976c800818300001b000001a31d82ac00"
    );
}

/// Causes that came later than the others lie below zero, where no number of days is.
#[test]
fn causes_of_due_dates() {
    for (cause, last) in [
        (DueCause::Rotation(days(90)), "185a"),
        (DueCause::Compromised, "f6"),
        (DueCause::Revocation, "f5"),
        (DueCause::Review, "f4"),
        (DueCause::Backups, "20"),
        (DueCause::Event(RotationEvent::PersonLeft), "21"),
        (DueCause::Event(RotationEvent::VendorBreached), "22"),
        (DueCause::Event(RotationEvent::SuspectedLeak), "23"),
        (DueCause::Event(RotationEvent::ServiceDropped), "24"),
    ] {
        let due = Due { at: at(), cause };
        let bytes = due.encode();
        assert_eq!(hex(&bytes), format!("821b000001a3185c5000{last}"));
        assert_eq!(Due::decode(&bytes), Ok(due));
    }
    let mut unknown = Due {
        at: at(),
        cause: DueCause::Backups,
    }
    .encode();
    let last = unknown.len() - 1;
    for code in 0x25..0x38 {
        unknown[last] = code;
        assert_eq!(Due::decode(&unknown), Err(CodecError::Unknown), "{code:x}");
    }
}
