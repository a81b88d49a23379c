//! What happened to keys moves their dates, everywhere at once, until the secret is a newer one.

use jiff::tz::TimeZone;
use strongroom_domain::{
    ConsumerName, DueCause, EntryId, KeyState, Line, Playbook, RotationAct, RotationEvent, UtcMs,
};
use strongroom_vault::{
    CalendarKind, HolderChange, KeyChange, KeysOf, LockSources, NewIncident, OpenVault,
};

use crate::desk::Desk;
use crate::{CLI, add, field};

const DAY: u64 = 86_400_000;

fn now(desk: &Desk) -> UtcMs {
    UtcMs::from_clock(strongroom_vault::ports::Clock::utc_ms(&*desk.clock))
}

fn name(text: &str) -> ConsumerName {
    ConsumerName::parse(text).expect("a name")
}

fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

fn give(vault: &mut OpenVault, key: EntryId, to: &str) {
    let change = vec![KeyChange::Consumers(vec![name(to)])];
    vault.edit_key(key, change, CLI).expect("is given");
}

fn open_incident(vault: &mut OpenVault, playbook: &str, whose: KeysOf) {
    let new = NewIncident {
        title: name("what happened"),
        playbook: Playbook {
            id: line(playbook),
            steps: vec![line("Rotate.")],
            questions: Vec::new(),
        },
        whose,
        about: line("somebody"),
    };
    vault.open_incident(new, CLI).expect("is opened");
}

/// When the key is to be rotated and why, by everything that says so; each must say the same.
fn due(vault: &mut OpenVault, key: EntryId) -> Option<(UtcMs, DueCause)> {
    let row = vault.key_row(key).expect("a key").clone();
    let due = row.rotation.map(|due| (due.at, due.cause));
    assert_eq!(vault.show_key(key).expect("shows").row, row);
    let rows = vault.reminder_rows().expect("reads");
    let reminder = rows.iter().find(|one| one.key == key);
    assert_eq!(reminder.map(|one| (one.due.at, one.due.cause)), due);
    let far = UtcMs::EPOCH.plus_days(1_000_000);
    let calendar = vault.calendar(far).expect("reads");
    let entry = calendar
        .iter()
        .find(|one| one.entry == key && one.kind == CalendarKind::Rotation);
    let told = entry.map(|one| (one.at, one.cause.clone()));
    assert_eq!(told, due.map(|(at, cause)| (at, cause.words())));
    due
}

fn findings(vault: &mut OpenVault, key: &str) -> Vec<&'static str> {
    let locks = LockSources {
        suspend: true,
        screen_lock: true,
    };
    let health = vault.health(locks).expect("reads");
    let about = health.findings.iter().filter(|one| one.name == key);
    about.map(|one| one.rule.id).collect()
}

#[test]
fn an_incident_makes_its_keys_due_until_they_are_rotated() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let start = now(&desk);
    let (grid, tax) = (add(&mut vault, "grid", "s1"), add(&mut vault, "tax", "s2"));
    give(&mut vault, grid, "bot");
    vault.reminders().expect("begins");
    desk.clock.pass(DAY);
    let before = due(&mut vault, grid).expect("by its policy");
    assert!(matches!(before.1, DueCause::Rotation(_)));
    assert_eq!(findings(&mut vault, "grid"), [""; 0]);

    open_incident(&mut vault, "person-left", KeysOf::Consumer(name("bot")));
    let left = (now(&desk), DueCause::Event(RotationEvent::PersonLeft));
    assert_eq!(due(&mut vault, grid), Some(left));
    assert_eq!(findings(&mut vault, "grid"), ["event-since"]);
    let other = due(&mut vault, tax).expect("by its policy");
    assert!(
        matches!(other.1, DueCause::Rotation(_)),
        "it is none of his"
    );
    // An edit of the key, and an unlock, change nothing about it.
    let renamed = vec![KeyChange::Label(crate::label("grid two"))];
    vault.edit_key(grid, renamed, CLI).expect("is changed");
    assert_eq!(due(&mut vault, grid), Some(left));
    vault.lock().expect("locks");
    // The locked vault reminds of it.
    let index = locked.reminders().expect("reads");
    let of_key = index.of_key(grid)[0].due;
    assert_eq!((of_key.at, of_key.cause), left);
    desk.clock.pass(DAY);
    let mut vault = desk.unlock(&locked);
    assert_eq!(due(&mut vault, grid), Some(left));
    let shown = vault.plan_reminders(&TimeZone::UTC).expect("plans").show;
    assert!(shown.iter().any(|one| one.key == grid), "{shown:?}");

    // Beginning to rotate is not enough; the secret in use must be newer.
    vault
        .rotate(grid, &RotationAct::Start, CLI)
        .expect("begins");
    let fields = vec![field("apiKey", "k3"), field("secret", "s3")];
    vault.rotate_stage(grid, fields, CLI).expect("is staged");
    let made = now(&desk);
    vault
        .rotate_check(grid, None, false, None, CLI)
        .expect("is checked");
    assert_eq!(due(&mut vault, grid), Some(left));
    vault
        .rotate(grid, &RotationAct::SwitchAll, CLI)
        .expect("is in use");
    let (at, cause) = due(&mut vault, grid).expect("by its policy again");
    assert_eq!(at, made.plus_days(90));
    assert!(matches!(cause, DueCause::Rotation(_)));
    assert!(at > start.plus_days(90));

    // A key that is dead has no date.
    open_incident(&mut vault, "key-leaked", KeysOf::All);
    let leaked = DueCause::Event(RotationEvent::SuspectedLeak);
    assert_eq!(due(&mut vault, tax), Some((now(&desk), leaked)));
    vault.archive_key(tax, CLI).expect("is archived");
    assert_eq!(vault.key_row(tax).expect("a key").state, KeyState::Archived);
    assert_eq!(due(&mut vault, tax), None);
    vault.restore_key(tax, CLI).expect("comes back");
    assert_eq!(due(&mut vault, tax), Some((now(&desk), leaked)));
}

#[test]
fn a_breach_of_a_consumer_or_its_vendor_makes_what_it_holds_due_and_can_be_taken_back() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let grid = add(&mut vault, "grid", "s1");
    vault.reminders().expect("begins");
    let policy = due(&mut vault, grid);
    let start = now(&desk);
    let breach = |days: u32| start.plus_days(days);
    let breached = |at| vec![HolderChange::Breached(at)];
    let event = DueCause::Event(RotationEvent::VendorBreached);
    let (acme, bot) = (name("Acme"), name("bot"));
    vault
        .set_vendor(&acme, breached(Some(breach(5))), CLI)
        .expect("is recorded");
    assert_eq!(due(&mut vault, grid), policy, "it holds nothing");
    let of_acme = vec![HolderChange::Vendor(Some(line("ACME")))];
    vault.set_consumer(&bot, of_acme, CLI).expect("is recorded");
    give(&mut vault, grid, "bot");
    assert_eq!(due(&mut vault, grid), Some((breach(5), event)));
    // The first of two breaches counts, under whatever name.
    vault
        .set_consumer(&bot, breached(Some(breach(3))), CLI)
        .expect("is recorded");
    let renamed = vec![HolderChange::Name(name("robot"))];
    vault.set_consumer(&bot, renamed, CLI).expect("is renamed");
    assert_eq!(due(&mut vault, grid), Some((breach(3), event)));
    vault.lock().expect("locks");
    let mut vault = desk.unlock(&locked);
    assert_eq!(due(&mut vault, grid), Some((breach(3), event)));
    // The breach has a finding of its own, which says who; it is not counted twice.
    assert_eq!(findings(&mut vault, "grid"), ["consumer-breached"]);
    // A breach that was recorded by mistake is taken back, and the date with it.
    let robot = name("robot");
    vault
        .set_consumer(&robot, breached(None), CLI)
        .expect("is recorded");
    assert_eq!(due(&mut vault, grid), Some((breach(5), event)));
    vault
        .set_vendor(&acme, breached(None), CLI)
        .expect("is recorded");
    assert_eq!(due(&mut vault, grid), policy);
    assert_eq!(findings(&mut vault, "grid"), [""; 0]);
    // What was made after a breach is none of it.
    vault
        .set_vendor(&acme, breached(Some(now(&desk))), CLI)
        .expect("is recorded");
    assert_eq!(due(&mut vault, grid).map(|due| due.1), Some(event));
    desk.clock.pass(1);
    let fields = vec![field("apiKey", "k2"), field("secret", "s2")];
    vault.set_secret(grid, fields, CLI).expect("is recorded");
    let (_, cause) = due(&mut vault, grid).expect("by its policy");
    assert!(matches!(cause, DueCause::Rotation(_)));
}
