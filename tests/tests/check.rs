//! `strongroom check` against exchanges played over TLS: a good key at every one of them, every way
//! to be refused, every way to misbehave; each ends in its sentence, in time, and leaves no secret.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use strongroom_tests::{
    Answer, Canary, Certificate, Credential, Deadline, Exchange, Mood, PLAYED, Parts, Refusal,
    Sandbox, UNKNOWN_WORD, Vault, documented, is_root, main_thread_alive, places_in_own_memory,
    wait_for,
};

/// Longer than any check may take on a busy machine: its own deadline is 15 seconds a question.
const PATIENCE: Duration = Duration::from_secs(60);

/// A key at a played exchange, and everything of it that must not be seen anywhere.
struct Bench<'s> {
    vault: Vault<'s>,
    exchange: Exchange,
    credential: Credential,
    authority: String,
}

impl<'s> Bench<'s> {
    fn at(sandbox: &'s Sandbox, vault: Vault<'s>, id: &'static str) -> Self {
        let exchange = Exchange::start(id, sandbox.clock());
        let credential = exchange.credential();
        Self::with(sandbox, vault, exchange, credential)
    }

    fn with(
        sandbox: &'s Sandbox,
        vault: Vault<'s>,
        exchange: Exchange,
        credential: Credential,
    ) -> Self {
        let file = sandbox.write_home("authority.pem", exchange.authority());
        let authority = file.to_str().expect("our paths are text").to_owned();
        let bench = Self {
            vault,
            exchange,
            credential,
            authority,
        };
        bench.record();
        bench
    }

    fn record(&self) {
        let id = self.exchange.id();
        let mut call = self
            .vault
            .call(&["add", id, "--exchange", id, "--account", "main"]);
        for (name, value) in self.credential.fields(id) {
            call = call.field(name, &value);
        }
        call.answer().ok();
    }

    /// Another exchange in the same vault.
    fn moves_to(self, sandbox: &'s Sandbox, id: &'static str) -> Self {
        Self::at(sandbox, self.vault, id)
    }

    fn check(&self) -> Answer {
        self.check_at(&self.exchange.base_url())
    }

    fn check_at(&self, base: &str) -> Answer {
        let began = Instant::now();
        let answer = self
            .vault
            .call(&["check", self.exchange.id(), "--yes", "--base-url", base])
            .argument("--base-ca")
            .argument(&self.authority)
            .with_code()
            .answer();
        assert!(began.elapsed() < PATIENCE, "it took {:?}", began.elapsed());
        self.shows_no_secret(&answer);
        answer
    }

    /// The check's own document, however it ended.
    fn checked(&self) -> Value {
        let answer = self.check();
        assert!(
            matches!(answer.code, 0 | 11),
            "{}: {}\n{}",
            self.exchange.id(),
            answer.stdout,
            answer.stderr
        );
        serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{}", answer.stderr))
    }

    #[track_caller]
    fn ends(&self, outcome: &str, said: &str) -> Value {
        let checked = self.checked();
        let id = self.exchange.id();
        assert_eq!(checked["outcome"], outcome, "{id}: {checked}");
        let sentence = checked["sentence"].as_str().expect("a sentence");
        assert!(sentence.contains(said), "{id}: {sentence}");
        checked
    }

    fn secrets(&self) -> Vec<&str> {
        let mut secrets = vec![self.credential.secret.as_str()];
        if !self.credential.passphrase.is_empty() {
            secrets.push(&self.credential.passphrase);
        }
        secrets
    }

    fn shows_no_secret(&self, answer: &Answer) {
        let mut unseen = self.secrets();
        // What answers of Deribit and others hold beside what they are asked for.
        unseen.extend(["access_token", "refresh_token"]);
        for secret in unseen {
            for shown in [&answer.stdout, &answer.stderr] {
                assert!(!shown.contains(secret), "{}: {shown}", self.exchange.id());
            }
        }
    }

    /// Nothing of the key stands in a file of the sandbox.
    fn leaves_no_secret(&self, sandbox: &Sandbox) {
        for secret in self.secrets() {
            let line = secret.lines().nth(1).unwrap_or(secret);
            let found = sandbox
                .tool("grep")
                .args(["--recursive", "--files-with-matches", "--text"])
                .args(["--fixed-strings", "--devices=skip", line])
                .arg(sandbox.root())
                .output()
                .expect("grep runs");
            let found = String::from_utf8_lossy(&found.stdout).into_owned();
            assert_eq!(found, "", "{}", self.exchange.id());
        }
    }
}

fn refusal(exchange: &str, meanings: &[&str]) -> Option<Refusal> {
    let all = documented(exchange);
    meanings
        .iter()
        .find_map(|meaning| all.iter().find(|one| one.meaning == *meaning).cloned())
}

#[test]
fn a_good_key_is_known_at_every_exchange_and_its_answer_is_observed() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut bench = Bench::at(&sandbox, Vault::create(&sandbox), PLAYED[0]);
    for (place, id) in PLAYED.iter().enumerate() {
        if place > 0 {
            bench = bench.moves_to(&sandbox, id);
        }
        let checked = bench.ends("answered", "knows the key");
        assert_eq!(checked["clock_offset_ms"], 0, "{id}");
        assert_eq!(checked["seen"]["permissions"]["read"], "yes", "{id}");
        for seen in bench.exchange.seen() {
            assert!(seen.body.len() < 1000 && seen.header("host").is_some());
        }
        let notes = checked["seen"]["notes"].to_string();
        assert_eq!(
            notes.contains("a hint that this one may"),
            *id == "cryptocom"
        );
        assert_eq!(notes.contains("only to a session"), *id == "deribit");
        // What the sample says: OKX's key may withdraw, Binance's may not.
        let withdraws = &checked["seen"]["permissions"]["withdraw"];
        match *id {
            "okx" | "bitget" | "kraken" | "kucoin" | "gemini" => {
                assert_eq!(withdraws, "yes", "{id}")
            }
            "binanceus" | "bitstamp" | "cryptocom" | "deribit" => {
                assert_eq!(withdraws, "unknown", "{id}");
            }
            _ => assert_eq!(withdraws, "no", "{id}"),
        }
        let shown = bench.vault.run(&["show", id]).json();
        assert_eq!(
            shown["row"]["observed"], checked["seen"]["permissions"],
            "{id}"
        );
        assert_eq!(shown["observed_ms"], sandbox.clock().now_ms(), "{id}");
        let log = bench.vault.run(&["audit", "list"]).json();
        let newest = &log["entries"][0];
        assert_eq!(
            (&newest["event"], &newest["label"]),
            (&"observed".into(), &(*id).into())
        );
        bench.leaves_no_secret(&sandbox);
    }
}

#[test]
fn what_an_exchange_never_gave_out_is_a_wrong_key_and_is_said_so() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    // Public data of Hyperliquid is not asked with a secret, so none can be wrong there.
    for id in PLAYED.iter().filter(|id| **id != "hyperliquid") {
        let exchange = Exchange::start(id, sandbox.clock());
        let wrong = exchange.credential().with_wrong_secret();
        let bench = Bench::with(&sandbox, vault.take().expect("one"), exchange, wrong);
        let checked = bench.checked();
        let outcome = checked["outcome"].as_str().expect("an outcome");
        assert!(
            matches!(outcome, "key-is-wrong" | "cannot-tell"),
            "{id}: {checked}"
        );
        assert_eq!(bench.exchange.seen().len(), 1, "{id} was asked again");
        bench.leaves_no_secret(&sandbox);
        vault = Some(bench.vault);
    }
}

#[test]
fn every_documented_refusal_ends_in_a_sentence_and_a_remedy() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        let bench = Bench::at(&sandbox, vault.take().expect("one"), id);
        for refusal in documented(id) {
            bench.exchange.becomes(Mood::Refuses(refusal.clone()));
            let checked = bench.checked();
            let outcome = checked["outcome"].as_str().expect("an outcome");
            let expected: &[&str] = match refusal.meaning.as_str() {
                "address-not-allowed" | "region" => &["cannot-be-asked-from-here"],
                "missing-permission" | "second-factor" | "account-tier" => &["key-is-known"],
                "clock-off" | "nonce-used" | "rate-limited" | "maintenance" => &["ask-later"],
                "key-address-or-permission" | "keys-locked" => &["cannot-tell"],
                _ => &["key-is-wrong"],
            };
            // What may mean several things at once is not decided here.
            let may_be = expected.contains(&outcome) || outcome == "cannot-tell";
            assert!(may_be, "{id} {refusal:?}: {checked}");
            let said = checked["sentence"].as_str().expect("a sentence");
            assert!(said.ends_with('.') && said.len() > 20, "{id}: {said}");
            assert_ne!(checked["remedy"], "", "{id} {refusal:?}");
            // An address in the answer is the person's and is not repeated.
            assert!(!checked.to_string().contains("203.0.113.7"), "{checked}");
        }
        vault = Some(bench.vault);
    }
}

#[test]
fn an_address_block_is_not_a_bad_key_and_the_question_can_be_asked_elsewhere() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        let Some(refusal) = refusal(id, &["address-not-allowed"]) else {
            continue;
        };
        let bench = Bench::at(&sandbox, vault.take().expect("one"), id);
        bench.exchange.becomes(Mood::Refuses(refusal));
        bench.ends("cannot-be-asked-from-here", "allowlist");
        vault = Some(bench.vault);
    }
}

#[test]
fn a_clock_that_is_off_by_a_minute_is_named() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        let bench = Bench::at(&sandbox, vault.take().expect("one"), id);
        bench.exchange.set_clock_off_ms(-61_000);
        let checked = bench.checked();
        let offset = checked["clock_offset_ms"].as_i64().expect("an offset");
        assert!((59_000..=63_000).contains(&offset), "{id}: {offset}");
        let text = format!("{} {}", checked["sentence"], checked["remedy"]);
        assert!(text.contains("clock"), "{id}: {checked}");
        vault = Some(bench.vault);
    }
}

#[test]
fn a_right_that_nobody_documents_is_shown_and_counts_as_dangerous() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        if matches!(
            id,
            "binanceus" | "bitstamp" | "cryptocom" | "deribit" | "hyperliquid"
        ) {
            continue;
        }
        let bench = Bench::at(&sandbox, vault.take().expect("one"), id);
        bench.exchange.becomes(Mood::UnknownWord);
        let checked = bench.ends("answered", UNKNOWN_WORD);
        let unknown = checked["seen"]["unknown_words"].to_string();
        assert!(unknown.contains(UNKNOWN_WORD), "{id}: {checked}");
        let permissions = checked["seen"]["permissions"].as_object().expect("rights");
        assert!(
            permissions.values().all(|answer| answer != "no"),
            "{id}: a right nobody knows leaves nothing excluded: {checked}"
        );
        vault = Some(bench.vault);
    }
}

#[test]
fn misbehaviour_ends_in_its_sentence_and_in_time() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        let bench = Bench::at(&sandbox, vault.take().expect("one"), id);
        for (mood, said) in [
            (Mood::Truncated, "ends in the middle"),
            (Mood::HangsUp, "in the middle of the answer"),
            (Mood::Huge, "longer than any answer"),
            (Mood::Redirects, "points to another address"),
            (Mood::WebPage, "web page"),
        ] {
            bench.exchange.becomes(mood);
            bench.ends("no-answer", said);
        }
        bench.leaves_no_secret(&sandbox);
        vault = Some(bench.vault);
    }
}

#[test]
fn a_wrong_certificate_gets_nothing_of_the_request() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Some(Vault::create(&sandbox));
    for id in PLAYED {
        for certificate in [Certificate::OfAnotherName, Certificate::OfAnotherAuthority] {
            let exchange = Exchange::start_with(id, sandbox.clock(), certificate);
            let credential = exchange.credential();
            let label = id;
            let one = vault.take().expect("one");
            // The same label twice would be ambiguous.
            one.run(&["archive", label]);
            let bench = if certificate == Certificate::OfAnotherName {
                Bench::with(&sandbox, one, exchange, credential)
            } else {
                one.run(&["restore", label]).ok();
                let file = sandbox.write_home("authority.pem", exchange.authority());
                Bench {
                    vault: one,
                    credential,
                    authority: file.to_str().expect("text").to_owned(),
                    exchange,
                }
            };
            bench.ends("no-answer", "cannot prove to be the exchange");
            assert!(bench.exchange.seen().is_empty(), "{id} saw the request");
            vault = Some(bench.vault);
        }
    }
}

#[test]
fn an_exchange_that_is_not_there_is_said_not_to_be() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "okx");
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("the loopback listens");
    let base = format!("https://{}", free.local_addr().expect("an address"));
    drop(free);
    let answer = bench.check_at(&base);
    assert_eq!(answer.code, 11, "{}", answer.stderr);
    assert!(answer.stdout.contains("No connection"), "{}", answer.stdout);
}

/// A proxy that tunnels everything to one place, and what it was told in the clear.
fn proxy_to(place: String) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback listens");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let told = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&told);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let mut reader = BufReader::new(client.try_clone().expect("a second handle"));
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a line");
                heard.lock().expect("nobody panics here").push_str(&line);
                if line.trim_end().is_empty() {
                    break;
                }
            }
            let mut client = client;
            client
                .write_all(b"HTTP/1.1 200 Tunnel\r\n\r\n")
                .expect("a pipe");
            let server = TcpStream::connect(&place).expect("the exchange listens");
            let mut back = (
                server.try_clone().expect("a handle"),
                client.try_clone().expect("one"),
            );
            std::thread::spawn(move || {
                let _ended = std::io::copy(&mut back.0, &mut back.1);
                let _ended = back.1.shutdown(Shutdown::Write);
            });
            let mut server = server;
            let _ended = std::io::copy(&mut reader, &mut server);
        }
    });
    (address, told)
}

#[test]
fn a_proxy_of_the_settings_sees_the_hosts_name_and_nothing_else() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "okx");
    let place = bench.exchange.base_url();
    let (address, told) = proxy_to(place.trim_start_matches("https://").to_owned());
    let with_password = address.replace("http://", "http://user:hunter22@");
    let refused = bench
        .vault
        .run(&["settings", "set", "proxy", &with_password]);
    refused.refused(2);
    bench
        .vault
        .run(&["settings", "set", "proxy", &address])
        .ok();
    bench.ends("answered", "knows the key");
    let told = told.lock().expect("nobody panics here").clone();
    assert!(told.starts_with("CONNECT www.okx.com:443 "), "{told}");
    assert!(!told.contains(&bench.credential.key), "{told}");
    assert!(!told.contains(&bench.credential.passphrase), "{told}");
}

#[test]
fn silence_ends_by_the_deadline() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "kraken");
    bench.exchange.becomes(Mood::Silent);
    bench.ends("no-answer", "did not answer in time");
}

/// The child of the agent that asks, once it runs.
fn worker_of(agent: u32) -> u32 {
    wait_for("the worker", Deadline::Short, || {
        let found = std::fs::read_dir("/proc")
            .ok()?
            .flatten()
            .find_map(|entry| {
                let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
                let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
                let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse::<u32>();
                (parent.ok()? == agent).then_some(pid)
            })?;
        let line = std::fs::read(format!("/proc/{found}/cmdline")).ok()?;
        line.windows(14)
            .any(|word| word == b"network-worker")
            .then_some(found)
    })
}

#[test]
fn whoever_reads_from_the_network_has_nothing_to_lose() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "okx");
    bench.exchange.becomes(Mood::Silent);
    let base = bench.exchange.base_url();
    let running = bench
        .vault
        .call(&["check", "okx", "--yes", "--base-url", &base])
        .argument("--base-ca")
        .argument(&bench.authority)
        .with_code()
        .begin();
    wait_for("the request", Deadline::Short, || {
        (!bench.exchange.seen().is_empty()).then_some(())
    });
    let agent = sandbox.agent_pid().expect("an agent");
    let worker = worker_of(agent);
    let of = |name: &str| std::fs::read(format!("/proc/{worker}/{name}")).unwrap_or_default();
    let line = String::from_utf8_lossy(&of("cmdline")).into_owned();
    assert_eq!(line.split('\0').nth(1), Some("network-worker"), "{line}");
    assert_eq!(
        line.split('\0').filter(|word| !word.is_empty()).count(),
        2,
        "{line}"
    );
    let limits = String::from_utf8_lossy(&of("limits")).into_owned();
    for name in ["Max core file size", "Max file size"] {
        let limit = limits
            .lines()
            .find(|line| line.starts_with(name))
            .expect(name);
        let mut numbers = limit[name.len()..].split_whitespace();
        assert_eq!(numbers.next(), Some("0"), "{limit}");
    }
    let status = String::from_utf8_lossy(&of("status")).into_owned();
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    if is_root() {
        assert_eq!(of("environ"), b"", "an environment was handed on");
        let descriptors = std::fs::read_dir(format!("/proc/{worker}/fd")).expect("a listing");
        let held: Vec<String> = descriptors
            .flatten()
            .filter_map(|entry| std::fs::read_link(entry.path()).ok())
            .map(|target| target.to_string_lossy().into_owned())
            .collect();
        let files: Vec<&String> = held
            .iter()
            .filter(|target| target.starts_with('/') && *target != "/dev/null")
            .collect();
        assert!(files.is_empty(), "it holds {held:?}");
        // Not the secret: only what was signed with it.
        let secret = Canary::of(&bench.credential.secret);
        let places = places_in_own_memory(worker, &secret).expect("root reads memory");
        assert!(places.is_empty(), "the secret is in the worker: {places:?}");
    }
    let answer = running.finish();
    assert_eq!(answer.code, 11, "{}", answer.stderr);
    assert!(
        answer.stdout.contains("did not answer in time"),
        "{}",
        answer.stdout
    );
    wait_for("the end of the worker", Deadline::Short, || {
        (!main_thread_alive(worker)).then_some(())
    });
}

#[test]
fn a_base_address_is_of_the_loopback_or_refused_before_a_code_is_spent() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "kraken");
    for base in [
        "https://192.0.2.1:8443",
        "https://localhost:8443",
        "http://127.0.0.1:8443",
        "https://api.kraken.com",
    ] {
        let refused = bench.check_at(base);
        refused.refused(2);
        assert!(refused.stderr.contains("loopback"), "{}", refused.stderr);
    }
    assert!(bench.exchange.seen().is_empty());
}

#[test]
fn what_will_be_sent_is_said_first_and_nothing_is_sent_without_a_word() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "kraken");
    // No terminal, no --yes: refused, and nothing was asked.
    let base = bench.exchange.base_url();
    let refused = bench
        .vault
        .call(&["check", "kraken", "--base-url", &base])
        .with_code()
        .answer();
    refused.refused(2);
    assert!(bench.exchange.seen().is_empty());
    let answer = bench
        .vault
        .bare_call(&["check", "kraken", "--yes", "--base-url", &base])
        .argument("--base-ca")
        .argument(&bench.authority)
        .with_code()
        .answer();
    answer.ok();
    for said in [
        "POST /0/private/GetApiKeyInfo",
        "counts as a use",
        "higher number than the last",
    ] {
        assert!(answer.stderr.contains(said), "{said}: {}", answer.stderr);
    }
}

#[test]
fn numbers_rise_from_check_to_check_and_a_bot_that_counts_higher_is_named() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "kraken");
    bench.ends("answered", "knows the key");
    bench.ends("answered", "knows the key");
    // A bot that counts in microseconds.
    bench.exchange.has_seen_nonce(9_000_000_000_000_000);
    let checked = bench.ends("ask-later", "higher number than the last");
    assert_eq!(checked["remedy"], "Give each program a key of its own.");
}

#[test]
fn more_than_was_declared_is_told_and_stays_a_finding() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "okx");
    bench
        .vault
        .run(&["edit", "okx", "--allow", "read", "--deny", "withdraw,spot"])
        .ok();
    let checked = bench.ends("answered", "knows the key");
    assert_eq!(checked["excess"].to_string(), r#"["spot","withdraw"]"#);
    assert_eq!(checked["drift"].to_string(), "[]");
    let listed = bench.vault.run(&["list", "--over-permissive"]).json();
    let excess = listed["rows"][0]["excess"].to_string();
    assert!(excess.contains("more-than-declared"), "{listed}");
}

#[test]
fn an_answer_that_came_elsewhere_is_read_without_sending_anything() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let bench = Bench::at(&sandbox, Vault::create(&sandbox), "okx");
    let command = bench
        .vault
        .bare_call(&["check", "okx", "--elsewhere"])
        .with_code()
        .answer();
    let command = command.ok();
    assert!(command.stdout.starts_with("curl "), "{}", command.stdout);
    assert!(
        command
            .stdout
            .contains("'https://www.okx.com/api/v5/account/config'")
    );
    assert!(!command.stdout.contains(&bench.credential.secret));
    let brought = |answer: &str| {
        let call = bench.vault.call(&["check", "okx"]);
        let call = call.through("--answer-fd", answer).with_code();
        let checked = call.answer().json();
        assert_eq!(checked["outcome"], "answered", "{checked}");
        checked
    };
    let first = brought(
        r#"{"code":"0","data":[{"perm":"read_only,trade","ip":"203.0.113.7","label":"v5"}]}"#,
    );
    assert_eq!(first["seen"]["permissions"]["withdraw"], "no");
    assert_eq!(first["seen"]["allowlist"]["addresses"][0], "203.0.113.7");
    assert_eq!(first["drift"].to_string(), "[]");
    // The same key, opened and given more: told as a change.
    let second = brought(
        r#"{"code":"0","data":[{"perm":"read_only,trade,withdraw","ip":"","label":"v5"}]}"#,
    );
    let drift = second["drift"].to_string();
    assert!(drift.contains("a right it had not: withdraw"), "{drift}");
    assert!(drift.contains("The allowlist is gone"), "{drift}");
    // What is no answer of the exchange is said to be none.
    let call = bench.vault.call(&["check", "okx"]);
    let call = call.through("--answer-fd", "<html>").with_code();
    assert_eq!(call.answer().code, 11);
    assert!(bench.exchange.seen().is_empty());
}

#[test]
fn a_closed_exchange_is_not_asked() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    vault
        .call(&["add", "old", "--exchange", "bitmex", "--account", "main"])
        .field("apiKey", "LAqUlngMIQkIUjXMUreyu3qn")
        .field("secret", "chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO")
        .answer()
        .ok();
    let refused = vault.call(&["check", "old", "--yes"]).with_code().answer();
    refused.refused(2);
    assert!(
        refused.stderr.contains("closed on 2026-09-23"),
        "{}",
        refused.stderr
    );
}
