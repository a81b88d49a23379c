//! What a person does with keys in the window, step by step, by the keyboard alone.
//!
//! Not here: where the codes come from, and what the tests say of the outcome.

use std::time::{SystemTime, UNIX_EPOCH};

use strongroom_tests::{Sandbox, Window, key};

/// Label, exchange and account of the key that is recorded.
pub(crate) const LABEL: &str = "binance-story";
pub(crate) const EXCHANGE: &str = "Binance";
pub(crate) const ACCOUNT: &str = "main";

/// Sets the sandbox on the machine's day: the page tells the time by the machine's clock.
pub(crate) fn on_the_day_of_the_machine(sandbox: &Sandbox) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
}

/// Opens the vault in the unlock window.
pub(crate) fn unlock(window: &Window, password: &str, code: &str) {
    window.wait_for_window("unlock");
    window.wait_for_focus("Master password");
    window.press(password);
    type_code(window, code);
}

/// Types a code into the window that asks for one.
pub(crate) fn type_code(window: &Window, code: &str) {
    window.fill("Code from your authenticator", code);
    window.press(key::ENTER);
}

/// Records a key that ends in three days, with these values.
pub(crate) fn record(window: &Window, api_key: &str, secret: &str) {
    window.push("Record a key");
    window.wait_for_text("#editor-title", "Record a key");
    window.fill("Label", LABEL);
    window.fill("Exchange", EXCHANGE);
    window.fill("Account", ACCOUNT);
    window.push("Add rule");
    window.fill("Date", &in_three_days(window));
    window.push("Continue to secret…");

    window.wait_for_window("secret");
    window.wait_for_text("h1", &format!("Type the key of {LABEL}"));
    window.wait_for_focus("API key");
    window.press(api_key);
    window.fill("Secret", secret);
    window.push("Record key");
    window.wait_until_closed("secret");
    window.wait_for_text("[role=grid]", LABEL);
}

/// The day in three days where the window is, as one types it.
fn in_three_days(window: &Window) -> String {
    let script = "const day = new Date(); day.setDate(day.getDate() + 3); \
                  return day.toLocaleDateString('sv-SE')";
    let day = window.run(script, &[]).expect("a page knows the date");
    day.as_str().expect("a date is text").to_owned()
}

/// Opens the page of the first key of the list.
pub(crate) fn open_page(window: &Window) {
    window.focus_on("Keys");
    window.press(key::HOME);
    window.press(key::ENTER);
    window.wait_for_text("article h2", LABEL);
}

/// Copies the secret from the key's page, with a code in the window that asks for it.
pub(crate) fn copy_secret(window: &Window, code: &str) {
    window.push("Copy secret");
    window.wait_for_window("step-up");
    window.wait_for_text("h1", &format!("Copy secret of {LABEL}"));
    type_code(window, code);
    window.wait_until_closed("step-up");
}

/// Has the values shown in their own window, with a code; they stand there when it comes back.
pub(crate) fn reveal(window: &Window, code: &str) {
    window.push("Reveal…");
    window.wait_for_window("reveal");
    window.wait_for_text("h1", &format!("Show the values of {LABEL}"));
    type_code(window, code);
    window.wait_for_text("[role=status]", "The values are shown for 15 seconds.");
}
