//! What others could write into an age file to stop, confuse or deceive whoever opens it.

use strongroom_crypto::OsRandom;
use strongroom_crypto::age::{
    self, Lock, MOST_RECIPIENTS, OpenError, Recipient, SealError, SecretKey, open_with_key,
    open_with_passphrase, seal_to,
};
use strongroom_secret::SecretText;

fn key() -> SecretKey {
    SecretKey::make(&OsRandom).expect("randomness")
}

fn refused(file: &[u8], key: &SecretKey) -> OpenError {
    match open_with_key(file, key) {
        Ok(_) => panic!("it opened"),
        Err(problem) => problem,
    }
}

/// A header of these lines with a MAC that nobody checks before the stanza.
fn file(stanzas: &str) -> Vec<u8> {
    format!(
        "age-encryption.org/v1\n{stanzas}--- {}\n{}",
        "A".repeat(43),
        "x".repeat(32)
    )
    .into_bytes()
}

fn scrypt(work: &str) -> Vec<u8> {
    let (salt, body) = ("A".repeat(22), "A".repeat(43));
    file(&format!("-> scrypt {salt} {work}\n{body}\n"))
}

#[test]
fn work_beyond_the_limit_is_refused_before_any_is_done() {
    let passphrase = SecretText::new("passphrase".to_owned());
    let before = peak_kib();
    for work in [
        "21",
        "23",
        "30",
        "63",
        "64",
        "255",
        "256",
        "99999999999999999999999",
    ] {
        let problem = open_with_passphrase(&scrypt(work), &passphrase).map(drop);
        assert_eq!(problem, Err(OpenError::TooHeavy), "{work}");
        assert_eq!(
            age::lock_of(&scrypt(work)),
            Err(OpenError::TooHeavy),
            "{work}"
        );
    }
    assert!(peak_kib() - before < 64 * 1024, "memory was taken for it");
    for work in ["", "0", "018", "+18", "-1", "0x12", "18a", "١٨"] {
        let problem = open_with_passphrase(&scrypt(work), &passphrase).map(drop);
        assert_eq!(problem, Err(OpenError::Header), "{work:?}");
    }
}

/// The most memory this process ever had.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_ascii_whitespace().next());
    number.expect("a line").parse().expect("a number")
}

#[test]
fn a_passphrase_stands_alone() {
    let one = "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
    let other = "-> other\n\n";
    for stanzas in [
        format!("{one}{other}"),
        format!("{other}{one}"),
        format!("{one}{one}"),
    ] {
        assert_eq!(refused(&file(&stanzas), &key()), OpenError::Header);
        let problem = open_with_passphrase(&file(&stanzas), &SecretText::new("p".to_owned()));
        assert_eq!(problem.map(drop), Err(OpenError::Header));
    }
    assert_eq!(refused(&file(one), &key()), OpenError::NeedsPassphrase);
    let ours = seal_to(&[key().recipient()], b"x", &OsRandom).expect("seals");
    let problem = open_with_passphrase(&ours, &SecretText::new("p".to_owned()));
    assert_eq!(problem.map(drop), Err(OpenError::NeedsKey));
    assert_eq!(age::lock_of(&ours), Ok(Lock::Recipients));
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused() {
    let key = key();
    let sealed = seal_to(
        &[key.recipient(), self::key().recipient()],
        &[7; 100],
        &OsRandom,
    );
    let sealed = sealed.expect("seals");
    for length in 0..sealed.len() {
        assert!(open_with_key(&sealed[..length], &key).is_err(), "{length}");
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(open_with_key(&changed, &key).is_err(), "bit {bit}");
    }
}

#[test]
fn a_header_is_read_within_limits() {
    let key = key();
    let many = "-> other\n\n".repeat(600);
    assert_eq!(refused(&file(&many), &key), OpenError::Header);
    let allowed = "-> other\n\n".repeat(512);
    assert_eq!(refused(&file(&allowed), &key), OpenError::NotForThisKey);
    let endless_line = format!("-> {}", "a".repeat(16 << 20));
    assert_eq!(refused(&file(&endless_line), &key), OpenError::Header);
    let endless_body = format!("-> a\n{}\n", format!("{}\n", "A".repeat(64)).repeat(4096));
    assert_eq!(refused(&file(&endless_body), &key), OpenError::Header);
    assert_eq!(refused(b"age-encryption.org/v1\n", &key), OpenError::Header);
    assert_eq!(refused(&file(""), &key), OpenError::Header);
    assert_eq!(
        refused(b"age-encryption.org/v2\n", &key),
        OpenError::OtherVersion
    );
    assert_eq!(refused(b"", &key), OpenError::NotAge);
}

#[test]
fn recipients_that_cannot_be_encrypted_to_are_refused() {
    assert_eq!(seal_to(&[], b"x", &OsRandom), Err(SealError::NoRecipient));
    let too_many = vec![key().recipient(); MOST_RECIPIENTS + 1];
    assert_eq!(
        seal_to(&too_many, b"x", &OsRandom),
        Err(SealError::TooManyRecipients)
    );
    let most = seal_to(&too_many[1..], b"x", &OsRandom).expect("seals");
    assert!(most.len() < 32 * 1024);
    assert!(Recipient::from_bytes([0; 32]).is_err());
}

/// A stanza whose share gives everybody the same opens nothing, and is not passed over.
#[test]
fn a_share_of_low_order_is_refused() {
    let zero = data_encoding::BASE64_NOPAD.encode(&[0; 32]);
    let stanza = format!("-> X25519 {zero}\n{}\n", "A".repeat(43));
    assert_eq!(refused(&file(&stanza), &key()), OpenError::Header);
}
