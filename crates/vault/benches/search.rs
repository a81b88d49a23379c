//! Search over ten thousand keys: at most two milliseconds, whatever is asked.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use strongroom_domain::{
    AccountLabel, AllowlistSummary, ConsumerName, Days, Due, DueCause, EXCHANGES, EntryId,
    Environment, ExchangeId, KeyLabel, KeyState, KeySummary, Tag, Tri, UtcMs, Verb,
};
use strongroom_vault::{KeyFilter, KeyList, KeySort};

const KEYS: u64 = 10_000;

fn row(number: u64) -> KeySummary {
    // Spread over ids and dates without a pattern the order could profit from.
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&mixed.to_be_bytes());
    id[8..].copy_from_slice(&number.to_be_bytes());
    let exchange = EXCHANGES[(mixed % EXCHANGES.len() as u64) as usize];
    let days = Days::parse(90).expect("days");
    let at = UtcMs::from_clock(1_800_000_000_000 + mixed % 31_536_000_000);
    let name = |kind: &str| format!("{kind} {}", mixed % 97);
    KeySummary {
        id: EntryId::from_bytes(id),
        label: KeyLabel::parse(&format!("{} desk {number} grid", exchange.name)).expect("a label"),
        exchange: ExchangeId::parse(exchange.id).expect("an id"),
        account: None,
        account_label: AccountLabel::parse(&name("account")).ok(),
        environment: Environment::Production,
        state: KeyState::Active,
        declared: [
            Tri::Yes,
            Tri::Yes,
            Tri::No,
            Tri::No,
            Tri::No,
            Tri::Unknown,
            Tri::No,
            Tri::No,
        ],
        observed: None,
        allowlist: AllowlistSummary::Listed(2),
        expiry: None,
        rotation: Some(Due {
            at,
            cause: DueCause::Rotation(days),
        }),
        rotation_days: days,
        created: at,
        last_rotated: at,
        last_used: None,
        compromised: None,
        purpose: None,
        owner: None,
        tags: vec![Tag::parse(&name("tag")).expect("a tag")],
        consumers: vec![ConsumerName::parse(&name("bot")).expect("a name")],
        conflict: false,
        has_secret: true,
    }
}

fn search(criterion: &mut Criterion) {
    let mut list = KeyList::from_rows((0..KEYS).map(row).collect());
    let now = UtcMs::from_clock(1_800_000_000_000);
    let text = |text: &str| KeyFilter {
        text: Some(text.to_owned()),
        ..KeyFilter::default()
    };
    let cases = [
        ("one key by its number", text("desk 7777"), KeySort::Due),
        ("an exchange", text("kraken"), KeySort::Label),
        ("a word in every key", text("grid"), KeySort::Label),
        (
            "three words in every key",
            text("desk grid production"),
            KeySort::Due,
        ),
        ("one letter", text("e"), KeySort::Label),
        ("nothing", text("zzzz"), KeySort::Label),
        ("everything by due date", KeyFilter::default(), KeySort::Due),
        (
            "withdrawal rights due in a month",
            KeyFilter {
                permission: Some(Verb::Withdraw),
                due_within_days: Some(30),
                ..KeyFilter::default()
            },
            KeySort::Due,
        ),
        (
            "a tag",
            KeyFilter {
                tag: Tag::parse("Tag 42").ok(),
                ..KeyFilter::default()
            },
            KeySort::Due,
        ),
    ];
    let mut group = criterion.benchmark_group("search 10,000 keys");
    for (name, filter, sort) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(list.page(black_box(&filter), sort, 0, 50, now)));
        });
    }
    let mut number = 0;
    group.bench_function("changing a key", |bencher| {
        bencher.iter(|| {
            number = (number + 7919) % KEYS;
            list.put(row(number));
        });
    });
    group.finish();
}

criterion_group!(benches, search);
criterion_main!(benches);
