//! How tables are separated and remembered.

use strongroom_formats::{FieldName, Options, Source, parse};

use crate::common::value;

#[test]
fn the_delimiter_is_that_of_the_header_line() {
    let cases = [
        (
            "exchange,key,secret\nkraken,a1b2c3d4,e5;f6;a7;b8\n",
            "comma",
        ),
        (
            "exchange;key;secret\nkraken;a1b2c3d4;e5,f6,a7,b8\n",
            "semicolon",
        ),
        ("exchange\tkey\tsecret\nkraken\ta1b2c3d4\te5,f6\n", "tab"),
        (
            "\"key\",\"a;b;c;d\",\"sec\"\"ret;;\"\na1b2c3d4,x,y\n",
            "comma",
        ),
        ("key;no\"te,;secret\na1b2c3d4;\"x\";y\n", "semicolon"),
        (
            "sep=\t\nexchange\tkey,x,y\tkey\nkraken\tb\ta1b2c3d4\n",
            "tab",
        ),
        ("key\na1b2c3d4\n", "comma"),
    ];
    for (text, delimiter) in cases {
        let options = Options {
            exchange: Some("kraken".to_owned()),
            ..Options::default()
        };
        let plan = parse(Source::Csv, text.as_bytes(), &options).expect(text);
        let words = format!("the columns were separated by a {delimiter}");
        assert!(
            plan.notes.iter().any(|note| note.to_string() == words),
            "{text}: {:?}",
            plan.notes
        );
        assert_eq!(
            value(&plan.drafts[0], FieldName::ApiKey),
            Some("a1b2c3d4"),
            "{text}"
        );
    }
}

#[test]
fn a_header_is_remembered_by_its_names_and_their_order() {
    let hash = |header: &str| {
        let table = format!("{header}\nbinance,a,b\n");
        parse(Source::Csv, table.as_bytes(), &Options::default())
            .expect("taken")
            .table
            .expect("a table")
            .hash
    };
    assert_eq!(
        hash("Exchange,API Key,Secret"),
        hash(" exchange ; api_key;SECRET")
    );
    assert_ne!(hash("exchange,key,secret"), hash("exchange,secret,key"));
    assert_ne!(
        hash("exchange,key,secret"),
        hash("exchange,key,secret,notes")
    );
}
