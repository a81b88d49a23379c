//! The catalogue and the signing adapters speak of the same hosts and calls.

use strongroom_domain::Environment;
use strongroom_exchanges::catalogue::{Facts, all, facts};
use strongroom_exchanges::probe::{Fill, Probe, calls};
use strongroom_exchanges::sign::{ADAPTERS, Class, Credential, Method, Moment, Request, adapter};
use strongroom_secret::SecretText;

const UUID: &str = "0123abcd-0123-4123-8123-0123456789ab";

/// Opening a session is no request that the adapter signs: the session itself is signed.
const SESSIONS: &[(&str, &str)] = &[("deribit", "key")];

/// The exchange has closed: the adapter is kept for its examples, the catalogue names no host.
const CLOSED: &str = "bitmex";

/// Invented fields of the forms the exchange wants.
fn credential(id: &str) -> Credential {
    let fields: Vec<(&str, String)> = match id {
        "coinbase" => vec![
            ("apiKey", format!("organizations/{UUID}/apiKeys/{UUID}")),
            ("secret", include_str!("../data/keys/p256.pem").to_owned()),
        ],
        "kraken" | "krakenfutures" => vec![
            ("apiKey", "A".repeat(56)),
            ("secret", format!("{}==", "A".repeat(86))),
        ],
        "hyperliquid" => vec![
            ("privateKey", format!("0x{}", "1".repeat(64))),
            ("walletAddress", format!("0x{}", "2".repeat(40))),
        ],
        "okx" | "bitget" | "kucoin" => vec![
            ("apiKey", UUID.to_owned()),
            ("secret", "A".repeat(32)),
            ("passphrase", "abcdefgh".to_owned()),
            ("keyVersion", "3".to_owned()),
        ],
        "gemini" => vec![
            ("apiKey", format!("account-{}", "a".repeat(20))),
            ("secret", "a".repeat(28)),
        ],
        _ => vec![("apiKey", "a".repeat(64)), ("secret", "b".repeat(64))],
    };
    let fields = fields
        .into_iter()
        .filter(|(name, _)| *name != "keyVersion" || id == "kucoin")
        .map(|(name, value)| (name.to_owned(), SecretText::new(value)));
    Credential::new(fields.collect())
}

/// What is wrong with one probe; `None` if it is signed and only reads.
fn fault(facts: &'static Facts, probe: &Probe, environment: Environment) -> Option<String> {
    let adapter = adapter(&facts.id)?;
    let host = probe.base.strip_prefix("https://");
    let nonce = adapter.nonce().spell(1_800_000_000_000, [7; 16]);
    let moment = Moment {
        now_ms: 1_800_000_000_000,
        nonce: &nonce,
        receive_window_ms: None,
        blinding: [1; 32],
    };
    let request = Request {
        method: Method::parse(probe.method)?,
        path: probe.path.clone(),
        query: probe.query.clone(),
        body: probe.body.clone(),
    };
    let signer = match adapter.signer(environment, host, &credential(&facts.id)) {
        Ok(signer) => signer,
        Err(refused) => return Some(refused.to_string()),
    };
    match signer.sign(&request, &moment) {
        Ok(signed) if signed.class() == Class::Read => None,
        Ok(signed) => Some(format!("its class is {}", signed.class().as_str())),
        Err(refused) => Some(refused.to_string()),
    }
}

#[test]
fn every_signed_probe_is_signed_by_its_adapter_and_only_reads() {
    let fill = Fill {
        key: Some("key"),
        uid: Some("1"),
        account: Some("0xaa"),
        agent: Some("0xbb"),
    };
    let mut faults = Vec::new();
    let mut signed = 0;
    for facts in all() {
        for environment in Environment::ALL {
            for call in calls(facts, *environment) {
                let is_session = SESSIONS.contains(&(facts.id.as_str(), call.name.as_str()));
                if !call.signed || is_session {
                    continue;
                }
                let probe = Probe::new(facts, &call.name, *environment, &fill).expect("a probe");
                signed += 1;
                if let Some(fault) = fault(facts, &probe, *environment) {
                    faults.push(format!("{} {}: {fault}", facts.id, call.name));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(signed > 25, "only {signed} probes");
}

#[test]
fn what_must_never_be_called_is_not_taken_for_reading_or_trading() {
    for facts in all() {
        let Some(adapter) = adapter(&facts.id) else {
            continue;
        };
        let plain = facts.never.iter().filter(|call| !call.path.contains('*'));
        for call in plain.filter(|call| call.method != "*") {
            let method = Method::parse(&call.method).expect("a method");
            let class = adapter.class(method, &call.path);
            let harmless = matches!(class, Class::Read | Class::Cancel | Class::Trade);
            assert!(
                !harmless,
                "{} {} is {}",
                facts.id,
                call.path,
                class.as_str()
            );
        }
    }
}

#[test]
fn adapters_sign_for_the_hosts_of_the_catalogue_and_for_no_others() {
    for adapter in ADAPTERS
        .iter()
        .filter(|adapter| adapter.exchange() != CLOSED)
    {
        let facts = facts(adapter.exchange()).expect("in the catalogue");
        let mut places: Vec<(u8, &str)> = adapter
            .places()
            .iter()
            .map(|place| (place.environment.code(), place.host))
            .collect();
        let mut hosts: Vec<(u8, &str)> = facts
            .hosts
            .iter()
            .map(|host| (host.environment.code(), host.name()))
            .collect();
        places.sort_unstable();
        hosts.sort_unstable();
        assert_eq!(places, hosts, "{}", facts.id);
    }
}
