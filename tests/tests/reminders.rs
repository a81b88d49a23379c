//! Reminders reach a real notification daemon while the vault is locked: what is due comes, once;
//! what was put off does not; after a sleep one summary comes.

use serde_json::Value;
use strongroom_tests::{Agent, Deadline, Notification, Parts, Sandbox, Vault, wait_for};

/// Records a key that is due only by its expiry, so many days from now.
fn expiring(vault: &Vault<'_>, label: &str, days: i64) {
    let days = days.to_string();
    vault
        .add(label)
        .argument("--expires-in")
        .argument(&days)
        .argument("--rotation-days")
        .argument("3650")
        .answer()
        .ok();
}

/// Time for a reminder that should not come to come all the same: until the agent has surely looked
/// at the clock again, which it shows by answering what it will do next.
fn agent_has_looked(vault: &Vault<'_>) {
    let now = vault.sandbox().clock().now_ms();
    wait_for("the agent to plan ahead", Deadline::Short, || {
        let next = vault.run(&["status"]).json()["next_reminder_ms"].as_i64();
        next.is_none_or(|next| next > now).then_some(())
    });
}

fn texts(shown: &[Notification]) -> String {
    shown
        .iter()
        .map(|one| format!("{}\n{}\n", one.summary, one.body))
        .collect()
}

#[test]
fn a_key_due_in_three_days_is_told_while_the_vault_is_locked_and_without_its_name() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    expiring(&vault, "bybit-perps", 4);
    vault.run(&["lock"]).ok();
    agent_has_looked(&vault);
    assert_eq!(sandbox.notifications(), [], "nothing is due today");

    sandbox.clock().advance_days(1);
    let shown = sandbox.wait_for_notifications(1);
    agent_has_looked(&vault);
    assert_eq!(sandbox.notifications().len(), 1, "{shown:?}");
    assert!(
        !texts(&shown).contains("bybit"),
        "a name was shown without consent: {shown:?}"
    );
    assert_eq!(vault.run(&["status"]).json()["state"], "locked");
}

#[test]
fn names_are_shown_where_the_person_wants_them() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    vault
        .run(&["settings", "set", "names-in-notifications", "yes"])
        .ok();
    expiring(&vault, "bybit-perps", 4);
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(1);
    let shown = sandbox.wait_for_notifications(1);
    assert!(texts(&shown).contains("bybit-perps"), "{shown:?}");
}

#[test]
fn a_snoozed_key_does_not_come_and_the_other_does() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    vault
        .run(&["settings", "set", "names-in-notifications", "yes"])
        .ok();
    expiring(&vault, "put-off", 4);
    expiring(&vault, "pressing", 4);
    vault
        .run(&["remind", "snooze", "put-off", "--hours", "48"])
        .ok();
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(1);
    let shown = sandbox.wait_for_notifications(1);
    agent_has_looked(&vault);
    let shown = texts(&shown);
    assert!(
        shown.contains("pressing") && !shown.contains("put-off"),
        "{shown}"
    );

    sandbox.clear_notifications();
    sandbox.clock().advance_days(1);
    let shown = texts(&sandbox.wait_for_notifications(1));
    assert!(shown.contains("put-off"), "the snooze did not end: {shown}");
}

#[test]
fn after_a_long_sleep_one_summary_comes_and_a_restart_does_not_repeat_it() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    for number in 0..6 {
        expiring(&vault, &format!("key-{number}"), 12 + number);
    }
    vault.run(&["lock"]).ok();
    agent_has_looked(&vault);
    sandbox.clock().advance_days(20);
    sandbox.wait_for_notifications(1);
    agent_has_looked(&vault);
    let shown = sandbox.notifications();
    assert_eq!(shown.len(), 1, "a flood instead of a summary: {shown:?}");
    assert!(
        texts(&shown).contains('6'),
        "the summary does not say how many: {shown:?}"
    );

    agent.kill();
    let _agent = Agent::start(&sandbox);
    agent_has_looked(&vault);
    assert_eq!(
        sandbox.notifications().len(),
        1,
        "a restart repeated the reminder"
    );
}

#[test]
fn an_acknowledged_due_date_is_not_told_again() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    expiring(&vault, "known", 4);
    vault.run(&["remind", "ack", "known"]).ok();
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(3);
    agent_has_looked(&vault);
    assert_eq!(sandbox.notifications(), []);
}

#[test]
fn stale_backups_are_told_while_the_vault_is_locked_and_can_be_put_off() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let vault = Vault::create(&sandbox);
    vault.run(&["backup"]).ok();
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(6);
    agent_has_looked(&vault);
    assert_eq!(
        sandbox.notifications(),
        [],
        "a backup of this week is there"
    );
    let listed = vault.run(&["remind", "list"]).ok().json();
    assert_eq!(listed["total"], 0, "nothing is to be done: {listed}");
    assert_eq!(listed["next_ms"], Value::Null, "{listed}");
    vault.run(&["remind", "snooze", "backups"]).refused(4);

    sandbox.clock().advance_days(2);
    let shown = texts(&sandbox.wait_for_notifications(1));
    assert!(shown.contains("No backup of the vault"), "{shown}");
    agent_has_looked(&vault);
    assert_eq!(sandbox.notifications().len(), 1);
    let listed = vault.run(&["remind", "list"]).ok().json();
    let row = &listed["reminders"][0];
    assert_eq!(
        (&row["kind"], &row["label"]),
        (&"backup".into(), &"backups".into())
    );
    let said = vault.bare_call(&["remind", "list"]).answer();
    let said = said.ok().stdout.clone();
    assert!(
        said.contains("backup was due") && said.contains("for a week"),
        "{said}"
    );
    let status = vault.run(&["status"]).ok().json();
    assert_eq!(status["overdue"], 1, "{status}");

    sandbox.clear_notifications();
    vault
        .run(&["remind", "snooze", "backups", "--hours", "48"])
        .ok();
    sandbox.clock().advance_days(1);
    agent_has_looked(&vault);
    assert_eq!(sandbox.notifications(), [], "it was put off");
    sandbox.clock().advance_days(2);
    let shown = texts(&sandbox.wait_for_notifications(1));
    assert!(shown.contains("No backup of the vault"), "{shown}");

    // A backup ends the matter.
    vault.unlock().ok();
    vault.run(&["backup"]).ok();
    let listed = vault.run(&["remind", "list"]).ok().json();
    assert_eq!(listed["total"], 0, "{listed}");
    vault.run(&["remind", "ack", "backups"]).refused(10);
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(9);
    sandbox.wait_for_notifications(1);
    vault.unlock().ok();
    vault.run(&["remind", "ack", "backups"]).ok();
    let listed = vault.run(&["remind", "list"]).ok().json();
    assert_eq!(listed["reminders"][0]["acknowledged"], true, "{listed}");
}

#[test]
fn without_a_notification_service_the_vault_says_so() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.run(&["remind", "test"]).refused(14);
}

#[test]
fn a_test_reminder_is_delivered() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = Vault::create(&sandbox);
    let told = vault.run(&["remind", "test"]).json();
    assert_eq!(told["delivered"], true);
    assert_eq!(
        told["server"]
            .as_str()
            .map(|server| server.contains("dunst")),
        Some(true)
    );
    sandbox.wait_for_notifications(1);
}
