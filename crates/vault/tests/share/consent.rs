//! What changes between the yes to a share and its file: nothing is made of it then, and what is
//! made stands in the log.

use std::collections::BTreeSet;

use strongroom_domain::share::Role;
use strongroom_domain::{EntryId, PermissionSet, Tag, Tri, Verb};
use strongroom_vault::{
    Agreed, AuditEntry, Contact, Detail, KeyChange, Lock, ShareAsk, ShareError,
};

use crate::people::{CLI, May, Person, everything, fields, tagged, to};

struct Desk {
    alice: Person,
    bob: Contact,
    keys: [EntryId; 2],
}

/// Alice, with a key that trades on the desk and one that reads and is her own; Bob is an admin
/// over the desk.
fn desk() -> Desk {
    let (mut alice, bob) = (Person::new("Alice"), Person::new("Bob"));
    let keys = [
        alice.add("desk-trade", "secret-1", May::Trade, &["desk"]),
        alice.add("own-read", "secret-2", May::Read, &[]),
    ];
    let bob = alice.knows(&bob, Role::Admin, tagged("desk"));
    Desk { alice, bob, keys }
}

fn shown(alice: &mut Person, ask: &ShareAsk) -> Agreed {
    alice.vault.offer_share(ask).expect("is offered").agreed
}

fn is_refused(alice: &mut Person, ask: &ShareAsk, agreed: Agreed) -> bool {
    let (size, step_up) = (alice.vault.audit_size(), alice.step_up());
    match alice.vault.draft_share(ask, agreed, &step_up) {
        Err(ShareError::Changed) => {
            assert_eq!(alice.vault.audit_size(), size);
            true
        }
        Err(other) => panic!("{other}"),
        Ok(_) => false,
    }
}

#[test]
fn a_share_is_made_of_what_was_shown_or_not_at_all() {
    type Change = fn(&mut Desk);
    let changes: [(&str, Change); 6] = [
        ("another secret", |desk| {
            let vault = &mut desk.alice.vault;
            vault
                .set_secret(desk.keys[0], fields("secret-3"), CLI)
                .expect("is replaced");
        }),
        ("a key that may do more", |desk| {
            let rights = PermissionSet::new([Tri::Yes; 8]).with(Verb::Withdraw, Tri::Yes);
            desk.alice.edit(desk.keys[0], KeyChange::Declared(rights));
        }),
        ("a tag more", |desk| {
            let tags = BTreeSet::from([Tag::parse("desk").expect("a tag")]);
            desk.alice.edit(desk.keys[1], KeyChange::Tags(tags));
        }),
        ("another role", |desk| {
            desk.alice.gives(&desk.bob, Role::Trader, tagged("desk"));
        }),
        ("another scope", |desk| {
            desk.alice.gives(&desk.bob, Role::Admin, everything());
        }),
        ("other keys of the recipient", |desk| {
            let card = Person::new("Bob").card();
            let (told, step_up) = (card.fingerprint(), desk.alice.step_up());
            let vault = &mut desk.alice.vault;
            vault
                .change_contact_key(desk.bob.id, &card, &told, &step_up, CLI)
                .expect("on a person's word");
        }),
    ];
    for (what, change) in changes {
        let mut desk = desk();
        let ask = to(&[&desk.bob]);
        let agreed = shown(&mut desk.alice, &ask);
        assert!(!is_refused(&mut desk.alice, &ask, agreed), "before {what}");
        change(&mut desk);
        assert!(is_refused(&mut desk.alice, &ask, agreed), "{what}");
        let again = shown(&mut desk.alice, &ask);
        assert!(!is_refused(&mut desk.alice, &ask, again), "after {what}");
    }
}

#[test]
fn what_was_shown_is_the_same_in_another_order_and_in_words() {
    let mut desk = desk();
    let carol = Person::new("Carol");
    let carol = desk.alice.knows(&carol, Role::Admin, tagged("desk"));
    let ask = to(&[&desk.bob, &carol]);
    let agreed = shown(&mut desk.alice, &ask);
    assert_eq!(
        shown(&mut desk.alice, &to(&[&carol, &desk.bob])),
        agreed,
        "the same people"
    );
    assert_ne!(shown(&mut desk.alice, &to(&[&carol])), agreed);
    assert_eq!(Agreed::parse(&agreed.to_string()), Some(agreed));
    for text in ["", "00", "not hex", &agreed.to_string()[2..]] {
        assert_eq!(Agreed::parse(text), None, "{text}");
    }
}

#[test]
fn nothing_leaves_for_somebody_who_became_another_while_the_file_was_made() {
    type Change = fn(&mut Desk);
    let changes: [(&str, Change); 4] = [
        ("removed", |desk| {
            let step_up = desk.alice.step_up();
            let vault = &mut desk.alice.vault;
            vault
                .offboard(desk.bob.id, &step_up, CLI)
                .expect("is removed");
        }),
        ("a lower role", |desk| {
            desk.alice.gives(&desk.bob, Role::Auditor, tagged("desk"));
        }),
        ("fewer keys", |desk| {
            desk.alice.gives(&desk.bob, Role::Admin, tagged("other"));
        }),
        ("other keys", |desk| {
            let card = Person::new("Bob").card();
            let (told, step_up) = (card.fingerprint(), desk.alice.step_up());
            let vault = &mut desk.alice.vault;
            vault
                .change_contact_key(desk.bob.id, &card, &told, &step_up, CLI)
                .expect("on a person's word");
        }),
    ];
    for (what, change) in changes {
        let mut desk = desk();
        let ask = to(&[&desk.bob]);
        let agreed = shown(&mut desk.alice, &ask);
        let step_up = desk.alice.step_up();
        let drafted = desk.alice.vault.draft_share(&ask, agreed, &step_up);
        let sealed = drafted.expect("is drafted").seal().expect("is sealed");
        change(&mut desk);
        let size = desk.alice.vault.audit_size();
        let refused = desk.alice.vault.record_share(sealed, CLI);
        assert!(matches!(refused, Err(ShareError::Changed)), "{what}");
        assert_eq!(desk.alice.vault.audit_size(), size, "{what}");
        let history = desk.alice.vault.share_history().expect("is listed");
        assert!(history.is_empty(), "{what}");
        let contact = desk.alice.vault.find_contact("Bob").expect("is known");
        assert_eq!(contact.shared, None, "{what}");
    }
}

#[test]
fn a_compared_fingerprint_does_not_keep_a_file_back() {
    let mut desk = desk();
    let ask = to(&[&desk.bob]);
    let agreed = shown(&mut desk.alice, &ask);
    let step_up = desk.alice.step_up();
    let drafted = desk.alice.vault.draft_share(&ask, agreed, &step_up);
    let sealed = drafted.expect("is drafted").seal().expect("is sealed");
    let fingerprint = desk.bob.fingerprint();
    let vault = &mut desk.alice.vault;
    vault
        .verify_contact(desk.bob.id, &fingerprint, CLI)
        .expect("is the same");
    assert!(vault.record_share(sealed, CLI).is_ok());
}

/// The entries of a share in the log, as they follow each other.
fn logged(alice: &Person, from: u64) -> Vec<(Option<EntryId>, Detail)> {
    let many = usize::try_from(alice.vault.audit_size() - from).expect("few");
    let entries = alice.vault.audit_entries(from, many).expect("reads");
    let of_shares = entries
        .iter()
        .filter(|one: &&AuditEntry| one.event.word() == "share-made");
    of_shares.map(|one| (one.entry_id, one.detail)).collect()
}

#[test]
fn the_log_says_how_many_secrets_a_share_gave_away_and_of_which_keys() {
    let mut desk = desk();
    let cold = desk
        .alice
        .add("desk-cold", "secret-3", May::Withdraw, &["desk"]);
    desk.bob = desk.alice.gives(&desk.bob, Role::Trader, tagged("desk"));
    let from = desk.alice.vault.audit_size();
    let made = desk.alice.share(&to(&[&desk.bob])).expect("is made");
    assert_eq!((made.keys, made.secrets), (2, 1));
    let mut logged_now = logged(&desk.alice, from);
    assert_eq!(logged_now.remove(0), (None, Detail::Count(1)));
    let (about, detail) = logged_now.remove(0);
    assert_eq!(about, Some(desk.bob.id.entry()));
    assert!(matches!(detail, Detail::Parties { .. }));
    let key = desk.keys[0];
    logged_now.sort_by_key(|(entry, _)| *entry);
    let mut expected = [
        (Some(key), Detail::Count(1)),
        // It is told of, and its secret stays.
        (Some(cold), Detail::Count(0)),
    ];
    expected.sort_by_key(|(entry, _)| *entry);
    assert_eq!(logged_now, expected);

    // Under a passphrase alone there is nobody to name, and the keys are named all the same.
    let mut ask = to(&[]);
    ask.lock = Lock::Passphrase;
    ask.role = Some(Role::Trader);
    ask.reach = Some(tagged("desk").reach().clone());
    let from = desk.alice.vault.audit_size();
    desk.alice.share(&ask).expect("is made");
    let mut again = logged(&desk.alice, from);
    assert_eq!(again.remove(0), (None, Detail::Count(1)));
    again.sort_by_key(|(entry, _)| *entry);
    assert_eq!(again, expected);
}
