//! Cards, fingerprints and roles.

use strongroom_domain::MemberName;
use strongroom_domain::share::Role;
use strongroom_vault::{
    ContactAdded, ContactChange, ContactError, ContactState, Fingerprint, Grant, OpenShareError,
};

use crate::people::{CLI, May, Person, everything, tagged, to};

#[test]
fn a_card_is_pinned_compared_and_given_a_role_and_none_of_it_is_automatic() {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    let card = bob.card();
    let Ok(ContactAdded::Added(contact)) = alice.vault.add_contact(&card, CLI) else {
        panic!("nobody is known yet");
    };
    assert_eq!(
        (contact.state, contact.grant.clone()),
        (ContactState::Pinned, None)
    );
    assert!(matches!(
        alice.vault.add_contact(&card, CLI),
        Ok(ContactAdded::Known(_))
    ));
    let own = alice.card();
    assert!(matches!(
        alice.vault.add_contact(&own, CLI),
        Err(ContactError::OwnCard)
    ));

    let wrong = Fingerprint::from_bytes([7; 20]);
    let refused = alice.vault.verify_contact(contact.id, &wrong, CLI);
    assert!(matches!(refused, Err(ContactError::OtherFingerprint)));
    let typed = Fingerprint::parse(&card.fingerprint().to_string().to_lowercase());
    let verified = alice
        .vault
        .verify_contact(contact.id, &typed.expect("as shown"), CLI);
    assert_eq!(verified.expect("is the same").state, ContactState::Verified);

    // Without a role nothing is shared, and a role needs a step-up.
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    assert!(alice.share(&to(&[&contact])).is_err());
    let grant = || ContactChange {
        name: None,
        grant: Some(Grant {
            role: Role::Viewer,
            scope: tagged("desk"),
        }),
    };
    let refused = alice.vault.edit_contact(contact.id, grant(), None, CLI);
    assert!(matches!(refused, Err(ContactError::StepUp(_))));
    let contact = alice.gives(&contact, Role::Viewer, tagged("desk"));
    let made = alice.share(&to(&[&contact])).expect("is made");
    assert_eq!(made.secrets, 1);
    assert!(matches!(
        alice.vault.forget_contact(contact.id, CLI),
        Err(ContactError::GivenTo)
    ));
}

#[test]
fn other_keys_under_a_known_name_change_nothing_until_a_person_says_so() {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    let contact = alice.knows(&bob, Role::Trader, everything());
    let impostor = Person::new("bob");
    let Ok(ContactAdded::KeyChanged(known)) = alice.vault.add_contact(&impostor.card(), CLI) else {
        panic!("the name is known with other keys");
    };
    assert_eq!(known.fingerprint(), bob.card().fingerprint());
    assert_eq!(alice.vault.contacts().expect("are listed").len(), 1);

    // A share of the impostor is refused for that reason, not taken for a first contact.
    let mut impostor = impostor;
    impostor.add("bait", "secret", May::Read, &[]);
    let to_alice = impostor.knows(&alice, Role::Trader, everything());
    let file = impostor.share(&to(&[&to_alice])).expect("is made").file;
    assert!(matches!(alice.open(&file), Err(OpenShareError::KeyChanged)));

    let step_up = alice.step_up();
    let (card, old) = (impostor.card(), bob.card().fingerprint());
    let refused = alice
        .vault
        .change_contact_key(contact.id, &card, &old, &step_up, CLI);
    assert!(matches!(refused, Err(ContactError::OtherFingerprint)));
    let told = card.fingerprint();
    let changed = alice
        .vault
        .change_contact_key(contact.id, &card, &told, &step_up, CLI)
        .expect("on a person's word");
    assert_eq!(changed.state, ContactState::Pinned);
    assert_eq!(alice.events(1), ["contact-key-changed"]);
}

#[test]
fn another_name_keeps_the_keys_and_the_keys_survive_a_new_vault_key() {
    let mut alice = Person::new("Alice");
    let before = alice.card().fingerprint();
    let name = MemberName::parse("Alice A.").expect("a name");
    let renamed = alice.vault.set_own_card(&name, CLI).expect("renamed");
    assert_eq!(renamed.fingerprint(), before);
    let member = alice.vault.member_id();
    let step_up = alice
        .desk
        .step_up(&mut alice.vault)
        .expect("code and password");
    let kit = alice.desk.root.path().join("kit-2.txt");
    alice
        .vault
        .rotate_vault_key(&step_up, &kit)
        .expect("is rotated");
    assert_eq!(alice.card().fingerprint(), before);
    assert_eq!(alice.vault.member_id(), member);
    let mut bob = Person::new("Bob");
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    let contact = alice.knows(&bob, Role::Viewer, tagged("desk"));
    bob.knows(&alice, Role::Admin, everything());
    let file = alice.share(&to(&[&contact])).expect("is made").file;
    assert_eq!(bob.import(&file).added, 1);
}

#[test]
fn who_was_removed_comes_back_with_a_role_and_a_code_and_never_by_a_card() {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.add("desk-1", "secret-1", May::Read, &["desk"]);
    let contact = alice.knows(&bob, Role::Viewer, tagged("desk"));
    alice.share(&to(&[&contact])).expect("is made");
    let step_up = alice.step_up();
    let offboarded = alice.vault.offboard(contact.id, &step_up, CLI);
    offboarded.expect("is removed");

    let refused = alice.vault.add_contact(&bob.card(), CLI);
    assert!(matches!(refused, Err(ContactError::Removed)));
    let found = alice.vault.find_contact("Bob").expect("is on record");
    assert!(found.removed.is_some() && found.grant.is_none());

    let back = alice.gives(&contact, Role::Auditor, tagged("desk"));
    assert_eq!((back.removed, back.state), (None, ContactState::Pinned));
    let made = alice.share(&to(&[&back])).expect("is made");
    assert_eq!(made.secrets, 0);
}
