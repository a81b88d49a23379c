//! The real window: unlocked, listed, locked and steered by the keyboard alone, over the real agent
//! and a real vault that the command line made.

use serde_json::{Value, json};
use strongroom_tests::{
    Agent, DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, key, wait_for,
};

/// How many of the demo's keys a test records; enough for a list, few enough to be quick.
const KEYS: usize = 4;

fn filled(sandbox: &Sandbox) -> Vault<'_> {
    let vault = Vault::create(sandbox);
    for demo in &DEMO_KEYS[..KEYS] {
        vault.add_demo(demo).answer().ok();
    }
    vault.run(&["lock"]).ok();
    vault
}

/// Presses the tab key until the element of this name has the focus.
fn tab_to(window: &Window, name: &str) {
    let mut stops = Vec::new();
    while stops.last().map(String::as_str) != Some(name) {
        assert!(
            stops.len() < 40,
            "the tab key does not lead to {name}: {stops:?}"
        );
        window.press(key::TAB);
        stops.push(window.focused());
    }
}

/// Types password and code into the unlock window, which puts the focus where it belongs.
fn type_credentials(window: &Window, password: &str, code: &str) {
    window.wait_for_focus("Master password");
    window.press(password);
    tab_to(window, "Code from your authenticator");
    window.press(code);
    window.press(key::ENTER);
}

fn unlock(window: &Window, vault: &Vault<'_>) {
    window.wait_for_window("unlock");
    type_credentials(window, &vault.password, &vault.fresh_code());
    window.wait_for_window("main");
}

#[test]
fn a_wrong_code_has_words_the_right_one_lists_the_keys_and_locking_hides_them() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");

    let code = vault.fresh_code();
    let wrong = if code == "123456" { "123457" } else { "123456" };
    type_credentials(&window, &vault.password, wrong);
    window.wait_for_text("[role=alert]", "The password or the code is wrong.");
    // The code was emptied and has the focus again; the password is still there.
    window.wait_for_focus("Code from your authenticator");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);

    window.wait_for_window("main");
    let list = window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    for demo in &DEMO_KEYS[..KEYS] {
        assert!(list.contains(demo.label), "{} in {list}", demo.label);
    }
    window.wait_for_text(
        ".notices",
        "1 wrong try to unlock since you were last here.",
    );
    assert_eq!(vault.run(&["status"]).json()["state"], "unlocked");

    window.press_with(key::CONTROL, "l");
    window.wait_for_window("unlock");
    window.wait_for_text("[role=status]", "The vault was locked.");
    assert_eq!(vault.run(&["status"]).json()["state"], "locked");
}

#[test]
fn everything_is_done_with_the_keyboard() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    unlock(&window, &vault);
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);

    // The search narrows the list, escape empties it.
    window.press("/");
    assert_eq!(window.focused(), "Search keys");
    window.press(DEMO_KEYS[1].label);
    let rows = "return document.querySelectorAll('.room [role=row]').length";
    wait_for("one row", Deadline::Short, || {
        (window.run(rows, &[]).ok()? == 1).then_some(())
    });
    window.press(key::ESCAPE);
    wait_for("all rows", Deadline::Short, || {
        (window.run(rows, &[]).ok()? == KEYS).then_some(())
    });

    // Tab leads from the search to the table, whose rows the arrows choose.
    tab_to(&window, "Keys");
    let chosen = || {
        let script = "return document.querySelector('[aria-selected=true]')\
                      ?.getAttribute('aria-rowindex')";
        window.run(script, &[]).expect("a row is chosen")
    };
    assert_eq!(chosen(), "2");
    window.press("j");
    window.press(key::ARROW_DOWN);
    assert_eq!(chosen(), "4");
    window.press(key::HOME);
    assert_eq!(chosen(), "2");

    // Around the window to the button that locks.
    tab_to(&window, "Lock vault");
    window.press(key::ENTER);
    window.wait_for_window("unlock");
}

#[test]
fn a_window_may_call_only_what_the_contract_lists_for_it() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");
    let refused = |commands: &[&str]| {
        for command in commands {
            let answer = window.invoke(command, json!({ "request": {} }));
            let problem = answer.expect_err(command);
            assert!(problem.contains("not allowed"), "{command}: {problem}");
        }
    };
    let nowhere = [
        "serve",
        "import_preview",
        "reveal",
        "copy",
        "secret_set",
        "step_up",
        "qr",
        "finish",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|listen",
        "plugin:app|version",
    ];
    refused(&nowhere);
    refused(&["list", "show", "lock", "open_window", "import_file"]);
    window
        .invoke("status", json!({ "request": {} }))
        .expect("its own command");

    unlock(&window, &vault);
    refused(&nowhere);
    refused(&[
        "unlock",
        "unlock_new_device",
        "add",
        "recovery_kit",
        "recovery_test",
        "password_change",
        "create_begin",
    ]);
    window
        .invoke("status", json!({ "request": {} }))
        .expect("its own command");
    let odd = window.invoke("status", json!({ "request": { "more": 1 } }));
    assert!(odd.is_err(), "an unknown field is refused: {odd:?}");
}

#[test]
fn the_page_runs_no_foreign_script_and_goes_nowhere() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = sandbox.root().join("data/none");
    let window = Window::open(&sandbox, &vault, Look::Light);
    window.wait_for_window("unlock");
    let outcome = |script: &str| window.run(script, &[]).expect("the script runs");
    let violated = outcome(
        "return new Promise(done => { \
           document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective)); \
           const script = document.createElement('script'); \
           script.textContent = 'window.foreign = true'; document.head.append(script); })",
    );
    assert_eq!(violated, "script-src-elem");
    assert_eq!(outcome("return window.foreign ?? null"), Value::Null);
    for blocked in [
        "return fetch('https://127.0.0.1:9/').then(() => 'went', () => 'refused')",
        "return new Promise(done => { const image = new Image(); image.onload = () => done('went'); \
           image.onerror = () => done('refused'); image.src = 'https://127.0.0.1:9/x.png'; })",
        "try { return (0, eval)('\"went\"') } catch { return 'refused' }",
        "return String(window.open('https://127.0.0.1:9/')) === 'null' ? 'refused' : 'went'",
    ] {
        assert_eq!(outcome(blocked), "refused", "{blocked}");
    }
    let address = outcome("return location.href");
    for elsewhere in ["https://127.0.0.1:9/", "data:text/html,x", "about:blank"] {
        let went = format!(
            "location.href = '{elsewhere}'; \
             return new Promise(done => setTimeout(() => done(location.href), 200))"
        );
        assert_eq!(outcome(&went), address, "{elsewhere}");
    }
    assert_eq!(outcome("return typeof window.__TAURI__"), "undefined");
    assert_eq!(outcome("return Object.isFrozen(Object.prototype)"), true);
}

#[test]
fn axe_core_finds_nothing_in_light_and_dark() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let nothing = Vec::<String>::new();
    for look in [Look::Light, Look::Dark] {
        let window = Window::open(&sandbox, vault.folder(), look);
        window.wait_for_window("unlock");
        let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        assert_eq!(
            window.run(dark, &[]).expect("it is asked"),
            look == Look::Dark
        );
        window.wait_for_focus("Master password");
        window.press(key::ENTER);
        window.wait_for_text(".error", "Type the master password.");
        assert_eq!(window.violations(), nothing, "unlock, {look:?}");
        unlock(&window, &vault);
        window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
        assert_eq!(window.violations(), nothing, "list, {look:?}");
        vault.run(&["lock"]).ok();
        window.wait_for_window("unlock");
    }
}

#[test]
fn the_window_follows_what_others_do_and_says_when_the_agent_is_gone() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");
    vault.unlock().ok();
    window.wait_for_window("main");
    vault.run(&["lock"]).ok();
    window.wait_for_window("unlock");
    unlock(&window, &vault);

    // The window has no program beside it that it could start: absence has words.
    let agent = sandbox.agent_pid().expect("it runs");
    vault.run(&["agent", "stop"]).ok();
    wait_for("the agent's end", Deadline::Short, || {
        (sandbox.agent_pid() != Some(agent)).then_some(())
    });
    window.wait_for_window("unlock");
    window.wait_for_text("h1", "The agent does not answer");
    window.wait_for_text("[role=alert]", "The agent cannot be reached");

    let _agent = Agent::start(&sandbox);
    window
        .run("document.querySelector('button').focus()", &[])
        .expect("there is one button");
    assert_eq!(window.focused(), "Try again");
    window.press(key::ENTER);
    window.wait_for_text("h1", "Unlock your vault");
    unlock(&window, &vault);
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
}

#[test]
fn without_a_vault_the_window_offers_to_make_one_and_opens_one_that_others_made() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let folder = sandbox.root().join("data/vault");
    let window = Window::open(&sandbox, &folder, Look::Light);
    window.wait_for_window("setup");
    window.wait_for_text("main", "Master password");
    let vault = Vault::create(&sandbox);
    // A vault is open once it is made.
    window.wait_for_window("main");
    window.wait_for_text("main", "No keys yet");
    assert_eq!(vault.run(&["status"]).json()["state"], "unlocked");
}

#[test]
fn after_three_wrong_tries_the_window_says_how_long_to_wait() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let vault = filled(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");
    for _ in 0..8 {
        let _wrong = vault
            .call(&["unlock"])
            .through("--password-fd", "not the password of this vault")
            .through("--totp-fd", "000000")
            .answer();
        // Each wait is over before the next try, and the next one is longer.
        sandbox.clock().advance_seconds(16);
    }
    let refused = vault
        .call(&["unlock"])
        .through("--password-fd", "not the password of this vault")
        .through("--totp-fd", "000000")
        .answer();
    assert_ne!(refused.code, 0);
    type_credentials(&window, &vault.password, &vault.fresh_code());
    window.wait_for_text("[role=alert]", "Too many wrong tries");
    window.wait_for_text("button[type=submit]", "Next try in");
}

#[test]
fn without_the_keyring_the_window_says_what_is_missing_and_offers_the_kit() {
    let mut sandbox = Sandbox::with(Parts::Desktop);
    let known = filled(&sandbox).forget_sandbox();
    sandbox.end_agent();
    sandbox.end_keyring();
    let vault = known.in_sandbox(&sandbox);
    let _agent = Agent::start(&sandbox);
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");
    window.wait_for_text("main", "No keyring answers in this session");
    assert_eq!(window.violations(), Vec::<String>::new());
    window.push("Open with the recovery kit");
    window.wait_for_text("h1", "Open on a new computer");
    assert_eq!(window.violations(), Vec::<String>::new());
    window.press(key::ENTER);
    window.wait_for_text("form", "Type the master password.");
}
