//! When an exchange is asked about a key by itself, where the owner of the key wants that.
//!
//! It is kept beside the record and is never shared: another device with the same key would ask as
//! often again. Deliberately not here: asking, and whether the vault is open.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of, coded_enum};
use crate::ids::EntryId;
use crate::moment::{DAY_MS, HOUR_MS, UtcMs};
use crate::rotation::Days;

coded_enum! {
    /// How asking an exchange about a key ended.
    pub enum CheckEnd: u8 {
        Answered = 1 => "answered",
        /// Something about the key or its secret is wrong.
        KeyIsWrong = 2 => "the key is wrong",
        /// The exchange knows the key and does not say more.
        KeyIsKnown = 3 => "the key is known",
        CannotBeAskedFromHere = 4 => "it cannot be asked from here",
        AskLater = 5 => "the exchange said: later",
        CannotTell = 6 => "why is not clear",
        NoAnswer = 7 => "no answer",
    }
}

/// One asking that came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckAttempt {
    pub at: UtcMs,
    pub ended: CheckEnd,
}

/// The wish that a key's exchange is asked regularly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckSchedule {
    pub every: Days,
    /// When it was wished for.
    pub since: UtcMs,
    /// The last asking since, by hand or by itself, whatever came of it.
    pub last: Option<CheckAttempt>,
}

/// Keys of one exchange that were added together are not asked about together.
const SPREAD_PERCENT: i64 = 10;
const MOST_SPREAD_MS: i64 = 6 * HOUR_MS;

impl CheckSchedule {
    /// When to ask next: at once if it was never asked since, else never before the interval is
    /// over, and up to a tenth of it (six hours at most) later, as key and time of the last asking
    /// say.
    pub fn next(&self, key: EntryId) -> UtcMs {
        let Some(last) = self.last else {
            return self.since;
        };
        let interval = i64::from(self.every.get()) * DAY_MS;
        let spread = (interval * SPREAD_PERCENT / 100).min(MOST_SPREAD_MS);
        let late = i64::try_from(mixed(key, last.at) % u64::try_from(spread.max(1)).unwrap_or(1));
        let after = last.at.plus_days(self.every.get()).ms();
        UtcMs::parse(after.saturating_add(late.unwrap_or(0))).unwrap_or(last.at)
    }
}

/// FNV-1a, 64 bits: spreads, and nothing depends on who can guess it.
fn mixed(key: EntryId, at: UtcMs) -> u64 {
    let at = at.ms().to_be_bytes();
    let bytes = key.as_bytes().iter().chain(&at);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Canonical for CheckAttempt {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        self.at.write_cbor(out);
        self.ended.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        Ok(Self {
            at: UtcMs::read_cbor(input)?,
            ended: CheckEnd::read_cbor(input)?,
        })
    }
}

impl Canonical for CheckSchedule {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        self.every.write_cbor(out);
        self.since.write_cbor(out);
        self.last.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 3)?;
        Ok(Self {
            every: Days::read_cbor(input)?,
            since: UtcMs::read_cbor(input)?,
            last: Option::read_cbor(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(every: u32, last: Option<i64>) -> CheckSchedule {
        CheckSchedule {
            every: Days::parse(every).expect("days"),
            since: UtcMs::EPOCH,
            last: last.map(|ms| CheckAttempt {
                at: UtcMs::parse(ms).expect("a moment"),
                ended: CheckEnd::NoAnswer,
            }),
        }
    }

    fn key(number: u8) -> EntryId {
        EntryId::from_bytes([number; 16])
    }

    #[test]
    fn it_is_due_at_once_then_never_before_the_interval_and_not_much_later() {
        assert_eq!(schedule(7, None).next(key(1)), UtcMs::EPOCH);
        let last = 20_000 * DAY_MS;
        for every in [1, 7, 30, 3650] {
            for number in 0..=255 {
                let next = schedule(every, Some(last)).next(key(number)).ms();
                let interval = i64::from(every) * DAY_MS;
                let latest = last + interval + (interval / 10).min(6 * HOUR_MS);
                assert!(
                    (last + interval..latest).contains(&next),
                    "{every} {number}"
                );
            }
        }
    }

    #[test]
    fn keys_that_were_asked_about_together_are_spread() {
        let last = 20_000 * DAY_MS;
        let mut times: Vec<i64> = (0..=255)
            .map(|number| schedule(1, Some(last)).next(key(number)).ms() / HOUR_MS)
            .collect();
        times.sort_unstable();
        times.dedup();
        // A tenth of a day is two hours and a half.
        assert_eq!(times.len(), 3, "{times:?}");
    }

    #[test]
    fn it_reads_back_and_its_bytes_are_frozen() {
        let all = [schedule(7, None), schedule(30, Some(DAY_MS))];
        for one in all {
            assert_eq!(CheckSchedule::decode(&one.encode()), Ok(one));
        }
        assert_eq!(all[0].encode(), [0x83, 7, 0, 0xf6]);
        let last = [0x82, 0x1a, 0x05, 0x26, 0x5c, 0x00, 7];
        assert_eq!(all[1].encode(), [&[0x83, 0x18, 30, 0][..], &last].concat());
    }
}
