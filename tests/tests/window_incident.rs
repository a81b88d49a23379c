//! Incidents in the real window, from what happened to a pack of evidence: a vendor is breached, a
//! person leaves; and who holds what, what is due when, and the reports.

#[path = "incident/sixty.rs"]
mod sixty;
#[path = "window_views/steps.rs"]
#[expect(dead_code, reason = "shared with the tests of the views")]
mod steps;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use steps::{filled, open, view};
use strongroom_tests::{Deadline, Look, Parts, Sandbox, Vault, Window, key, look_for, wait_for};

fn is_flawless(window: &Window, at: &str) {
    // What is told for a while goes by itself, also while its controls are looked at.
    let told = || window.text(".toasts").unwrap_or_default();
    let gone = look_for(Deadline::Short, || told().trim().is_empty().then_some(()));
    assert!(gone.is_some(), "{at}: it goes on telling {:?}", told());
    assert_eq!(window.violations(), Vec::<String>::new(), "{at}");
}

/// A vault on the day of the machine: the page tells the time by the machine's clock.
fn today(sandbox: &Sandbox) -> Vault<'_> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
    let vault = Vault::create(sandbox);
    vault.unlock().ok();
    vault
}

/// The window on a vault that is open already.
fn opened(sandbox: &Sandbox, vault: &Vault<'_>, look: Look) -> Window {
    let window = Window::open(sandbox, vault.folder(), look);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", "key 0");
    window
}

/// The names that a list's rows carry, from the top.
fn listed(window: &Window, attribute: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(`[${arguments[0]}]`)]\
                  .map(one => one.getAttribute(arguments[0]))";
    let found = window.run(script, &[json!(attribute)]);
    let found = found.expect("a page answers");
    let names = found.as_array().expect("a list");
    let text = |name: &Value| name.as_str().unwrap_or_default().to_owned();
    names.iter().map(text).collect()
}

/// Says what happened and to whom, and waits for the keys that are concerned.
fn begin(window: &Window, playbook: &str, (field, name): (&str, &str), concerned: &str) {
    view(window, "Incidents");
    window.push("Open incident…");
    window.wait_for_text("h1", "Open an incident");
    window.take(playbook);
    window.fill(field, name);
    window.press(key::TAB);
    window.wait_for_text("form [role=status]", "");
    window.wait_for_text("form .answer", concerned);
}

fn text_of(path: &Path, ending: &str) -> String {
    let path = path.with_extension(ending);
    std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn vendor_breached(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let vault = today(&sandbox);
    let expected = sixty::fill(&vault);
    let window = opened(&sandbox, &vault, look);
    view(&window, "Incidents");
    window.wait_for_text("main", "Nothing has happened");
    is_flawless(&window, "no incident");

    let vendor = ("Vendor", "Acme");
    begin(
        &window,
        "A vendor was breached",
        vendor,
        "17 keys are concerned",
    );
    assert_eq!(listed(&window, "data-held"), expected);
    is_flawless(&window, "before it is opened");
    window.push("Open incident over 17 keys");
    window.wait_for_text("[data-incident-page=open]", "in the order in which to act");
    assert_eq!(listed(&window, "data-key"), expected);
    is_flawless(&window, "opened");

    window.push("Contain 15 keys…");
    window.wait_for_text(
        "form",
        "will be given to no program and not be copied any more",
    );
    window.push("Contain 15 keys");
    window.wait_for_text("[data-stands=contained]", "contained");
    let stands = listed(&window, "data-stands");
    let contained = stands.iter().filter(|one| *one == "contained").count();
    assert_eq!((stands.len(), contained), (17, 15), "{stands:?}");
    assert_eq!(vault.run(&["revoke"]).ok().json()["total"], 15);
    let run = vault.call(&["run", "--key", "key 05"]).with_code();
    run.starting(&["true"]).answer().refused(11);
    is_flawless(&window, "contained");

    window.push(&format!("Confirm dead: {}", expected[0]));
    window.push("Confirm it is dead");
    window.wait_for_text("[data-stands=dead]", &expected[0]);
    window.fill("What was seen or done", "Acme was called | twice");
    window.fill("To be done by, optional", "2099-01-31");
    window.push("Write into log");
    window.wait_for_text("section ul", "Acme was called | twice");

    window.push("Close incident…");
    window.push("Close incident");
    window.wait_for_text(
        "[data-closing] .error[role=alert]",
        "Answer one of the questions",
    );
    is_flawless(&window, "being closed");
    window.fill("What let it happen?", "their support tool");
    window.push("Add follow-up");
    window.fill("Follow-up 1", "ask Acme for its logs");
    window.fill("By, follow-up 1", "2099-02-28");
    window.push("Close incident");
    window.wait_for_text("[data-incident-page=closed]", "their support tool");

    let folder = sandbox.make_folder("out");
    let pack = folder.join("acme.md");
    let typed = pack.to_str().expect("text");
    window.push("Write evidence…");
    window.fill("New file for the evidence", typed);
    window.push("Write evidence");
    window.wait_for_text("main [role=status]:has(.words), main .notice", "Wrote");
    is_flawless(&window, "written");
    let (markdown, evidence) = (text_of(&pack, "md"), text_of(&pack, "json"));
    let parsed: Value = serde_json::from_str(&evidence).expect("JSON");
    let keys = parsed["incident"]["keys"].as_array().expect("keys");
    let labels: Vec<&str> = keys
        .iter()
        .filter_map(|one| one["label"].as_str())
        .collect();
    assert_eq!(labels, expected);
    assert!(parsed["clocks"][0]["dead_ms"].is_i64() && parsed["clocks"][1]["dead_ms"].is_null());
    for text in [
        "Acme was called \\| twice",
        "until 2099-02-28: ask Acme for its logs",
        "their support tool",
        "17 keys are concerned",
    ] {
        assert!(markdown.contains(text), "{text} is not in:\n{markdown}");
    }
    assert!(!markdown.contains("hidden-") && !evidence.contains("hidden-"));
    // What is there is not written over.
    window.push("Dismiss this message");
    window.push("Write evidence…");
    window.fill("New file for the evidence", typed);
    window.push("Write evidence");
    window.wait_for_text("form .error", "there is a file of that name already");
    assert_eq!(text_of(&pack, "json"), evidence);
}

#[test]
fn a_breached_vendor_leads_to_seventeen_keys_and_evidence_in_light() {
    vendor_breached(Look::Light, (1280, 800));
}

#[test]
fn a_breached_vendor_leads_to_seventeen_keys_and_evidence_in_dark_and_in_the_smallest_size() {
    vendor_breached(Look::Dark, (960, 640));
}

#[test]
fn a_person_who_left_is_found_by_what_they_own_and_hold_and_a_leaked_key_by_itself() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = today(&sandbox);
    for number in 0..6 {
        sixty::add(&vault, number, number % 2);
    }
    vault.run(&["edit", "key 01", "--owner", "Kim"]).ok();
    vault.run(&["edit", "key 04", "--add-consumer", "Kim"]).ok();
    let kim = ["consumer", "set", "Kim", "--kind", "person"];
    vault.run(&kim).ok();
    let window = opened(&sandbox, &vault, Look::Dark);
    begin(
        &window,
        "A person left",
        ("Person", "kim"),
        "2 keys are concerned",
    );
    assert_eq!(listed(&window, "data-held"), ["key 01", "key 04"]);
    window.fill("What to call it, optional", "Kim left");
    window.push("Open incident over 2 keys");
    window.wait_for_text("[data-incident-page=open]", "key 01");
    window.wait_for_text("h1", "Kim left");

    // The newest stands first, and time stands still here.
    sandbox.clock().advance_ms(1_000);
    window.push("All incidents");
    window.wait_for_text("[data-incident]", "Kim left");
    is_flawless(&window, "list");
    begin(
        &window,
        "A person left",
        ("Person", "nobody"),
        "No key is concerned",
    );
    window.press(key::ESCAPE);
    window.wait_for_text("h1", "Incidents");
    begin(
        &window,
        "A key leaked",
        ("Key", "key 03"),
        "1 key is concerned",
    );
    window.push("Open incident over 1 key");
    window.wait_for_text("[data-incident-page=open]", "key 03");
    let all = vault.run(&["incident", "list"]).ok().json();
    assert_eq!(all["incidents"].as_array().map(Vec::len), Some(2));
    assert_eq!(all["incidents"][0]["about"], "key key 03");
}

fn who_holds_what(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, look);
    view(&window, "Consumers and vendors");
    window.wait_for_text("[data-holder]", "3Commas");
    is_flawless(&window, "consumers");
    // Without a pointer, from row to row.
    wait_for("freqtrade by the keyboard", Deadline::Short, || {
        window.press("j");
        window.focused().starts_with("freqtrade").then_some(())
    });
    window.press(key::ENTER);
    window.wait_for_text("[data-holder-page=freqtrade]", "binance-grid");
    is_flawless(&window, "a consumer");
    window.fill("Vendor", "Freq Ltd");
    window.press(key::TAB);
    window.fill("Runs on", "VPS-1");
    window.push("Save changes");
    window.wait_for_text(".toasts", "Saved freqtrade.");
    let consumers = vault.run(&["consumer"]).ok().json();
    let known = consumers["consumers"].as_array().expect("a list");
    let freqtrade = known.iter().find(|one| one["name"] == "freqtrade");
    assert_eq!(freqtrade.expect("it is there")["vendor"], "Freq Ltd");

    window.press(key::ESCAPE);
    window.take("Vendors");
    window.wait_for_text("main", "No vendor is recorded");
    window.push("Record a vendor");
    window.fill("Name", "Freq Ltd");
    window.fill("Next review", "2000-01-01");
    window.push("Record");
    window.wait_for_text("form .error", "That day is over");
    window.fill("Next review", "2099-01-31");
    window.push("Record");
    window.wait_for_text("[data-question=storage]", "never looked at");
    is_flawless(&window, "a vendor");
    let evidence = "const it = document.querySelector('[data-question=storage] input'); \
                    it.focus(); return true";
    window.run(evidence, &[]).expect("it is there");
    window.press("their white paper, page 4");
    let yes = "document.querySelector('[data-question=storage] [role=radio]').focus(); return true";
    window.run(yes, &[]).expect("it is there");
    window.press(key::SPACE);
    let keep =
        "document.querySelector('[data-question=storage] [type=submit]').focus(); return true";
    window.run(keep, &[]).expect("it was changed");
    window.press(key::ENTER);
    window.wait_for_text("[data-holder-page] h3", "1 of 9 answered well");
    let shown = vault.run(&["vendor", "show", "freq ltd"]).ok().json();
    assert_eq!((&shown["good"], &shown["keys"]), (&1.into(), &1.into()));

    window.take("Who holds what");
    window.fill("Name", "Freq Ltd");
    // The next stop of the tab key may be what is told, which stays while it has the focus.
    window.focus_on("Write report…");
    window.wait_for_text("table", "binance-grid");
    is_flawless(&window, "looked up");

    let report = sandbox.make_folder("out").join("review.csv");
    window.push("Write report…");
    window.take("CSV");
    window.fill("New file for the report", report.to_str().expect("text"));
    is_flawless(&window, "a report");
    window.push("Write report");
    window.wait_for_text("main .panel .notice", "Wrote");
    let text = text_of(&report, "csv");
    assert!(text.starts_with("holder,key,"), "{text}");
    assert!(text.contains("freqtrade,binance-grid"), "{text}");

    view(&window, "Calendar");
    window.wait_for_text("main [role=group]", "bybit-copybot");
    is_flawless(&window, "calendar");
    let calendar = sandbox.make_folder("out").join("due.ics");
    window.push("Write calendar…");
    window.fill(
        "New file for the calendar",
        calendar.to_str().expect("text"),
    );
    is_flawless(&window, "a calendar");
    window.push("Write calendar");
    window.wait_for_text("main .panel .notice", "Wrote");
    let text = text_of(&calendar, "ics");
    assert!(text.starts_with("BEGIN:VCALENDAR"), "{text}");
    assert!(!text.contains("binance"), "no name stands in it: {text}");
}

#[test]
fn who_holds_what_is_recorded_looked_up_and_reported_in_light() {
    who_holds_what(Look::Light, (1280, 800));
}

#[test]
fn who_holds_what_is_recorded_looked_up_and_reported_in_dark_and_in_the_smallest_size() {
    who_holds_what(Look::Dark, (960, 640));
}
