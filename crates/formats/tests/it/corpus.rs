//! Replays what fuzzing found worth keeping, so that it is checked without a nightly compiler.

use strongroom_formats::Source;

use crate::common::{corpus, samples};
use crate::{import, kdbx_check};

#[test]
fn the_corpus_of_every_importer_passes() {
    for source in Source::ALL {
        let check = |bytes: &[u8]| match source {
            Source::Keepass => kdbx_check::check(bytes),
            _ => import::check(source, bytes),
        };
        let folder = corpus().join(match source {
            Source::Keepass => "kdbx".to_owned(),
            _ => format!("import_{source}"),
        });
        let mut replayed = 0;
        for file in std::fs::read_dir(&folder).expect("a corpus") {
            let path = file.expect("an entry").path();
            check(&std::fs::read(&path).expect("readable"));
            replayed += 1;
        }
        assert!(replayed > 0, "{source} has no corpus");
    }
}

#[test]
fn the_golden_samples_pass_as_any_source() {
    for (_, _, bytes) in samples() {
        for source in Source::ALL {
            import::check(source, &bytes);
        }
    }
}
