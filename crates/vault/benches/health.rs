//! The health of ten thousand keys: at most fifty milliseconds, with everything wrong that can be.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use strongroom_domain::health::{Facts, Health, Holder, KeyFacts, Picture, VaultFacts};
use strongroom_domain::{
    AllowlistSummary, ConsumerKind, ConsumerName, ConsumerRecord, Days, Due, DueCause, EXCHANGES,
    EntryId, Environment, ExchangeId, KeyLabel, KeyState, KeySummary, Line, Tri, UtcMs,
};

const KEYS: u64 = 10_000;
const CONSUMERS: u64 = 200;

fn id(kind: u8, number: u64) -> EntryId {
    let mut id = [kind; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    EntryId::from_bytes(id)
}

fn row(number: u64, now: UtcMs) -> KeySummary {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
    let exchange = EXCHANGES[(mixed % EXCHANGES.len() as u64) as usize];
    let days = Days::parse(90).expect("days");
    let past = now.plus_ms(-((mixed % 31_536_000_000) as i64));
    let wrong = mixed.is_multiple_of(3);
    KeySummary {
        id: id(1, number),
        label: KeyLabel::parse(&format!("{} desk {number} grid", exchange.name)).expect("a label"),
        exchange: ExchangeId::parse(exchange.id).expect("an id"),
        account: None,
        account_label: None,
        environment: Environment::Production,
        state: KeyState::Active,
        declared: [Tri::No; 8],
        observed: wrong.then_some([Tri::Yes; 8]),
        allowlist: AllowlistSummary::Unrestricted,
        expiry: None,
        rotation: Some(Due {
            at: past.plus_days(90),
            cause: DueCause::Rotation(days),
        }),
        rotation_days: days,
        created: past,
        last_rotated: past,
        last_used: Some(past),
        compromised: None,
        purpose: wrong.then(|| Line::parse("tax report").expect("a line")),
        owner: None,
        tags: Vec::new(),
        consumers: Vec::new(),
        conflict: false,
        has_secret: true,
    }
}

fn health(criterion: &mut Criterion) {
    let now = UtcMs::from_clock(1_800_000_000_000);
    let rows: Vec<KeySummary> = (0..KEYS).map(|number| row(number, now)).collect();
    let facts: Vec<Facts> = (0..KEYS)
        .map(|number| Facts {
            holders: [number % CONSUMERS, (number * 7) % CONSUMERS]
                .map(|one| Holder {
                    consumer: id(2, one),
                    since: now,
                })
                .to_vec(),
            drift: Vec::new(),
            twins: if number.is_multiple_of(50) {
                vec![id(1, (number + 50) % KEYS)]
            } else {
                Vec::new()
            },
            unsure_end: None,
        })
        .collect();
    let consumers: BTreeMap<EntryId, ConsumerRecord> = (0..CONSUMERS)
        .map(|number| {
            let name = ConsumerName::parse(&format!("bot {number}")).expect("a name");
            let mut one = ConsumerRecord::new(id(2, number), name, ConsumerKind::Bot);
            one.breached = number.is_multiple_of(10).then_some(now);
            (one.id, one)
        })
        .collect();
    let keys: Vec<KeyFacts<'_>> = rows
        .iter()
        .zip(&facts)
        .map(|(row, facts)| KeyFacts { row, facts })
        .collect();
    let (vendors, vault) = (BTreeMap::new(), VaultFacts::sound());
    let picture = Picture {
        now,
        keys: &keys,
        consumers: &consumers,
        vendors: &vendors,
        acceptances: &[],
        vault: &vault,
    };
    assert!(Health::assess(&picture).findings.len() > 20_000);
    criterion.bench_function("health of 10,000 keys", |bencher| {
        bencher.iter(|| black_box(Health::assess(black_box(&picture))));
    });
}

criterion_group!(benches, health);
criterion_main!(benches);
