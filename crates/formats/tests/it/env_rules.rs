//! How `.env` values are read and how their names group into keys.

use strongroom_formats::{FieldName, Source, What};

use crate::common::{plan, value};

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
