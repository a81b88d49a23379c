//! Replays the fuzz corpus of answers with the ordinary compiler, whole, cut and damaged.

use std::path::Path;

use crate::read_answer;

pub(crate) fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/read_answer");
    let files: Vec<_> = std::fs::read_dir(folder)
        .expect("a corpus")
        .flatten()
        .map(|file| std::fs::read(file.path()).expect("a file of the repository"))
        .collect();
    assert!(files.len() >= 20, "only {} files", files.len());
    files
}

#[test]
fn every_file_of_the_corpus_is_read_without_a_fault() {
    for bytes in corpus() {
        read_answer::check(&bytes);
    }
}

/// Cutting and damaging at every place is the fuzzer's; here every 13th place shows the kind.
#[test]
fn cut_and_damaged_answers_are_read_without_a_fault() {
    for bytes in corpus() {
        for at in (0..bytes.len().min(512)).step_by(13) {
            read_answer::check(&bytes[..at]);
            for damage in [0x00, 0xff, b'"', b'{'] {
                let mut damaged = bytes.clone();
                damaged[at] = damage;
                read_answer::check(&damaged);
            }
        }
    }
}
