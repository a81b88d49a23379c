//! People, what goes to them and comes from them, who leaves, and exports.
//!
//! Not here: any test of them (`tests/window_team.rs`).

use std::path::Path;

use strongroom_tests::{DESK, DESK_KEYS, Look, Sandbox, Vault, key};

use super::studio::Studio;
use super::{settled, studio};

const TEAM: &str = "People and shares";

pub(super) fn photograph(look: Look, size: (u32, u32), folder: &Path) {
    let sandbox = studio();
    let alice = Vault::create(&sandbox);
    alice.add_desk();
    let bob = Vault::of_person(&sandbox, "bob", "Bob");
    let out = sandbox.make_folder("out");
    let (to_bob, to_alice) = (
        text(&out.join("desk.strongshare")),
        text(&out.join("answer.strongshare")),
    );
    introduce(&sandbox, &alice, &bob);
    let make = ["share", "make", "--to", "Bob", "--yes", "--out", &to_bob];
    alice.call(&make).with_code().answer().ok();
    let take = ["import-share", &to_bob, "--yes"];
    bob.call(&take).with_code().answer().ok();
    answer(&alice, &bob, &to_alice);

    let studio = Studio::open(&sandbox, &alice, (look, size), folder, DESK_KEYS[0]);
    people(&studio);
    going(&studio, &alice, &text(&out.join("late.strongshare")));
    coming(&studio, &alice, &to_alice);
    leaving(&studio, &alice);
    other_key(&studio, &sandbox);
    exports(&studio, &text(&out.join("keys.json")));
}

fn text(path: &Path) -> String {
    path.to_str().expect("our paths are text").to_owned()
}

/// Somebody's card as a file, and its fingerprint.
fn card_of(sandbox: &Sandbox, vault: &Vault<'_>, name: &str) -> (String, String) {
    let (card, print) = vault.own_card();
    let file = sandbox.write_home(&format!("{name}.card"), &card);
    (text(&file), print)
}

/// Alice knows a trader, an auditor and somebody who was not compared yet; Bob knows her.
fn introduce(sandbox: &Sandbox, alice: &Vault<'_>, bob: &Vault<'_>) {
    alice.run(&["contact", "me", "--name", "Alice"]).ok();
    let (card, print) = card_of(sandbox, bob, "bob");
    alice.run(&["contact", "add", &card]).ok();
    alice
        .run(&["contact", "verify", "Bob", "--fingerprint", &print])
        .ok();
    let role = ["contact", "role", "Bob", "trader", "--tag", DESK];
    alice.call(&role).with_code().answer().ok();
    for (name, role) in [("Carol", Some("auditor")), ("Dora", None)] {
        let other = Vault::of_person(sandbox, &name.to_lowercase(), name);
        let (card, _) = card_of(sandbox, &other, name);
        alice.run(&["contact", "add", &card]).ok();
        if let Some(role) = role {
            let role = ["contact", "role", name, role, "--tag", DESK];
            alice.call(&role).with_code().answer().ok();
        }
    }
    let (card, print) = card_of(sandbox, alice, "alice");
    bob.run(&["contact", "add", &card]).ok();
    bob.run(&["contact", "verify", "Alice", "--fingerprint", &print])
        .ok();
    let role = ["contact", "role", "Alice", "admin", "--all"];
    bob.call(&role).with_code().answer().ok();
}

/// Bob changes what he may, what Alice changes too, and what is not his to change.
fn answer(alice: &Vault<'_>, bob: &Vault<'_>, file: &str) {
    let [same, his, _, other, _] = DESK_KEYS;
    bob.run(&["edit", same, "--notes", "Grid runs from 58k to 72k"])
        .ok();
    bob.run(&["edit", his, "--notes", "Read by the tax adviser since May"])
        .ok();
    bob.run(&["edit", other, "--allowlist", "unrestricted"])
        .ok();
    alice
        .run(&["edit", same, "--notes", "Grid runs from 60k to 70k"])
        .ok();
    let make = ["share", "make", "--to", "Alice", "--all", "--yes", "--out"];
    let make = [&make[..], &[file]].concat();
    bob.call(&make).with_code().answer().ok();
}

fn open_person(studio: &Studio<'_>, name: &str) {
    studio.click("[role=grid] [role=row]", name);
    let person = format!("[data-person={name}]");
    studio.window.wait_for_text(&person, "Fingerprint");
}

fn people(studio: &Studio<'_>) {
    let window = &studio.window;
    studio.go(TEAM);
    studio.shot("team-1-people");
    window.push("Add person…");
    studio.shot("team-2-add");
    window.push("Cancel");
    open_person(studio, "Dora");
    studio.shot("team-3-person");
    window.push("Compare fingerprint…");
    window.fill("Fingerprint as they say it", "AAAA 0000");
    studio.shot("team-4-compare");
    window.push("Cancel");
    window.push("Give role…");
    window.take("Only this");
    studio.shot("team-5-role");
    window.push("Cancel");
}

fn going(studio: &Studio<'_>, alice: &Vault<'_>, file: &str) {
    let window = &studio.window;
    studio.go(TEAM);
    studio.click("header button", "Share keys…");
    studio.shot("team-6-share-empty");
    studio.click("[role=checkbox], label", "Bob");
    window.wait_for_text("[data-share-wizard] .told", "Bob as trader");
    studio.shot("team-7-share");
    window.fill("New file for the share", file);
    studio.click("[data-share-wizard] button[type=submit]", "Share");
    studio.allow(alice, "Make share", "team-8-code");
    window.wait_for_window("main");
    window.wait_for_text("[data-share-wizard]", "only who it is made for can open it");
    studio.shot("team-9-made");
}

fn coming(studio: &Studio<'_>, alice: &Vault<'_>, file: &str) {
    let window = &studio.window;
    studio.go(TEAM);
    window.push("Open a share…");
    studio.shot("team-10-open");
    window.fill("File", file);
    window.press(key::ENTER);
    window.wait_for_text("[data-sender=Bob]", "Verified");
    studio.shot("team-11-suspicious");
    studio.click("[data-group]", "Conflict");
    studio.shot("team-12-conflicting");
    studio.click("[data-open-share] footer button", "Take");
    studio.allow(alice, "Take changes", "team-13-code");
    window.wait_for_window("main");
    window.wait_for_text("[data-share-result]", "Taken from Bob");
    studio.shot("team-14-taken");
    window.push("Settle conflicts");
    window.wait_for_text("[data-conflicts]", DESK_KEYS[0]);
    studio.shot("team-15-conflicts");
    studio.click("[role=radio]", "Shares");
    studio.shot("team-16-shares");
}

fn leaving(studio: &Studio<'_>, alice: &Vault<'_>) {
    let window = &studio.window;
    studio.go(TEAM);
    open_person(studio, "Bob");
    studio.shot("team-17-known");
    window.push("Remove person…");
    window.wait_for_text("[data-leaving=Bob]", "It takes nothing back");
    studio.shot("team-18-leaving");
    window.push("Remove person…");
    studio.allow(alice, "Remove person", "team-19-code");
    window.wait_for_window("main");
    window.wait_for_text("[data-rotate-list=Bob] [role=grid]", DESK_KEYS[0]);
    studio.shot("team-20-rotate");
    window.push("Write list…");
    studio.shot("team-21-write");
    studio.go(TEAM);
    open_person(studio, "Bob");
    studio.shot("team-22-removed");
}

/// A card in Carol's name with another key covers everything.
fn other_key(studio: &Studio<'_>, sandbox: &Sandbox) {
    let window = &studio.window;
    let mallory = Vault::of_person(sandbox, "mallory", "Carol");
    studio.go(TEAM);
    window.push("Add person…");
    window.fill("Card", &mallory.own_card().0);
    window.push("Add person");
    window.wait_for_text("[role=alertdialog]", "Carol has another key on this card");
    studio.shot("team-23-key-change");
    window.push("Keep the key I know");
    settled(window);
}

fn exports(studio: &Studio<'_>, file: &str) {
    let window = &studio.window;
    studio.go("Export");
    window.wait_for_text("[data-export] .plan", "would leave");
    studio.shot("export-1-json");
    window.fill("New file for the keys", file);
    window.press(key::ENTER);
    window.wait_for_text("[data-export]", "Type “export”.");
    studio.shot("export-2-word");
}
