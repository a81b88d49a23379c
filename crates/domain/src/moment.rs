//! A moment in UTC milliseconds, kept inside the years that calendars can show.
//!
//! Deliberately not here: reading a clock, and local time (see `remind`).

/// Milliseconds of 24 hours. A "day" of an exchange's rule is 24 hours, so neither a clock change
/// nor a time zone moves a due date.
pub const DAY_MS: i64 = 24 * HOUR_MS;
pub const HOUR_MS: i64 = 3_600_000;

/// 9998-12-31T00:00:00Z: any time zone can still show it.
const LAST: i64 = 253_370_678_400_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date must lie between 1970 and 9998")]
pub struct MomentRefused;

/// Milliseconds since 1970-01-01T00:00:00Z, from 1970 to 9998.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMs(i64);

impl UtcMs {
    pub const EPOCH: Self = Self(0);

    pub fn parse(ms: i64) -> Result<Self, MomentRefused> {
        if (0..=LAST).contains(&ms) {
            Ok(Self(ms))
        } else {
            Err(MomentRefused)
        }
    }

    /// A clock's reading; one beyond the calendar is taken for its end.
    pub fn from_clock(ms: u64) -> Self {
        Self(i64::try_from(ms).unwrap_or(LAST).min(LAST))
    }

    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Stops at the ends of the calendar.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms).clamp(0, LAST))
    }

    /// As many times 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        self.plus_ms(i64::from(days) * DAY_MS)
    }

    /// The same moment for a calendar.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).expect("1970 to 9998 lies inside jiff's range")
    }
}

impl std::fmt::Debug for UtcMs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_outside_the_calendar_are_refused_and_sums_stop_at_its_ends() {
        assert_eq!(UtcMs::parse(-1), Err(MomentRefused));
        assert_eq!(UtcMs::parse(LAST + 1), Err(MomentRefused));
        assert_eq!(UtcMs::from_clock(u64::MAX), UtcMs(LAST));
        assert_eq!(UtcMs(LAST).plus_days(u32::MAX), UtcMs(LAST));
        assert_eq!(UtcMs(5).plus_ms(i64::MIN), UtcMs::EPOCH);
        assert_eq!(UtcMs(LAST).timestamp().to_string(), "9998-12-31T00:00:00Z");
    }
}
