//! Photographs the windows, in dark and light and in two sizes, on a vault with invented keys.
//!
//! usage: photograph FOLDER [exchange | lifecycle | team]: with a word only what has to do with
//! asking exchanges; with rotation, incidents and who holds what; or with people, shares and exports.
//! Not here: building the programs
//! (`scripts/photograph.sh`), and any judgement of the pictures; they are to be looked at.

#[path = "photograph/lifecycle.rs"]
mod lifecycle;
#[path = "photograph/studio.rs"]
mod studio;
#[path = "photograph/team.rs"]
mod team;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use strongroom_tests::{
    Agent, Authenticator, DEMO_KEYS, Deadline, Exchange, Look, Mood, Parts, Sandbox, Vault, Window,
    documented, key, wait_for,
};

const SIZES: &[(u32, u32)] = &[(1280, 800), (960, 640)];
/// Room for the small windows, which stand in the middle of the screen.
const SMALL: (u32, u32) = (720, 720);

fn main() {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.expect("usage: photograph FOLDER");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let only = std::env::args().nth(2);
    let is_wanted = |word: &str| only.as_deref().is_none_or(|only| only == word);
    for look in [Look::Light, Look::Dark] {
        for size in SIZES {
            if is_wanted("exchange") {
                asking(look, *size, &folder);
            }
            if is_wanted("lifecycle") {
                lifecycle::photograph(look, *size, &folder);
            }
            if is_wanted("team") {
                team::photograph(look, *size, &folder);
            }
        }
    }
    if only.is_some() {
        return;
    }
    let sandbox = studio();
    let vault = Vault::create(&sandbox);
    for demo in DEMO_KEYS {
        vault.add_demo(demo).answer().ok();
    }
    vault.run(&["lock"]).ok();
    for look in [Look::Light, Look::Dark] {
        for size in SIZES {
            photograph(&sandbox, &vault, look, *size, &folder);
        }
    }
    let _known = vault.forget_sandbox();
    // The small windows have a size of their own: one picture of each state in each look.
    for look in [Look::Light, Look::Dark] {
        making(look, &folder);
        ways_in(look, &folder);
    }
}

/// A picture of the screen at rest, cut to a size in its middle.
fn shoot(sandbox: &Sandbox, folder: &Path, name: &str, look: Look, size: (u32, u32)) {
    let path = path_of(folder, name, look, size);
    sandbox.photograph(&path);
    cut(&path, size);
}

fn path_of(folder: &Path, name: &str, look: Look, (width, height): (u32, u32)) -> PathBuf {
    let look = format!("{look:?}").to_lowercase();
    folder.join(format!("{name}-{look}-{width}x{height}.png"))
}

fn cut(path: &Path, (width, height): (u32, u32)) {
    let cut = format!("{width}x{height}+0+0");
    let cropped = Command::new("mogrify")
        .args(["-gravity", "center", "-crop", &cut, "+repage"])
        .arg(path)
        .status();
    assert!(cropped.expect("ImageMagick is installed").success());
}

/// Where pictures are taken: nothing announces itself, no caret blinks, and it is today.
fn studio() -> Sandbox {
    let mut sandbox = Sandbox::with(Parts::Desktop);
    // What is due would be announced across the pictures.
    sandbox.end_notifications();
    // The page tells the time by the machine's clock: both must stand on the same day.
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
    // A caret that blinks never lets a picture come to rest.
    let gtk = sandbox.make_folder("config/gtk-3.0").join("settings.ini");
    std::fs::write(&gtk, "[Settings]\ngtk-cursor-blink=0\n").expect("the folder can be written");
    sandbox.account().own(&gtk);
    sandbox
}

/// A key whose exchange is asked, answers, refuses and is explained.
fn asking(look: Look, size: (u32, u32), folder: &Path) {
    let sandbox = studio();
    sandbox.remember_window_size(size);
    let vault = Vault::create(&sandbox);
    for demo in &DEMO_KEYS[..8] {
        vault.add_demo(demo).answer().ok();
    }
    let exchange = Exchange::start("kraken", sandbox.clock());
    sandbox.play(&exchange);
    let mut call = vault.call(&["add", "kraken-treasury", "--exchange", "kraken"]);
    for (name, value) in exchange.credential().fields("kraken") {
        call = call.field(name, &value);
    }
    let told = [
        "--account",
        "main",
        "--allow",
        "read,spot",
        "--deny",
        "withdraw,key-admin",
    ];
    let call = told
        .into_iter()
        .fold(call, |call, word| call.argument(word));
    call.answer().ok();
    let window = Window::open(&sandbox, vault.folder(), look);
    let shot = |name: &str| {
        settled(&window);
        // The section in question stands in the middle of the pane.
        let script = "[...document.querySelectorAll('article h3')]\
                      .find(one => one.innerText === 'At the exchange')\
                      ?.scrollIntoView({ block: 'start' });\
                      document.querySelector('article')?.scrollBy(0, -80)";
        let _scrolled = window.run(script, &[]);
        settled(&window);
        shoot(&sandbox, folder, name, look, size);
    };
    let code = |verb: &str| {
        window.wait_for_window("step-up");
        settled(&window);
        let name = format!("exchange-code-{}", verb.split(' ').next().unwrap_or(verb));
        shoot(&sandbox, folder, &name.to_lowercase(), look, SMALL);
        window.fill("Code from your authenticator", &vault.fresh_code());
        window.push(verb);
        window.wait_for_window("main");
    };
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", "kraken-treasury");
    window.go_to("kraken-treasury");
    window.wait_for_text("article h2", "kraken-treasury");
    window.wait_for_text("article", "History");
    shot("exchange-1-never");
    window.push("Ask Kraken (spot)…");
    window.wait_for_text("article form", "stop it first");
    shot("exchange-2-plan");
    window.push("Ask Kraken (spot)");
    code("Ask Kraken (spot)");
    window.wait_for_text("article .result", "The exchange answered");
    shot("exchange-3-answer");
    sandbox.clock().advance_ms(5_000);
    exchange.becomes(Mood::UnknownWord);
    window.push("Ask again…");
    window.push("Ask Kraken (spot)");
    code("Ask Kraken (spot)");
    window.wait_for_text("article .result", "grants it what nobody here knows");
    shot("exchange-4-unknown");
    sandbox.clock().advance_ms(5_000);
    let refusals = documented("kraken");
    let blocked = refusals
        .iter()
        .find(|one| one.meaning == "address-not-allowed");
    exchange.becomes(Mood::Refuses(blocked.unwrap_or(&refusals[0]).clone()));
    window.push("Ask again…");
    window.push("Ask Kraken (spot)");
    code("Ask Kraken (spot)");
    window.wait_for_text("article .result", "What was looked at");
    shot("exchange-5-refused");
    window.push("Explain a refusal…");
    window.fill("Words of the refusal", "EAPI:Invalid nonce");
    window.push("Explain refusal");
    window.wait_for_text("article form .said", "number");
    shot("exchange-6-doctor");
    window.push("Close");
    window.push("Ask regularly…");
    window.wait_for_text("article form", "is asked by itself");
    shot("exchange-7-regularly");
}

/// From no vault to an empty one, step by step.
fn making(look: Look, folder: &Path) {
    let sandbox = studio();
    let _agent = Agent::start(&sandbox);
    let window = Window::open(&sandbox, &sandbox.root().join("data/vault"), look);
    let shot = |name: &str| {
        settled(&window);
        shoot(&sandbox, folder, name, look, SMALL);
    };
    window.wait_for_window("setup");
    window.wait_for_focus("Master password");
    window.press("four unrelated words, typed");
    shot("setup-1-password");
    window.press(key::ENTER);
    window.wait_for_text("h1", "Prepare for a lost computer");
    let kit = sandbox.home().join("kit.txt");
    window.fill("File for the recovery kit", kit.to_str().expect("text"));
    shot("setup-2-places");
    window.push("Use these places");
    window.wait_for_text("h1", "Connect your authenticator");
    let seed = window.text(".groups").expect("the seed is shown");
    let seed: String = seed.split_whitespace().collect();
    shot("setup-3-authenticator");
    window.wait_for_focus("Code it shows now");
    window.press(&Authenticator::of_seed(&seed).code_at(sandbox.clock().now_ms()));
    window.press(key::ENTER);
    window.wait_for_text("h1", "Test the recovery kit");
    shot("setup-4-kit");
    window.push("Test it later");
    window.wait_for_text("h1", "Your vault is ready");
    shot("setup-5-ready");
    window.push("Open the vault");
    window.wait_until_closed("setup");
    window.wait_for_text("main", "Your vault is ready");
    settled(&window);
    shoot(&sandbox, folder, "empty", look, SIZES[0]);
}

/// What the unlock window says where the usual way in is closed, and values while they are shown.
fn ways_in(look: Look, folder: &Path) {
    let mut sandbox = studio();
    let folder_of_vault = sandbox.root().join("data/vault");
    let vault = Vault::create(&sandbox);
    vault.add_demo(&DEMO_KEYS[0]).answer().ok();
    let window = Window::open(&sandbox, &folder_of_vault, look);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    window.focus_on("Keys");
    window.press(key::ENTER);
    window.wait_for_text("article h2", DEMO_KEYS[0].label);
    window.push("Reveal…");
    window.wait_for_window("reveal");
    window.fill("Code from your authenticator", &vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_text("[role=status]", "The values are shown");
    // It counts down, so it is never at rest.
    let path = path_of(folder, "reveal-shown", look, SMALL);
    sandbox.photograph_now(&path);
    cut(&path, SMALL);
    window.press(key::ESCAPE);
    window.wait_until_closed("reveal");
    vault.run(&["lock"]).ok();
    window.wait_for_window("unlock");
    for _ in 0..4 {
        let _wrong = vault
            .call(&["unlock"])
            .through("--password-fd", "not the password of this vault")
            .through("--totp-fd", "000000")
            .answer();
    }
    window.wait_for_focus("Master password");
    window.press(&vault.password);
    window.fill("Code from your authenticator", "000000");
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "Too many wrong tries");
    shoot(&sandbox, folder, "unlock-throttled", look, SMALL);
    drop(window);
    let _known = vault.forget_sandbox();
    sandbox.end_agent();
    sandbox.end_keyring();
    let _agent = Agent::start(&sandbox);
    let window = Window::open(&sandbox, &folder_of_vault, look);
    window.wait_for_window("unlock");
    window.wait_for_text("main", "No keyring answers");
    settled(&window);
    shoot(&sandbox, folder, "unlock-no-keyring", look, SMALL);
    window.push("Open with the recovery kit");
    window.wait_for_text("h1", "Open on a new computer");
    settled(&window);
    shoot(&sandbox, folder, "unlock-new-computer", look, SMALL);
}

fn photograph(sandbox: &Sandbox, vault: &Vault<'_>, look: Look, size: (u32, u32), folder: &Path) {
    sandbox.remember_window_size(size);
    let shot = |name: &str| shoot(sandbox, folder, name, look, size);

    let window = Window::open(sandbox, vault.folder(), look);
    window.wait_for_window("unlock");
    window.wait_for_text("h1", "Unlock your vault");
    shot("unlock");
    wait_for("the focus in the password", Deadline::Short, || {
        (window.focused() == "Master password").then_some(())
    });
    window.press(&vault.password);
    window.press(key::TAB);
    window.press(key::TAB);
    window.press("000000");
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "wrong");
    shot("unlock-refused");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    shot("list");
    window.press("j");
    window.press(key::ENTER);
    settled(&window);
    shot("key");
    window.press(key::ESCAPE);
    for (view, title) in VIEWS {
        click(&window, view);
        window.wait_for_text("h1", title);
        settled(&window);
        shot(&view.to_lowercase().replace(' ', "-"));
    }
    click(&window, "All keys");
    window.press_with(key::CONTROL, "n");
    window.wait_for_text("#editor-title", "Record a key");
    shot("editor");
    window.press(key::ESCAPE);
    window.press_with(key::CONTROL, "k");
    settled(&window);
    shot("palette");
    window.press(key::ESCAPE);
    let shown = vault.run(&["show", DEMO_KEYS[0].label]).json();
    let key = shown["row"]["id"]
        .as_str()
        .expect("a key has an id")
        .to_owned();
    for (name, task) in small_tasks(&key) {
        window.wait_for_window("main");
        window
            .invoke("open_window", json!({ "request": { "task": task } }))
            .expect("a small window opens");
        window.wait_for_window(name);
        settled(&window);
        shot(name);
        let outcome = json!({ "request": { "outcome": { "kind": "cancelled" } } });
        // The window goes before it could be told that it was done.
        let _gone = window.invoke("finish", outcome);
    }
    window.wait_for_window("main");
    vault.run(&["lock"]).ok();
    window.wait_for_window("unlock");
}

/// By the names in the sidebar, with what stands above each.
const VIEWS: &[(&str, &str)] = &[
    ("Health", "Health"),
    ("Incidents", "Incidents"),
    ("Consumers and vendors", "Consumers and vendors"),
    ("People and shares", "People and shares"),
    ("Calendar", "Calendar"),
    ("Reminders", "Reminders"),
    ("Activity", "Activity"),
    ("Import", "Import"),
    ("Export", "Export"),
    ("Settings", "Settings"),
];

/// One task for each small window.
fn small_tasks(key: &str) -> [(&'static str, Value); 4] {
    let unknown = json!({ "read": "yes", "spot": "yes", "margin": "no", "derivatives": "no",
        "transfer": "no", "withdraw": "no", "sub_accounts": "no", "key_admin": "no" });
    let draft = json!({ "label": "okx-grid", "exchange": "okx", "account": "main",
        "environment": "production", "key_type": "passphrase", "declared": unknown,
        "native_permissions": [], "allowlist": { "kind": "unrestricted" }, "expiry": [],
        "rotation_days": null, "created_ms": null, "purpose": null, "owner": null,
        "consumers": [], "tags": [], "notes": null });
    let copy = json!({ "kind": "copy", "key": key, "label": "okx-grid", "field": "secret" });
    [
        ("secret", json!({ "kind": "add-key", "draft": draft })),
        ("step-up", json!({ "kind": "step-up", "act": copy })),
        (
            "reveal",
            json!({ "kind": "reveal", "key": key, "label": "okx-grid", "version": null }),
        ),
        ("setup", json!({ "kind": "reset-totp" })),
    ]
}

/// Presses the button or link of this name.
fn click(window: &Window, name: &str) {
    let script = "const it = [...document.querySelectorAll('button, a')].find(one => \
                  (one.getAttribute('aria-label') ?? one.innerText).trim().split('\\n')[0] \
                  === arguments[0]); it?.click(); return it !== undefined";
    wait_for(&format!("a button {name}"), Deadline::Short, || {
        let clicked = window.run(script, &[json!(name)]).ok()?;
        (clicked == true).then_some(())
    });
}

/// Until two looks at the page's text are the same: what is fetched has come.
fn settled(window: &Window) {
    let mut before = String::new();
    wait_for("the page to settle", Deadline::Short, || {
        let now = window.text("body")?;
        let same = !now.is_empty() && now == before;
        before = now;
        same.then_some(())
    });
}
