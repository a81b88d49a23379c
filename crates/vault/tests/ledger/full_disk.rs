//! A disk with no room left: a small tmpfs, so these run where one can be mounted (as root) and
//! say so where not.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use strongroom_vault::{BackupError, CommitError, SettingRefused, Trust};

use crate::desk::Desk;
use crate::support::{edit, edited, step_up, try_unlock};

/// A file system of its own, gone when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, kib: u32) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={kib}k,mode=0700"),
                "strongroom-test",
            ])
            .arg(at)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(at.to_owned())),
            _ => {
                #[expect(clippy::print_stdout, reason = "a test that did not run says so")]
                {
                    println!("skipped: no tmpfs can be mounted here");
                }
                None
            }
        }
    }

    /// Fills all but `left` bytes.
    fn fill(&self, left: u64) {
        let path = self.0.join("filler");
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .expect("opens");
        while file.write_all(&[0x33; 4096]).is_ok() {}
        let length = file.metadata().expect("metadata").len();
        file.set_len(length.saturating_sub(left)).expect("cuts");
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).expect("removed");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn on_a_full_disk_an_edit_is_refused_and_unlocking_goes_on() {
    let desk = Desk::new();
    let Some(disk) = Disk::mount(&desk.folder(), 4096) else {
        return;
    };
    let (mut vault, locked) = desk.create();
    edit(&mut vault, 20);
    vault.lock().expect("locks");
    let mut vault = desk.unlock(&locked);
    edit(&mut vault, 21);
    assert!(desk.names().contains(&"reserve".to_owned()));

    disk.fill(0);
    let refused = vault.set_setting("auto-lock-minutes", "22").map(|_| ());
    // Room inside the database and its journal may take a small change; then it must be there.
    let expected = match refused {
        Ok(()) => 22,
        Err(error) => {
            assert_eq!(error, SettingRefused::Commit(CommitError::DiskFull));
            21
        }
    };
    assert_eq!(edited(&vault), expected);
    let report = vault.back_up().expect("is told");
    assert_eq!((report.made.len(), report.failed.len()), (0, 1));
    drop(vault);
    // The journal went with the process; unlocking needs it again, and a header.
    disk.fill(0);
    let mut vault = try_unlock(&desk, &locked).expect("unlocks on a full disk");
    assert_eq!(vault.trust(), Trust::Verified, "the unlock was recorded");
    assert_eq!(edited(&vault), expected);
    drop(step_up(&desk, &mut vault));
    vault.lock().expect("the lock is recorded");

    disk.free();
    let mut vault = desk.unlock(&locked);
    assert!(
        desk.names().contains(&"reserve".to_owned()),
        "the reserve is put back"
    );
    edit(&mut vault, 23);
    vault.lock().expect("locks");
    assert_eq!(edited(&desk.unlock(&locked)), 23);
}

#[test]
fn a_disk_that_fills_up_in_the_middle_of_edits_loses_none_that_was_acknowledged() {
    let desk = Desk::new();
    let Some(disk) = Disk::mount(&desk.folder(), 4096) else {
        return;
    };
    let (mut vault, locked) = desk.create();
    let mut acknowledged = 1;
    edit(&mut vault, acknowledged);
    for left in [0, 1024, 4096, 8192, 16_384, 40_960] {
        disk.fill(left);
        for number in 2..1000 {
            // Leaves of the log make the file grow until nothing fits any more.
            let number = acknowledged + number;
            match vault.set_setting("auto-lock-minutes", &(number % 1400 + 1).to_string()) {
                Ok(settings) => acknowledged = settings.auto_lock_minutes,
                Err(error) => {
                    assert_eq!(error, SettingRefused::Commit(CommitError::DiskFull));
                    break;
                }
            }
        }
        assert_eq!(edited(&vault), acknowledged, "{left} bytes left");
        disk.free();
        edit(&mut vault, 7);
        acknowledged = 7;
    }
    vault.lock().expect("locks");
    assert_eq!(edited(&desk.unlock(&locked)), 7);
}

#[test]
fn a_backup_without_room_is_refused_and_the_older_ones_stay() {
    let desk = Desk::new();
    let Some(disk) = Disk::mount(&desk.folder(), 16_384) else {
        return;
    };
    let (mut vault, _locked) = desk.create();
    assert_eq!(vault.back_up().expect("is tried").made.len(), 1);
    disk.fill(2 * 1024 * 1024);
    let report = vault.back_up().expect("is tried");
    assert_eq!(report.made, []);
    assert!(
        matches!(report.failed[..], [(_, BackupError::DiskShort { .. })]),
        "{report:?}"
    );
    assert_eq!(vault.backups().expect("reads").len(), 1);
    let entries = vault
        .audit_entries(vault.audit_size() - 1, 1)
        .expect("reads");
    assert_eq!(entries[0].event.word(), "backup-failed");
}
