//! What the tests of this crate share: the golden samples and a plan as text.

use std::fmt::Write;
use std::path::PathBuf;

use strongroom_formats::{
    Draft, FieldName, ImportPlan, Options, Source, Unlocking, What, is_encrypted, parse, unlock,
};
use strongroom_secret::SecretText;

pub(crate) fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/import")
}

pub(crate) fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// Every golden sample: its source, file name and bytes.
pub(crate) fn samples() -> Vec<(Source, String, Vec<u8>)> {
    let mut samples = Vec::new();
    for source in Source::ALL {
        let folder = golden().join(source.as_str());
        for file in std::fs::read_dir(folder)
            .expect("golden samples")
            .map(|file| file.expect("entry"))
        {
            let name = file.file_name().into_string().expect("ASCII names");
            samples.push((source, name, std::fs::read(file.path()).expect("readable")));
        }
    }
    samples.sort_by(|one, two| one.1.cmp(&two.1));
    assert!(samples.len() >= 12, "samples are missing");
    samples
}

/// The password of an encrypted sample, as `make-samples.py` has it.
pub(crate) fn password(name: &str) -> SecretText {
    let oldest = name == "oldest.dat";
    let text = if oldest {
        "sixteen bytes ok"
    } else {
        "correct horse"
    };
    SecretText::new(text.to_owned())
}

/// A sample in plaintext, if it was encrypted.
pub(crate) fn opened(source: Source, name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let password = password(name);
    let with = Unlocking {
        password: Some(&password),
        key_file: None,
    };
    let opened = unlock(source, &bytes, with).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(opened.is_some(), is_encrypted(source, &bytes), "{name}");
    // EXPOSE: tests look at what was read.
    opened.map_or(bytes, |opened| opened.expose().to_vec())
}

/// A plan as the command line would show it: no value in it.
pub(crate) fn shown(plan: &ImportPlan) -> String {
    let mut text = String::new();
    for (index, draft) in plan.drafts.iter().enumerate() {
        let environment = draft
            .environment
            .map_or("not said", |environment| environment.name());
        let fields: Vec<String> = draft
            .fields
            .iter()
            // EXPOSE: tests may look; only the length is shown.
            .map(|field| format!("{} ({})", field.name, field.value.expose().len()))
            .collect();
        writeln!(
            text,
            "draft {index}: {:?}, exchange {} (written {:?}), account {:?}, environment {environment}\n  {}",
            draft.label,
            draft.exchange.id,
            draft.exchange.raw,
            draft.account.as_deref().unwrap_or("-"),
            fields.join(", "),
        )
        .expect("memory");
        if !draft.tags.is_empty() || draft.notes.is_some() {
            let tags: Vec<&str> = draft.tags.iter().map(|tag| tag.as_str()).collect();
            let notes = draft.notes.as_ref().map_or(0, |notes| notes.as_str().len());
            writeln!(text, "  tags {tags:?}, notes of {notes} bytes").expect("memory");
        }
        for warning in &draft.warnings {
            writeln!(text, "  ! {warning}").expect("memory");
        }
    }
    for note in &plan.notes {
        writeln!(text, "note: {note}").expect("memory");
    }
    for account in &plan.fields {
        let what = match account.what {
            What::Taken { draft, field } => format!("taken: {field} of draft {draft}"),
            What::Ignored { reason } => format!("ignored: {reason}"),
            What::NotImported { reason } => format!("NOT IMPORTED: {reason}"),
        };
        writeln!(text, "{}: {what}", account.where_).expect("memory");
    }
    text
}

/// The plan of a source without options.
pub(crate) fn plan(source: Source, text: &str) -> ImportPlan {
    parse(source, text.as_bytes(), &Options::default())
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A field of a draft, to compare.
pub(crate) fn value(draft: &Draft, name: FieldName) -> Option<&str> {
    // EXPOSE: tests compare what was read.
    draft.field(name).map(|value| value.expose())
}
