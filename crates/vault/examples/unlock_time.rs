//! Times an unlock of a vault with many keys, at 256 MiB: Argon2id alone, to the first list, and
//! the full verification. `unlock_time [KEYS [RUNS]]`; 10,000 and 5 by default.

#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(
    clippy::disallowed_methods,
    reason = "an example that measures has no clock port"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Instant;

use strongroom_crypto::{Cost, KdfParams, Totp, derive_pw};
use strongroom_secret::{Key, SecretBytes, SecretText};
use strongroom_vault::ports::{Clock, ItemName, Keyring, KeyringRefused, Lookup, OsEntropy, Ports};
use strongroom_vault::{
    Client, Enrolment, Home, ImportOptions, ImportSource, NewVault, PlaceChoice, Places, Presence,
    SourceKey, Trust,
};

const PASSWORD: &str = "violet tractor sings at noon";
const STEP_MS: u64 = 30_000;

/// Goes a step further whenever a new code is needed.
struct StepClock(AtomicU64);

impl Clock for StepClock {
    fn utc_ms(&self) -> u64 {
        self.0.load(SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        self.0.load(SeqCst)
    }

    fn boot_id(&self) -> [u8; 16] {
        [0; 16]
    }
}

struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: &ItemName) -> Lookup {
        Lookup::Unavailable
    }

    fn set(&self, _: &ItemName, _: &SecretText) -> Result<(), KeyringRefused> {
        Err(KeyringRefused::Unavailable)
    }

    fn delete(&self, _: &ItemName) -> Result<(), KeyringRefused> {
        Err(KeyringRefused::Unavailable)
    }
}

fn text(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn csv(keys: usize) -> String {
    let mut csv = "label,exchange,account,key,secret\n".to_owned();
    for number in 0..keys {
        let _ = writeln!(
            csv,
            "bot {number:05},binance,account {},{number:064},s{number:063}",
            number % 60
        );
    }
    csv
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| {
        arguments
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(default)
    };
    let (keys, runs): (usize, usize) = (number(10_000), number(5));

    let root = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(StepClock(AtomicU64::new(1_800_000_000_000)));
    let ports = Ports {
        clock: clock.clone(),
        keyring: Arc::new(NoKeyring),
        entropy: Arc::new(OsEntropy),
    };
    let places = Places {
        state_folder: root.path().join("state"),
    };
    let home = Home::make(&root.path().join("vault")).expect("an empty folder");
    let new = NewVault {
        place: PlaceChoice::File,
        kdf_mib: Some(256),
        device_name: "bench",
    };
    let mut enrolment =
        Enrolment::begin(home, ports, places, &text(PASSWORD), new).expect("begins");
    let seed = enrolment.seed().expect("not made yet");
    let seed = data_encoding::BASE32_NOPAD
        .decode(seed.expose().as_bytes())
        .expect("base32");
    let totp = Totp::new(Key::from_slice(&seed).expect("20 bytes"));
    let code = || totp.code_at(clock.0.fetch_add(STEP_MS, SeqCst) + STEP_MS);
    let mut created = enrolment.confirm(&code(), None).expect("is made");
    // A thousand at a time, as far as an import goes.
    for part in csv(keys).lines().skip(1).collect::<Vec<_>>().chunks(1000) {
        let bytes = format!("label,exchange,account,key,secret\n{}\n", part.join("\n"));
        let options = ImportOptions {
            source: Some("csv".to_owned()),
            ..ImportOptions::default()
        };
        let bytes = SecretBytes::new(bytes.into_bytes());
        let source = ImportSource::read(bytes, &options, SourceKey::default()).expect("is read");
        let plan = created.vault.plan_import(&source, &options).expect("plans");
        created
            .vault
            .apply_import(plan, Client::Agent)
            .expect("imports");
    }
    created.vault.lock().expect("locks");

    let params = KdfParams {
        cost: Cost::DEFAULT,
        salt: [7; 32],
    };
    for _ in 0..runs {
        let begun = Instant::now();
        derive_pw(&text(PASSWORD), &params).expect("256 MiB");
        let alone = begun.elapsed();

        let code = code();
        let begun = Instant::now();
        let opened = created
            .locked
            .unlock(&text(PASSWORD), Presence::Totp(&code));
        let mut vault = opened.expect("unlocks");
        let listed = vault.keys().expect("a list").len();
        let to_list = begun.elapsed();
        vault.verify_fully().expect("verifies");
        let to_end = begun.elapsed();
        assert_eq!((vault.trust(), listed), (Trust::Verified, keys));
        println!(
            "argon2 {:.0} ms, to the list {:.0} ms ({:+.0} ms), verified after {:.0} ms more",
            alone.as_secs_f64() * 1e3,
            to_list.as_secs_f64() * 1e3,
            (to_list.as_secs_f64() - alone.as_secs_f64()) * 1e3,
            (to_end - to_list).as_secs_f64() * 1e3,
        );
        drop(vault);
    }
}
