//! What holds for any bytes, any JSON, any pasted text, and for real answers changed in any way.

use proptest::prelude::*;
use serde_json::{Map, Value};
use strongroom_domain::{Environment, FieldName, UtcMs};
use strongroom_exchanges::catalogue::{Shape, all};
use strongroom_exchanges::probe::forbidden;
use strongroom_exchanges::reading::{Asked, read, redacted};
use strongroom_exchanges::recognise::{guesses, looked_over, tidied};
use strongroom_exchanges::refusal;

use crate::corpus::corpus;
use crate::read_answer;

/// Stands for a secret: it occurs in no text of ours.
const CANARY: &str = "Qz7canaryQz7canaryQz7canary";

/// Names that readers look for, so that arbitrary JSON is not refused at its first field.
const NAMES: &[&str] = &[
    "code",
    "msg",
    "data",
    "result",
    "error",
    "permissions",
    "perm",
    "permission",
    "perms",
    "enableReading",
    "can_view",
    "ips",
    "ip",
    "ipAllowlist",
    "readOnly",
    "permType",
    "scope",
    "name",
    "read_only",
    "address",
    "validUntil",
    "role",
    "createTime",
    "status",
    "key",
    "label",
];

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from(CANARY)),
        "(trade|withdraw|read_only|order|203\\.0\\.113\\.7|\\*|0|1|-1|,| ){0,5}"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name = prop::sample::select(NAMES).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn asked() -> Asked<'static> {
    Asked {
        key: None,
        agent: None,
        received: UtcMs::EPOCH,
        status: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_answer::check(&bytes);
    }

    #[test]
    fn any_json_is_read_or_refused_and_an_error_tells_nothing_of_it(answer in json()) {
        let bytes = answer.to_string();
        read_answer::check(bytes.as_bytes());
        for facts in all() {
            for call in &facts.calls {
                if let Err(refused) = read(facts, &call.name, bytes.as_bytes(), &asked()) {
                    let told = format!("{refused} {refused:?}");
                    prop_assert!(!told.contains("canary"));
                }
            }
        }
        if let Ok(cleaned) = redacted(bytes.as_bytes()) {
            prop_assert!(!cleaned.contains("canary"));
        }
    }

    #[test]
    fn changed_answers_are_read_or_refused(
        sample in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\"{}\\[\\],:0-9a-z -]{0,3}", 0..6_usize), 1..5),
    ) {
        let samples = corpus();
        let mut bytes = samples[sample.index(samples.len())].clone();
        for (at, put, removed) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, put.into_bytes());
        }
        read_answer::check(&bytes);
    }

    #[test]
    fn tidying_is_done_at_once_and_adds_nothing_but_line_ends(
        text in "([ \t\n\"'`,;“”\u{200b}\u{feff}\u{a0}]|[A-Za-z0-9=]{1,6}|-----(BEGIN|END) PRIVATE KEY-----|\\\\n){0,12}",
    ) {
        let once = tidied(&text);
        // EXPOSE: an invented text, compared.
        let twice = tidied(once.text.expose());
        prop_assert_eq!(once.text.expose(), twice.text.expose());
        prop_assert!(twice.mends.is_empty(), "{:?} {:?}", text, twice.mends);
        let letters = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).count();
        prop_assert!(letters(once.text.expose()) <= letters(&text));
    }

    #[test]
    fn any_text_is_looked_at_and_never_quoted(text in "[ -~]{0,80}|\\PC{0,40}") {
        let mut canary = text.clone();
        canary.push_str(CANARY);
        for text in [&text, &canary] {
            for guess in guesses(text) {
                prop_assert!(!guess.why.contains("canary"));
            }
        }
        for facts in all() {
            let fields = [(FieldName::API_KEY, canary.as_str()), (FieldName::SECRET, text.as_str())];
            for finding in looked_over(facts, Environment::Production, &fields) {
                let told = format!("{finding:?}");
                prop_assert!(!told.contains("canary"));
            }
        }
        refusal::guesses(&text);
    }

    #[test]
    fn any_path_is_compared_with_what_must_never_be_called(path in "(/|%2[fF]|%2e|\\.|[a-z0-9_-]{1,8}|\\?|%|é){0,16}") {
        for facts in all() {
            forbidden(facts, "POST", &path);
        }
    }

    #[test]
    fn any_text_is_a_shape_or_none_and_a_shape_looks_at_any_text(
        shape in "([a-z]{1,8}\\{[0-9]{1,3}(,[0-9]{1,3})?\\}|'[a-z_-]{0,4}'|uuid|pem'[A-Z ]{0,9}'| ){0,5}",
        text in "[ -~]{0,70}",
    ) {
        if let Ok(shape) = Shape::parse(&shape) {
            shape.fits(&text);
            prop_assert!(!shape.words().is_empty());
        }
    }
}
