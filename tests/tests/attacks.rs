//! Somebody who can write the files puts older ones back, empties one or takes one away. The
//! enrolled device notices, says so, and hands out and writes nothing until a person has decided.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use strongroom_tests::{Answer, Parts, Sandbox, Vault};

/// The files of the vault with the bytes they had.
struct Copy(Vec<(PathBuf, Vec<u8>)>);

impl Copy {
    fn of(folder: &Path) -> Self {
        let files = std::fs::read_dir(folder)
            .expect("the vault is there")
            .flatten();
        let files = files.map(|file| file.path()).filter(|path| path.is_file());
        Self(
            files
                .map(|path| (path.clone(), std::fs::read(path).expect("root may")))
                .collect(),
        )
    }

    /// Puts back what `wanted` says, as the file's owner.
    fn put_back(&self, sandbox: &Sandbox, wanted: impl Fn(&str) -> bool) {
        for (path, bytes) in &self.0 {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .expect("our names are text");
            if wanted(name) {
                std::fs::write(path, bytes).expect("the folder is writable");
                sandbox.account().own(path);
            }
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("ours");
}

fn is_database(name: &str) -> bool {
    name.starts_with("vault-") && name.ends_with(".db")
}

/// A vault that moved on after a copy of its files was taken, with nothing running.
fn moved_on(sandbox: &Sandbox) -> (Vault<'_>, Copy) {
    let vault = Vault::create(sandbox);
    vault.add("first").answer().ok();
    vault.run(&["agent", "stop"]).ok();
    let copy = Copy::of(vault.folder());
    vault.unlock().ok();
    vault.add("second").answer().ok();
    vault.run(&["agent", "stop"]).ok();
    (vault, copy)
}

/// Either the vault does not open at all, or it opens with an alarm and takes no change.
#[track_caller]
fn noticed(vault: &Vault<'_>, unlock: &Answer) {
    if unlock.code != 0 {
        unlock.refused(8);
        return;
    }
    assert_ne!(
        unlock.json()["rollback_alarm"],
        Value::Null,
        "a first list left without an alarm: {}",
        unlock.stdout
    );
    // A write waits for the whole verification, and is refused then.
    vault.add("third").answer().refused(8);
    let status = vault.run(&["status"]).json();
    assert_eq!(status["state"], "read-only", "{status}");
    vault
        .call(&["reveal", "first"])
        .with_code()
        .answer()
        .refused(8);
}

#[test]
fn older_copies_of_all_files_raise_an_alarm() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, copy) = moved_on(&sandbox);
    copy.put_back(&sandbox, |_| true);
    let unlock = vault.unlock();
    noticed(&vault, &unlock);
}

#[test]
fn an_older_database_under_the_present_header_raises_an_alarm() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, copy) = moved_on(&sandbox);
    copy.put_back(&sandbox, is_database);
    let unlock = vault.unlock();
    noticed(&vault, &unlock);
}

#[test]
fn an_older_header_over_the_present_database_raises_an_alarm() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, copy) = moved_on(&sandbox);
    copy.put_back(&sandbox, |name| name == "vault.hdr");
    let unlock = vault.unlock();
    noticed(&vault, &unlock);
}

#[test]
fn an_emptied_or_missing_database_is_not_opened_as_an_empty_vault() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, copy) = moved_on(&sandbox);
    let (path, bytes) = copy
        .0
        .iter()
        .find(|(path, _)| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(is_database)
        })
        .expect("a vault has a database");
    assert!(bytes.len() > 4096);
    std::fs::write(path, b"").expect("the folder is writable");
    assert_ne!(vault.unlock().code, 0, "an emptied database was opened");
    std::fs::remove_file(path).expect("the folder is writable");
    assert_ne!(vault.unlock().code, 0, "a missing database was made anew");
    assert!(!path.exists(), "a missing database was made anew");
}

#[test]
fn a_copied_folder_opens_nothing_on_a_machine_without_its_device_secret() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let other = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.add("first").answer().ok();
    vault.run(&["agent", "stop"]).ok();
    let folder = other.make_folder("data/vault");
    for (path, bytes) in Copy::of(vault.folder()).0 {
        let to = folder.join(path.file_name().expect("a file has a name"));
        std::fs::write(&to, bytes).expect("the folder is writable");
        set_mode(&to, 0o600);
        other.account().own(&to);
    }
    other.clock().set(sandbox.clock().now_ms());
    let stolen = vault.forget_sandbox().moved_to(&other, &folder);
    stolen.unlock().refused(7);
}
