//! What a change costs in a small vault and in a large one, with everything that belongs to it:
//! writes, audit entry, state, fsync.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use strongroom_domain::{AccountLabel, Environment, ExchangeId, FieldName, KeyLabel};
use strongroom_secret::{SecretBytes, SecretText};
use strongroom_vault::{
    Client, ImportOptions, ImportSource, KeyChange, LockedVault, NewField, NewKey, OpenVault,
    SourceKey,
};

#[expect(dead_code, reason = "the desk is shared with the tests of the keys")]
#[path = "../tests/keys/desk.rs"]
mod desk;

use desk::Desk;

/// A vault with so many keys, imported from a table.
fn filled(desk: &Desk, keys: usize) -> (OpenVault, LockedVault) {
    let (mut vault, locked) = desk.create();
    let mut table = String::from("exchange,account,label,apiKey,secret\n");
    for number in 0..keys {
        let account = number % 20;
        let row = format!("binance,desk {account},grid {number},k{number:0>32},s{number:0>32}\n");
        table.push_str(&row);
    }
    let options = ImportOptions {
        source: Some("csv".to_owned()),
        ..ImportOptions::default()
    };
    let bytes = SecretBytes::new(table.into_bytes());
    let source = ImportSource::read(bytes, &options, SourceKey::default()).expect("is read");
    let plan = vault.plan_import(&source, &options).expect("a plan");
    let imported = vault
        .apply_import(plan, Client::Agent)
        .expect("is imported");
    assert_eq!(imported.added.len(), keys);
    (vault, locked)
}

fn new_key(number: u64) -> NewKey {
    let mut new = NewKey::new(
        KeyLabel::parse(&format!("new {number}")).expect("a label"),
        ExchangeId::parse("binance").expect("an id"),
        AccountLabel::parse("desk 1").expect("a label"),
        Environment::Production,
    );
    let field = |name, value: String| NewField {
        name,
        value: SecretText::new(value),
    };
    new.fields = vec![
        field(FieldName::API_KEY, format!("new-key-{number:0>32}")),
        field(FieldName::SECRET, format!("new-secret-{number:0>32}")),
    ];
    new
}

fn records(criterion: &mut Criterion) {
    for keys in [100, 10_000] {
        let desk = Desk::new();
        let (vault, locked) = filled(&desk, keys);
        drop(vault);
        let mut group = criterion.benchmark_group(format!("among {keys} keys"));
        group.sample_size(10);
        let mut vault = desk.unlock(&locked);
        vault.reminders().expect("reads");
        let id = vault.find_key("grid 7").expect("is there");
        vault.show_key(id).expect("shows");
        // An edit leaves the write before it behind: over many keys, so that none has a history
        // that nobody has.
        let edited: Vec<_> = (0..100)
            .map(|number| vault.find_key(&format!("grid {number}")).expect("is there"))
            .collect();
        let mut number = 0;
        group.bench_function("add", |bencher| {
            bencher.iter_batched(
                || {
                    number += 1;
                    new_key(number)
                },
                |new| black_box(vault.add_key(new, Client::Agent).expect("is recorded")),
                BatchSize::PerIteration,
            );
        });
        group.bench_function("edit", |bencher| {
            bencher.iter(|| {
                number += 1;
                let label = KeyLabel::parse(&format!("edited {number}")).expect("a label");
                let changes = vec![KeyChange::Label(label)];
                vault
                    .edit_key(
                        edited[number as usize % edited.len()],
                        changes,
                        Client::Agent,
                    )
                    .expect("is changed");
            });
        });
        group.bench_function("show", |bencher| {
            bencher.iter(|| black_box(vault.show_key(id).expect("shows")));
        });
        group.bench_function("write the index of reminders", |bencher| {
            bencher.iter(|| {
                let plan = vault
                    .plan_reminders(&jiff::tz::TimeZone::UTC)
                    .expect("plans");
                vault.reminders_told(&plan).expect("is written");
            });
        });
        group.finish();
    }
}

criterion_group!(benches, records);
criterion_main!(benches);
