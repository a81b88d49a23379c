//! What holds for any bytes, and for the real samples damaged in any way.

use proptest::prelude::*;
use strongroom_formats::{Options, Replacement, Source, What, parse, references};

use crate::common::samples;
use crate::import;

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Freqtrade),
        Just(Source::Ccxt),
        Just(Source::Env),
        Just(Source::Csv)
    ]
}

/// One change to a file: bytes removed, and others put in their place.
#[derive(Debug, Clone)]
struct Damage {
    at: prop::sample::Index,
    removed: usize,
    put: Vec<u8>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let put = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        "[\"'\\\\{}\\[\\],:;=#$`/*\n\r\t -]{0,4}".prop_map(String::into_bytes),
        "(key|secret|exchange|\\$\\{A\\}|-----BEGIN |-----END |strongroom:a/b|//|/\\*|\"\"|'')"
            .prop_map(String::into_bytes),
    ];
    (any::<prop::sample::Index>(), 0..12_usize, put).prop_map(|(at, removed, put)| Damage {
        at,
        removed,
        put,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(source in source(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        import::check(source, &bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(
        source in source(),
        text in "([A-Z_]{1,8}=?|KRAKEN_(KEY|SECRET)=|[\"'{}\\[\\],:;=#$\\\\]|key|secret|\n| |[a-z0-9]{9}){0,60}",
    ) {
        import::check(source, text.as_bytes());
    }

    #[test]
    fn damaged_samples_are_read_or_refused(
        sample in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        let samples = samples();
        let (source, _, mut bytes) = samples[sample.index(samples.len())].clone();
        for Damage { at, removed, put } in damages {
            let start = at.index(bytes.len() + 1);
            let end = bytes.len().min(start + removed);
            bytes.splice(start..end, put);
        }
        import::check(source, &bytes);
    }

    /// One account per line that is not blank, where no value runs over several lines.
    #[test]
    fn every_env_line_is_accounted_for_once(lines in prop::collection::vec("[A-Za-z0-9_=# ]{0,30}", 0..40)) {
        let text = lines.join("\n");
        prop_assume!(!text.trim().is_empty());
        let plan = parse(Source::Env, text.as_bytes(), &Options::default()).expect("lines");
        let blank = |line: &&String| line.trim().is_empty();
        prop_assert_eq!(plan.fields.len(), lines.iter().filter(|line| !blank(line)).count());
        let numbers: Vec<u32> = plan.fields.iter().map(|account| account.where_.line).collect();
        prop_assert!(numbers.is_sorted_by(|one, two| one < two));
    }

    /// What stands between the references is what stood between the values.
    #[test]
    fn references_change_nothing_else(
        keys in prop::collection::vec(("[a-z]{3,8}", "[A-Za-z0-9]{12,40}", "[A-Za-z0-9+/]{12,60}"), 1..6),
        padding in prop::collection::vec("( |\t|\n|\r\n){0,3}", 12),
    ) {
        let mut json = String::from("{");
        for (index, (name, key, secret)) in keys.iter().enumerate() {
            let pad = |place: usize| padding[(index + place) % padding.len()].as_str();
            json += &format!(
                "{}\"{name}{index}\"{}:{}{{\"apiKey\":{}\"{key}\",{}\"skip\": true, \"secret\"{}: \"{secret}\"{}}},",
                pad(0), pad(1), pad(2), pad(3), pad(4), pad(5), pad(6),
            );
        }
        json.push('}');
        let plan = parse(Source::Ccxt, json.as_bytes(), &Options::default()).expect("keys");
        let replacements: Vec<Replacement> = (0..plan.drafts.len())
            .map(|draft| Replacement { draft, label: format!("L{draft}") })
            .collect();
        let taken = |plan: &strongroom_formats::ImportPlan| {
            plan.fields.iter().filter(|account| matches!(account.what, What::Taken { .. })).count()
        };
        prop_assert_eq!(taken(&plan), keys.len() * 2);
        let rewritten = references(Source::Ccxt, json.as_bytes(), &Options::default(), &replacements);
        // Two random values may be equal, or one part of another: then it says so.
        prop_assume!(rewritten.is_ok());
        let mut expected = json.clone();
        for (index, (_, key, secret)) in keys.iter().enumerate() {
            expected = expected.replacen(&format!("\"{key}\""), &format!("\"strongroom:L{index}/apiKey\""), 1);
            expected = expected.replacen(&format!("\"{secret}\""), &format!("\"strongroom:L{index}/secret\""), 1);
        }
        prop_assert_eq!(String::from_utf8(rewritten.expect("assumed")).expect("UTF-8"), expected);
    }
}
