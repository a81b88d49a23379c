//! From due to done in the real window: a key is rotated while window and agent die between the
//! steps, keys are revoked, a vendor is breached, a person leaves.

#[path = "window_views/steps.rs"]
mod steps;

use std::path::{Path, PathBuf};

use serde_json::Value;
use steps::{choose, filled, key_page, open, view};
use strongroom_tests::{
    Agent, DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, key, look_for, wait_for,
};

/// The key of these stories: a bot and a tax program hold it.
const LABEL: &str = DEMO_KEYS[0].label;
const NEW_API_KEY: &str = "nE1vH0q6x0Nw8bq1V9cZk3rT5yU7iO2pA4sD6fG8hJ0kL2zX4cV6bN8mQ1wE3rT5";
const NEW_SECRET: &str = "tH9gF7dS5aP3oI1uY9tR7eW5qM3nB1vC9xZ7lK5jH3gF1dS9aP7oI5uY3tR1eW9q";

fn held(sandbox: &Sandbox) -> Vault<'_> {
    let vault = filled(sandbox);
    vault.unlock().ok();
    vault.run(&["edit", LABEL, "--add-consumer", "tax"]).ok();
    vault.run(&["lock"]).ok();
    vault
}

/// Makes a browser the desktop's own, which writes the address it is given into the file returned.
fn with_browser(sandbox: &Sandbox) -> PathBuf {
    let root = sandbox.root();
    let (opened, script) = (root.join("home/opened"), root.join("home/browser.sh"));
    let applications = root.join("data/applications");
    std::fs::create_dir_all(&applications).expect("a folder of the sandbox");
    let write = |path: &Path, text: String| std::fs::write(path, text).expect("a sandbox's file");
    write(&script, format!("echo \"$1\" > {}\n", opened.display()));
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Browser\nExec=/bin/sh {} %u\n\
         MimeType=x-scheme-handler/https;\n",
        script.display()
    );
    write(&applications.join("browser.desktop"), entry);
    let chosen = "[Default Applications]\nx-scheme-handler/https=browser.desktop\n";
    write(&root.join("config/mimeapps.list"), chosen.to_owned());
    opened
}

/// Window and agent die, as in a crash of the machine; then somebody opens the vault again.
fn after_a_crash(
    vault: &Vault<'_>,
    (window, agent): (Window, Option<Agent>),
    look: Look,
) -> (Window, Option<Agent>) {
    let sandbox = vault.sandbox();
    window.kill();
    match agent {
        Some(agent) => agent.kill(),
        None => sandbox.end_agent(),
    }
    let agent = Agent::start(sandbox);
    let window = open(sandbox, vault, look);
    key_page(&window, LABEL);
    (window, Some(agent))
}

fn is_flawless(window: &Window, at: &str) {
    // What is told for a while goes by itself, also while its controls are looked at.
    let told = || window.text(".toasts").unwrap_or_default();
    let gone = look_for(Deadline::Short, || told().trim().is_empty().then_some(()));
    assert!(gone.is_some(), "{at}: it goes on telling {:?}", told());
    assert_eq!(window.violations(), Vec::<String>::new(), "{at}");
}

fn shows_no_secret(window: &Window) {
    let page = window.run("return document.documentElement.outerHTML", &[]);
    let page = page.expect("a page answers").to_string();
    assert!(!page.contains(NEW_SECRET));
}

fn rotation(vault: &Vault<'_>) -> Value {
    vault.run(&["rotate", "status", LABEL]).ok().json()
}

fn rotated_through_crashes(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let opened = with_browser(&sandbox);
    let vault = held(&sandbox);
    let window = open(&sandbox, &vault, look);
    key_page(&window, LABEL);
    window.push("Start rotation…");
    window.wait_for_text(
        "[data-rotation=idle]",
        "Nothing changes at the exchange yet",
    );
    is_flawless(&window, "asked");
    window.push("Start rotation");
    window.wait_for_text("[data-rotation=begun]", "Make a new key at Binance");
    window.wait_for_text("[data-rotation=begun] code", "https://www.binance.com/");
    window.push("Open in browser: the page of Binance");
    let address = wait_for("a browser with the page", Deadline::Short, || {
        std::fs::read_to_string(&opened)
            .ok()
            .filter(|text| text.ends_with('\n'))
    });
    let shown = window
        .text("[data-rotation=begun] code")
        .unwrap_or_default();
    assert_eq!(address.trim(), shown.trim());

    let (window, agent) = after_a_crash(&vault, (window, None), look);
    window.wait_for_text("[data-rotation=begun]", "Make a new key at Binance");
    is_flawless(&window, "begun");
    window.push("Type new secret…");
    window.wait_for_window("secret");
    window.wait_for_text("h1", &format!("Record the new secret of {LABEL}"));
    is_flawless(&window, "secret");
    window.fill("API key", NEW_API_KEY);
    window.fill("Secret", NEW_SECRET);
    window.push("Record new secret");
    window.wait_until_closed("secret");
    window.wait_for_text("[data-rotation=staged]", "Say what the new key may do");
    shows_no_secret(&window);

    let (window, agent) = after_a_crash(&vault, (window, agent), look);
    window.wait_for_text("[data-rotation=staged]", "Say what the new key may do");
    is_flawless(&window, "staged");
    // More than before is meant by nobody until the words are typed.
    window.focus_on("Keep these rights");
    let withdraw = "const group = document.querySelector('[aria-label=\"New key: Withdraw\"]');\
                    group.querySelector('button').focus(); return true";
    window.run(withdraw, &[]).expect("the row is there");
    window.press(key::SPACE);
    window.wait_for_text("[data-rotation]", "may do more than the old one: withdraw");
    window.push("Keep these rights");
    window.wait_for_text("[data-rotation]", "Type “withdraw”, or take it away");
    assert_eq!(rotation(&vault)["stage"], "staged");
    is_flawless(&window, "grown");
    window.fill("Type “withdraw” to let it do more", "withdraw");
    window.push("Keep these rights");
    window.wait_for_text("[data-rotation=switching]", "tick it off");
    tick(&window, "freqtrade has the new secret");
    window.wait_for_text("[data-rotation=switching] li .quiet", "has it");

    let (window, agent) = after_a_crash(&vault, (window, agent), look);
    window.wait_for_text("[data-rotation=switching] li .quiet", "has it");
    assert_eq!(rotation(&vault)["left"], serde_json::json!(["tax"]));
    is_flawless(&window, "switching");
    // The one to be handed over is shown by its own gesture, and not the one in use.
    window.push("Show new secret…");
    window.wait_for_window("reveal");
    window.fill("Code from your authenticator", &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_text("dl", NEW_API_KEY);
    window.press(key::ESCAPE);
    window.wait_until_closed("reveal");
    tick(&window, "tax has the new secret");
    window.wait_for_text("[data-rotation=in-use]", "the old one still works");
    window.push("End old key");
    window.wait_for_text("[data-rotation=ending]", "Delete the old key at Binance");

    let (window, _agent) = after_a_crash(&vault, (window, agent), look);
    window.wait_for_text("[data-rotation=ending]", "Delete the old key at Binance");
    is_flawless(&window, "ending");
    window.push("Confirm it is dead");
    window.wait_for_text("[data-rotation] form", "Look at the exchange first.");
    window.push("Confirm it is dead");
    window.wait_for_text(".toasts", "The old secret counts as dead.");
    assert_eq!(rotation(&vault)["stage"], "idle");
    let shown = vault.run(&["show", LABEL]).ok().json();
    assert_eq!(shown["row"]["state"], "active");
    assert_eq!(shown["row"]["declared"]["withdraw"], "yes");
    shows_no_secret(&window);
}

fn tick(window: &Window, name: &str) {
    window.focus_field(name);
    window.press(key::SPACE);
}

#[test]
fn a_key_is_rotated_through_crashes_in_light() {
    rotated_through_crashes(Look::Light, (1280, 800));
}

#[test]
fn a_key_is_rotated_through_crashes_in_dark_and_in_the_smallest_size() {
    rotated_through_crashes(Look::Dark, (960, 640));
}

#[test]
fn a_rotation_is_given_up_and_the_key_revoked_instead() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = held(&sandbox);
    let window = open(&sandbox, &vault, Look::Dark);
    key_page(&window, LABEL);
    window.push("Start rotation…");
    window.push("Start rotation");
    window.wait_for_text("[data-rotation=begun]", "Make a new key");
    window.push("Give rotation up…");
    window.push("Give rotation up");
    window.wait_for_text("article", "Start rotation…");
    assert_eq!(rotation(&vault)["stage"], "idle");

    choose(&window, "More for this key", "Revoke now…");
    window.wait_for_text("[data-revocation=asked]", "given to no program");
    is_flawless(&window, "asked to revoke");
    window.push("Revoke key");
    window.wait_for_text("[data-revocation=begun]", "Now delete it at Binance");
    is_flawless(&window, "being revoked");
    assert_eq!(vault.run(&["revoke"]).ok().json()["total"], 1);
    let run = vault.call(&["run", "--key", LABEL]).with_code();
    run.starting(&["true"]).answer().refused(11);
    window.push("Confirm it is dead");
    window.push("Confirm it is dead");
    window.wait_for_text(".toasts", "is revoked and no longer due");
    assert_eq!(vault.run(&["revoke"]).ok().json()["total"], 0);
    let shown = vault.run(&["show", LABEL]).ok().json();
    assert_eq!(shown["row"]["state"], "revoked");
}

#[test]
fn selected_keys_are_revoked_as_one_act() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    window.focus_on("Keys");
    window.press_with(key::CONTROL, "a");
    window.wait_for_text("[role=toolbar]", "6 keys selected");
    window.push("Revoke now…");
    window.wait_for_text("[data-revoke=asked]", "All 6 will be given to no program");
    is_flawless(&window, "asked");
    window.push("Revoke 6 keys");
    let listed = window.wait_for_text("[data-revoke=begun]", "6 keys are still to be ended.");
    let place = |label: &str| listed.find(label).expect("it is listed");
    assert!(
        place("binance-treasury") < place("binance-grid"),
        "{listed}"
    );
    assert!(place("binance-grid") < place("binance-tax"), "{listed}");
    is_flawless(&window, "begun");
    window.push("Confirm it is dead: binance-treasury");
    window.push("Confirm it is dead");
    window.wait_for_text("[data-revoke=begun]", "5 keys are still to be ended.");
    assert_eq!(vault.run(&["revoke"]).ok().json()["total"], 5);
    window.go_to("binance-tax");
    window.wait_for_text("[data-revocation=begun]", "Now delete it at Binance");
    view(&window, "Health");
}
