//! Prints the tag and the time of Argon2id at 256 MiB, 3 passes and 4 lanes for a fixed password
//! and salt, so that `make bench` can lay it beside libargon2:
//! `printf 'strongroom bench' | argon2 strongroom-bench-salt-of-32-byte -id -t 3 -k 262144 -p 4`.

#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(
    clippy::disallowed_methods,
    reason = "an example that measures has no clock port"
)]

use std::time::Instant;

use strongroom_crypto::{Cost, KdfParams, derive_pw};
use strongroom_secret::SecretText;

fn main() {
    let password = SecretText::new("strongroom bench".to_owned());
    let params = KdfParams {
        cost: Cost::DEFAULT,
        salt: *b"strongroom-bench-salt-of-32-byte",
    };
    let begun = Instant::now();
    let tag = derive_pw(&password, &params).expect("256 MiB are free");
    let took = begun.elapsed();
    let tag: String = tag
        .expose()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("tag {tag}");
    println!("seconds {:.3}", took.as_secs_f64());
}
