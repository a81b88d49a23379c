//! Moments as databases write them.

use data_encoding::BASE64;
use jiff::Timestamp;
use strongroom_domain::UtcMs;

/// Seconds from 0001-01-01, from which version 4 counts, to 1970-01-01.
const SECONDS_TO_1970: i64 = 62_135_596_800;

/// A moment as version 3 writes it (ISO 8601) or as version 4 does (seconds in Base64).
pub(super) fn read_moment(written: &str) -> Option<UtcMs> {
    let seconds = if written.contains(':') {
        written.parse::<Timestamp>().ok()?.as_second()
    } else {
        let bytes = BASE64.decode(written.as_bytes()).ok()?;
        i64::from_le_bytes(bytes.try_into().ok()?).checked_sub(SECONDS_TO_1970)?
    };
    UtcMs::parse(seconds.checked_mul(1000)?).ok()
}

/// A moment as version 4 writes it.
pub(super) fn written_moment(moment: UtcMs) -> String {
    let seconds = moment.ms() / 1000 + SECONDS_TO_1970;
    BASE64.encode(&seconds.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_both_versions_are_read() {
        let at = |ms| UtcMs::parse(ms).ok();
        assert_eq!(read_moment("2027-01-31T00:00:00Z"), at(1_801_353_600_000));
        assert_eq!(
            read_moment("KD3K3w4AAAA="),
            at((0x0e_dfca_3d28 - SECONDS_TO_1970) * 1000)
        );
        for ms in [0, 1_801_353_600_000, 253_370_678_400_000] {
            assert_eq!(
                read_moment(&written_moment(at(ms).expect("a date"))),
                at(ms)
            );
        }
        for none in [
            "",
            "AAAAAAAAAAA=",
            "//////////8=",
            "/////////38=",
            "2027-13-01T00:00:00Z",
            "soon",
        ] {
            assert_eq!(read_moment(none), None, "{none}");
        }
    }
}
