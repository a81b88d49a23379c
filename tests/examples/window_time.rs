//! How long the window's page works, by its own marks, on a vault of 10,000 keys: a frame of
//! scrolling and of typing in the search with its layout forced, and the opening of a key's page.
//!
//! usage: window_time [KEYS]. Wants the programs as released, the window with feature `e2e`
//! (`scripts/bench.sh` builds them), and an otherwise idle machine. Times are told, not asserted.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::fmt::Write as _;

use serde_json::{Value, json};
use strongroom_tests::{Deadline, Look, Parts, Sandbox, Vault, Window, key, wait_for};

const EXCHANGES: [&str; 8] = [
    "binance", "bybit", "okx", "kraken", "kucoin", "gate", "bitget", "mexc",
];

/// Frames of each way to scroll.
const FRAMES: u32 = 400;

/// Key pages that are opened.
const PAGES: usize = 60;

/// What a person types, letter by letter, with what it finds: much, little, nothing.
const SEARCHES: [&str; 5] = ["binance", "bot-0012", "kraken desk-7", "09999", "zzzz"];

fn main() {
    let keys = std::env::args().nth(1);
    let keys = keys.map_or(10_000, |keys| {
        keys.parse().expect("usage: window_time [KEYS]")
    });
    let mut sandbox = Sandbox::in_real_time(Parts::Desktop);
    sandbox.end_notifications();
    let vault = Vault::create(&sandbox);
    let source = sandbox.write_home("keys.csv", &invented(keys));
    let source = source.to_str().expect("the sandbox's paths are text");
    vault.run(&["import", source, "--yes"]).ok();
    vault.run(&["lock"]).ok();

    let window = open(&sandbox, &vault);
    for (what, step) in [("rows", 34), ("pages", 700), ("the whole list", 40_000)] {
        report(
            &format!("a frame of scrolling by {what}"),
            8,
            &scroll(&window, step),
        );
    }
    report("a frame of typing in the search", 8, &search(&window));
    report("opening a key's page", 50, &open_pages(&window));
}

/// Keys as in `bench/warm.py`, with values of the right length.
fn invented(keys: usize) -> String {
    let mut text = "label,exchange,account,environment,apiKey,secret\n".to_owned();
    for index in 0..keys {
        let exchange = EXCHANGES[index % EXCHANGES.len()];
        let desk = index % 40;
        writeln!(
            text,
            "{exchange}-bot-{index:05},{exchange},desk-{desk},production,{index:0>64},{index:1>64}"
        )
        .expect("a text takes what is written");
    }
    text
}

fn open(sandbox: &Sandbox, vault: &Vault<'_>) -> Window {
    let window = Window::open(sandbox, vault.folder(), Look::Light);
    window.wait_for_window("unlock");
    window.wait_for_focus("Master password");
    window.press(&vault.password);
    window.focus_on("Code from your authenticator");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", "-bot-");
    let measuring = "document.documentElement.dataset.measure = ''; return true";
    window.run(measuring, &[]).expect("a page answers");
    window
}

/// One step down in each frame, and back from the end.
fn scroll(window: &Window, step: u32) -> Vec<f64> {
    begin(window, "table:frame");
    let script = "const [step, frames] = arguments; \
                  const grid = document.querySelector('[role=grid]'); \
                  grid.scrollTop = 0; \
                  return new Promise(done => { \
                    let left = frames; let by = step; \
                    const frame = () => { \
                      const before = grid.scrollTop; \
                      grid.scrollTop += by; \
                      if (grid.scrollTop === before) { by = -by; } \
                      left -= 1; \
                      if (left === 0) { done(null); } else { requestAnimationFrame(frame); } \
                    }; \
                    requestAnimationFrame(frame); })";
    window
        .run(script, &[json!(step), json!(FRAMES)])
        .expect("the list scrolls");
    taken(window, "table:frame")
}

fn search(window: &Window) -> Vec<f64> {
    begin(window, "table:frame");
    window.press_with(key::CONTROL, "f");
    for words in SEARCHES {
        window.fill("Search keys", "");
        for letter in words.chars() {
            window.press(&letter.to_string());
            at_rest(window);
        }
        window.press_with(key::CONTROL, "a");
        window.press(key::BACKSPACE);
        at_rest(window);
    }
    taken(window, "table:frame")
}

/// Key after key, by the keyboard.
fn open_pages(window: &Window) -> Vec<f64> {
    begin(window, "keypage:open");
    window.focus_on("Keys");
    for _ in 0..PAGES {
        let before = taken(window, "keypage:open").len();
        window.press(key::ARROW_DOWN);
        window.press(key::ENTER);
        wait_for("the page of a key", Deadline::Short, || {
            (taken(window, "keypage:open").len() > before).then_some(())
        });
        window.press(key::ESCAPE);
    }
    taken(window, "keypage:open")
}

/// Until the answer to a letter is drawn: two frames in which no mark was set.
fn at_rest(window: &Window) {
    let script = "return new Promise(done => { \
                    let before = -1; let same = 0; \
                    const look = () => { \
                      const now = performance.getEntriesByName('table:frame').length; \
                      same = now === before ? same + 1 : 0; before = now; \
                      if (same >= 6) { done(null); } else { requestAnimationFrame(look); } \
                    }; look(); })";
    window.run(script, &[]).expect("a page answers");
}

fn begin(window: &Window, mark: &str) {
    let script = "performance.clearMeasures(arguments[0]); return true";
    window.run(script, &[json!(mark)]).expect("a page answers");
}

/// The durations in milliseconds.
fn taken(window: &Window, mark: &str) -> Vec<f64> {
    let script = "return performance.getEntriesByName(arguments[0]).map(one => one.duration)";
    let told = window.run(script, &[json!(mark)]).expect("a page answers");
    let list = told.as_array().expect("a script gives a list");
    list.iter().filter_map(Value::as_f64).collect()
}

fn report(what: &str, limit_ms: u32, taken: &[f64]) {
    let mut sorted = taken.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |percent: usize| sorted[(sorted.len() - 1) * percent / 100];
    assert!(!sorted.is_empty(), "{what}: the page set no mark");
    let sign = if at(99) <= f64::from(limit_ms) {
        "holds"
    } else {
        "OVER "
    };
    println!(
        "{sign}  {what}: {:.1} ms at the 99th percentile  (target {limit_ms} ms)  \
         median {:.1}, most {:.1}, of {}",
        at(99),
        at(50),
        at(100),
        sorted.len()
    );
}
