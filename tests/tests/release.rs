//! What a released binary lacks, and how large it is.

use strongroom_tests::{product, release_product};

const CLOCK: &[u8] = b"STRONGROOM_TEST_CLOCK_FD";

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|seen| seen == wanted)
}

#[test]
fn a_release_build_cannot_be_told_the_time() {
    let tested = std::fs::read(product()).expect("the tested program is there");
    assert!(
        holds(&tested, CLOCK),
        "the tested build has no test clock: this test shows nothing"
    );
    let Some(release) = release_product() else {
        // Without `make test` there may be no release build; the run that counts has one.
        assert!(
            std::env::var_os("STRONGROOM_BIN").is_none(),
            "no release build was handed over"
        );
        return;
    };
    let released = std::fs::read(release).expect("the released program is there");
    assert!(
        !holds(&released, CLOCK),
        "a release build reads a test's clock"
    );
}

#[test]
fn the_released_binary_is_under_15_mib() {
    let Some(release) = release_product() else {
        return;
    };
    let bytes = std::fs::metadata(release)
        .expect("the released program is there")
        .len();
    assert!(bytes < 15 * 1024 * 1024, "{bytes} bytes");
}
