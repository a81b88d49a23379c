//! Single rules of the importers: one table of cases a rule.

use strongroom_formats::{Draft, FieldName, ImportPlan, Options, Source, What, parse};

fn plan(source: Source, text: &str) -> ImportPlan {
    parse(source, text.as_bytes(), &Options::default())
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn value(draft: &Draft, name: FieldName) -> Option<&str> {
    // EXPOSE: tests compare what was read.
    draft.field(name).map(|value| value.expose())
}

/// What a single `.env` value is read as, or why it is not.
fn env_value(written: &str) -> Result<String, String> {
    let plan = plan(
        Source::Env,
        &format!("KRAKEN_API_KEY={written}\nKRAKEN_SECRET=0123456789abcdef\n"),
    );
    match plan.fields[0].what {
        What::Taken { .. } => Ok(value(&plan.drafts[0], FieldName::ApiKey)
            .expect("taken")
            .to_owned()),
        What::Ignored { reason } => Err(reason.to_string()),
        What::NotImported { reason } => Err(reason.to_string()),
    }
}

#[test]
fn env_values_are_read_where_readers_agree() {
    let taken = [
        ("abc123def", "abc123def"),
        ("  abc123def  ", "abc123def"),
        ("abc#def", "abc#def"),
        ("abc123 # a comment", "abc123"),
        ("a=b==", "a=b=="),
        ("'abc def'", "abc def"),
        ("'abc$HOME`x`\"y'", "abc$HOME`x`\"y"),
        ("\"abc\\\"d\\\\e\\$f\"", "abc\"d\\e$f"),
        ("'it'\\''s one'", "it's one"),
        ("'abc'\"def\" # both", "abcdef"),
        ("'two\nlines'", "two\nlines"),
        ("pa$$word", "pa$$word"),
    ];
    for (written, read) in taken {
        assert_eq!(env_value(written), Ok(read.to_owned()), "{written}");
    }
    let refused = [
        (
            "${KEY}",
            "refers to a variable or a command; write the value itself",
        ),
        (
            "$KEY",
            "refers to a variable or a command; write the value itself",
        ),
        (
            "\"x${KEY}\"",
            "refers to a variable or a command; write the value itself",
        ),
        (
            "$(pass show kraken)",
            "refers to a variable or a command; write the value itself",
        ),
        (
            "ab\\cd",
            "programs read these quotes or backslashes differently; put the value in single quotes",
        ),
        (
            "ab'cd'",
            "programs read these quotes or backslashes differently; put the value in single quotes",
        ),
        (
            "\"ab\\xcd\"",
            "programs read these quotes or backslashes differently; put the value in single quotes",
        ),
        (
            "'abcd\\'",
            "programs read these quotes or backslashes differently; put the value in single quotes",
        ),
        ("'abcd'e", "something follows the closing quote"),
        ("'abcd' e", "something follows the closing quote"),
        ("'abcd", "the quote is never closed"),
        ("\"abcd", "the quote is never closed"),
        (
            "-----BEGIN PRIVATE KEY-----",
            "the PEM block has no END line",
        ),
        ("", "empty"),
        ("\"\"", "empty"),
        ("# only a comment", "empty"),
        ("your_api_key_here", "a placeholder of an example file"),
        (
            "'strongroom:kraken main/apiKey'",
            "already a reference to this vault",
        ),
        ("a\u{1}b", "contains a control character"),
    ];
    for (written, reason) in refused {
        assert_eq!(env_value(written), Err(reason.to_owned()), "{written}");
    }
}

#[test]
fn env_names_group_into_keys() {
    // Name of the key's variable → exchange, account, environment; the secret follows suit.
    let cases = [
        ("BINANCE_API_KEY", "binance", None, None),
        ("binance_apikey", "binance", None, None),
        ("BINANCE_MAIN_KEY", "binance", Some("main"), None),
        (
            "BINANCE_GRID_BOT_1_API_KEY",
            "binance",
            Some("grid-bot-1"),
            None,
        ),
        ("BINANCE_US_API_KEY", "binanceus", None, None),
        ("BINANCE_TESTNET_API_KEY", "binance", None, Some("testnet")),
        ("BINANCE_API_KEY_TESTNET", "binance", None, Some("testnet")),
        ("TESTNET_BINANCE_API_KEY", "binance", None, Some("testnet")),
        ("BINANCE_API_KEY_2", "binance", Some("2"), None),
        (
            "BYBIT_DEMO_SUB1_API_KEY",
            "bybit",
            Some("sub1"),
            Some("demo"),
        ),
        ("OKEX_API_KEY", "okx", None, None),
        ("GATE_IO_API_KEY", "gate", None, None),
        ("HUOBI_ACCESS_KEY", "htx", None, None),
        ("KRAKEN_FUTURES_API_KEY", "krakenfutures", None, None),
        ("KRAKEN_API_KEY", "kraken", None, None),
    ];
    for (name, exchange, account, environment) in cases {
        let plan = plan(Source::Env, &format!("{name}=a1b2c3d4e5\n"));
        assert_eq!(plan.drafts.len(), 1, "{name}");
        let draft = &plan.drafts[0];
        assert_eq!(draft.exchange.id.as_str(), exchange, "{name}");
        assert_eq!(draft.account.as_deref(), account, "{name}");
        assert_eq!(
            draft.environment.map(|environment| environment.name()),
            environment,
            "{name}"
        );
        assert_eq!(
            value(draft, FieldName::ApiKey),
            Some("a1b2c3d4e5"),
            "{name}"
        );
    }
    for name in [
        "GATEWAY_API_KEY",
        "PHEMEX_API_KEY",
        "API_KEY",
        "DB_PASSWORD",
        "BINANCE_URL",
        "PATH",
        "HTX",
    ] {
        let plan = plan(Source::Env, &format!("{name}=a1b2c3d4e5\n"));
        assert!(plan.drafts.is_empty(), "{name}");
        assert!(
            matches!(plan.fields[0].what, What::NotImported { .. }),
            "{name} is shown, not dropped"
        );
    }
}

#[test]
fn names_without_an_exchange_go_where_the_person_says() {
    let options = Options {
        exchange: Some("KuCoin".to_owned()),
        account: Some("desk".to_owned()),
        ..Options::default()
    };
    let env = b"API_KEY=a1b2c3d4e5\nAPI_SECRET=f6a7b8c9d0\nAPI_PASSPHRASE=hunter22\n";
    let freqtrade =
        br#"{"exchange": {"key": "a1b2c3d4e5", "secret": "f6a7b8c9d0", "password": "hunter22"}}"#;
    let ccxt = br#"{"apiKey": "a1b2c3d4e5", "secret": "f6a7b8c9d0", "password": "hunter22"}"#;
    let csv = b"key,secret,password\na1b2c3d4e5,f6a7b8c9d0,hunter22\n";
    let sources: [(Source, &[u8]); 4] = [
        (Source::Env, env),
        (Source::Freqtrade, freqtrade),
        (Source::Ccxt, ccxt),
        (Source::Csv, csv),
    ];
    for (source, bytes) in sources {
        let plan = parse(source, bytes, &options).expect("taken");
        assert_eq!(plan.drafts.len(), 1, "{source}");
        let draft = &plan.drafts[0];
        assert_eq!(draft.exchange.id.as_str(), "kucoin", "{source}");
        assert_eq!(draft.account.as_deref(), Some("desk"), "{source}");
        assert_eq!(
            value(draft, FieldName::Passphrase),
            Some("hunter22"),
            "{source}"
        );

        let without = parse(source, bytes, &Options::default()).expect("read");
        assert!(without.drafts.is_empty(), "{source}");
        let words: Vec<String> = without.notes.iter().map(ToString::to_string).collect();
        assert!(
            words.iter().any(|note| note.contains("say which")),
            "{source}: {words:?}"
        );
    }
}

#[test]
fn freqtrade_looks_for_its_fields_in_its_own_order() {
    let cases = [
        (r#""key": "kkkkaaaa""#, "kkkkaaaa"),
        (r#""key": "kkkkaaaa", "apiKey": "ccccaaaa""#, "ccccaaaa"),
        (
            r#""api_key": "ssssaaaa", "apiKey": "ccccaaaa", "key": "kkkkaaaa""#,
            "ssssaaaa",
        ),
        (
            r#""api_key": "ssssaaaa", "ccxt_config": {"apiKey": "xxxxaaaa"}"#,
            "xxxxaaaa",
        ),
        (r#""api_key": "", "key": "kkkkaaaa""#, "kkkkaaaa"),
        (r#""api_key": null, "key": "kkkkaaaa""#, "kkkkaaaa"),
        (
            r#""ccxt_config": {"api_key": "ignored-by-ccxt"}, "key": "kkkkaaaa""#,
            "kkkkaaaa",
        ),
    ];
    for (fields, key) in cases {
        let plan = plan(
            Source::Freqtrade,
            &format!(r#"{{"exchange": {{"name": "kraken", {fields}}}}}"#),
        );
        assert_eq!(
            value(&plan.drafts[0], FieldName::ApiKey),
            Some(key),
            "{fields}"
        );
    }
}

#[test]
fn values_are_cleaned_and_the_cleaning_is_said() {
    let cases = [
        (
            r#""secret": " f6a7b8c9d0 ""#,
            "f6a7b8c9d0",
            "spaces around secret were removed",
        ),
        (r#""secret": "f6a7b8c9d0\n""#, "f6a7b8c9d0", ""),
        (
            r#""secret": 1234567890""#,
            "1234567890",
            "secret was written as a number; leading zeros would have been lost",
        ),
        (
            r#""secret": "f6a7 b8c9d0""#,
            "f6a7 b8c9d0",
            "secret has a space or a line break inside",
        ),
        (
            r#""secret": "f6a7\u200bb8c9d0""#,
            "f6a7\u{200b}b8c9d0",
            "secret has characters that are not ASCII; check for an invisible one",
        ),
        (
            r#""secret": "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n""#,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "secret had \\n for line breaks; they are real ones now",
        ),
        (
            r#""secret": "-----BEGIN PRIVATE KEY-----\nAAAA""#,
            "-----BEGIN PRIVATE KEY-----\nAAAA",
            "secret is a PEM block without its END line",
        ),
    ];
    for (field, read, warning) in cases {
        let field =
            field.trim_end_matches('"').to_owned() + if field.contains(": 1") { "" } else { "\"" };
        let plan = plan(
            Source::Ccxt,
            &format!(r#"{{"bitflyer": {{"apiKey": "a1b2c3d4e5", {field}}}}}"#),
        );
        assert_eq!(
            value(&plan.drafts[0], FieldName::Secret),
            Some(read),
            "{field}"
        );
        let warnings: Vec<String> = plan.drafts[0]
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected: Vec<String> = if warning.is_empty() {
            vec![]
        } else {
            vec![warning.to_owned()]
        };
        assert_eq!(warnings, expected, "{field}");
    }
}

#[test]
fn values_that_cannot_be_taken_say_why() {
    let cases = [
        ("true", "text was expected here"),
        ("[\"f6a7b8c9d0\"]", "text was expected here"),
        ("{\"value\": \"f6a7b8c9d0\"}", "text was expected here"),
        (
            "1.5",
            "a number with a point or an exponent: its digits may have been lost when it was written",
        ),
        (
            "1e5",
            "a number with a point or an exponent: its digits may have been lost when it was written",
        ),
        (
            "NaN",
            "a number with a point or an exponent: its digits may have been lost when it was written",
        ),
        ("\"a\\u0000b\"", "contains a control character"),
        ("null", "empty"),
        ("\"  \"", "empty"),
        ("\"YOUR_API_SECRET\"", "a placeholder of an example file"),
        ("\"xxxxxxxxxxxx\"", "a placeholder of an example file"),
        ("\"<secret>\"", "a placeholder of an example file"),
        ("\"changeme\"", "a placeholder of an example file"),
    ];
    for (json, reason) in cases {
        for (source, text) in [
            (
                Source::Freqtrade,
                format!(
                    r#"{{"exchange": {{"name": "kraken", "key": "a1b2c3d4", "secret": {json}}}}}"#
                ),
            ),
            (
                Source::Ccxt,
                format!(r#"{{"kraken": {{"apiKey": "a1b2c3d4", "secret": {json}}}}}"#),
            ),
        ] {
            let plan = plan(source, &text);
            assert_eq!(plan.drafts[0].fields.len(), 1, "{text}");
            let words = match plan.fields.last().expect("a leaf").what {
                What::Taken { .. } => "taken".to_owned(),
                What::Ignored { reason } => reason.to_string(),
                What::NotImported { reason } => reason.to_string(),
            };
            assert_eq!(words, reason, "{text}");
        }
    }
    let long = "a".repeat(16 * 1024 + 1);
    let plan = plan(
        Source::Ccxt,
        &format!(r#"{{"kraken": {{"apiKey": "ab12", "secret": "{long}"}}}}"#),
    );
    assert_eq!(plan.drafts[0].fields.len(), 1);
}

/// People choose passphrases that look like placeholders; dropping one would lose a key's half.
#[test]
fn chosen_passphrases_are_kept() {
    for passphrase in ["test", "password", "xxxx", "[abc]", "<3", "two words"] {
        let plan = plan(
            Source::Ccxt,
            &format!(
                r#"{{"okx": {{"apiKey": "a1b2c3d4", "secret": "e5f6", "password": "{passphrase}"}}}}"#
            ),
        );
        assert_eq!(
            value(&plan.drafts[0], FieldName::Passphrase),
            Some(passphrase)
        );
    }
}

#[test]
fn swapped_halves_and_odd_shapes_are_pointed_out() {
    let uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    let upper = "00112233445566778899AABBCCDDEEFF";
    let pem = "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----";
    let cases = [
        ("okx", uuid, upper, ""),
        ("okx", upper, uuid, "apiKey and secret look swapped"),
        (
            "okx",
            uuid,
            "0011",
            "secret does not have the usual shape for this exchange",
        ),
        ("bitflyer", "0011", "2233", ""),
        ("bitflyer", pem, "2233", "apiKey and secret look swapped"),
    ];
    for (exchange, key, secret, warning) in cases {
        let plan = plan(
            Source::Ccxt,
            &format!(
                r#"{{"{exchange}": {{"apiKey": "{key}", "secret": "{secret}", "password": "pass"}}}}"#
            ),
        );
        let warnings: Vec<String> = plan.drafts[0]
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected: Vec<String> = if warning.is_empty() {
            vec![]
        } else {
            vec![warning.to_owned()]
        };
        assert_eq!(warnings, expected, "{exchange} {key} {secret}");
    }
}

#[test]
fn the_same_key_twice_in_one_file_is_said_and_labels_stay_unique() {
    let plan = plan(
        Source::Csv,
        "exchange,key,secret\nbybit,aaaa1111,bbbb2222\nbybit,cccc3333,dddd4444\nBYBIT,aaaa1111,bbbb2222\n",
    );
    let labels: Vec<&str> = plan
        .drafts
        .iter()
        .map(|draft| draft.label.as_str())
        .collect();
    assert_eq!(labels, ["bybit", "bybit-2", "bybit-3"]);
    let words: Vec<String> = plan.drafts[2]
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        words.contains(&"the same key as draft 0".to_owned()),
        "{words:?}"
    );
    assert!(
        !plan.drafts[1]
            .warnings
            .iter()
            .any(|warning| warning.to_string().contains("same key"))
    );
}

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
fn names_that_are_no_names_are_left_out_and_labels_stay_usable() {
    let long = "x".repeat(150);
    for (account, warned) in [
        ("main", false),
        ("", true),
        ("a\\u0007b", true),
        ("\\u202eb", true),
        (&long, true),
    ] {
        let text = format!(
            r#"{{"kraken": {{"{account}": {{"apiKey": "a1b2c3d4", "secret": "e5f6a7b8"}}}}}}"#
        );
        let plan = plan(Source::Ccxt, &text);
        let draft = &plan.drafts[0];
        assert_eq!(draft.account.is_none(), warned, "{account}");
        let said = draft
            .warnings
            .iter()
            .any(|warning| warning.to_string().contains("account's name"));
        assert_eq!(said, warned, "{account}");
        assert_eq!(draft.label, if warned { "kraken" } else { "kraken-main" });
    }
    let bot = format!(
        r#"{{"bot_name": "{}", "exchange": {{"name": "kraken", "key": "a1b2c3d4"}}}}"#,
        "b".repeat(95)
    );
    let label = &plan(Source::Freqtrade, &bot).drafts[0].label;
    assert!(strongroom_domain::KeyLabel::parse(label).is_ok(), "{label}");
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

#[test]
fn nothing_of_a_source_reaches_debug() {
    let plan = plan(
        Source::Ccxt,
        r#"{"CANARY_ENTRY": {"apiKey": "CANARYKEY1", "secret": "CANARYSECRET1", "x": "CANARYX"}}"#,
    );
    assert_eq!(plan.drafts.len(), 1);
    let debug = format!("{plan:?}");
    assert!(!debug.to_lowercase().contains("canary"), "{debug}");
}
