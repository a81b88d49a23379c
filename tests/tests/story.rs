//! The main job from the beginning to the end, as a person or a script does it on the command line.

use strongroom_tests::{Canary, Contents, Deadline, Parts, Sandbox, Vault, wait_for};

#[test]
fn from_an_empty_home_to_keys_that_are_listed_copied_revealed_and_locked_away() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = Vault::create(&sandbox);
    let secret = Canary::make();
    vault
        .add_with("binance-grid", "0123456789abcdef0123", secret.text())
        .answer()
        .ok();
    vault
        .add("binance-tax")
        .argument("--tag")
        .argument("tax")
        .answer()
        .ok();

    let listed = Contents::keys_of(&vault.run(&["list"]).json());
    assert_eq!(
        listed.keys().collect::<Vec<_>>(),
        ["binance-grid", "binance-tax"]
    );
    let filtered = Contents::keys_of(&vault.run(&["list", "--tag", "tax"]).json());
    assert_eq!(filtered.keys().collect::<Vec<_>>(), ["binance-tax"]);

    let shown = vault.run(&["show", "binance-grid"]);
    assert_eq!(shown.json()["row"]["label"], "binance-grid");
    assert!(!shown.stdout.contains(secret.text()), "show gave a secret");
    for words in [
        &["list"][..],
        &["show", "binance-grid"],
        &["history", "binance-grid"],
    ] {
        let answer = vault.bare_call(words).answer();
        assert!(
            answer.ok().stdout.contains("binance-grid"),
            "{words:?}: {}",
            answer.stdout
        );
        assert!(!answer.stdout.contains(secret.text()));
    }

    let without_code = vault.call(&["reveal", "binance-grid"]).answer();
    assert_ne!(without_code.code, 0, "a secret left without a code");
    let revealed = vault.call(&["reveal", "binance-grid"]).with_code().answer();
    assert!(revealed.ok().stdout.contains(secret.text()));

    vault
        .call(&["copy", "binance-grid", "--field", "secret"])
        .with_code()
        .answer()
        .ok();
    wait_for("the copied secret", Deadline::Short, || {
        (sandbox.clipboard().as_deref() == Some(secret.text())).then_some(())
    });
    sandbox.clock().advance_seconds(21);
    wait_for("the clipboard to be cleared", Deadline::Short, || {
        (sandbox.clipboard().as_deref() != Some(secret.text())).then_some(())
    });

    vault.run(&["lock"]).ok();
    vault.run(&["list"]).refused(4);
    vault
        .call(&["reveal", "binance-grid"])
        .with_code()
        .answer()
        .refused(4);
    vault
        .call(&["unlock"])
        .with_password()
        .through("--totp-fd", "000000")
        .answer()
        .refused(5);
    vault.unlock().ok();
    assert_eq!(Contents::keys_of(&vault.run(&["list"]).json()), listed);
    vault.run(&["audit", "verify"]).ok();
}

#[test]
fn a_key_is_put_away_and_taken_back_and_its_secret_can_be_destroyed() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let secret = Canary::make();
    vault
        .add_with("old", "0123456789abcdef0123", secret.text())
        .answer()
        .ok();
    let labels = || {
        Contents::keys_of(&vault.run(&["list"]).json())
            .into_keys()
            .collect::<Vec<_>>()
    };
    vault.run(&["archive", "old"]).ok();
    assert_eq!(labels(), Vec::<String>::new());
    vault.run(&["restore", "old"]).ok();
    assert_eq!(labels(), ["old"]);

    vault
        .call(&["purge", "old", "--whole-key", "--yes"])
        .with_code()
        .answer()
        .ok();
    let gone = vault.call(&["reveal", "old"]).with_code().answer();
    assert_ne!(
        gone.code, 0,
        "a destroyed secret was revealed: {}",
        gone.stdout
    );
    assert!(!gone.stdout.contains(secret.text()));
}

#[test]
fn a_new_password_opens_and_the_old_one_does_not() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Vault::create(&sandbox);
    vault
        .change_password("eleven copper kettles, dented")
        .answer()
        .ok();
    vault.run(&["lock"]).ok();
    vault.unlock().refused(5);
    vault.password = "eleven copper kettles, dented".to_owned();
    vault.unlock().ok();
}

#[test]
fn a_backup_brings_back_what_was_deleted_since() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.add("kept").answer().ok();
    let done = vault.run(&["backup"]).json();
    let path = done["written"][0]["path"]
        .as_str()
        .expect("a backup has a path")
        .to_owned();
    vault.add("later").answer().ok();
    vault.restore(path.as_ref(), &vault.password).answer().ok();
    if vault.run(&["status"]).json()["state"] == "locked" {
        vault.unlock().ok();
    }
    let labels: Vec<_> = Contents::keys_of(&vault.run(&["list"]).json())
        .into_keys()
        .collect();
    assert_eq!(labels, ["kept"]);
    vault.run(&["audit", "verify"]).ok();
}

#[test]
fn new_vault_keys_keep_what_is_recorded() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.add("kept").answer().ok();
    vault
        .rotate_vault_key(&sandbox.home().join("new-kit.txt"))
        .answer()
        .ok();
    vault.run(&["agent", "stop"]).ok();
    vault.unlock().ok();
    let labels: Vec<_> = Contents::keys_of(&vault.run(&["list"]).json())
        .into_keys()
        .collect();
    assert_eq!(labels, ["kept"]);
    vault.run(&["audit", "verify"]).ok();
}

#[test]
fn names_are_printed_without_what_could_steer_a_terminal() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let answer = vault.add("evil\u{1b}[31m\u{202e}name").answer();
    if answer.code == 0 {
        let listed = vault.bare_call(&["list"]).answer();
        assert!(!listed.stdout.contains('\u{1b}') && !listed.stdout.contains('\u{202e}'));
    } else {
        answer.refused(2);
    }
}

#[test]
fn secrets_are_not_taken_as_arguments() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let refused = vault
        .call(&["add", "x", "--secret", "hunter2hunter2"])
        .answer();
    refused.refused(2);
    assert!(
        !refused.stderr.contains("hunter2"),
        "a refused argument was repeated"
    );
}
