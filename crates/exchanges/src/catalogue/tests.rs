//! The data files, looked over.

use strongroom_domain::{Allowlist, EXCHANGES, IpRule, PermissionSet, Tri, Verb};

use super::*;

#[test]
fn every_data_file_is_read_and_keeps_to_the_rules() {
    let mut faults = Vec::new();
    for (id, text) in files::FILES {
        match serde_json::from_str::<Facts>(text) {
            Ok(facts) => {
                if facts.id != *id {
                    faults.push(format!("{id}, id: the file's name is another"));
                }
                faults.extend(check::faults(&facts));
            }
            Err(problem) => faults.push(format!("{id}, {problem}")),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_domain_and_the_catalogue_name_the_same_exchanges() {
    let ours: Vec<&str> = all().iter().map(|facts| facts.id.as_str()).collect();
    let domain: Vec<&str> = EXCHANGES.iter().map(|info| info.id).collect();
    assert_eq!(ours, domain);
}

#[test]
fn a_field_nobody_knows_is_refused() {
    let text = files::FILES[0].1.replacen('{', "{ \"surprise\": 1,", 1);
    assert!(serde_json::from_str::<Facts>(&text).is_err());
}

#[test]
fn nineteen_exchanges_are_known_in_full() {
    let full = all().iter().filter(|facts| facts.detail == Detail::Full);
    assert_eq!(full.count(), 19);
}

#[test]
fn a_host_leads_to_its_exchange_and_a_stranger_to_none() {
    let of = |name| host(name).map(|(facts, _)| facts.id.as_str());
    assert_eq!(of("api.kraken.com"), Some("kraken"));
    assert_eq!(of("test.deribit.com"), Some("deribit"));
    assert_eq!(of("api.kraken.com.example.org"), None);
    assert_eq!(of("www.bitmex.com"), None);
    assert_eq!(of(""), None);
}

#[test]
fn a_page_of_production_is_not_given_for_another_environment() {
    let bybit = facts("bybit").expect("in the catalogue");
    let of = |environment| {
        bybit
            .page(PagePurpose::Revoke, environment)
            .map(|page| page.url.as_str())
    };
    assert_eq!(
        of(Environment::Production),
        Some("https://www.bybit.com/app/user/api-management")
    );
    assert_eq!(
        of(Environment::Testnet),
        Some("https://testnet.bybit.com/app/user/api-management")
    );
    assert_eq!(of(Environment::Demo), None);
}

#[test]
fn the_rules_that_end_a_key_depend_on_what_it_may_do_and_from_where() {
    let none = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
    let trade = none.clone().with(Verb::Spot, Tri::Yes);
    let listed =
        Allowlist::listed([IpRule::parse("203.0.113.7").expect("an address")]).expect("one");
    let words = |id: &str, permissions: &PermissionSet, allowlist: &Allowlist, environment| {
        let facts = facts(id).expect("in the catalogue");
        let causes: Vec<String> = facts
            .expiry_of(permissions, allowlist.summary(), environment)
            .iter()
            .map(|(cause, _)| cause.words())
            .collect();
        causes.join("; ")
    };
    let (open, unknown) = (Allowlist::Unrestricted, Allowlist::Unknown);
    let production = Environment::Production;
    for (id, permissions, allowlist, environment, expected) in [
        ("okx", &trade, &open, production, "14 days without use"),
        ("okx", &trade, &unknown, production, "14 days without use"),
        ("okx", &trade, &listed, production, ""),
        ("okx", &none, &open, production, ""),
        ("okx", &trade, &open, Environment::Demo, ""),
        (
            "bybit",
            &none,
            &open,
            production,
            "90 days since creation without an allowlist",
        ),
        ("kucoin", &trade, &open, production, "30 days without use"),
        ("kucoin", &none, &open, production, ""),
        ("htx", &trade, &listed, production, ""),
        ("kraken", &trade, &open, production, ""),
        (
            "hyperliquid",
            &trade,
            &open,
            production,
            "180 days at most since it was approved",
        ),
    ] {
        assert_eq!(
            words(id, permissions, allowlist, environment),
            expected,
            "{id}"
        );
    }
}

#[test]
fn facts_older_than_a_year_are_said_to_be() {
    let kraken = facts("kraken").expect("in the catalogue");
    assert!(!kraken.are_older_than_a_year("2027-11-22".parse().expect("a date")));
    assert!(kraken.are_older_than_a_year("2027-11-23".parse().expect("a date")));
}

#[test]
fn forms_are_told_in_words() {
    let words = |id: &str, field: &str| -> Vec<String> {
        let facts = facts(id).expect("in the catalogue");
        let field = facts.field(field).expect("a field");
        field
            .shapes
            .iter()
            .map(|shape| shape.shape.words())
            .collect()
    };
    assert_eq!(words("binance", "apiKey"), ["64 letters and digits"]);
    assert_eq!(
        words("coinbase", "apiKey"),
        [
            "`organizations/`, a UUID in lower case, `/apiKeys/`, a UUID in lower case",
            "a UUID in lower case"
        ]
    );
    assert_eq!(words("gemini", "secret"), ["27 to 28 letters and digits"]);
    assert_eq!(
        words("bitget", "apiKey"),
        ["`bg_`, 32 hexadecimal digits in lower case"]
    );
}
