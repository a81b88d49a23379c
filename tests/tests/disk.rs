//! A full disk, a read-only folder, a disk that fails: a clear refusal, the vault as it was, and
//! unlocking and reminding go on.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use strongroom_tests::{Agent, Contents, Parts, Sandbox, Shim, SmallDisk, Vault};

fn labels(vault: &Vault<'_>) -> Vec<String> {
    Contents::keys_of(&vault.run(&["list"]).json())
        .into_keys()
        .collect()
}

fn set_mode(folder: &Path, mode: u32) {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).expect("ours");
}

#[test]
fn a_full_disk_refuses_a_write_and_the_vault_still_opens() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let Some(disk) = SmallDisk::mount(&sandbox, 16 * 1024) else {
        return;
    };
    let vault = Vault::create_in(&sandbox, &disk.folder().join("vault"), &[]);
    vault.add("first").answer().ok();
    disk.fill_but(0);

    let mut refused = 0;
    for number in 0..40 {
        let answer = vault.add(&format!("late-{number}")).answer();
        if answer.code != 0 {
            answer.refused(12);
            refused += 1;
            break;
        }
    }
    assert_eq!(refused, 1, "forty keys went onto a full disk");
    let before = labels(&vault);

    vault.run(&["lock"]).ok();
    vault.unlock().ok();
    assert_eq!(
        labels(&vault),
        before,
        "what was there is not there any more"
    );
    vault.run(&["agent", "stop"]).ok();
    vault.unlock().ok();
    assert_eq!(labels(&vault), before);

    disk.free();
    vault.add("afterwards").answer().ok();
    vault.run(&["audit", "verify"]).ok();
    vault.run(&["agent", "stop"]).ok();
}

#[test]
fn a_read_only_folder_refuses_what_it_must_write_in_words_and_keeps_the_vault() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Vault::create(&sandbox);
    vault.add("first").answer().ok();
    set_mode(vault.folder(), 0o500);
    // A new header is a new file, which the folder does not take.
    vault
        .change_password("eleven copper kettles, dented")
        .answer()
        .refused(12);
    vault.run(&["agent", "stop"]).ok();
    let unlock = vault.unlock();
    if unlock.code == 0 {
        vault.add("second").answer().refused(12);
    } else {
        unlock.refused(12);
    }
    vault.run(&["agent", "stop"]).ok();

    set_mode(vault.folder(), 0o700);
    vault.unlock().ok();
    assert_eq!(labels(&vault), ["first"]);
    vault.add("second").answer().ok();
    vault
        .change_password("eleven copper kettles, dented")
        .answer()
        .ok();
    vault.password = "eleven copper kettles, dented".to_owned();
    vault.run(&["lock"]).ok();
    vault.unlock().ok();
    assert_eq!(labels(&vault), ["first", "second"]);
}

#[test]
fn a_disk_that_fails_in_the_middle_of_a_write_leaves_the_vault_as_it_was() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let shim = Shim::build(&sandbox);
    let agent = Agent::start_with(&sandbox, |command| shim.preload(command));
    let vault = Vault::create(&sandbox);
    vault.add("first").answer().ok();
    let mut kept = vec!["first".to_owned()];
    for allowed in 0..12 {
        let label = format!("try-{allowed:02}");
        shim.arm_after(allowed);
        let answer = vault.add(&label).answer();
        shim.disarm();
        if answer.code == 0 {
            kept.push(label);
        } else {
            assert!(!answer.stderr.trim().is_empty(), "refused without a word");
        }
        let state = vault.run(&["status"]).json()["state"].clone();
        if state == "locked" {
            vault.unlock().ok();
        }
        let found = labels(&vault);
        // A write whose last sync failed is not acknowledged, and may be there all the same.
        assert!(
            found == kept || found.iter().filter(|label| !kept.contains(label)).count() == 1,
            "after {allowed} writes: {found:?}, acknowledged were {kept:?}"
        );
        kept = found;
    }
    assert!(
        kept.len() < 13,
        "no write was refused: the shim does not reach the agent"
    );
    agent.kill();
    vault.unlock().ok();
    assert_eq!(labels(&vault), kept);
    vault.run(&["audit", "verify"]).ok();
}
