//! The list: text, filters, order, pages.

use std::collections::BTreeSet;

use strongroom_domain::{
    AccountLabel, ConsumerName, Environment, ExchangeId, KeyState, KeySummary, PermissionSet, Tag,
    Tri, UtcMs, Verb,
};
use strongroom_vault::{KeyChange, KeyFilter, KeyList, KeySort, OpenVault};

use crate::desk::Desk;
use crate::{CLI, add, new_key};

fn now(desk: &Desk) -> UtcMs {
    UtcMs::from_clock(strongroom_vault::ports::Clock::utc_ms(&*desk.clock))
}

/// Labels of what fits, in order.
fn found(desk: &Desk, vault: &mut OpenVault, filter: &KeyFilter, sort: KeySort) -> Vec<String> {
    let page = vault
        .keys()
        .expect("the list")
        .page(filter, sort, 0, 100, now(desk));
    assert_eq!(page.total, page.rows.len());
    page.rows.iter().map(|row| row.label.to_string()).collect()
}

fn filled(desk: &Desk) -> OpenVault {
    let (mut vault, locked) = desk.create();
    let mut kraken = new_key("Kraken treasury", "a");
    kraken.exchange = ExchangeId::parse("kraken").expect("an id");
    kraken.account = AccountLabel::parse("Company").expect("a label");
    kraken.declared = PermissionSet::unknown();
    kraken.tags = BTreeSet::from([Tag::parse("Cold").expect("a tag")]);
    vault.add_key(kraken, CLI).expect("is recorded");
    desk.clock.pass(86_400_000);
    let mut grid = new_key("Ärger mit Grid", "b");
    grid.consumers = vec![ConsumerName::parse("freqtrade").expect("a name")];
    vault.add_key(grid, CLI).expect("is recorded");
    let mut test = new_key("Testnet", "c");
    test.environment = Environment::Testnet;
    vault.add_key(test, CLI).expect("is recorded");
    let old = add(&mut vault, "Old", "d");
    vault
        .edit_key(old, vec![KeyChange::State(KeyState::Archived)], CLI)
        .expect("is archived");
    drop(vault);
    desk.unlock(&locked)
}

#[test]
fn every_filter_and_order() {
    let desk = Desk::new();
    let mut vault = filled(&desk);
    let text = |text: &str| KeyFilter {
        text: Some(text.to_owned()),
        ..KeyFilter::default()
    };
    let none = KeyFilter::default;
    let cases: Vec<(KeyFilter, KeySort, &[&str])> = vec![
        (
            none(),
            KeySort::Label,
            &["Kraken treasury", "Testnet", "Ärger mit Grid"],
        ),
        (
            none(),
            KeySort::Due,
            &["Kraken treasury", "Testnet", "Ärger mit Grid"],
        ),
        (
            none(),
            KeySort::Exchange,
            &["Testnet", "Ärger mit Grid", "Kraken treasury"],
        ),
        (
            none(),
            KeySort::Created,
            &["Testnet", "Ärger mit Grid", "Kraken treasury"],
        ),
        (text("ÄRGER grid"), KeySort::Label, &["Ärger mit Grid"]),
        (
            text("binance"),
            KeySort::Label,
            &["Testnet", "Ärger mit Grid"],
        ),
        (text("freqtrade"), KeySort::Label, &["Ärger mit Grid"]),
        (text("cold company"), KeySort::Label, &["Kraken treasury"]),
        (text("nowhere"), KeySort::Label, &[]),
        (text("kraken freqtrade"), KeySort::Label, &[]),
        (
            KeyFilter {
                exchange: ExchangeId::parse("kraken").ok(),
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury"],
        ),
        (
            KeyFilter {
                account: AccountLabel::parse("company").ok(),
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury"],
        ),
        (
            KeyFilter {
                environment: Some(Environment::Testnet),
                ..none()
            },
            KeySort::Label,
            &["Testnet"],
        ),
        (
            KeyFilter {
                state: Some(KeyState::Archived),
                ..none()
            },
            KeySort::Label,
            &["Old"],
        ),
        (
            KeyFilter {
                archived: true,
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury", "Old", "Testnet", "Ärger mit Grid"],
        ),
        (
            KeyFilter {
                permission: Some(Verb::Withdraw),
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury"],
        ),
        (
            KeyFilter {
                tag: Tag::parse("cold").ok(),
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury"],
        ),
        (
            KeyFilter {
                consumer: ConsumerName::parse("Freqtrade").ok(),
                ..none()
            },
            KeySort::Label,
            &["Ärger mit Grid"],
        ),
        (
            KeyFilter {
                due_within_days: Some(30),
                ..none()
            },
            KeySort::Label,
            &["Kraken treasury"],
        ),
        (
            KeyFilter {
                due_within_days: Some(3),
                ..none()
            },
            KeySort::Label,
            &[],
        ),
    ];
    for (filter, sort, expected) in cases {
        assert_eq!(
            found(&desk, &mut vault, &filter, sort),
            expected,
            "{filter:?} {sort:?}"
        );
    }
}

#[test]
fn pages_join_to_the_whole_and_nothing_stands_twice() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    for number in 0..23 {
        add(
            &mut vault,
            &format!("key {number:02}"),
            &format!("s{number}"),
        );
    }
    let at = now(&desk);
    let list = vault.keys().expect("the list");
    let all = list.page(&KeyFilter::default(), KeySort::Label, 0, 100, at);
    let (mut joined, mut offset): (Vec<&KeySummary>, _) = (Vec::new(), Some(0));
    while let Some(from) = offset {
        let page = list.page(&KeyFilter::default(), KeySort::Label, from, 5, at);
        assert_eq!(page.total, 23);
        joined.extend(page.rows);
        offset = page.next;
    }
    assert_eq!(joined, all.rows);
    // Leafing on after a change shows the list as it is by then.
    let third = list.page(&KeyFilter::default(), KeySort::Label, 10, 5, at);
    let gone = third.rows[0].id;
    let mut changed = KeyList::from_rows(list.rows().to_vec());
    let before = changed.page(&KeyFilter::default(), KeySort::Label, 10, 5, at);
    assert_eq!(before.rows, third.rows);
    let next = third.rows[1].id;
    changed.remove(gone);
    let after = changed.page(&KeyFilter::default(), KeySort::Label, 10, 5, at);
    assert_eq!((after.rows[0].id, after.total), (next, 22));
    let beyond = list.page(&KeyFilter::default(), KeySort::Due, 99, 5, at);
    assert!(beyond.rows.is_empty());
}

#[test]
fn what_was_seen_settles_what_was_not_known() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let mut new = new_key("unsure", "a");
    new.declared = PermissionSet::unknown();
    let id = vault.add_key(new, CLI).expect("is recorded").id;
    let withdraw = KeyFilter {
        permission: Some(Verb::Withdraw),
        ..KeyFilter::default()
    };
    assert_eq!(
        found(&desk, &mut vault, &withdraw, KeySort::Label),
        ["unsure"]
    );
    let seen = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
    vault
        .edit_key(id, vec![KeyChange::Observed(Some(seen))], CLI)
        .expect("is changed");
    assert_eq!(
        found(&desk, &mut vault, &withdraw, KeySort::Label),
        Vec::<String>::new()
    );
}

#[test]
fn each_view_has_the_count_of_what_it_lists() {
    let desk = Desk::new();
    let mut vault = filled(&desk);
    let facets = vault.keys().expect("the list").facets(now(&desk));
    let listed = |vault: &mut OpenVault, filter: KeyFilter| {
        found(&desk, vault, &filter, KeySort::Label).len()
    };
    let none = KeyFilter::default;
    let over = KeyFilter {
        over_permissive: true,
        ..none()
    };
    let open = KeyFilter {
        unrestricted: true,
        ..none()
    };
    let due = KeyFilter {
        due_within_days: Some(strongroom_vault::DUE_DAYS),
        ..none()
    };
    let archived = KeyFilter {
        state: Some(KeyState::Archived),
        ..none()
    };
    assert_eq!(facets.all, listed(&mut vault, none()));
    assert_eq!(facets.over_permissive, listed(&mut vault, over));
    assert_eq!(facets.unrestricted, listed(&mut vault, open));
    assert_eq!(facets.due, listed(&mut vault, due));
    assert_eq!(facets.archived, listed(&mut vault, archived));
    assert_eq!((facets.all, facets.archived), (3, 1));
    let counted = |facets: &[strongroom_vault::Facet]| -> Vec<(String, usize)> {
        let pair = |one: &strongroom_vault::Facet| (one.value.clone(), one.keys);
        facets.iter().map(pair).collect()
    };
    assert_eq!(
        counted(&facets.exchanges),
        [("binance".to_owned(), 2), ("kraken".to_owned(), 1)]
    );
    assert_eq!(counted(&facets.consumers), [("freqtrade".to_owned(), 1)]);
    assert_eq!(counted(&facets.tags), [("Cold".to_owned(), 1)]);
    assert_eq!(
        facets.environments,
        [(Environment::Production, 2), (Environment::Testnet, 1)]
    );
}
