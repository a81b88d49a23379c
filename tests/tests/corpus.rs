//! Replays the fuzz corpus of header, frames and signed requests with the ordinary compiler, and
//! what one damaged byte makes of it. The importers' corpus is replayed in `crates/formats`, that of
//! exchanges' answers in `crates/exchanges`.

use std::path::Path;

#[path = "../../fuzz/checks/canonical.rs"]
mod canonical;
#[path = "../../fuzz/checks/frame.rs"]
mod frame;
#[path = "../../fuzz/checks/header.rs"]
mod header;

type Reader = (&'static str, fn(&[u8]));

const READERS: &[Reader] = &[
    ("header", header::check),
    ("frame", frame::check),
    ("canonical", canonical::check),
];

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(name);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|_| panic!("no corpus for {name}"))
        .flatten()
        .map(|file| std::fs::read(file.path()).expect("a file of the repository"))
        .collect();
    assert!(files.len() >= 3, "{name} has only {} files", files.len());
    files
}

#[test]
fn every_file_of_the_corpus_and_every_beginning_of_it_is_read_without_a_fault() {
    for (name, check) in READERS {
        for bytes in corpus(name) {
            check(&bytes);
            for end in 0..bytes.len().min(2048) {
                check(&bytes[..end]);
            }
        }
    }
}

#[test]
fn damaged_bytes_are_read_without_a_fault() {
    for (name, check) in READERS {
        for bytes in corpus(name) {
            for at in 0..bytes.len().min(1024) {
                for damage in [0x00, 0xff, b'"', b'\n', bytes[at] ^ 0x01] {
                    let mut damaged = bytes.clone();
                    damaged[at] = damage;
                    check(&damaged);
                }
            }
        }
    }
}
