//! An exchange in this process: a TLS server on the loopback that checks signatures, answers with
//! the samples of the documentation, refuses in the documented words, and misbehaves on demand.
//!
//! It plays every exchange that still has an address, by the exchange's own host names: its
//! certificate is for them, from an authority made for the test. Its clock is the sandbox's, plus
//! what a test says.

mod answers;
mod credential;
mod http;
mod recipe;

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub use answers::{Refusal, UNKNOWN_WORD, documented};
pub use credential::Credential;
pub use http::Seen;

use crate::clock::{TestClock, Told};
use http::Reply;
use recipe::{Judge, Wrong};

/// The exchanges that are played: all that have an address.
pub const PLAYED: [&str; 18] = [
    "binance",
    "binanceus",
    "bitfinex",
    "bitget",
    "bitstamp",
    "bybit",
    "coinbase",
    "cryptocom",
    "deribit",
    "gate",
    "gemini",
    "htx",
    "hyperliquid",
    "kraken",
    "krakenfutures",
    "kucoin",
    "mexc",
    "okx",
];

/// How it behaves.
#[derive(Debug, Clone)]
pub enum Mood {
    /// Checks the signature and answers.
    Usual,
    /// Refuses whatever comes, in these documented words.
    Refuses(Refusal),
    /// Answers with a right that nobody documents.
    UnknownWord,
    /// Stops in the middle of the JSON, and says that this was all.
    Truncated,
    /// Stops in the middle of what it promised.
    HangsUp,
    /// Ten megabytes.
    Huge,
    /// Sends the client to another address.
    Redirects,
    /// A page of a firewall.
    WebPage,
    /// Says nothing, for longer than anybody waits.
    Silent,
}

/// Whose certificate it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Right,
    /// From the authority that is trusted, for another name.
    OfAnotherName,
    /// For the right name, from an authority that nobody trusts.
    OfAnotherAuthority,
}

/// A running exchange. It ends when it is dropped.
#[derive(Debug)]
pub struct Exchange {
    id: &'static str,
    address: SocketAddr,
    authority: String,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    id: &'static str,
    credential: Credential,
    clock: Told,
    clock_off_ms: AtomicI64,
    mood: Mutex<Mood>,
    seen: Mutex<Vec<Seen>>,
    last_nonce: Mutex<u64>,
    ended: AtomicBool,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Exchange {
    /// # Panics
    /// When the loopback cannot be listened on.
    pub fn start(id: &'static str, clock: &TestClock) -> Self {
        Self::start_with(id, clock, Certificate::Right)
    }

    /// The same with a certificate of choice.
    ///
    /// # Panics
    /// When the loopback cannot be listened on.
    pub fn start_with(id: &'static str, clock: &TestClock, certificate: Certificate) -> Self {
        let (config, authority) = tls(id, certificate);
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback listens");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared {
            id,
            credential: Credential::at(id),
            clock: clock.told(),
            clock_off_ms: AtomicI64::new(0),
            mood: Mutex::new(Mood::Usual),
            seen: Mutex::default(),
            last_nonce: Mutex::new(0),
            ended: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if server.ended.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), config) = (stream, Arc::clone(&config)) else {
                    continue;
                };
                let server = Arc::clone(&server);
                std::thread::spawn(move || {
                    // A client that hangs up, for whatever reason, is the test's to judge.
                    let _hung_up = server.serve(stream, config);
                });
            }
        });
        Self {
            id,
            address,
            authority,
            shared,
            listening: Some(listening),
        }
    }

    pub fn id(&self) -> &'static str {
        self.id
    }

    /// `https://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The authority behind its certificates, PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The key it has given out.
    pub fn credential(&self) -> Credential {
        self.shared.credential.clone()
    }

    pub fn becomes(&self, mood: Mood) {
        *held(&self.shared.mood) = mood;
    }

    /// Its clock is this much ahead of the sandbox's.
    pub fn set_clock_off_ms(&self, by: i64) {
        self.shared.clock_off_ms.store(by, Ordering::SeqCst);
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        held(&self.shared.seen).clone()
    }

    /// Another program used the key with this number.
    pub fn has_seen_nonce(&self, nonce: u64) {
        *held(&self.shared.last_nonce) = nonce;
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees it.
        let _woken = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ended = listening.join();
        }
    }
}

impl Shared {
    fn now_ms(&self) -> i64 {
        self.clock.now_ms() + self.clock_off_ms.load(Ordering::SeqCst)
    }

    fn serve(&self, stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let connection = ServerConnection::new(config).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, stream);
        let seen = Seen::read(&mut stream)?;
        held(&self.seen).push(seen.clone());
        let mood = held(&self.mood).clone();
        if matches!(mood, Mood::Silent) {
            while !self.ended.load(Ordering::SeqCst) {
                std::thread::park_timeout(Duration::from_millis(50));
            }
            return Ok(());
        }
        let reply = self.reply(&seen, mood);
        reply.write(&mut stream, self.now_ms())?;
        stream.conn.send_close_notify();
        stream.flush()
    }

    fn reply(&self, seen: &Seen, mood: Mood) -> Reply {
        let text = |status, text: &str| Reply {
            status,
            headers: vec![("Content-Type", "text/html".to_owned())],
            body: text.as_bytes().to_vec(),
            promised: None,
        };
        if let Mood::Refuses(refusal) = &mood {
            return answers::refusal(self.id, refusal);
        }
        let judged = Judge {
            seen,
            known: &self.credential,
            now_ms: self.now_ms(),
            last_nonce: &mut held(&self.last_nonce),
        }
        .judge(self.id);
        if let Err(wrong) = judged {
            return self.refused(wrong);
        }
        let Some(answer) = answers::answer(self.id, seen) else {
            return text(404, "<html>no such page</html>");
        };
        let mut reply = Reply::json(200, &answer);
        match mood {
            Mood::UnknownWord => {
                if let Some(answer) = answers::with_unknown_word(self.id, answer) {
                    reply = Reply::json(200, &answer);
                }
            }
            Mood::Truncated => reply.body.truncate(reply.body.len() / 2),
            Mood::HangsUp => {
                reply.promised = Some(reply.body.len());
                reply.body.truncate(reply.body.len() / 2);
            }
            Mood::Huge => reply.body = vec![b' '; 10 << 20],
            Mood::Redirects => {
                reply.status = 302;
                let elsewhere = "https://elsewhere.example/".to_owned();
                reply.headers.push(("Location", elsewhere));
            }
            Mood::WebPage => reply = text(200, "<!doctype html><title>Attention</title>"),
            Mood::Usual | Mood::Refuses(_) | Mood::Silent => {}
        }
        reply
    }

    /// The documented refusal for what is wrong, or the nearest the exchange has.
    fn refused(&self, wrong: Wrong) -> Reply {
        let meanings: &[&str] = match wrong {
            Wrong::Key => &["unknown-key", "key-address-or-permission", "credentials"],
            Wrong::Signature => &["bad-signature", "credentials", "unknown-key"],
            Wrong::Clock => &["clock-off", "credentials"],
            Wrong::Passphrase => &["wrong-passphrase"],
            Wrong::Nonce => &["nonce-used"],
            Wrong::Form => &[],
        };
        let all = documented(self.id);
        let found = meanings
            .iter()
            .find_map(|meaning| all.iter().find(|one| one.meaning == *meaning));
        match found {
            Some(refusal) => answers::refusal(self.id, refusal),
            None => Reply {
                status: 400,
                headers: Vec::new(),
                body: format!("{wrong:?}: no request of {}", self.id).into_bytes(),
                promised: None,
            },
        }
    }
}

/// A server's side of TLS, and the authority to trust for it.
fn tls(exchange: &str, certificate: Certificate) -> (Arc<ServerConfig>, String) {
    let authority = |name: &str| {
        let key = KeyPair::generate().expect("a key can be made");
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        let pem = parameters.self_signed(&key).expect("signed").pem();
        (Issuer::new(parameters, key), pem)
    };
    let (trusted, pem) = authority("trusted by the test");
    let (stranger, _) = authority("trusted by nobody");
    let names = match certificate {
        Certificate::OfAnotherName => vec!["elsewhere.example".to_owned()],
        _ => answers::hosts(exchange),
    };
    let issuer = match certificate {
        Certificate::OfAnotherAuthority => &stranger,
        _ => &trusted,
    };
    let key = KeyPair::generate().expect("a key can be made");
    let leaf = CertificateParams::new(names)
        .expect("host names")
        .signed_by(&key, issuer)
        .expect("signed");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("a certificate of ours");
    (Arc::new(config), pem)
}
