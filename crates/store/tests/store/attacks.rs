//! What somebody who can write the file may do to it, and that it is found out.

use strongroom_domain::EntryKind;
use strongroom_store::{LocalSpace, Recount, StoreError};

use crate::support::{
    PAGE, Place, Roots, add_key, agrees_with_itself, commit, entry, furnished, open, open_adopted,
    pages, put_file, put_page, tamper,
};

/// A database before and after one edit.
struct Before {
    place: Place,
    old: Vec<Vec<u8>>,
    new: Vec<Vec<u8>>,
    roots: Roots,
}

fn before_and_after() -> Before {
    let (place, mut store) = furnished();
    let old = pages(&place.path);
    let roots = commit(&mut store, |tx| {
        add_key(tx, 55);
        tx.put_local(LocalSpace::Setting, b"idle", b"900")
            .expect("written");
    });
    drop(store);
    let new = pages(&place.path);
    Before {
        place,
        old,
        new,
        roots,
    }
}

#[test]
fn one_older_page_passes_the_cipher_and_not_the_recount() {
    let Before {
        place, old, new, ..
    } = before_and_after();
    let changed: Vec<usize> = (0..old.len())
        .filter(|index| old[*index] != new[*index])
        .collect();
    assert!(
        changed.len() >= 8,
        "the edit touched only {} pages",
        changed.len()
    );
    let mut sound = 0;
    for index in changed {
        put_page(&place.path, index, &old[index]);
        assert_ne!(
            agrees_with_itself(&place.path),
            Ok(true),
            "page {index} was put back and nobody noticed"
        );
        // What the design rests on: the cipher itself does not notice.
        sound += usize::from(open(&place.path).pages_are_sound().expect("checked"));
        put_page(&place.path, index, &new[index]);
    }
    assert!(
        sound > 0,
        "SQLCipher noticed every older page: has it got freshness?"
    );
    assert_eq!(agrees_with_itself(&place.path), Ok(true));
}

#[test]
fn several_older_pages_at_once_are_noticed() {
    let Before {
        place, old, new, ..
    } = before_and_after();
    let changed: Vec<usize> = (0..old.len())
        .filter(|index| old[*index] != new[*index])
        .collect();
    for skipped in &changed {
        let mut mixed = new.clone();
        for index in changed.iter().filter(|index| *index != skipped) {
            mixed[*index].clone_from(&old[*index]);
        }
        put_file(&place.path, &mixed.concat());
        assert_ne!(
            agrees_with_itself(&place.path),
            Ok(true),
            "all but page {skipped}"
        );
    }
}

#[test]
fn an_older_file_agrees_with_itself_but_is_not_the_newest() {
    let Before {
        place, old, roots, ..
    } = before_and_after();
    put_file(&place.path, &old.concat());
    assert_eq!(agrees_with_itself(&place.path), Ok(true));
    let found = Roots::of(&Recount::run(&open(&place.path)).expect("whole"));
    // This is what the vault's anchor outside the file is for.
    assert_ne!(found, roots);
    assert!(found.audit_size < roots.audit_size);
}

#[test]
fn every_column_is_covered() {
    let (place, mut store) = furnished();
    commit(&mut store, |tx| {
        tx.insert_entry(EntryKind::Vendor, entry(70), Some(entry(71)))
            .expect("noted");
    });
    drop(store);
    let whole = std::fs::read(&place.path).expect("readable");
    let other = "x'99999999999999999999999999999999'";
    let one_write = "WHERE id = (SELECT min(id) FROM write WHERE form = 1)";
    let statements = [
        format!("UPDATE write SET entry = {other} {one_write}"),
        format!("UPDATE write SET register = 200 {one_write}"),
        format!("UPDATE write SET id = {other} {one_write}"),
        format!("UPDATE write SET kind = 5 {one_write}"),
        format!("UPDATE write SET author = {other} {one_write}"),
        format!("UPDATE write SET device = {other} {one_write}"),
        format!("UPDATE write SET wall_ms = wall_ms + 1 {one_write}"),
        format!("UPDATE write SET counter = counter + 1 {one_write}"),
        format!("UPDATE write SET supersedes = {other} {one_write}"),
        format!("UPDATE write SET form = 0, seal_version = 0 {one_write}"),
        format!("UPDATE write SET form = 2, seal_version = 0, body = x'' {one_write}"),
        format!("UPDATE write SET seal_version = 2 {one_write}"),
        format!("UPDATE write SET body = zeroblob(181) {one_write}"),
        format!("UPDATE write SET fingerprints = x'' {one_write}"),
        format!("DELETE FROM write {one_write}"),
        "DELETE FROM fingerprint WHERE print = (SELECT min(print) FROM fingerprint)".to_owned(),
        format!("UPDATE fingerprint SET entry = {other}"),
        "UPDATE fingerprint SET field = 9".to_owned(),
        format!("INSERT INTO entry VALUES (1, {other}, NULL)"),
        "UPDATE entry SET parent = NULL".to_owned(),
        "UPDATE entry SET kind = 4 WHERE kind = 5".to_owned(),
        "UPDATE local SET body = x'00'".to_owned(),
        "UPDATE local SET name = x'00'".to_owned(),
        "UPDATE local SET space = 7".to_owned(),
        "DELETE FROM local".to_owned(),
        "UPDATE digest SET body = zeroblob(9)".to_owned(),
        "DELETE FROM digest WHERE entry = (SELECT min(entry) FROM digest)".to_owned(),
        "UPDATE audit SET leaf = zeroblob(9) WHERE seq = 3".to_owned(),
        "UPDATE audit SET nodes = zeroblob(32) WHERE seq = 3".to_owned(),
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)".to_owned(),
        "DELETE FROM audit WHERE seq = 0".to_owned(),
        "UPDATE audit SET seq = seq + 1000 WHERE seq = 5".to_owned(),
        "UPDATE state SET record = x'00'".to_owned(),
        "DELETE FROM state".to_owned(),
    ];
    for sql in statements {
        assert!(tamper(&place.path, &sql) > 0, "changed nothing: {sql}");
        assert_ne!(
            agrees_with_itself(&place.path),
            Ok(true),
            "not noticed: {sql}"
        );
        put_file(&place.path, &whole);
    }
    assert_eq!(agrees_with_itself(&place.path), Ok(true));
}

#[test]
fn damaged_pages_are_told_as_damage() {
    let (place, store) = furnished();
    drop(store);
    let pages = pages(&place.path);
    for (index, page) in pages.iter().enumerate().skip(1) {
        let mut noise = page.clone();
        noise[PAGE / 2] ^= 1;
        put_page(&place.path, index, &noise);
        match agrees_with_itself(&place.path) {
            Ok(false) | Err(StoreError::Corrupt) => {}
            other => panic!("page {index}: {other:?}"),
        }
        put_page(&place.path, index, page);
    }
}

#[test]
fn nothing_written_stands_readable_in_any_file() {
    let (place, mut store) = furnished();
    let mut tx = store.begin().expect("begins");
    add_key(&mut tx, 77);
    tx.put_local(LocalSpace::Setting, b"needle-name", b"needle-body")
        .expect("written");
    // The journal is there now, and once more after the commit and the close.
    look_for_plaintext(&place);
    tx.commit().expect("committed");
    look_for_plaintext(&place);
    drop(store);
    look_for_plaintext(&place);
    drop(open_adopted(&place.path));
}

fn look_for_plaintext(place: &Place) {
    let mut files = 0;
    for found in std::fs::read_dir(place.folder.path()).expect("readable") {
        let bytes = std::fs::read(found.expect("an entry").path()).expect("readable");
        files += 1;
        for needle in [
            &b"value 7"[..],
            b"of register",
            b"summary of",
            b"needle-",
            b"CREATE TABLE",
            b"SQLite format",
        ] {
            assert!(
                !bytes.windows(needle.len()).any(|window| window == needle),
                "{} stands in a file",
                String::from_utf8_lossy(needle)
            );
        }
    }
    assert!(files > 0);
}
