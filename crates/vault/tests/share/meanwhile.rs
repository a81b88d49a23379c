//! Shares that were opened, and what became of the vault before they were merged.

use strongroom_domain::UtcMs;
use strongroom_domain::share::{Group, Left, Role};
use strongroom_vault::{
    ContactError, Lock, LotWanted, OpenShareError, PurgeWhat, ShareError, TakeError,
};

use crate::people::{CLI, May, Person, counts, everything, tagged, to};

/// Alice, an admin for Bob, who is a trader for her, and a key of hers.
fn pair() -> (Person, Person, strongroom_domain::EntryId) {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    let key = alice.add("desk-1", "secret-1", May::Trade, &["desk"]);
    alice.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    (alice, bob, key)
}

fn send(from: &mut Person, whom: &str) -> Vec<u8> {
    let contact = from.vault.find_contact(whom).expect("is known");
    from.share(&to(&[&contact])).expect("is made").file
}

fn to_rotate(person: &mut Person, whom: &str) -> Vec<String> {
    let contact = person.vault.find_contact(whom).expect("is known");
    let rows = person.vault.rotate_list(contact.id).expect("is listed");
    let open = rows.into_iter().filter(|row| row.item.left == Left::Rotate);
    open.map(|row| row.label).collect()
}

#[test]
fn what_somebody_sent_they_know_and_what_was_left_out_is_not_listed() {
    let (mut alice, mut bob, _) = pair();
    bob.add("bobs", "secret-of-bob", May::Trade, &["desk"]);
    let alice_of_bob = bob.vault.find_contact("Alice").expect("is known");
    bob.gives(&alice_of_bob, Role::Admin, everything());
    let file = send(&mut bob, "Alice");
    // A trader adds no key: it is left out.
    let plan = alice.open(&file).expect("opens");
    let left: Vec<_> = plan.acceptable().collect();
    assert!(!left.is_empty(), "{:?}", counts(&plan));
    alice.apply(plan).expect("is merged");
    assert!(to_rotate(&mut alice, "Bob").is_empty());
    // Once it was accepted, he knows a secret that is here.
    let mut plan = alice.open(&file).expect("opens again");
    for lot in left {
        plan.accept(lot, LotWanted::In).expect("can be accepted");
    }
    alice.apply(plan).expect("is merged");
    assert_eq!(to_rotate(&mut alice, "Bob"), ["bobs"]);
    let contact = alice.vault.find_contact("Bob").expect("is known");
    let step_up = alice.step_up();
    alice
        .vault
        .offboard(contact.id, &step_up, CLI)
        .expect("is removed");
    let open = alice.vault.open_rotations().expect("are counted");
    assert_eq!(open.get(&contact.id), Some(&1));
}

#[test]
fn a_secret_that_came_round_by_others_is_known_to_who_sends_it_back_unchanged() {
    let (mut alice, mut bob, _) = pair();
    let mut carol = Person::new("Carol");
    alice.knows(&carol, Role::Admin, everything());
    carol.knows(&alice, Role::Admin, everything());
    carol.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&carol, Role::Admin, everything());
    let file = send(&mut alice, "Carol");
    carol.import(&file);
    let file = send(&mut carol, "Bob");
    bob.import(&file);
    assert!(to_rotate(&mut alice, "Bob").is_empty());
    let file = send(&mut bob, "Alice");
    let plan = alice.open(&file).expect("opens");
    assert!(plan.is_nothing_new(), "{:?}", counts(&plan));
    alice.apply(plan).expect("is noted");
    assert_eq!(to_rotate(&mut alice, "Bob"), ["desk-1"]);
}

#[test]
fn what_went_under_a_passphrase_is_perhaps_known_to_everybody_who_was_there() {
    let (mut alice, _, _) = pair();
    let mut ask = to(&[]);
    ask.lock = Lock::Passphrase;
    ask.role = Some(Role::Trader);
    ask.reach = Some(tagged("desk").reach().clone());
    alice.share(&ask).expect("is made");
    let listed = to_rotate(&mut alice, "Bob");
    assert_eq!(
        listed,
        ["desk-1 (given under a passphrase; perhaps they know it)"]
    );
    // Given to him by name as well, there is no doubt.
    send(&mut alice, "Bob");
    assert_eq!(to_rotate(&mut alice, "Bob"), ["desk-1"]);
    // What went after somebody had left went to those who stayed.
    let carol = Person::new("Carol");
    let contact = alice.knows(&carol, Role::Viewer, tagged("desk"));
    alice.add("desk-2", "secret-2", May::Trade, &["desk"]);
    let step_up = alice.step_up();
    alice
        .vault
        .offboard(contact.id, &step_up, CLI)
        .expect("is removed");
    alice.share(&ask).expect("is made");
    assert_eq!(to_rotate(&mut alice, "Carol").len(), 1);
}

#[test]
fn no_more_is_merged_than_was_shown() {
    let (mut alice, mut bob, key) = pair();
    let file = send(&mut alice, "Bob");
    bob.import(&file);
    bob.note(key, "of Bob");
    let file = send(&mut bob, "Alice");
    let bob_of_alice = alice.vault.find_contact("Bob").expect("is known");
    alice.gives(&bob_of_alice, Role::Viewer, tagged("desk"));
    let plan = alice.open(&file).expect("opens");
    assert_eq!(plan.count(Group::Suspicious), 1, "{:?}", counts(&plan));
    // Meanwhile he may change notes: what was off when it was shown would go in.
    alice.gives(&bob_of_alice, Role::Trader, tagged("desk"));
    let refused = alice.apply(plan).expect_err("was not shown");
    assert!(matches!(refused, ShareError::Changed), "{refused}");
    assert_eq!(alice.notes_of(key), None);

    // A lot that was accepted for other reasons than it has now.
    alice.gives(&bob_of_alice, Role::Viewer, tagged("desk"));
    let mut plan = alice.open(&file).expect("opens");
    let before = plan.revision();
    let lot = plan.acceptable().next().expect("one lot");
    plan.accept(lot, LotWanted::In).expect("can be accepted");
    assert!(plan.revision() > before);
    alice.gives(&bob_of_alice, Role::Trader, tagged("desk"));
    let refused = alice.apply(plan).expect_err("is another choice now");
    assert!(matches!(refused, ShareError::Changed), "{refused}");
    // Shown as it is now, it is merged.
    let plan = alice.open(&file).expect("opens");
    alice.apply(plan).expect("is merged");
    assert_eq!(alice.notes_of(key).as_deref(), Some("of Bob"));
}

#[test]
fn a_sender_who_went_meanwhile_brings_nothing() {
    let (mut alice, mut bob, _) = pair();
    let file = send(&mut alice, "Bob");
    let plan = bob.open(&file).expect("opens");
    let contact = bob.vault.find_contact("Alice").expect("is known");
    bob.vault
        .forget_contact(contact.id, CLI)
        .expect("nothing was shared yet");
    let refused = bob.apply(plan).expect_err("is nobody");
    assert!(matches!(refused, ShareError::SenderGone), "{refused}");

    bob.knows(&alice, Role::Admin, everything());
    let plan = bob.open(&file).expect("opens");
    let contact = bob.vault.find_contact("Alice").expect("is known");
    let step_up = bob.step_up();
    bob.vault
        .offboard(contact.id, &step_up, CLI)
        .expect("is removed");
    let refused = bob.apply(plan).expect_err("is removed");
    assert!(matches!(refused, ShareError::SenderGone), "{refused}");
    assert!(bob.labels().is_empty());
    assert!(matches!(
        bob.vault.forget_contact(contact.id, CLI),
        Err(ContactError::KeptRemoved)
    ));
}

#[test]
fn a_plan_that_became_old_is_refused_and_the_count_never_goes_back() {
    let (mut alice, mut bob, key) = pair();
    let first = send(&mut alice, "Bob");
    alice.note(key, "newer");
    let second = send(&mut alice, "Bob");
    let old = bob.open(&first).expect("opens");
    bob.import(&second);
    let refused = bob.apply(old).expect_err("is older");
    assert!(matches!(refused, ShareError::Stale), "{refused}");
    assert!(matches!(
        bob.open(&first),
        Err(OpenShareError::Older { .. })
    ));

    let contact = alice.vault.find_contact("Bob").expect("is known");
    let mut ask = to(&[&contact]);
    let now = {
        use strongroom_vault::ports::Clock;
        alice.desk.clock.utc_ms()
    };
    ask.expires = Some(UtcMs::from_clock(now + 3_600_000));
    let file = alice.share(&ask).expect("is made").file;
    let plan = bob.open(&file).expect("opens");
    bob.desk.clock.pass(7_200_000);
    let refused = bob.apply(plan).expect_err("has ended");
    assert!(matches!(refused, ShareError::Stale), "{refused}");
}

#[test]
fn a_secret_that_was_destroyed_after_an_import_does_not_come_back_by_its_undo() {
    let (mut alice, mut bob, key) = pair();
    let file = send(&mut alice, "Bob");
    let applied = bob.import(&file);
    let record = bob.vault.show_key(key).expect("is shown").record;
    let version = record.current().expect("a secret").id;
    let step_up = bob.step_up();
    bob.vault
        .purge(key, PurgeWhat::Version(version), &step_up, CLI)
        .expect("is destroyed");
    let undone = bob.vault.undo_share(applied.batch, CLI).expect("is undone");
    assert_eq!(undone.removed, 1);
    assert!(bob.labels().is_empty());
    bob.import(&file);
    assert!(bob.labels().contains("desk-1"));
    let taken = bob.secret(key).expect_err("is gone for good");
    assert!(matches!(taken, TakeError::Purged), "{taken}");
}

#[test]
fn what_was_written_more_than_a_day_from_now_is_refused() {
    let (mut alice, mut bob, key) = pair();
    alice.desk.clock.pass(2 * 86_400_000);
    alice.note(key, "from the day after tomorrow");
    let file = send(&mut alice, "Bob");
    let refused = bob.open(&file).expect_err("is ahead");
    assert!(matches!(refused, OpenShareError::Ahead), "{refused}");
    bob.desk.clock.pass(86_400_000 + 3_600_000);
    bob.open(&file).expect("less than a day ahead");
}

#[test]
fn whose_shares_were_imported_is_not_forgotten() {
    let (mut alice, mut bob, _) = pair();
    let file = send(&mut alice, "Bob");
    bob.import(&file);
    let contact = bob.vault.find_contact("Alice").expect("is known");
    let refused = bob.vault.forget_contact(contact.id, CLI);
    assert!(matches!(refused, Err(ContactError::ReceivedFrom)));
    assert!(matches!(
        bob.open(&file).expect("is still counted").facts.seq,
        1..
    ));
}
