//! `strongroom doctor`: the exchange's words, alone or by a key's record, to one sentence and one
//! remedy.

use serde_json::Value;
use strongroom_tests::{PLAYED, Parts, Sandbox, Vault, documented, product};

/// Without any vault.
fn doctor(sandbox: &Sandbox, arguments: &[&str]) -> (i32, Value, String) {
    let output = sandbox
        .tool(product())
        .arg("doctor")
        .args(arguments)
        .arg("--json")
        .output()
        .expect("the program runs");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let parsed = serde_json::from_str(&shown).unwrap_or(Value::Null);
    (output.status.code().unwrap_or(-1), parsed, said)
}

fn outcome<'a>(diagnosis: &'a Value, cause: &str) -> &'a str {
    let steps = diagnosis["steps"].as_array().expect("steps");
    let step = steps.iter().find(|step| step["cause"] == cause);
    step.expect(cause)["outcome"].as_str().expect("an outcome")
}

#[test]
fn words_alone_lead_to_a_sentence_and_a_remedy() {
    let sandbox = Sandbox::with(Parts::Bare);
    for (text, more, sentence, remedy) in [
        (
            "binance {\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}",
            &[][..],
            "clock of the machine",
            "set its clock",
        ),
        (
            "bybit {\"retCode\":10010,\"retMsg\":\"Unmatched IP\"}",
            &[],
            "allowlist",
            "from an address on the list",
        ),
        (
            "okx 50105 OK-ACCESS-PASSPHRASE incorrect",
            &[],
            "passphrase",
            "passphrase again",
        ),
        (
            "EAPI:Invalid nonce",
            &["--exchange", "kraken"],
            "higher number than the last",
            "a key of its own",
        ),
        (
            "-1021",
            &["--exchange", "binance"],
            "clock of the machine",
            "set its clock",
        ),
        (
            "anything: at all",
            &["--exchange", "bitmex"],
            "closed on 2026-09-23",
            "archive it",
        ),
    ] {
        let arguments = [&[text][..], more].concat();
        let (code, diagnosis, said) = doctor(&sandbox, &arguments);
        assert_eq!(code, 0, "{text}: {said}");
        let ends = |name: &str| diagnosis[name].as_str().expect("text").to_owned();
        assert!(ends("sentence").contains(sentence), "{text}: {diagnosis}");
        assert!(ends("remedy").contains(remedy), "{text}: {diagnosis}");
        assert_eq!(diagnosis["steps"].as_array().map(Vec::len), Some(7));
    }
    assert_eq!(sandbox.agent_pid(), None, "no agent is needed for words");
}

#[test]
fn every_documented_refusal_of_every_exchange_is_explained() {
    let sandbox = Sandbox::with(Parts::Bare);
    let mut seen = 0;
    for id in PLAYED {
        for refusal in documented(id) {
            let words = [&refusal.code, &refusal.text].map(|one| one.clone().unwrap_or_default());
            let status = refusal.status.map(|status| status.to_string());
            let text = format!(
                "error: {} {} {}",
                words[0],
                words[1],
                status.unwrap_or_default()
            );
            let (code, diagnosis, said) = doctor(&sandbox, &[&text, "--exchange", id]);
            assert_eq!(code, 0, "{id} {text}: {said}");
            let sentence = diagnosis["sentence"].as_str().expect("a sentence");
            assert!(
                !sentence.contains("words that are not known here"),
                "{id} {text}: {sentence}"
            );
            assert_ne!(diagnosis["remedy"], "", "{id} {text}");
            seen += 1;
        }
    }
    assert!(seen > 90, "only {seen} refusals");
}

#[test]
fn what_may_be_of_several_exchanges_or_of_none_is_asked_for() {
    let sandbox = Sandbox::with(Parts::Bare);
    let (code, _, said) = doctor(&sandbox, &["it says: no"]);
    assert_eq!(code, 2);
    assert!(said.contains("--exchange"), "{said}");
    let (code, _, said) = doctor(&sandbox, &["x: y", "--exchange", "nowhere"]);
    assert_eq!(code, 2);
    assert!(said.contains("no exchange of this name"), "{said}");
}

#[test]
fn the_record_of_a_key_decides_what_the_words_leave_open() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault.add("grid").answer().ok();
    let words = "APIError(code=-2015): Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7";
    let ask = ["doctor", "grid", "--error", words, "--wanted", "spot"];
    let open = vault.run(&ask).json();
    let sentence = open["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("does not say which"), "{open}");

    vault
        .run(&["edit", "grid", "--allowlist", "198.51.100.1"])
        .ok();
    let blocked = vault.run(&ask).json();
    assert_eq!(outcome(&blocked, "allowlist"), "likely", "{blocked}");
    let sentence = blocked["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("not on the allowlist"), "{sentence}");
    assert!(
        !blocked.to_string().contains("203.0.113.7"),
        "an address is the person's: {blocked}"
    );

    vault
        .run(&["edit", "grid", "--allowlist", "203.0.113.0/28"])
        .ok();
    vault.run(&["edit", "grid", "--deny", "spot"]).ok();
    let lacking = vault.run(&ask).json();
    assert_eq!(outcome(&lacking, "allowlist"), "ruled-out", "{lacking}");
    assert_eq!(outcome(&lacking, "permission"), "likely", "{lacking}");

    // An address that the words do not tell is the person's to give; nobody is asked for it.
    let bare = ["doctor", "grid", "--error", "-2015", "--wanted", "spot"];
    let given = [&bare[..], &["--address", "192.0.2.9"]].concat();
    let elsewhere = vault.run(&given).json();
    assert_eq!(outcome(&elsewhere, "allowlist"), "likely", "{elsewhere}");
    vault.run(&["doctor", "no such key"]).refused(10);
}

#[test]
fn the_stored_secret_is_looked_at_only_with_a_code_and_nothing_of_it_is_told() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let (key, secret) = ("AbCdEfGhIjKlMnOpQr", "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789");
    vault
        .call(&["add", "swapped", "--exchange", "bybit", "--account", "main"])
        .field("apiKey", secret)
        .field("secret", key)
        .answer()
        .ok();
    let ask = ["doctor", "swapped", "--error", "retCode 10003"];
    let unseen = vault.run(&ask).json();
    let shape = unseen["steps"][0]["words"].to_string();
    assert!(!shape.contains("each other's place"), "{unseen}");

    let look = [&ask[..], &["--look"]].concat();
    vault.run(&look).refused(2);
    let looked = vault.call(&look).with_code().answer();
    assert!(!looked.stdout.contains(secret) && !looked.stdout.contains(key));
    let looked = looked.json();
    assert_eq!(outcome(&looked, "key and secret"), "likely", "{looked}");
    let shape = looked["steps"][0]["words"].to_string();
    assert!(shape.contains("place"), "{looked}");
    let log = vault.run(&["audit", "list"]).json();
    assert_eq!(log["entries"][0]["event"], "looked-at");
    // Words alone have no secret behind them.
    let alone = ["doctor", "binance {\"code\":-1021}", "--look"];
    vault.run(&alone).refused(2);
}
