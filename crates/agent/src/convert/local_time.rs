//! Due moments in the local calendar of this machine.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use strongroom_domain::{Due, UtcMs};
use strongroom_wire as wire;

/// One moment with the time zone it is looked at from; asked once for a whole list.
pub(crate) struct LocalTime {
    zone: TimeZone,
    today: Date,
    now: UtcMs,
}

impl LocalTime {
    /// The system's time zone, read anew: a laptop travels.
    pub(crate) fn at(now_ms: u64) -> Self {
        let zone = system_zone();
        let now = UtcMs::from_clock(now_ms);
        let today = date(&zone, now);
        Self { zone, today, now }
    }

    pub(crate) fn now(&self) -> UtcMs {
        self.now
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The time of day.
    pub(crate) fn clock(&self) -> jiff::civil::Time {
        let at = Timestamp::from_millisecond(self.now.ms()).unwrap_or(Timestamp::MAX);
        self.zone.to_datetime(at).time()
    }

    pub(crate) fn due(&self, due: Due) -> wire::Due {
        wire::Due {
            cause: due.cause.words(),
            ..self.moment(due.at)
        }
    }

    /// A due moment whose cause is for the caller to say.
    pub(crate) fn moment(&self, at: UtcMs) -> wire::Due {
        let on = date(&self.zone, at);
        wire::Due {
            at_ms: at.ms(),
            date: on.to_string(),
            days: days_between(self.today, on),
            cause: String::new(),
        }
    }
}

fn date(zone: &TimeZone, at: UtcMs) -> Date {
    let at = Timestamp::from_millisecond(at.ms()).unwrap_or(Timestamp::MAX);
    zone.to_datetime(at).date()
}

fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

/// `TZ` or `/etc/localtime`; UTC where neither says anything.
fn system_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strongroom_domain::DueCause;

    #[test]
    fn days_are_counted_in_local_dates() {
        // 2026-11-23 22:30 UTC is already the 24th east of it.
        let now = UtcMs::from_clock(1_795_473_000_000);
        for (zone, due_ms, date_shown, days) in [
            (TimeZone::UTC, 1_795_478_400_000_i64, "2026-11-24", 1),
            (
                TimeZone::fixed(jiff::tz::offset(2)),
                1_795_478_400_000,
                "2026-11-24",
                0,
            ),
            (TimeZone::UTC, 1_795_386_600_000, "2026-11-22", -1),
        ] {
            let today = date(&zone, now);
            let local = LocalTime { zone, today, now };
            let due = Due {
                at: UtcMs::parse(due_ms).expect("a date"),
                cause: DueCause::Compromised,
            };
            let shown = local.due(due);
            assert_eq!((shown.date.as_str(), shown.days), (date_shown, days));
        }
    }
}
