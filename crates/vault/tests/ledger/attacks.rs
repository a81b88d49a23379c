//! What somebody who can write the vault folder, or the keyring, may try.

use strongroom_vault::ports::Purpose;
use strongroom_vault::{
    AcknowledgeError, CommitError, DeviceSecretAbsent, SettingRefused, Trust, UnlockError,
};

use crate::desk::{Desk, Mood, PASSWORD};
use crate::support::{
    database, edit, edited, put_back, snapshot, step_up, trust_at_unlock, try_unlock, used,
};

const PAGE: usize = 4096;

fn refused_write(outcome: Result<strongroom_vault::Settings, SettingRefused>, by: CommitError) {
    assert_eq!(outcome.expect_err("is refused"), SettingRefused::Commit(by));
}

#[test]
fn nothing_is_written_and_nothing_but_the_list_leaves_before_all_is_verified() {
    let desk = Desk::new();
    let locked = used(&desk);
    let before = std::fs::read(database(&desk.folder())).expect("reads");
    let code = desk.fresh_code();
    let presence = strongroom_vault::Presence::Totp(&code);
    let mut vault = locked
        .unlock(&crate::desk::text(PASSWORD), presence)
        .expect("unlocks");
    assert_eq!(vault.trust(), Trust::ListOnly);
    refused_write(
        vault.set_setting("auto-lock-minutes", "5"),
        CommitError::NotYetVerified,
    );
    assert!(vault.audit_entries(0, 1).is_err());
    assert!(vault.back_up().is_err());
    assert_eq!(
        std::fs::read(database(&desk.folder())).expect("reads"),
        before
    );
    vault.verify_fully().expect("reads");
    assert_eq!(vault.trust(), Trust::Verified);
    edit(&mut vault, 5);
}

#[test]
fn every_older_page_is_noticed() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    let path = database(&desk.folder());
    let old = std::fs::read(&path).expect("reads");
    edit(&mut vault, 77);
    vault.lock().expect("locks");
    let new = std::fs::read(&path).expect("reads");
    let changed: Vec<usize> = (0..old.len() / PAGE)
        .filter(|index| old[index * PAGE..][..PAGE] != new[index * PAGE..][..PAGE])
        .collect();
    assert!(changed.len() >= 3, "{} pages changed", changed.len());
    for index in changed {
        let mut mixed = new.clone();
        mixed[index * PAGE..][..PAGE].copy_from_slice(&old[index * PAGE..][..PAGE]);
        std::fs::write(&path, &mixed).expect("writes");
        match try_unlock(&desk, &locked) {
            Err(UnlockError::State(_) | UnlockError::Database(_)) => {}
            Err(other) => panic!("page {index}: {other:?}"),
            Ok(mut vault) => {
                assert_eq!(vault.trust(), Trust::Broken, "page {index}");
                refused_write(
                    vault.set_setting("auto-lock-minutes", "5"),
                    CommitError::Broken,
                );
                assert!(vault.keys().is_err(), "the list is withdrawn");
                assert!(vault.audit_entries(0, 1).is_err());
            }
        }
    }
    std::fs::write(&path, &new).expect("writes");
    assert_eq!(edited(&desk.unlock(&locked)), 77);
}

#[test]
fn an_older_database_raises_the_alarm_until_it_is_acknowledged() {
    let desk = Desk::new();
    let locked = used(&desk);
    let path = database(&desk.folder());
    let old = std::fs::read(&path).expect("reads");
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 77);
    vault.lock().expect("locks");
    std::fs::write(&path, &old).expect("writes");

    // Locking and unlocking again does not make it go away.
    for _ in 0..2 {
        assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::RolledBack));
    }
    let mut vault = try_unlock(&desk, &locked).expect("opens to be looked at");
    assert_eq!(edited(&vault), 10);
    refused_write(
        vault.set_setting("auto-lock-minutes", "5"),
        CommitError::RolledBack,
    );
    let size = vault.audit_size();
    let step_up = step_up(&desk, &mut vault);
    vault
        .acknowledge_rollback(&step_up)
        .expect("with a fresh code");
    assert_eq!(
        vault.acknowledge_rollback(&step_up),
        Err(AcknowledgeError::NoAlarm)
    );
    assert_eq!(vault.trust(), Trust::Verified);
    let recorded = vault.audit_entries(size, 9).expect("reads");
    let words: Vec<&str> = recorded.iter().map(|entry| entry.event.word()).collect();
    assert_eq!(words, ["alarm-acknowledged", "unlocked"]);
    edit(&mut vault, 30);
    vault.lock().expect("locks");
    assert_eq!(edited(&desk.unlock(&locked)), 30);
    // The state that was given up is now the older one.
    std::fs::write(&path, &old).expect("writes");
    assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::RolledBack));
}

#[test]
fn an_older_folder_and_an_older_header_raise_the_alarm() {
    let desk = Desk::new();
    let locked = used(&desk);
    let old = snapshot(&desk, "old");
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 77);
    vault.lock().expect("locks");
    drop(locked);
    let new = snapshot(&desk, "new");

    put_back(&desk, &old);
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );

    // The newest database beside an older header.
    put_back(&desk, &new);
    desk.put_file(
        "vault.hdr",
        &std::fs::read(old.join("vault.hdr")).expect("reads"),
    );
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );

    // The newest of all is believed again, whatever was opened in between.
    put_back(&desk, &new);
    assert_eq!(edited(&desk.unlock(&desk.find())), 77);
}

#[test]
fn a_database_that_is_missing_empty_cut_or_foreign_does_not_open() {
    let desk = Desk::new();
    let locked = used(&desk);
    let path = database(&desk.folder());
    let whole = std::fs::read(&path).expect("reads");
    let other = Desk::new();
    let foreign = {
        drop(used(&other));
        std::fs::read(database(&other.folder())).expect("reads")
    };
    let cases: [(&str, &[u8]); 4] = [
        ("empty", &[]),
        ("cut in a page", &whole[..whole.len() - 100]),
        ("another vault's", &foreign),
        ("noise", &[0x5a; 3 * PAGE]),
    ];
    for (name, bytes) in cases {
        std::fs::write(&path, bytes).expect("writes");
        match try_unlock(&desk, &locked) {
            Err(UnlockError::Database(_)) => {}
            other => panic!("{name}: {other:?}"),
        }
    }
    std::fs::write(&path, &whole[..whole.len() - PAGE]).expect("writes");
    match try_unlock(&desk, &locked) {
        Err(UnlockError::Database(_) | UnlockError::State(_)) => {}
        Ok(vault) => assert_eq!(vault.trust(), Trust::Broken),
        Err(other) => panic!("cut between pages: {other:?}"),
    }
    std::fs::remove_file(&path).expect("removed");
    assert!(matches!(
        try_unlock(&desk, &locked),
        Err(UnlockError::Database(_))
    ));
    std::fs::write(&path, &whole).expect("writes");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("set");
    desk.unlock(&locked);
}

#[test]
fn another_history_of_the_same_length_is_noticed() {
    let desk = Desk::new();
    drop(used(&desk));
    let fork = snapshot(&desk, "fork");
    let anchored = desk.keyring.items();
    let mut vault = desk.unlock(&desk.find());
    edit(&mut vault, 77);
    vault.lock().expect("locks");
    let seen = desk.keyring.items();

    // The older copy goes on its own way on a machine without memory, far past what was seen.
    put_back(&desk, &fork);
    desk.keyring.put_back(anchored);
    desk.keyring.forget(Purpose::Anchor);
    let mut vault = desk.unlock(&desk.find());
    for number in 20..40 {
        edit(&mut vault, number);
    }
    for _ in 0..9 {
        // The header, too, is far past what was seen.
        drop(step_up(&desk, &mut vault));
    }
    vault.lock().expect("locks");

    desk.keyring.put_back(seen);
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );
}

#[test]
fn an_anchor_that_was_changed_is_an_alarm_and_a_missing_one_a_new_machine() {
    let desk = Desk::new();
    let locked = used(&desk);
    let whole = desk.keyring.items();
    for broken in ["", "AAAA", "no base64 at all"] {
        desk.keyring.change(Purpose::Anchor, broken);
        assert_eq!(
            trust_at_unlock(&desk, &locked),
            Some(Trust::RolledBack),
            "{broken:?}"
        );
    }
    desk.keyring.put_back(whole);
    assert!(!desk.unlock(&locked).anchor_missing());
    desk.keyring.forget(Purpose::Anchor);
    let vault = desk.unlock(&locked);
    assert!(vault.anchor_missing());
    let last = vault.audit_entries(vault.audit_size() - 2, 2);
    let last: Vec<&str> = last
        .expect("reads")
        .iter()
        .map(|entry| entry.event.word())
        .collect();
    assert_eq!(last, ["unlocked", "anchor-missing"]);
    drop(vault);
    assert!(
        desk.keyring
            .items()
            .keys()
            .any(|(_, purpose)| *purpose == Purpose::Anchor)
    );
}

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 41);
    let due = vault.anchor_due_in_ms().expect("a commit to anchor");
    assert!(due <= 5_000);
    desk.clock.pass(5_000);
    assert_eq!(vault.anchor_due_in_ms(), Some(0));
    // Dropped: no lock, no anchor, no checkpoint. The files alone are what a kill leaves.
    drop(vault);
    let mut vault = desk.unlock(&locked);
    assert_eq!(edited(&vault), 41);
    assert_eq!(vault.anchor_due_in_ms(), None);

    // Files copied while the vault is open and between two commits are whole.
    edit(&mut vault, 42);
    let copy = snapshot(&desk, "copy");
    drop(vault);
    drop(locked);
    put_back(&desk, &copy);
    assert_eq!(edited(&desk.unlock(&desk.find())), 42);
}

#[test]
fn many_commits_reach_the_anchor_before_the_lock() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    let copy = snapshot(&desk, "copy");
    for number in 100..170 {
        edit(&mut vault, number);
    }
    drop((vault, locked));
    let database = database(&copy);
    let name = database.file_name().expect("a name");
    std::fs::copy(&database, desk.folder().join(name)).expect("copies");
    assert_eq!(
        trust_at_unlock(&desk, &desk.find()),
        Some(Trust::RolledBack)
    );
}

#[test]
fn an_anchor_that_does_not_answer_is_not_written_over() {
    let desk = Desk::new();
    let locked = used(&desk);
    let old = std::fs::read(database(&desk.folder())).expect("reads");
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 77);
    vault.lock().expect("locks");
    std::fs::write(database(&desk.folder()), &old).expect("writes");
    for mood in [Mood::Locked, Mood::Unavailable] {
        desk.keyring.hide(Some((Purpose::Anchor, mood)));
        let refused = try_unlock(&desk, &locked).expect_err("is refused");
        let silent = UnlockError::NoDeviceSecret(DeviceSecretAbsent::KeyringLocked);
        assert_eq!(refused, silent, "{mood:?}");
    }
    desk.keyring.hide(None);
    assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::RolledBack));
}

#[test]
fn a_header_older_than_the_database_is_an_alarm_without_an_anchor_too() {
    let desk = Desk::new();
    let locked = used(&desk);
    let old = desk.file("vault.hdr");
    for _ in 0..3 {
        let mut vault = desk.unlock(&locked);
        edit(&mut vault, 77);
        vault.lock().expect("locks");
    }
    desk.put_file("vault.hdr", &old);
    desk.keyring.forget(Purpose::Anchor);
    // Not even many unlocks wear the alarm out.
    for _ in 0..5 {
        assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::RolledBack));
    }
    let mut vault = try_unlock(&desk, &locked).expect("opens");
    let fresh = step_up(&desk, &mut vault);
    vault
        .acknowledge_rollback(&fresh)
        .expect("with a fresh code");
    drop(vault);
    assert_eq!(edited(&desk.unlock(&locked)), 77);
}
