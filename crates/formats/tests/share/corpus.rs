//! The fuzz corpus, and a share whose inside is frozen: what was made once opens for ever.

use std::path::{Path, PathBuf};

use crate::common::*;
use crate::share;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/share")
}

#[test]
fn the_corpus_passes() {
    let mut replayed = 0;
    for file in std::fs::read_dir(corpus()).expect("a corpus") {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("readable");
        share::check(&bytes);
        replayed += 1;
    }
    assert!(replayed >= 5, "{replayed} files are left of the corpus");
}

#[test]
fn the_inside_of_a_share_is_frozen() {
    let frozen = std::fs::read(corpus().join("frozen-v1")).expect("it is there");
    let made = signed_part(&for_bob(), &person(2));
    assert!(frozen == made, "a share is not written as it was");
    let file = forged(&frozen, &person(1), &person(2));
    assert_eq!(opened_by_bob(&file).writes().expect("reads").len(), 4);
}
