//! What is put into a share comes out of it, by every way of locking it.

use strongroom_crypto::{Fingerprint, OsRandom, age, make_passphrase};
use strongroom_formats::share::{
    Addressee, Counts, ForSomebodyElse, Keys, Kind, MOST_CHECKPOINT_BYTES, OpenRefused, Protection,
    SealRefused, needs_passphrase, open, seal,
};
use strongroom_secret::SecretText;

use crate::common::*;

#[test]
fn what_was_shared_is_what_is_opened() {
    let (alice, bob, carol) = (person(1), person(2), person(3));
    let recipients = [carol.public(), bob.public()];
    let made = sealed(bundle(&alice), &alice, Protection::Recipients(&recipients));
    assert_eq!(needs_passphrase(&made.file), Ok(false));
    let counts = Counts {
        entries: 3,
        writes: 4,
        secrets: 1,
        purged: 1,
    };
    assert_eq!(made.counts, counts);
    for reader in [&bob, &carol] {
        let opened = open(&made.file, &keys(reader)).expect("opens");
        let envelope = opened.envelope().clone();
        let mut expected: Vec<Fingerprint> =
            recipients.iter().map(|one| one.fingerprint()).collect();
        expected.sort();
        assert_eq!(envelope.recipients, expected);
        let given = bundle(&alice);
        assert_eq!(
            (
                envelope.bundle_id,
                envelope.kind,
                &envelope.sender,
                envelope.seq
            ),
            (given.bundle_id, given.kind, &given.sender, given.seq)
        );
        assert_eq!(
            (envelope.previous, envelope.created, envelope.expires),
            (given.previous, given.created, given.expires)
        );
        assert_eq!(
            (&envelope.grant, envelope.counts, &envelope.checkpoint),
            (&given.grant, counts, &given.checkpoint)
        );
        assert!(envelope.is_expired(given.expires.expect("an end")));
        assert!(!envelope.is_expired(given.created));
        let addressed = opened
            .verify(&alice.public())
            .expect("verifies")
            .for_me(&reader.public().fingerprint())
            .expect("for them");
        assert_eq!(addressed.addressee(), Addressee::Me);
        assert_eq!(addressed.hash(), made.hash);
        let mut expected: Vec<String> = writes().iter().map(told).collect();
        expected.sort();
        let found: Vec<String> = addressed
            .writes()
            .expect("reads")
            .iter()
            .map(told)
            .collect();
        assert_eq!(found, expected);
    }
    let refused = open(&made.file, &keys(&person(4))).err();
    assert_eq!(refused, Some(OpenRefused::ToOthers));
}

#[test]
fn a_passphrase_alone_and_both_layers_open() {
    let (alice, bob, eve) = (person(1), person(2), person(9));
    let passphrase = make_passphrase(&OsRandom).expect("randomness");
    let wrong = SecretText::new("wrong".to_owned());
    let with = |identity, passphrase| Keys {
        identity,
        passphrase,
    };
    let mut invite = bundle(&alice);
    invite.kind = Kind::Invite;
    invite.grant = None;
    let first = sealed(invite, &alice, Protection::Passphrase(&passphrase)).file;
    assert_eq!(needs_passphrase(&first), Ok(true));
    let opened = open(&first, &with(&eve, Some(&passphrase))).expect("opens");
    assert!(opened.envelope().recipients.is_empty());
    let addressed = opened
        .verify(&alice.public())
        .expect("verifies")
        .for_me(&eve.public().fingerprint())
        .expect("for whoever has it");
    assert_eq!(addressed.addressee(), Addressee::WhoeverHasThePassphrase);

    let to = [bob.public()];
    let both = sealed(bundle(&alice), &alice, Protection::Both(&to, &passphrase)).file;
    let opened = open(&both, &with(&bob, Some(&passphrase))).expect("opens");
    let verified = opened.verify(&alice.public()).expect("verifies");
    let addressed = verified
        .for_me(&bob.public().fingerprint())
        .expect("for Bob");
    assert_eq!(addressed.addressee(), Addressee::Me);
    let refused = |identity, passphrase| open(&both, &with(identity, passphrase)).err();
    use age::OpenError as E;
    assert_eq!(refused(&bob, None), Some(E::NeedsPassphrase.into()));
    assert_eq!(refused(&bob, Some(&wrong)), Some(E::WrongPassphrase.into()));
    assert_eq!(
        refused(&eve, Some(&passphrase)),
        Some(E::NotForThisKey.into())
    );
}

/// The list is inside the signature: a file that was encrypted to recipients names somebody.
#[test]
fn nobody_by_name_counts_with_a_passphrase_only() {
    let (alice, bob) = (person(1), person(2));
    let passphrase = SecretText::new("p".to_owned());
    let file = sealed(bundle(&alice), &alice, Protection::Passphrase(&passphrase)).file;
    let plain = age::open_with_passphrase(&file, &passphrase).expect("opens");
    let passed_on = encrypted(plain.expose(), &bob);
    let refused = open(&passed_on, &keys(&bob))
        .expect("opens")
        .verify(&alice.public())
        .expect("verifies")
        .for_me(&bob.public().fingerprint())
        .err();
    assert_eq!(refused, Some(ForSomebodyElse));
}

#[test]
fn what_cannot_be_shared_is_refused_by_name() {
    let (alice, bob) = (person(1), person(2));
    let to = [bob.public()];
    let refused = |change: fn(&mut strongroom_formats::share::Bundle), protection| {
        let mut bundle = bundle(&alice);
        change(&mut bundle);
        seal(bundle, &alice, protection, &OsRandom).err()
    };
    let to_bob = Protection::Recipients(&to);
    let nobody = Protection::Recipients(&[]);
    assert_eq!(refused(|_| (), nobody), Some(SealRefused::NoRecipient));
    let twice = [alice.public(), bob.public(), alice.public()];
    assert_eq!(
        refused(|_| (), Protection::Recipients(&twice)),
        Some(SealRefused::Twice { index: 2 })
    );
    let many: Vec<_> = (0..301_u16)
        .map(|at| {
            let seeds = strongroom_secret::Key::filled_by(|seeds: &mut [u8; 64]| {
                seeds[..2].copy_from_slice(&at.to_be_bytes());
            });
            strongroom_crypto::Identity::from_seeds(&seeds).public()
        })
        .map(|one| {
            strongroom_crypto::PublicIdentity::parse(*one.sign_key(), *one.recipient().as_bytes())
                .expect("sound")
        })
        .collect();
    let distinct: std::collections::BTreeSet<_> = many.iter().collect();
    assert_eq!(distinct.len(), many.len());
    assert_eq!(
        refused(|_| (), Protection::Recipients(&many)),
        Some(SealRefused::TooManyRecipients)
    );
    assert_eq!(
        refused(|bundle| bundle.sender = card(&person(2)), to_bob),
        Some(SealRefused::OtherCard)
    );
    assert_eq!(
        refused(|bundle| bundle.grant = None, to_bob),
        Some(SealRefused::NoGrant)
    );
    assert_eq!(
        refused(
            |bundle| bundle.checkpoint = Some(vec![0; MOST_CHECKPOINT_BYTES + 1]),
            to_bob
        ),
        Some(SealRefused::Checkpoint)
    );
    assert_eq!(
        refused(
            |bundle| bundle.writes.extend(writes().into_iter().take(1)),
            to_bob
        ),
        Some(SealRefused::Write { index: 4 })
    );
    assert_eq!(
        refused(
            |bundle| bundle.writes[2].register = strongroom_domain::Register::Material,
            to_bob
        ),
        Some(SealRefused::Write { index: 2 })
    );
}

#[test]
fn debug_shows_neither_values_nor_people() {
    let opened = open(&for_bob(), &keys(&person(2))).expect("opens");
    let shown = format!("{:?} {opened:?} {:?}", writes(), opened.envelope());
    for hidden in [CANARY, "Binance", "Alice", "first"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}
