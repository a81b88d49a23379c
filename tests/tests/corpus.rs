//! Replays the fuzz corpus and its regressions with the ordinary compiler.

use std::path::Path;

use strongroom_tests::hostile::READERS;

#[test]
fn every_file_of_the_corpus_is_read_without_a_fault() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, read) in READERS {
        let folder = corpus.join(name);
        let files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|_| panic!("no corpus for {name}"))
            .flatten()
            .collect();
        assert!(files.len() >= 3, "{name} has only {} files", files.len());
        for file in files {
            let bytes = std::fs::read(file.path()).expect("a file of the repository");
            read(&bytes);
            // Every beginning of it is a foreign file too.
            for end in 0..bytes.len().min(2048) {
                read(&bytes[..end]);
            }
        }
    }
}

#[test]
fn damaged_bytes_are_read_without_a_fault() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, read) in READERS {
        for file in std::fs::read_dir(corpus.join(name))
            .expect("the corpus is there")
            .flatten()
        {
            let bytes = std::fs::read(file.path()).expect("a file of the repository");
            for at in 0..bytes.len().min(1024) {
                for damage in [0x00, 0xff, b'"', b'\n', bytes[at] ^ 0x01] {
                    let mut damaged = bytes.clone();
                    damaged[at] = damage;
                    read(&damaged);
                }
            }
        }
    }
}
