//! Two people and an auditor, each with a vault, and files between them: through the built command
//! line, and with stock `age` and `ssh-keygen` on the other side.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use strongroom_crypto::{Identity, OsRandom};
use strongroom_domain::{MemberName, UtcMs};
use strongroom_formats::share::ContactCard;
use strongroom_tests::{Canary, DESK, DESK_KEYS, Parts, Sandbox, TRADERS_SECRETS, Vault};

/// What the command line ends with where the state does not allow it.
const REFUSED: i32 = 11;
/// And with what it cannot read.
const INVALID: i32 = 2;
/// And where there is no such secret.
const NOTHING_THERE: i32 = 10;

fn text(path: &Path) -> &str {
    path.to_str().expect("our paths are text")
}

/// A vault of a person with a card in a file.
fn person<'s>(sandbox: &'s Sandbox, name: &str) -> (Vault<'s>, PathBuf) {
    let folder = sandbox.root().join("data").join(name.to_lowercase());
    let vault = Vault::create_in(sandbox, &folder, &[]);
    let card = sandbox.home().join(format!("{name}.card"));
    vault
        .run(&["contact", "me", "--name", name, "--out", text(&card)])
        .ok();
    (vault, card)
}

fn knows(vault: &Vault<'_>, card: &Path, name: &str, role: &str, scope: &[&str]) {
    let added = vault.run(&["contact", "add", text(card)]).ok().json();
    assert_eq!(added["kind"], "added", "{added}");
    let arguments = [&["contact", "role", name, role], scope].concat();
    let set = vault.call(&arguments).with_code().answer();
    assert_eq!(set.ok().json()["role"], role);
}

fn add(vault: &Vault<'_>, label: &str, secret: &str, rights: &[&str]) {
    let call = vault
        .add_with(label, &format!("key-of-{label}"), secret)
        .argument("--tag")
        .argument("desk");
    let call = rights.iter().fold(call, |call, right| call.argument(right));
    call.answer().ok();
}

const READS: &[&str] = &[
    "--allow",
    "read",
    "--deny",
    "spot,margin,derivatives,transfer,withdraw,sub-accounts,key-admin",
];
const WITHDRAWS: &[&str] = &["--allow", "read,spot,withdraw"];

fn share(vault: &Vault<'_>, to: &str, out: &Path) -> Value {
    let arguments = ["share", "make", "--to", to, "--out", text(out), "--yes"];
    vault.call(&arguments).with_code().answer().ok().json()
}

fn import(vault: &Vault<'_>, file: &Path) -> Value {
    let arguments = ["import-share", text(file), "--yes"];
    vault.call(&arguments).with_code().answer().ok().json()
}

fn labels(vault: &Vault<'_>) -> Vec<String> {
    let list = vault.run(&["list"]).json();
    let rows = list["rows"].as_array().expect("a list has rows").clone();
    let mut labels: Vec<String> = rows
        .iter()
        .filter_map(|row| row["label"].as_str().map(str::to_owned))
        .collect();
    labels.sort();
    labels
}

#[test]
fn keys_go_to_a_trader_and_come_back_and_he_leaves() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (alice, alices) = person(&sandbox, "Alice");
    let (bob, bobs) = person(&sandbox, "Bob");
    let canary = Canary::make();
    add(&alice, "watch", canary.text(), READS);
    add(&alice, "cold", "cold-secret", WITHDRAWS);
    knows(&alice, &bobs, "Bob", "trader", &["--tag", "desk"]);
    knows(&bob, &alices, "Alice", "admin", &["--all"]);

    let file = sandbox.home().join("for-bob.strongshare");
    let made = share(&alice, "Bob", &file);
    assert_eq!(made["made"]["secrets"], 1, "{made}");
    let classes = made["preview"]["classes"]
        .as_array()
        .expect("classes")
        .clone();
    assert_eq!(classes[0]["class"], "withdraw");
    assert_eq!(classes[0]["secrets"], 0);

    let looked = bob
        .run(&["import-share", text(&file), "--dry-run"])
        .ok()
        .json();
    assert_eq!(looked["opened"]["sender"]["contact"]["name"], "Alice");
    assert!(looked["applied"].is_null() && labels(&bob).is_empty());
    let applied = import(&bob, &file);
    assert_eq!(applied["applied"]["keys_added"], 2, "{applied}");
    assert_eq!(labels(&bob), ["cold", "watch"]);
    let shown = bob
        .call(&["reveal", "watch", "--field", "secret"])
        .with_code()
        .answer();
    assert_eq!(shown.ok().json()["fields"][0]["value"], canary.text());
    bob.call(&["reveal", "cold"])
        .with_code()
        .answer()
        .refused(NOTHING_THERE);
    let again = import(&bob, &file);
    assert_eq!(again["opened"]["nothing_new"], true, "{again}");

    // Both write on the same key.
    bob.run(&["edit", "watch", "--notes", "of Bob"]).ok();
    alice.run(&["edit", "watch", "--notes", "of Alice"]).ok();
    let back = sandbox.home().join("for-alice.strongshare");
    share(&bob, "Alice", &back);
    let applied = import(&alice, &back);
    assert_eq!(applied["applied"]["conflicts"], 1, "{applied}");
    let conflicts = alice.run(&["conflicts"]).ok().json();
    let values = conflicts[0]["values"].as_array().expect("values").clone();
    let chosen = values
        .iter()
        .find(|one| one["who"] == "Bob")
        .expect("his value");
    let id = chosen["write"].as_str().expect("an id");
    let settled = alice
        .run(&["conflicts", "resolve", "--choose", id])
        .ok()
        .json();
    assert_eq!(
        (&settled["resolved"], &settled["left"]),
        (&1.into(), &0.into())
    );
    assert_eq!(alice.run(&["show", "watch"]).json()["notes"], "of Bob");

    // An import is taken back.
    let undone = bob.run(&["import-share", "--undo", "--yes"]).ok().json();
    assert_eq!(undone["kept"], 2, "the key and its account: {undone}");
    assert_eq!(labels(&bob), ["watch"], "what he worked on stays");

    // He leaves.
    let csv = sandbox.home().join("rotate.csv");
    let arguments = ["offboard", "Bob", "--rotate-list", text(&csv), "--yes"];
    let gone = alice.call(&arguments).with_code().answer().ok().json();
    assert_eq!(gone["open"], 1, "{gone}");
    assert_eq!(gone["rotate"][0]["label"], "watch");
    assert!(
        std::fs::read_to_string(&csv)
            .expect("is written")
            .contains("watch")
    );
    let late = sandbox.home().join("late.strongshare");
    let arguments = [
        "share",
        "make",
        "--to",
        "Bob",
        "--out",
        text(&late),
        "--yes",
    ];
    alice.run(&arguments).refused(REFUSED);
    assert!(!late.exists());
}

/// What both change, and what Bob changes alone.
const SAME: &str = "binance-grid";
const HIS: &str = "okx-watch";

fn sorted(mut labels: Vec<&str>) -> Vec<&str> {
    labels.sort_unstable();
    labels
}

fn notes(vault: &Vault<'_>, label: &str) -> Value {
    vault.run(&["show", label]).ok().json()["notes"].clone()
}

#[track_caller]
fn has_no_secret(vault: &Vault<'_>, label: &str) {
    vault
        .call(&["reveal", label])
        .with_code()
        .answer()
        .refused(NOTHING_THERE);
}

#[test]
fn five_of_twelve_keys_go_to_a_trader_and_to_an_auditor_and_the_trader_leaves() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (alice, alices) = person(&sandbox, "Alice");
    let (bob, bobs) = person(&sandbox, "Bob");
    let (carol, carols) = person(&sandbox, "Carol");
    alice.add_desk();
    knows(&alice, &bobs, "Bob", "trader", &["--tag", DESK]);
    knows(&alice, &carols, "Carol", "auditor", &["--tag", DESK]);
    knows(&bob, &alices, "Alice", "admin", &["--all"]);
    knows(&carol, &alices, "Alice", "admin", &["--all"]);

    let to_bob = sandbox.home().join("bob.strongshare");
    let made = share(&alice, "Bob", &to_bob);
    assert_eq!(made["made"]["secrets"], 4, "{made}");
    let to_carol = sandbox.home().join("carol.strongshare");
    let made = share(&alice, "Carol", &to_carol);
    assert_eq!(made["made"]["secrets"], 0, "{made}");

    // Each has the five; he what can read and trade, she no secret at all.
    for (vault, file) in [(&bob, &to_bob), (&carol, &to_carol)] {
        let applied = import(vault, file);
        assert_eq!(applied["applied"]["keys_added"], 5, "{applied}");
        assert_eq!(labels(vault), sorted(DESK_KEYS.to_vec()));
    }
    for label in DESK_KEYS {
        has_no_secret(&carol, label);
        if TRADERS_SECRETS.contains(&label) {
            bob.call(&["reveal", label]).with_code().answer().ok();
        } else {
            has_no_secret(&bob, label);
        }
    }

    // Both change one, and Bob another one alone.
    bob.run(&["edit", SAME, "--notes", "of Bob"]).ok();
    bob.run(&["edit", HIS, "--notes", "moved to the new desk"])
        .ok();
    alice.run(&["edit", SAME, "--notes", "of Alice"]).ok();
    let back = sandbox.home().join("alice.strongshare");
    share(&bob, "Alice", &back);
    let applied = import(&alice, &back);
    assert_eq!(applied["applied"]["conflicts"], 1, "{applied}");
    assert_eq!(notes(&alice, HIS), "moved to the new desk");
    let conflicts = alice.run(&["conflicts"]).ok().json();
    let values = conflicts[0]["values"].as_array().expect("values").clone();
    assert_eq!(values.len(), 2, "both are kept: {conflicts}");
    let his = values.iter().find(|one| one["who"] == "Bob");
    let id = his.expect("his value")["write"].as_str().expect("an id");
    alice.run(&["conflicts", "resolve", "--choose", id]).ok();
    assert_eq!(notes(&alice, SAME), "of Bob");

    // What was settled goes to both; people write passwords into notes, so they are no auditor's.
    for (name, vault) in [("Bob", &bob), ("Carol", &carol)] {
        let file = sandbox.home().join(format!("{name}-2.strongshare"));
        share(&alice, name, &file);
        import(vault, &file);
    }
    assert_eq!(notes(&bob, SAME), "of Bob");
    assert!(notes(&carol, SAME).is_null() && notes(&carol, HIS).is_null());
    for label in DESK_KEYS {
        has_no_secret(&carol, label);
    }

    // He leaves: what he could see is to be rotated, and nothing else.
    let arguments = ["offboard", "Bob", "--yes"];
    let gone = alice.call(&arguments).with_code().answer().ok().json();
    let rotate = gone["rotate"].as_array().expect("a list").clone();
    let named = rotate.iter().filter_map(|row| row["label"].as_str());
    assert_eq!(sorted(named.collect()), TRADERS_SECRETS, "{gone}");
}

#[test]
fn what_went_to_two_is_made_again_for_the_one_who_stays() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (alice, alices) = person(&sandbox, "Alice");
    let (bob, bobs) = person(&sandbox, "Bob");
    let (carol, carols) = person(&sandbox, "Carol");
    add(&alice, "watch", "secret", READS);
    for (name, card) in [("Bob", &bobs), ("Carol", &carols)] {
        knows(&alice, card, name, "trader", &["--tag", "desk"]);
    }
    knows(&bob, &alices, "Alice", "admin", &["--all"]);
    knows(&carol, &alices, "Alice", "admin", &["--all"]);
    let both = sandbox.home().join("both.strongshare");
    let to_both = ["share", "make", "--to", "Bob", "--to", "Carol"];
    let arguments = [&to_both[..], &["--out", text(&both), "--yes"]].concat();
    alice.call(&arguments).with_code().answer().ok();
    import(&carol, &both);

    // What was recorded since goes along, and is told before the second code is taken.
    add(&alice, "newer", "secret", READS);
    let folder = sandbox.make_folder("again");
    let codes = [alice.fresh_code(), alice.fresh_code()].join("\n");
    let arguments = ["offboard", "Bob", "--share-again", text(&folder), "--yes"];
    let gone = alice.call(&arguments).through("--totp-fd", &codes).answer();
    let gone = gone.ok().json();
    let shared = gone["shared"].as_array().expect("a list").clone();
    let again = PathBuf::from(shared[0].as_str().expect("a path"));
    assert_eq!(
        (shared.len(), again.parent()),
        (1, Some(&*folder)),
        "{gone}"
    );

    let applied = import(&carol, &again);
    assert_eq!(applied["applied"]["keys_added"], 1, "{applied}");
    assert_eq!(labels(&carol), ["newer", "watch"]);
    let arguments = ["import-share", text(&again), "--dry-run"];
    let his = bob.run(&arguments);
    his.refused(INVALID);
    assert!(his.stderr.contains("encrypted to others"), "{}", his.stderr);
}

#[test]
fn an_older_file_and_a_strangers_are_refused_in_words() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (alice, alices) = person(&sandbox, "Alice");
    let (bob, bobs) = person(&sandbox, "Bob");
    add(&alice, "watch", "secret", READS);
    knows(&alice, &bobs, "Bob", "viewer", &["--tag", "desk"]);
    let first = sandbox.home().join("1.strongshare");
    share(&alice, "Bob", &first);
    let stranger = bob.run(&["import-share", text(&first), "--dry-run"]);
    stranger.refused(REFUSED);
    assert!(
        stranger.stderr.contains("no contact of yours"),
        "{}",
        stranger.stderr
    );
    knows(&bob, &alices, "Alice", "admin", &["--all"]);
    let second = sandbox.home().join("2.strongshare");
    alice.run(&["edit", "watch", "--notes", "newer"]).ok();
    share(&alice, "Bob", &second);
    import(&bob, &second);
    let older = bob.run(&["import-share", text(&first), "--dry-run"]);
    older.refused(REFUSED);
    assert!(
        older.stderr.contains("older than the one imported on"),
        "{}",
        older.stderr
    );
    let verified = bob.run(&["contact", "list"]).ok().json();
    let fingerprint = verified[0]["fingerprint"]
        .as_str()
        .expect("a fingerprint")
        .to_owned();
    let arguments = ["contact", "verify", "Alice", "--fingerprint", &fingerprint];
    assert_eq!(bob.run(&arguments).ok().json()["state"], "verified");
}

#[test]
fn stock_age_opens_a_share_of_the_product_and_ssh_keygen_says_who_signed_it() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (alice, _) = person(&sandbox, "Alice");
    let canary = Canary::make();
    add(&alice, "watch", canary.text(), READS);
    let own = alice.run(&["contact", "me"]).ok().json();
    let signer = own["ssh_key"].as_str().expect("a key").to_owned();

    // Somebody who has no vault, and keeps their keys themselves.
    let identity = Identity::make(&OsRandom).expect("randomness");
    let name = MemberName::parse("Dora").expect("a name");
    let made = UtcMs::from_clock(1_700_000_000_000);
    let card = ContactCard::sign(name, made, &identity).to_text();
    let card = sandbox.write_home("dora.card", &card);
    knows(&alice, &card, "Dora", "viewer", &["--tag", "desk"]);
    let file = sandbox.home().join("dora.strongshare");
    share(&alice, "Dora", &file);

    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    let key = identity.age_key().to_text();
    std::fs::write(place("key"), key.expose()).expect("is written");
    std::fs::copy(&file, place("share")).expect("is copied");
    let opened = Command::new("age")
        .args([
            "-d",
            "-i",
            text(&place("key")),
            "-o",
            text(&place("inside")),
            text(&place("share")),
        ])
        .status();
    assert!(opened.expect("age runs").success());
    let inside = std::fs::read(place("inside")).expect("is there");
    assert!(
        inside
            .windows(canary.text().len())
            .any(|some| some == canary.text().as_bytes())
    );
    let (signed, signature) = inside.split_at(inside.len() - 310);
    std::fs::write(place("signed"), signed).expect("is written");
    std::fs::write(place("signed.sig"), signature).expect("is written");
    std::fs::write(place("signers"), format!("alice {signer}\n")).expect("is written");
    let verified = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", "alice", "-n", "strongroom-share"])
        .args([
            "-f",
            text(&place("signers")),
            "-s",
            text(&place("signed.sig")),
        ])
        .stdin(std::fs::File::open(place("signed")).expect("is there"))
        .status();
    assert!(verified.expect("ssh-keygen runs").success());
}
