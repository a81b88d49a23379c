//! What is done rarely and must not go wrong, in the real window: another password, another
//! authenticator, another kit, other keys for the vault, a backup taken back, a key purged. Each is
//! refused once, with words, before it is done.

#[path = "window_views/steps.rs"]
mod steps;

use std::path::Path;

use steps::{choose, filled, key_page, open, view};
use strongroom_tests::{
    Authenticator, DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, key, wait_for,
};

const NEXT_PASSWORD: &str = "forty tin kettles, unpolished";
const CODE: &str = "Code from your authenticator";
const REFUSED: &str = "The password or the code is wrong.";

/// A code that the authenticator does not show now.
fn wrong(code: &str) -> &'static str {
    if code == "123456" { "123457" } else { "123456" }
}

/// Types password and code into the small window at hand: first wrong, then right.
fn refuse_then_prove(window: &Window, vault: &Vault<'_>, password: Option<&str>) {
    let code = vault.fresh_code();
    for typed in [wrong(&code), &code] {
        if let Some(password) = password {
            window.fill("Master password", password);
        }
        window.fill(CODE, typed);
        window.press(key::ENTER);
        if typed != code {
            window.wait_for_text("[role=alert]", REFUSED);
        }
    }
}

fn unlock(window: &Window, password: &str, code: &str) {
    window.wait_for_window("unlock");
    window.wait_for_focus("Master password");
    window.press(password);
    window.fill(CODE, code);
    window.press(key::ENTER);
}

#[test]
fn a_changed_password_opens_the_vault_and_the_old_one_does_not() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    view(&window, "Settings");
    window.push("Change password…");
    window.wait_for_window("secret");
    window.fill("Present master password", "not the password of this vault");
    window.fill("New master password", NEXT_PASSWORD);
    window.fill(CODE, &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", REFUSED);
    window.fill("Present master password", &vault.password);
    window.fill("New master password", "short");
    window.fill(CODE, &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_text("form", "Type a new password of at least 12 characters.");
    window.fill("New master password", NEXT_PASSWORD);
    window.press(key::ENTER);
    window.wait_until_closed("secret");
    window.wait_for_text("#section-access", "The password is changed.");

    window.press_with(key::CONTROL, "l");
    unlock(&window, &vault.password, &vault.fresh_code());
    window.wait_for_text("[role=alert]", REFUSED);
    window.fill("Master password", NEXT_PASSWORD);
    window.fill(CODE, &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
}

#[test]
fn another_authenticator_counts_once_it_has_shown_a_code() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    view(&window, "Settings");
    window.push("Replace authenticator…");
    window.wait_for_window("setup");
    refuse_then_prove(&window, &vault, Some(&vault.password));
    window.wait_for_text("h1", "Connect the new authenticator");
    assert_eq!(window.violations(), Vec::<String>::new());
    let groups = window.text(".groups").expect("the seed is shown");
    let seed: String = groups.split_whitespace().collect();
    let phone = Authenticator::of_seed(&seed);
    let code = phone.code_at(sandbox.clock().now_ms());
    window.fill("Code it shows now", wrong(&code));
    window.press(key::ENTER);
    window.wait_for_text("form", "That code does not fit this seed.");
    window.fill("Code it shows now", &code);
    window.press(key::ENTER);
    window.wait_until_closed("setup");
    window.wait_for_text(
        "#section-access",
        "The new authenticator counts from now on",
    );

    window.press_with(key::CONTROL, "l");
    let old = vault.fresh_code();
    unlock(&window, &vault.password, &old);
    window.wait_for_text("[role=alert]", REFUSED);
    sandbox.clock().advance_seconds(30);
    window.fill(CODE, &phone.code_at(sandbox.clock().now_ms()));
    window.press(key::ENTER);
    window.wait_for_window("main");
}

#[test]
fn a_backup_is_made_and_taken_back_in_the_settings() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let state = || vault.run(&["show", DEMO_KEYS[0].label]).json()["row"]["state"].clone();
    view(&window, "Settings");
    window.push("Into another folder…");
    window.fill("Folder for this backup", "/nowhere/at/all");
    window.press(key::ENTER);
    window.wait_for_text(
        "#section-backups [role=alert], #section-backups [role=status]",
        "Not made:",
    );
    window.push("Back up now");
    window.wait_for_text("#section-backups", "1 backup made and verified.");
    vault.run(&["archive", DEMO_KEYS[0].label]).ok();
    assert_eq!(state(), "archived");

    window.push("Restore another backup…");
    window.fill("Folder of the backup", "/nowhere/at/all");
    window.press(key::ENTER);
    window.wait_for_window("step-up");
    window.fill("Master password", &vault.password);
    window.fill(CODE, &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "backup");
    window.press(key::ESCAPE);
    window.wait_until_closed("step-up");

    let first = "document.querySelector('#section-backups td.act button').focus(); return true";
    window.run(first, &[]).expect("there is a backup");
    window.press(key::ENTER);
    window.wait_for_text("#section-backups", "The vault goes back to that day.");
    window.push("Restore backup");
    window.wait_for_window("step-up");
    refuse_then_prove(&window, &vault, Some(&vault.password));
    window.wait_until_closed("step-up");
    window.wait_for_text("#section-backups", "Restored. The vault holds 6 keys.");
    window.wait_for_text("#section-backups", "The vault from before is kept in");
    assert_eq!(state(), "active");
}

/// The recovery secret as it stands on a kit.
fn recovery_secret(kit: &Path) -> String {
    let text = std::fs::read_to_string(kit).expect("the kit was written");
    let (_, rest) = text
        .split_once("Recovery secret")
        .expect("the page has this head");
    let groups = rest.lines().skip_while(|line| !line.starts_with("    "));
    let groups: Vec<&str> = groups
        .take_while(|line| line.starts_with("    "))
        .map(str::trim)
        .collect();
    groups.join(" ")
}

#[test]
fn a_new_kit_is_written_and_tested_and_the_vault_gets_other_keys() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let (kit, next) = (
        sandbox.home().join("kit.txt"),
        sandbox.home().join("next.txt"),
    );
    let path = |path: &Path| path.to_str().expect("our paths are text").to_owned();
    view(&window, "Settings");
    window.push("New kit…");
    window.press(key::ENTER);
    window.wait_for_text("#section-recovery", "Say where the kit is written.");
    window.fill("New file for the kit", &path(&kit));
    window.press(key::ENTER);
    window.wait_for_window("step-up");
    refuse_then_prove(&window, &vault, Some(&vault.password));
    window.wait_until_closed("step-up");
    window.wait_for_text("#section-recovery", "10 recovery codes");

    window.push("Test kit…");
    window.wait_for_window("secret");
    let secret = recovery_secret(&kit);
    let other = if secret.starts_with('A') { "B" } else { "A" };
    window.fill("Recovery secret", &format!("{other}{}", &secret[1..]));
    window.press(key::ENTER);
    window.wait_for_text("[role=alert], .error", "");
    window.fill("Recovery secret", &secret);
    window.press(key::ENTER);
    window.wait_until_closed("secret");
    window.wait_for_text("#section-recovery", "works, together with the password");

    window.push("Rotate vault key…");
    window.fill("New file for the new kit", &path(&next));
    window.press(key::ENTER);
    window.wait_for_window("step-up");
    refuse_then_prove(&window, &vault, Some(&vault.password));
    window.wait_until_closed("step-up");
    window.wait_for_text("#section-vaultKey", "The vault has new keys, generation 2.");
    assert_ne!(recovery_secret(&next), secret);
    window.press_with(key::CONTROL, "l");
    unlock(&window, &vault.password, &vault.fresh_code());
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
}

#[test]
fn a_purged_key_is_gone_from_list_and_vault() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = open(&sandbox, &vault, Look::Light);
    let label = DEMO_KEYS[0].label;
    key_page(&window, label);
    choose(&window, "More for this key", "Purge key…");
    window.wait_for_window("step-up");
    window.wait_for_text("h1", &format!("Purge {label}"));
    refuse_then_prove(&window, &vault, None);
    window.wait_until_closed("step-up");
    window.go_to("All keys");
    wait_for("a list without it", Deadline::Short, || {
        let grid = window.text("[role=grid]")?;
        (!grid.contains(label) && grid.contains(DEMO_KEYS[1].label)).then_some(())
    });
    vault.run(&["show", label]).refused(10);
}
