//! What reads foreign bytes, with what must hold for every input. Called by the fuzz targets and by
//! the replay of their corpus; the only place of this crate that knows the product's own crates.

use std::io::Cursor;

use serde_json::Value;
use strongroom_crypto::Header;
use strongroom_formats::{Options, ReferenceError, Replacement, Source, What};
use strongroom_wire::{MAX_FRAME, Request, parse_payload, read_frame};

/// A reader's name and the function that checks it.
pub type Reader = (&'static str, fn(&[u8]));

/// Every reader of foreign bytes. A fuzz target and a corpus folder have the same name.
pub const READERS: &[Reader] = &[
    ("header", header),
    ("frame", frame),
    ("import_freqtrade", import_freqtrade),
    ("import_ccxt", import_ccxt),
    ("import_env", import_env),
    ("import_csv", import_csv),
];

/// A header is refused, or it is exactly what this program would have written.
///
/// # Panics
/// When neither is the case.
pub fn header(bytes: &[u8]) {
    if let Ok(header) = Header::parse(bytes) {
        assert_eq!(
            header.encode(),
            bytes,
            "a header that is not canonical was taken"
        );
    }
}

/// Frames are bounded, and every request that is taken can be told apart from another.
///
/// # Panics
/// When a frame over the limit was read.
pub fn frame(bytes: &[u8]) {
    let mut input = Cursor::new(bytes);
    while let Ok(payload) = read_frame(&mut input) {
        assert!(
            payload.len() <= MAX_FRAME,
            "a frame over the limit was read"
        );
        if let Ok(request) = parse_payload::<Request<Value>>(&payload) {
            let _every_field_was_named = (request.id, request.vault, request.command);
        }
    }
}

pub fn import_freqtrade(bytes: &[u8]) {
    import(Source::Freqtrade, bytes);
}

pub fn import_ccxt(bytes: &[u8]) {
    import(Source::Ccxt, bytes);
}

pub fn import_env(bytes: &[u8]) {
    import(Source::Env, bytes);
}

pub fn import_csv(bytes: &[u8]) {
    import(Source::Csv, bytes);
}

/// A source is refused, or accounted for; and replacing what was taken either says why it cannot,
/// or leaves a source from which nothing is taken any more.
fn import(source: Source, bytes: &[u8]) {
    let _a_guess = strongroom_formats::detect(bytes, None);
    let options = Options::default();
    let Ok(plan) = strongroom_formats::parse(source, bytes, &options) else {
        return;
    };
    for account in &plan.fields {
        if let What::Taken { draft, .. } = account.what {
            assert!(
                draft < plan.drafts.len(),
                "a field went into a draft that is not there"
            );
        }
    }
    let labels: Vec<Replacement> = (0..plan.drafts.len())
        .map(|draft| Replacement {
            draft,
            label: format!("key-{draft}"),
        })
        .collect();
    let rewritten = match strongroom_formats::references(source, bytes, &options, &labels) {
        Ok(rewritten) => rewritten,
        Err(ReferenceError::NoSuchDraft { .. } | ReferenceError::TwoLabels { .. }) => {
            panic!("a draft of the plan was not found")
        }
        Err(_) => return,
    };
    let again = strongroom_formats::parse(source, &rewritten, &options)
        .expect("what was written can be read");
    let secrets = again
        .drafts
        .iter()
        .map(|draft| draft.fields.len())
        .sum::<usize>();
    assert_eq!(secrets, 0, "a value was left after it was replaced");
}
