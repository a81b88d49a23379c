//! What the agent does without being asked: reminders, auto-lock, sleep, backups.

use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Nothing, command};

use super::{Client, DAY_MS, World, key};
use crate::platform::{Chosen, SessionEvent};
use strongroom_vault::ports::Clock;

/// A key that expires so many days from now.
fn expiring(world: &World, label: &str, days: u64) -> wire::KeyAdd {
    let at_ms = i64::try_from(world.clock.utc_ms() + days * DAY_MS).expect("a date");
    wire::KeyAdd {
        expiry: vec![wire::ExpiryCause::Fixed { at_ms }],
        ..key(label)
    }
}

fn state(client: &mut Client) -> wire::VaultState {
    client
        .call::<command::status>(Nothing {})
        .expect("status")
        .state
}

#[test]
fn a_reminder_comes_while_the_vault_is_locked_and_names_nothing() {
    let mut world = World::start();
    let mut client = world.connect();
    client.create(&world);
    client
        .call::<command::add>(expiring(&world, "secret name", 35))
        .expect("added");
    client.call::<command::lock>(Nothing {}).expect("locked");
    let next = world.turn().expect("something is due one day");
    assert!(world.shown().is_empty(), "nothing is due yet");
    let ahead = next - world.clock.utc_ms();
    assert!(
        (4 * DAY_MS..7 * DAY_MS).contains(&ahead),
        "the first lead is 30 days before: {ahead}"
    );
    world.pass(ahead);
    world.turn();
    let shown = world.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].summary, "1 exchange key expires in 30 days");
    assert!(!shown[0].summary.contains("secret name") && !shown[0].body.contains("secret name"));
    world.turn();
    assert!(world.shown().is_empty(), "nothing is told twice");
    // A long sleep tells once and not as often as it missed.
    world.pass(20 * DAY_MS);
    world.happen(SessionEvent::Awake);
    assert_eq!(world.shown().len(), 1);
    world.stop();
}

#[test]
fn a_button_puts_off_for_a_day_and_the_unlock_takes_it_over() {
    let mut world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    client
        .call::<command::add>(expiring(&world, "one", 5))
        .expect("added");
    client.call::<command::lock>(Nothing {}).expect("locked");
    let wait = world.turn().expect("due soon") - world.clock.utc_ms();
    world.pass(wait);
    world.turn();
    world.press_last(Chosen::SnoozeOneDay);
    let listed = client
        .call::<command::reminder_list>(Nothing {})
        .expect("listed");
    let until = listed.reminders[0].snoozed_until_ms.expect("put off");
    assert_eq!(
        until,
        i64::try_from(world.clock.utc_ms() + DAY_MS).expect("a date")
    );
    assert!(listed.reminders[0].label.is_none(), "no names while locked");
    let id = listed.reminders[0].id.clone();
    let snooze = |key: &str, hours| wire::ReminderSnooze {
        key: key.to_owned(),
        hours,
    };
    assert_eq!(
        client.refused::<command::reminder_snooze>(snooze("one", 1)),
        ErrorCode::Locked
    );
    assert_eq!(
        client.refused::<command::reminder_snooze>(snooze(&id, 0)),
        ErrorCode::Invalid
    );
    client
        .call::<command::reminder_snooze>(snooze(&id, 48))
        .expect("put off");

    let code = phone.next(&world);
    client.unlock(code).expect("unlocked");
    let listed = client
        .call::<command::reminder_list>(Nothing {})
        .expect("listed");
    assert_eq!(listed.reminders[0].label.as_deref(), Some("one"));
    assert!(listed.reminders[0].snoozed_until_ms > Some(until));
    let log = client
        .call::<command::audit_list>(wire::AuditList::default())
        .expect("log");
    assert!(
        log.entries
            .iter()
            .any(|entry| entry.event == "reminder-snoozed")
    );
    client
        .call::<command::reminder_ack>(wire::ReminderAck {
            key: "one".to_owned(),
        })
        .expect("acknowledged");
    world.pass(4 * DAY_MS);
    world.turn();
    assert_eq!(world.shown(), [], "silenced for good");
    world.stop();
}

#[test]
fn without_the_device_secret_one_generic_word_is_said() {
    let mut world = World::start();
    let mut client = world.connect();
    client.create(&world);
    client
        .call::<command::add>(expiring(&world, "one", 3))
        .expect("added");
    client.call::<command::lock>(Nothing {}).expect("locked");
    let state = world.path("state/strongroom");
    let device_folder = std::fs::read_dir(&state)
        .expect("listed")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.is_dir())
        .expect("the device's folder");
    let (here, away) = (device_folder.join("device-secret.1"), world.path("away"));
    std::fs::rename(&here, &away).expect("moved");
    let next = world.turn().expect("looks again");
    world.pass(next.saturating_sub(world.clock.utc_ms()));
    world.turn();
    let shown = world.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].summary, "Unlock Strongroom to see what is due");
    assert!(!shown[0].can_snooze);
    world.pass(DAY_MS);
    world.turn();
    assert!(world.shown().is_empty(), "it is said once");
    std::fs::rename(&away, &here).expect("moved back");
    world.pass(DAY_MS);
    world.turn();
    assert_eq!(world.shown().len(), 1, "and then what is due");
    world.stop();
}

#[test]
fn the_vault_locks_itself_when_idle_asleep_or_behind_a_locked_screen() {
    let mut world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    world.pass(14 * 60_000);
    world.turn();
    assert_eq!(state(&mut client), wire::VaultState::Unlocked);
    client
        .call::<command::list>(wire::KeyList::default())
        .expect("used");
    world.pass(14 * 60_000);
    let next = world.turn().expect("the lock is planned");
    assert!(next <= world.clock.utc_ms() + 60_000);
    assert_eq!(
        state(&mut client),
        wire::VaultState::Unlocked,
        "a status is no use"
    );
    world.pass(60_000);
    world.turn();
    assert_eq!(state(&mut client), wire::VaultState::Locked);
    for event in [SessionEvent::AboutToSleep, SessionEvent::ScreenLocked] {
        let code = phone.next(&world);
        client.unlock(code).expect("unlocked");
        world.happen(event);
        assert_eq!(state(&mut client), wire::VaultState::Locked, "{event:?}");
    }
    let code = phone.next(&world);
    client.unlock(code).expect("unlocked");
    client
        .call::<command::setting_set>(wire::SettingSet {
            name: "lock-on-screen-lock".to_owned(),
            value: "no".to_owned(),
            step_up: None,
        })
        .expect("set");
    world.happen(SessionEvent::ScreenLocked);
    assert_eq!(state(&mut client), wire::VaultState::Unlocked);
    world.stop();
}

#[test]
fn a_quiet_vault_is_backed_up_once_a_day() {
    let mut world = World::start();
    let mut client = world.connect();
    client.create(&world);
    client.call::<command::add>(key("one")).expect("added");
    let backups = |client: &mut Client| {
        client
            .call::<command::backup_list>(Nothing {})
            .expect("listed")
            .backups
            .len()
    };
    world.turn();
    assert_eq!(backups(&mut client), 0, "not while somebody works");
    world.pass(31_000);
    world.turn();
    assert_eq!(backups(&mut client), 1);
    world.pass(31_000);
    world.turn();
    assert_eq!(backups(&mut client), 1, "one a day");
    world.stop();
}

#[test]
fn stale_backups_are_told_unless_the_open_vault_is_about_to_make_one() {
    const STALE: &str = "No backup of the vault was made for a week";
    let mut world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    client.call::<command::add>(key("one")).expect("added");
    let now = wire::BackupNow { folder: None };
    client.call::<command::backup>(now).expect("made");
    client.call::<command::lock>(Nothing {}).expect("locked");
    world.pass(6 * DAY_MS);
    world.turn();
    assert_eq!(world.shown(), [], "there is one of this week");
    world.pass(2 * DAY_MS);
    world.turn();
    let shown = world.shown();
    assert_eq!((shown.len(), shown[0].summary.as_str()), (1, STALE));
    assert!(!shown[0].urgent && shown[0].can_snooze);
    world.turn();
    assert_eq!(world.shown(), [], "once a day");

    // The next day's is due; the vault is open by then and makes one when nobody works.
    let mut unlock_tomorrow = |world: &mut World, client: &mut Client| {
        world.pass(DAY_MS);
        let code = phone.next(world);
        client.unlock(code).expect("unlocked");
        let listed = client.call::<command::reminder_list>(Nothing {});
        let rows = listed.expect("listed").reminders;
        assert!(
            rows.iter()
                .any(|one| one.kind == wire::ReminderKind::Backup)
        );
        world.turn();
        assert_eq!(world.shown(), [], "one is about to be made");
        world.pass(31_000);
        world.turn();
        world.turn();
    };
    unlock_tomorrow(&mut world, &mut client);
    assert_eq!(world.shown(), [], "it was made");
    let listed = client.call::<command::reminder_list>(Nothing {});
    let rows = listed.expect("listed").reminders;
    assert!(
        rows.iter()
            .all(|one| one.kind != wire::ReminderKind::Backup)
    );
    client.call::<command::lock>(Nothing {}).expect("locked");
    world.pass(9 * DAY_MS);
    world.turn();
    assert_eq!(world.shown().len(), 1);

    // One that cannot be made is told of at once.
    let folder = client.vault.join("backups");
    std::fs::rename(&folder, world.path("away")).expect("moved");
    std::fs::write(&folder, b"no folder").expect("written");
    unlock_tomorrow(&mut world, &mut client);
    let shown = world.shown();
    assert_eq!((shown.len(), shown[0].summary.as_str()), (1, STALE));
    world.stop();
}
