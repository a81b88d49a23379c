//! A few cases of Project Wycheproof, which collects what implementations got wrong.

use data_encoding::HEXLOWER;
use serde_json::Value;
use strongroom_secret::Key32;

use crate::hazmat::{aead, signing};

fn cases() -> Value {
    let text = include_str!("../../tests/vectors/wycheproof-subset.json");
    serde_json::from_str(text).expect("JSON")
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    HEXLOWER
        .decode(case[name].as_str().expect("text").as_bytes())
        .expect("hex")
}

#[test]
fn xchacha20_poly1305() {
    for case in cases()["xchacha20_poly1305"].as_array().expect("cases") {
        let key = Key32::from_slice(&bytes(case, "key")).expect("32 bytes");
        let nonce: [u8; 24] = bytes(case, "iv").try_into().expect("24 bytes");
        let (aad, plain) = (bytes(case, "aad"), bytes(case, "msg"));
        let sealed = aead::seal_with_nonce(&key, &nonce, &aad, &plain);
        assert_eq!(sealed[24..], bytes(case, "sealed"), "{}", case["tcId"]);
        // EXPOSE: a published test vector.
        assert_eq!(
            aead::open(&key, &aad, &sealed).expect("opens").expose(),
            plain
        );
    }
}

#[test]
fn ed25519() {
    let cases = &cases()["ed25519"];
    let public: [u8; 32] = bytes(cases, "public").try_into().expect("32 bytes");
    for case in cases["cases"].as_array().expect("cases") {
        let signature: [u8; 64] = bytes(case, "sig").try_into().expect("64 bytes");
        let valid = signing::verify(&public, &bytes(case, "msg"), &signature);
        assert_eq!(Some(valid), case["valid"].as_bool(), "{}", case["tcId"]);
    }
}
