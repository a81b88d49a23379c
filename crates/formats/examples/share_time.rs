//! Times a share of ten thousand keys beside stock `age` on as many bytes, in one run, and says how
//! many times as long it takes: `cargo run --release --example share_time`. Sealing is everything from
//! the writes to the file; importing everything from the file to what it would do in a vault that has
//! none of it, or half of it. What a vault's database adds to that is told by `share_vault_time`. Ends
//! with 1 where sealing takes more than three times as long as `age -e`, importing all that is new more
//! than six times as long as `age -d`, or memory exceeds 200 MiB.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use strongroom_crypto::{Identity, OsRandom};
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{Group, History, Preview, Role, Scope, Sender, Standing};
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, ExchangeId, FieldName, Hlc, KeyLabel, Line, Material,
    MaterialField, MemberId, MemberName, Notes, PermissionSet, Register, RegisterValue, UtcMs,
    WriteId,
};
use strongroom_formats::share::{
    Bundle, ContactCard, Grant, Keys, Kind, Protection, ShareBody, ShareWrite, open, seal,
};
use strongroom_secret::SecretText;

const KEYS: u32 = 10_000;
const ROUNDS: usize = 15;
const MOST_SEALING: f64 = 3.0;
const MOST_IMPORTING: f64 = 6.0;
const MOST_MIB: u64 = 200;

fn main() -> ExitCode {
    let alice = Identity::make(&OsRandom).expect("randomness");
    let bob = Identity::make(&OsRandom).expect("randomness");
    let folder = std::env::temp_dir().join(format!("share-time-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let to = [bob.public()];

    let mut sealing = Vec::new();
    let mut opening = Vec::new();
    let mut file = Vec::new();
    for _ in 0..ROUNDS {
        let bundle = bundle(&alice);
        let begun = Instant::now();
        file = seal(&bundle, &alice, Protection::Recipients(&to), &OsRandom)
            .expect("seals")
            .file;
        sealing.push(begun.elapsed());
    }
    let (mut read, mut importing) = (0, [Vec::new(), Vec::new()]);
    for of in [All::New, All::HalfKnown] {
        let ours = of.known(&incoming(open_for(&bob, &alice, &file)));
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let writes = open_for(&bob, &alice, &file);
            opening.push(begun.elapsed());
            let incoming = incoming(writes);
            let preview = Preview::of(&ours, &incoming, &sender(), &same_secret);
            importing[of as usize].push(begun.elapsed());
            read = incoming.len();
            assert_eq!(preview.count(Group::New), read - ours.writes().count());
        }
    }
    let mib = peak_mib();
    let (encrypting, decrypting) = age(&folder, &file, &bob);
    drop(std::fs::remove_dir_all(&folder));

    println!("{KEYS} keys, {read} writes, {} bytes", file.len());
    let sealing = told("seal", best(&sealing), "age -e", encrypting);
    told("open and read", best(&opening), "age -d", decrypting);
    let [new, half] = importing.map(|times| best(&times));
    let new = told("import with preview, all new", new, "age -d", decrypting);
    told(
        "import with preview, half known",
        half,
        "age -d",
        decrypting,
    );
    println!("memory {mib} MiB");
    let good = sealing <= MOST_SEALING && new <= MOST_IMPORTING && mib <= MOST_MIB;
    ExitCode::from(u8::from(!good))
}

/// How much of the share the vault has that it is imported into.
#[derive(Clone, Copy)]
enum All {
    New,
    HalfKnown,
}

impl All {
    fn known(self, incoming: &[Arc<Write>]) -> Replica {
        let writes = incoming.iter().filter(|write| match self {
            Self::New => false,
            Self::HalfKnown => write.entry.as_bytes()[0] % 2 == 0,
        });
        Replica::from_writes(writes.cloned())
    }
}

fn open_for(bob: &Identity, alice: &Identity, file: &[u8]) -> Vec<ShareWrite> {
    let keys = Keys {
        identity: bob,
        passphrase: None,
    };
    open(file, &keys)
        .expect("opens")
        .verify(&alice.public())
        .expect("verifies")
        .for_me(&bob.public().fingerprint())
        .expect("for Bob")
        .writes()
        .expect("reads")
}

/// As a vault keeps them, except that it seals the secrets.
fn incoming(writes: Vec<ShareWrite>) -> Vec<Arc<Write>> {
    let kept = writes.into_iter().map(|write| Write {
        id: write.id,
        entry: write.entry,
        kind: write.kind,
        register: write.register,
        supersedes: write.supersedes,
        author: write.author,
        device: write.device,
        hlc: write.hlc,
        body: match write.body {
            ShareBody::Value(bytes) => Body::Value(bytes),
            ShareBody::Secret(bytes) => Body::Sealed {
                version: 1,
                // EXPOSE: made up.
                bytes: bytes.expose().to_vec(),
            },
            ShareBody::Purged => Body::Purged,
        },
    });
    kept.map(Arc::new).collect()
}

fn sender() -> Sender {
    Sender {
        member: MemberId::from_bytes([7; 16]),
        standing: Standing::Pinned,
        role: Some(Role::Admin),
        scope: Scope::everything(History::Without),
    }
}

fn same_secret(one: &Write, other: &Write) -> bool {
    one.body == other.body
}

fn told(ours: &str, took: Duration, theirs: &str, other: Duration) -> f64 {
    let ratio = took.as_secs_f64() / other.as_secs_f64();
    println!("{ours} {took:.1?}, {theirs} {other:.1?}: {ratio:.2} times");
    ratio
}

fn best(times: &[Duration]) -> Duration {
    times.iter().min().copied().unwrap_or_default()
}

/// The best of as many runs of the stock program over a file of the same size.
fn age(folder: &Path, file: &[u8], bob: &Identity) -> (Duration, Duration) {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("key"), bob.age_key().to_text().expose()).expect("written");
    // The inside of a share, which is a secret: only its size matters here.
    std::fs::write(path("plain"), vec![7; file.len()]).expect("written");
    let recipient = bob.public().recipient().to_string();
    let timed = |arguments: &[&str]| {
        let times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                let done = Command::new("age").args(arguments).status();
                let took = begun.elapsed();
                assert!(done.expect("age is installed").success());
                took
            })
            .collect();
        best(&times)
    };
    let encrypting = timed(&[
        "-e",
        "-r",
        &recipient,
        "-o",
        &path("sealed"),
        &path("plain"),
    ]);
    let decrypting = timed(&[
        "-d",
        "-i",
        &path("key"),
        "-o",
        &path("opened"),
        &path("sealed"),
    ]);
    (encrypting, decrypting)
}

/// The most memory this process ever had.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_ascii_whitespace().next());
    kib.expect("a line").parse::<u64>().expect("a number") / 1024
}

fn bundle(alice: &Identity) -> Bundle {
    let now = UtcMs::parse(1_700_000_000_000).expect("a moment");
    let name = MemberName::parse("Alice").expect("a name");
    Bundle {
        bundle_id: [1; 16],
        kind: Kind::Share,
        sender: ContactCard::sign(name, now, alice),
        seq: 1,
        previous: None,
        created: now,
        expires: None,
        grant: Some(Grant {
            role: Role::Admin,
            scope: Scope::everything(History::Without),
        }),
        checkpoint: None,
        writes: (0..KEYS).flat_map(writes).collect(),
    }
}

/// What a vault has of one key: seven registers, a version with its secret, four of its registers.
fn writes(number: u32) -> Vec<ShareWrite> {
    let id = |part: u8| {
        let mut id = [part; 16];
        id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
        id
    };
    let moment = UtcMs::parse(1_700_000_000_000 + i64::from(number)).expect("a moment");
    let line = |text: String| Line::parse(&text).expect("a line");
    let (key, version) = (EntryId::from_bytes(id(1)), EntryId::from_bytes(id(2)));
    let exchange = ExchangeId::parse("binance").expect("an exchange");
    let field = |name: &str, value: String| MaterialField {
        name: FieldName::parse(name).expect("a name"),
        value: SecretText::new(value),
    };
    let secret = vec![
        field("key", "k".repeat(64)),
        field("secret", "s".repeat(64)),
    ];
    let material = Material::new(exchange.clone(), key, version, secret).expect("a secret");
    let fields = material.listed();
    let of_key = [
        RegisterValue::KeyLabel(KeyLabel::parse(&format!("Key {number}")).expect("a label")),
        RegisterValue::Exchange(exchange),
        RegisterValue::Purpose(Some(line(format!("market making, pair {number}")))),
        RegisterValue::Owner(Some(line("trading desk".to_owned()))),
        RegisterValue::Declared(PermissionSet::unknown()),
        RegisterValue::Created(moment),
        RegisterValue::Notes(Some(Notes::parse("A note.").expect("notes"))),
    ];
    let of_version = [
        RegisterValue::Key(key),
        RegisterValue::Fields(fields),
        RegisterValue::Made(moment),
    ];
    let of = |entry, kind, values: Vec<RegisterValue>| {
        values.into_iter().map(move |value| {
            (
                entry,
                kind,
                value.register(),
                ShareBody::Value(value.encode()),
            )
        })
    };
    of(key, EntryKind::Key, of_key.into())
        .chain(of(version, EntryKind::Credential, of_version.into()))
        .chain([(
            version,
            EntryKind::Credential,
            Register::Material,
            ShareBody::Secret(material.encode()),
        )])
        .zip(10_u8..)
        .map(|((entry, kind, register, body), part)| ShareWrite {
            id: WriteId::from_bytes(id(part)),
            entry,
            kind,
            register,
            supersedes: BTreeSet::new(),
            author: MemberId::from_bytes([7; 16]),
            device: DeviceId::from_bytes([8; 16]),
            hlc: Hlc {
                wall_ms: 1_700_000_000_000,
                counter: 0,
            },
            body,
        })
        .collect()
}
