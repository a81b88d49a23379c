//! What a released binary lacks, and how large it is.

use strongroom_tests::{product, release_product};

/// What only builds for tests read: a clock, and where on the loopback an exchange is played.
const FOR_TESTS: [&[u8]; 2] = [b"STRONGROOM_TEST_CLOCK_FD", b"STRONGROOM_TEST_EXCHANGE"];

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|seen| seen == wanted)
}

#[test]
fn a_release_build_cannot_be_told_the_time_nor_where_an_exchange_is() {
    let tested = std::fs::read(product()).expect("the tested program is there");
    for name in FOR_TESTS {
        assert!(
            holds(&tested, name),
            "the tested build does not read it: this test shows nothing"
        );
    }
    let Some(release) = release_product() else {
        // Without `make test` there may be no release build; the run that counts has one.
        assert!(
            std::env::var_os("STRONGROOM_BIN").is_none(),
            "no release build was handed over"
        );
        return;
    };
    let released = std::fs::read(release).expect("the released program is there");
    for name in FOR_TESTS {
        assert!(
            !holds(&released, name),
            "a release build reads what is for tests"
        );
    }
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
