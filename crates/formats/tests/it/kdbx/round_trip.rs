//! What we write, read by ourselves.

use strongroom_formats::kdbx::{Expiry, KdbxError, KdbxWriteError, NewEntry, Protection, write};

use super::common::{Key, PASSWORD, Repeatable, keys, now, open_with, secret, written};

#[test]
fn what_was_written_reads_back_field_by_field() {
    let database = open_with(written(), PASSWORD).expect("it opens");
    assert_eq!(database.version, (4, 1));
    let keys = keys();
    assert_eq!(database.entries.len(), keys.len());
    for (entry, key) in database.entries.iter().zip(&keys) {
        // EXPOSE: tests compare what was read.
        let read = |name: &str| entry.string(name).map(|value| value.expose());
        assert_eq!(read("Title"), Some(key.label.as_str()));
        assert_eq!(read("exchange"), Some(key.exchange.as_str()));
        assert_eq!(read("environment"), Some(key.environment.name()));
        assert_eq!(
            read("account"),
            key.account.as_ref().map(|name| name.as_str())
        );
        for field in &key.fields {
            let name = match field.name.as_str() {
                "notes" => "notes (field)",
                name => name,
            };
            assert_eq!(read(name), Some(field.value.expose()), "{name}");
            let string = entry.strings.iter().find(|string| string.name == name);
            let string = string.expect("just read");
            assert_eq!(string.protection, Protection::Protected, "{name}");
        }
        assert_eq!(entry.expiry, key.expires.map_or(Expiry::Never, Expiry::At));
    }
    // EXPOSE: likewise.
    let notes = database.entries[0]
        .string("Notes")
        .map(|notes| notes.expose());
    assert_eq!(notes, Some("first line\n\tsecond ]]> <line>"));
    assert_eq!(database.entries[0].tags, ["bot", "größe"]);
}

#[test]
fn no_value_stands_in_the_file_and_only_chance_makes_two_files_differ() {
    let keys = keys();
    let entries: Vec<NewEntry<'_>> = keys.iter().map(Key::entry).collect();
    let again =
        write(&entries, &secret(PASSWORD), now(), &Repeatable::new()).expect("it is written");
    assert_eq!(again, written());
    for text in ["Binance", "kraken", "KeePassFile", "apiKey", "ключ"] {
        let found = again
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!found, "{text} stands in the file");
    }
}

#[test]
fn what_keepass_would_change_is_refused_in_words() {
    let check = |key: Key, expected: KdbxWriteError| {
        let refused = write(&[key.entry()], &secret("p"), now(), &Repeatable::new()).err();
        assert_eq!(refused, Some(expected));
    };
    let key = || Key::new("a", "kraken", &[("secret", "s")]);
    let mut with_tag = key();
    with_tag
        .tags
        .insert(strongroom_domain::Tag::parse("a;b").expect("a tag"));
    check(with_tag, KdbxWriteError::Tag);
    check(
        Key::new("a\u{ffff}", "kraken", &[("secret", "s")]),
        KdbxWriteError::Character,
    );
    let refused = write(&[key().entry()], &secret(""), now(), &Repeatable::new()).err();
    assert_eq!(refused, Some(KdbxWriteError::EmptyPassword));
}

#[test]
fn a_wrong_password_is_told_from_a_damaged_file() {
    assert_eq!(
        open_with(written(), "wrong").err(),
        Some(KdbxError::WrongKey)
    );
    let mut damaged = written().to_vec();
    *damaged.last_mut().expect("bytes") ^= 1;
    // The last bytes are the size of the last block.
    assert_eq!(
        open_with(&damaged, PASSWORD).err(),
        Some(KdbxError::Truncated)
    );
    let mut damaged = written().to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    assert_eq!(
        open_with(&damaged, PASSWORD).err(),
        Some(KdbxError::Damaged)
    );
    let mut damaged = written().to_vec();
    damaged[20] ^= 1;
    let refused = open_with(&damaged, PASSWORD).err();
    assert!(
        matches!(
            refused,
            Some(KdbxError::UnknownCipher | KdbxError::DamagedHeader)
        ),
        "{refused:?}"
    );
}
