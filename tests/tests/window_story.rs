//! The whole story in the real window: from no vault to an open one, a key that is recorded, copied
//! and looked at, and the lock in between.

#[path = "window_story/steps.rs"]
mod steps;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use steps::{
    ACCOUNT, EXCHANGE, LABEL, copy_secret, on_the_day_of_the_machine, open_page, record, reveal,
    type_code, unlock,
};
use strongroom_tests::{
    Agent, Authenticator, Canary, Deadline, Look, Parts, Sandbox, Vault, Window, key, product,
    wait_for,
};

const PASSWORD: &str = "eleven copper kettles, dented";

/// Longer than a secret stays on the clipboard.
const CLIPBOARD_SECONDS: i64 = 25;

/// How long values are shown, with what a busy machine takes to close a window.
const SHOWN_AT_MOST: Duration = Duration::from_secs(15 + 3);

/// Fields of Binance's shape that occur nowhere else.
struct Values {
    api_key: String,
    secret: String,
}

impl Values {
    fn invent() -> Self {
        let value = || format!("{}{}", Canary::make().text(), "0".repeat(24));
        Self {
            api_key: value(),
            secret: value(),
        }
    }
}

/// The code of the next step: each is taken once.
fn next_code(sandbox: &Sandbox, phone: &Authenticator) -> String {
    sandbox.clock().advance_seconds(30);
    phone.code_at(sandbox.clock().now_ms())
}

fn state(sandbox: &Sandbox, vault: &Path) -> Value {
    let told = sandbox
        .tool(product())
        .args(["status", "--json", "--vault"])
        .arg(vault)
        .output()
        .expect("the command line runs");
    let told: Value = serde_json::from_slice(&told.stdout).expect("status tells JSON");
    told["state"].clone()
}

/// The recovery secret as it stands on the kit.
fn recovery_secret(kit: &Path) -> String {
    let written = std::fs::metadata(kit).expect("the kit was written");
    assert_eq!(written.mode() & 0o777, 0o600, "nobody else reads the kit");
    let text = std::fs::read_to_string(kit).expect("the kit is text");
    let (_, rest) = text
        .split_once("Recovery secret")
        .expect("the page has this head");
    let groups: Vec<&str> = rest
        .lines()
        .skip_while(|line| !line.starts_with("    "))
        .take_while(|line| line.starts_with("    "))
        .map(str::trim)
        .collect();
    groups.join(" ")
}

/// What axe-core finds: nothing, in every state of a window that the story comes through.
#[track_caller]
fn assert_flawless(window: &Window, at: &str) {
    assert_eq!(window.violations(), Vec::<String>::new(), "{at}");
}

/// Password, then the places of kit and backups.
fn set_password_and_places(window: &Window, kit: &Path, backups: &Path) {
    window.wait_for_text("h1", "Choose a master password");
    window.wait_for_focus("Master password");
    window.press(key::ENTER);
    window.wait_for_text(".error", "The password needs at least 12 characters.");
    assert_flawless(window, "password");
    window.press(PASSWORD);
    window.press(key::ENTER);

    window.wait_for_text("h1", "Prepare for a lost computer");
    assert_flawless(window, "places");
    let path = |path: &Path| path.to_str().expect("our paths are text").to_owned();
    window.fill("File for the recovery kit", &path(kit));
    window.fill("Second folder for backups, optional", &path(backups));
    window.push("Use these places");
}

/// Takes the seed off the page and types a code of it back.
fn connect_authenticator(window: &Window, sandbox: &Sandbox) -> Authenticator {
    window.wait_for_text("h1", "Connect your authenticator");
    let groups = window.text(".groups").expect("the seed is shown");
    let seed: String = groups.split_whitespace().collect();
    let phone = Authenticator::of_seed(&seed);
    window.wait_for_focus("Code it shows now");
    assert_flawless(window, "authenticator");
    window.press(&phone.code_at(sandbox.clock().now_ms()));
    window.press(key::ENTER);
    phone
}

#[test]
fn a_vault_is_made_in_the_window_its_kit_is_proven_and_only_a_right_code_opens_it_again() {
    let sandbox = Sandbox::with(Parts::Desktop);
    on_the_day_of_the_machine(&sandbox);
    let _agent = Agent::start(&sandbox);
    let folder = sandbox.root().join("data/vault");
    let kit: PathBuf = sandbox.home().join("kit.txt");
    let backups = sandbox.make_folder("usb");
    let window = Window::open(&sandbox, &folder, Look::Light);
    window.wait_for_window("setup");

    set_password_and_places(&window, &kit, &backups);
    let phone = connect_authenticator(&window, &sandbox);
    window.wait_for_text("h1", "Test the recovery kit");
    window.wait_for_focus("Recovery secret");
    assert_flawless(&window, "kit");
    window.press(&recovery_secret(&kit));
    window.press(key::ENTER);
    let done = window.wait_for_text("main", "The recovery kit works.");
    assert!(done.contains("Backups go to a second folder."), "{done}");
    assert!(!done.contains("was not tested"), "{done}");
    assert_flawless(&window, "done");
    window.push("Open the vault");

    window.wait_until_closed("setup");
    window.wait_for_text("main", "Your vault is ready");
    assert_flawless(&window, "an empty vault");
    assert_eq!(state(&sandbox, &folder), "unlocked");

    window.press_with(key::CONTROL, "l");
    window.wait_for_window("unlock");
    assert_eq!(state(&sandbox, &folder), "locked");
    let code = next_code(&sandbox, &phone);
    let wrong = if code == "123456" { "123457" } else { "123456" };
    unlock(&window, PASSWORD, wrong);
    window.wait_for_text("[role=alert]", "The password or the code is wrong.");
    assert_flawless(&window, "a wrong code");
    assert_eq!(state(&sandbox, &folder), "locked");
    window.wait_for_focus("Code from your authenticator");
    type_code(&window, &code);
    window.wait_for_window("main");
    window.wait_for_text("main", "No keys yet");
    assert_eq!(state(&sandbox, &folder), "unlocked");
}

/// An open vault without a key, in the main window.
fn empty_vault(sandbox: &Sandbox) -> (Vault<'_>, Window) {
    on_the_day_of_the_machine(sandbox);
    let vault = Vault::create(sandbox);
    vault.run(&["lock"]).ok();
    let window = Window::open(sandbox, vault.folder(), Look::Light);
    unlock(&window, &vault.password, &vault.fresh_code());
    window.wait_for_window("main");
    window.wait_for_text("main", "No keys yet");
    (vault, window)
}

#[test]
fn a_key_recorded_by_hand_is_due_and_its_secret_is_copied_for_a_while() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let (vault, window) = empty_vault(&sandbox);
    let values = Values::invent();
    record(&window, &values.api_key, &values.secret);

    let row = window.wait_for_text("[role=grid]", "Expires in 3 days");
    assert!(row.contains(LABEL), "{row}");
    window.wait_for_text(".today", &format!("{LABEL} expires in 3 days"));
    let list = vault.run(&["list"]).json();
    let recorded = &list["rows"][0];
    assert_eq!(recorded["label"], LABEL, "{list}");
    assert_eq!(recorded["exchange"], EXCHANGE.to_lowercase(), "{list}");
    assert_eq!(recorded["account"], ACCOUNT, "{list}");
    let body = window.text("body").expect("there is a page");
    assert!(!body.contains(&values.secret) && !body.contains(&values.api_key));

    open_page(&window);
    copy_secret(&window, &vault.fresh_code());
    wait_for("the secret on the clipboard", Deadline::Short, || {
        (sandbox.clipboard().as_deref() == Some(values.secret.as_str())).then_some(())
    });
    window.wait_for_text(".toasts", &format!("Copied Secret of {LABEL}."));
    sandbox.clock().advance_seconds(CLIPBOARD_SECONDS);
    wait_for("an empty clipboard", Deadline::Short, || {
        (sandbox.clipboard().as_deref() != Some(values.secret.as_str())).then_some(())
    });
}

#[test]
fn values_are_shown_after_a_code_in_a_window_that_closes_by_itself() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let (vault, window) = empty_vault(&sandbox);
    let values = Values::invent();
    record(&window, &values.api_key, &values.secret);
    open_page(&window);

    reveal(&window, &vault.fresh_code());
    let shown_since = Instant::now();
    let shown = window.wait_for_text("dl", &values.secret);
    assert!(shown.contains(&values.api_key), "{shown}");
    assert_flawless(&window, "values that are shown");
    window.wait_until_closed("reveal");
    let shown_for = shown_since.elapsed();
    assert!(shown_for <= SHOWN_AT_MOST, "shown for {shown_for:?}");
    let body = window.text("body").expect("there is a page");
    assert!(!body.contains(&values.secret), "the main window shows it");
    window.wait_for_text("article h2", LABEL);
}
