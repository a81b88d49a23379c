//! Times the whole way of a large share: who gets what, making the file, opening it with its
//! preview, merging, importing again, undoing. `share_time [KEYS]`; 10,000 by default.

#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(
    clippy::disallowed_methods,
    reason = "an example that measures has no clock port"
)]

#[expect(dead_code, reason = "the desk is shared with the tests")]
#[path = "../tests/keys/desk.rs"]
mod desk;

use std::fmt::Write as _;
use std::time::Instant;

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

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    println!("{what:<24} {:>8.1?}", begun.elapsed());
    done
}

fn main() {
    let keys = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let keys: usize = keys.unwrap_or(10_000);
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
    timed("recorded", || {
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
    let offer = timed("who gets what", || {
        alice.offer_share(&ask).expect("is offered")
    });
    assert_eq!(offer.keys.len(), keys);
    let proof = step_up(&alice_desk, &mut alice);
    let drafted = timed("secrets opened", || {
        alice
            .draft_share(&ask, offer.agreed, &proof)
            .expect("is drafted")
    });
    let sealed = timed("signed and encrypted", || {
        drafted.seal().expect("is sealed")
    });
    let made = timed("recorded as given", || {
        alice.record_share(sealed, CLI).expect("is recorded")
    });
    println!("{} bytes, {} secrets", made.file.len(), made.secrets);
    let own = bob.share_keys().expect("a card");
    let opened = timed("decrypted", || own.open(&made.file, None).expect("opens"));
    let plan = timed("compared", || bob.plan_share(opened).expect("is planned"));
    println!("{} rows that are new", plan.count(Group::New));
    timed("a page of rows", || {
        bob.share_rows(&plan, None, 5000, 500).expect("are shown");
    });
    let proof = step_up(&bob_desk, &mut bob);
    let applied = timed("backed up and merged", || {
        bob.apply_share(plan, &proof, CLI).expect("is merged")
    });
    assert_eq!(applied.added, keys);
    let again = timed("opened again", || {
        let opened = own.open(&made.file, None).expect("opens");
        bob.plan_share(opened).expect("is planned")
    });
    assert!(again.is_nothing_new());
    timed("rotate list", || {
        let rows = alice.rotate_list(contact.id).expect("is listed");
        assert_eq!(rows.len(), keys);
    });
    let undone = timed("undone", || bob.undo_share(None, CLI).expect("is undone"));
    assert_eq!(undone.removed, keys);
}
