//! What can be done to a vault by whoever can write its header.

use strongroom_crypto::{CborError, Cost, FixedPart, Header, HeaderError, KdfError, KdfParams};
use strongroom_vault::{FileError, HeaderReadError, LockedVault, PlaceChoice, UnlockError};

use crate::desk::{Desk, PASSWORD};

fn header(desk: &Desk) -> Header {
    Header::parse(&desk.file("vault.hdr")).expect("a header")
}

/// The error with which a vault under this header is refused without any work.
fn refused(desk: &Desk, locked: &LockedVault, bytes: &[u8]) -> HeaderReadError {
    desk.put_file("vault.hdr", bytes);
    let error = locked.look().expect_err("is refused");
    let unlocking = desk.unlock_with(locked, PASSWORD, &desk.fresh_code());
    assert_eq!(unlocking.err(), Some(UnlockError::Header(error)));
    error
}

/// Puts `value` in the place of the one occurrence of `old`, a CBOR integer after its key.
fn with(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(old.len())
        .position(|window| window == old)
        .expect("is there");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn costs_that_we_never_write_are_refused_before_any_memory_is_asked_for() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let bytes = desk.file("vault.hdr");
    // Key 2, 64 MiB in KiB; key 3, three passes; key 4, four lanes; key 5 follows.
    let costs = [2, 0x1a, 0, 1, 0, 0, 3, 3, 4, 4, 5];
    let check = |new: [u8; 11], expected| {
        let error = refused(&desk, &locked, &with(&bytes, &costs, &new));
        assert_eq!(
            error,
            HeaderReadError::Header(HeaderError::Kdf(expected)),
            "{new:?}"
        );
    };
    check(
        [2, 0x1a, 0, 0, 0xff, 0xff, 3, 3, 4, 4, 5],
        KdfError::TooWeak,
    );
    check([2, 0x1a, 0, 1, 0, 0, 3, 2, 4, 4, 5], KdfError::TooWeak);
    check([2, 0x1a, 0x80, 0, 0, 0, 3, 3, 4, 4, 5], KdfError::TooHeavy);
    check([2, 0x1a, 0, 1, 0, 0, 3, 17, 4, 4, 5], KdfError::TooHeavy);
    check([2, 0x1a, 0, 1, 0, 0, 3, 3, 4, 9, 5], KdfError::TooHeavy);
}

#[test]
fn costs_that_we_could_have_written_but_did_not_open_nothing() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let old = header(&desk);
    let cost = Cost::parse(65 * 1024, 3, 4).expect("within limits");
    let kdf = KdfParams {
        cost,
        salt: old.fixed().kdf().salt,
    };
    let fixed = FixedPart::new(*old.fixed().vault_id(), kdf, 1);
    let new = Header::new(fixed, old.slots().to_vec(), old.rev(), old.auth().to_vec());
    desk.put_file("vault.hdr", &new.encode());
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
}

#[test]
fn slots_that_were_swapped_removed_or_turned_round_are_found() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let old = header(&desk);
    let under = |slots: Vec<_>, rev| {
        let auth = old.auth().to_vec();
        desk.put_file(
            "vault.hdr",
            &Header::new(old.fixed().clone(), slots, rev, auth).encode(),
        );
        desk.unlock_with(&locked, PASSWORD, &desk.fresh_code())
            .err()
    };
    let [device, kit] = [old.slots()[0].clone(), old.slots()[1].clone()];
    let tampered = Some(UnlockError::HeaderTampered);
    assert_eq!(
        under(vec![kit.clone(), device.clone()], old.rev()),
        tampered
    );
    assert_eq!(under(vec![device.clone()], old.rev()), tampered);
    assert_eq!(
        under(vec![device.clone(), kit.clone()], old.rev() + 1),
        tampered
    );
    assert_eq!(
        under(vec![kit.clone()], old.rev()),
        Some(UnlockError::DeviceRemoved)
    );
    assert_eq!(under(vec![device, kit], old.rev()), None);
}

#[test]
fn a_slot_of_another_vault_opens_nothing_here() {
    let (desk, other) = (Desk::new(), Desk::new());
    let (vault, locked) = desk.create();
    let (other_vault, _other_locked) = other.create();
    drop((vault, other_vault));
    let (ours, theirs) = (header(&desk), header(&other));
    let slots = vec![theirs.slots()[0].clone(), ours.slots()[1].clone()];
    let mixed = Header::new(
        ours.fixed().clone(),
        slots,
        ours.rev(),
        ours.auth().to_vec(),
    );
    desk.put_file("vault.hdr", &mixed.encode());
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(refused.err(), Some(UnlockError::DeviceRemoved));
}

#[test]
fn headers_that_are_newer_damaged_or_no_headers_are_told_apart() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let bytes = desk.file("vault.hdr");
    let of = |error| HeaderReadError::Header(error);
    // The magic, then key 1 and format 1, key 2 and suite 1.
    let newer = with(&bytes, b"strongroom\x01\x01", b"strongroom\x01\x02");
    assert_eq!(
        refused(&desk, &locked, &newer),
        of(HeaderError::NewerFormat)
    );
    let newer = with(
        &bytes,
        b"strongroom\x01\x01\x02\x01",
        b"strongroom\x01\x01\x02\x02",
    );
    assert_eq!(refused(&desk, &locked, &newer), of(HeaderError::NewerSuite));
    assert_eq!(refused(&desk, &locked, b""), of(HeaderError::NotAHeader));
    assert_eq!(
        refused(&desk, &locked, b"SQLite format 3\0"),
        of(HeaderError::NotAHeader)
    );
    let longer = [bytes.as_slice(), b"\0"].concat();
    let not_canonical = of(HeaderError::Cbor(CborError::NotCanonical));
    assert_eq!(refused(&desk, &locked, &longer), not_canonical);
    let half = &bytes[..bytes.len() / 2];
    assert_eq!(
        refused(&desk, &locked, half),
        of(HeaderError::Cbor(CborError::Malformed))
    );
    let large = vec![0; 64 * 1024 + 1];
    assert_eq!(refused(&desk, &locked, &large), of(HeaderError::TooLarge));
    desk.put_file("vault.hdr", &bytes);
    std::fs::rename(desk.folder().join("vault.hdr"), desk.folder().join("x")).expect("renames");
    assert_eq!(
        locked.look(),
        Err(HeaderReadError::File(FileError::Missing))
    );
    std::os::unix::fs::symlink("x", desk.folder().join("vault.hdr")).expect("links");
    assert_eq!(
        locked.look(),
        Err(HeaderReadError::File(FileError::NotAPlainFile))
    );
}

#[test]
fn every_flipped_bit_of_a_header_keeps_the_vault_shut() {
    let desk = Desk::new();
    // Without a kit every byte of the header is needed for this unlock.
    let created = desk
        .begin(PlaceChoice::Keyring)
        .confirm(&desk.code(), None)
        .expect("is made");
    let locked = created.locked;
    drop(created.vault);
    let bytes = desk.file("vault.hdr");
    // A sample, because each try that passes the parser costs an Argon2.
    for bit in (0..bytes.len() * 8).step_by(157) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        desk.put_file("vault.hdr", &changed);
        desk.clock.pass(1_000_000);
        let opened = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
        assert!(opened.is_err(), "bit {bit}");
    }
    desk.put_file("vault.hdr", &bytes);
    desk.clock.pass(1_000_000);
    drop(desk.unlock(&locked));
}

#[test]
fn a_kit_slot_that_was_spoilt_is_noticed_and_put_right_by_a_password_change() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop(vault);
    let (secret, _) = crate::desk::read_kit(&kit.path);
    let id = *header(&desk).slots()[1].id();
    let bytes = desk.file("vault.hdr");
    let slot = bytes
        .windows(16)
        .position(|window| window == id)
        .expect("is there");
    // Once in the commitment, once in the wrapped key.
    for offset in [60, 100] {
        let mut spoilt = desk.file("vault.hdr");
        let slot = spoilt
            .windows(16)
            .position(|window| window == id)
            .unwrap_or(slot);
        spoilt[slot + offset] ^= 1;
        desk.put_file("vault.hdr", &spoilt);
        let mut vault = desk.unlock(&locked);
        assert!(vault.devices().iter().any(|device| device.damaged));
        assert!(!vault.test_kit(&secret).expect("tests").works);
        let step_up = desk.step_up(&mut vault).expect("both");
        let lost = vault.change_password(&step_up, &crate::desk::text(PASSWORD));
        assert_eq!(lost.expect("changes"), 0);
        drop(vault);
        let mut vault = desk.unlock(&locked);
        assert!(!vault.devices().iter().any(|device| device.damaged));
        assert!(vault.test_kit(&secret).expect("tests").works);
    }
}
