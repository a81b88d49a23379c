//! Answers of exchanges, read. Each sample file of `tests/data/answers` names where its answer is from.

use serde_json::{Value, json};
use strongroom_domain::{PermissionSet, Tri, UtcMs, Verb};
use strongroom_exchanges::catalogue::{Facts, facts};
use strongroom_exchanges::reading::{
    Asked, ReadError, Reading, SeenAllowlist, SeenExpiry, Standing, read, read_uid,
};
use strongroom_exchanges::refusal::Meaning;

pub(crate) fn exchange(id: &str) -> &'static Facts {
    facts(id).expect("in the catalogue")
}

pub(crate) fn moment(iso: &str) -> UtcMs {
    let at: jiff::Timestamp = iso.parse().expect("a moment");
    UtcMs::parse(at.as_millisecond()).expect("within the calendar")
}

pub(crate) fn asked() -> Asked<'static> {
    Asked {
        key: None,
        agent: None,
        received: moment("2026-11-23T00:00:00Z"),
        status: Some(200),
    }
}

pub(crate) fn reading(id: &str, call: &str, answer: &Value) -> Reading {
    read(exchange(id), call, answer.to_string().as_bytes(), &asked())
        .unwrap_or_else(|refused| panic!("{id} {call}: {refused}"))
}

pub(crate) fn refused(id: &str, call: &str, answer: &str) -> ReadError {
    read(exchange(id), call, answer.as_bytes(), &asked()).expect_err("it is refused")
}

pub(crate) fn verbs(permissions: &PermissionSet) -> Vec<(&'static str, &'static str)> {
    let answer = |verb: &Verb| (verb.name(), permissions.get(*verb).name());
    Verb::ALL.iter().map(answer).collect()
}

#[test]
fn every_sample_answer_reads_to_what_it_is_known_to_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/answers");
    let mut read_files = 0;
    for file in std::fs::read_dir(folder).expect("the samples").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a sample");
        let sample: Value = serde_json::from_str(&text).expect("JSON");
        let word = |at: &str| sample.pointer(at).and_then(Value::as_str);
        assert!(!word("/source").expect("a source").is_empty());
        let id = word("/exchange").expect("an exchange");
        let asked = Asked {
            key: word("/asked/key"),
            agent: word("/asked/agent"),
            received: moment(word("/asked/received").expect("a moment")),
            status: Some(200),
        };
        let call = word("/call").expect("a call");
        let answer = sample["answer"].to_string();
        let reading = read(exchange(id), call, answer.as_bytes(), &asked)
            .unwrap_or_else(|refused| panic!("{id}: {refused}"));
        for (verb, answer) in verbs(&reading.permissions) {
            assert_eq!(
                Some(answer),
                sample["expected"]["verbs"][verb].as_str(),
                "{id} {verb}"
            );
        }
        assert_eq!(
            Some(reading.allowlist.restricts().name()),
            word("/expected/restricted"),
            "{id}"
        );
        assert_eq!(
            reading.created,
            word("/expected/created").map(moment),
            "{id}"
        );
        let end = match reading.expiry {
            SeenExpiry::At(end) => Some(end),
            SeenExpiry::Never | SeenExpiry::NotReported => None,
        };
        assert_eq!(end, word("/expected/expires").map(moment), "{id}");
        assert!(
            reading.unknown_words.is_empty(),
            "{id}: {:?}",
            reading.unknown_words.len()
        );
        read_files += 1;
    }
    assert_eq!(read_files, 16);
}

#[test]
fn a_word_nobody_knows_is_shown_and_no_is_said_of_nothing() {
    for (id, answer) in [
        (
            "binance",
            json!({"enableReading": true, "enableMoonTransfer": true}),
        ),
        (
            "bybit",
            json!({"retCode": 0, "result": {"readOnly": 1, "permissions": {"Wallet": ["Teleport"]}, "ips": ["*"]}}),
        ),
        (
            "okx",
            json!({"code": "0", "data": [{"perm": "read_only,teleport", "ip": ""}]}),
        ),
        ("coinbase", json!({"can_view": true, "can_teleport": true})),
        (
            "kraken",
            json!({"error": [], "result": {"permissions": ["query-funds", "teleport"], "ipAllowlist": []}}),
        ),
        (
            "krakenfutures",
            json!({"permissions": {"general": "READ_ONLY", "transfer": "TELEPORT"}}),
        ),
        (
            "kucoin",
            json!({"code": "200000", "data": {"permission": "General,Teleport"}}),
        ),
        (
            "gate",
            json!([{"key": "a", "perms": [{"name": "teleport", "read_only": true}], "ip_whitelist": []}]),
        ),
        (
            "bitget",
            json!({"code": "00000", "data": {"permType": "read-write", "permissions": [], "ips": ""}}),
        ),
        (
            "mexc",
            json!({"permissions": "SPOT_ACCOUNT_READ,TELEPORT", "ipWhiteList": ""}),
        ),
        (
            "htx",
            json!({"code": 200, "data": [{"permission": "readOnly,teleport", "ipAddresses": ""}]}),
        ),
        ("bitfinex", json!([["account", 1, 0], ["teleport", 0, 1]])),
        (
            "gemini",
            json!({"isAuditor": true, "isAdministrator": true}),
        ),
        (
            "deribit",
            json!({"result": {"scope": "account:read teleport:read_write"}}),
        ),
        (
            "bitmex",
            json!([{"id": "a", "permissions": ["teleport"], "cidrs": []}]),
        ),
    ] {
        let reading = reading(id, "key", &answer);
        assert_eq!(reading.unknown_words.len(), 1, "{id}");
        assert!(
            reading
                .permissions
                .native()
                .contains(&reading.unknown_words[0]),
            "{id}"
        );
        for (verb, answer) in verbs(&reading.permissions) {
            assert_ne!(answer, "no", "{id} {verb}");
        }
    }
}

#[test]
fn a_read_only_switch_turns_everything_else_off_and_the_lists_are_shown() {
    let answer = |read_only: u8, uta: u8| {
        json!({"retCode": 0, "result": {"readOnly": read_only, "uta": uta, "isMaster": true,
            "permissions": {"Spot": ["SpotTrade"], "Wallet": ["Withdraw"]}, "ips": ["203.0.113.7"]}})
    };
    let off = reading("bybit", "key", &answer(1, 1)).permissions;
    assert_eq!(
        (off.get(Verb::Spot), off.get(Verb::Withdraw)),
        (Tri::No, Tri::No)
    );
    assert_eq!(off.native().len(), 2);
    let on = reading("bybit", "key", &answer(0, 1)).permissions;
    assert_eq!(
        (on.get(Verb::Spot), on.get(Verb::Withdraw)),
        (Tri::Yes, Tri::Yes)
    );
    assert_eq!(
        (on.get(Verb::Margin), on.get(Verb::KeyAdmin)),
        (Tri::Yes, Tri::Yes)
    );
    // Margin follows spot in a unified account only.
    let classic = reading("bybit", "key", &answer(0, 0)).permissions;
    assert_eq!(classic.get(Verb::Margin), Tri::Unknown);
}

#[test]
fn a_sub_accounts_key_administers_nothing() {
    let bybit = json!({"retCode": 0, "result": {"readOnly": 0, "uta": 1, "isMaster": false,
        "permissions": {"Wallet": ["AccountTransfer"]}, "ips": ["*"]}});
    let okx =
        json!({"code": "0", "data": [{"uid": "2", "mainUid": "1", "perm": "trade", "ip": ""}]});
    let kucoin = json!({"code": "200000", "data": {"permission": "General", "isMaster": false}});
    for (id, answer) in [("bybit", bybit), ("okx", okx), ("kucoin", kucoin)] {
        let permissions = reading(id, "key", &answer).permissions;
        assert_eq!(permissions.get(Verb::KeyAdmin), Tri::No, "{id}");
        assert_eq!(permissions.get(Verb::SubAccounts), Tri::No, "{id}");
    }
}

#[test]
fn managing_withdrawal_addresses_counts_as_withdrawing() {
    let answer = json!({"error": [], "result": {"permissions": ["add-withdraw-address"], "ipAllowlist": []}});
    assert_eq!(
        reading("kraken", "key", &answer)
            .permissions
            .get(Verb::Withdraw),
        Tri::Yes
    );
}

#[test]
fn flags_of_the_account_are_not_the_keys() {
    let account =
        json!({"canTrade": true, "canWithdraw": true, "canDeposit": true, "balances": []});
    for id in ["binance", "binanceus", "mexc"] {
        let permissions = reading(id, "account", &account).permissions;
        for (verb, answer) in verbs(&permissions) {
            let expected = if verb == "read" { "yes" } else { "unknown" };
            assert_eq!(answer, expected, "{id} {verb}");
        }
        assert!(permissions.native().is_empty());
    }
    assert!(matches!(
        refused("binance", "account", "{}"),
        ReadError::Form { .. }
    ));
}

#[test]
fn a_hint_is_said_to_be_one() {
    let answer = json!({"id": 1, "code": 0, "result": {"deposit_address_list": []}});
    let reading = reading("cryptocom", "withdraw-hint", &answer);
    assert_eq!(reading.permissions.get(Verb::Withdraw), Tri::Yes);
    assert!(reading.notes.iter().any(|note| note.contains("hint")));
    // Refused, nothing is known: never a "no".
    let refused = refused("cryptocom", "withdraw-hint", r#"{"id":1,"code":40101}"#);
    assert!(
        matches!(refused, ReadError::Refused(refusal) if refusal.meaning == Meaning::UnknownKey)
    );
}

#[test]
fn our_key_is_found_among_several_and_another_is_not_taken_for_it() {
    let two = json!({"code": 200, "data": [
        {"accessKey": "aaaaaaaa-1", "permission": "readOnly", "ipAddresses": "203.0.113.7", "validDays": 5},
        {"accessKey": "bbbbbbbb-2", "permission": "readOnly,withdraw", "ipAddresses": "", "validDays": -1},
    ]})
    .to_string();
    let of = |key| {
        read(
            exchange("htx"),
            "key",
            two.as_bytes(),
            &Asked { key, ..asked() },
        )
    };
    let second = of(Some("bbbbbbbb-2")).expect("it is listed");
    assert_eq!(second.permissions.get(Verb::Withdraw), Tri::Yes);
    assert_eq!(second.allowlist, SeenAllowlist::Unrestricted);
    assert_eq!(second.expiry, SeenExpiry::Never);
    let first = of(Some("aaaaaaaa-1")).expect("it is listed");
    assert_eq!(first.expiry, SeenExpiry::At(moment("2026-11-28T00:00:00Z")));
    assert_eq!(of(Some("cccccccc-3")), Err(ReadError::NotListed));
    assert_eq!(of(None), Err(ReadError::WhichKey));
}

#[test]
fn gate_answers_with_a_list_or_one_object_and_hides_the_id() {
    let key = json!({"key": "c5dcfbf1f3a7*****", "state": 2, "perms": [{"name": "wallet", "read_only": false}],
        "ip_whitelist": ["203.0.113.7"], "created_at": 1663832000, "last_access": "1663832000"});
    for answer in [json!([key]), key.clone()] {
        let asked = Asked {
            key: Some("c5dcfbf1f3a70123"),
            ..asked()
        };
        let reading = read(
            exchange("gate"),
            "key",
            answer.to_string().as_bytes(),
            &asked,
        )
        .expect("ours");
        assert_eq!(reading.permissions.get(Verb::Withdraw), Tri::Yes);
        assert!(matches!(reading.standing, Standing::Stopped(_)));
        assert_eq!(reading.created, Some(moment("2022-09-22T07:33:20Z")));
        assert_eq!(reading.last_used, reading.created);
    }
}

#[test]
fn other_answers_of_the_same_exchanges_are_read() {
    let classic = json!({"code": "00000", "data": {"authorities": ["stow", "wwow", "coor"], "ips": "203.0.113.7"}});
    let permissions = reading("bitget", "classic", &classic).permissions;
    assert_eq!(
        (permissions.get(Verb::Spot), permissions.get(Verb::Withdraw)),
        (Tri::Yes, Tri::Yes)
    );
    assert_eq!(permissions.get(Verb::Margin), Tri::No);

    let list = json!({"result": [{"client_id": "a", "client_secret": "never shown", "max_scope": "wallet:read_write",
        "ip_whitelist": [], "enabled": true, "timestamp": 1_700_000_000_000_i64, "name": "bot"}]});
    let listed = reading("deribit", "list", &list);
    assert_eq!(listed.permissions.get(Verb::Withdraw), Tri::Yes);
    assert_eq!(listed.allowlist, SeenAllowlist::Unrestricted);
    assert!(!format!("{listed:?}").contains("never shown"));

    let detail = json!({"user_id": 1, "ip_whitelist": ["203.0.113.7"]});
    assert_eq!(
        reading("gate", "detail", &detail).allowlist.restricts(),
        Tri::Yes
    );

    let uid = |answer: &str| read_uid(exchange("htx"), "uid", answer.as_bytes(), &asked());
    assert_eq!(
        uid(r#"{"code":200,"data":63628520}"#).as_deref(),
        Ok("63628520")
    );
    assert_eq!(
        uid(r#"{"code":200,"data":"1&x=2"}"#),
        Err(ReadError::Form { at: "/data" })
    );
}

#[test]
fn a_key_that_is_the_accounts_own_is_the_dangerous_case() {
    let role = |role: &str| reading("hyperliquid", "role", &json!({"role": role}));
    let own = role("user");
    assert_eq!(own.permissions.get(Verb::Withdraw), Tri::Yes);
    assert!(own.notes[0].contains("own"));
    assert_eq!(role("agent").permissions.get(Verb::Withdraw), Tri::No);
    let odd = role("oracle");
    assert_eq!(odd.permissions.get(Verb::Withdraw), Tri::Unknown);
    assert_eq!(odd.unknown_words.len(), 1);
    let missing = refused("hyperliquid", "role", r#"{"role":"missing"}"#);
    assert!(
        matches!(missing, ReadError::Refused(refusal) if refusal.meaning == Meaning::UnknownKey)
    );
    assert_eq!(refused("hyperliquid", "key", "[]"), ReadError::WhichKey);
    let asked = Asked {
        agent: Some("0x01"),
        ..asked()
    };
    assert_eq!(
        read(exchange("hyperliquid"), "key", b"[]", &asked),
        Err(ReadError::NotListed)
    );
}

#[test]
fn the_exact_end_goes_before_the_days_that_are_left() {
    let answer = |expired: &str, left: i64| {
        json!({"retCode": 0, "result": {"readOnly": 0, "permissions": {"Spot": []}, "ips": ["*"],
            "expiredAt": expired, "deadlineDay": left}})
    };
    let end = |answer: Value| reading("bybit", "key", &answer).expiry;
    assert_eq!(
        end(answer("2027-02-15T03:13:24Z", 84)),
        SeenExpiry::At(moment("2027-02-15T03:13:24Z"))
    );
    assert_eq!(
        end(answer("1970-01-01T00:00:00Z", 84)),
        SeenExpiry::At(moment("2027-02-15T00:00:00Z"))
    );
    assert_eq!(end(answer("1970-01-01T00:00:00Z", -2)), SeenExpiry::Never);
}
