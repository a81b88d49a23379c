//! A key's page asks the exchange, explains its refusals and takes an answer from elsewhere, in the
//! real window against an exchange played over TLS.

#[path = "window_views/steps.rs"]
#[expect(dead_code, reason = "shared with the tests of the views")]
mod steps;

use steps::{filled, key_page, open};
use strongroom_tests::{
    Exchange, Look, Mood, Parts, Sandbox, UNKNOWN_WORD, Vault, Window, documented, key,
};

const LABEL: &str = "asked-key";

/// A window with the page of a key whose exchange is played here.
struct Bench<'s> {
    vault: Vault<'s>,
    exchange: Exchange,
    window: Window,
}

impl<'s> Bench<'s> {
    fn at(sandbox: &'s Sandbox, id: &'static str, look: Look) -> Self {
        let vault = filled(sandbox);
        let exchange = Exchange::start(id, sandbox.clock());
        sandbox.play(&exchange);
        vault.unlock().ok();
        let mut call = vault.call(&["add", LABEL, "--exchange", id, "--account", "main"]);
        for (name, value) in exchange.credential().fields(id) {
            call = call.field(name, &value);
        }
        call.argument("--allow")
            .argument("read")
            .argument("--deny")
            .argument("withdraw,key-admin")
            .answer()
            .ok();
        vault.run(&["lock"]).ok();
        let window = open(sandbox, &vault, look);
        key_page(&window, LABEL);
        Self {
            vault,
            exchange,
            window,
        }
    }

    /// Reads the plan and consents, types the code in its window, and waits for the words.
    #[track_caller]
    fn ask(&self, button: &str, name: &str, words: &str) {
        self.window.push(button);
        self.window
            .wait_for_text("article form", "Asking counts as a use of the key.");
        self.window.push(&format!("Ask {name}"));
        self.code(&format!("Ask {name}"));
        self.window.wait_for_text("article .result", words);
    }

    #[track_caller]
    fn code(&self, verb: &str) {
        self.window.wait_for_window("step-up");
        self.window
            .fill("Code from your authenticator", &self.vault.fresh_code());
        self.window.push(verb);
        self.window.wait_for_window("main");
    }

    fn is_flawless(&self, at: &str) {
        assert_eq!(self.window.violations(), Vec::<String>::new(), "{at}");
    }

    /// Nothing of the key's secret is in the page.
    fn shows_no_secret(&self) {
        let page = self
            .window
            .run("return document.documentElement.outerHTML", &[]);
        let page = page.expect("a page answers").to_string();
        let credential = self.exchange.credential();
        assert!(!page.contains(&credential.secret));
        assert!(credential.passphrase.is_empty() || !page.contains(&credential.passphrase));
    }
}

fn whole_story(look: Look, size: (u32, u32)) {
    let sandbox = Sandbox::with(Parts::Desktop);
    sandbox.remember_window_size(size);
    let bench = Bench::at(&sandbox, "okx", look);
    let window = &bench.window;
    window.wait_for_text("article", "OKX was never asked about this key");

    // What will be sent is said first, and nothing is sent when that is all.
    window.push("Ask OKX…");
    window.wait_for_text("article form", "GET /api/v5/account/config");
    bench.is_flawless("plan");
    window.press(key::ESCAPE);
    window.wait_for_text("article", "was never asked about this key");
    assert!(bench.exchange.seen().is_empty());

    bench.ask("Ask OKX…", "OKX", "The exchange answered");
    window.wait_for_text(
        "article .result",
        "The exchange grants more than was recorded",
    );
    window.wait_for_text("article dl", "just now");
    assert_eq!(bench.exchange.seen().len(), 1);
    bench.is_flawless("answer");
    bench.shows_no_secret();
    let shown = bench.vault.run(&["show", LABEL]).json();
    assert_eq!(shown["observed_ms"], sandbox.clock().now_ms());

    // At once again it might lock the person out.
    window.push("Ask again…");
    window.wait_for_text("article form", "What is known of OKX");
    window.push("Ask OKX");
    window.wait_for_text("article [role=alert]", "asked a moment ago");
    assert_eq!(bench.exchange.seen().len(), 1);
    sandbox.clock().set(sandbox.clock().now_ms() + 5_000);

    bench.exchange.becomes(Mood::UnknownWord);
    bench.ask("Ask OKX…", "OKX", UNKNOWN_WORD);
    window.wait_for_text("article dl", "no right is ruled out");
    window.wait_for_text("article dl", "names a permission it did not name before");
    bench.is_flawless("unknown word");
}

#[test]
fn a_key_is_asked_about_in_light() {
    whole_story(Look::Light, (1280, 800));
}

#[test]
fn a_key_is_asked_about_in_dark_and_in_the_smallest_size() {
    whole_story(Look::Dark, (960, 640));
}

#[test]
fn a_blocked_address_leads_to_the_keys_own_machine_and_back() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let bench = Bench::at(&sandbox, "okx", Look::Dark);
    let window = &bench.window;
    let refusals = documented("okx");
    let blocked = refusals
        .iter()
        .find(|one| one.meaning == "address-not-allowed");
    bench
        .exchange
        .becomes(Mood::Refuses(blocked.expect("it is documented").clone()));
    bench.ask("Ask OKX…", "OKX", "It cannot be asked from here");
    window.wait_for_text("article .result", "What was looked at");
    bench.is_flawless("blocked");

    window.push("Copy signed question…");
    bench.code("Copy question");
    window.wait_for_text(".toasts", "is on the clipboard");
    let copied = sandbox.clipboard().expect("something is on the clipboard");
    assert!(copied.starts_with("curl --globoff"), "{copied}");
    assert!(
        copied.contains("'https://www.okx.com/api/v5/account/config'"),
        "{copied}"
    );
    assert!(!copied.contains(&bench.exchange.credential().secret));
    bench.shows_no_secret();

    let asked = bench.exchange.seen().len();
    window.push("Paste its answer…");
    window.wait_for_window("step-up");
    window.wait_for_focus("Answer");
    bench.is_flawless("answer is pasted");
    window.press(r#"{"code":"0","data":[{"perm":"read_only","ip":"203.0.113.7","label":"v5"}]}"#);
    bench.code("Read answer");
    window.wait_for_text("article .result", "The exchange answered");
    window.wait_for_text("article dl", "203.0.113.7");
    assert_eq!(bench.exchange.seen().len(), asked, "nothing was sent");
}

#[test]
fn where_numbers_rise_the_bot_is_spoken_of_and_a_refusal_has_its_remedy() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let bench = Bench::at(&sandbox, "kraken", Look::Light);
    let window = &bench.window;
    bench.exchange.has_seen_nonce(9_000_000_000_000_000);
    window.push("Ask Kraken (spot)…");
    window.wait_for_text("article form", "stop it first");
    window.press(key::ESCAPE);
    bench.ask(
        "Ask Kraken (spot)…",
        "Kraken (spot)",
        "Give each program a key of its own.",
    );

    // What a bot's log says is explained by the record alone.
    let asked = bench.exchange.seen().len();
    window.push("Explain a refusal…");
    window.wait_for_text("article form", "nobody is asked");
    window.fill("Words of the refusal", "EAPI:Invalid nonce");
    window.push("Explain refusal");
    window.wait_for_text("article form .said", "number");
    bench.is_flawless("doctor");
    assert_eq!(bench.exchange.seen().len(), asked);
}
