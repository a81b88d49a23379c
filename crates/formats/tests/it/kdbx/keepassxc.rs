//! Databases that KeePassXC's command line wrote, and ours opened by it.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use roxmltree::{Document, Node};
use strongroom_domain::UtcMs;
use strongroom_formats::kdbx::{
    Credentials, Database, Entry, Expiry, Protection, Standing, key_file_as_digits, open,
    reduce_key_file,
};
use strongroom_formats::{FieldName, Options, Source, Unlocking, detect, parse, unlock};
use strongroom_secret::SecretBytes;

use super::common::{Key, PASSWORD, keepassxc, keys, open_with, secret, written};
use crate::common::{shown, value};

/// What is given to KeePassXC: an entry with everything an entry can have, one in a group of a group,
/// one in the recycle bin.
const XML: &str = include_str!("everything.xml");

/// A database that KeePassXC made of a document. With `--set-key-file` and the like in `more`.
fn made_of(xml: &str, more: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.xml"), xml).expect("written");
    std::fs::write(folder.path().join("key"), b"any file at all\n").expect("written");
    let mut arguments = vec!["import", "-q", "-p", "-t", "100"];
    arguments.extend(more);
    arguments.extend(["in.xml", "out.kdbx"]);
    keepassxc(folder.path(), PASSWORD, &arguments);
    std::fs::read(folder.path().join("out.kdbx")).expect("KeePassXC wrote it")
}

/// The document with data of a plugin in it, for which KeePassXC writes version 4.
fn for_version_four() -> String {
    XML.replace(
        "<CustomData/>",
        "<CustomData><Item><Key>plugin</Key><Value>its data</Value></Item></CustomData>",
    )
}

#[test]
fn a_database_of_keepassxc_is_read_with_nothing_lost() {
    for (xml, version) in [(XML.to_owned(), (3, 1)), (for_version_four(), (4, 0))] {
        let database = open_with(&made_of(&xml, &[]), PASSWORD).expect("it opens");
        assert_eq!(database.version, version);
        is_as_given(&database, &xml);
    }
}

/// The entries as the document gives them, read by an XML reader and nothing of ours.
fn is_as_given(database: &Database, xml: &str) {
    let document = Document::parse(xml).expect("our own document");
    let given: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|node| node.has_tag_name("Entry"))
        .filter(|node| !node.ancestors().any(|above| above.has_tag_name("History")))
        .collect();
    assert_eq!(database.entries.len(), given.len());
    for node in given {
        let entry = database
            .entries
            .iter()
            .find(|entry| text_of(entry, "Title") == Some(&strings(node)["Title"].0))
            .expect("an entry of this title");
        is_same(entry, node);
        let older: Vec<Node<'_, '_>> = node
            .children()
            .filter(|inner| inner.has_tag_name("History"))
            .flat_map(|history| {
                history
                    .children()
                    .filter(|inner| inner.has_tag_name("Entry"))
            })
            .collect();
        assert_eq!(entry.history.len(), older.len());
        for (read, given) in entry.history.iter().zip(older) {
            is_same(read, given);
        }
    }
    let contents: Vec<&[u8]> = database
        .attachments
        .iter()
        // EXPOSE: tests compare what was read.
        .map(SecretBytes::expose)
        .collect();
    assert_eq!(contents, [b"-----BEGIN something".as_slice()]);
    let entry = &database.entries[0];
    assert_eq!(entry.attachments[0].name, "key.pem");
    assert_eq!(entry.attachments[0].content, Some(0));
    assert_eq!(database.deleted, 1);
    let standing = |title: &str| {
        let found = database
            .entries
            .iter()
            .find(|entry| text_of(entry, "Title") == Some(title));
        let found = found.expect("an entry of this title");
        (found.standing, found.groups.clone())
    };
    assert_eq!(
        standing("Deep"),
        (
            Standing::Live,
            vec!["Börsen".to_owned(), "Bots & co".to_owned()]
        )
    );
    assert_eq!(standing("Thrown away").0, Standing::Recycled);
    assert_eq!(
        entry.expiry,
        Expiry::At(UtcMs::parse(1_801_353_600_000).expect("2027-01-31"))
    );
    let others: Vec<&str> = database
        .others
        .iter()
        .map(|other| other.place.as_str())
        .collect();
    assert!(others.contains(&"DatabaseName"), "{others:?}");
    assert!(others.contains(&"Börsen/Notes"), "{others:?}");
}

fn is_same(entry: &Entry, given: Node<'_, '_>) {
    for (name, (value, protection)) in strings(given) {
        let read = entry.strings.iter().find(|string| string.name == name);
        let read = read.unwrap_or_else(|| panic!("{name} is lost"));
        // EXPOSE: tests compare what was read.
        assert_eq!(read.value.expose(), value, "{name}");
        assert_eq!(read.protection, protection, "{name}");
    }
    let tags = given.children().find(|node| node.has_tag_name("Tags"));
    let tags = tags.and_then(|node| node.text()).unwrap_or_default();
    let tags: Vec<&str> = tags.split(';').filter(|tag| !tag.is_empty()).collect();
    assert_eq!(entry.tags, tags);
}

fn strings(node: Node<'_, '_>) -> BTreeMap<String, (String, Protection)> {
    let inside = |string: Node<'_, '_>, name: &str| {
        let found = string.children().find(|inner| inner.has_tag_name(name));
        let found = found.expect("key and value");
        let protection = if found.attribute("ProtectInMemory") == Some("True") {
            Protection::Protected
        } else {
            Protection::Plain
        };
        (found.text().unwrap_or_default().to_owned(), protection)
    };
    node.children()
        .filter(|inner| inner.has_tag_name("String"))
        .map(|string| (inside(string, "Key").0, inside(string, "Value")))
        .collect()
}

fn text_of<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    // EXPOSE: tests compare what was read.
    entry.string(name).map(|value| value.expose())
}

#[test]
fn every_field_of_a_database_of_keepassxc_has_its_account() {
    let bytes = made_of(XML, &[]);
    assert_eq!(detect(&bytes, None), Some(Source::Keepass));
    let password = secret(PASSWORD);
    let with = Unlocking {
        password: Some(&password),
        key_file: None,
    };
    let opened = unlock(Source::Keepass, &bytes, with).expect("it opens");
    let opened = opened.expect("it was encrypted");
    // EXPOSE: it is parsed.
    let plan = parse(Source::Keepass, opened.expose(), &Options::default()).expect("a plan");
    insta::assert_snapshot!(shown(&plan));
    let draft = &plan.drafts[0];
    assert_eq!(
        value(draft, FieldName::ApiKey),
        Some("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A")
    );
    assert_eq!(
        value(draft, FieldName::Secret),
        Some("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
    );
}

#[test]
fn a_key_file_is_needed_where_there_is_one() {
    let bytes = made_of(XML, &["--set-key-file", "key"]);
    let password = secret(PASSWORD);
    let file = SecretBytes::new(b"any file at all\n".to_vec());
    let check = |key_file, expected: bool| {
        let credentials = Credentials {
            password: Some(&password),
            key_file,
        };
        assert_eq!(open(&bytes, &credentials).is_ok(), expected);
    };
    check(Some(&file), true);
    check(None, false);
    let other = SecretBytes::new(b"any other file\n".to_vec());
    check(Some(&other), false);
    let digits = key_file_as_digits(&file).expect("any file").into_bytes();
    check(Some(&digits), true);
    // EXPOSE: the reduced form is a key file too.
    let reduced = reduce_key_file(&file).expect("any file").expose().to_vec();
    check(Some(&SecretBytes::new(reduced)), true);
}

#[test]
fn a_database_made_and_filled_by_keepassxc_alone_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| keepassxc(folder.path(), PASSWORD, arguments);
    run(&["db-create", "-q", "-p", "-t", "100", "new.kdbx"]);
    run(&["mkdir", "-q", "new.kdbx", "Trading"]);
    run(&[
        "add",
        "-q",
        "-u",
        "ada",
        "--url",
        "https://www.kraken.com",
        "new.kdbx",
        "Trading/Kraken",
    ]);
    let bytes = std::fs::read(folder.path().join("new.kdbx")).expect("written");
    let database = open_with(&bytes, PASSWORD).expect("it opens");
    let entry = database
        .entries
        .iter()
        .find(|entry| text_of(entry, "Title") == Some("Kraken"));
    let entry = entry.expect("the entry");
    assert_eq!(entry.groups, ["Trading"]);
    assert_eq!(text_of(entry, "UserName"), Some("ada"));
    assert_eq!(text_of(entry, "URL"), Some("https://www.kraken.com"));
}

#[test]
fn keepassxc_reads_what_we_write_field_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ours.kdbx"), written()).expect("written");
    let text = keepassxc(
        folder.path(),
        PASSWORD,
        &["export", "-q", "-f", "xml", "ours.kdbx"],
    );
    let document = Document::parse(&text).expect("KeePassXC wrote it");
    let entries: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|node| node.has_tag_name("Entry"))
        .collect();
    let keys = keys();
    assert_eq!(entries.len(), keys.len());
    for key in &keys {
        let node = entries
            .iter()
            .find(|node| strings(**node)["Title"].0 == key.label.as_str())
            .expect("the entry");
        let read = strings(*node);
        let expected = expected(key);
        assert_eq!(read, expected);
        let inside = |name: &str| {
            let found = node.descendants().find(|inner| inner.has_tag_name(name));
            found
                .and_then(|inner| inner.text())
                .unwrap_or_default()
                .to_owned()
        };
        let tags: Vec<&str> = key.tags.iter().map(|tag| tag.as_str()).collect();
        assert_eq!(
            inside("Tags")
                .split([',', ';'])
                .filter(|tag| !tag.is_empty())
                .collect::<Vec<_>>(),
            tags
        );
        let expires = if key.expires.is_some() {
            "True"
        } else {
            "False"
        };
        assert_eq!(inside("Expires"), expires);
        if key.expires.is_some() {
            // KeePassXC keeps the form of the file's version: seconds since the year 1.
            let shown = inside("ExpiryTime");
            let seconds = BASE64
                .decode(shown.as_bytes())
                .ok()
                .and_then(|bytes| bytes.try_into().ok());
            let is_right = shown == "2027-01-31T00:00:00Z"
                || seconds.map(i64::from_le_bytes) == Some(1_801_353_600 + 62_135_596_800);
            assert!(is_right, "{shown}");
        }
    }
    // And by the words with which a person looks at one field.
    let shown = keepassxc(
        folder.path(),
        PASSWORD,
        &["show", "-q", "-s", "-a", "secret", "ours.kdbx", "bare"],
    );
    assert_eq!(shown.trim(), "s");
}

/// What KeePassXC should see of a key. XML has no place for two of the characters in the first one's
/// secret, so its export, not its reading, loses those.
fn expected(key: &Key) -> BTreeMap<String, (String, Protection)> {
    let plain = |text: &str| (text.to_owned(), Protection::Plain);
    let protected = |text: &str| (text.to_owned(), Protection::Protected);
    let mut expected = BTreeMap::from([
        ("Title".to_owned(), plain(key.label.as_str())),
        ("UserName".to_owned(), plain("")),
        ("Password".to_owned(), protected("")),
        (
            "URL".to_owned(),
            plain(key.url.as_deref().unwrap_or_default()),
        ),
        (
            "Notes".to_owned(),
            protected(key.notes.as_ref().map_or("", |notes| notes.as_str())),
        ),
        ("exchange".to_owned(), plain(key.exchange.as_str())),
        ("environment".to_owned(), plain(key.environment.name())),
    ]);
    if let Some(account) = &key.account {
        expected.insert("account".to_owned(), plain(account.as_str()));
    }
    for field in &key.fields {
        let name = match field.name.as_str() {
            "notes" => "notes (field)",
            name => name,
        };
        // EXPOSE: tests compare what was read.
        let value = field
            .value
            .expose()
            .replace('\r', "\n")
            .replace('\u{1}', "");
        expected.insert(name.to_owned(), protected(&value));
    }
    expected
}
