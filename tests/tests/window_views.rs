//! Every view of the main window and the small windows, opened by the keyboard: what axe-core finds
//! in them, and what each does to the vault as the command line sees it.

#[path = "window_views/steps.rs"]
mod steps;

use serde_json::{Value, json};
use steps::{choose, filled, key_page, open, view};
use strongroom_tests::{
    Canary, DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, desktop, key, wait_for,
};

/// Looked at view by view, with what is wrong in all of them told at once.
struct Review<'w> {
    sandbox: &'w Sandbox,
    window: &'w Window,
    found: Vec<String>,
}

impl Review<'_> {
    /// What axe-core finds, and what a screen reader is told on the accessibility bus: something is
    /// to be operated everywhere, and all of it has a name.
    fn look(&mut self, at: &str) {
        let mut told = self.window.violations();
        let controls = self.sandbox.controls("strongroom-desktop");
        if controls.is_empty() {
            told.push("the accessibility bus tells of no control".to_owned());
        }
        let nameless = controls.iter().filter(|control| control.name.is_empty());
        told.extend(
            nameless.map(|control| format!("on the bus: a {} without a name", control.role)),
        );
        self.found
            .extend(told.into_iter().map(|one| format!("{at}: {one}")));
    }

    /// The small window of this name, which escape closes.
    fn small(&mut self, name: &str, focused: &str) {
        self.window.wait_for_window(name);
        self.window.wait_for_focus(focused);
        self.look(name);
        self.window.press(key::ESCAPE);
        self.window.wait_for_window("main");
    }
}

fn review_all(look: Look, size: (u32, u32)) {
    let mut sandbox = Sandbox::with(Parts::Desktop);
    sandbox.start_accessibility();
    sandbox.remember_window_size(size);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, look);
    let mut review = Review {
        sandbox: &sandbox,
        window: &window,
        found: Vec::new(),
    };
    review.look("keys");
    window.press_with(key::CONTROL, "k");
    window.wait_for_text(".palette-list", DEMO_KEYS[0].label);
    review.look("palette");
    window.press(key::ESCAPE);
    for (name, sign) in [
        ("Health", "Where the points went"),
        ("Reminders", "Send a test notification"),
        ("Activity", "Recorded a key"),
        ("Settings", "Run again"),
        ("People and shares", "Nobody is known yet"),
        ("Import", "Nothing is taken yet"),
        ("Export", "This is plaintext"),
    ] {
        view(&window, name);
        window.wait_for_text("main", sign);
        review.look(name);
    }

    key_page(&window, DEMO_KEYS[0].label);
    review.look("key page");
    window.push("More for this key");
    window.wait_for_text("[role=menu]", "Replace secret…");
    review.look("menu of a key");
    window.press(key::ESCAPE);
    window.push("Copy API key");
    review.small("step-up", "Code from your authenticator");
    window.push("Reveal…");
    review.small("reveal", "Code from your authenticator");
    choose(&window, "More for this key", "Replace secret…");
    review.small("secret", "API key");
    window.push("Edit key");
    window.wait_for_text("main form h1", "Edit binance-grid");
    review.look("editor of a key");
    window.press(key::ESCAPE);
    window.wait_for_text("article h2", DEMO_KEYS[0].label);
    window.press_with(key::CONTROL, "n");
    window.wait_for_text("main form h1", "Record a key");
    review.look("editor of a new key");
    window.press(key::ESCAPE);

    view(&window, "Settings");
    window.push("Change password…");
    review.small("secret", "Present master password");
    window.push("Replace authenticator…");
    review.small("setup", "Master password");
    assert_eq!(review.found, Vec::<String>::new(), "{look:?}");
}

#[test]
fn every_view_in_light_is_flawless_to_axe_core_and_named_on_the_accessibility_bus() {
    review_all(Look::Light, (1280, 800));
}

#[test]
fn every_view_in_dark_is_so_in_the_smallest_size_as_well() {
    review_all(Look::Dark, (960, 640));
}

#[test]
fn a_due_key_is_snoozed_and_a_test_notification_says_what_became_of_it() {
    let mut sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let due = DEMO_KEYS[2].label;
    view(&window, "Reminders");
    window.wait_for_text(".list", due);

    choose(&window, &format!("Snooze {due}"), "For some hours…");
    window.fill("Hours", "0");
    window.press(key::ENTER);
    window.wait_for_text(".list", "Type a whole number of hours from 1 to 720.");
    window.push("Keep reminding");
    choose(&window, &format!("Snooze {due}"), "For 1 day");
    window.wait_for_text(".filter [role=status]", &format!("{due} is silent until"));
    window.wait_for_text(".list", "Snoozed until");
    let list = vault.run(&["remind", "list"]).json();
    let reminders = list["reminders"].as_array().expect("a list of reminders");
    let snoozed: Vec<&Value> = reminders
        .iter()
        .filter(|one| one["snoozed_until_ms"].is_i64())
        .map(|one| &one["label"])
        .collect();
    assert_eq!(snoozed, [due], "{list}");

    sandbox.clear_notifications();
    window.push("Send a test notification");
    window.wait_for_text(".how", "took it. It should be on the screen now.");
    sandbox.wait_for_notifications(1);
    let _known = vault.forget_sandbox();
    sandbox.end_notifications();
    window.push("Send a test notification");
    window.wait_for_text(".how", "No notification service answers in this session");
}

#[test]
fn a_finding_is_accepted_in_the_window_seen_by_the_command_line_and_withdrawn() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let told = vault.run(&["health"]).json();
    let findings = told["findings"].as_array().expect("a list of findings");
    let finding = findings
        .iter()
        .find(|one| one["subject"]["kind"] == "entry")
        .expect("the demo's keys are not flawless");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let (rule, name) = (text(&finding["rule"]), text(&finding["name"]));
    let rules = told["rules"].as_array().expect("a list of rules");
    let title = rules.iter().find(|one| one["rule"] == rule.as_str());
    let title = text(&title.expect("each finding has its rule")["title"]);
    let standing = || {
        let told = vault.run(&["health"]).json();
        let findings = told["findings"].as_array().expect("a list").clone();
        let same = |one: &&Value| one["rule"] == rule.as_str() && one["name"] == name.as_str();
        let found = findings.iter().find(same).expect("it stays visible");
        (found["standing"].clone(), told["score"].clone())
    };

    view(&window, "Health");
    window.wait_for_text(".findings .list", &name);
    window.wait_for_text(".score", &format!("{} of 100", told["score"]));
    window.push(&format!("Accept… {name} {title}"));
    window.wait_for_focus("Reason");
    window.press(key::ENTER);
    window.wait_for_text(".findings form", "Say why this is all right.");
    window.fill("Until", "2020-01-01");
    window.fill("Reason", "watched by the desk");
    window.press(key::ENTER);
    window.wait_for_text(".findings form", "That day is over. Choose one to come.");
    assert_eq!(window.violations(), Vec::<String>::new(), "accepting");
    let open = standing();
    assert_eq!(open.0["kind"], "open", "nothing was sent");
    let day = 86_400_000;
    let soon = sandbox.clock().now_ms() + 30 * day;
    let script = "const at = new Date(arguments[0]); const two = one => String(one).padStart(2, '0');\
                  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`";
    let until = text(&window.run(script, &[json!(soon)]).expect("a day"));
    window.fill("Until", &until);
    window.press(key::ENTER);
    window.wait_for_text(".findings .accepted", "watched by the desk");
    let accepted = standing();
    assert_eq!(accepted.0["kind"], "accepted");
    assert_eq!(accepted.0["reason"], "watched by the desk");
    let ends = accepted.0["until_ms"].as_i64().expect("a moment");
    assert!(
        (ends - soon).abs() <= day,
        "{ends} is not the end of {until}"
    );
    assert!(accepted.1.as_i64() >= open.1.as_i64());
    window.wait_for_text(".score", &format!("{} of 100", accepted.1));
    assert_eq!(window.violations(), Vec::<String>::new(), "accepted");

    window.push(&format!("Withdraw: {name} {title}"));
    window.wait_for_text(".findings .said", "Open again:");
    assert_eq!(standing(), open);

    // From the key's page one comes to its findings alone, and back to all.
    key_page(&window, &name);
    window.wait_for_text("article [aria-label=Findings]", &title);
    window.push("View in Health");
    window.wait_for_text(".findings .only", &format!("Only findings of {name}"));
    window.push("Show every finding");
    wait_for("every finding", Deadline::Short, || {
        window.text(".findings .only").is_none().then_some(())
    });
}

#[test]
fn the_activity_is_verified_with_the_claim_of_the_command_line() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    view(&window, "Activity");
    window.wait_for_text("[role=grid]", "Recorded a key");
    window.push("Verify log");
    let told = window.wait_for_text("section .claim", "Verified");
    let verified = vault.run(&["audit", "verify"]).json();
    let claim = verified["claim"].as_str().expect("a claim in words");
    assert!(told.contains(claim), "{told:?} is not {claim:?}");

    window.fill("Key: label or id", "nobody-of-this-name");
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "No key has this label or id.");
}

#[test]
fn settings_are_saved_at_once_and_a_refused_value_has_words_beside_it() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let minutes = || {
        let told = vault.run(&["settings", "list"]).json();
        let all = told["settings"].as_array().expect("a list of settings");
        let found = all.iter().find(|one| one["name"] == "auto-lock-minutes");
        found.expect("it is a setting")["value"].clone()
    };
    view(&window, "Settings");
    window.fill("Lock when unused", "7");
    window.press(key::ENTER);
    window.wait_for_text("#section-locking", "Saved");
    assert_eq!(minutes(), "7");
    window.fill("Lock when unused", "0");
    window.press(key::ENTER);
    window.wait_for_text("#section-locking [role=alert]", "Not saved:");
    let value = "return document.activeElement.value";
    assert_eq!(window.run(value, &[]).expect("a field"), "0");
    assert_eq!(minutes(), "7");

    // Dark as it was chosen, although the desktop is light; also in the window that unlocks.
    let theme = || {
        let script = "return document.documentElement.dataset.theme";
        window.run(script, &[]).expect("a page answers")
    };
    assert_eq!(theme(), "light");
    window.take("Dark");
    wait_for("the dark look", Deadline::Short, || {
        (theme() == "dark").then_some(())
    });
    assert_eq!(window.violations(), Vec::<String>::new());
    window.press_with(key::CONTROL, "l");
    window.wait_for_window("unlock");
    wait_for("the dark look", Deadline::Short, || {
        (theme() == "dark").then_some(())
    });
}

#[test]
fn a_file_is_previewed_imported_listed_and_taken_back() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let (id, secret) = (Canary::make(), Canary::make());
    let text = format!(
        "# of a bot\nKRAKEN_API_KEY={}\nKRAKEN_API_SECRET={}\nLOG_LEVEL=info\n",
        id.text(),
        secret.text()
    );
    let file = sandbox.write_home("bot.env", &text);
    let window = open(&sandbox, &vault, Look::Light);
    let count = || {
        let list = vault.run(&["list"]).json();
        list["rows"].as_array().map(Vec::len)
    };
    let before = count();
    view(&window, "Import");
    window.fill("File", "/nowhere/bot.env");
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "There is no such file");
    window.fill("File", file.to_str().expect("text"));
    window.press(key::ENTER);
    let plan = window.wait_for_text(".summary", "1 key found: 1 new");
    assert!(plan.contains("Read as .env"), "{plan}");
    assert_eq!(count(), before, "a preview takes nothing");
    window.push("Every value of the file 4");
    window.wait_for_text("main", "LOG_LEVEL");
    let page = window.run("return document.documentElement.outerHTML", &[]);
    let page = page.expect("a page answers").to_string();
    assert!(!page.contains(secret.text()) && !page.contains(id.text()));
    assert_eq!(window.violations(), Vec::<String>::new(), "preview");

    window.push("Import 1 key");
    window.wait_for_text(".result h2", "1 key recorded");
    assert_eq!(count(), before.map(|keys| keys + 1));
    assert_eq!(window.violations(), Vec::<String>::new(), "result");
    window.push("Undo import");
    window.wait_for_text(".result", "The keys of this import leave the vault");
    window.push("Undo import");
    window.wait_for_text(".result h2", "1 key was taken back.");
    assert_eq!(count(), before);
}

fn shown(vault: &Vault<'_>, label: &str) -> Value {
    vault.run(&["show", label]).json()
}

#[test]
fn an_edited_key_is_seen_by_the_command_line_and_an_archived_one_comes_back() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let label = DEMO_KEYS[0].label;
    key_page(&window, label);
    window.push("Edit key");
    window.fill("Label", " ");
    window.press_with(key::CONTROL, key::ENTER);
    window.wait_for_text("main form", "Give it a label.");
    window.fill("Label", label);
    window.focus_field("Tags");
    window.press("blackbox");
    window.press(key::ENTER);
    window.press_with(key::CONTROL, key::ENTER);
    window.wait_for_text(".toasts", &format!("Saved {label}."));
    let tags = json!(["blackbox", "grid", "vps-1"]);
    let mut now = shown(&vault, label)["row"]["tags"].clone();
    if let Some(now) = now.as_array_mut() {
        now.sort_by_key(ToString::to_string);
    }
    assert_eq!(now, tags);

    // One key is found, selected with the space bar and put away.
    window.go_to("All keys");
    window.focus_on("Search keys");
    window.press(label);
    wait_for("one row", Deadline::Short, || {
        let rows = "return document.querySelectorAll('.room [role=row]:not([hidden])').length";
        (window.run(rows, &[]).ok()? == 1).then_some(())
    });
    window.focus_on("Keys");
    window.press(key::SPACE);
    window.wait_for_text("[role=toolbar]", "1 key selected");
    window.push("Archive");
    window.wait_for_text(".toasts", "Archived 1 key.");
    assert_eq!(shown(&vault, label)["row"]["state"], "archived");
    window.push("Undo");
    window.wait_for_text(".toasts", "Put 1 key back as before.");
    assert_eq!(shown(&vault, label)["row"]["state"], "active");
}

#[test]
fn a_second_start_brings_the_first_window_to_the_key_it_names() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    view(&window, "Settings");
    let start = |key: &str| {
        let mut second = sandbox.tool(desktop());
        second
            .arg("--vault")
            .arg(vault.folder())
            .args(["--key", key]);
        second.output().expect("the window's program starts")
    };
    let label = DEMO_KEYS[3].label;
    let id = shown(&vault, label)["row"]["id"].clone();
    let done = start(id.as_str().expect("a key has an id"));
    assert!(done.status.success(), "{done:?}");
    window.wait_for_text("article h2", label);

    let refused = start("../../etc");
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("--key needs the id of a key"), "{words}");
    assert_eq!(window.text("article h2").as_deref(), Some(label));
}
