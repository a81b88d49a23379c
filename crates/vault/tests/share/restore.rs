//! A vault that was put back to an earlier state: who somebody is, and what was told to whom, does
//! not go back with it.

use strongroom_domain::share::Role;

use crate::people::{CLI, May, Person, everything, tagged, to};

#[test]
fn after_a_restore_shares_go_on_and_the_rotate_list_forgets_nothing() {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.add("desk-1", "secret-1", May::Trade, &["desk"]);
    let backup = alice.vault.back_up().expect("is made").made.remove(0).path;
    let contact = alice.knows(&bob, Role::Trader, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    let first = alice.share(&to(&[&contact])).expect("is made");
    bob.import(&first.file);

    let step_up = alice.step_up();
    alice.vault.restore(&step_up, &backup).expect("is restored");
    let known = alice.vault.find_contact("Bob").expect("is still known");
    assert_eq!(known.id, contact.id);
    let second = alice.share(&to(&[&known])).expect("is made");
    assert!(second.seq > first.seq);
    bob.import(&second.file);

    let step_up = alice.step_up();
    alice
        .vault
        .offboard(known.id, &step_up, CLI)
        .expect("is removed");
    let step_up = alice.step_up();
    alice.vault.restore(&step_up, &backup).expect("is restored");
    let known = alice.vault.find_contact("Bob").expect("is still known");
    assert!(
        known.removed.is_some(),
        "a removal is not taken back by a backup"
    );
    assert_eq!(
        alice.vault.rotate_list(known.id).expect("is listed").len(),
        1
    );
}

#[test]
fn a_vault_without_a_past_counts_above_what_it_sent_before() {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.add("desk-1", "secret-1", May::Trade, &["desk"]);
    let contact = alice.knows(&bob, Role::Trader, tagged("desk"));
    // Two shares of one millisecond, and one after the clock was put back.
    let first = alice.share(&to(&[&contact])).expect("is made").seq;
    let second = alice.share(&to(&[&contact])).expect("is made").seq;
    assert!(second > first);
    use strongroom_vault::ports::Clock;
    assert!(
        first.abs_diff(alice.desk.clock.utc_ms()) < 600_000,
        "counted by time"
    );
}
