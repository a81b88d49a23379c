//! What somebody between sender and recipient, or a dishonest one of them, could do.

use strongroom_crypto::{age, sshsig};
use strongroom_formats::share::{
    ForSomebodyElse, Keys, MOST_FILE_BYTES, OpenRefused, Protection, VerifyRefused,
    needs_passphrase, open, open_decrypted,
};
use strongroom_secret::{SecretBytes, SecretText};

use crate::common::*;

fn refused(file: &[u8]) -> OpenRefused {
    open(file, &keys(&person(2))).expect_err("it opened")
}

#[test]
fn a_stripped_or_damaged_signature_is_refused() {
    let (alice, bob) = (person(1), person(2));
    let signed = signed_part(&for_bob(), &bob);
    let stripped = refused(&encrypted(&signed, &bob));
    assert!(
        matches!(stripped, OpenRefused::Damaged | OpenRefused::Unsigned),
        "{stripped:?}"
    );
    let blank = [signed.as_slice(), &[b' '; sshsig::ARMOURED_BYTES]].concat();
    assert_eq!(refused(&encrypted(&blank, &bob)), OpenRefused::Unsigned);

    let good = [signed.as_slice(), alice.sign_share(&signed).as_bytes()].concat();
    for at in signed.len()..good.len() {
        let mut damaged = good.clone();
        damaged[at] ^= 1;
        let verified = open(&encrypted(&damaged, &bob), &keys(&bob))
            .map(|opened| opened.verify(&alice.public()).map(drop));
        assert!(!matches!(verified, Ok(Ok(()))), "{at}");
    }
}

#[test]
fn a_foreign_signature_is_refused() {
    let (alice, bob, eve) = (person(1), person(2), person(9));
    let signed = signed_part(&for_bob(), &bob);
    // Eve signs what names Alice as its sender.
    let file = forged(&signed, &eve, &bob);
    let opened = open(&file, &keys(&bob)).expect("opens");
    assert_eq!(
        opened.verify(&alice.public()).err(),
        Some(VerifyRefused::Signature(sshsig::SshSigError::OtherKey))
    );
    // Checked against Eve, who is pinned as well, it does not name her.
    let opened = open(&file, &keys(&bob)).expect("opens");
    assert_eq!(
        opened.verify(&eve.public()).err(),
        Some(VerifyRefused::OtherSender)
    );
}

/// Bob encrypts what Alice made for him to Carol, who must not take it for a share to her.
#[test]
fn a_forwarded_share_is_refused() {
    let (alice, bob, carol) = (person(1), person(2), person(3));
    let plain = age::open_with_key(&for_bob(), bob.age_key()).expect("opens");
    let forwarded = encrypted(plain.expose(), &carol);
    let refused = open(&forwarded, &keys(&carol))
        .expect("opens")
        .verify(&alice.public())
        .expect("verifies")
        .for_me(&carol.public().fingerprint())
        .err();
    assert_eq!(refused, Some(ForSomebodyElse));
}

#[test]
fn nothing_that_is_signed_can_be_changed() {
    let (alice, bob, carol) = (person(1), person(2), person(3));
    let signed = signed_part(&for_bob(), &bob);
    let signature = alice.sign_share(&signed);
    // The recipient exchanged for another, which keeps every length.
    let at = position(&signed, bob.public().fingerprint().as_bytes());
    let mut readdressed = signed.clone();
    readdressed[at..at + 20].copy_from_slice(carol.public().fingerprint().as_bytes());
    let file = encrypted(&[&readdressed, signature.as_bytes()].concat(), &carol);
    let opened = open(&file, &keys(&carol)).expect("opens");
    assert_eq!(
        opened.verify(&alice.public()).err(),
        Some(VerifyRefused::Signature(sshsig::SshSigError::Forged))
    );
    // Every byte of it, one at a time, each in another bit.
    for at in 0..signed.len() {
        let mut changed = signed.clone();
        changed[at] ^= 1 << (at % 8);
        let plain = SecretBytes::new([&changed, signature.as_bytes()].concat());
        let verified = open_decrypted(plain).map(|opened| opened.verify(&alice.public()).map(drop));
        assert!(!matches!(verified, Ok(Ok(()))), "byte {at}");
    }
}

fn position(bytes: &[u8], part: &[u8]) -> usize {
    let found = bytes.windows(part.len()).position(|window| window == part);
    found.expect("it stands there")
}

#[test]
fn every_cut_of_the_file_is_refused() {
    let file = for_bob();
    for length in 0..file.len() {
        assert!(
            open(&file[..length], &keys(&person(2))).is_err(),
            "{length}"
        );
    }
}

#[test]
fn every_cut_of_the_inside_is_refused_even_if_its_sender_signs_it() {
    let (alice, bob) = (person(1), person(2));
    let signed = signed_part(&for_bob(), &bob);
    for length in 0..signed.len() {
        let cut = &signed[..length];
        let plain = SecretBytes::new([cut, alice.sign_share(cut).as_bytes()].concat());
        let read = open_decrypted(plain).ok().and_then(|opened| {
            let verified = opened.verify(&alice.public()).ok()?;
            let addressed = verified.for_me(&bob.public().fingerprint()).ok()?;
            addressed.writes().ok()
        });
        assert!(read.is_none(), "{length}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let large = vec![b'x'; MOST_FILE_BYTES + 1];
    assert_eq!(refused(&large), OpenRefused::TooLarge);
    assert_eq!(needs_passphrase(&large), Err(OpenRefused::TooLarge));
    assert_eq!(refused(b""), OpenRefused::Age(age::OpenError::NotAge));
}

#[test]
fn a_passphrase_that_would_take_hours_is_refused_at_once() {
    let (salt, body) = ("A".repeat(22), "A".repeat(43));
    for work in ["21", "30", "63"] {
        let file = format!(
            "age-encryption.org/v1\n-> scrypt {salt} {work}\n{body}\n--- {body}\n{}",
            "x".repeat(64)
        );
        let bob = person(2);
        let keys = Keys {
            identity: &bob,
            passphrase: Some(&SecretText::new("p".to_owned())),
        };
        let heavy = Some(OpenRefused::Age(age::OpenError::TooHeavy));
        assert_eq!(open(file.as_bytes(), &keys).err(), heavy, "{work}");
    }
}

#[test]
fn a_layer_more_is_no_share() {
    let bob = person(2);
    let file = encrypted(&for_bob(), &bob);
    assert_eq!(refused(&file), OpenRefused::NotAShare);
    let alice = person(1);
    let to = [bob.public()];
    let inner = sealed(bundle(&alice), &alice, Protection::Recipients(&to)).file;
    assert_eq!(
        refused(&encrypted(&encrypted(&inner, &bob), &bob)),
        OpenRefused::NotAShare
    );
}

#[test]
fn no_secret_and_no_name_stands_in_the_file() {
    let file = for_bob();
    for hidden in [CANARY, "Binance main", "Alice", "strongroom-share"] {
        let found = file
            .windows(hidden.len())
            .any(|window| window == hidden.as_bytes());
        assert!(!found, "{hidden}");
    }
}
