//! What the tests of the views do with a window, by the keyboard alone.
//!
//! Not here: what the views hold.

use std::time::{SystemTime, UNIX_EPOCH};

use strongroom_tests::{DEMO_KEYS, Deadline, Look, Sandbox, Vault, Window, key, wait_for};

/// How many of the demo's keys a vault holds: one that is to be rotated, one that expires.
pub(crate) const KEYS: usize = 6;

/// A locked vault on the day of the machine: the page tells the time by the machine's clock.
pub(crate) fn filled(sandbox: &Sandbox) -> Vault<'_> {
    filled_with(sandbox, |vault| {
        for demo in &DEMO_KEYS[..KEYS] {
            vault.add_demo(demo).answer().ok();
        }
    })
}

/// The same with other keys.
pub(crate) fn filled_with(sandbox: &Sandbox, fill: impl FnOnce(&Vault<'_>)) -> Vault<'_> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
    let vault = Vault::create(sandbox);
    fill(&vault);
    vault.run(&["lock"]).ok();
    vault
}

/// Opens the window and the vault, and waits for the list.
pub(crate) fn open(sandbox: &Sandbox, vault: &Vault<'_>, look: Look) -> Window {
    let window = Window::open(sandbox, vault.folder(), look);
    window.wait_for_window("unlock");
    window.wait_for_focus("Master password");
    window.press(&vault.password);
    window.focus_on("Code from your authenticator");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    window
}

/// Opens a menu and takes its item of this name with the arrows.
#[track_caller]
pub(crate) fn choose(window: &Window, menu: &str, item: &str) {
    window.push(menu);
    wait_for(
        &format!("{item:?} in the menu {menu}"),
        Deadline::Short,
        || {
            let at = "return document.activeElement?.getAttribute('role')";
            if window.run(at, &[]).ok()? != "menuitem" {
                return None;
            }
            if window.focused() == item {
                return Some(());
            }
            window.press(key::ARROW_DOWN);
            None
        },
    );
    window.press(key::ENTER);
}

/// Opens a view and waits for its title.
#[track_caller]
pub(crate) fn view(window: &Window, name: &str) {
    window.go_to(name);
    window.wait_for_text("main h1", name);
}

/// Opens the page of a key and waits until it is read.
#[track_caller]
pub(crate) fn key_page(window: &Window, label: &str) {
    window.go_to(label);
    window.wait_for_text("article h2", label);
    window.wait_for_text("article", "History");
}
