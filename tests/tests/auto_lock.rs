//! The vault closes by itself: when the machine goes to sleep, the screen is locked, or nobody
//! comes back.

use strongroom_tests::{Agent, Deadline, Logind, Parts, Sandbox, Vault, look_for, wait_for};

fn is_locked(vault: &Vault<'_>) -> bool {
    vault.run(&["status"]).json()["state"] == "locked"
}

#[track_caller]
fn locks(vault: &Vault<'_>, why: &str) {
    let locked = look_for(Deadline::Short, || is_locked(vault).then_some(()));
    if locked.is_none() {
        let now = vault.sandbox().clock().now_ms();
        panic!(
            "after {why}, at {now}, it is open: {}",
            vault.run(&["status"]).stdout
        );
    }
}

/// Whether the self-test says that the agent listens to logind.
fn listens(vault: &Vault<'_>) -> bool {
    let checks = vault.run(&["agent", "self-test"]).json();
    let lines = checks["checks"]
        .as_array()
        .expect("the self-test has lines");
    lines
        .iter()
        .any(|line| line["name"] == "lock-on-suspend" && line["works"] == true)
}

#[test]
fn it_locks_on_suspend_and_on_screen_lock() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let logind = Logind::start(&sandbox);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    wait_for("the agent to listen", Deadline::Short, || {
        listens(&vault).then_some(())
    });

    logind.suspend(&sandbox);
    locks(&vault, "suspend");
    logind.resume(&sandbox);
    vault.unlock().ok();

    logind.lock_screen(&sandbox);
    locks(&vault, "screen lock");
}

#[test]
fn without_logind_it_says_so() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    assert!(!listens(&vault), "there is no logind here");
}

#[test]
fn it_locks_when_nobody_comes_back_and_every_act_counts_as_coming_back() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault
        .run(&["settings", "set", "auto-lock-minutes", "10"])
        .ok();
    sandbox.clock().advance_seconds(9 * 60);
    vault.run(&["list"]).ok();
    sandbox.clock().advance_seconds(9 * 60);
    assert!(!is_locked(&vault), "it locked although somebody was there");
    sandbox.clock().advance_seconds(11 * 60);
    locks(&vault, "ten idle minutes");
}
