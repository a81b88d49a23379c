//! People and shares in the real window: Alice shares five of her twelve keys with a trader and with
//! an auditor, Bob answers from his command line, and she takes his changes, settles what both
//! changed, lets him go and reads what is to be rotated.

#[path = "window_views/steps.rs"]
#[expect(dead_code, reason = "shared with the tests of the views")]
mod steps;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use steps::{filled, filled_with, open, view};
use strongroom_tests::{
    DEMO_KEYS, DESK, DESK_KEYS, Deadline, Look, Parts, Sandbox, TRADERS_SECRETS, Vault, Window,
    key, wait_for,
};

const TEAM: &str = "People and shares";

/// What the command line ends with where a key has no such secret.
const NO_SECRET: i32 = 10;

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

/// A code into the small window that asks for one, and its verb.
fn allow(window: &Window, vault: &Vault<'_>, verb: &str) {
    window.wait_for_window("step-up");
    window.wait_for_focus("Code from your authenticator");
    assert_eq!(window.violations(), Vec::<String>::new(), "{verb}");
    window.press(&vault.fresh_code());
    window.push(verb);
    window.wait_for_window("main");
}

/// Makes Alice's card in her window, and gives it to the others, who take her for an admin.
fn introduce(window: &Window, sandbox: &Sandbox, others: &[&Vault<'_>]) {
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
    for other in others {
        other.run(&["contact", "add", text(&card)]).ok();
        let known = other.run(&["contact", "show", "Alice"]).ok().json();
        let print = known["fingerprint"].as_str().expect("a fingerprint");
        let verify = ["contact", "verify", "Alice", "--fingerprint", print];
        other.run(&verify).ok();
        let role = ["contact", "role", "Alice", "admin", "--all"];
        other.call(&role).with_code().answer().ok();
    }
}

/// Adds somebody by their card, after one that is none, and compares the fingerprint as they say it.
fn know(window: &Window, name: &str, other: &Vault<'_>) {
    let (card, print) = other.own_card();
    let person = format!("[data-person={name}]");
    window.push("Add person…");
    window.fill("Card", "no card at all");
    window.push("Add person");
    window.wait_for_text("form .error", "Nobody was added");
    window.fill("Card", &card);
    window.push("Add person");
    window.wait_for_text(&person, "Nobody has compared the fingerprint");
    is_flawless(window, "a person");
    window.push("Compare fingerprint…");
    window.fill("Fingerprint as they say it", "AAAA 0000");
    window.wait_for_text(&format!("[data-compare={name}]"), "differs");
    window.fill("Fingerprint as they say it", &print);
    let compared = "8 of 8 groups are the same";
    window.wait_for_text(&format!("[data-compare={name}]"), compared);
    is_flawless(window, "comparing");
    window.push("They are the same");
    window.wait_for_text(&person, "The fingerprint was compared");
}

/// Gives a role for the keys of the desk.
fn give(window: &Window, alice: &Vault<'_>, name: &str, role: &str) {
    let form = format!("[data-role-form={name}]");
    window.push("Give role…");
    window.wait_for_text(&form, &format!("What {name} may get"));
    window.take(role);
    window.take("Only this");
    window.push("Give role…");
    window.wait_for_text(&form, "Name a tag, an account or a key.");
    window.fill("Tags, optional", DESK);
    window.press(key::ENTER);
    is_flawless(window, "a role");
    window.push("Give role…");
    allow(window, alice, "Give role");
    window.wait_for_text(&format!("[data-person={name}]"), "Share with them…");
}

/// Shares with somebody what their role and scope say; as many secrets leave.
fn share(
    window: &Window,
    alice: &Vault<'_>,
    (name, role): (&str, &str),
    file: &Path,
    secrets: u32,
) {
    window.push("Share with them…");
    let told = format!("{name} as {role}");
    window.wait_for_text("[data-share-wizard] .told", &told);
    is_flawless(window, "who gets what");
    window.fill("New file for the share", text(file));
    let script = "const it = document.querySelector('[data-share-wizard] button[type=submit]'); \
                  it.focus(); return it.innerText";
    let verb = window.run(script, &[]).expect("a page answers");
    assert_eq!(verb, format!("Share {} keys…", DESK_KEYS.len()));
    window.press(key::ENTER);
    allow(window, alice, "Make share");
    let made = window.wait_for_text("[data-share-wizard]", "only who it is made for can open it");
    let told = match secrets {
        0 => "5 keys, without any secret".to_owned(),
        some => format!("5 keys, {some} secrets"),
    };
    assert!(made.contains(&told), "{made}");
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

fn labels(vault: &Vault<'_>) -> BTreeSet<String> {
    let list = vault.run(&["list"]).ok().json();
    let rows = list["rows"].as_array().expect("a list has rows").clone();
    let labels = rows.iter().filter_map(|row| row["label"].as_str());
    labels.map(str::to_owned).collect()
}

/// Takes a share of Alice's on somebody's command line.
#[track_caller]
fn takes(vault: &Vault<'_>, file: &Path) {
    let import = ["import-share", text(file), "--yes"];
    vault.call(&import).with_code().answer().ok();
    let of_desk = DESK_KEYS.iter().map(|&label| label.to_owned());
    assert_eq!(labels(vault), of_desk.collect());
}

/// What Bob, with his four secrets, and Alice change: one both of them, and one he alone.
const SAME: &str = DESK_KEYS[0];
const HIS: &str = DESK_KEYS[2];

/// Two who get shares: a trader and an auditor.
fn hand_out(window: &Window, sandbox: &Sandbox, alice: &Vault<'_>, bob: &Vault<'_>) {
    let carol = Vault::of_person(sandbox, "carol", "Carol");
    let out = sandbox.make_folder("out");
    introduce(window, sandbox, &[bob, &carol]);
    for (name, other, role, secrets) in [("Bob", bob, "Trader", 4), ("Carol", &carol, "Auditor", 0)]
    {
        let file = out.join(name).with_extension("strongshare");
        view(window, TEAM);
        know(window, name, other);
        give(window, alice, name, role);
        share(window, alice, (name, &role.to_lowercase()), &file, secrets);
        takes(other, &file);
    }
    for label in DESK_KEYS {
        let reveal = |vault: &Vault<'_>| vault.call(&["reveal", label]).with_code().answer();
        reveal(&carol).refused(NO_SECRET);
        if TRADERS_SECRETS.contains(&label) {
            reveal(bob).ok();
        } else {
            reveal(bob).refused(NO_SECRET);
        }
    }
}

fn story(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let alice = filled_with(&sandbox, |vault| vault.add_desk());
    let bob = Vault::of_person(&sandbox, "bob", "Bob");
    let window = open(&sandbox, &alice, look);
    hand_out(&window, &sandbox, &alice, &bob);

    bob.run(&["edit", SAME, "--notes", "of Bob"]).ok();
    bob.run(&["edit", HIS, "--notes", "moved to the new desk"])
        .ok();
    alice.run(&["edit", SAME, "--notes", "of Alice"]).ok();

    let to_alice = sandbox.make_folder("out").join("alice.strongshare");
    answer(&window, &bob, &to_alice);
    window.wait_for_text("[data-group=conflict]", "1");
    window.wait_for_text("[data-group=updated]", "1");
    is_flawless(&window, "a preview");
    let nothing = shown(&alice, HIS)["notes"] != "moved to the new desk";
    assert!(nothing, "nothing is taken yet");
    let take = "const it = [...document.querySelectorAll('[data-open-share] footer button')][0]; \
                it.focus(); return it.innerText";
    let verb = window.run(take, &[]).expect("a page answers");
    assert_eq!(verb, "Take 2 changes…");
    window.press(key::ENTER);
    allow(&window, &alice, "Take changes");
    window.wait_for_text("[data-share-result]", "Taken from Bob");
    is_flawless(&window, "taken");
    assert_eq!(shown(&alice, HIS)["notes"], "moved to the new desk");

    window.push("Settle conflicts");
    window.wait_for_text("[data-conflicts]", SAME);
    is_flawless(&window, "conflicts");
    window.push(&format!("Keep this: of Bob as notes of {SAME}"));
    window.wait_for_text("[data-conflicts]", "Nothing is in conflict");
    assert_eq!(shown(&alice, SAME)["notes"], "of Bob");

    // The same file once more has nothing new.
    window.push("Open a share…");
    window.fill("File", text(&to_alice));
    window.press(key::ENTER);
    window.wait_for_text("[data-open-share]", "There is nothing to take.");

    leave(&window, &sandbox, &alice);
}

/// Bob leaves, and exactly what he could see stands on a list that is written down.
fn leave(window: &Window, sandbox: &Sandbox, alice: &Vault<'_>) {
    view(window, TEAM);
    window.wait_for_text("[role=grid]", "Bob");
    let rows = "document.querySelector('[role=grid]').focus(); return true";
    window.run(rows, &[]).expect("the list is there");
    window.press(key::ENTER);
    window.wait_for_text("[data-person=Bob]", "Remove person…");
    window.push("Remove person…");
    window.wait_for_text("[data-leaving=Bob]", "It takes nothing back");
    window.wait_for_text("[data-leaving=Bob]", "Rotate 4 keys.");
    is_flawless(window, "leaving");
    window.push("Remove person…");
    allow(window, alice, "Remove person");
    window.wait_for_text("[data-rotate-list=Bob]", "to rotate");
    window.wait_for_text("[data-rotate-list=Bob] [role=grid]", SAME);
    is_flawless(window, "a rotate list");
    let rows = "return [...document.querySelectorAll('[data-rotate-list] [role=row] button')]\
                .map(it => it.innerText).sort()";
    let named = window.run(rows, &[]).expect("a page answers");
    assert_eq!(named, serde_json::json!(TRADERS_SECRETS));
    let list = sandbox.make_folder("out").join("bob.csv");
    window.push("Write list…");
    window.fill("New file for the list", text(&list));
    window.push("Write list");
    window.wait_for_text("[data-rotate-list=Bob]", "The list is in");
    let written = std::fs::read_to_string(&list).expect("it was written");
    for label in labels(alice) {
        let could_see = TRADERS_SECRETS.contains(&label.as_str());
        assert_eq!(written.contains(&label), could_see, "{label}: {written}");
    }
}

#[test]
fn keys_are_shared_answered_merged_and_rotated_in_light() {
    story(Look::Light, (1280, 800));
}

#[test]
fn keys_are_shared_answered_merged_and_rotated_in_dark_and_in_the_smallest_size() {
    story(Look::Dark, (960, 640));
}

#[test]
fn another_key_under_a_known_name_covers_the_window_until_it_is_decided() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let alice = filled(&sandbox);
    let first = Vault::of_person(&sandbox, "bob", "Bob");
    let window = open(&sandbox, &alice, Look::Dark);
    introduce(&window, &sandbox, &[&first]);
    know(&window, "Bob", &first);
    let (_, before) = first.own_card();
    let mallory = Vault::of_person(&sandbox, "mallory", "Bob");
    let (card, print) = mallory.own_card();
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
