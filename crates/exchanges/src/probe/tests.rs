//! What would be asked, and what never is.

use super::*;
use crate::catalogue::{all, facts};

const PRODUCTION: Environment = Environment::Production;

fn exchange(id: &str) -> &'static Facts {
    facts(id).expect("in the catalogue")
}

#[test]
fn a_probe_is_filled_with_the_keys_own_values() {
    let fill = Fill {
        key: Some("mx0example"),
        ..Fill::default()
    };
    let probe = Probe::new(exchange("mexc"), "key", PRODUCTION, &fill).expect("a probe");
    assert_eq!((probe.method, probe.base), ("GET", "https://api.mexc.com"));
    assert_eq!(probe.path, "/api/v3/apiKeyInfo");
    assert_eq!(
        probe.query,
        [("accessKey".to_owned(), "mx0example".to_owned())]
    );

    let agent = Fill {
        account: Some("0x00000000000000000000000000000000000000aa"),
        ..Fill::default()
    };
    let probe = Probe::new(exchange("hyperliquid"), "key", PRODUCTION, &agent).expect("a probe");
    assert_eq!(
        probe.body.as_deref(),
        Some(r#"{"type":"extraAgents","user":"0x00000000000000000000000000000000000000aa"}"#)
    );
    assert!(!probe.signed);
}

#[test]
fn what_is_missing_or_could_leave_its_place_is_refused() {
    let none = Fill::default();
    let refused = |id, call, environment, fill: &Fill<'_>| {
        Probe::new(exchange(id), call, environment, fill).err()
    };
    assert_eq!(
        refused("mexc", "key", PRODUCTION, &none),
        Some(ProbeRefused::Missing("id"))
    );
    assert_eq!(
        refused("mexc", "nothing", PRODUCTION, &none),
        Some(ProbeRefused::NoSuchCall)
    );
    assert_eq!(
        refused("binance", "key", Environment::Testnet, &none),
        Some(ProbeRefused::NotThere)
    );
    assert_eq!(
        refused("bitmex", "key", PRODUCTION, &none),
        Some(ProbeRefused::NotThere)
    );
    for odd in ["", "a\"b", "a&b", "a b", "a/b", "ключ"] {
        let fill = Fill {
            key: Some(odd),
            account: Some(odd),
            ..none
        };
        assert_eq!(
            refused("mexc", "key", PRODUCTION, &fill),
            Some(ProbeRefused::Odd("id")),
            "{odd}"
        );
        assert_eq!(
            refused("hyperliquid", "key", PRODUCTION, &fill),
            Some(ProbeRefused::Odd("account's address"))
        );
    }
}

#[test]
fn demo_probes_carry_the_header_of_the_demo() {
    let probe =
        Probe::new(exchange("okx"), "key", Environment::Demo, &Fill::default()).expect("a probe");
    assert_eq!(
        probe.headers,
        [("x-simulated-trading".to_owned(), "1".to_owned())]
    );
    assert_eq!(probe.may_reset_inactivity, Told::Yes);
}

#[test]
fn a_region_is_asked_at_its_own_host_and_a_stranger_never() {
    let (bybit, fill) = (exchange("bybit"), Fill::default());
    let call = bybit.call("key").expect("in the catalogue");
    let of = |name: &str| crate::catalogue::host(name).expect("a host").1;
    let probe = Probe::at(bybit, call, of("api.bybit.eu"), &fill).expect("a probe");
    assert_eq!(probe.base, "https://api.bybit.eu");
    for other in ["api.kraken.com", "api-demo.bybit.com"] {
        let refused = Probe::at(bybit, call, of(other), &fill);
        assert_eq!(refused.err(), Some(ProbeRefused::NotThere), "{other}");
    }
}

#[test]
fn no_probe_is_a_call_that_must_never_be_made() {
    let fill = Fill {
        key: Some("key"),
        uid: Some("1"),
        account: Some("0xaa"),
        agent: Some("0xbb"),
    };
    let mut seen = 0;
    for facts in all() {
        for environment in Environment::ALL {
            for call in calls(facts, *environment) {
                let probe = Probe::new(facts, &call.name, *environment, &fill).expect("a probe");
                assert!(
                    forbidden(facts, probe.method, &probe.path).is_none(),
                    "{probe:?}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "only {seen} probes");
}

#[test]
fn calls_that_change_or_end_keys_are_refused_however_they_are_written() {
    for (id, method, path) in [
        ("bybit", "POST", "/v5/user/delete-api"),
        ("bybit", "post", "/v5/user/delete-api?x=1"),
        ("bybit", "POST", "//v5/./user/x/../delete-api/"),
        ("bybit", "POST", "/v5/user/delete%2Dapi"),
        ("bybit", "POST", "/v5/user/delete%252Dapi"),
        ("bybit", "POST", "/V5/User/Delete-API"),
        ("bitstamp", "POST", "/api/v2/revoke_all_api_keys/"),
        ("mexc", "POST", "/api/v3/apiKeyInfo"),
        ("deribit", "GET", "/api/v2/private/reset_api_key?id=1"),
        ("deribit", "POST", "/api/v2/private/remove_api_key"),
        ("binance", "DELETE", "/sapi/v1/sub-account/subAccountApi"),
        (
            "binance",
            "POST",
            "/sapi/v2/sub-account/subAccountApi/ipRestriction",
        ),
        ("okx", "POST", "/api/v5/users/subaccount/delete-apikey"),
        ("kucoin", "DELETE", "/api/v1/sub/api-key"),
        ("kucoin", "POST", "/api/v1/sub/api-key/update"),
        ("gate", "PUT", "/api/v4/sub_accounts/42/keys/abc"),
        ("bitget", "POST", "/api/v3/broker/delete-sub-apikey"),
        ("htx", "POST", "/v2/sub-user/api-key-deletion"),
        ("bitfinex", "POST", "/v2/auth/w/token"),
        ("gemini", "POST", "/v1/withdraw/btc"),
        ("hyperliquid", "POST", "/exchange"),
        ("bitmex", "DELETE", "/api/v1/apiKey"),
    ] {
        assert!(
            forbidden(exchange(id), method, path).is_some(),
            "{id} {method} {path}"
        );
    }
    for (id, method, path) in [
        ("mexc", "GET", "/api/v3/apiKeyInfo"),
        ("bybit", "GET", "/v5/user/query-api"),
        ("gate", "GET", "/api/v4/sub_accounts/42/keys"),
        ("hyperliquid", "POST", "/info"),
        ("bybit", "POST", "/v5/order/create"),
    ] {
        assert!(
            forbidden(exchange(id), method, path).is_none(),
            "{id} {method} {path}"
        );
    }
}
