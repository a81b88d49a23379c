//! What is refused, and in which words.

use strongroom_formats::{ColumnMapping, ColumnUse, MAX_BYTES, Options, Source, parse};

/// The refusal of a source, as a person reads it.
fn refusal(source: Source, bytes: &[u8], options: &Options) -> String {
    match parse(source, bytes, options) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn check(source: Source, bytes: &[u8], words: &str) {
    assert_eq!(
        refusal(source, bytes, &Options::default()),
        words,
        "{}",
        String::from_utf8_lossy(bytes)
    );
}

#[test]
fn what_is_no_text_is_refused_by_every_importer() {
    let huge = vec![b' '; MAX_BYTES + 1];
    let is_text = |source: &Source| *source != Source::Keepass;
    for source in Source::ALL.into_iter().filter(is_text) {
        check(source, b"", "the file is empty");
        check(source, b"\xef\xbb\xbf \r\n\t", "the file is empty");
        check(
            source,
            b"\xff\xfe{\0}\0",
            "the file is UTF-16; save it as UTF-8 and import again",
        );
        check(
            source,
            b"K\0E\0Y\0=\0\x31\0",
            "the file is UTF-16; save it as UTF-8 and import again",
        );
        check(
            source,
            b"\0K\0E\0Y",
            "the file is UTF-16; save it as UTF-8 and import again",
        );
        check(
            source,
            b"A=1\nB=\xe9t\xe9",
            "the file is not UTF-8: the first wrong byte is number 6, in line 2",
        );
        check(
            source,
            &huge,
            "the file has 8388609 bytes; at most 8388608 are read",
        );
    }
}

#[test]
fn json_refusals_say_the_line_and_no_value() {
    let cases: &[(&str, &str)] = &[
        (
            "{\n\"exchange\": {\"key\": \"SECRET1\", \"key\": \"SECRET2\"}}",
            "line 2: a name stands twice in one object; programs keep only the last and would lose the other, so remove one",
        ),
        (
            "{\"a\": {\"k\\u0065y\": 1, \"key\": 2}}",
            "line 1: a name stands twice in one object; programs keep only the last and would lose the other, so remove one",
        ),
        ("[1]", "line 1: the file must hold one object {…}"),
        (
            "// nothing else\n\"text\"",
            "line 2: the file must hold one object {…}",
        ),
        (
            "{\"a\": \"SECRET",
            "line 1: a quote is not closed, or an escape is wrong",
        ),
        (
            "{\"a\": \"SECRET\\x\"}",
            "line 1: a quote is not closed, or an escape is wrong",
        ),
        (
            "{\"a\": \"\\ud800SECRET\"}",
            "line 1: a quote is not closed, or an escape is wrong",
        ),
        ("{\n\"a\": 1 \"b\": 2}", "line 2: a comma is missing"),
        ("{\"a\": 1 /* SECRET", "line 1: a comment is not closed"),
        ("{\"a\": {", "line 1: a bracket is not closed"),
        ("{\"a\": [1, 2", "line 1: a bracket is not closed"),
        ("{'a': 1}", "line 1: this is not JSON"),
        ("{a: 1}", "line 1: this is not JSON"),
        ("{\"a\": SECRET}", "line 1: this is not JSON"),
        ("{\"a\": 0x1F}", "line 1: this is not JSON"),
        ("{\"a\": 1} {\"b\": 2}", "line 1: this is not JSON"),
    ];
    for source in [Source::Freqtrade, Source::Ccxt] {
        for (text, words) in cases {
            check(source, text.as_bytes(), words);
        }
    }
}

#[test]
fn depth_size_and_long_names_are_bounded_before_anything_is_built() {
    let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    check(Source::Ccxt, deep(63).as_bytes(), "taken");
    check(
        Source::Ccxt,
        deep(64).as_bytes(),
        "line 1: nested deeper than 64 levels",
    );
    check(
        Source::Ccxt,
        "[".repeat(1_000_000).as_bytes(),
        "line 1: nested deeper than 64 levels",
    );
    // A lone carriage return ends a comment for the parser, so it must for the bound.
    let hidden = format!("//\r{}", "{\"a\":".repeat(100));
    check(
        Source::Freqtrade,
        hidden.as_bytes(),
        "line 1: nested deeper than 64 levels",
    );
    check(
        Source::Freqtrade,
        format!("{{\"a\": \"{}\"}}", "[".repeat(100)).as_bytes(),
        "taken",
    );

    let name = |bytes: usize| format!("{{\"{}\": 1}}", "n".repeat(bytes));
    check(Source::Ccxt, name(1024).as_bytes(), "taken");
    check(
        Source::Ccxt,
        name(1025).as_bytes(),
        "line 1: a name is longer than 1,024 bytes",
    );

    let too_many = "the file has more than 100000 values; this is not a file of keys";
    check(
        Source::Ccxt,
        format!("{{\"a\": [{}]}}", "0,".repeat(100_001)).as_bytes(),
        too_many,
    );
    check(Source::Env, "A=1\n".repeat(100_001).as_bytes(), too_many);
    check(
        Source::Csv,
        format!("key,secret\n{}", "a,b\n".repeat(50_001)).as_bytes(),
        too_many,
    );
}

#[test]
fn table_refusals_say_the_line() {
    let cases: &[(&str, &str)] = &[
        (
            "exchange,key,secret\nbinance,\"SECRET",
            "line 2: a quoted cell is never closed",
        ),
        (
            "exchange,key\nbinance,\"a\nb\"SECRET\n",
            "line 3: something follows the closing quote of a cell",
        ),
        (
            "name,comment\nSECRET,SECRET",
            "line 1: no column is known to hold a credential: give a mapping of columns to fields",
        ),
        (
            "binance,a8Jk2mN5pQ7rS1tU4vW\n",
            "line 1: the first line looks like data, not like the names of columns: add a header line",
        ),
        (
            "-----BEGIN PRIVATE KEY-----,key\n",
            "line 1: the first line looks like data, not like the names of columns: add a header line",
        ),
    ];
    for (text, words) in cases {
        check(Source::Csv, text.as_bytes(), words);
    }
    check(
        Source::Csv,
        "key,".repeat(300).as_bytes(),
        "line 1: more than 256 columns",
    );
}

#[test]
fn mappings_that_do_not_fit_are_refused_by_their_number() {
    let table = b"wo,public,private,public\nbinance,a,b,c\n";
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("elsewhere", "apiKey")],
            "mapping 1 names a column that the file does not have",
        ),
        (
            &[("wo", "exchange"), ("public", "apiKey")],
            "mapping 2 names a column that stands twice in the header: rename one",
        ),
        (
            &[("wo", "exchange"), (" WO ", "apiKey")],
            "mappings 1 and 2 are for the same column",
        ),
        (
            &[("wo", "secret"), ("private", "secret")],
            "mappings 1 and 2 give the same field",
        ),
        (
            &[("wo", "-"), ("private", "-")],
            "line 1: no column is known to hold a credential: give a mapping of columns to fields",
        ),
        (&[("wo", "exchange"), ("private", "secret")], "taken"),
    ];
    for (mappings, words) in cases {
        let columns = mappings
            .iter()
            .map(|(column, as_)| ColumnMapping {
                column: (*column).to_owned(),
                as_: ColumnUse::parse(as_).expect("a use"),
            })
            .collect();
        let options = Options {
            columns,
            ..Options::default()
        };
        assert_eq!(
            refusal(Source::Csv, table, &options),
            *words,
            "{mappings:?}"
        );
    }
    assert_eq!(ColumnUse::parse("Secret"), None);
}
