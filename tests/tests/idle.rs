//! An agent that nobody asks sleeps: nothing wakes it but the next reminder, the auto-lock clock
//! and what comes from outside. The program as it is released, in the machine's own time: one with
//! the clock of the tests looks at that again and again.

use strongroom_tests::{Agent, Logind, Parts, Sandbox, Vault, falls_asleep};

/// `None` without `make test`, which builds the release; the run that counts has one.
fn released(sandbox: &Sandbox) -> Option<Agent> {
    let agent = Agent::start_released(sandbox);
    assert!(
        agent.is_some() || std::env::var_os("STRONGROOM_BIN").is_none(),
        "no release build was handed over"
    );
    agent
}

#[track_caller]
fn assert_asleep(agent: &Agent, when: &str) {
    if let Err(moved) = falls_asleep(agent.pid()) {
        panic!("{when}, the agent keeps waking up:\n{moved}");
    }
}

#[test]
fn nothing_wakes_an_idle_agent_open_or_locked() {
    let sandbox = Sandbox::in_real_time(Parts::Keyring);
    let _logind = Logind::start(&sandbox);
    let Some(agent) = released(&sandbox) else {
        return;
    };
    let vault = Vault::create(&sandbox);
    vault.run(&["list"]).ok();
    assert_asleep(&agent, "with an open vault");
    vault.run(&["lock"]).ok();
    assert_asleep(&agent, "with a locked vault");
}

#[test]
fn nothing_wakes_it_where_no_bus_answers() {
    let sandbox = Sandbox::in_real_time(Parts::Bare);
    let Some(agent) = released(&sandbox) else {
        return;
    };
    let folder = sandbox.root().join("data/vault");
    let vault = Vault::create_in(&sandbox, &folder, &["--device-secret", "file"]);
    assert_asleep(&agent, "without a bus, with an open vault");
    vault.run(&["lock"]).ok();
    assert_asleep(&agent, "without a bus, with a locked vault");
}
