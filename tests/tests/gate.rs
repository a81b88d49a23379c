//! What opens a vault and what does not: password, device secret, code; replay, clock and throttle.

use serde_json::Value;
use strongroom_tests::{Agent, Parts, Sandbox, Vault};

fn state(vault: &Vault<'_>) -> Value {
    vault.run(&["status"]).json()["state"].clone()
}

/// The fault that a refused command prints as JSON.
fn fault(stderr: &str) -> Value {
    let line = stderr.lines().find(|line| line.starts_with('{'));
    let line = line.unwrap_or_else(|| panic!("no fault in {stderr:?}"));
    serde_json::from_str::<Value>(line).expect("a fault is JSON")["error"].clone()
}

#[test]
fn wrong_code_and_wrong_password_are_one_refusal_and_the_right_ones_open() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    assert_eq!(state(&vault), "unlocked");
    vault.run(&["lock"]).ok();
    assert_eq!(state(&vault), "locked");

    let code = vault.fresh_code();
    let wrong_code = if code == "000000" { "000001" } else { "000000" };
    let by_code = vault
        .call(&["unlock"])
        .with_password()
        .through("--totp-fd", wrong_code)
        .answer();
    by_code.refused(5);
    let by_password = vault
        .call(&["unlock"])
        .through("--password-fd", "seventeen brass hinges, rusty")
        .through("--totp-fd", &code)
        .answer();
    by_password.refused(5);
    assert_eq!(fault(&by_code.stderr), fault(&by_password.stderr));
    assert_eq!(state(&vault), "locked");

    let opened = vault.unlock().json();
    assert_eq!(opened["failed_tries"], 2, "{opened}");
    assert_eq!(state(&vault), "unlocked");
}

#[test]
fn a_code_opens_once() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.run(&["lock"]).ok();
    let code = vault.fresh_code();
    let unlock = || {
        vault
            .call(&["unlock"])
            .with_password()
            .through("--totp-fd", &code)
            .answer()
    };
    unlock().ok();
    vault.run(&["lock"]).ok();
    unlock().refused(5);
    assert_eq!(state(&vault), "locked");
    vault.unlock().ok();

    vault.add("watched").answer().ok();
    let code = vault.fresh_code();
    let reveal = || {
        vault
            .call(&["reveal", "watched"])
            .through("--totp-fd", &code)
            .answer()
    };
    reveal().ok();
    let again = reveal();
    again.refused(5);
    assert_eq!(fault(&again.stderr)["code"], "code-replayed");
}

#[test]
fn a_clock_that_moved_back_is_told_apart_and_a_recovery_code_is_asked_for() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_ms(-3_600_000);
    let code = vault.phone.code_at(sandbox.clock().now_ms());
    let refused = vault
        .call(&["unlock"])
        .with_password()
        .through("--totp-fd", &code)
        .answer();
    refused.refused(7);
    assert_eq!(fault(&refused.stderr)["code"], "clock-moved-back");
}

#[test]
fn after_three_free_tries_each_one_has_to_wait_even_across_a_restart() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.run(&["lock"]).ok();
    let try_wrong = || {
        vault
            .call(&["unlock"])
            .through("--password-fd", "not the password of it")
            .through("--totp-fd", "123456")
            .answer()
    };
    for _ in 0..3 {
        try_wrong().refused(5);
    }
    let mut waited = 0;
    for _ in 0..4 {
        let answer = try_wrong();
        if answer.code == 6 {
            let wait = fault(&answer.stderr)["retry_after_ms"]
                .as_i64()
                .expect("it says how long");
            assert!(wait > 0);
            waited += 1;
            // The agent forgets nothing when it is killed.
            vault.run(&["agent", "stop"]).ok();
            try_wrong().refused(6);
            sandbox.clock().advance_ms(wait);
        } else {
            answer.refused(5);
        }
    }
    assert!(waited > 0, "seven wrong tries went through without a wait");
    sandbox.clock().advance_seconds(900);
    vault.unlock().ok();
}

#[test]
fn without_its_device_secret_a_vault_stays_closed_and_says_why() {
    let mut sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.run(&["agent", "stop"]).ok();
    sandbox.lock_keyring();
    let refused = vault.unlock();
    refused.refused(7);
    assert_eq!(fault(&refused.stderr)["code"], "no-device-secret");
    assert_eq!(
        vault.run(&["status"]).json()["device_secret"],
        "keyring-locked"
    );

    let known = vault.forget_sandbox();
    sandbox.end_keyring();
    let vault = known.in_sandbox(&sandbox);
    vault.run(&["agent", "stop"]).ok();
    let refused = vault.unlock();
    refused.refused(7);
    assert_eq!(vault.run(&["status"]).json()["device_secret"], "no-keyring");
}

#[test]
fn where_no_keyring_answers_a_vault_is_made_only_with_a_device_secret_file_chosen_in_words() {
    let sandbox = Sandbox::with(Parts::Bare);
    let refused = Vault::try_create(&sandbox, &[]);
    refused.refused(7);
    assert!(
        !sandbox.root().join("data/vault/vault.hdr").exists(),
        "half a vault was left"
    );

    let vault = Vault::create_in(
        &sandbox,
        &sandbox.root().join("data/vault"),
        &["--device-secret", "file"],
    );
    vault.run(&["lock"]).ok();
    vault.unlock().ok();
    assert_eq!(vault.run(&["status"]).json()["place"], "file");
}

#[test]
fn the_agent_serves_its_own_user_alone_and_ends_when_told() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    assert_eq!(vault.run(&["status"]).json()["agent_pid"], agent.pid());
    let mode = |path: &str| {
        let found = std::fs::metadata(sandbox.root().join("run/strongroom").join(path));
        std::os::unix::fs::MetadataExt::mode(&found.expect("it is there")) & 0o777
    };
    assert_eq!((mode("."), mode("agent.sock")), (0o700, 0o600));
    vault.run(&["agent", "stop"]).ok();
    assert!(agent.process().wait().success());
    assert_eq!(state(&vault), "locked");
}
