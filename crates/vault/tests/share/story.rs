//! A desk of three over half a year: sharing, working at the same time, merging, and a leaver.

use strongroom_domain::Line;
use strongroom_domain::share::{Group, Left, Role};
use strongroom_vault::{KeyChange, TakeError};

use crate::people::{CLI, May, Person, counts, everything, fields, holds, tagged, to};

const CANARY: &str = "canary-secret-that-no-auditor-may-have";

/// Twelve keys, five of them of the desk: two that read, two that trade, one that withdraws.
fn twelve_keys(alice: &mut Person) -> Vec<strongroom_domain::EntryId> {
    let desk = [
        ("desk-read-1", May::Read),
        ("desk-read-2", May::Read),
        ("desk-trade-1", May::Trade),
        ("desk-trade-2", May::Trade),
        ("desk-cold", May::Withdraw),
    ];
    let ids = desk
        .iter()
        .map(|(label, may)| alice.add(label, &format!("{CANARY}-{label}"), *may, &["desk"]))
        .collect();
    for number in 0..7 {
        alice.add(
            &format!("own-{number}"),
            &format!("own-secret-{number}"),
            May::Withdraw,
            &[],
        );
    }
    ids
}

#[test]
fn alice_shares_with_a_trader_and_an_auditor_and_the_trader_leaves() {
    let (mut alice, mut bob, mut carol) = (
        Person::new("Alice"),
        Person::new("Bob"),
        Person::new("Carol"),
    );
    let keys = twelve_keys(&mut alice);
    let bob_of_alice = alice.knows(&bob, Role::Trader, tagged("desk"));
    let carol_of_alice = alice.knows(&carol, Role::Auditor, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    carol.knows(&alice, Role::Admin, everything());

    // What would be given is said first, and is what is given.
    let offer = alice
        .vault
        .offer_share(&to(&[&bob_of_alice]))
        .expect("is offered");
    assert_eq!(offer.role, Role::Trader);
    let told: Vec<_> = offer
        .classes
        .iter()
        .map(|one| (one.class.name(), one.keys, one.secrets))
        .collect();
    assert_eq!(told, [("withdraw", 1, 0), ("trade", 2, 2), ("read", 2, 2)]);

    let for_bob = alice.share(&to(&[&bob_of_alice])).expect("is made");
    assert_eq!((for_bob.keys, for_bob.secrets), (5, 4));
    let for_carol = alice.share(&to(&[&carol_of_alice])).expect("is made");
    assert_eq!((for_carol.keys, for_carol.secrets), (5, 0));
    assert_eq!(alice.events(2), ["share-made", "share-made"]);

    let applied = bob.import(&for_bob.file);
    assert_eq!((applied.added, applied.conflicts), (5, 0));
    assert_eq!(bob.labels().len(), 5);
    assert!(bob.labels().iter().all(|label| label.starts_with("desk-")));
    assert_eq!(
        bob.secret(keys[2]).expect("a trader has it"),
        format!("{CANARY}-desk-trade-1")
    );
    assert!(matches!(bob.secret(keys[4]), Err(TakeError::NoSecret)));

    // Again is a no-op.
    let size = bob.vault.audit_size();
    let plan = bob.open(&for_bob.file).expect("opens again");
    assert!(plan.is_nothing_new(), "{:?}", counts(&plan));
    let again = bob.apply(plan).expect("nothing to do");
    assert_eq!((again.batch, again.added, again.changed), (None, 0, 0));
    assert_eq!(bob.vault.audit_size(), size);

    // An auditor has no secret: not in the file, opened by its rightful reader, nor in the vault.
    let plan = carol.open(&for_carol.file).expect("opens");
    assert_eq!(plan.count(Group::Suspicious), 0);
    carol.apply(plan).expect("is merged");
    assert_eq!(carol.labels().len(), 5);
    for key in &keys {
        assert!(matches!(carol.secret(*key), Err(TakeError::NoSecret)));
    }
    assert!(!holds(&carol.all_files(), CANARY));

    // Both work on the same key; one shares back.
    bob.note(keys[2], "Bob: moved to the new host");
    bob.edit(keys[3], KeyChange::LastUsed(bob_now(&bob)));
    alice.note(keys[2], "Alice: do not touch before Friday");
    let alice_of_bob = bob.vault.find_contact("alice").expect("is known");
    let reply = bob.share(&to(&[&alice_of_bob])).expect("is made");
    let plan = alice.open(&reply.file).expect("opens");
    assert_eq!(plan.count(Group::Conflict), 1, "{:?}", counts(&plan));
    let applied = alice.apply(plan).expect("is merged");
    assert_eq!(applied.conflicts, 1);
    let conflicts = alice.vault.conflicts().expect("are listed");
    assert_eq!(conflicts.len(), 1);
    let words: Vec<_> = conflicts[0]
        .values
        .iter()
        .filter_map(|one| one.words.clone())
        .collect();
    assert_eq!(words.len(), 2, "both values are kept: {words:?}");
    let bobs = conflicts[0].values.iter().find(|one| {
        one.words
            .as_deref()
            .is_some_and(|words| words.starts_with("Bob"))
    });
    let chosen = [(conflicts[0].root, bobs.expect("his value").write)];
    assert_eq!(
        alice
            .vault
            .resolve_conflicts(&chosen, CLI)
            .expect("is settled"),
        1
    );
    assert!(alice.vault.conflicts().expect("are listed").is_empty());
    assert_eq!(
        alice.notes_of(keys[2]).as_deref(),
        Some("Bob: moved to the new host")
    );

    // The next share settles it for Bob as well.
    let next = alice.share(&to(&[&bob_of_alice])).expect("is made");
    bob.import(&next.file);
    assert!(bob.vault.conflicts().expect("are listed").is_empty());

    // Bob leaves: the list is exactly what he was given, and closes as keys are rotated.
    let step_up = alice.step_up();
    let (gone, again) = alice
        .vault
        .offboard(bob_of_alice.id, &step_up, CLI)
        .expect("is removed");
    assert!(gone.removed.is_some() && gone.grant.is_none());
    assert!(again.is_empty(), "nothing went to him and to others");
    let listed = |alice: &mut Person| {
        let rows = alice.vault.rotate_list(bob_of_alice.id).expect("is listed");
        let open = rows.into_iter().filter(|row| row.item.left == Left::Rotate);
        open.map(|row| row.label).collect::<Vec<_>>()
    };
    let list = listed(&mut alice);
    assert_eq!(list.len(), 4);
    assert!(
        list[..2].iter().all(|label| label.contains("trade")),
        "{list:?}"
    );
    assert!(
        list[2..].iter().all(|label| label.contains("read")),
        "{list:?}"
    );
    alice
        .vault
        .set_secret(keys[2], fields("a-newer-secret"), CLI)
        .expect("is rotated");
    let list = listed(&mut alice);
    assert_eq!(list.len(), 3, "{list:?}");
    assert!(!list.contains(&"desk-trade-1".to_owned()));
    let csv = alice
        .vault
        .rotate_list_csv(bob_of_alice.id)
        .expect("is written");
    let csv = String::from_utf8(csv).expect("text");
    assert!(
        csv.lines().count() >= 4 && csv.contains("desk-trade-2"),
        "{csv}"
    );
    let ics = alice
        .vault
        .rotate_list_ics(bob_of_alice.id)
        .expect("is written");
    assert!(holds(&ics, "BEGIN:VTODO"));

    // Nothing goes to him any more, and nothing of his is taken.
    assert!(alice.share(&to(&[&bob_of_alice])).is_err());
    bob.desk.clock.pass(1000);
    let late = bob.share(&to(&[&alice_of_bob])).expect("is made");
    let refused = alice.open(&late.file).expect_err("is refused");
    assert!(refused.to_string().contains("removed"), "{refused}");
}

fn bob_now(bob: &Person) -> strongroom_domain::UtcMs {
    use strongroom_vault::ports::Clock;
    strongroom_domain::UtcMs::from_clock(bob.desk.clock.utc_ms())
}

#[test]
fn what_went_to_two_is_made_again_for_the_one_who_stays() {
    let (mut alice, bob, dora) = (
        Person::new("Alice"),
        Person::new("Bob"),
        Person::new("Dora"),
    );
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    let first = alice.knows(&bob, Role::Trader, tagged("desk"));
    let second = alice.knows(&dora, Role::Trader, tagged("desk"));
    alice.share(&to(&[&first, &second])).expect("is made");
    let step_up = alice.step_up();
    let (_, again) = alice
        .vault
        .offboard(first.id, &step_up, CLI)
        .expect("is removed");
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].to, [second.id]);
    let made = alice.share(&again[0]).expect("is made again");
    assert_eq!(made.secrets, 1);
    let mut bob = bob;
    assert!(bob.open(&made.file).is_err(), "it is not encrypted to him");
}

#[test]
fn a_traders_word_on_what_a_trader_may_not_change_is_left_out_until_it_is_accepted() {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    let key = alice.add("desk-1", "secret-1", May::Trade, &["desk"]);
    let bob_of_alice = alice.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    let made = alice.share(&to(&[&bob_of_alice])).expect("is made");
    bob.import(&made.file);
    let owner = Line::parse("Bob himself").expect("a line");
    bob.edit(key, KeyChange::Owner(Some(owner)));
    let alice_of_bob = bob.vault.find_contact("Alice").expect("is known");
    let reply = bob.share(&to(&[&alice_of_bob])).expect("is made").file;

    let plan = alice.open(&reply).expect("opens");
    assert_eq!(plan.count(Group::Suspicious), 1, "{:?}", counts(&plan));
    let (rows, total) = alice
        .vault
        .share_rows(&plan, Some(Group::Suspicious), 0, 10)
        .expect("are shown");
    assert_eq!(total, 1);
    assert_eq!(rows[0].theirs.as_deref(), Some("Bob himself"));
    assert!(
        rows[0].acceptable && rows[0].reasons[0].contains("role"),
        "{rows:?}"
    );
    let applied = alice.apply(plan).expect("is merged");
    assert_eq!((applied.left_out, applied.changed), (1, 0));
    assert!(
        alice
            .vault
            .show_key(key)
            .expect("shown")
            .record
            .owner
            .is_none()
    );

    let mut plan = alice.open(&reply).expect("opens again");
    plan.accept(rows[0].lot, strongroom_vault::LotWanted::In)
        .expect("can be accepted");
    let applied = alice.apply(plan).expect("is merged");
    assert_eq!(applied.changed, 1);
    let record = alice.vault.show_key(key).expect("shown").record;
    assert_eq!(
        record.owner.map(|owner| owner.to_string()).as_deref(),
        Some("Bob himself")
    );
}
