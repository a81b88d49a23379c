//! Replacing imported values by references, on the real samples and at the edges.

use strongroom_formats::{
    Options, ReferenceError, Replacement, Source, TakenAs, What, parse, references,
};

use crate::common::samples;

fn replace_all(source: Source, bytes: &[u8], label: &str) -> Result<Vec<u8>, ReferenceError> {
    let plan = parse(source, bytes, &Options::default())?;
    let replacements: Vec<Replacement> = (0..plan.drafts.len())
        .map(|draft| Replacement {
            draft,
            label: format!("{label}{draft}"),
        })
        .collect();
    references(source, bytes, &Options::default(), &replacements)
}

#[test]
fn every_sample_loses_its_secrets_and_nothing_else() {
    for (source, name, bytes) in samples() {
        if source == Source::Strongroom {
            // An archive is for keeping; what it held is recorded or it is not.
            assert_eq!(
                replace_all(source, &bytes, "key-"),
                Err(ReferenceError::Archive)
            );
            continue;
        }
        // Labels that need every kind of quoting.
        for label in ["key-", "my key ", "it's \"my\" $key, really; "] {
            let rewritten = replace_all(source, &bytes, label)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let before = parse(source, &bytes, &Options::default()).expect("was read");
            let after = parse(source, &rewritten, &Options::default()).expect("still reads");
            assert!(after.drafts.is_empty(), "{name}: nothing is left to import");
            assert_eq!(after.fields.len(), before.fields.len(), "{name}");
            let text = String::from_utf8(rewritten).expect("still UTF-8");
            for field in before.drafts.iter().flat_map(|draft| &draft.fields) {
                // EXPOSE: searched for, to see that it is gone.
                assert!(
                    !text.contains(field.value.expose()),
                    "{name}: {} is still there",
                    field.name
                );
            }
        }
    }
}

#[test]
fn the_bytes_around_a_value_stay() {
    let cases: &[(Source, &str, &str)] = &[
        (
            Source::Freqtrade,
            "\u{feff}{\r\n  // mine\r\n  \"exchange\": { \"name\":\"kraken\",\t\"key\" : \"a1b2c3d4\" , \"uid\":12345, },\r\n}\r\n",
            "\u{feff}{\r\n  // mine\r\n  \"exchange\": { \"name\":\"kraken\",\t\"key\" : \"strongroom:L0/apiKey\" , \"uid\":\"strongroom:L0/uid\", },\r\n}\r\n",
        ),
        (
            Source::Ccxt,
            "{\"kraken\":{\"apiKey\":\"a1\\u0062\\/2c3d4\",\"skip\":true}}",
            "{\"kraken\":{\"apiKey\":\"strongroom:L0/apiKey\",\"skip\":true}}",
        ),
        (
            Source::Env,
            "# mine\r\nexport  KRAKEN_API_KEY = a1b2c3d4   # old\r\nKRAKEN_SECRET=\"-----BEGIN X-----\nAA\n-----END X-----\"\nOTHER=1",
            "# mine\r\nexport  KRAKEN_API_KEY = strongroom:L0/apiKey   # old\r\nKRAKEN_SECRET='strongroom:L0/secret'\nOTHER=1",
        ),
        (
            Source::Csv,
            "sep=;\nexchange;key;secret;notes\nkraken;a1b2c3d4;\"e5;f6\";\"x\"\"y\"\n\n",
            "sep=;\nexchange;key;secret;notes\nkraken;strongroom:L0/apiKey;\"strongroom:L0/secret\";\"x\"\"y\"\n\n",
        ),
    ];
    for (source, before, after) in cases {
        let rewritten = replace_all(*source, before.as_bytes(), "L").expect("rewritten");
        assert_eq!(
            String::from_utf8(rewritten).expect("UTF-8"),
            *after,
            "{source}"
        );
    }
}

#[test]
fn drafts_that_were_not_imported_keep_their_values() {
    let keys = br#"{"binance": {"apiKey": "aaaa1111", "secret": "bbbb2222"}, "okx": {"apiKey": "cccc3333", "secret": "dddd4444"}}"#;
    let only = [Replacement {
        draft: 1,
        label: "okx".to_owned(),
    }];
    let rewritten = references(Source::Ccxt, keys, &Options::default(), &only).expect("rewritten");
    assert_eq!(
        String::from_utf8(rewritten).expect("UTF-8"),
        r#"{"binance": {"apiKey": "aaaa1111", "secret": "bbbb2222"}, "okx": {"apiKey": "strongroom:okx/apiKey", "secret": "strongroom:okx/secret"}}"#
    );
    assert_eq!(
        references(Source::Ccxt, keys, &Options::default(), &[]).expect("as it was"),
        keys
    );
}

#[test]
fn a_value_in_a_second_place_is_found() {
    let cases: &[(Source, &str, &str)] = &[
        (
            Source::Freqtrade,
            "{\n// old: a1b2c3d4e5\n\"exchange\": {\"name\": \"kraken\", \"key\": \"a1b2c3d4e5\"}}",
            "line 2 still holds a value that was imported (in a comment, or under another name); remove it there first",
        ),
        (
            Source::Env,
            "KRAKEN_API_KEY=a1b2c3d4e5\nKRAKEN_URL=https://x/?k=a1b2c3d4e5\n",
            "line 2 still holds a value that was imported (in a comment, or under another name); remove it there first",
        ),
        (
            Source::Env,
            "COINBASE_PRIVATE_KEY=\"-----BEGIN EC PRIVATE KEY-----\\nAAAABBBBCCCC\\n-----END EC PRIVATE KEY-----\"\n# AAAABBBBCCCC\n",
            "line 2 still holds a value that was imported (in a comment, or under another name); remove it there first",
        ),
    ];
    for (source, text, words) in cases {
        let refused = replace_all(*source, text.as_bytes(), "L").expect_err("it is still there");
        assert_eq!(refused.to_string(), *words);
    }
    // The same value under two of the field's own names is one field in two places.
    let both = r#"{"exchange": {"name": "kraken", "api_key": "a1b2c3d4e5", "key": "a1b2c3d4e5"}}"#;
    let plan = parse(Source::Freqtrade, both.as_bytes(), &Options::default()).expect("read");
    let taken = plan.fields.iter().filter(|account| {
        matches!(
            account.what,
            What::Taken {
                field: TakenAs::Credential(_),
                ..
            }
        )
    });
    assert_eq!(taken.count(), 2);
    replace_all(Source::Freqtrade, both.as_bytes(), "L").expect("both are replaced");
}

/// A quote put behind an open one would close it and change what the lines between mean.
#[test]
fn nothing_is_replaced_behind_an_open_quote() {
    for text in [
        "A='\nKRAKEN_KEY=a1b2c3d4e5\n",
        "KRAKEN_KEY=a1b2c3d4e5\nA=-----BEGIN X-----\n",
    ] {
        let refused = replace_all(Source::Env, text.as_bytes(), "my key").expect_err("refused");
        assert!(refused.to_string().contains("is never closed"), "{refused}");
    }
}

#[test]
fn wrong_drafts_and_labels_are_refused() {
    let keys = br#"{"binance": {"apiKey": "aaaa1111", "secret": "bbbb2222"}}"#;
    let one = |draft, label: &str| Replacement {
        draft,
        label: label.to_owned(),
    };
    let cases = [
        (vec![one(1, "x")], "there is no draft 1 in this source"),
        (
            vec![one(0, "x"), one(0, "y")],
            "draft 0 is given two labels",
        ),
        (
            vec![one(0, "")],
            "draft 0: this label cannot stand in a reference",
        ),
        (
            vec![one(0, "a\nb")],
            "draft 0: this label cannot stand in a reference",
        ),
    ];
    for (replacements, words) in cases {
        let refused = references(Source::Ccxt, keys, &Options::default(), &replacements)
            .expect_err("refused");
        assert_eq!(refused.to_string(), words);
    }
}
