//! What must hold for any bytes given to an importer. Shared by the fuzz targets and by the test
//! in `crates/formats` that replays their corpus.

use std::collections::HashSet;

use strongroom_domain::{AccountLabel, KeyLabel};
use strongroom_formats::{
    Options, ReferenceError, Replacement, Source, TakenAs, What, detect, parse, references,
};

pub(crate) fn check(source: Source, bytes: &[u8]) {
    let named = Options {
        exchange: Some("kraken".to_owned()),
        ..Options::default()
    };
    let _ = detect(bytes, None);
    for options in [Options::default(), named] {
        check_with(source, bytes, &options);
    }
}

fn check_with(source: Source, bytes: &[u8], options: &Options) {
    let plan = match parse(source, bytes, options) {
        Ok(plan) => plan,
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            return;
        }
    };

    // Every taken place went into a draft, and every field of a draft came from somewhere.
    let mut taken = HashSet::new();
    for account in &plan.fields {
        let What::Taken {
            draft,
            field: TakenAs::Credential(field),
        } = account.what
        else {
            continue;
        };
        assert!(plan.drafts[draft].field(field).is_some());
        taken.insert((draft, field));
    }
    let mut labels = HashSet::new();
    for (index, draft) in plan.drafts.iter().enumerate() {
        // An archive also tells of fields of the person's own.
        let has_own = draft
            .record
            .as_ref()
            .is_some_and(|record| !record.other_fields.is_empty());
        assert!(!draft.fields.is_empty() || has_own);
        assert!(KeyLabel::parse(&draft.label).is_ok() && labels.insert(&draft.label));
        assert!(
            draft
                .account
                .as_deref()
                .is_none_or(|account| AccountLabel::parse(account).is_ok())
        );
        for field in &draft.fields {
            // EXPOSE: a value that is recorded is neither empty nor padded.
            let value = field.value.expose();
            // An archive gives what it holds; the vault trims what it records.
            assert!(!value.is_empty() && (value == value.trim() || source == Source::Strongroom));
            assert!(taken.contains(&(index, field.name)));
        }
    }

    // Replacing everything leaves nothing to import and the same places.
    let replacements: Vec<Replacement> = (0..plan.drafts.len())
        .map(|draft| Replacement {
            draft,
            label: format!("fuzzed \"key\" {draft}"),
        })
        .collect();
    match references(source, bytes, options, &replacements) {
        Ok(rewritten) => {
            let again = parse(source, &rewritten, options).expect("what was written reads back");
            assert!(again.drafts.is_empty());
            assert_eq!(again.fields.len(), plan.fields.len());
        }
        Err(ReferenceError::Archive) => assert_eq!(source, Source::Strongroom),
        Err(ReferenceError::StillThere { .. } | ReferenceError::Unclosed { .. }) => {}
        Err(refused) => panic!("{refused}"),
    }
}
