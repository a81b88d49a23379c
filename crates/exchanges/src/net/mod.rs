//! Sends one signed request to an exchange and takes its answer: no redirects, no other hosts than
//! the catalogue's, bounded in time and size.
//!
//! It is for the network worker, a short-lived process without keys (feature `net`). The address
//! of a request is a host of the catalogue in every case; a test may say that this host is found on
//! the loopback, and nowhere else.
//!
//! Deliberately not here: signing, reading the answer, and deciding that anything is sent.

mod failure;
mod place;
mod roots;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::fmt::rfc2822;
use strongroom_secret::{SecretBytes, SecretText};
use ureq::config::Config;
use ureq::http::{Request, Response};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy};

pub use failure::NotAnswered;
pub use place::{Loopback, LoopbackRefused};

use place::Finder;

/// No answer about a key is near this long, in bytes.
const MOST_BODY: u64 = 1 << 20;
/// Of status line and headers together, in bytes.
const MOST_HEAD: usize = 32 << 10;
const TO_CONNECT: Duration = Duration::from_secs(8);
const BEFORE_RETRY: Duration = Duration::from_millis(300);
const USER_AGENT: &str = concat!("strongroom/", env!("CARGO_PKG_VERSION"));

/// A request to be sent exactly as it is. It is good for whoever has it, so it is not shown.
pub struct Outgoing {
    pub method: String,
    /// A host of the catalogue, by its bare name.
    pub host: String,
    /// Path and query.
    pub target: SecretText,
    pub headers: Vec<(String, SecretText)>,
    pub body: Option<SecretText>,
}

/// The way to the exchange.
#[derive(Default)]
pub struct Way {
    /// Where a test has put the exchange.
    pub loopback: Option<Loopback>,
    /// `http://[user:password@]host:port`; what goes through it is tunnelled and stays encrypted.
    pub proxy: Option<SecretText>,
}

/// What came back.
pub struct Incoming {
    pub status: u16,
    /// The exchange's clock, UTC milliseconds, to the second.
    pub server_ms: Option<i64>,
    /// Not read by anybody yet; it may hold secrets.
    pub body: SecretBytes,
}

/// Sends and waits for the whole answer, at most for `deadline`. A connection that cannot be made
/// is tried once more; nothing that may have been sent is ever sent again.
///
/// # Errors
/// [`NotAnswered`], with nothing of the request or the answer in it.
pub fn send(outgoing: &Outgoing, way: &Way, deadline: Duration) -> Result<Incoming, NotAnswered> {
    if crate::catalogue::host(&outgoing.host).is_none() {
        return Err(NotAnswered::Stranger);
    }
    let end = Instant::now() + deadline;
    let agent = agent(way, deadline)?;
    match once(&agent, outgoing) {
        Err(failed) if failed.is_before_sending() && end > Instant::now() + BEFORE_RETRY => {
            pause();
            let left = end.saturating_duration_since(Instant::now());
            once(&self::agent(way, left)?, outgoing)
        }
        outcome => outcome,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells when a network is there again; the deadline holds all the same"
)]
fn pause() {
    std::thread::sleep(BEFORE_RETRY);
}

fn agent(way: &Way, deadline: Duration) -> Result<Agent, NotAnswered> {
    let proxy = match &way.proxy {
        // EXPOSE: taken apart by the client, which authenticates with what stands in it.
        Some(proxy) => Some(Proxy::new(proxy.expose()).map_err(|_| NotAnswered::Proxy)?),
        None => None,
    };
    let provider = rustls::crypto::ring::default_provider();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::from(roots::trusted(way.loopback.as_ref())))
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    let config = Config::builder()
        .https_only(true)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // Said even where there is none: the client would look into the environment.
        .proxy(proxy)
        .user_agent(USER_AGENT)
        .accept("application/json")
        .accept_encoding("identity")
        .max_response_header_size(MOST_HEAD)
        .max_idle_connections(0)
        .timeout_global(Some(deadline))
        .timeout_connect(Some(TO_CONNECT.min(deadline)))
        .tls_config(tls)
        .build();
    let finder = Finder::new(way.loopback.as_ref());
    Ok(Agent::with_parts(
        config,
        DefaultConnector::default(),
        finder,
    ))
}

fn once(agent: &Agent, outgoing: &Outgoing) -> Result<Incoming, NotAnswered> {
    // EXPOSE: what does not begin a path would become a part of the host's name.
    if !outgoing.target.expose().starts_with('/') {
        return Err(NotAnswered::Request);
    }
    // EXPOSE: to be sent; this is what the request was signed for.
    let url = ["https://", &outgoing.host, outgoing.target.expose()].concat();
    let mut request = Request::builder().method(outgoing.method.as_str()).uri(url);
    for (name, value) in &outgoing.headers {
        // EXPOSE: the same.
        request = request.header(name, value.expose());
    }
    let takes_body = matches!(outgoing.method.as_str(), "POST" | "PUT" | "PATCH");
    let answered = if outgoing.body.is_some() || takes_body {
        // EXPOSE: the same.
        let body = outgoing.body.as_ref().map_or("", |body| body.expose());
        let request = request.body(body.as_bytes());
        agent.run(request.map_err(|_| NotAnswered::Request)?)
    } else {
        agent.run(request.body(()).map_err(|_| NotAnswered::Request)?)
    };
    taken(answered.map_err(|error| NotAnswered::from_client(&error))?)
}

fn taken(mut response: Response<Body>) -> Result<Incoming, NotAnswered> {
    let status = response.status().as_u16();
    if (300..400).contains(&status) {
        return Err(NotAnswered::Redirect);
    }
    let date = response.headers().get("date");
    let server_ms = date
        .and_then(|date| date.to_str().ok())
        .and_then(|date| rfc2822::parse(date).ok())
        .map(|date| date.timestamp().as_millisecond());
    let body = response
        .body_mut()
        .with_config()
        .limit(MOST_BODY)
        .read_to_vec()
        .map_err(|error| NotAnswered::from_client(&error))?;
    Ok(Incoming {
        status,
        server_ms,
        body: SecretBytes::new(body),
    })
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing(..)")
    }
}

/// A proxy's address may hold a password.
impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way(..)")
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_is_not_in_the_catalogue_is_not_looked_up() {
        let outgoing = Outgoing {
            method: "GET".to_owned(),
            host: "api.binance.com.elsewhere.example".to_owned(),
            target: SecretText::new("/".to_owned()),
            headers: Vec::new(),
            body: None,
        };
        let sent = send(&outgoing, &Way::default(), Duration::from_secs(1));
        assert_eq!(sent.err(), Some(NotAnswered::Stranger));
    }

    #[test]
    fn a_target_cannot_go_on_with_the_name_of_the_host() {
        for target in [
            ".elsewhere.example/api",
            "@elsewhere.example/",
            ":8443/",
            "",
        ] {
            let outgoing = Outgoing {
                method: "GET".to_owned(),
                host: "api.binance.com".to_owned(),
                target: SecretText::new(target.to_owned()),
                headers: Vec::new(),
                body: None,
            };
            let sent = send(&outgoing, &Way::default(), Duration::from_secs(1));
            assert_eq!(sent.err(), Some(NotAnswered::Request), "{target}");
        }
    }
}
