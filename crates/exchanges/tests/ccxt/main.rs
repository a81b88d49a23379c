//! Our signatures beside those of ccxt, over random requests with one clock and one nonce.
//!
//! Where ccxt and the exchange's documentation differ in what both leave free, the comparison says
//! so at its place: the order of parameters (Binance, MEXC), numbers written as texts (Gemini,
//! Crypto.com), the order of parts of a header (Deribit), and claims of a token that the exchange
//! ignores (Coinbase). BitMEX is not in ccxt any more; it has official examples instead.

mod exchanges;
mod random;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use strongroom_domain::Environment;
use strongroom_exchanges::sign::{Credential, Method, Moment, Request, Signed, adapter};
use strongroom_secret::SecretText;

use random::Random;

/// One request, as both are asked to sign it.
pub(crate) struct Case {
    pub(crate) exchange: &'static str,
    pub(crate) environment: Environment,
    pub(crate) host: Option<&'static str>,
    pub(crate) credential: Vec<(&'static str, String)>,
    pub(crate) request: Request,
    pub(crate) now_ms: u64,
    pub(crate) nonce: String,
    pub(crate) window: Option<u32>,
    /// What ccxt is asked, beside exchange and time.
    pub(crate) peer: Value,
    pub(crate) compare: fn(&Case, &Signed, &Value),
}

impl Case {
    /// A case of an exchange in production, compared by URL, body and the headers of `compare`.
    pub(crate) fn new(
        exchange: &'static str,
        method: Method,
        path: &str,
        compare: fn(&Case, &Signed, &Value),
    ) -> Self {
        Self {
            exchange,
            environment: Environment::Production,
            host: None,
            credential: Vec::new(),
            request: Request {
                method,
                path: path.to_owned(),
                query: Vec::new(),
                body: None,
            },
            now_ms: 0,
            nonce: String::new(),
            window: None,
            peer: json!({}),
            compare,
        }
    }

    fn line(&self) -> String {
        let mut line = self.peer.clone();
        line["exchange"] = json!(self.exchange);
        line["now_ms"] = json!(self.now_ms);
        line["method"] = json!(self.request.method.as_str());
        if line.get("nonce").is_none() {
            line["nonce"] = json!(self.nonce);
        }
        // The parameters are put in as text: their order is part of what is compared.
        let parameters = line["params"].as_str().unwrap_or("{}").to_owned();
        line["params"] = json!("@");
        let action = line["action"].as_str().unwrap_or("{}").to_owned();
        line["action"] = json!("@@");
        line.to_string()
            .replace("\"@@\"", &action)
            .replace("\"@\"", &parameters)
    }

    fn sign(&self) -> Signed {
        let credential = Credential::new(
            self.credential
                .iter()
                .map(|(name, value)| ((*name).to_owned(), SecretText::new(value.clone())))
                .collect(),
        );
        let moment = Moment {
            now_ms: self.now_ms,
            nonce: &self.nonce,
            receive_window_ms: self.window,
            blinding: [7; 32],
        };
        adapter(self.exchange)
            .expect("an adapter")
            .signer(self.environment, self.host, &credential)
            .expect("a credential")
            .sign(&self.request, &moment)
            .unwrap_or_else(|refused| panic!("{} refused: {refused}", self.exchange))
    }
}

/// Runs the peer over all lines and gives its answers.
fn answers(python: &std::ffi::OsStr, lines: Vec<String>) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/ccxt_sign.py");
    let mut peer = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python that STRONGROOM_CCXT_PYTHON names");
    let mut input = peer.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || {
        for line in lines {
            if writeln!(input, "{line}").is_err() {
                // It has said on standard error why it ended.
                return;
            }
        }
    });
    let output = BufReader::new(peer.stdout.take().expect("a pipe"));
    let answers = output
        .lines()
        .map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
        .collect();
    writer.join().expect("the lines are written");
    assert!(peer.wait().expect("an end").success(), "the peer failed");
    answers
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "what is left out is said where one looks"
)]
fn signatures_are_those_of_ccxt_over_random_requests() {
    let Some(python) = std::env::var_os("STRONGROOM_CCXT_PYTHON") else {
        eprintln!("left out: STRONGROOM_CCXT_PYTHON names no Python with ccxt");
        return;
    };
    let mut cases = Vec::new();
    for (number, (make, count)) in exchanges::ALL.iter().enumerate() {
        let mut random = Random::new(0x5eed_0000 + number as u64 * 7919);
        for _ in 0..*count {
            cases.push(make(&mut random));
        }
    }
    let lines = cases.iter().map(Case::line).collect();
    let answers = answers(&python, lines);
    assert_eq!(answers.len(), cases.len(), "an answer for each request");
    for (case, answer) in cases.iter().zip(&answers) {
        (case.compare)(case, &case.sign(), answer);
    }
    assert!(cases.len() >= 3000, "only {} requests", cases.len());
}
