//! What an unlock spends its time on: Argon2id, a slot, an item, a proof.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use strongroom_crypto::{
    Cost, ItemAad, KdfParams, OsRandom, VaultKey, VaultKeys, derive_pw, merkle, open_item,
    seal_item,
};
use strongroom_secret::SecretText;

fn argon2(criterion: &mut Criterion) {
    let password = SecretText::new("strongroom bench".to_owned());
    let params = KdfParams {
        cost: Cost::DEFAULT,
        salt: [7; 32],
    };
    let mut group = criterion.benchmark_group("argon2id");
    group.sample_size(10);
    group.bench_function("256 MiB, t=3, p=4", |bencher| {
        bencher.iter(|| black_box(derive_pw(&password, &params)));
    });
    group.finish();
}

fn items(criterion: &mut Criterion) {
    let vk = VaultKey::make(&OsRandom).expect("randomness");
    let keys = VaultKeys::derive_from(&vk, &[1; 16], 1).expect("a page");
    let aad = ItemAad {
        vault_id: [1; 16],
        entry_id: [2; 16],
        register: 3,
        write_id: [4; 16],
        seal_version: 1,
    };
    let key = keys.derive_item_key(&[4; 16]);
    let sealed = seal_item(&OsRandom, &key, &aad, &[9; 200]).expect("randomness");
    criterion.bench_function("derive an item key and open 200 bytes", |bencher| {
        bencher
            .iter(|| black_box(open_item(&keys.derive_item_key(&[4; 16]), &aad, &sealed)).is_ok());
    });
    criterion.bench_function("append to the log and take the root", |bencher| {
        let mut frontier = merkle::Frontier::default();
        bencher.iter(|| {
            frontier.append(merkle::leaf_hash(&[9; 200]));
            black_box(frontier.root())
        });
    });
}

criterion_group!(benches, argon2, items);
criterion_main!(benches);
