//! Planted secrets are looked for in the memory of the product's processes, from outside, by root.
//! Without root the kernel lets nobody look, and the test says that it showed nothing.

use strongroom_tests::{
    Agent, Canary, Deadline, Parts, Sandbox, Vault, is_root, look_for, places_in_memory, wait_for,
};

#[expect(
    clippy::print_stderr,
    reason = "a test that shows nothing has to say so"
)]
fn cannot_look() -> bool {
    if !is_root() {
        eprintln!("skipped: only root may read another process's memory");
    }
    !is_root()
}

#[track_caller]
fn none_in(agent: &Agent, canary: &Canary, when: &str) {
    let mut last = Vec::new();
    // A worker may just be handing its buffers back.
    let none = look_for(Deadline::Short, || {
        last = places_in_memory(agent.pid(), canary).expect("root may look");
        last.is_empty().then_some(())
    });
    assert!(
        none.is_some(),
        "the secret stands in the agent {when}: {last:?}"
    );
}

#[test]
fn the_agent_keeps_no_secret_after_it_was_recorded_revealed_copied_or_locked() {
    if cannot_look() {
        return;
    }
    let sandbox = Sandbox::with(Parts::Desktop);
    let agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    let secret = Canary::make();
    vault
        .add_with("watched", "0123456789abcdef0123", secret.text())
        .answer()
        .ok();
    none_in(&agent, &secret, "after it was recorded");

    let shown = vault.call(&["reveal", "watched"]).with_code().answer();
    assert!(shown.ok().stdout.contains(secret.text()));
    none_in(&agent, &secret, "after it was revealed");

    vault
        .call(&["copy", "watched", "--field", "secret"])
        .with_code()
        .answer()
        .ok();
    wait_for("the copied secret", Deadline::Short, || {
        (sandbox.clipboard().as_deref() == Some(secret.text())).then_some(())
    });
    sandbox.clock().advance_seconds(25);
    wait_for("an empty clipboard", Deadline::Short, || {
        (sandbox.clipboard().as_deref() != Some(secret.text())).then_some(())
    });
    none_in(
        &agent,
        &secret,
        "after it was copied and the clipboard was cleared",
    );

    vault.run(&["lock"]).ok();
    none_in(&agent, &secret, "after the vault was locked");
}

#[test]
fn the_agent_keeps_no_password_and_no_code_seed_when_it_is_locked() {
    if cannot_look() {
        return;
    }
    let sandbox = Sandbox::with(Parts::Keyring);
    let agent = Agent::start(&sandbox);
    let mut vault = Vault::create(&sandbox);
    let password = Canary::make();
    vault.change_password(password.text()).answer().ok();
    vault.password = password.text().to_owned();
    none_in(&agent, &password, "after the password was changed");
    vault.run(&["lock"]).ok();
    vault.unlock().ok();
    none_in(&agent, &password, "after the vault was opened");
    vault.run(&["lock"]).ok();
    none_in(&agent, &password, "after the vault was locked");
}

#[test]
fn a_command_line_that_waits_for_its_child_keeps_no_secret() {
    if cannot_look() {
        return;
    }
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let secret = Canary::make();
    vault
        .add_with("watched", "0123456789abcdef0123", secret.text())
        .answer()
        .ok();
    let mut running = vault
        .bare_call(&["run", "--key", "watched"])
        .with_code()
        .starting(&["sh", "-c", "unset API_SECRET; echo started; exec cat"])
        .with_open_input()
        .begin();
    running.read_line_with("started").expect("the child runs");
    let places = places_in_memory(running.process().pid(), &secret).expect("root may look");
    // What masks the output has to know what to mask: exactly that much is there, and no copy.
    assert!(
        places.len() <= 1,
        "copies of the secret in the command line: {places:?}"
    );
}
