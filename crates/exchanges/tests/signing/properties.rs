//! What holds for every request: one request has one form, what is sent says what was given, every
//! byte that matters is in the signature, and nothing that comes in makes anything panic.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use strongroom_domain::Environment;
use strongroom_exchanges::sign::{
    ADAPTERS, Binding, Credential, Method, Moment, Request, Signed, adapter,
};
use strongroom_secret::SecretText;

use crate::samples::{Part, SAMPLES, Sample, signer};

fn any_sample() -> impl Strategy<Value = &'static Sample> {
    (0..SAMPLES.len()).prop_map(|place| &SAMPLES[place])
}

fn any_method() -> impl Strategy<Value = Method> {
    (0..Method::ALL.len()).prop_map(|place| Method::ALL[place])
}

/// Names that differ and values as they come, without what every adapter refuses.
fn plain_pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::btree_map(
        "[a-z][a-z0-9_]{0,7}",
        "[A-Za-z0-9 .,:_+\\[\\]{}\"()*@$~-]{0,16}",
        0..8,
    )
    .prop_map(|pairs| pairs.into_iter().collect())
}

/// Texts near what is allowed, and wholly arbitrary ones.
fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9/%&=?#.;\\\\\"{}:,\\[\\] \\n-]{0,40}",
        "(/[a-z0-9._-]{1,8}){0,5}",
        "(\\{|\\}|\\[|\\]|\"|:|,|\\\\|[a-e]|[0-9]|true|null|-|\\.|e){0,60}",
    ]
}

fn decode(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                let digits = &text[at + 1..at + 3];
                plain.push(u8::from_str_radix(digits, 16).expect("an escape"));
                at += 3;
            }
            b'+' if plus_is_space => {
                plain.push(b' ');
                at += 1;
            }
            byte => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).expect("characters")
}

/// The pairs of what would be sent as the query.
fn sent_query(signed: &Signed, exchange: &str) -> BTreeMap<String, String> {
    let query = signed
        .target()
        .split_once('?')
        .map_or("", |(_, query)| query);
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a pair");
            let plus_is_space = exchange == "bitmex";
            (decode(name, plus_is_space), decode(value, plus_is_space))
        })
        .collect()
}

const ADDED: &[&str] = &[
    "timestamp",
    "recvWindow",
    "signature",
    "AccessKeyId",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
    "Signature",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn one_request_has_one_form(sample in any_sample(), pairs in plain_pairs()) {
        let mut request = sample.request();
        request.query.extend(pairs);
        let signer = sample.signer();
        let moment = sample.moment();
        let once = signer.canonical(&request, &moment);
        let again = signer.canonical(&request, &moment);
        match (once, again) {
            (Ok(once), Ok(again)) => {
                prop_assert!(once.ct_eq(&again));
                let first = signer.sign(&request, &moment).expect("it has a form");
                let second = sample.signer().sign(&request, &moment).expect("it has a form");
                prop_assert_eq!(sample.signature_of(&first), sample.signature_of(&second));
                prop_assert_eq!(first.target(), second.target());
                prop_assert_eq!(first.class(), second.class());
            }
            (Err(once), Err(again)) => prop_assert_eq!(once, again),
            _ => prop_assert!(false, "once taken and once refused"),
        }
    }

    #[test]
    fn what_is_sent_says_what_was_given(sample in any_sample(), pairs in plain_pairs()) {
        let mut request = sample.request();
        // Names of the sample's own body must not be there twice.
        request.query = pairs.into_iter().map(|(name, value)| (format!("z{name}"), value)).collect();
        if matches!(sample.exchange, "binance" | "mexc" | "krakenfutures") && request.body.is_some() {
            request.query.clear();
        }
        let Ok(signed) = sample.signer().sign(&request, &sample.moment()) else {
            return Ok(());
        };
        let mut sent = sent_query(&signed, sample.exchange);
        for added in ADDED {
            sent.remove(*added);
        }
        let given: BTreeMap<String, String> = request.query.iter().cloned().collect();
        prop_assert_eq!(sent, given, "{}", sample.exchange);
        prop_assert_eq!(
            signed.target().split('?').next(),
            Some(sample.path)
        );
        if let Some(body) = sample.body.filter(|_| sample.exchange != "gemini") {
            let inside = body.trim_start_matches('{').trim_end_matches('}');
            let sent = signed.body().expect("a body").expose().to_owned();
            prop_assert!(sent.contains(inside), "{}: {}", sample.exchange, sent);
        }
    }

    #[test]
    fn a_changed_byte_changes_the_signature(
        sample in any_sample(),
        place in any::<prop::sample::Index>(),
        part in 0_u8..7,
    ) {
        let signer = sample.signer();
        let moment = sample.moment();
        let binding = adapter(sample.exchange).expect("an adapter").binding();
        let before = sample.signature_of(
            &signer.sign(&sample.request(), &moment).expect("a sample"),
        );
        let mut request = sample.request();
        let mut changed_moment = moment;
        let nonce;
        let mut changed_signer = sample.signer();
        match part {
            0 if binding != Binding::NotCall => {
                request.path = change(&request.path, &place);
            }
            1 if sample.covers.contains(&Part::Query) && !request.query.is_empty() => {
                let pair = place.index(request.query.len());
                request.query[pair].1 = change(&request.query[pair].1.clone(), &place);
            }
            2 if sample.covers.contains(&Part::Query) && !request.query.is_empty() => {
                let pair = place.index(request.query.len());
                request.query[pair].0 = change(&request.query[pair].0.clone(), &place);
            }
            3 if sample.covers.contains(&Part::Body) => {
                request.body = request.body.map(|body| change(&body, &place));
            }
            // Some exchanges sign whole seconds.
            4 if sample.covers.contains(&Part::Time) => {
                changed_moment.now_ms += 1000 * (1 + place.index(100_000) as u64);
            }
            5 if sample.covers.contains(&Part::Nonce) => {
                nonce = change(sample.nonce, &place);
                changed_moment.nonce = &nonce;
            }
            6 => {
                let fields: Vec<(&str, String)> = sample
                    .fields
                    .iter()
                    .map(|(name, value)| {
                        let secret = matches!(*name, "secret" | "agentPrivateKey")
                            || (*name == "privateKey" && !value.contains("BEGIN"));
                        let value = if secret { change_secret(value, &place) } else { (*value).to_owned() };
                        (*name, value)
                    })
                    .collect();
                if fields.iter().zip(sample.fields).all(|(a, b)| a.1 == b.1) {
                    return Ok(());
                }
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                changed_signer = signer_or_skip(sample.exchange, &fields)?;
            }
            _ => return Ok(()),
        }
        // What became invalid is not signed at all, which is as good.
        if let Ok(after) = changed_signer.sign(&request, &changed_moment) {
            prop_assert_ne!(
                sample.signature_of(&after), before,
                "{} part {} {}", sample.exchange, part, request.path
            );
        }
    }

    #[test]
    fn nothing_that_comes_in_makes_anything_panic(
        sample in any_sample(),
        method in any_method(),
        path in hostile_text(),
        own_path in any::<bool>(),
        query in vec((hostile_text(), hostile_text()), 0..4),
        body in option::of(hostile_text()),
        nonce in hostile_text(),
        now_ms in any::<u64>(),
        window in option::of(any::<u32>()),
    ) {
        let request = Request {
            method,
            path: if own_path { sample.path.to_owned() } else { path },
            query,
            body,
        };
        let moment = Moment { now_ms, nonce: &nonce, receive_window_ms: window, blinding: [0; 32] };
        if let Err(refused) = sample.signer().sign(&request, &moment) {
            prop_assert!(!refused.to_string().is_empty());
        }
    }

    #[test]
    fn no_credential_makes_anything_panic(
        adapter in 0..ADAPTERS.len(),
        values in vec(hostile_text(), 4),
        pem in any::<bool>(),
    ) {
        let adapter = ADAPTERS[adapter];
        let fields = adapter
            .fields()
            .iter()
            .zip(values)
            .map(|(field, value)| {
                let value = if pem {
                    format!("-----BEGIN PRIVATE KEY-----\n{value}\n-----END PRIVATE KEY-----\n")
                } else {
                    value
                };
                (field.name().to_owned(), SecretText::new(value))
            })
            .collect();
        let _ = adapter.signer(Environment::Production, None, &Credential::new(fields));
    }
}

fn signer_or_skip(
    exchange: &str,
    fields: &[(&str, &str)],
) -> Result<strongroom_exchanges::sign::Signer, TestCaseError> {
    signer(exchange, fields).map_err(|_| TestCaseError::reject("no key any more"))
}

/// Another letter or digit in place of one of the text's.
fn change(text: &str, place: &prop::sample::Index) -> String {
    let letters: Vec<usize> = (0..text.len())
        .filter(|at| text.as_bytes()[*at].is_ascii_alphanumeric())
        .collect();
    let at = letters[place.index(letters.len())];
    let other = match text.as_bytes()[at] {
        b'9' => '8',
        b'1'..=b'8' | b'0' => '9',
        b'z' => 'y',
        b'Z' => 'Y',
        byte => char::from(byte + 1),
    };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// In base64 the last character before the padding may hold bits that do not count.
fn change_secret(text: &str, place: &prop::sample::Index) -> String {
    let (head, tail) = text.split_at(text.len() - 4);
    let (prefix, head) = head.split_at(if head.starts_with("0x") { 2 } else { 0 });
    format!("{prefix}{}{tail}", change(head, place))
}
