//! Our readers against others that share no code with them.

use proptest::prelude::*;
use strongroom_formats::{FieldName, Options, Source, What, parse};

/// The value our importer takes for the one credential of a source.
fn taken(source: Source, text: &str) -> Option<String> {
    let plan = parse(source, text.as_bytes(), &Options::default()).ok()?;
    // EXPOSE: compared with what another reader reads.
    Some(
        plan.drafts
            .first()?
            .field(FieldName::Secret)?
            .expose()
            .to_owned(),
    )
}

fn leaves(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(items) if !items.is_empty() => items.iter().map(leaves).sum(),
        serde_json::Value::Object(members) if !members.is_empty() => {
            members.values().map(leaves).sum()
        }
        _ => 1,
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let name = "apiKey|secret|password|exchange|kraken|okx|options|[a-z\u{e9}\"/]{0,6}";
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// serde_json counts the values; every one has exactly one account, under its own place.
    #[test]
    fn every_json_leaf_is_accounted_for_once(value in json(), pretty in any::<bool>()) {
        let value = serde_json::json!({ "kraken": value });
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.expect("memory");
        for source in [Source::Freqtrade, Source::Ccxt] {
            let plan = parse(source, text.as_bytes(), &Options::default()).expect("it is JSON");
            prop_assert_eq!(plan.fields.len(), leaves(&value));
        }
    }

    #[test]
    fn json_text_is_decoded_as_serde_decodes_it(secret in "\\PC{1,40}") {
        let text = serde_json::json!({ "bitflyer": { "secret": secret } }).to_string();
        if let Some(ours) = taken(Source::Ccxt, &text) {
            prop_assert_eq!(ours, secret.trim());
        }
    }

    /// Whatever we take, dotenvy reads the same, unless it has variables in it.
    #[test]
    fn env_values_are_read_as_dotenvy_reads_them(
        value in "[ -#%-~]{1,30}",
        quote in prop_oneof![Just(""), Just("'"), Just("\"")],
    ) {
        let text = format!("BITFLYER_SECRET={quote}{value}{quote}\n");
        let theirs = dotenvy::from_read_iter(text.as_bytes()).next();
        if let (Some(ours), Some(Ok((_, theirs)))) = (taken(Source::Env, &text), theirs) {
            prop_assert_eq!(ours, theirs.trim());
        }
    }

    /// Most values in single quotes are taken by both: the property above is not empty.
    #[test]
    fn ordinary_env_values_are_taken(value in "a1B[A-Za-z0-9+/=_-]{6,64}", comment in any::<bool>()) {
        let comment = if comment { "  # main" } else { "" };
        for quote in ["", "'", "\""] {
            let text = format!("BITFLYER_SECRET={quote}{value}{quote}{comment}\n");
            let ours = taken(Source::Env, &text);
            prop_assert_eq!(ours.as_deref(), Some(value.as_str()), "{}", text);
        }
    }

    /// Tables written by the crate `csv`, with any cell, are read cell by cell as they were.
    #[test]
    fn tables_are_read_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("[ -~\u{e9}\r\n\"]{0,12}", 3), 1..8),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t')],
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["exchange", "secret", "notes"]).expect("memory");
        for row in &rows {
            writer.write_record(row).expect("memory");
        }
        let table = writer.into_inner().expect("memory");
        let plan = parse(Source::Csv, &table, &Options::default()).expect("it is a table");
        prop_assert_eq!(plan.fields.len(), rows.len() * 3);
        let mut drafts = plan.drafts.iter();
        for (row, cells) in rows.iter().zip(plan.fields.chunks(3)) {
            if matches!(cells[1].what, What::Taken { .. }) {
                let draft = drafts.next().expect("a draft for each taken row");
                // EXPOSE: compared with what was written.
                let read = draft.field(FieldName::Secret).expect("taken").expose();
                prop_assert_eq!(read, row[1].trim());
            }
        }
        prop_assert!(drafts.next().is_none());
    }
}
