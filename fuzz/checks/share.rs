//! What must hold for the inside of a share, whatever its sender signed: it is refused, or it is
//! exactly what this program would have written. Shared by the fuzz target and the replay of its corpus.
//!
//! The signature is made here over whatever came, so that what is behind it is reached.

use strongroom_crypto::{Identity, OsRandom, age};
use strongroom_formats::share::{
    Bundle, Keys, Protection, ShareWrite, needs_passphrase, open, open_decrypted, seal,
};
use strongroom_secret::{Key, SecretBytes};

fn person(number: u8) -> Identity {
    Identity::from_seeds(&Key::filled_by(|seeds: &mut [u8; 64]| seeds.fill(number)))
}

pub(crate) fn check(bytes: &[u8]) {
    let (alice, bob) = (person(1), person(2));
    let keys = Keys {
        identity: &bob,
        passphrase: None,
    };
    // As a file: nothing is spent on it, and it does not open.
    let _ = needs_passphrase(bytes);
    assert!(open(bytes, &keys).is_err());

    let plain = [bytes, alice.sign_share(bytes).as_bytes()].concat();
    let Ok(opened) = open_decrypted(SecretBytes::new(plain)) else {
        return;
    };
    let envelope = opened.envelope().clone();
    let Ok(verified) = opened.verify(&alice.public()) else {
        return;
    };
    let Ok(addressed) = verified.for_me(&bob.public().fingerprint()) else {
        return;
    };
    let Ok(writes) = addressed.writes() else {
        return;
    };
    if envelope.recipients.len() == 1 {
        check_same(bytes, &envelope, writes, &alice, &bob);
    }
}

/// What was read is sealed again, and must be the same bytes inside.
fn check_same(
    bytes: &[u8],
    envelope: &strongroom_formats::share::Envelope,
    writes: Vec<ShareWrite>,
    alice: &Identity,
    bob: &Identity,
) {
    let bundle = Bundle {
        bundle_id: envelope.bundle_id,
        kind: envelope.kind,
        sender: envelope.sender.clone(),
        seq: envelope.seq,
        previous: envelope.previous,
        created: envelope.created,
        expires: envelope.expires,
        grant: envelope.grant.clone(),
        checkpoint: envelope.checkpoint.clone(),
        writes,
    };
    let to = [bob.public()];
    let again = seal(bundle, alice, Protection::Recipients(&to), &OsRandom).expect("seals");
    let plain = age::open_with_key(&again.file, bob.age_key()).expect("opens");
    // EXPOSE: invented values, compared with what they were read from.
    assert!(
        plain.expose().starts_with(bytes),
        "a share that is not canonical was taken"
    );
}
