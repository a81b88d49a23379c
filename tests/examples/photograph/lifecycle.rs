//! Rotation, revocation, incidents, who holds what, and what is due when.
//!
//! Not here: any test of them (`tests/window_lifecycle.rs`, `tests/window_incident.rs`).

use std::path::Path;

use strongroom_tests::{DEMO_KEYS, Look, Sandbox, Vault, key};

use super::studio::Studio;
use super::{SMALL, studio};

pub(super) fn photograph(look: Look, size: (u32, u32), folder: &Path) {
    let sandbox = studio();
    let vault = filled(&sandbox);
    let studio = Studio::open(&sandbox, &vault, (look, size), folder, DEMO_KEYS[0].label);
    rotation(&studio);
    revocation(&studio);
    incident(&studio);
    holders(&studio);
}

fn filled(sandbox: &Sandbox) -> Vault<'_> {
    let vault = Vault::create(sandbox);
    for demo in DEMO_KEYS {
        vault.add_demo(demo).answer().ok();
    }
    for arguments in [
        &["edit", "binance-grid", "--add-consumer", "Koinly"][..],
        &["edit", "okx-watch", "--add-consumer", "3Commas"],
        &["edit", "okx-watch", "--remove-consumer", "3Commas"],
        &[
            "consumer", "set", "3Commas", "--kind", "tool", "--vendor", "3Commas",
        ],
        &[
            "consumer", "set", "Koinly", "--kind", "tool", "--vendor", "Koinly",
        ],
        &[
            "consumer",
            "set",
            "freqtrade",
            "--kind",
            "bot",
            "--host",
            "vps-1",
        ],
        &["consumer", "set", "home server", "--kind", "host"],
        &[
            "vendor",
            "answer",
            "Koinly",
            "encryption",
            "yes",
            "--evidence",
            "white paper, page 4",
        ],
        &["vendor", "answer", "Koinly", "tls", "yes"],
        &[
            "vendor",
            "answer",
            "Koinly",
            "audits",
            "no",
            "--evidence",
            "none published",
        ],
        &["vendor", "set", "Koinly", "--review-in", "30"],
        &["vendor", "set", "3Commas", "--breached"],
    ] {
        vault.run(arguments).ok();
    }
    vault
}

fn rotation(studio: &Studio<'_>) {
    let window = &studio.window;
    studio.go("binance-grid");
    window.wait_for_text("article", "History");
    window.push("Start rotation…");
    studio.shot("rotation-1-ask");
    window.push("Start rotation");
    window.wait_for_text("[data-rotation=begun]", "Make a new key");
    studio.show("[data-rotation]");
    studio.shot("rotation-2-record");
    window.push("Type new secret…");
    window.wait_for_window("secret");
    studio.shot_of("rotation-3-secret", SMALL);
    window.fill(
        "API key",
        "nE1vH0q6x0Nw8bq1V9cZk3rT5yU7iO2pA4sD6fG8hJ0kL2zX4cV6bN8mQ1wE3rT5",
    );
    window.fill(
        "Secret",
        "tH9gF7dS5aP3oI1uY9tR7eW5qM3nB1vC9xZ7lK5jH3gF1dS9aP7oI5uY3tR1eW9q",
    );
    window.push("Record new secret");
    window.wait_until_closed("secret");
    window.wait_for_text("[data-rotation=staged]", "Say what the new key may do");
    studio.show("[data-rotation]");
    studio.shot("rotation-4-rights");
    studio.click("[aria-label='New key: Withdraw'] button", "Yes");
    window.push("Keep these rights");
    studio.show("[data-rotation]");
    studio.shot("rotation-5-grown");
    studio.click("[aria-label='New key: Withdraw'] button", "No");
    window.push("Keep these rights");
    window.wait_for_text("[data-rotation=switching]", "tick it off");
    window.focus_field("freqtrade has the new secret");
    window.press(key::SPACE);
    window.wait_for_text("[data-rotation] li .quiet", "has it");
    studio.show("[data-rotation]");
    studio.shot("rotation-6-consumers");
    window.push("Everybody has it");
    window.wait_for_text("[data-rotation=in-use]", "still works");
    studio.shot("rotation-7-in-use");
    window.push("End old key");
    window.wait_for_text("[data-rotation=ending]", "Delete the old key");
    window.push("Confirm it is dead");
    studio.show("[data-rotation]");
    studio.shot("rotation-8-confirm");
    window.push("Confirm it is dead");
    window.wait_for_text(".toasts", "counts as dead");
}

fn revocation(studio: &Studio<'_>) {
    let window = &studio.window;
    studio.go("All keys");
    window.press(key::ESCAPE);
    window.focus_on("Keys");
    window.press(key::HOME);
    for _ in 0..3 {
        window.press(key::SPACE);
        window.press("j");
    }
    window.push("Revoke now…");
    studio.shot("revoke-1-ask");
    window.push("Revoke 3 keys");
    window.wait_for_text("[data-revoke=begun]", "still to be ended");
    studio.shot("revoke-2-pages");
    window.push("Close");
    window.press(key::ESCAPE);
}

fn incident(studio: &Studio<'_>) {
    let window = &studio.window;
    studio.go("Incidents");
    studio.shot("incidents-1-empty");
    window.push("Open incident…");
    studio.click("[role=radio]", "A vendor was breached");
    window.fill("Vendor", "3Commas");
    window.press(key::TAB);
    window.wait_for_text("form .answer", "concerned");
    studio.shot("incidents-2-open");
    window.push("Open incident over 2 keys");
    window.wait_for_text("[data-incident-page=open]", "in the order");
    studio.shot("incidents-3-opened");
    studio.click("header button", "Contain");
    studio.shot("incidents-4-contain");
    studio.click("form button", "Contain");
    window.wait_for_text("[data-stands=contained]", "contained");
    window.fill(
        "What was seen or done",
        "3Commas says its support tool could read keys of customers.",
    );
    window.push("Write into log");
    window.wait_for_text("section ul", "support tool");
    studio.shot("incidents-5-contained");
    window.push("Close incident…");
    window.push("Add follow-up");
    studio.shot("incidents-6-close");
    window.fill("What let it happen?", "Their support tool could read keys.");
    window.fill("Follow-up 1", "Ask 3Commas for its logs");
    window.fill("By, follow-up 1", "2099-01-31");
    window.push("Close incident");
    window.wait_for_text("[data-incident-page=closed]", "support tool could read");
    window.push("Write evidence…");
    studio.shot("incidents-7-closed");
    window.push("All incidents");
    studio.shot("incidents-8-list");
}

fn holders(studio: &Studio<'_>) {
    let window = &studio.window;
    studio.go("Consumers and vendors");
    studio.shot("holders-1-consumers");
    studio.click("[data-holder] button", "freqtrade");
    studio.shot("holders-2-consumer");
    studio.click("[role=radio]", "Vendors");
    studio.shot("holders-3-vendors");
    studio.click("[data-holder] button", "Koinly");
    studio.shot("holders-4-vendor");
    studio.click("[role=radio]", "Who holds what");
    window.fill("Name", "3Commas");
    window.press(key::TAB);
    window.wait_for_text("table", "bybit-copybot");
    studio.click("[role=radio]", "Ever");
    window.wait_for_text("table", "okx-watch");
    studio.shot("holders-5-held");
    window.push("Write report…");
    studio.shot("holders-6-report");
    studio.go("Calendar");
    studio.shot("calendar-1-list");
    window.push("Write calendar…");
    studio.shot("calendar-2-write");
}
