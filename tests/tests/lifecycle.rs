//! From due to done, through the built command line: health with its exit code, a rotation whose
//! agent is killed after every step, revocation now, and the calendar.

use std::time::Duration;

use serde_json::Value;
use strongroom_domain::UtcMs;
use strongroom_tests::{Agent, Parts, Sandbox, Vault, random_while};

/// A key that may trade from anywhere, with a bot and a tool that hold it.
fn add<'v>(vault: &'v Vault<'v>, label: &str, more: &[&str]) -> Value {
    let secret = format!("secret-of-{label}");
    let key = format!("key-of-{label}");
    let mut call = vault
        .call(&["add", label, "--exchange", "kraken", "--account", "main"])
        .through_named("--field-fd", "apiKey", &key)
        .through_named("--field-fd", "secret", &secret);
    for argument in more {
        call = call.argument(argument);
    }
    call.answer().ok().json()
}

const TRADES: &[&str] = &["--allow", "read,spot", "--deny", "withdraw,transfer"];
const HELD: &[&str] = &["--consumer", "freqtrade,tax"];

fn reveal<'v>(vault: &'v Vault<'v>, key: &str, version: Option<&str>) -> String {
    let mut arguments = vec!["reveal", key, "--field", "secret"];
    if let Some(id) = version {
        arguments.extend(["--version", id]);
    }
    let answer = vault.call(&arguments).with_code().answer();
    let shown = answer.ok().json();
    shown["fields"][0]["value"]
        .as_str()
        .expect("a value")
        .to_owned()
}

/// A date so many days from now.
fn day(sandbox: &Sandbox, days: i64) -> String {
    let now = UtcMs::parse(sandbox.clock().now_ms()).expect("a date");
    let then = now.plus_ms(days * 86_400_000).timestamp();
    then.strftime("%Y-%m-%d").to_string()
}

fn rules(health: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = health["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|one| format!("{} {}", text(&one["rule"]), text(&one["name"])))
        .filter(|one| !one.ends_with("this vault"))
        .collect()
}

#[test]
fn health_says_what_is_wrong_and_a_script_can_fail_on_it() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    let all = [TRADES, HELD, &["--allowlist", "unrestricted"]].concat();
    add(&vault, "grid", &all);
    let health = vault.run(&["health"]).ok().json();
    let expected = ["trade-unrestricted grid", "several-consumers grid"];
    assert_eq!(rules(&health), expected, "{health}");
    let explained = health["explained"].as_str().expect("a sentence");
    assert!(
        explained.contains("16 for 1 × trade-unrestricted"),
        "{explained}"
    );
    let fails_on = |severity| vault.run(&["health", "--fail-on", severity]).code == 1;
    assert!(fails_on("high") && !fails_on("critical"));

    // An end is needed, and only what is there can be accepted.
    let accept = [
        "health",
        "accept",
        "trade-unrestricted",
        "grid",
        "--reason",
        "it moves",
    ];
    vault.run(&accept).refused(2);
    let in_days = |days| day(&sandbox, days);
    let (soon, late) = (in_days(20), in_days(800));
    let with_end = |rule, end| {
        let words = [
            "health", "accept", rule, "grid", "--reason", "it moves", "--until",
        ];
        [&words[..], &[end]].concat()
    };
    vault.run(&with_end("trade-unrestricted", &late)).refused(2);
    vault.run(&with_end("expired", &soon)).refused(10);
    vault.run(&with_end("no-such-thing", &soon)).refused(2);
    vault.run(&with_end("trade-unrestricted", &soon)).ok();
    vault.run(&["backup"]).ok();
    assert!(!fails_on("high") && fails_on("medium"));
    let health = vault.run(&["health"]).ok().json();
    assert_eq!(rules(&health), expected, "it stays visible");
    assert_eq!(health["findings"][0]["standing"]["kind"], "accepted");
    let said = vault.bare_call(&["health", "--why"]).answer();
    let text = said.ok().stdout.clone();
    assert!(
        text.contains("accepted until") && text.contains("Accounts were drained"),
        "{text}"
    );
    // After its day it is open again.
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(21);
    vault.unlock().ok();
    vault.run(&["backup"]).ok();
    assert!(fails_on("high"));
    vault.run(&with_end("trade-unrestricted", &in_days(3))).ok();
    vault
        .run(&["health", "unaccept", "trade-unrestricted", "grid"])
        .ok();
    vault
        .run(&["health", "unaccept", "trade-unrestricted", "grid"])
        .refused(10);
}

/// Makes one step while the agent is killed at a random moment of it, as often as it takes until
/// it is there; and checks after every kill that the rotation stands before or after the step, and
/// that a secret is in use.
fn step(
    vault: &Vault<'_>,
    agent: &mut Option<Agent>,
    arguments: &[&str],
    new_secret: bool,
    (before, after): (&str, &str),
) -> Value {
    let sandbox = vault.sandbox();
    for attempt in 0.. {
        let mut call = vault.call(&[&["rotate"], arguments].concat());
        if new_secret {
            call = call
                .through_named("--field-fd", "apiKey", "key-of-next")
                .through_named("--field-fd", "secret", "secret-of-next");
        }
        let conversation = call.begin();
        // Later and later, so that one of the tries is left to finish.
        random_while(Duration::from_millis(20 * (attempt + 1)));
        agent.take().expect("it runs").kill();
        let acknowledged = conversation.finish().code == 0;
        sandbox.end_agent();
        *agent = Some(Agent::start(sandbox));
        vault.unlock().ok();
        let found = vault.run(&["rotate", "status", "grid"]).ok().json();
        let stage = found["stage"].as_str().expect("a stage");
        assert!(stage == before || stage == after, "{arguments:?}: {found}");
        assert!(
            !acknowledged || stage == after,
            "{arguments:?} was acknowledged: {found}"
        );
        let secret = reveal(vault, "grid", None);
        let known = ["secret-of-grid", "secret-of-next"].contains(&secret.as_str());
        assert!(known, "{arguments:?} left {secret:?}");
        if stage == after {
            return found;
        }
        assert!(attempt < 50, "{arguments:?} never came through");
    }
    unreachable!("the loop ends by itself")
}

#[test]
fn a_rotation_whose_agent_is_killed_in_every_step_goes_on_where_it_was() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    sandbox.end_agent();
    let mut agent = Some(Agent::start(&sandbox));
    vault.unlock().ok();
    add(
        &vault,
        "grid",
        &[TRADES, HELD, &["--allowlist", "203.0.113.7"]].concat(),
    );
    let end = day(&sandbox, 200);
    let mut go = |arguments: &[&str], stages| step(&vault, &mut agent, arguments, false, stages);
    let begun = go(&["start", "grid"], ("idle", "begun"));
    let page = begun["manage"]["url"].as_str().expect("a page");
    assert!(page.starts_with("https://"), "{page}");
    vault
        .run(&["rotate", "switch", "grid", "--all"])
        .refused(11);
    step(
        &vault,
        &mut agent,
        &["stage", "grid"],
        true,
        ("begun", "staged"),
    );
    let mut go = |arguments: &[&str], stages| step(&vault, &mut agent, arguments, false, stages);
    let more = go(
        &["check", "grid", "--allow", "withdraw"],
        ("staged", "grown"),
    );
    assert_eq!(more["grown"], serde_json::json!(["withdraw"]));
    vault
        .run(&["rotate", "switch", "grid", "--all"])
        .refused(11);
    let check = ["check", "grid", "--expires", &end];
    let staged = go(&check, ("grown", "switching"));
    // The new secret can be handed over while the old one is in use.
    let new = staged["new"].as_str().expect("a version");
    assert_eq!(reveal(&vault, "grid", Some(new)), "secret-of-next");
    assert_eq!(reveal(&vault, "grid", None), "secret-of-grid");
    vault
        .run(&["rotate", "switch", "grid", "nobody"])
        .refused(11);
    let one = go(&["switch", "grid", "freqtrade"], ("switching", "switching"));
    assert!(one["left"].as_array().is_some_and(|left| left.len() <= 2));
    // A step that is made twice is the same step.
    vault.run(&["rotate", "switch", "grid", "freqtrade"]).ok();
    let used = go(&["switch", "grid", "tax"], ("switching", "in-use"));
    assert_eq!(reveal(&vault, "grid", None), "secret-of-next");
    let old = used["old"].as_str().expect("a version").to_owned();
    assert_eq!(reveal(&vault, "grid", Some(&old)), "secret-of-grid");
    let mut go = |arguments: &[&str], stages| step(&vault, &mut agent, arguments, false, stages);
    go(&["revoke", "grid"], ("in-use", "ending"));
    let due = vault.run(&["expiring", "--days", "1"]).ok().json();
    assert_eq!(due["total"], 1, "it is due until somebody has seen it dead");
    vault.run(&["rotate", "confirm", "grid"]).refused(2); // Nobody was there to say it.
    go(&["confirm", "grid", "--yes"], ("ending", "idle"));
    let shown = vault.run(&["show", "grid"]).ok().json();
    assert_eq!(shown["row"]["state"], "active");
    assert_eq!(shown["expiry_causes"][0]["kind"], "fixed", "{shown}");
    let purge = vault.call(&["purge", "grid", "--old-versions", "--yes"]);
    assert_eq!(purge.with_code().answer().ok().json()["secrets"], 1);
    assert_eq!(reveal(&vault, "grid", None), "secret-of-next");
}

/// When the key is to be rotated by everything that says so, and why.
fn due_everywhere(vault: &Vault<'_>, key: &str) -> (i64, String) {
    let of = |list: &Value| {
        let rows = list.as_array().expect("a list").clone();
        let named = |row: &Value| row["label"] == key || row["name"] == key;
        let found = rows
            .into_iter()
            .find(|row| named(row) && row["kind"] != "expiry");
        found.unwrap_or_else(|| panic!("{key} is not in {list}"))
    };
    let due = |due: &Value| {
        let at = due["at_ms"].as_i64().expect("a moment");
        (at, due["cause"].as_str().expect("a cause").to_owned())
    };
    let days = ["--days", "1000"];
    let rows = vault.run(&[&["expiring"][..], &days].concat()).ok().json();
    let row = due(&of(&rows["rows"])["rotation"]);
    let reminders = vault.run(&["remind", "list"]).ok().json();
    assert_eq!(due(&of(&reminders["reminders"])["due"]), row);
    let calendar = vault.run(&[&["calendar"][..], &days].concat()).ok().json();
    assert_eq!(due(&of(&calendar["entries"])["due"]), row, "{calendar}");
    let shown = vault.run(&["show", key]).ok().json();
    assert_eq!(due(&shown["row"]["rotation"]), row);
    row
}

#[test]
fn what_happened_makes_keys_due_everywhere_until_they_are_rotated() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    let all = [TRADES, &["--allowlist", "203.0.113.7"]].concat();
    add(&vault, "grid", &[&all[..], &["--consumer", "bot"]].concat());
    add(&vault, "other", &all);
    let (policy, _) = due_everywhere(&vault, "grid");
    let opened = sandbox.clock().now_ms();
    assert!(policy > opened);
    let open = ["incident", "open", "service-dropped", "--consumer", "bot"];
    vault.run(&open).ok();
    let (at, why) = due_everywhere(&vault, "grid");
    assert!((opened..=sandbox.clock().now_ms()).contains(&at), "{at}");
    assert_eq!(why, "a service that held it was dropped");
    let found = rules(&vault.run(&["health"]).ok().json());
    assert!(found.contains(&"event-since grid".to_owned()), "{found:?}");
    assert!(due_everywhere(&vault, "other").0 > sandbox.clock().now_ms());

    // A breach makes nothing later, and what is due stays so over a start of the agent.
    let day_of_breach = day(&sandbox, 0);
    vault
        .run(&["consumer", "set", "bot", "--breached", &day_of_breach])
        .ok();
    assert!(due_everywhere(&vault, "grid").0 <= at);
    sandbox.end_agent();
    let _agent = Agent::start(&sandbox);
    vault.unlock().ok();
    assert!(due_everywhere(&vault, "grid").0 <= at);
    vault
        .run(&["consumer", "set", "bot", "--not-breached"])
        .ok();
    assert_eq!(due_everywhere(&vault, "grid"), (at, why));

    // Locked first: a day passes, and the auto-lock would come at a moment of its own.
    vault.run(&["lock"]).ok();
    sandbox.clock().advance_days(1);
    vault.unlock().ok();
    vault.run(&["rotate", "start", "grid"]).ok();
    let stage = vault
        .call(&["rotate", "stage", "grid"])
        .through_named("--field-fd", "apiKey", "key-of-next")
        .through_named("--field-fd", "secret", "secret-of-next");
    stage.answer().ok();
    vault.run(&["rotate", "check", "grid"]).ok();
    assert_eq!(due_everywhere(&vault, "grid").0, at, "not in use yet");
    vault.run(&["rotate", "switch", "grid", "--all"]).ok();
    let (next, why) = due_everywhere(&vault, "grid");
    assert!(next > policy, "counted from the new secret: {why}");
    let found = rules(&vault.run(&["health"]).ok().json());
    assert!(!found.contains(&"event-since grid".to_owned()), "{found:?}");
}

#[test]
fn revocation_is_one_act_for_many_keys_and_is_due_until_it_is_confirmed() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    let withdraws = ["--allow", "withdraw", "--allowlist", "203.0.113.7"];
    add(
        &vault,
        "reads",
        &["--allow", "read", "--deny", "spot,withdraw,transfer"],
    );
    add(&vault, "trades", TRADES);
    add(&vault, "withdraws", &withdraws);
    let all = ["revoke", "reads", "trades", "withdraws"];
    vault.run(&all).refused(2); // Nobody was there to say it.
    vault
        .run(&[&all[..], &["nobody", "--yes"]].concat())
        .refused(10);
    let begun = vault.run(&[&all[..], &["--yes"]].concat()).ok().json();
    let labels: Vec<_> = begun["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key["label"].clone())
        .collect();
    assert_eq!(labels[0], "withdraws", "{begun}");
    assert!(
        begun["keys"][0]["page"]["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://"))
    );
    let run = vault.call(&["run", "--key", "trades"]).with_code();
    run.starting(&["true"]).answer().refused(11);
    let due = vault.run(&["expiring", "--days", "0"]).ok().json();
    assert_eq!(due["total"], 3);
    vault
        .run(&["revoke", "withdraws", "--confirmed", "--yes"])
        .ok();
    vault.run(&["revoke", "reads", "--cancel", "--yes"]).ok();
    let left = vault.run(&["revoke"]).ok().json();
    assert_eq!(
        (&left["total"], &left["keys"][0]["label"]),
        (&1.into(), &"trades".into())
    );
}

#[test]
fn the_calendar_is_written_once_and_names_nothing_unless_asked() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    add(&vault, "hidden-name", &["--expires-in", "20"]);
    let listed = vault.run(&["calendar"]).ok().json();
    assert_eq!(
        (&listed["total"], &listed["entries"][0]["kind"]),
        (&2.into(), &"expiry".into())
    );
    let file = sandbox.make_folder("out").join("keys.ics");
    let path = file.to_str().expect("text");
    vault.run(&["calendar", "--names"]).refused(2);
    let written = vault.run(&["calendar", "--ics", path]).ok().json();
    assert_eq!(written["entries"], 2);
    let text = std::fs::read_to_string(&file).expect("it is there");
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\n") && !text.contains("hidden-name"),
        "{text}"
    );
    assert!(!text.contains("secret-of"), "{text}");
    vault.run(&["calendar", "--ics", path]).refused(11); // It is not overwritten.
}
