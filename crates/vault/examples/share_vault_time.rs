//! Times the whole way of a large share: who gets what, making the file, opening it with its
//! preview, merging, importing again, undoing. `share_vault_time [KEYS]`; 10,000 by default.
//!
//! In the same run stock `age` encrypts and decrypts as many bytes, and it is said how many times as
//! long the export takes, up to the file that may leave, and the import, up to the first page of its
//! preview. Nothing is refused here: what a vault adds is SQLCipher, which decrypts and checks every
//! page, and the hashes of all rows. The limits are those of the format's own example, `share_time`.
//! Both vaults stand in this one process: of its memory it is said how much was there before.

#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(
    clippy::disallowed_methods,
    reason = "an example that measures has no clock port"
)]

#[expect(dead_code, reason = "the desk is shared with the tests")]
#[path = "../tests/keys/desk.rs"]
mod desk;

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use strongroom_crypto::{Identity, OsRandom};
use strongroom_domain::MemberName;
use strongroom_domain::share::{Group, History, Reach, Role, Scope};
use strongroom_secret::SecretBytes;
use strongroom_vault::{
    Client, ContactAdded, ContactChange, Grant, ImportOptions, ImportSource, Lock, OpenVault,
    Presence, ShareAsk, SourceKey,
};

use desk::Desk;

const CLI: Client = Client::CommandLine;

fn person(name: &str) -> (Desk, OpenVault) {
    let desk = Desk::new();
    let (mut vault, _) = desk.create();
    let name = MemberName::parse(name).expect("a name");
    vault.set_own_card(&name, CLI).expect("a card");
    (desk, vault)
}

fn knows(desk: &Desk, vault: &mut OpenVault, other: &OpenVault) -> strongroom_vault::Contact {
    let card = other.own_card().expect("reads").expect("a card");
    let Ok(ContactAdded::Added(contact)) = vault.add_contact(&card, CLI) else {
        panic!("nobody was known");
    };
    let step_up = step_up(desk, vault);
    let grant = Some(Grant {
        role: Role::Admin,
        scope: Scope::everything(History::Without),
    });
    let change = ContactChange { name: None, grant };
    vault
        .edit_contact(contact.id, change, Some(&step_up), CLI)
        .expect("a role")
}

fn step_up(desk: &Desk, vault: &mut OpenVault) -> strongroom_vault::StepUp {
    let code = desk.fresh_code();
    vault
        .step_up(Presence::Totp(&code), None)
        .expect("a fresh code")
}

/// What was timed so far.
#[derive(Default)]
struct Times(Vec<(&'static str, Duration)>);

impl Times {
    fn of<T>(&mut self, what: &'static str, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        let took = begun.elapsed();
        println!("{what:<24} {took:>8.1?}");
        self.0.push((what, took));
        done
    }

    fn sum(&self, parts: &[&str]) -> Duration {
        let of = |(what, took): &(&str, Duration)| parts.contains(what).then_some(*took);
        self.0.iter().filter_map(of).sum()
    }
}

const EXPORT: [&str; 4] = [
    "who gets what",
    "secrets opened",
    "signed and encrypted",
    "recorded as given",
];
const IMPORT: [&str; 3] = ["decrypted", "compared", "a page of rows"];
/// Stock `age` is timed as often, and its best time counts.
const ROUNDS: usize = 15;

/// How long the stock program takes to encrypt and to decrypt as many bytes.
fn age(bytes: usize) -> (Duration, Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let key = Identity::make(&OsRandom).expect("randomness");
    std::fs::write(path("key"), key.age_key().to_text().expose()).expect("written");
    // The inside of a share, which is a secret: only its size matters here.
    std::fs::write(path("plain"), vec![7; bytes]).expect("written");
    let best = |arguments: &[&str]| {
        let times = (0..ROUNDS).map(|_| {
            let begun = Instant::now();
            let done = Command::new("age").args(arguments).status();
            let took = begun.elapsed();
            assert!(done.expect("age is installed").success());
            took
        });
        times.min().unwrap_or_default()
    };
    let to = key.public().recipient().to_string();
    let (plain, sealed, opened) = (path("plain"), path("sealed"), path("opened"));
    (
        best(&["-e", "-r", &to, "-o", &sealed, &plain]),
        best(&["-d", "-i", &path("key"), "-o", &opened, &sealed]),
    )
}

/// What the process has of memory, and the most it had.
struct Memory {
    before_mib: u64,
}

impl Memory {
    /// Forgets how much the process ever had; what it has now counts on.
    fn watch() -> Self {
        std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
        Self {
            before_mib: mib("VmRSS:"),
        }
    }

    /// Since it is watched.
    fn told(&self) -> String {
        let (before, most) = (self.before_mib, mib("VmHWM:"));
        format!("{most} MiB of memory at most, {before} MiB before")
    }
}

fn mib(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(of));
    let kib = line.and_then(|line| line.split_ascii_whitespace().next());
    kib.expect("a line").parse::<u64>().expect("a number") / 1024
}

fn told(ours: &str, took: Duration, theirs: &str, other: Duration, memory: &str) {
    let ratio = took.as_secs_f64() / other.as_secs_f64();
    println!("{ours} {took:.1?}, {theirs} {other:.1?}: {ratio:.1} times; {memory}");
}

fn main() {
    let keys = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let keys: usize = keys.unwrap_or(10_000);
    let mut times = Times::default();
    let (alice_desk, mut alice) = person("Alice");
    let (bob_desk, mut bob) = person("Bob");
    let mut csv = String::from("label,exchange,apiKey,secret\n");
    for number in 0..keys {
        let line = format!("desk {number},binance,key{number:061},secret{number:058}\n");
        csv.write_str(&line).expect("text");
    }
    let options = ImportOptions {
        source: Some("csv".to_owned()),
        ..ImportOptions::default()
    };
    times.of("recorded", || {
        let csv = SecretBytes::new(csv.into_bytes());
        let source = ImportSource::read(csv, &options, SourceKey::default()).expect("is read");
        let plan = alice.plan_import(&source, &options).expect("is planned");
        alice.apply_import(plan, CLI).expect("is imported");
    });
    let contact = knows(&alice_desk, &mut alice, &bob);
    knows(&bob_desk, &mut bob, &alice);
    let ask = ShareAsk {
        to: vec![contact.id],
        role: None,
        reach: None::<Reach>,
        history: History::Without,
        expires: None,
        lock: Lock::Recipients,
    };
    let memory = Memory::watch();
    let offer = times.of("who gets what", || {
        alice.offer_share(&ask).expect("is offered")
    });
    assert_eq!(offer.keys.len(), keys);
    let proof = step_up(&alice_desk, &mut alice);
    let drafted = times.of("secrets opened", || {
        alice
            .draft_share(&ask, offer.agreed, &proof)
            .expect("is drafted")
    });
    let sealed = times.of("signed and encrypted", || {
        drafted.seal().expect("is sealed")
    });
    let made = times.of("recorded as given", || {
        alice.record_share(sealed, CLI).expect("is recorded")
    });
    let exporting = memory.told();
    println!("{} bytes, {} secrets", made.file.len(), made.secrets);
    let memory = Memory::watch();
    let own = bob.share_keys().expect("a card");
    let opened = times.of("decrypted", || own.open(&made.file, None).expect("opens"));
    let plan = times.of("compared", || bob.plan_share(opened).expect("is planned"));
    println!("{} rows that are new", plan.count(Group::New));
    times.of("a page of rows", || {
        bob.share_rows(&plan, None, 5000, 500).expect("are shown");
    });
    let importing = memory.told();
    let proof = step_up(&bob_desk, &mut bob);
    let applied = times.of("backed up and merged", || {
        bob.apply_share(plan, &proof, CLI).expect("is merged")
    });
    assert_eq!(applied.added, keys);
    let again = times.of("opened again", || {
        let opened = own.open(&made.file, None).expect("opens");
        bob.plan_share(opened).expect("is planned")
    });
    assert!(again.is_nothing_new());
    times.of("rotate list", || {
        let rows = alice.rotate_list(contact.id).expect("is listed");
        assert_eq!(rows.len(), keys);
    });
    let undone = times.of("undone", || bob.undo_share(None, CLI).expect("is undone"));
    assert_eq!(undone.removed, keys);
    let (encrypting, decrypting) = age(made.file.len());
    let (export, import) = (times.sum(&EXPORT), times.sum(&IMPORT));
    told("export", export, "age -e", encrypting, &exporting);
    let imported = "import with preview";
    told(imported, import, "age -d", decrypting, &importing);
}
