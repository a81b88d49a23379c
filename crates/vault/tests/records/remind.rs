//! Reminders: readable while locked, brought together at unlock, and what they remember.

use jiff::tz::TimeZone;
use strongroom_domain::remind::{
    QuietHours, RemindSettings, Reminder, ReminderIndex, ReminderKind, SnoozeRefused, TimeOfDay,
    plan, summary_text,
};
use strongroom_domain::{ConsumerName, DueCause, EntryId, ExpiryCause, UtcMs};
use strongroom_vault::{
    BackupPolicy, HolderChange, KeyChange, KeyError, OpenVault, ReminderError, RemindersAbsent,
    stale_backups,
};

use crate::desk::{Desk, Mood};
use crate::{CLI, add, last_events, new_key};

const DAY: u64 = 86_400_000;
const HOUR: u64 = 3_600_000;

fn now(desk: &Desk) -> UtcMs {
    UtcMs::from_clock(strongroom_vault::ports::Clock::utc_ms(&*desk.clock))
}

/// Reminders of anything but the backups.
fn of_records(index: &ReminderIndex) -> Vec<&Reminder> {
    let all = index.reminders().iter();
    all.filter(|one| one.kind != ReminderKind::Backup).collect()
}

/// Keys and vendors that a plan shows now; the backups have tests of their own.
fn told(vault: &mut OpenVault) -> usize {
    let plan = vault.plan_reminders(&TimeZone::UTC).expect("plans");
    let told = plan.show.iter();
    told.filter(|one| one.kind != ReminderKind::Backup).count()
}

/// A key that expires in ten days and a half.
fn expiring(desk: &Desk) -> strongroom_vault::NewKey {
    let mut new = new_key("expiring", "e");
    let at = now(desk).plus_ms((10 * DAY + DAY / 2) as i64);
    new.expiry = vec![ExpiryCause::Fixed { at }];
    new
}

#[test]
fn a_locked_vault_tells_what_is_due_and_remembers_what_it_told() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    assert_eq!(locked.reminders().map(drop), Err(RemindersAbsent::NoIndex));
    let id = vault.add_key(expiring(&desk), CLI).expect("is recorded").id;
    assert!(vault.reminders_unwritten());
    vault.lock().expect("locks");

    let utc = TimeZone::UTC;
    let mut index = locked.reminders().expect("is readable while locked");
    assert!(
        plan(index.reminders(), &index.settings, &utc, now(&desk))
            .show
            .is_empty()
    );
    desk.clock.pass(4 * DAY);
    let due = plan(index.reminders(), &index.settings, &utc, now(&desk));
    assert_eq!(due.show.len(), 1);
    assert_eq!(
        (due.show[0].key, due.show[0].label.clone()),
        (id, None),
        "no names by default"
    );
    due.record(index.reminders_mut());
    locked.save_reminders(&index).expect("writes");
    let index = locked.reminders().expect("reads");
    assert!(
        plan(index.reminders(), &index.settings, &utc, now(&desk))
            .show
            .is_empty()
    );

    // The unlocked vault knows too.
    let mut vault = desk.unlock(&locked);
    assert!(vault.plan_reminders(&utc).expect("plans").show.is_empty());
}

#[test]
fn a_snooze_made_while_locked_is_taken_over_and_audited_at_unlock() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    vault.reminders().expect("begins");
    let id = vault.add_key(expiring(&desk), CLI).expect("is recorded").id;
    vault.lock().expect("locks");
    desk.clock.pass(4 * DAY);
    let mut index = locked.reminders().expect("reads");
    let until = index.snooze(id, 24, now(&desk)).expect("is snoozed");
    locked.save_reminders(&index).expect("writes");

    let mut vault = desk.unlock(&locked);
    let rows = vault.reminder_rows().expect("brings both together");
    assert!(rows.iter().all(|row| row.snoozed_until == Some(until)));
    assert_eq!(
        rows[0].label.as_ref().expect("unlocked").as_str(),
        "expiring"
    );
    assert_eq!(last_events(&vault, 1), ["reminder-snoozed"]);
    let size = vault.audit_size();
    vault.lock().expect("locks");
    let mut vault = desk.unlock(&locked);
    vault.reminders().expect("reads");
    let events = last_events(&vault, (vault.audit_size() - size) as usize);
    assert!(
        !events.contains(&"reminder-snoozed"),
        "once is enough: {events:?}"
    );
}

#[test]
fn a_snooze_never_reaches_past_the_expiry() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = vault.add_key(expiring(&desk), CLI).expect("is recorded").id;
    let expiry = now(&desk).plus_ms((10 * DAY + DAY / 2) as i64);
    assert_eq!(vault.snooze_reminder(id, 300, CLI), Ok(expiry));
    desk.clock.pass(11 * DAY);
    let refused = vault.snooze_reminder(id, 1, CLI);
    assert_eq!(refused, Err(ReminderError::Snooze(SnoozeRefused::Expired)));
    let refused = vault.snooze_reminder(id, 0, CLI);
    assert!(matches!(
        refused,
        Err(ReminderError::Snooze(SnoozeRefused::Hours { .. }))
    ));
}

#[test]
fn an_acknowledged_due_moment_is_silent_and_a_new_one_reminds_again() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    desk.clock.pass(100 * DAY);
    assert_eq!(told(&mut vault), 1, "rotation is overdue");
    vault
        .acknowledge_reminder(id, CLI)
        .expect("is acknowledged");
    assert_eq!(last_events(&vault, 1), ["reminder-acknowledged"]);
    desk.clock.pass(10 * DAY);
    assert_eq!(told(&mut vault), 0);
    assert_eq!(
        vault.acknowledge_reminder(id, CLI),
        Err(ReminderError::NothingDue)
    );
    vault.lock().expect("locks");

    // The index is lost: what was decided is not.
    std::fs::remove_file(desk.folder().join("reminders.idx")).expect("is there");
    let mut vault = desk.unlock(&locked);
    assert_eq!(told(&mut vault), 0);
    vault
        .set_secret(id, vec![crate::field("secret", "new")], CLI)
        .expect("is rotated");
    desk.clock.pass(100 * DAY);
    assert_eq!(told(&mut vault), 1);
}

#[test]
fn settings_are_kept_in_the_vault_and_names_are_opt_in() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    add(&mut vault, "Binance", "s");
    let time = |text| TimeOfDay::parse(text).expect("a time");
    let settings = RemindSettings {
        names: true,
        quiet: Some(QuietHours {
            from: time("22:00"),
            to: time("08:00"),
        }),
        ..RemindSettings::default()
    };
    vault
        .set_reminder_settings(settings.clone())
        .expect("is set");
    vault.lock().expect("locks");
    let index = locked.reminders().expect("reads");
    assert_eq!(index.settings, settings);
    assert_eq!(
        of_records(&index)[0]
            .label
            .as_ref()
            .expect("opted in")
            .as_str(),
        "Binance"
    );
    std::fs::remove_file(desk.folder().join("reminders.idx")).expect("is there");
    let mut vault = desk.unlock(&locked);
    assert_eq!(vault.reminders().expect("reads").settings, settings);
    vault
        .set_reminder_settings(RemindSettings::default())
        .expect("is set");
    let index = vault.reminders().expect("reads");
    assert_eq!(of_records(index)[0].label, None);
}

#[test]
fn archived_and_purged_keys_leave_the_index() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let archived = add(&mut vault, "a", "s");
    let purged = add(&mut vault, "b", "t");
    assert_eq!(vault.reminder_rows().expect("reads").len(), 2);
    vault.archive_key(archived, CLI).expect("is archived");
    let proof = crate::step_up(&desk, &mut vault);
    vault
        .purge(purged, strongroom_vault::PurgeWhat::Key, &proof, CLI)
        .expect("is purged");
    assert_eq!(vault.reminder_rows().expect("reads"), []);
    vault.restore_key(archived, CLI).expect("is restored");
    let at = now(&desk).plus_ms(HOUR as i64);
    let changes = vec![KeyChange::Expiry(vec![ExpiryCause::Fixed { at }])];
    vault.edit_key(archived, changes, CLI).expect("is changed");
    let rows = vault.reminder_rows().expect("reads");
    assert_eq!((rows.len(), rows[0].due.at), (2, at));
}

#[test]
fn without_the_device_secret_or_with_a_damaged_index_nothing_is_guessed() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    add(&mut vault, "Binance", "s");
    vault.reminders().expect("begins");
    vault.lock().expect("locks");
    for mood in [Mood::Locked, Mood::Unavailable, Mood::Ambiguous] {
        desk.keyring.is_now(mood);
        let absent = locked.reminders();
        assert!(
            matches!(absent, Err(RemindersAbsent::NoDeviceSecret(_))),
            "{mood:?}"
        );
    }
    desk.keyring.is_now(Mood::Open);
    let mut bytes = desk.file("reminders.idx");
    *bytes.last_mut().expect("bytes") ^= 1;
    desk.put_file("reminders.idx", &bytes);
    assert_eq!(locked.reminders().map(drop), Err(RemindersAbsent::Damaged));
    let mut vault = desk.unlock(&locked);
    assert_eq!(vault.reminder_rows().expect("is written anew").len(), 1);
    assert!(locked.reminders().is_ok());
}

#[test]
fn a_vendor_that_is_to_be_looked_at_again_comes_with_the_reminders_of_keys() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let acme = ConsumerName::parse("Acme").expect("a name");
    let review = |days| vec![HolderChange::Review(Some(now(&desk).plus_days(days)))];
    vault
        .set_vendor(&acme, review(20), CLI)
        .expect("is recorded");
    let told = |vault: &mut OpenVault| -> Vec<(ReminderKind, Option<String>)> {
        let rows = vault.reminder_rows().expect("reads");
        rows.into_iter()
            .map(|row| (row.kind, row.label.map(|label| label.to_string())))
            .collect()
    };
    let expected = [(ReminderKind::Review, Some("Acme".to_owned()))];
    assert_eq!(told(&mut vault), expected);
    vault.lock().expect("locks");
    let index = locked.reminders().expect("is readable while locked");
    assert_eq!(of_records(&index).len(), 1);
    assert_eq!(of_records(&index)[0].label, None, "no names by default");

    let mut vault = desk.unlock(&locked);
    assert_eq!(told(&mut vault), expected);
    let id = vault.find_reminded("acme").expect("known");
    vault.snooze_reminder(id, 24, CLI).expect("is snoozed");
    vault.acknowledge_reminder(id, CLI).expect("is silenced");
    // A new date is another moment.
    vault
        .set_vendor(&acme, review(300), CLI)
        .expect("is recorded");
    let rows = vault.reminder_rows().expect("reads");
    assert_eq!((rows.len(), rows[0].acknowledged), (1, false));
    vault
        .set_vendor(&acme, vec![HolderChange::Review(None)], CLI)
        .expect("is recorded");
    assert_eq!(told(&mut vault), []);
}

/// Whether a plan of the locked vault tells of the backups now.
fn told_while_locked(index: &ReminderIndex, now: UtcMs) -> bool {
    let plan = plan(index.reminders(), &index.settings, &TimeZone::UTC, now);
    plan.show.iter().any(|one| one.kind == ReminderKind::Backup)
}

#[test]
fn stale_backups_are_told_while_the_vault_is_locked_and_not_an_hour_earlier() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    vault.reminders().expect("begins");
    desk.clock.pass(3 * DAY);
    vault.back_up().expect("is made");
    let made = now(&desk);
    assert_eq!(vault.reminder_rows().expect("reads"), [], "nothing to do");
    assert_eq!(vault.find_reminded("backups"), Err(KeyError::NotFound));
    vault.lock().expect("locks");

    let index = locked.reminders().expect("is readable while locked");
    let told_at: Vec<u64> = (0..10 * 24)
        .filter(|hour| told_while_locked(&index, made.plus_ms((hour * HOUR) as i64)))
        .collect();
    // The first nine o'clock after the week, and from then on until it was told.
    let first = told_at[0];
    assert!((7 * 24..8 * 24).contains(&first), "{first}");
    let stale = |hours: u64| made.plus_ms((hours * HOUR) as i64).timestamp();
    let nine = stale(first).strftime("%H").to_string();
    assert!(["09", "10"].contains(&nine.as_str()), "{nine}");
    assert_eq!(told_at.len() as u64, 10 * 24 - first, "until it was told");

    desk.clock.pass(8 * DAY);
    assert!(told_while_locked(&index, now(&desk)));
    let plan = plan(
        index.reminders(),
        &index.settings,
        &TimeZone::UTC,
        now(&desk),
    );
    let text = summary_text(&plan).expect("something is due");
    assert_eq!(text.title, "No backup of the vault was made for a week");
    // It is put off by its own name, also while locked.
    let mut index = index;
    let vault_id = stale_backups(&index, " Backups ", now(&desk)).expect("stale");
    assert_eq!(stale_backups(&index, "grid", now(&desk)), None);
    index.snooze(vault_id, 24, now(&desk)).expect("is snoozed");
    locked.save_reminders(&index).expect("writes");
    assert!(!told_while_locked(&index, now(&desk)));

    let mut vault = desk.unlock(&locked);
    let rows = vault.reminder_rows().expect("reads");
    assert_eq!((rows.len(), rows[0].kind), (1, ReminderKind::Backup));
    assert_eq!(rows[0].label.as_ref().expect("named").as_str(), "backups");
    assert_eq!(rows[0].due.cause, DueCause::Backups);
    assert!(rows[0].snoozed_until.is_some(), "the snooze is taken over");
    assert_eq!(vault.find_reminded("backups"), Ok(vault_id));
    vault.acknowledge_reminder(vault_id, CLI).expect("silenced");
    desk.clock.pass(30 * DAY);
    let shown = |vault: &mut OpenVault| {
        let plan = vault.plan_reminders(&TimeZone::UTC).expect("plans");
        plan.show.len()
    };
    assert_eq!(shown(&mut vault), 0, "this one is known");
    // A backup ends it, and the next that is missing is another one.
    vault.back_up().expect("is made");
    assert_eq!(vault.reminder_rows().expect("reads"), []);
    assert_eq!(shown(&mut vault), 0);
    desk.clock.pass(9 * DAY);
    assert_eq!(shown(&mut vault), 1);
}

#[test]
fn a_backup_in_any_place_counts_and_a_vault_without_one_has_a_week() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let made = now(&desk);
    let stale_at = |vault: &mut OpenVault| {
        let index = vault.reminders().expect("reads");
        index.backups_stale_at().expect("it is known")
    };
    let week = |from: UtcMs| from.plus_ms((7 * DAY + 1) as i64);
    assert_eq!(stale_at(&mut vault), week(made), "since it was made");
    // The second place alone takes the next one.
    let second = tempfile::tempdir().expect("a folder");
    let policy = BackupPolicy {
        second: Some(second.path().to_owned()),
        ..BackupPolicy::default()
    };
    vault.set_backup_policy(&policy).expect("is set");
    std::fs::write(desk.folder().join("backups"), b"no folder").expect("is written");
    desk.clock.pass(2 * DAY);
    let report = vault.back_up().expect("is tried");
    assert_eq!((report.made.len(), report.failed.len()), (1, 1));
    assert_eq!(stale_at(&mut vault), week(made.plus_days(2)));
    // The place that has it is given up: what counts is what is left.
    vault
        .set_backup_policy(&BackupPolicy::default())
        .expect("is set");
    assert_eq!(stale_at(&mut vault), week(made));
    // A try that failed everywhere is none.
    desk.clock.pass(DAY);
    let report = vault.back_up().expect("is tried");
    assert_eq!((report.made.len(), report.failed.len()), (0, 1));
    assert_eq!(stale_at(&mut vault), week(made));
    std::fs::remove_file(desk.folder().join("backups")).expect("is there");
    vault.back_up().expect("is made");
    assert_eq!(stale_at(&mut vault), week(made.plus_days(3)));
    vault.lock().expect("locks");
    let index = locked.reminders().expect("reads");
    assert_eq!(index.backups_stale_at(), Some(week(made.plus_days(3))));
    // A clock that was wrong when the backup was made puts no reminder off for years.
    let mut vault = desk.unlock(&locked);
    desk.clock.pass(4000 * DAY);
    vault.back_up().expect("is made");
    desk.clock.set_back(3990 * DAY);
    vault.lock().expect("locks");
    let mut vault = desk.unlock(&locked);
    assert_eq!(stale_at(&mut vault), week(made));
    let stale = vault.reminder_rows().expect("reads");
    assert_eq!(stale.len(), 1, "the health says the same");
    assert_eq!(stale[0].key, EntryId::from_bytes(*vault.vault_id()));
}
