//! Stories of incidents through the built command line: a vendor is breached, a person leaves.

#[path = "incident/sixty.rs"]
mod sixty;

use serde_json::Value;
use sixty::add;
use strongroom_tests::{Parts, Sandbox, Vault};

fn labels(keys: &Value) -> Vec<String> {
    let keys = keys.as_array().expect("keys");
    let label = |key: &Value| key["label"].as_str().expect("a label").to_owned();
    keys.iter().map(label).collect()
}

#[test]
fn a_breached_vendor_leads_to_the_seventeen_keys_it_ever_held_in_order_and_to_evidence() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    let expected = sixty::fill(&vault);
    let now = vault.run(&["holds", "--vendor", "acme"]).ok().json();
    assert_eq!(
        now["total"], 12,
        "what it holds now and an exchange may still take"
    );
    vault.run(&["holds", "--vendor", "nobody"]).refused(10);
    let open = ["incident", "open", "vendor-breached", "--vendor", "Acme"];
    let would = vault.run(&[&open[..], &["--dry-run"]].concat()).ok().json();
    assert_eq!(labels(&would["keys"]), expected);
    assert_eq!(
        vault.run(&["incident", "list"]).ok().json()["incidents"],
        serde_json::json!([])
    );
    let opened = vault.run(&open).ok().json();
    assert_eq!(
        (labels(&opened["keys"]), &opened["total"]),
        (expected.clone(), &17.into())
    );
    assert!(
        opened["playbook"]["steps"]
            .as_array()
            .is_some_and(|steps| steps.len() > 5)
    );

    vault.run(&["incident", "contain"]).refused(2); // Nobody was there to say it.
    vault.run(&["incident", "contain", "--yes"]).ok();
    let run = vault.call(&["run", "--key", "key 05"]).with_code();
    run.starting(&["true"]).answer().refused(11);
    let others = vault.call(&["run", "--key", "key 03"]).with_code();
    others.starting(&["true"]).answer().ok();
    assert_eq!(
        vault.run(&["revoke"]).ok().json()["total"],
        15,
        "all that were alive"
    );
    vault
        .run(&["incident", "note", "--key", "key 03", "none of it"])
        .refused(10);
    vault
        .run(&[
            "incident",
            "note",
            "--key",
            "key 05",
            "its history | looks clean",
        ])
        .ok();
    vault
        .run(&[
            "incident",
            "note",
            "ask Acme for its logs",
            "--due",
            "2099-01-31",
        ])
        .ok();
    vault
        .run(&["revoke", &expected[0], "--confirmed", "--yes"])
        .ok();
    vault
        .run(&["incident", "close", "--root-cause", "their support tool"])
        .ok();
    vault.run(&["incident", "contain", "--yes"]).refused(10); // None is open any more.

    let name = sandbox.make_folder("out").join("evidence");
    let name = name.to_str().expect("text");
    let pack = ["incident", "pack", name];
    vault.run(&pack).ok();
    vault.run(&pack).refused(2); // It is not overwritten.
    let markdown = std::fs::read_to_string(format!("{name}.md")).expect("it is there");
    let json = std::fs::read_to_string(format!("{name}.json")).expect("it is there");
    let parsed: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(labels(&parsed["incident"]["keys"]), expected);
    assert!(parsed["clocks"][0]["dead_ms"].is_i64() && parsed["clocks"][1]["dead_ms"].is_null());
    let events = parsed["timeline"].as_array().expect("a timeline");
    let happened = |event: &str| events.iter().filter(|one| one["event"] == event).count();
    assert_eq!(
        (happened("entry-added"), happened("revocation-begun")),
        (17, 15)
    );
    assert!(
        parsed["message"]
            .as_str()
            .is_some_and(|text| text.contains("17 keys"))
    );
    for text in [
        "its history \\| looks clean",
        "until 2099-01-31: ask Acme",
        "their support tool",
        "What let it happen?",
    ] {
        assert!(markdown.contains(text), "{text} is not in:\n{markdown}");
    }
    for text in [&markdown, &json] {
        assert!(
            !text.contains("hidden-") && !text.contains("id-5"),
            "a secret is in it"
        );
    }
}

#[test]
fn a_person_who_left_is_found_by_what_they_own_hold_and_gave() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    for number in 0..6 {
        add(&vault, number, number % 2);
    }
    vault.run(&["edit", "key 01", "--owner", "Kim"]).ok();
    vault.run(&["edit", "key 04", "--add-consumer", "Kim"]).ok();
    vault
        .run(&["consumer", "set", "Kim", "--kind", "person"])
        .ok();
    let opened = vault
        .run(&["incident", "open", "person-left", "--person", "kim"])
        .ok()
        .json();
    assert_eq!(labels(&opened["keys"]), ["key 01", "key 04"]);
    vault
        .run(&["incident", "open", "person-left", "--person", "nobody"])
        .refused(10);
    vault
        .run(&["incident", "open", "no-such", "--person", "kim"])
        .refused(2);
    // Keys themselves, by their names.
    let leaked = [
        "incident",
        "open",
        "key-leaked",
        "--key",
        "key 02",
        "--key",
        "key 05",
    ];
    let leaked = vault.run(&leaked).ok().json();
    assert_eq!(labels(&leaked["keys"]), ["key 05", "key 02"]);
    assert_eq!(leaked["about"], "2 keys");
    vault.run(&["holds", "--key", "key 99"]).refused(10);
    // A playbook that a team has edited.
    let printed = vault
        .bare_call(&["incident", "playbook", "person-left"])
        .answer();
    let edited = printed
        .ok()
        .stdout
        .replace("Give the keys another owner.", "Tell the desk.");
    let path = sandbox.write_home("ours.json", &edited);
    let path = path.to_str().expect("text");
    let ours = vault.run(&[
        "incident", "open", path, "--person", "kim", "--title", "ours",
    ]);
    let steps = ours.ok().json()["playbook"]["steps"].to_string();
    assert!(steps.contains("Tell the desk."), "{steps}");
    let broken = sandbox.write_home("broken.json", "{\"id\":\"x\"}");
    let broken = broken.to_str().expect("text");
    vault
        .run(&["incident", "open", broken, "--person", "kim"])
        .refused(2);
}

#[test]
fn vendors_are_looked_at_and_reports_hold_no_secret() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.unlock().ok();
    add(&vault, 1, 0);
    vault
        .run(&["edit", "key 01", "--label", "=HYPERLINK(1), x"])
        .ok();
    vault
        .run(&[
            "consumer",
            "set",
            "bot of Acme",
            "--vendor",
            "Acme",
            "--rename",
            "robot",
        ])
        .ok();
    vault
        .run(&[
            "vendor",
            "answer",
            "Acme",
            "storage",
            "yes",
            "--evidence",
            "page 4",
        ])
        .ok();
    vault
        .run(&["vendor", "answer", "Acme", "audits", "no"])
        .ok();
    vault
        .run(&["vendor", "answer", "Acme", "colour", "no"])
        .refused(2);
    vault
        .run(&["vendor", "set", "Acme", "--review-in", "30"])
        .ok();
    let shown = vault.run(&["vendor", "show", "acme"]).ok().json();
    assert_eq!((&shown["good"], &shown["keys"]), (&1.into(), &1.into()));
    assert_eq!(shown["consumers"], serde_json::json!(["robot"]));
    let listed = vault.run(&["list"]).ok().json();
    assert_eq!(
        listed["rows"][0]["consumers"],
        serde_json::json!(["robot"]),
        "the row follows"
    );
    let calendar = vault.run(&["calendar", "--days", "31"]).ok().json();
    assert_eq!(calendar["entries"][0]["kind"], "review");
    vault.run(&["vendor", "set", "Acme", "--breached"]).ok();
    let health = vault.run(&["health"]).ok().json();
    assert_eq!(
        health["findings"][0]["rule"], "consumer-breached",
        "{health}"
    );
    for report in ["inventory", "access-review"] {
        for format in ["markdown", "csv", "json"] {
            let answer = vault
                .bare_call(&["report", report, "--format", format])
                .answer();
            let text = &answer.ok().stdout;
            assert!(
                text.contains("robot") && !text.contains("hidden-"),
                "{text}"
            );
        }
    }
    let csv = vault
        .bare_call(&["report", "inventory", "--format", "csv"])
        .answer();
    assert!(
        csv.ok().stdout.contains("\"'=HYPERLINK(1), x\""),
        "no formula: {}",
        csv.stdout
    );
}
