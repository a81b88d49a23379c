//! People and shares in the real window: Alice shares from her window, Bob answers from his command
//! line, and she takes his changes, settles what both changed, lets him go and reads what is to be
//! rotated.

#[path = "window_views/steps.rs"]
#[expect(dead_code, reason = "shared with the tests of the views")]
mod steps;

use std::path::{Path, PathBuf};

use serde_json::Value;
use steps::{filled, open, view};
use strongroom_tests::{DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, key, wait_for};

const TEAM: &str = "People and shares";

fn is_flawless(window: &Window, at: &str) {
    wait_for("the end of what is told", Deadline::Short, || {
        let told = window.text(".toasts").unwrap_or_default();
        told.trim().is_empty().then_some(())
    });
    assert_eq!(window.violations(), Vec::<String>::new(), "{at}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("our paths are text")
}

/// Bob, with a vault, a card and nothing in it yet, beside Alice's.
fn bob(sandbox: &Sandbox) -> Vault<'_> {
    let bob = Vault::create_in(sandbox, &sandbox.root().join("data/bob"), &[]);
    bob.unlock().ok();
    bob.run(&["contact", "me", "--name", "Bob"]).ok();
    bob
}

fn own(vault: &Vault<'_>) -> (String, String) {
    let card = vault.run(&["contact", "me"]).ok().json();
    let of = |name: &str| card[name].as_str().expect("a card has it").to_owned();
    (of("card"), of("fingerprint"))
}

/// A code into the small window that asks for one, and its verb.
fn allow(window: &Window, vault: &Vault<'_>, verb: &str) {
    window.wait_for_window("step-up");
    window.wait_for_focus("Code from your authenticator");
    assert_eq!(window.violations(), Vec::<String>::new(), "{verb}");
    window.press(&vault.fresh_code());
    window.push(verb);
    window.wait_for_window("main");
}

/// Makes Alice's card in her window, and gives it to Bob, who takes her for an admin.
fn introduce(window: &Window, sandbox: &Sandbox, bob: &Vault<'_>) {
    view(window, TEAM);
    window.wait_for_text("main", "Nobody is known yet");
    is_flawless(window, "nobody");
    window.push("Make card");
    window.wait_for_text("[data-own-card]", "Say how others know you.");
    window.fill("Your name, as others see it", "Alice");
    window.press(key::ENTER);
    window.wait_for_text("[data-own-card]", "Copy card");
    let card = sandbox.make_folder("out").join("alice.txt");
    window.push("Save card…");
    window.fill("New file for the card", text(&card));
    window.press(key::ENTER);
    window.wait_for_text(".toasts", "Your card is in");
    bob.run(&["contact", "add", text(&card)]).ok();
    let known = bob.run(&["contact", "show", "Alice"]).ok().json();
    let print = known["fingerprint"].as_str().expect("a fingerprint");
    let verify = ["contact", "verify", "Alice", "--fingerprint", print];
    bob.run(&verify).ok();
    let role = ["contact", "role", "Alice", "admin", "--all"];
    bob.call(&role).with_code().answer().ok();
}

/// Adds Bob by his card, compares the fingerprint as he says it, and gives him a role.
fn know(window: &Window, alice: &Vault<'_>, bob: &Vault<'_>, role: &str) {
    let (card, print) = own(bob);
    window.push("Add person…");
    window.fill("Card", "no card at all");
    window.push("Add person");
    window.wait_for_text("form .error", "Nobody was added");
    window.fill("Card", &card);
    window.push("Add person");
    window.wait_for_text("[data-person=Bob]", "Nobody has compared the fingerprint");
    is_flawless(window, "a person");
    window.push("Compare fingerprint…");
    window.fill("Fingerprint as they say it", "AAAA 0000");
    window.wait_for_text("[data-compare=Bob]", "differs");
    window.fill("Fingerprint as they say it", &print);
    window.wait_for_text("[data-compare=Bob]", "8 of 8 groups are the same");
    is_flawless(window, "comparing");
    window.push("They are the same");
    window.wait_for_text("[data-person=Bob]", "The fingerprint was compared");
    window.push("Give role…");
    window.wait_for_text("[data-role-form=Bob]", "What Bob may get");
    window.take(role);
    is_flawless(window, "a role");
    window.push("Give role…");
    allow(window, alice, "Give role");
    window.wait_for_text("[data-person=Bob]", "Share with them…");
}

/// Shares with Bob what his role and scope say.
fn share(window: &Window, alice: &Vault<'_>, file: &Path) {
    window.push("Share with them…");
    window.wait_for_text("[data-share-wizard] .told", "Bob as admin");
    is_flawless(window, "who gets what");
    window.fill("New file for the share", text(file));
    let script = "const it = document.querySelector('[data-share-wizard] button[type=submit]'); \
                  it.focus(); return !it.disabled";
    assert_eq!(window.run(script, &[]), Ok(Value::Bool(true)));
    window.press(key::ENTER);
    allow(window, alice, "Make share");
    window.wait_for_text("[data-share-wizard]", "only who it is made for can open it");
    is_flawless(window, "made");
}

/// Bob sends everything back to Alice, who makes a preview of it.
fn answer(window: &Window, bob: &Vault<'_>, file: &Path) {
    let make = [
        "share",
        "make",
        "--to",
        "Alice",
        "--all",
        "--yes",
        "--out",
        text(file),
    ];
    bob.call(&make).with_code().answer().ok();
    view(window, TEAM);
    window.push("Open a share…");
    window.fill("File", "/nowhere/bob.strongshare");
    window.press(key::ENTER);
    window.wait_for_text("[data-open-share]", "There is no such file.");
    window.fill("File", text(file));
    window.press(key::ENTER);
    window.wait_for_text("[data-sender=Bob]", "Verified");
}

fn shown(vault: &Vault<'_>, label: &str) -> Value {
    vault.run(&["show", label]).ok().json()
}

/// What there is of the outgoing and the coming file.
fn files(sandbox: &Sandbox) -> (PathBuf, PathBuf) {
    let folder = sandbox.make_folder("out");
    (
        folder.join("desk.strongshare"),
        folder.join("bob.strongshare"),
    )
}

fn story(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let alice = filled(&sandbox);
    let bob = bob(&sandbox);
    let window = open(&sandbox, &alice, look);
    let (to_bob, to_alice) = files(&sandbox);
    introduce(&window, &sandbox, &bob);
    know(&window, &alice, &bob, "Admin");
    share(&window, &alice, &to_bob);

    bob.call(&["import-share", text(&to_bob), "--yes"])
        .with_code()
        .answer()
        .ok();
    let (same, his) = (DEMO_KEYS[0].label, DEMO_KEYS[1].label);
    assert_eq!(shown(&bob, same)["row"]["label"], same);
    // Both change one, and Bob another one alone.
    bob.run(&["edit", same, "--owner", "Bob"]).ok();
    bob.run(&["edit", his, "--notes", "moved to the new desk"])
        .ok();
    alice.run(&["edit", same, "--owner", "Alice"]).ok();

    answer(&window, &bob, &to_alice);
    window.wait_for_text("[data-group=conflict]", "1");
    window.wait_for_text("[data-group=updated]", "1");
    is_flawless(&window, "a preview");
    assert_ne!(
        shown(&alice, his)["notes"],
        "moved to the new desk",
        "nothing is taken yet"
    );
    let take = "const it = [...document.querySelectorAll('[data-open-share] footer button')][0]; \
                it.focus(); return it.innerText";
    let verb = window.run(take, &[]).expect("a page answers");
    assert_eq!(verb, "Take 2 changes…");
    window.press(key::ENTER);
    allow(&window, &alice, "Take changes");
    window.wait_for_text("[data-share-result]", "Taken from Bob");
    is_flawless(&window, "taken");

    window.push("Settle conflicts");
    window.wait_for_text("[data-conflicts]", same);
    is_flawless(&window, "conflicts");
    window.push(&format!("Keep this: Bob as owner of {same}"));
    window.wait_for_text("[data-conflicts]", "Nothing is in conflict");
    assert_eq!(shown(&alice, same)["owner"], "Bob");

    // The same file once more has nothing new.
    window.push("Open a share…");
    window.fill("File", text(&to_alice));
    window.press(key::ENTER);
    window.wait_for_text("[data-open-share]", "Nothing was taken");

    leave(&window, &sandbox, &alice);
}

/// Bob leaves, and what he knows stands on a list that is written down.
fn leave(window: &Window, sandbox: &Sandbox, alice: &Vault<'_>) {
    view(window, TEAM);
    window.wait_for_text("[role=grid]", "Bob");
    let rows = "document.querySelector('[role=grid]').focus(); return true";
    window.run(rows, &[]).expect("the list is there");
    window.press(key::ENTER);
    window.wait_for_text("[data-person=Bob]", "Remove person…");
    window.push("Remove person…");
    window.wait_for_text("[data-leaving=Bob]", "It takes nothing back");
    is_flawless(window, "leaving");
    window.push("Remove person…");
    allow(window, alice, "Remove person");
    window.wait_for_text("[data-rotate-list=Bob]", "to rotate");
    window.wait_for_text("[data-rotate-list=Bob] [role=grid]", DEMO_KEYS[0].label);
    is_flawless(window, "a rotate list");
    let list = sandbox.make_folder("out").join("bob.csv");
    window.push("Write list…");
    window.fill("New file for the list", text(&list));
    window.push("Write list");
    window.wait_for_text("[data-rotate-list=Bob]", "The list is in");
    let written = std::fs::read_to_string(&list).expect("it was written");
    assert!(written.contains(DEMO_KEYS[0].label), "{written}");
}

#[test]
#[ignore = "stops where it types into a field, which was not looked into yet"]
fn keys_are_shared_answered_merged_and_rotated_in_light() {
    story(Look::Light, (1280, 800));
}

#[test]
#[ignore = "stops where it types into a field, which was not looked into yet"]
fn keys_are_shared_answered_merged_and_rotated_in_dark_and_in_the_smallest_size() {
    story(Look::Dark, (960, 640));
}

#[test]
#[ignore = "stops where it types into a field, which was not looked into yet"]
fn another_key_under_a_known_name_covers_the_window_until_it_is_decided() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let alice = filled(&sandbox);
    let first = bob(&sandbox);
    let window = open(&sandbox, &alice, Look::Dark);
    introduce(&window, &sandbox, &first);
    know(&window, &alice, &first, "Viewer");
    let (_, before) = own(&first);
    let mallory = Vault::create_in(&sandbox, &sandbox.root().join("data/mallory"), &[]);
    mallory.unlock().ok();
    mallory.run(&["contact", "me", "--name", "Bob"]).ok();
    let (card, print) = own(&mallory);
    window.push("Add person…");
    window.fill("Card", &card);
    window.push("Add person");
    window.wait_for_text("[role=alertdialog]", "Bob has another key on this card");
    assert_eq!(window.violations(), Vec::<String>::new(), "another key");
    window.wait_for_focus("Keep the key I know");
    window.press(key::ESCAPE);
    window.press_with(key::CONTROL, "k");
    window.wait_for_text("[role=alertdialog]", "decided before anything else");
    window.fill("New fingerprint as they say it", &before);
    window.push("Trust new key…");
    window.wait_for_text("[role=alertdialog]", "known until now, not the new one");
    window.push("Keep the key I know");
    let known = alice.run(&["contact", "show", "Bob"]).ok().json();
    assert_eq!(known["fingerprint"].as_str(), Some(before.as_str()));

    // It is said on purpose, with a code: then it is so, and has to be compared anew.
    window.push("Add person…");
    window.fill("Card", &card);
    window.push("Add person");
    window.wait_for_text("[role=alertdialog]", "Bob has another key on this card");
    window.fill("New fingerprint as they say it", &print);
    window.push("Trust new key…");
    allow(&window, &alice, "Trust new key");
    window.wait_for_text("[data-person=Bob]", "Nobody has compared the fingerprint");
    let known = alice.run(&["contact", "show", "Bob"]).ok().json();
    assert_eq!(known["fingerprint"].as_str(), Some(print.as_str()));
}

#[test]
fn keys_leave_as_a_file_only_with_a_word_and_a_code() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let alice = filled(&sandbox);
    let window = open(&sandbox, &alice, Look::Light);
    view(&window, "Export");
    window.wait_for_text("[data-export] .plan", "would leave");
    let file = sandbox.make_folder("out").join("keys.json");
    window.fill("New file for the keys", text(&file));
    window.press(key::ENTER);
    window.wait_for_text("[data-export]", "Type “export”.");
    is_flawless(&window, "export");
    window.fill("Type “export” to say that it is meant", "export");
    window.press(key::ENTER);
    window.wait_for_window("step-up");
    assert!(!file.exists(), "nothing leaves before a code");
    let verb = format!("Export {} keys", steps::KEYS);
    allow(&window, &alice, &verb);
    window.wait_for_text(
        "[data-export]",
        "in plaintext. Delete it once it has served.",
    );
    let written = std::fs::read_to_string(&file).expect("it was written");
    assert!(written.contains("strongroom-export-1"), "it is our archive");
    assert!(written.contains(DEMO_KEYS[0].label));
}
