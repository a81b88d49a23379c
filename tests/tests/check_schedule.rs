//! Exchanges that are asked by themselves: only where somebody wished it, only while the vault is
//! open, never more often, and without a flood of notifications.

use std::time::{Duration, Instant};

use serde_json::Value;
use strongroom_tests::{
    Agent, Deadline, Exchange, Mood, Parts, Sandbox, UNKNOWN_WORD, Vault, documented, wait_for,
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// After an unlock the agent gives the machine a minute to find its network.
const AFTER_UNLOCK: i64 = 2 * MINUTE;

struct Bench<'s> {
    sandbox: &'s Sandbox,
    vault: Vault<'s>,
    exchange: Exchange,
}

impl<'s> Bench<'s> {
    fn at(sandbox: &'s Sandbox, id: &'static str) -> Self {
        let vault = Vault::create(sandbox);
        let exchange = Exchange::start(id, sandbox.clock());
        sandbox.play(&exchange);
        let mut call = vault.call(&["add", id, "--exchange", id, "--account", "main"]);
        for (name, value) in exchange.credential().fields(id) {
            call = call.field(name, &value);
        }
        call.answer().ok();
        Self {
            sandbox,
            vault,
            exchange,
        }
    }

    fn every(&self, interval: &str) {
        let call = ["check", self.exchange.id(), "--every", interval, "--yes"];
        self.vault.call(&call).with_code().answer().ok();
    }

    fn schedule(&self) -> Value {
        let shown = self.vault.run(&["show", self.exchange.id()]).json();
        shown["check_schedule"].clone()
    }

    fn asked(&self) -> usize {
        self.exchange.seen().len()
    }

    /// The vault locks itself meanwhile, and somebody unlocks it then.
    fn days_later(&self, days: i64) {
        let before = self.asked();
        self.sandbox.clock().advance_ms(days * DAY);
        wait_for("the auto-lock", Deadline::Short, || {
            (self.vault.run(&["status"]).json()["state"] == "locked").then_some(())
        });
        assert_eq!(self.asked(), before, "a locked vault asks nobody");
        self.vault.unlock().ok();
        self.sandbox.clock().advance_ms(AFTER_UNLOCK);
    }

    #[track_caller]
    fn wait_until_asked(&self, times: usize) {
        wait_for(&format!("question {times}"), Deadline::Long, || {
            (self.asked() == times).then_some(())
        });
        // How it ended is written down after that.
        wait_for("the end of it", Deadline::Long, || {
            let last = self.schedule()["last_ms"].as_i64()?;
            (self.sandbox.clock().now_ms() - last < 10 * MINUTE).then_some(())
        });
    }

    #[track_caller]
    fn is_not_asked_more_than(&self, times: usize) {
        // Longer than a question takes that is due.
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until {
            self.vault.run(&["status"]).ok();
            assert!(self.asked() <= times, "it was asked again");
        }
    }

    /// What was said of changes at exchanges.
    fn told(&self) -> Vec<String> {
        let all = self.sandbox.notifications().into_iter();
        all.map(|one| format!("{}\n{}", one.summary, one.body))
            .filter(|text| text.contains("changed at its exchange"))
            .collect()
    }

    fn programs_acts(&self) -> Vec<String> {
        let log = self.vault.run(&["audit", "list"]).json();
        let entries = log["entries"].as_array().expect("entries").clone();
        entries
            .iter()
            .filter(|entry| entry["actor"] == "program")
            .filter_map(|entry| entry["event"].as_str().map(str::to_owned))
            .filter(|event| event == "checked")
            .collect()
    }
}

#[test]
fn a_key_is_asked_about_while_the_vault_is_open_and_never_more_often_than_wished() {
    let sandbox = Sandbox::with(Parts::Desktop);
    let _agent = Agent::start(&sandbox);
    let bench = Bench::at(&sandbox, "okx");
    bench.sandbox.clock().advance_ms(AFTER_UNLOCK);
    bench.is_not_asked_more_than(0);

    bench.every("7d");
    bench.wait_until_asked(1);
    assert_eq!(bench.schedule()["every_days"], 7);
    assert_eq!(bench.schedule()["last_outcome"], "answered");
    assert_eq!(bench.programs_acts(), ["checked"]);
    let shown = bench.vault.run(&["show", "okx"]).json();
    assert!(shown["observed_ms"].is_i64(), "{shown}");

    bench.days_later(5);
    bench.is_not_asked_more_than(1);

    // The exchange says something else than before: told once, without a name.
    bench.exchange.becomes(Mood::UnknownWord);
    bench.days_later(3);
    bench.wait_until_asked(2);
    wait_for("the notification", Deadline::Short, || {
        (!bench.told().is_empty()).then_some(())
    });
    let told = bench.told().join("\n");
    assert!(told.starts_with("1 exchange key has changed"), "{told}");
    assert!(
        !told.contains("okx") && !told.contains(UNKNOWN_WORD),
        "{told}"
    );
    let shown = bench.vault.run(&["show", "okx"]).json();
    let drift = shown["observation"]["drift"].to_string();
    assert!(drift.contains(UNKNOWN_WORD), "{shown}");

    // What fails is kept, and nothing pops up.
    let refusals = documented("okx");
    let blocked = refusals
        .iter()
        .find(|one| one.meaning == "address-not-allowed")
        .expect("it is documented");
    bench.exchange.becomes(Mood::Refuses(blocked.clone()));
    bench.days_later(8);
    bench.wait_until_asked(3);
    let schedule = bench.schedule();
    assert_eq!(schedule["last_outcome"], "cannot-be-asked-from-here");
    bench.days_later(1);
    bench.is_not_asked_more_than(3);
    assert_eq!(bench.told().len(), 1, "{:?}", bench.told());

    let off = bench.vault.run(&["check", "okx", "--every", "off"]);
    off.ok();
    assert_eq!(bench.schedule(), Value::Null);
    bench.days_later(8);
    bench.is_not_asked_more_than(3);
}

#[test]
fn what_was_not_sent_is_tried_again_and_asking_keeps_no_vault_open() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let _agent = Agent::start(&sandbox);
    let bench = Bench::at(&sandbox, "okx");
    // A port where nobody listens any more.
    let gone = Exchange::start("okx", sandbox.clock());
    sandbox.play(&gone);
    drop(gone);
    bench.every("30d");
    bench.sandbox.clock().advance_ms(AFTER_UNLOCK);
    wait_for("the try", Deadline::Long, || {
        (bench.programs_acts().len() == 1).then_some(())
    });
    assert_eq!(
        bench.schedule()["last_ms"],
        Value::Null,
        "nothing was asked"
    );
    sandbox.play(&bench.exchange);
    bench.is_not_asked_more_than(0);

    let set = ["settings", "set", "auto-lock-minutes", "90"];
    bench.vault.run(&set).ok();
    bench.sandbox.clock().advance_ms(61 * MINUTE);
    wait_for("the question", Deadline::Long, || {
        (bench.asked() == 1).then_some(())
    });
    // An hour and a half since the last command, half an hour since the question.
    bench.sandbox.clock().advance_ms(30 * MINUTE);
    wait_for("the auto-lock", Deadline::Short, || {
        (bench.vault.run(&["status"]).json()["state"] == "locked").then_some(())
    });
}

#[test]
fn where_numbers_rise_nothing_is_arranged_without_a_word() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, "kraken");
    let call = ["check", "kraken", "--every", "7d"];
    let refused = bench.vault.call(&call).with_code().answer();
    refused.refused(2);
    assert_eq!(bench.schedule(), Value::Null);
    let call = ["check", "kraken", "--every", "7d", "--yes"];
    let answer = bench.vault.bare_call(&call).with_code().answer();
    answer.ok();
    for said in [
        "every 7 days",
        "counts as a use",
        "higher number than the last",
    ] {
        assert!(answer.stderr.contains(said), "{said}: {}", answer.stderr);
    }
    assert_eq!(bench.schedule()["every_days"], 7);
}
