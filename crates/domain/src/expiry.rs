//! When a key stops working, and why.
//!
//! Several rules can end a key; the earliest wins and is explained. A day is 24 hours, as the
//! exchanges count it, so no clock change and no time zone moves a due date.
//!
//! Deliberately not here: which rules which exchange has.

use crate::allowlist::Allowlist;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::event::RotationEvent;
use crate::moment::UtcMs;
use crate::rotation::Days;

/// One recorded rule that ends a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExpiryCause {
    Fixed {
        at: UtcMs,
    },
    DaysSinceCreation {
        days: Days,
    },
    /// Ends when it has not been used for so long.
    Inactivity {
        days: Days,
    },
    /// Ends so long after creation unless it has an allowlist.
    NoAllowlist {
        days: Days,
    },
    /// The account's password was changed, and the exchange ends its keys then.
    PasswordChange {
        at: UtcMs,
    },
    /// A session or an agent wallet lives so long after it was approved, used or not.
    SessionLife {
        days: Days,
    },
}

/// Why something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueCause {
    Expiry(ExpiryCause),
    /// So many days since the last rotation.
    Rotation(Days),
    /// The key is marked as compromised: rotate now.
    Compromised,
    /// It is being ended at the exchange, and nobody has said yet that it is dead.
    Revocation,
    /// A vendor that holds keys is to be looked at again.
    Review,
    /// Something happened since the secret in use was made: rotate now.
    Event(RotationEvent),
    /// The backups of the vault are stale.
    Backups,
}

/// A moment something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    pub at: UtcMs,
    pub cause: DueCause,
}

impl DueCause {
    /// One clause.
    pub fn words(self) -> String {
        match self {
            Self::Expiry(cause) => cause.words(),
            Self::Rotation(days) => format!("{days} since the last rotation"),
            Self::Compromised => "marked as compromised".to_owned(),
            Self::Revocation => "its revocation is not confirmed".to_owned(),
            Self::Review => "a vendor that holds keys is looked at again".to_owned(),
            Self::Event(event) => event.name().to_owned(),
            Self::Backups => "no backup was made for a week".to_owned(),
        }
    }

    /// One sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Expiry(cause) => cause.sentence(),
            Self::Rotation(days) => {
                format!(
                    "Its rotation policy gives a secret {days}, counted from the last rotation."
                )
            }
            Self::Compromised => {
                "It is marked as compromised, so it is to be rotated at once.".to_owned()
            }
            Self::Revocation => {
                "Its revocation at the exchange was begun and nobody has confirmed it.".to_owned()
            }
            Self::Review => {
                "What was found out about this vendor is to be looked at again.".to_owned()
            }
            Self::Event(event) => format!(
                "Since its secret was made, {}, so it is to be rotated at once.",
                event.name()
            ),
            Self::Backups => {
                "No backup of this vault was made for a week in any of its places.".to_owned()
            }
        }
    }
}

impl ExpiryCause {
    /// One clause.
    pub fn words(self) -> String {
        match self {
            Self::Fixed { .. } => "fixed date".to_owned(),
            Self::DaysSinceCreation { days } => format!("{days} since creation"),
            Self::Inactivity { days } => format!("{days} without use"),
            Self::NoAllowlist { days } => format!("{days} since creation without an allowlist"),
            Self::PasswordChange { .. } => "the account's password was changed".to_owned(),
            Self::SessionLife { days } => format!("{days} at most since it was approved"),
        }
    }

    /// One sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Fixed { .. } => "The exchange ends this key on a fixed date.".to_owned(),
            Self::DaysSinceCreation { days } => {
                format!("The exchange ends this key {days} after it was made.")
            }
            Self::Inactivity { days } => {
                format!("The exchange ends this key when it has not been used for {days}.")
            }
            Self::NoAllowlist { days } => {
                format!("The exchange ends a key without an IP allowlist {days} after it was made.")
            }
            Self::PasswordChange { .. } => {
                "The exchange ends this key because the account's password was changed.".to_owned()
            }
            Self::SessionLife { days } => {
                format!("A session or an agent lives {days} at most after it was approved.")
            }
        }
    }

    /// The moment by this rule alone, or `None` where the rule does not apply.
    fn due(self, facts: &ExpiryFacts<'_>) -> Option<UtcMs> {
        match self {
            Self::Fixed { at } | Self::PasswordChange { at } => Some(at),
            Self::DaysSinceCreation { days } | Self::SessionLife { days } => {
                Some(facts.created.plus_days(days.get()))
            }
            Self::Inactivity { days } => {
                let used = facts
                    .last_used
                    .map_or(facts.created, |used| used.max(facts.created));
                Some(used.plus_days(days.get()))
            }
            Self::NoAllowlist { .. } if facts.allowlist.restricts() => None,
            Self::NoAllowlist { days } => Some(facts.created.plus_days(days.get())),
        }
    }
}

/// What the rules are applied to.
#[derive(Debug, Clone, Copy)]
pub struct ExpiryFacts<'a> {
    pub created: UtcMs,
    /// By us or seen at the exchange, whichever is later.
    pub last_used: Option<UtcMs>,
    pub allowlist: &'a Allowlist,
}

/// The earliest end of a key. Of two rules that end it at the same moment the one that stands first
/// in [`ExpiryCause`] is told.
pub fn earliest(causes: &[ExpiryCause], facts: &ExpiryFacts<'_>) -> Option<Due> {
    causes
        .iter()
        .filter_map(|cause| {
            Some(Due {
                at: cause.due(facts)?,
                cause: DueCause::Expiry(*cause),
            })
        })
        .min()
}

/// The most rules kept of one key.
pub(crate) const MOST_CAUSES: usize = 20;

impl Canonical for ExpiryCause {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        let (code, value) = match self {
            Self::Fixed { at } => (0, at.ms()),
            Self::DaysSinceCreation { days } => (1, i64::from(days.get())),
            Self::Inactivity { days } => (2, i64::from(days.get())),
            Self::NoAllowlist { days } => (3, i64::from(days.get())),
            Self::PasswordChange { at } => (4, at.ms()),
            Self::SessionLife { days } => (5, i64::from(days.get())),
        };
        out.u8(code).map(drop).sure();
        out.i64(value).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        let code = input.u8()?;
        let value = input.i64()?;
        let at = || UtcMs::parse(value).map_err(|_| CodecError::Malformed);
        let days = || {
            u32::try_from(value)
                .ok()
                .and_then(|days| Days::parse(days).ok())
                .ok_or(CodecError::Malformed)
        };
        Ok(match code {
            0 => Self::Fixed { at: at()? },
            1 => Self::DaysSinceCreation { days: days()? },
            2 => Self::Inactivity { days: days()? },
            3 => Self::NoAllowlist { days: days()? },
            4 => Self::PasswordChange { at: at()? },
            5 => Self::SessionLife { days: days()? },
            _ => return Err(CodecError::Unknown),
        })
    }
}

/// A set: ascending, without repeats.
impl Canonical for Vec<ExpiryCause> {
    fn write_cbor(&self, out: &mut Enc) {
        let mut causes = self.clone();
        causes.sort_unstable();
        causes.dedup();
        out.array(causes.len() as u64).map(drop).sure();
        causes.iter().for_each(|cause| cause.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, MOST_CAUSES)?)
            .map(|_| ExpiryCause::read_cbor(input))
            .collect()
    }
}

/// The code of stale backups among the causes; those of events lie below it.
const BACKUPS: i8 = -1;

impl Canonical for Due {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        self.at.write_cbor(out);
        match self.cause {
            DueCause::Expiry(cause) => cause.write_cbor(out),
            DueCause::Rotation(days) => days.write_cbor(out),
            DueCause::Compromised => out.null().map(drop).sure(),
            DueCause::Revocation => out.bool(true).map(drop).sure(),
            DueCause::Review => out.bool(false).map(drop).sure(),
            // Below zero, where no number of days is.
            DueCause::Backups => out.i8(BACKUPS).map(drop).sure(),
            DueCause::Event(event) => {
                let code = i16::from(event.code());
                out.i16(i16::from(BACKUPS) - code).map(drop).sure();
            }
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        use minicbor::data::Type;
        array_of(input, 2)?;
        let at = UtcMs::read_cbor(input)?;
        let cause = match input.datatype()? {
            Type::Array => DueCause::Expiry(ExpiryCause::read_cbor(input)?),
            Type::Null => {
                input.null()?;
                DueCause::Compromised
            }
            Type::Bool if input.bool()? => DueCause::Revocation,
            Type::Bool => DueCause::Review,
            Type::I8 => match i16::from(BACKUPS) - i16::from(input.i8()?) {
                0 => DueCause::Backups,
                code => u8::try_from(code)
                    .ok()
                    .and_then(RotationEvent::from_code)
                    .map(DueCause::Event)
                    .ok_or(CodecError::Unknown)?,
            },
            _ => DueCause::Rotation(Days::read_cbor(input)?),
        };
        Ok(Self { at, cause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowlist::IpRule;
    use crate::moment::DAY_MS;

    fn days(days: u32) -> Days {
        Days::parse(days).expect("within limits")
    }

    #[test]
    fn the_earliest_rule_wins_and_is_explained() {
        let created = UtcMs::parse(1_000 * DAY_MS).expect("a date");
        let causes = [
            ExpiryCause::DaysSinceCreation { days: days(90) },
            ExpiryCause::NoAllowlist { days: days(30) },
            ExpiryCause::Inactivity { days: days(14) },
        ];
        let listed = Allowlist::listed([IpRule::parse("203.0.113.7").expect("an address")])
            .expect("one rule");
        let unused = |allowlist| ExpiryFacts {
            created,
            last_used: None,
            allowlist,
        };
        let used = |allowlist| ExpiryFacts {
            created,
            last_used: Some(created.plus_days(80)),
            allowlist,
        };
        for (facts, after, words) in [
            (unused(&Allowlist::Unrestricted), 14, "14 days without use"),
            (
                used(&Allowlist::Unrestricted),
                30,
                "30 days since creation without an allowlist",
            ),
            (
                used(&Allowlist::Unknown),
                30,
                "30 days since creation without an allowlist",
            ),
            (used(&listed), 90, "90 days since creation"),
        ] {
            let due = earliest(&causes, &facts).expect("it ends");
            assert_eq!(
                (due.at, due.cause.words().as_str()),
                (created.plus_days(after), words)
            );
        }
        assert_eq!(earliest(&[], &unused(&Allowlist::Unknown)), None);
    }

    #[test]
    fn every_cause_is_one_sentence() {
        let at = UtcMs::EPOCH;
        for cause in [
            DueCause::Expiry(ExpiryCause::Fixed { at }),
            DueCause::Expiry(ExpiryCause::DaysSinceCreation { days: days(1) }),
            DueCause::Expiry(ExpiryCause::Inactivity { days: days(14) }),
            DueCause::Expiry(ExpiryCause::NoAllowlist { days: days(90) }),
            DueCause::Expiry(ExpiryCause::PasswordChange { at }),
            DueCause::Expiry(ExpiryCause::SessionLife { days: days(180) }),
            DueCause::Rotation(days(30)),
            DueCause::Compromised,
            DueCause::Revocation,
            DueCause::Review,
            DueCause::Event(RotationEvent::PersonLeft),
            DueCause::Event(RotationEvent::ServiceDropped),
            DueCause::Backups,
        ] {
            let sentence = cause.sentence();
            assert!(
                sentence.ends_with('.') && sentence.matches('.').count() == 1,
                "{sentence}"
            );
        }
    }
}
