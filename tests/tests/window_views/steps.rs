//! What the tests of the views do with a window, by the keyboard alone.
//!
//! Not here: what the views hold.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use strongroom_tests::{DEMO_KEYS, Deadline, Look, Sandbox, Vault, Window, key, wait_for};

/// How many of the demo's keys a vault holds: one that is to be rotated, one that expires.
pub(crate) const KEYS: usize = 6;

/// The palette's line, which has the focus once it is open.
const PALETTE: &str = "Find a key, a view or an act";

/// A locked vault on the day of the machine: the page tells the time by the machine's clock.
pub(crate) fn filled(sandbox: &Sandbox) -> Vault<'_> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
    let vault = Vault::create(sandbox);
    for demo in &DEMO_KEYS[..KEYS] {
        vault.add_demo(demo).answer().ok();
    }
    vault.run(&["lock"]).ok();
    vault
}

/// Opens the window and the vault, and waits for the list.
pub(crate) fn open(sandbox: &Sandbox, vault: &Vault<'_>, look: Look) -> Window {
    let window = Window::open(sandbox, vault.folder(), look);
    window.wait_for_window("unlock");
    wait_for_focus(&window, "Master password");
    window.press(&vault.password);
    focus(&window, "Code from your authenticator");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    window
}

pub(crate) fn wait_for_focus(window: &Window, name: &str) {
    wait_for(&format!("the focus in {name}"), Deadline::Short, || {
        (window.focused() == name).then_some(())
    });
}

/// Gives the focus to the first control in sight of this name that can be used.
#[track_caller]
pub(crate) fn focus(window: &Window, name: &str) {
    focus_among(window, "button, input, textarea, [role=grid]", name);
}

/// The same for what one types in: a heading may have the name of a field.
#[track_caller]
pub(crate) fn focus_field(window: &Window, name: &str) {
    focus_among(window, "input, textarea", name);
}

#[track_caller]
fn focus_among(window: &Window, controls: &str, name: &str) {
    let script = "const named = it => (it.getAttribute('aria-label') ?? it.labels?.[0]?.innerText \
                    ?? it.innerText).trim(); \
                  const found = [...document.querySelectorAll(arguments[0])].find(it => \
                    named(it) === arguments[1] && !it.disabled && it.getClientRects().length > 0); \
                  found?.focus(); \
                  return found !== undefined && document.activeElement === found";
    wait_for(&format!("a control {name:?}"), Deadline::Short, || {
        let arguments = [json!(controls), json!(name)];
        (window.run(script, &arguments).ok()? == true).then_some(())
    });
}

/// Presses a button by its name.
#[track_caller]
pub(crate) fn push(window: &Window, name: &str) {
    focus(window, name);
    window.press(key::ENTER);
}

/// Types into a field in the place of what stands there.
#[track_caller]
pub(crate) fn fill(window: &Window, name: &str, text: &str) {
    focus_field(window, name);
    window.press_with(key::CONTROL, "a");
    window.press(text);
}

/// Opens a menu and takes its item of this name with the arrows.
#[track_caller]
pub(crate) fn choose(window: &Window, menu: &str, item: &str) {
    push(window, menu);
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

/// Goes to a view, a key or an act by its name, as the palette offers it.
#[track_caller]
pub(crate) fn go_to(window: &Window, name: &str) {
    window.press_with(key::CONTROL, "k");
    wait_for_focus(window, PALETTE);
    window.press(name);
    // Keys are looked up: what is chosen may be of the word before for a moment.
    let chosen = "return document.querySelector('.palette-item[data-selected] .palette-title')\
                  ?.innerText ?? null";
    wait_for(&format!("{name} in the palette"), Deadline::Short, || {
        (window.run(chosen, &[]).ok()? == name).then_some(())
    });
    window.press(key::ENTER);
    wait_for("the palette's end", Deadline::Short, || {
        window.text(".palette-sheet").is_none().then_some(())
    });
}

/// Opens a view and waits for its title.
#[track_caller]
pub(crate) fn view(window: &Window, name: &str) {
    go_to(window, name);
    window.wait_for_text("main h1", name);
}

/// Opens the page of a key and waits until it is read.
#[track_caller]
pub(crate) fn key_page(window: &Window, label: &str) {
    go_to(window, label);
    window.wait_for_text("article h2", label);
    window.wait_for_text("article", "History");
}

/// Waits until what moves or fades in has come to rest: contrast is measured on what stays.
fn settled(window: &Window) {
    let moving = "return document.getAnimations().filter(one => \
                  Number.isFinite(one.effect?.getComputedTiming().endTime) && \
                  one.playState === 'running').length";
    wait_for("the end of every movement", Deadline::Short, || {
        (window.run(moving, &[]).ok()? == 0).then_some(())
    });
}

/// The controls in sight to which the web view gives the desktop's own tools no name.
fn nameless(window: &Window) -> Vec<String> {
    let script = "const roles = 'button, a[href], input, select, textarea, [tabindex=\"0\"], \
                    [role=button], [role=radio], [role=switch], [role=combobox], [role=menuitem]'; \
                  return [...document.querySelectorAll(roles)].filter(it => \
                    it.getClientRects().length > 0 && it.closest('[aria-hidden=true]') === null)";
    let controls = window.run(script, &[]).expect("a page answers");
    let mut found = Vec::new();
    for control in controls.as_array().expect("a script gives a list") {
        if window
            .accessible_name(control)
            .unwrap_or_default()
            .is_empty()
        {
            let told = window.run(
                "return arguments[0].outerHTML",
                std::slice::from_ref(control),
            );
            found.push(format!("no name: {}", told.unwrap_or_default()));
        }
    }
    found
}

/// What axe-core finds wrong, contrast included, and every control without a name.
pub(crate) fn violations(window: &Window) -> Vec<String> {
    settled(window);
    let axe = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../ui/node_modules/axe-core/axe.min.js"
    );
    let has_axe = window.run("return typeof axe === 'object'", &[]);
    if has_axe.expect("a page answers") != true {
        let script = std::fs::read_to_string(axe).expect("run `scripts/ui.sh install`");
        window.run(&script, &[]).expect("axe-core loads");
    }
    let script = "return axe.run().then(found => found.violations.map(one => \
                  `${one.id}: ${one.nodes.map(node => node.html).join(' | ')}`))";
    let mut found = texts(&window.run(script, &[]).expect("axe-core runs"));
    found.extend(nameless(window));
    found
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a script gives a list");
    let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
    list.iter().map(text).collect()
}
