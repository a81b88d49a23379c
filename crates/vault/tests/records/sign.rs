//! Signing with a key of the vault: intent first, numbers that rise, and nothing but the request
//! leaves.

use strongroom_domain::{ExchangeId, KeyState};
use strongroom_vault::{
    Class, Decision, KeyChange, Method, NotSigned, OpenVault, Request, SignAsk, SignedRequest,
    TakeError,
};

use crate::desk::Desk;
use crate::{CLI, field, last_events, new_key, step_up};

/// The worked example that Kraken publishes.
const SECRET: &str =
    "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const SIGNATURE: &str =
    "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";

fn kraken(vault: &mut OpenVault) -> strongroom_domain::EntryId {
    let mut new = new_key("Kraken", SECRET);
    new.exchange = ExchangeId::parse("kraken").expect("an id");
    new.fields = vec![field("apiKey", &"A".repeat(56)), field("secret", SECRET)];
    vault.add_key(new, CLI).expect("is recorded").id
}

fn ask(path: &str, body: Option<&str>, nonce: Option<&str>) -> SignAsk {
    SignAsk {
        request: Request {
            method: Method::Post,
            path: path.to_owned(),
            query: Vec::new(),
            body: body.map(str::to_owned),
        },
        host: None,
        timestamp_ms: None,
        nonce: nonce.map(str::to_owned),
        receive_window_ms: None,
    }
}

fn header(signed: &SignedRequest, name: &str) -> String {
    let mut headers = signed.signed.headers();
    let header = headers.find(|header| header.name == name).expect(name);
    header.value.expose().to_owned()
}

#[test]
fn a_request_is_signed_as_the_exchange_publishes_it_and_the_intent_is_logged() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = kraken(&mut vault);
    let proof = step_up(&desk, &mut vault);
    let order = "ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
    let order = ask("/0/private/AddOrder", Some(order), Some("1616492376594"));
    let signed = vault.sign_request(id, &order, &proof, CLI).expect("signed");
    assert_eq!(header(&signed, "API-Sign"), SIGNATURE);
    assert_eq!(signed.signed.class(), Class::Trade);
    assert_eq!(signed.carries, ["apiKey"]);
    assert_eq!(last_events(&vault, 1), ["signed"]);
    assert!(vault.key_row(id).expect("in the list").last_used.is_some());
}

#[test]
fn the_number_of_a_request_is_higher_than_that_of_every_one_before() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = kraken(&mut vault);
    // One code serves all: the clock of the desk does not move between the requests.
    let proof = step_up(&desk, &mut vault);
    let mut last = 0;
    for _ in 0..3 {
        let balance = ask("/0/private/Balance", None, None);
        let signed = vault.sign_request(id, &balance, &proof, CLI);
        let signed = signed.expect("signed");
        let body = signed.signed.body().expect("a form").expose().to_owned();
        let nonce = body.strip_prefix("nonce=").expect("a nonce");
        let nonce: u64 = nonce.parse().expect("a number");
        assert!(nonce > last, "{nonce} after {last}");
        last = nonce;
    }
}

#[test]
fn what_cannot_be_signed_says_so_before_or_after_the_intent_and_nothing_leaves() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = kraken(&mut vault);
    let proof = step_up(&desk, &mut vault);
    let twice = ask("/0/private/Balance", Some("a=1&a=2"), None);
    let refused = vault.sign_request(id, &twice, &proof, CLI).err();
    assert!(
        matches!(refused, Some(NotSigned::Request(_))),
        "{refused:?}"
    );
    assert_eq!(last_events(&vault, 2), ["signed", "signed"]);
    let size = vault.audit_size();
    let entries = vault.audit_entries(size - 2, 2).expect("reads");
    let decisions: Vec<_> = entries.iter().map(|entry| entry.decision).collect();
    assert_eq!(decisions, [Decision::Allowed, Decision::Failed]);

    assert!(vault.may_sign(id, None).is_ok());
    let elsewhere = vault.may_sign(id, Some("api.binance.com")).err();
    assert!(matches!(elsewhere, Some(NotSigned::NotReady(_))));
    let revoked = vec![KeyChange::State(KeyState::Revoked)];
    vault.edit_key(id, revoked, CLI).expect("is changed");
    let balance = ask("/0/private/Balance", None, None);
    let refused = vault.sign_request(id, &balance, &proof, CLI).err();
    assert_eq!(refused, Some(NotSigned::Take(TakeError::Revoked)));
    let size = vault.audit_size();
    let entry = vault.audit_entries(size - 1, 1).expect("reads").remove(0);
    assert_eq!(entry.decision, Decision::Denied);
}
