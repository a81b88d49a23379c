//! Backups and taking them up again.

use std::path::{Path, PathBuf};

use strongroom_vault::ports::Purpose;
use strongroom_vault::{
    BackupError, BackupPolicy, Destination, Detail, HeaderChoice, OpenVault, Presence,
    RestoreError, Trust, put_in_place,
};

use crate::desk::{Desk, PASSWORD, copy_folder, read_kit, text};
use crate::support::{
    database, edit, edited, step_up, step_up_with_password, trust_at_unlock, try_unlock, used,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn back_up(vault: &mut OpenVault) -> PathBuf {
    let report = vault.back_up().expect("is tried");
    assert_eq!(report.failed, []);
    report
        .made
        .first()
        .expect("one place at least")
        .path
        .clone()
}

fn second_place(desk: &Desk) -> PathBuf {
    let folder = desk.root.path().join("stick");
    std::fs::create_dir(&folder).expect("a folder");
    folder
}

fn last_words(vault: &OpenVault, count: u64) -> Vec<&'static str> {
    let entries = vault
        .audit_entries(vault.audit_size() - count, 99)
        .expect("reads");
    entries.iter().map(|entry| entry.event.word()).collect()
}

#[test]
fn both_places_get_a_whole_vault_and_the_oldest_goes() {
    let desk = Desk::new();
    let mut vault = desk.unlock(&used(&desk));
    assert!(vault.backup_is_due().expect("reads"));
    assert!(vault.backup_health().expect("reads").stale);
    let policy = BackupPolicy {
        second: Some(second_place(&desk)),
        keep: 2,
    };
    vault.set_backup_policy(&policy).expect("is taken");
    for round in 1..=4_u32 {
        edit(&mut vault, round);
        let report = vault.back_up().expect("is tried");
        assert_eq!((report.made.len(), report.failed.len()), (2, 0));
        desk.clock.pass(60_000);
    }
    assert!(!vault.backup_is_due().expect("reads"));
    assert!(!vault.backup_health().expect("reads").stale);
    assert_eq!(last_words(&vault, 1), ["backed-up"]);
    let backups = vault.backups().expect("reads");
    assert_eq!(backups.len(), 4);
    for backup in &backups {
        let mut names: Vec<String> = std::fs::read_dir(&backup.path)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("text")
            })
            .collect();
        names.sort();
        assert_eq!(names.len(), 2, "no more than a header and a database");
        assert!(
            names[0].ends_with(".db") && names[1] == "vault.hdr",
            "{names:?}"
        );
        assert!(backup.bytes > 40_000);
        vault
            .restore_drill(&backup.path)
            .expect("could be restored");
    }
    desk.clock.pass(8 * DAY_MS);
    assert!(vault.backup_is_due().expect("reads"));
    assert!(vault.backup_health().expect("reads").stale);
    // What an interrupted backup left is removed by the next.
    let left = desk.folder().join("backups").join(".unfinished-00000000");
    std::fs::create_dir(&left).expect("a folder");
    back_up(&mut vault);
    assert!(!left.exists());
}

#[test]
fn a_place_that_is_not_there_is_told_and_the_other_still_gets_its_backup() {
    let desk = Desk::new();
    let mut vault = desk.unlock(&used(&desk));
    let stick = second_place(&desk);
    let inside = desk.folder().join("backups");
    std::fs::create_dir_all(&inside).expect("a folder");
    for refused in [&inside, desk.root.path()] {
        let policy = BackupPolicy {
            second: Some(refused.to_path_buf()),
            keep: 2,
        };
        assert!(vault.set_backup_policy(&policy).is_err());
    }
    let policy = BackupPolicy {
        second: Some(stick.clone()),
        keep: 2,
    };
    vault.set_backup_policy(&policy).expect("is taken");
    std::fs::remove_dir(&stick).expect("pulled out");
    let report = vault.back_up().expect("is tried");
    assert_eq!(report.made.len(), 1);
    assert_eq!(
        report.failed,
        [(Destination::Second, BackupError::NoFolder)]
    );
    assert!(
        !stick.exists(),
        "a folder of that name was made on this disk"
    );
    assert_eq!(last_words(&vault, 1), ["backup-failed"]);
    let health = vault.backup_health().expect("reads");
    assert_eq!(
        health.second.expect("chosen").last_failed_ms,
        health.first.last_made_ms
    );
}

#[test]
fn a_restored_vault_goes_on_from_the_backup_and_spends_nothing_twice() {
    let desk = Desk::new();
    let (mut vault, locked, kit) = desk.create_in(strongroom_vault::PlaceChoice::Keyring);
    let (_, codes) = read_kit(&kit.path);
    edit(&mut vault, 100);
    let backup = back_up(&mut vault);
    let at_backup = vault.audit_verify(None).expect("verifies");
    edit(&mut vault, 200);
    vault
        .step_up(Presence::Recovery(&codes[0]), None)
        .expect("a recovery code");
    assert_eq!(vault.recovery_codes_left(), 9);
    let left = vault.audit_verify(None).expect("verifies");

    let fresh = step_up(&desk, &mut vault);
    let used_code = desk.code();
    let restored = vault.restore(&fresh, &backup).expect("is taken up");
    // The entry about the backup itself came after the copy was made.
    assert_eq!(restored.audit_size, at_backup.size - 1);
    assert_eq!(restored.left_behind, left.size - restored.audit_size);
    // What was left behind is a backup, which could be taken up in its turn.
    let kept = restored.kept_aside.expect("the vault was whole");
    assert!(
        vault
            .backups()
            .expect("reads")
            .iter()
            .any(|one| one.path == kept)
    );
    let drill = vault.restore_drill(&kept).expect("could be restored");
    assert_eq!(drill.audit_size, left.size);
    assert_eq!(vault.trust(), Trust::Verified);
    assert_eq!(edited(&vault), 100);
    assert_eq!(vault.recovery_codes_left(), 9);
    let entry = vault
        .audit_entries(restored.audit_size, 1)
        .expect("reads")
        .remove(0);
    assert_eq!(entry.event.word(), "restored");
    assert!(matches!(entry.detail, Detail::Roots { left: root, .. } if root == left.root));
    assert!(
        vault.step_up(Presence::Totp(&used_code), None).is_err(),
        "a step is used once"
    );
    assert!(
        vault.step_up(Presence::Recovery(&codes[0]), None).is_err(),
        "spent stays spent"
    );

    edit(&mut vault, 300);
    let both = step_up_with_password(&desk, &mut vault, PASSWORD);
    vault
        .change_password(&both, &text("another tractor sings at noon"))
        .expect("every factor is there");
    vault.lock().expect("locks");
    let databases = |desk: &Desk| {
        desk.names()
            .iter()
            .filter(|name| name.ends_with(".db"))
            .count()
    };
    assert_eq!(
        databases(&desk),
        2,
        "what was left is kept until this one has verified"
    );
    let code = desk.fresh_code();
    let vault = desk
        .unlock_with(&locked, "another tractor sings at noon", &code)
        .expect("unlocks");
    assert_eq!(vault.trust(), Trust::Verified);
    assert_eq!(edited(&vault), 300);
    assert_eq!(databases(&desk), 1);
}

#[test]
fn what_is_no_good_backup_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 100);
    let backup = back_up(&mut vault);
    edit(&mut vault, 200);
    let other = Desk::new();
    let foreign = back_up(&mut other.unlock(&used(&other)));

    let changed = |name: &str, change: &dyn Fn(&Path)| {
        let to = desk.root.path().join(name);
        copy_folder(&backup, &to);
        change(&to);
        to
    };
    let flip = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).expect("reads");
        bytes[at] ^= 1;
        std::fs::write(path, bytes).expect("writes");
    };
    let cases = [
        desk.root.path().join("nothing"),
        foreign,
        changed("no header", &|to| {
            std::fs::remove_file(to.join("vault.hdr")).expect("removed")
        }),
        changed("no database", &|to| {
            std::fs::remove_file(database(to)).expect("removed")
        }),
        changed("changed header", &|to| flip(&to.join("vault.hdr"), 60)),
        changed("changed page", &|to| flip(&database(to), 9000)),
        changed("empty database", &|to| {
            std::fs::write(database(to), []).expect("writes")
        }),
        changed("cut database", &|to| {
            let bytes = std::fs::read(database(to)).expect("reads");
            std::fs::write(database(to), &bytes[..bytes.len() - 4096]).expect("writes");
        }),
    ];
    let fresh = step_up(&desk, &mut vault);
    for case in cases {
        assert!(vault.restore_drill(&case).is_err(), "{}", case.display());
        assert!(vault.restore(&fresh, &case).is_err(), "{}", case.display());
        assert_eq!(edited(&vault), 200);
        database(&desk.folder());
    }
    // A step-up of another session is none.
    let stranger = step_up(&other, &mut other.unlock(&other.find()));
    assert!(matches!(
        vault.restore(&stranger, &backup),
        Err(RestoreError::StepUp(_))
    ));
    vault.lock().expect("locks");
    assert_eq!(edited(&desk.unlock(&locked)), 200);
}

#[test]
fn a_damaged_vault_is_restored_while_it_is_open() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 100);
    let backup = back_up(&mut vault);
    let path = database(&desk.folder());
    let old = std::fs::read(&path).expect("reads");
    edit(&mut vault, 200);
    vault.lock().expect("locks");
    let mut bytes = std::fs::read(&path).expect("reads");
    // One page that differs is put back; not the first, which opens the file, nor the record's.
    let index = (3..old.len() / 4096)
        .find(|index| old[index * 4096..][..4096] != bytes[index * 4096..][..4096])
        .expect("a page that changed");
    bytes[index * 4096..][..4096].copy_from_slice(&old[index * 4096..][..4096]);
    std::fs::write(&path, &bytes).expect("writes");
    let mut vault = try_unlock(&desk, &locked).expect("opens");
    assert_eq!(vault.trust(), Trust::Broken);
    let fresh = step_up(&desk, &mut vault);
    vault.restore(&fresh, &backup).expect("is taken up");
    assert_eq!((vault.trust(), edited(&vault)), (Trust::Verified, 100));
    edit(&mut vault, 300);
    vault.lock().expect("locks");
    assert_eq!(edited(&desk.unlock(&locked)), 300);
}

#[test]
fn a_vault_that_does_not_open_gets_a_backup_in_its_place_and_raises_the_alarm() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 100);
    let backup = back_up(&mut vault);
    edit(&mut vault, 200);
    vault.lock().expect("locks");
    std::fs::write(database(&desk.folder()), []).expect("writes");
    assert!(try_unlock(&desk, &locked).is_err());

    let aside = locked
        .put_backup_in_place(&backup, HeaderChoice::Present)
        .expect("is put");
    assert_eq!(std::fs::metadata(database(&aside)).expect("kept").len(), 0);
    let mut vault = try_unlock(&desk, &locked).expect("opens");
    assert_eq!(vault.trust(), Trust::RolledBack);
    assert!(
        aside.exists(),
        "nothing goes before the restored one has verified"
    );
    let fresh = step_up(&desk, &mut vault);
    desk.put_file(".restoring.db", b"left by a restore that was killed");
    vault
        .acknowledge_rollback(&fresh)
        .expect("with a fresh code");
    assert_eq!(edited(&vault), 100);
    assert!(!desk.names().contains(&".restoring.db".to_owned()));
    assert!(aside.exists(), "nothing goes before there is a backup");
    let later = back_up(&mut vault);
    assert!(!aside.exists());
    std::fs::remove_dir_all(later).expect("removed");
    vault.lock().expect("locks");
    drop(locked);

    // With neither header nor database, the folder's lock is all there is.
    for name in desk.names().iter().filter(|name| name.starts_with("vault")) {
        std::fs::remove_file(desk.folder().join(name)).expect("removed");
    }
    let now_ms = strongroom_vault::ports::Clock::utc_ms(&*desk.clock);
    assert_eq!(
        put_in_place(&desk.folder(), &backup, HeaderChoice::Present, now_ms),
        Err(RestoreError::HeaderInDoubt)
    );
    put_in_place(&desk.folder(), &backup, HeaderChoice::OfBackup, now_ms).expect("is put");
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );
    // On a machine that has seen nothing it is simply the vault, with the device secret or the kit.
    desk.keyring.forget(Purpose::Anchor);
    assert_eq!(edited(&desk.unlock(&desk.find())), 100);
}

#[test]
fn a_backup_under_an_older_vault_key_asks_for_its_own_header() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let backup = back_up(&mut vault);
    let both = step_up_with_password(&desk, &mut vault, PASSWORD);
    vault
        .rotate_vault_key(&both, &desk.root.path().join("kit-2.txt"))
        .expect("rotates");
    let fresh = step_up(&desk, &mut vault);
    assert_eq!(vault.restore(&fresh, &backup), Err(RestoreError::OlderKey));
    let newer = back_up(&mut vault);
    vault
        .restore_drill(&newer)
        .expect("opens under the new key");
    drop(vault);
    assert_eq!(
        locked.put_backup_in_place(&backup, HeaderChoice::Present),
        Err(RestoreError::OlderKey)
    );
}

#[test]
fn only_a_verified_vault_is_backed_up() {
    let desk = Desk::new();
    let locked = used(&desk);
    let code = desk.fresh_code();
    let mut vault = locked
        .unlock(&text(PASSWORD), Presence::Totp(&code))
        .expect("unlocks");
    assert_eq!(vault.back_up(), Err(BackupError::NotVerified));
}

#[test]
fn a_restore_under_the_alarm_of_an_older_header_ends_it() {
    let desk = Desk::new();
    let locked = used(&desk);
    let old = desk.file("vault.hdr");
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 100);
    let backup = back_up(&mut vault);
    vault.lock().expect("locks");
    let newer = desk.file("vault.hdr");
    desk.put_file("vault.hdr", &old);
    let mut vault = try_unlock(&desk, &locked).expect("opens");
    assert_eq!(vault.trust(), Trust::RolledBack);
    let fresh = step_up(&desk, &mut vault);
    vault.restore(&fresh, &backup).expect("is taken up");
    vault.lock().expect("locks");
    assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::Verified));
    // The header that was seen before is now the older one, and names a database that is gone.
    desk.put_file("vault.hdr", &newer);
    assert_ne!(trust_at_unlock(&desk, &locked), Some(Trust::Verified));
}

#[test]
fn a_clock_that_was_far_ahead_costs_no_backup() {
    let desk = Desk::new();
    let mut vault = desk.unlock(&used(&desk));
    let policy = BackupPolicy {
        second: None,
        keep: 2,
    };
    vault.set_backup_policy(&policy).expect("is taken");
    let right = back_up(&mut vault);
    desk.clock.pass(1000 * DAY_MS);
    let ahead = back_up(&mut vault);
    desk.clock.set_back(1000 * DAY_MS - 60_000);
    assert!(vault.backup_is_due().expect("reads"));
    assert!(vault.backup_health().expect("reads").stale);
    let now = back_up(&mut vault);
    assert!(now.exists() && right.exists());
    assert!(!ahead.exists(), "what is from the future counts as old");
    assert!(!vault.backup_is_due().expect("reads"));
    assert!(!vault.backup_health().expect("reads").stale);
    desk.clock.pass(60_000);
    let next = back_up(&mut vault);
    assert!(next.exists() && now.exists() && !right.exists());
}
