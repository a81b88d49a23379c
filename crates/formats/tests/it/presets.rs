//! Variables for `strongroom run --as PRESET`.

use strongroom_domain::ExchangeId;
use strongroom_formats::FieldName;
use strongroom_formats::presets::{Preset, check_value, variables};
use strongroom_secret::SecretText;

fn named(preset: Preset, exchange: &str, fields: &[&str]) -> String {
    let exchange = ExchangeId::parse(exchange).expect("an id");
    match variables(preset, &exchange, fields) {
        Ok(variables) => {
            let pairs: Vec<String> = variables
                .iter()
                .map(|(field, name)| format!("{name}={}", fields[*field]))
                .collect();
            pairs.join(" ")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_preset_has_its_programs_names() {
    let cases: &[(Preset, &str, &[&str], &str)] = &[
        (
            Preset::Freqtrade,
            "okx",
            &["apiKey", "secret", "passphrase"],
            "FREQTRADE__EXCHANGE__API_KEY=apiKey FREQTRADE__EXCHANGE__KEY=apiKey FREQTRADE__EXCHANGE__SECRET=secret FREQTRADE__EXCHANGE__PASSWORD=passphrase",
        ),
        (
            Preset::Freqtrade,
            "hyperliquid",
            &["walletAddress", "privateKey"],
            "FREQTRADE__EXCHANGE__WALLET_ADDRESS=walletAddress FREQTRADE__EXCHANGE__PRIVATE_KEY=privateKey",
        ),
        (
            Preset::Freqtrade,
            "woofipro",
            &["apiKey", "secret", "uid", "accountId"],
            "FREQTRADE__EXCHANGE__API_KEY=apiKey FREQTRADE__EXCHANGE__KEY=apiKey FREQTRADE__EXCHANGE__SECRET=secret FREQTRADE__EXCHANGE__UID=uid FREQTRADE__EXCHANGE__ACCOUNT_ID=accountId",
        ),
        (
            Preset::Ccxt,
            "binance",
            &["apiKey", "secret", "passphrase", "uid"],
            "BINANCE_APIKEY=apiKey BINANCE_SECRET=secret BINANCE_PASSWORD=passphrase BINANCE_UID=uid",
        ),
        (
            Preset::Ccxt,
            "hyperliquid",
            &["walletAddress", "privateKey"],
            "HYPERLIQUID_WALLETADDRESS=walletAddress HYPERLIQUID_PRIVATEKEY=privateKey",
        ),
        (
            Preset::Ccxt,
            "my-dex",
            &["apiKey", "secret", "twofa"],
            "MY_DEX_APIKEY=apiKey MY_DEX_SECRET=secret MY_DEX_TWOFA=twofa",
        ),
        (
            Preset::Plain,
            "okx",
            &[
                "apiKey",
                "secret",
                "passphrase",
                "uid",
                "walletAddress",
                "privateKey",
                "token",
            ],
            "API_KEY=apiKey API_SECRET=secret API_PASSPHRASE=passphrase API_UID=uid API_WALLET_ADDRESS=walletAddress API_PRIVATE_KEY=privateKey API_TOKEN=token",
        ),
        (
            Preset::Plain,
            "okx",
            &["secret", "webhookUrl2", "other-field"],
            "API_SECRET=secret API_WEBHOOK_URL2=webhookUrl2 API_OTHER_FIELD=other-field",
        ),
    ];
    for (preset, exchange, fields, expected) in cases {
        assert_eq!(
            named(*preset, exchange, fields),
            *expected,
            "{preset} {exchange}"
        );
    }
}

#[test]
fn keys_that_do_not_fit_are_refused_in_words() {
    let cases: &[(Preset, &str, &[&str], &str)] = &[
        (Preset::Plain, "okx", &[], "the key has no fields to give"),
        (
            Preset::Freqtrade,
            "okx",
            &["apiKey"],
            "freqtrade needs secret too, which the key does not have",
        ),
        (
            Preset::Freqtrade,
            "okx",
            &["secret", "passphrase"],
            "freqtrade needs apiKey too, which the key does not have",
        ),
        (
            Preset::Ccxt,
            "hyperliquid",
            &["walletAddress"],
            "ccxt needs privateKey too, which the key does not have",
        ),
        (
            Preset::Freqtrade,
            "okx",
            &["apiKey", "secret", "token"],
            "freqtrade has no variable for field 2; use another preset",
        ),
        (
            Preset::Ccxt,
            "okx",
            &["apiKey", "secret", "mine"],
            "ccxt has no variable for field 2; use another preset",
        ),
        (
            Preset::Ccxt,
            "1x",
            &["apiKey", "secret"],
            "the exchange's id does not make a variable's name",
        ),
        (
            Preset::Plain,
            "okx",
            &["my-field", "my_field"],
            "fields 0 and 1 would be the same variable",
        ),
        (
            Preset::Plain,
            "okx",
            &["a=b"],
            "plain has no variable for field 0; use another preset",
        ),
        (
            Preset::Plain,
            "okx",
            &["größe"],
            "plain has no variable for field 0; use another preset",
        ),
    ];
    for (preset, exchange, fields, expected) in cases {
        assert_eq!(
            named(*preset, exchange, fields),
            *expected,
            "{preset} {exchange}"
        );
    }
}

/// The values were run through freqtrade 2026.9's `_get_var_typed`; these came out as no text.
#[test]
fn values_that_freqtrade_would_convert_are_known() {
    let converted = [
        "1234567890",
        "0012",
        "-5",
        "+5",
        " 12 ",
        "1_000",
        "1.5",
        ".5",
        "5.",
        "1e5",
        "12E4",
        "1e-7",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "t",
        "T",
        "true",
        "False",
        "f",
        "[1, 2]",
        "[]",
        "٣",
    ];
    let kept = [
        "", "abc", "0x12", "1__0", "_1", "1_", "1e", "e5", "12ab", "12 34", "tr", "none", "{}",
        "[a", "a1b2c3d4", "1.2.3", "--5", ".", "é",
    ];
    let check = |field, text: &str| {
        check_value(Preset::Freqtrade, field, &SecretText::new(text.to_owned()))
    };
    for text in converted {
        let refused = check(FieldName::Secret, text).expect_err(text);
        assert!(
            refused
                .to_string()
                .starts_with("freqtrade reads secret as a number"),
            "{refused}"
        );
        assert_eq!(
            check(FieldName::Passphrase, text),
            Ok(()),
            "PASSWORD is left alone"
        );
        let other = check_value(
            Preset::Ccxt,
            FieldName::Secret,
            &SecretText::new(text.to_owned()),
        );
        assert_eq!(other, Ok(()), "{text}");
    }
    for text in kept {
        assert_eq!(check(FieldName::Secret, text), Ok(()), "{text:?}");
    }
    assert!(check(FieldName::Passphrase, "a\0b").is_err());
}
