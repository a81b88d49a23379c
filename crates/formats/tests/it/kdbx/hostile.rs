//! Damaged, hostile and odd databases: each is refused in its own words, at no cost that it chooses.

use strongroom_crypto::ForeignKdfError;
use strongroom_formats::kdbx::{Credentials, KdbxError, MAX_CONTENT_BYTES, open, reduce_key_file};
use strongroom_secret::SecretBytes;

use super::common::open_with;
use super::maker::{Maker, PASSWORD, dictionary, gzipped, hex};

const SMALL: &str = "<KeePassFile><Meta><HeaderHash>HEADERHASH</HeaderHash></Meta><Root><Group><Entry>\
    <String><Key>Title</Key><Value>Kraken</Value></String>\
    <String><Key>apiKey</Key><Value Protected=\"True\">[[first]]</Value></String>\
    <History><Entry><String><Key>secret</Key><Value Protected=\"True\">[[older]]</Value></String></Entry></History>\
    <String><Key>secret</Key><Value Protected=\"True\">[[second]]</Value></String>\
    </Entry></Group></Root></KeePassFile>";

/// Every kind that is read.
fn kinds() -> [Maker; 7] {
    [
        Maker::four(SMALL),
        Maker::four(SMALL).gzip(),
        Maker::four(SMALL).aes(),
        Maker::four(SMALL).aes().gzip(),
        Maker::three(SMALL),
        Maker::three(SMALL).gzip(),
        Maker {
            stream: 3,
            ..Maker::three(SMALL)
        },
    ]
}

fn refused(bytes: &[u8]) -> Option<KdbxError> {
    open_with(bytes, PASSWORD).err()
}

#[test]
fn every_kind_is_read_with_its_protected_values_in_order() {
    for maker in kinds() {
        let database = open_with(&maker.make(), PASSWORD).expect("it opens");
        let [entry] = database.entries.as_slice() else {
            panic!("one entry");
        };
        // EXPOSE: tests compare what was read.
        let read = |name: &str| entry.string(name).map(|value| value.expose());
        assert_eq!(read("apiKey"), Some("first"));
        assert_eq!(read("secret"), Some("second"));
        // EXPOSE: likewise.
        let older = entry.history[0]
            .string("secret")
            .map(|value| value.expose());
        assert_eq!(older, Some("older"));
    }
}

#[test]
fn a_database_cut_at_any_byte_is_refused() {
    for maker in kinds() {
        let whole = maker.make();
        for end in 0..whole.len() {
            let refused = refused(&whole[..end]);
            assert!(refused.is_some(), "{:?} of {end}", maker.version);
            // Cut short is never taken for a wrong password in version 4.
            assert!(
                maker.version.0 == 3 || refused != Some(KdbxError::WrongKey),
                "{end}"
            );
        }
    }
}

#[test]
fn a_database_with_any_bit_flipped_is_refused() {
    for maker in kinds() {
        let whole = maker.make();
        let header_ends = whole
            .windows(4)
            .position(|part| part == b"\r\n\r\n")
            .expect("an end")
            + 4;
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            let refused = refused(&flipped);
            assert!(refused.is_some(), "{:?} at {at}", maker.version);
            if maker.version.0 == 4 && at >= header_ends + 64 {
                assert!(
                    matches!(refused, Some(KdbxError::Damaged | KdbxError::Truncated)),
                    "{refused:?} at {at}"
                );
            }
        }
    }
}

#[test]
fn wrong_password_damaged_header_and_damaged_contents_are_told_apart() {
    for maker in kinds() {
        let wrong = open_with(&maker.make(), "q").err();
        assert_eq!(wrong, Some(KdbxError::WrongKey), "{:?}", maker.version);
        let nothing = open(&maker.make(), &Credentials::default()).err();
        assert_eq!(nothing, Some(KdbxError::NoKey));
    }
    let whole = Maker::four(SMALL).make();
    let mut header = whole.clone();
    header[60] ^= 1;
    assert_eq!(refused(&header), Some(KdbxError::DamagedHeader));
    let mut behind = whole.clone();
    behind.push(0);
    assert_eq!(refused(&behind), Some(KdbxError::Damaged));
    // Version 3 has the hash of its header inside: in the master seed a change is a wrong key, in
    // what follows the last field nothing but that hash sees it.
    let mut header = Maker::three(SMALL).make();
    let end = header
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .expect("an end");
    header[end] ^= 1;
    assert_eq!(refused(&header), Some(KdbxError::DamagedHeader));
}

#[test]
fn other_files_and_versions_are_named() {
    let check = |bytes: &[u8], expected| assert_eq!(refused(bytes), Some(expected));
    check(b"", KdbxError::NotKdbx);
    check(b"{\"exchange\": 1}", KdbxError::NotKdbx);
    check(&hex("03d9a29a65fb4bb500000000"), KdbxError::KeePass1);
    for (major, minor) in [(2, 0), (3, 2), (4, 2), (5, 0), (0xffff, 0xffff)] {
        let version = (major, minor);
        let bytes = Maker {
            version,
            ..Maker::three(SMALL)
        }
        .make();
        check(&bytes, KdbxError::Version { major, minor });
    }
    let with_cipher = |cipher: &str| {
        Maker {
            cipher: cipher.to_owned(),
            ..Maker::four(SMALL)
        }
        .make()
    };
    check(
        &with_cipher("ad68f29f576f4bb9a36ad47af965346c"),
        KdbxError::Twofish,
    );
    check(
        &with_cipher("61ab05a1946441c38d743a563df8dd35"),
        KdbxError::UnknownCipher,
    );
    let stream = |stream| {
        Maker {
            stream,
            ..Maker::four(SMALL)
        }
        .make()
    };
    check(&stream(0), KdbxError::UnknownEncoding);
    check(&stream(1), KdbxError::UnknownEncoding);
    let compression = Maker {
        compression: 2,
        ..Maker::four(SMALL)
    };
    check(&compression.make(), KdbxError::UnknownEncoding);
    check(
        &vec![0; 33 * 1024 * 1024],
        KdbxError::TooLarge {
            bytes: 33 * 1024 * 1024,
        },
    );
}

#[test]
fn bombs_in_the_key_derivation_are_refused_unlit() {
    let rounds = Maker {
        rounds: u64::MAX,
        ..Maker::three(SMALL)
    };
    // The maker would do the work; the header alone must be enough to refuse.
    let mut bytes = Maker::three(SMALL).make();
    let honest = 2_u64.to_le_bytes();
    let at = bytes
        .windows(8)
        .position(|part| part == honest)
        .expect("rounds");
    bytes[at..at + 8].copy_from_slice(&rounds.rounds.to_le_bytes());
    assert_eq!(refused(&bytes), Some(KdbxError::TooManyRounds));
    let argon2 = |memory: u64, passes: u64, lanes: u32| {
        let dictionary = dictionary(&[
            (0x42, "$UUID", hex("ef636ddf8c29444b91f7a9a403e30a0c")),
            (0x04, "V", 0x13_u32.to_le_bytes().to_vec()),
            (0x05, "M", memory.to_le_bytes().to_vec()),
            (0x05, "I", passes.to_le_bytes().to_vec()),
            (0x04, "P", lanes.to_le_bytes().to_vec()),
            (0x42, "S", vec![1; 32]),
        ]);
        refused(
            &Maker {
                dictionary,
                ..Maker::four(SMALL)
            }
            .make(),
        )
    };
    let heavy = Some(KdbxError::Kdf(ForeignKdfError::TooHeavy));
    assert_eq!(argon2(u64::MAX / 1024 * 1024, 1, 1), heavy);
    assert_eq!(argon2(2 << 30, 1, 1), heavy);
    assert_eq!(argon2(1 << 20, u64::MAX, 1), heavy);
    assert_eq!(argon2(1 << 20, 1, u32::MAX), heavy);
    // Honest costs of another derivation are tried, and the password is wrong for that.
    assert_eq!(argon2(64 << 10, 1, 1), Some(KdbxError::WrongKey));
    let secret = dictionary(&[
        (0x42, "$UUID", hex("ef636ddf8c29444b91f7a9a403e30a0c")),
        (0x42, "K", vec![1]),
    ]);
    let bytes = Maker {
        dictionary: secret,
        ..Maker::four(SMALL)
    }
    .make();
    assert_eq!(refused(&bytes), Some(KdbxError::UnknownKdf));
}

#[test]
fn a_gzip_bomb_is_refused_at_the_limit() {
    let bomb = gzipped(&vec![b' '; MAX_CONTENT_BYTES + 1]);
    assert!(bomb.len() < 128 * 1024);
    for maker in [Maker::four(SMALL), Maker::three(SMALL)] {
        let maker = Maker {
            compression: 1,
            packed: Some(bomb.clone()),
            ..maker
        };
        assert_eq!(refused(&maker.make()), Some(KdbxError::TooMuchContent));
    }
    let mut trailing = gzipped(SMALL.as_bytes());
    trailing.extend(b"more");
    let maker = Maker {
        compression: 1,
        packed: Some(trailing),
        ..Maker::three(SMALL)
    };
    assert_eq!(refused(&maker.make()), Some(KdbxError::Damaged));
    // An attachment of version 3 is packed by itself.
    let inside = data_encoding::BASE64.encode(&bomb);
    let xml = format!(
        "<KeePassFile><Meta><Binaries><Binary ID=\"0\" Compressed=\"True\">{inside}</Binary></Binaries></Meta><Root/></KeePassFile>"
    );
    assert_eq!(
        refused(&Maker::three(&xml).make()),
        Some(KdbxError::TooMuchContent)
    );
}

#[test]
fn bombs_in_the_document_are_refused() {
    let check = |xml: &str, expected: KdbxError| {
        assert_eq!(
            refused(&Maker::four(xml).make()),
            Some(expected),
            "{}",
            &xml[..xml.len().min(60)]
        );
    };
    check(
        "<!DOCTYPE k [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><KeePassFile><Meta><DatabaseName>&b;</DatabaseName></Meta><Root/></KeePassFile>",
        KdbxError::MalformedContent,
    );
    let deep = |name: &str, depth: usize| {
        format!(
            "<KeePassFile><Meta/><Root>{}{}</Root></KeePassFile>",
            format!("<{name}>").repeat(depth),
            format!("</{name}>").repeat(depth)
        )
    };
    check(&deep("Group", 66), KdbxError::TooDeep);
    check(&deep("Group", 100_000), KdbxError::TooDeep);
    check(&deep("Strange", 100_000), KdbxError::TooDeep);
    let wide = format!(
        "<KeePassFile><Meta/><Root><Group>{}</Group></Root></KeePassFile>",
        "<Entry/>".repeat(1_000_001)
    );
    check(&wide, KdbxError::MalformedContent);
    for malformed in [
        "",
        "<KeePassFile>",
        "<Other/>",
        "<KeePassFile/>",
        "<KeePassFile><Root/></KeePassFile><KeePassFile/>",
        "<KeePassFile><Root><Group><Entry><String><Key>a</Key></String></Entry></Group></Root></KeePassFile>",
        "<KeePassFile><Root><Group><Entry><String><Key>a</Key><Value Protected=\"True\">!</Value></String></Entry></Group></Root></KeePassFile>",
        "<KeePassFile><Root><Group><Entry><String><Key>a</Key><Value>b<i/></Value></String></Entry></Group></Root></KeePassFile>",
        "<KeePassFile><Root><Group><Entry><History><Entry><History/></Entry></History></Entry></Group></Root></KeePassFile>",
    ] {
        check(malformed, KdbxError::MalformedContent);
    }
}

#[test]
fn attachments_of_both_generations_are_kept() {
    let entry = "<Root><Group><Entry><Binary><Key>a.pem</Key><Value Ref=\"1\"/></Binary></Entry></Group></Root>";
    let four = Maker {
        attachments: vec![b"zero".to_vec(), b"one".to_vec()],
        ..Maker::four(&format!("<KeePassFile>{entry}</KeePassFile>"))
    };
    let packed = data_encoding::BASE64.encode(&gzipped(b"one"));
    let three = Maker::three(&format!(
        "<KeePassFile><Meta><Binaries><Binary ID=\"0\" Protected=\"True\">[[zero]]</Binary><Binary ID=\"1\" Compressed=\"True\">{packed}</Binary></Binaries></Meta>{entry}</KeePassFile>"
    ));
    for maker in [four, three] {
        let database = open_with(&maker.make(), PASSWORD).expect("it opens");
        // EXPOSE: tests compare what was read.
        let contents: Vec<&[u8]> = database
            .attachments
            .iter()
            .map(SecretBytes::expose)
            .collect();
        assert_eq!(contents, [b"zero".as_slice(), b"one"]);
        assert_eq!(database.entries[0].attachments[0].content, Some(1));
    }
}

#[test]
fn key_files_of_every_kind_are_reduced() {
    let key = [0x5a; 32];
    let digits = data_encoding::HEXUPPER.encode(&key);
    let base64 = data_encoding::BASE64.encode(&key);
    let check = |file: &[u8], expected: Result<[u8; 32], KdbxError>| {
        let reduced = reduce_key_file(&SecretBytes::new(file.to_vec()));
        // EXPOSE: tests compare what was read.
        assert_eq!(
            reduced.map(|key| *key.expose()),
            expected,
            "{}",
            String::from_utf8_lossy(file)
        );
    };
    check(&key, Ok(key));
    check(digits.as_bytes(), Ok(key));
    check(digits.to_lowercase().as_bytes(), Ok(key));
    let version_one = |data: &str| {
        format!(
            "<?xml version=\"1.0\"?><KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>{data}</Data></Key></KeyFile>"
        )
    };
    check(version_one(&base64).as_bytes(), Ok(key));
    check(version_one("AAAA").as_bytes(), Err(KdbxError::KeyFile));
    check(version_one("").as_bytes(), Err(KdbxError::KeyFile));
    let version_two = |data: &str, hash: &str| {
        format!(
            "<KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash=\"{hash}\">\n {data} </Data></Key></KeyFile>"
        )
    };
    let hash = &sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        key,
    ))[..4];
    let hash = data_encoding::HEXUPPER.encode(hash);
    let spaced = format!("{} {}\n{}", &digits[..8], &digits[8..30], &digits[30..]);
    check(version_two(&spaced, &hash).as_bytes(), Ok(key));
    check(
        version_two(&spaced, "00000000").as_bytes(),
        Err(KdbxError::KeyFile),
    );
    check(
        version_two(&digits[..62], &hash).as_bytes(),
        Err(KdbxError::KeyFile),
    );
    check(
        b"<KeyFile><Meta><Version>3.0</Version></Meta><Key><Data/></Key></KeyFile>",
        Err(KdbxError::KeyFile),
    );
    // Anything else is hashed: 33 bytes, 64 that are no digits, XML of something else.
    for file in [&[1; 33][..], &[b'x'; 64], b"<other/>", b""] {
        let hash = sha2::Digest::finalize(sha2::Digest::chain_update(
            <sha2::Sha256 as sha2::Digest>::new(),
            file,
        ));
        check(file, Ok(hash.into()));
    }
}
