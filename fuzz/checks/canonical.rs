//! What must hold for any request given to the signing adapters: it is refused, or it has one form,
//! and what would be sent says what was given. Shared by the fuzz target and the replay of its
//! corpus.
//!
//! The first byte names the adapter, the second the method; the rest is path, query, body and nonce,
//! a line each, the query as `name=value` pairs joined by tabs.

use strongroom_domain::Environment;
use strongroom_exchanges::sign::{
    ADAPTERS, Credential, Method, Moment, NonceKind, Request, Signer,
};
use strongroom_secret::SecretText;

pub(crate) fn check(bytes: &[u8]) {
    let [which, method, rest @ ..] = bytes else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let adapter = ADAPTERS[usize::from(*which) % ADAPTERS.len()];
    let signer = signer(adapter.exchange());
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let path = line().to_owned();
    let query: Vec<(String, String)> = line()
        .split('\t')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = Some(line().to_owned()).filter(|body| !body.is_empty());
    let given_nonce = line().to_owned();
    let request = Request {
        method: Method::ALL[usize::from(*method) % Method::ALL.len()],
        path,
        query,
        body,
    };
    let own_nonce = match adapter.nonce() {
        NonceKind::Unused => String::new(),
        kind => kind.spell(1_600_000_000_000, [7; 16]),
    };
    for nonce in [own_nonce.as_str(), given_nonce.as_str()] {
        let moment = Moment {
            now_ms: 1_600_000_000_000,
            nonce,
            receive_window_ms: None,
            blinding: [0; 32],
        };
        check_request(&signer, &request, &moment);
    }
}

fn check_request(signer: &Signer, request: &Request, moment: &Moment<'_>) {
    let signed = match signer.sign(request, moment) {
        Ok(signed) => signed,
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            return;
        }
    };
    let again = signer.sign(request, moment).expect("taken once");
    assert_eq!(signed.target(), again.target());
    assert_eq!(signed.class(), again.class());
    let forms = [(); 2].map(|()| signer.canonical(request, moment).expect("taken once"));
    assert!(forms[0].ct_eq(&forms[1]));

    // The path is the one that was given, and nothing in the target can be taken for another part.
    let target = signed.target();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    assert_eq!(path, request.path);
    assert!(target.bytes().all(|byte| (0x21..0x7f).contains(&byte)));
    assert!(!path.contains("//") && !path.contains("/../") && !path.contains('%'));
    assert!(!query.contains('?') && !query.contains('#') && !query.contains('/'));

    // Every parameter is sent once, by its name.
    let names: Vec<&str> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
        .collect();
    for (name, _) in &request.query {
        let escaped = name.replace('[', "%5B").replace(']', "%5D");
        assert_eq!(
            names.iter().filter(|sent| **sent == escaped).count(),
            1,
            "a name that is not sent once"
        );
    }
    for header in signed.headers() {
        // EXPOSE: a header must not be able to begin another.
        let value = header.value.expose();
        assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
    }
}

/// A key of this exchange; every adapter finds its own fields among these.
fn signer(exchange: &str) -> Signer {
    let fields: &[(&str, &str)] = match exchange {
        "coinbase" => &[
            ("keyName", "organizations/1/apiKeys/2"),
            ("privateKey", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
        ],
        "kraken" | "krakenfutures" => &[("apiKey", "examplekey1"), ("privateKey", "ZXhhbXBsZQ==")],
        "hyperliquid" => &[
            (
                "privateKey",
                "0x0123456789012345678901234567890123456789012345678901234567890123",
            ),
            (
                "walletAddress",
                "0x5e9ee1089755c3435139848e47e6635505d5a13a",
            ),
        ],
        _ => &[
            ("apiKey", "examplekey1"),
            ("secret", "examplesecret1"),
            ("passphrase", "examplephrase1"),
            ("keyVersion", "2"),
        ],
    };
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
        .collect();
    strongroom_exchanges::sign::adapter(exchange)
        .expect("an adapter")
        .signer(Environment::Production, None, &Credential::new(fields))
        .expect("a key of the tests")
}
