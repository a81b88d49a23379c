//! `strongroom rotate check --ask`: an exchange that is played says what the new secret of a
//! rotation may do, before anything comes into use.

use serde_json::Value;
use strongroom_tests::{Answer, Credential, Exchange, Mood, Parts, Sandbox, Vault};

const EVERYTHING: &str = "read,spot,margin,derivatives,transfer,withdraw,sub-accounts,key-admin";
const ALL_BUT_READ: &str = "spot,margin,derivatives,transfer,withdraw,sub-accounts,key-admin";

/// A key whose old secret is none of the exchange's, and the exchange.
struct Bench<'s> {
    vault: Vault<'s>,
    exchange: Exchange,
    authority: String,
}

impl<'s> Bench<'s> {
    /// With a key of OKX, whose sample answer says that it may withdraw; the old one is declared so.
    fn with(sandbox: &'s Sandbox, declared: &[&str]) -> Self {
        let vault = Vault::create(sandbox);
        vault.unlock().ok();
        let exchange = Exchange::start("okx", sandbox.clock());
        let file = sandbox.write_home("authority.pem", exchange.authority());
        let bench = Self {
            vault,
            authority: file.to_str().expect("our paths are text").to_owned(),
            exchange,
        };
        let old = bench.exchange.credential().with_wrong_secret();
        let words = ["add", "grid", "--exchange", "okx", "--account", "main"];
        let mut call = bench.vault.call(&[&words[..], declared].concat());
        for (name, value) in old.fields("okx") {
            // The old one is another key, too.
            let value = if name == "apiKey" {
                value.chars().rev().collect()
            } else {
                value
            };
            call = call.field(name, &value);
        }
        call.answer().ok();
        bench.vault.run(&["rotate", "start", "grid"]).ok();
        bench
    }

    fn stage(&self, credential: &Credential) {
        let mut call = self.vault.call(&["rotate", "stage", "grid"]);
        for (name, value) in credential.fields("okx") {
            call = call.field(name, &value);
        }
        call.answer().ok();
    }

    fn ask(&self, more: &[&str]) -> Answer {
        let base = self.exchange.base_url();
        let words = [
            "rotate",
            "check",
            "grid",
            "--ask",
            "--yes",
            "--base-url",
            &base,
        ];
        let played = ["--base-ca", &self.authority];
        let answer = self
            .vault
            .call(&[&words[..], &played, more].concat())
            .with_code()
            .answer();
        let secret = self.exchange.credential().secret;
        for shown in [&answer.stdout, &answer.stderr] {
            assert!(!shown.contains(&secret), "{shown}");
        }
        answer
    }

    fn stage_now(&self) -> String {
        let status = self.vault.run(&["rotate", "status", "grid"]).ok().json();
        status["stage"].as_str().expect("a stage").to_owned()
    }

    /// The secret of a version, or of the one in use.
    fn secret(&self, version: Option<&str>) -> String {
        let mut words = vec!["reveal", "grid", "--field", "secret"];
        if let Some(id) = version {
            words.extend(["--version", id]);
        }
        let shown = self.vault.call(&words).with_code().answer().ok().json();
        shown["fields"][0]["value"]
            .as_str()
            .expect("a value")
            .to_owned()
    }
}

/// The document of an asking that did not end in an answer.
fn unanswered(answer: &Answer) -> Value {
    assert_eq!(answer.code, 11, "{}", answer.stderr);
    serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{}", answer.stderr))
}

#[test]
fn the_same_rights_go_on_and_what_is_sent_is_said_first() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::with(&sandbox, &["--allow", EVERYTHING]);
    // Nothing is staged: nothing is sent and no code is spent.
    bench.ask(&[]).refused(11);
    let new = bench.exchange.credential();
    bench.stage(&new);
    // Nobody was there to agree, and there is no code.
    let base = bench.exchange.base_url();
    let words = ["rotate", "check", "grid", "--ask", "--base-url", &base];
    bench.vault.run(&words).refused(2);
    bench
        .vault
        .run(&[&words[..], &["--yes"]].concat())
        .refused(2);
    let elsewhere = ["rotate", "check", "grid", "--ask", "--yes", "--base-url"];
    let elsewhere = bench
        .vault
        .call(&[&elsewhere[..], &["https://okx.example"]].concat());
    elsewhere.with_code().answer().refused(2);
    assert!(bench.exchange.seen().is_empty(), "nothing was sent");
    assert_eq!(bench.stage_now(), "staged");

    let before = bench.vault.run(&["show", "grid"]).ok().json();
    let answer = bench.ask(&[]);
    let said = &answer.ok().stderr;
    assert!(
        said.contains("will be asked at") && said.contains("with the new secret"),
        "{said}"
    );
    assert!(said.contains("counts as a use"), "{said}");
    let asked = answer.json();
    assert_eq!(asked["checked"]["outcome"], "answered", "{asked}");
    assert_eq!(asked["rotation"]["stage"], "switching", "{asked}");
    assert_eq!(asked["rotation"]["grown"], serde_json::json!([]));
    // It was asked with the new key, and the answer is none about the old one.
    let seen = bench.exchange.seen();
    assert!(!seen.is_empty());
    for one in &seen {
        assert_eq!(one.header("ok-access-key"), Some(new.key.as_str()));
    }
    let shown = bench.vault.run(&["show", "grid"]).ok().json();
    assert_eq!(shown["row"]["observed"], before["row"]["observed"]);
    assert_eq!(shown["row"]["declared"], before["row"]["declared"]);
    let log = bench.vault.run(&["audit", "list"]).ok().json();
    let events: Vec<&Value> = log["entries"].as_array().expect("entries").iter().collect();
    let of = |word: &str| events.iter().any(|one| one["event"] == word);
    assert!(of("checked") && of("rotation-checked"), "{log}");

    // It comes into use with what the exchange said of it.
    bench.vault.run(&["rotate", "switch", "grid", "--all"]).ok();
    assert_eq!(bench.secret(None), new.secret);
    let shown = bench.vault.run(&["show", "grid"]).ok().json();
    let declared = &shown["row"]["declared"];
    assert_eq!(
        declared["withdraw"],
        asked["checked"]["seen"]["permissions"]["withdraw"]
    );
    // The secret in use is asked about with `check`.
    bench.ask(&[]).refused(11);
}

#[test]
fn rights_that_grew_at_the_exchange_are_refused_until_they_are_meant() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::with(&sandbox, &["--allow", "read", "--deny", ALL_BUT_READ]);
    bench.stage(&bench.exchange.credential());
    // By what is declared nothing has grown: without asking that is all there is.
    let view = bench.vault.run(&["rotate", "check", "grid", "--offline"]);
    assert_eq!(view.ok().json()["stage"], "switching");
    let answer = bench.ask(&[]);
    let asked = answer.ok().json();
    assert_eq!(asked["rotation"]["stage"], "grown", "{asked}");
    let grown = asked["rotation"]["grown"]
        .as_array()
        .expect("verbs")
        .clone();
    assert!(grown.contains(&"withdraw".into()), "{asked}");
    assert_eq!(asked["checked"]["excess"], asked["rotation"]["grown"]);
    bench
        .vault
        .run(&["rotate", "switch", "grid", "--all"])
        .refused(11);
    // Saying that it may not does not make it so.
    let denied = bench.ask(&["--deny", "withdraw"]).ok().json();
    assert_eq!(denied["rotation"]["stage"], "grown", "{denied}");
    let old = bench.secret(None);
    assert_ne!(old, bench.exchange.credential().secret);

    let meant = bench.ask(&["--grow"]).ok().json();
    assert_eq!(meant["rotation"]["stage"], "switching", "{meant}");
    bench.vault.run(&["rotate", "switch", "grid", "--all"]).ok();
    assert_eq!(bench.secret(None), bench.exchange.credential().secret);
    // The old one is there until it was seen dead.
    let status = bench.vault.run(&["rotate", "status", "grid"]).ok().json();
    assert_eq!(bench.secret(status["old"].as_str()), old);
}

#[test]
fn a_wrong_secret_stays_staged_and_nothing_is_lost() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::with(&sandbox, &["--allow", EVERYTHING]);
    let mut wrong = bench.exchange.credential();
    wrong.secret = "89ABCDEF0123456789ABCDEF01234567".to_owned();
    bench.stage(&wrong);
    let old = bench.secret(None);
    let status = bench.vault.run(&["rotate", "status", "grid"]).ok().json();
    let new = status["new"].as_str().expect("a version").to_owned();
    let answer = bench.ask(&[]);
    let asked = unanswered(&answer);
    let outcome = asked["checked"]["outcome"].as_str().expect("an outcome");
    assert!(
        ["key-is-wrong", "cannot-tell"].contains(&outcome),
        "{asked}"
    );
    assert_eq!(asked["rotation"]["stage"], "staged", "{asked}");
    bench
        .vault
        .run(&["rotate", "switch", "grid", "--all"])
        .refused(11);
    // An exchange that gives no answer leaves everything as it was, too.
    for mood in [Mood::HangsUp, Mood::WebPage] {
        bench.exchange.becomes(mood);
        let answer = bench.ask(&[]);
        assert_eq!(unanswered(&answer)["rotation"]["stage"], "staged");
    }
    assert_eq!(bench.secret(None), old);
    assert_eq!(bench.secret(Some(&new)), wrong.secret);
    // Given up, and the right one staged in its place.
    bench.exchange.becomes(Mood::Usual);
    bench.vault.run(&["rotate", "abort", "grid", "--yes"]).ok();
    bench.vault.run(&["rotate", "start", "grid"]).ok();
    bench.stage(&bench.exchange.credential());
    let asked = bench.ask(&[]).ok().json();
    assert_eq!(asked["rotation"]["stage"], "switching", "{asked}");
    assert_eq!(bench.secret(None), old);
    assert_eq!(
        bench.secret(Some(&new)),
        wrong.secret,
        "it is kept as revoked"
    );
}
