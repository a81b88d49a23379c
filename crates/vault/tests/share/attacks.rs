//! Files that somebody tampered with, kept back, passed on or made up.

use strongroom_domain::UtcMs;
use strongroom_domain::share::{Group, Role};
use strongroom_vault::{KeyChange, Lock, OpenShareError, PurgeWhat, ShareError};

use crate::people::{CLI, May, Person, counts, everything, tagged, to};

/// Alice, an admin for Bob, and Bob, a trader for Alice, with one key of each kind shared.
fn team() -> (Person, Person, Vec<strongroom_domain::EntryId>, Vec<u8>) {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    let keys = [("desk-read", May::Read), ("desk-trade", May::Trade)]
        .map(|(label, may)| alice.add(label, &format!("secret-of-{label}"), may, &["desk"]));
    let contact = alice.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    let file = alice.share(&to(&[&contact])).expect("is made").file;
    (alice, bob, keys.to_vec(), file)
}

#[test]
fn a_file_with_any_byte_changed_or_cut_off_is_refused_and_changes_nothing() {
    let (_, mut bob, _, file) = team();
    let size = bob.vault.audit_size();
    let step = (file.len() / 61).max(1);
    for at in (0..file.len()).step_by(step) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(bob.open(&changed).is_err(), "byte {at}");
        assert!(bob.open(&file[..at]).is_err(), "cut at {at}");
    }
    assert_eq!(bob.vault.audit_size(), size);
    assert!(bob.labels().is_empty());
}

#[test]
fn an_older_share_is_refused_with_the_day_of_the_newer_one() {
    let (mut alice, mut bob, keys, first) = team();
    let bob_of_alice = alice.vault.find_contact("Bob").expect("is known");
    alice.note(keys[0], "newer");
    let second = alice.share(&to(&[&bob_of_alice])).expect("is made").file;
    bob.import(&second);
    let refused = bob.open(&first).expect_err("is older");
    assert!(matches!(refused, OpenShareError::Older { .. }), "{refused}");
    assert!(
        refused
            .to_string()
            .contains("older than the one imported on 20"),
        "{refused}"
    );
}

#[test]
fn a_share_for_somebody_else_is_not_opened() {
    let (_, _, _, file) = team();
    let mut eve = Person::new("Eve");
    assert!(eve.open(&file).is_err());
}

#[test]
fn somebody_nobody_knows_is_refused_and_a_first_contact_is_off_by_default() {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    let contact = alice.knows(&bob, Role::Viewer, tagged("desk"));
    let file = alice.share(&to(&[&contact])).expect("is made").file;
    assert!(matches!(
        bob.open(&file),
        Err(OpenShareError::UnknownSender)
    ));

    let mut ask = to(&[&contact]);
    ask.lock = Lock::Passphrase;
    let made = alice.share(&ask).expect("is made");
    let passphrase = made.passphrase.expect("was asked for");
    assert!(passphrase.expose().split('-').count() >= 6);
    assert!(bob.open(&made.file).is_err(), "it asks for the passphrase");
    let plan = bob.open_with(&made.file, Some(&passphrase)).expect("opens");
    assert_eq!(plan.count(Group::New), 0, "{:?}", counts(&plan));
    assert!(plan.count(Group::Suspicious) > 0);
    let applied = bob.apply(plan).expect("nothing of it counts");
    assert_eq!((applied.added, applied.changed), (0, 0));

    // Once her card was added by hand, the same file counts by the role she was given.
    bob.knows(&alice, Role::Admin, everything());
    let plan = bob.open_with(&made.file, Some(&passphrase)).expect("opens");
    assert_eq!(plan.count(Group::Suspicious), 0, "{:?}", counts(&plan));
    assert_eq!(bob.apply(plan).expect("is merged").added, 1);
}

#[test]
fn a_share_ends_when_it_says_and_nobody_makes_one_that_has_ended() {
    let (mut alice, mut bob, _, _) = team();
    let contact = alice.vault.find_contact("Bob").expect("is known");
    let mut ask = to(&[&contact]);
    let now = {
        use strongroom_vault::ports::Clock;
        alice.desk.clock.utc_ms()
    };
    ask.expires = Some(UtcMs::from_clock(now - 1));
    assert!(matches!(alice.share(&ask), Err(ShareError::EndsInThePast)));
    ask.expires = Some(UtcMs::from_clock(now + 600_000));
    let file = alice.share(&ask).expect("is made").file;
    bob.desk.clock.pass(700_000);
    assert!(matches!(
        bob.open(&file),
        Err(OpenShareError::Expired { .. })
    ));
}

#[test]
fn nobody_is_given_more_than_their_role_and_their_keys() {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    alice.add("cold", "secret-2", May::Withdraw, &["cold"]);
    let contact = alice.knows(&bob, Role::Viewer, tagged("desk"));
    let mut ask = to(&[&contact]);
    ask.role = Some(Role::Admin);
    assert!(matches!(
        alice.share(&ask),
        Err(ShareError::RoleTooHigh { place: 0 })
    ));
    let mut ask = to(&[&contact]);
    ask.reach = Some(tagged("cold").reach().clone());
    assert!(matches!(
        alice.share(&ask),
        Err(ShareError::OutsideGrant { place: 0, keys: 1 })
    ));
    assert!(alice.vault.offer_share(&to(&[])).is_err());
}

#[test]
fn a_trader_destroys_nothing_and_lowers_nothing() {
    let (mut alice, mut bob, keys, file) = team();
    bob.import(&file);
    let step_up = bob.step_up();
    bob.vault
        .purge(keys[1], PurgeWhat::Key, &step_up, CLI)
        .expect("in his own vault");
    bob.edit(
        keys[0],
        KeyChange::Compromised(Some(UtcMs::from_clock(1_700_000_000_000))),
    );
    let to_alice = bob.vault.find_contact("Alice").expect("is known");
    let reply = bob.share(&to(&[&to_alice])).expect("is made").file;
    let plan = alice.open(&reply).expect("opens");
    alice.apply(plan).expect("is merged");
    assert_eq!(
        alice.secret(keys[1]).expect("is still here"),
        "secret-of-desk-trade"
    );
    // An alarm is everybody's to raise.
    let record = alice.vault.show_key(keys[0]).expect("shown").record;
    assert!(record.compromised.is_some());
}

#[test]
fn one_does_not_import_ones_own_share() {
    let (mut alice, _, _, _) = team();
    let mut ask = to(&[]);
    ask.lock = Lock::Passphrase;
    ask.role = Some(Role::Auditor);
    ask.reach = Some(tagged("desk").reach().clone());
    let made = alice.share(&ask).expect("is made");
    let passphrase = made.passphrase.expect("was asked for");
    let refused = alice.open_with(&made.file, Some(&passphrase));
    assert!(matches!(refused, Err(OpenShareError::OwnShare)));
}
