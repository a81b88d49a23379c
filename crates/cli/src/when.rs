//! Dates and moments as a person types them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A moment, UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) i64);

/// `2026-12-05` (its end, local time, for an expiry is the caller's to choose), `2026-12-05T14:30`
/// (local), `2026-12-05T14:30Z`, or `now`.
pub(crate) fn parse_moment(text: &str) -> Result<Moment, String> {
    if text == "now" {
        return Ok(Moment(crate::clock::now_ms()));
    }
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Ok(Moment(timestamp.as_millisecond()));
    }
    let local = text.parse::<jiff::civil::DateTime>().map_err(|_| {
        "expected a date such as 2026-12-05, a moment such as 2026-12-05T14:30, or `now`".to_owned()
    })?;
    local
        .to_zoned_datetime(TimeZone::system())
        .map(|zoned| Moment(zoned.timestamp().as_millisecond()))
        .map_err(|_| "this date is out of range".to_owned())
}

/// The same, but a plain date means the end of that day: a key that expires on the 5th works on
/// the 5th.
pub(crate) fn parse_end(text: &str) -> Result<Moment, String> {
    let Ok(date) = text.parse::<Date>() else {
        return parse_moment(text);
    };
    // `2026-12-05T14:30` parses as a date too.
    if text.contains(['T', 't', ' ']) {
        return parse_moment(text);
    }
    date.at(23, 59, 59, 0)
        .to_zoned_datetime(TimeZone::system())
        .map(|zoned| Moment(zoned.timestamp().as_millisecond()))
        .map_err(|_| "this date is out of range".to_owned())
}

pub(crate) const DAY_MS: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_moments_are_taken_and_guesses_are_not() {
        let utc = parse_moment("2026-12-05T14:30:00Z").expect("a moment");
        assert_eq!(utc, Moment(1_796_481_000_000));
        let day = parse_moment("2026-12-05").expect("a date");
        let end = parse_end("2026-12-05").expect("a date");
        assert_eq!(end.0 - day.0, DAY_MS - 1000);
        let hour = parse_end("2026-12-05T14:30").expect("a moment");
        assert!(hour.0 > day.0 && hour.0 < end.0);
        for text in ["", "tomorrow", "05.12.2026", "2026-13-01", "12/05/2026"] {
            assert!(parse_moment(text).is_err(), "{text:?}");
            assert!(parse_end(text).is_err(), "{text:?}");
        }
    }
}
