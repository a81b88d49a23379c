//! Single rules of the importers: one table of cases a rule.

use strongroom_formats::{FieldName, Options, Source, What, parse};

use crate::common::{plan, value};

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
fn nothing_of_a_source_reaches_debug() {
    let plan = plan(
        Source::Ccxt,
        r#"{"CANARY_ENTRY": {"apiKey": "CANARYKEY1", "secret": "CANARYSECRET1", "x": "CANARYX"}}"#,
    );
    assert_eq!(plan.drafts.len(), 1);
    let debug = format!("{plan:?}");
    assert!(!debug.to_lowercase().contains("canary"), "{debug}");
}
