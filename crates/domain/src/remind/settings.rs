//! What a person can set about reminders.

use jiff::civil::Time;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};

/// A local time of day, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written 09:00")]
pub struct TimeRefused;

impl TimeOfDay {
    /// Takes `09:00`.
    pub fn parse(text: &str) -> Result<Self, TimeRefused> {
        let two = |digits: &str| {
            (digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit()))
                .then(|| digits.parse::<u16>().ok())
                .flatten()
        };
        match text
            .trim()
            .split_once(':')
            .and_then(|(h, m)| Some((two(h)?, two(m)?)))
        {
            Some((hour, minute)) if hour < 24 && minute < 60 => Ok(Self(hour * 60 + minute)),
            _ => Err(TimeRefused),
        }
    }

    pub(super) fn civil(self) -> Time {
        Time::constant((self.0 / 60) as i8, (self.0 % 60) as i8, 0, 0)
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Hours in which nothing is shown; they may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

impl QuietHours {
    /// The end itself is no longer quiet. Equal ends mean no quiet hours.
    pub fn holds(self, time: Time) -> bool {
        let (from, to) = (self.from.civil(), self.to.civil());
        if from <= to {
            from <= time && time < to
        } else {
            time >= from || time < to
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "lead times are at most {} numbers of days from 0 to {}",
    LeadDays::MOST,
    LeadDays::LONGEST
)]
pub struct LeadDaysRefused;

/// How many days before a due date it is told, longest first. After it, it is told daily.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadDays(Vec<u16>);

impl LeadDays {
    pub const MOST: usize = 20;
    pub const LONGEST: u16 = 366;

    pub fn parse(days: &[u32]) -> Result<Self, LeadDaysRefused> {
        let mut leads = days
            .iter()
            .map(|days| {
                u16::try_from(*days)
                    .ok()
                    .filter(|d| *d <= Self::LONGEST)
                    .ok_or(LeadDaysRefused)
            })
            .collect::<Result<Vec<_>, _>>()?;
        leads.sort_unstable_by(|a, b| b.cmp(a));
        leads.dedup();
        if leads.len() > Self::MOST {
            Err(LeadDaysRefused)
        } else {
            Ok(Self(leads))
        }
    }

    /// Longest first.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = i32> + '_ {
        self.0.iter().map(|days| i32::from(*days))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemindSettings {
    pub leads: LeadDays,
    pub fire_at: TimeOfDay,
    pub quiet: Option<QuietHours>,
    /// Labels in notifications, which anybody before the screen can read: opt-in.
    pub names: bool,
    pub enabled: bool,
}

impl Default for RemindSettings {
    fn default() -> Self {
        Self {
            leads: LeadDays(vec![30, 14, 7, 3, 1, 0]),
            fire_at: TimeOfDay(9 * 60),
            quiet: None,
            names: false,
            enabled: true,
        }
    }
}

impl Canonical for TimeOfDay {
    fn write_cbor(&self, out: &mut Enc) {
        out.u16(self.0).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        let minutes = input.u16()?;
        if minutes < 24 * 60 {
            Ok(Self(minutes))
        } else {
            Err(CodecError::Malformed)
        }
    }
}

impl Canonical for QuietHours {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        self.from.write_cbor(out);
        self.to.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        Ok(Self {
            from: TimeOfDay::read_cbor(input)?,
            to: TimeOfDay::read_cbor(input)?,
        })
    }
}

impl Canonical for RemindSettings {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(5).map(drop).sure();
        out.array(self.leads.0.len() as u64).map(drop).sure();
        self.leads
            .0
            .iter()
            .for_each(|days| out.u16(*days).map(drop).sure());
        self.fire_at.write_cbor(out);
        self.quiet.write_cbor(out);
        self.names.write_cbor(out);
        self.enabled.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 5)?;
        let leads = (0..array_len(input, LeadDays::MOST)?)
            .map(|_| Ok(u32::from(input.u16()?)))
            .collect::<Result<Vec<_>, CodecError>>()?;
        Ok(Self {
            leads: LeadDays::parse(&leads).map_err(|_| CodecError::Malformed)?,
            fire_at: TimeOfDay::read_cbor(input)?,
            quiet: Option::read_cbor(input)?,
            names: bool::read_cbor(input)?,
            enabled: bool::read_cbor(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::parse(text).expect("a time")
    }

    #[test]
    fn quiet_hours_may_span_midnight() {
        let night = QuietHours {
            from: time("22:00"),
            to: time("08:30"),
        };
        for (at, quiet) in [
            ("22:00", true),
            ("23:59", true),
            ("00:00", true),
            ("08:29", true),
            ("08:30", false),
        ] {
            assert_eq!(night.holds(time(at).civil()), quiet, "{at}");
        }
        let noon = QuietHours {
            from: time("12:00"),
            to: time("12:00"),
        };
        assert!(!noon.holds(time("12:00").civil()));
    }

    #[test]
    fn what_is_no_time_or_lead_is_refused() {
        for text in ["", "9:00", "24:00", "09:60", "09.00", "+9:00"] {
            assert_eq!(TimeOfDay::parse(text), Err(TimeRefused), "{text}");
        }
        assert_eq!(LeadDays::parse(&[367]), Err(LeadDaysRefused));
        let leads = LeadDays::parse(&[0, 7, 7, 30]).expect("three leads");
        assert_eq!(leads.days().collect::<Vec<_>>(), [30, 7, 0]);
    }
}
