//! The log: read, verified, handed out, held against a checkpoint from elsewhere.

use strongroom_vault::ports::Purpose;
use strongroom_vault::{
    AuditError, AuditExportError, Decision, Detail, ExportRefused, Trust, verify_export,
};

use crate::desk::Desk;
use crate::support::{edit, put_back, snapshot, trust_at_unlock, try_unlock, used};

#[test]
fn what_happened_is_in_the_log_in_order_and_in_pages() {
    let desk = Desk::new();
    let locked = used(&desk);
    for _ in 0..2 {
        let wrong = desk.unlock_with(&locked, "not the password at all", &desk.fresh_code());
        assert!(wrong.is_err());
    }
    let vault = desk.unlock(&locked);
    let size = vault.audit_size();
    let mut entries = Vec::new();
    while (entries.len() as u64) < size {
        let page = vault.audit_entries(entries.len() as u64, 3).expect("reads");
        assert!(!page.is_empty() && page.len() <= 3);
        entries.extend(page);
    }
    assert!(vault.audit_entries(size, 3).expect("reads").is_empty());
    for (seq, entry) in (0..).zip(&entries) {
        assert_eq!(entry.seq, seq);
        assert_eq!(entry.device_id, vault.device_id());
        assert_eq!(entry.decision, Decision::Allowed);
        assert_eq!(entry.app_version, env!("CARGO_PKG_VERSION"));
    }
    let words: Vec<&str> = entries.iter().map(|entry| entry.event.word()).collect();
    assert_eq!(words.first(), Some(&"created"));
    let tail: Vec<&str> = words.iter().rev().take(3).copied().collect();
    assert_eq!(tail, ["unlocked", "locked", "settings-changed"]);
    let unlocked = entries.last().expect("entries");
    assert_eq!(
        unlocked.detail,
        Detail::Count(2),
        "failed tries since the last unlock"
    );
    let report = vault.audit_verify(None).expect("verifies");
    assert_eq!((report.size, report.anchored), (size, size));
    assert_eq!(
        report.checkpointed,
        size - 1,
        "the checkpoint was signed at the lock"
    );
}

#[test]
fn an_exported_log_verifies_without_the_vault_and_unchanged_only() {
    let desk = Desk::new();
    let locked = used(&desk);
    let mut vault = desk.unlock(&locked);
    let mut bytes = Vec::new();
    let size = vault.audit_export(&mut bytes).expect("exports");
    let export = String::from_utf8(bytes).expect("text");
    let log = verify_export(&export).expect("verifies");
    assert_eq!(log.entries.len() as u64, size);
    assert_eq!(
        log.entries,
        vault.audit_entries(0, usize::MAX).expect("reads")
    );
    assert_eq!(
        log.verifier_key,
        vault.audit_verify(None).expect("verifies").verifier_key
    );

    let lines: Vec<&str> = export.lines().collect();
    let without = |index: usize| {
        let mut lines = lines.clone();
        lines.remove(index);
        lines.join("\n") + "\n"
    };
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(4, 5);
        lines.join("\n") + "\n"
    };
    let changed = [
        without(0),
        without(1),
        without(2),
        without(3),
        without(7),
        without(lines.len() - 1),
        swapped,
        export.replacen("settings-changed", "revealed", 1),
        export.replacen("\tallowed\t", "\tdenied\t", 1),
        export.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1),
        String::new(),
    ];
    for (index, changed) in changed.iter().enumerate() {
        assert_ne!(changed, &export, "case {index} changes nothing");
        assert!(verify_export(changed).is_err(), "case {index}");
    }
    // Another vault's key under the same entries is another signature.
    let other = Desk::new();
    let mut vault = other.unlock(&used(&other));
    let mut bytes = Vec::new();
    vault.audit_export(&mut bytes).expect("exports");
    let foreign = String::from_utf8(bytes).expect("text");
    let (ours, theirs) = (export.split_once("\n\n"), foreign.split_once("\n\n"));
    let mixed = format!(
        "{}\n\n{}",
        ours.expect("a note").0,
        theirs.expect("a note").1
    );
    assert!(matches!(verify_export(&mixed), Err(ExportRefused::Note(_))));
}

#[test]
fn a_checkpoint_held_elsewhere_shows_a_new_machine_what_it_is_given() {
    let desk = Desk::new();
    let locked = used(&desk);
    drop(locked);
    let old = snapshot(&desk, "old");
    let mut vault = desk.unlock(&desk.find());
    edit(&mut vault, 77);
    let mut bytes = Vec::new();
    vault.audit_export(&mut bytes).expect("exports");
    let export = String::from_utf8(bytes).expect("text");
    let note = export.split_once("\n\n").expect("a note").1.to_owned();
    vault.audit_verify(Some(&note)).expect("its own checkpoint");
    vault.lock().expect("locks");

    // A machine that has seen nothing believes the first state it sees ...
    put_back(&desk, &old);
    desk.keyring.forget(Purpose::Anchor);
    let mut vault = desk.unlock(&desk.find());
    // ... unless it is shown the checkpoint.
    assert_eq!(vault.audit_verify(Some(&note)), Err(AuditError::Older));
    for number in 20..30 {
        edit(&mut vault, number);
    }
    assert_eq!(
        vault.audit_verify(Some(&note)),
        Err(AuditError::OtherHistory)
    );
    assert!(matches!(
        vault.audit_verify(Some("nonsense")),
        Err(AuditError::Note(_))
    ));
}

#[test]
fn an_export_that_cannot_be_written_is_said() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let desk = Desk::new();
    let mut vault = desk.unlock(&used(&desk));
    let refused = vault.audit_export(&mut Full).expect_err("is refused");
    assert_eq!(
        refused,
        AuditExportError::File(strongroom_vault::FileError::DiskFull)
    );
}

#[test]
fn a_lock_is_recorded_whatever_the_keyring_says() {
    let desk = Desk::new();
    let locked = used(&desk);
    let vault = desk.unlock(&locked);
    let size = vault.audit_size();
    desk.keyring.is_now(crate::desk::Mood::Locked);
    assert!(vault.lock().is_err(), "the anchor could not be written");
    desk.keyring.is_now(crate::desk::Mood::Open);
    let vault = try_unlock(&desk, &locked).expect("unlocks");
    assert_eq!(vault.trust(), Trust::Verified);
    let entries = vault.audit_entries(size, 1).expect("reads");
    assert_eq!(entries[0].event.word(), "locked");
    drop(vault);
    assert_eq!(trust_at_unlock(&desk, &locked), Some(Trust::Verified));
}
