//! One due moment of one key, with what was told of it.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of, coded_enum};
use crate::expiry::Due;
use crate::ids::EntryId;
use crate::moment::{DAY_MS, HOUR_MS, UtcMs};
use crate::text::KeyLabel;

coded_enum! {
    pub enum ReminderKind: u8 {
        Expiry = 1 => "expiry",
        Rotation = 2 => "rotation",
        /// A vendor is to be looked at again.
        Review = 3 => "review",
        /// The backups of the vault are stale.
        Backup = 4 => "backup",
    }
}

/// A clock that was put back by no more than this was corrected, not wrong by days.
const CORRECTION_MS: i64 = 3 * HOUR_MS;

/// A due moment and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The id of the key, the vendor or the vault itself: random, so it tells nothing while the
    /// vault is locked.
    pub key: EntryId,
    pub kind: ReminderKind,
    pub due: Due,
    /// When this due date was recorded.
    pub recorded: UtcMs,
    /// Only with names opted in.
    pub label: Option<KeyLabel>,
    pub acknowledged: bool,
    pub(super) snooze: Option<Snooze>,
    /// Slots told, most urgent last.
    pub(super) told: Vec<Told>,
}

/// Silence from one moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Snooze {
    pub(super) from: UtcMs,
    pub(super) until: UtcMs,
}

/// Neighbouring slots that were told, as days left: `first` ≥ `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) first: i32,
    pub(super) last: i32,
    /// When the last of them was told.
    pub(super) at: UtcMs,
}

impl Reminder {
    /// More runs of told slots than this need as many sleeps among daily reminders; the oldest
    /// are then joined.
    const MOST_TOLD: usize = 64;

    pub fn new(key: EntryId, kind: ReminderKind, due: Due, recorded: UtcMs) -> Self {
        Self {
            key,
            kind,
            due,
            recorded,
            label: None,
            acknowledged: false,
            snooze: None,
            told: Vec::new(),
        }
    }

    pub fn snoozed_until(&self) -> Option<UtcMs> {
        self.snooze.map(|snooze| snooze.until)
    }

    /// Whether a snooze is running. A clock before its beginning was put back: the snooze belongs
    /// to a time that has not come, and must not silence everything before it.
    pub(super) fn is_snoozed(&self, now: UtcMs) -> bool {
        self.snooze
            .is_some_and(|snooze| snooze.from.plus_ms(-CORRECTION_MS) <= now && now < snooze.until)
    }

    pub(super) fn snooze_is_over(&self, now: UtcMs) -> bool {
        self.snooze.is_some_and(|snooze| snooze.until <= now)
    }

    /// Whether a lead of so many days is shorter than the life left when it was recorded. What is
    /// told on the day or after it always is.
    ///
    /// Stale backups are told once they are, and never announced: the next backup, which comes by
    /// itself, makes every announcement a false alarm.
    pub(super) fn has_lead(&self, days: i32) -> bool {
        let life = self.due.at.ms() - self.recorded.ms();
        days <= 0 || (self.kind != ReminderKind::Backup && i64::from(days) * DAY_MS < life)
    }

    /// Whether this slot is not to be told any more: it was, or a more urgent one was.
    pub(super) fn is_told(&self, slot: i32, now: UtcMs) -> bool {
        self.told.iter().any(|told| {
            let exactly = told.first >= slot && slot >= told.last;
            let more_urgent = told.last < slot && told.at <= now.plus_ms(CORRECTION_MS);
            exactly || more_urgent
        })
    }

    pub(super) fn tell(&mut self, slot: i32, now: UtcMs) {
        if let Some(told) = self.told.iter_mut().find(|told| told.last - 1 == slot) {
            told.last = slot;
            told.at = now;
        } else if !self
            .told
            .iter()
            .any(|told| told.first >= slot && slot >= told.last)
        {
            self.told.push(Told {
                first: slot,
                last: slot,
                at: now,
            });
        }
        self.told.sort_by_key(|told| std::cmp::Reverse(told.last));
        if self.told.len() > Self::MOST_TOLD {
            let first = self.told.remove(0).first;
            self.told[0].first = first;
        }
    }
}

impl Canonical for Reminder {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(8).map(drop).sure();
        self.key.write_cbor(out);
        self.kind.write_cbor(out);
        self.due.write_cbor(out);
        self.recorded.write_cbor(out);
        self.label.write_cbor(out);
        self.acknowledged.write_cbor(out);
        match self.snooze {
            Some(snooze) => {
                out.array(2).map(drop).sure();
                snooze.from.write_cbor(out);
                snooze.until.write_cbor(out);
            }
            None => out.null().map(drop).sure(),
        }
        out.array(self.told.len() as u64).map(drop).sure();
        for told in &self.told {
            out.array(3).map(drop).sure();
            out.i32(told.first).map(drop).sure();
            out.i32(told.last).map(drop).sure();
            told.at.write_cbor(out);
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 8)?;
        let key = EntryId::read_cbor(input)?;
        let kind = ReminderKind::read_cbor(input)?;
        let due = Due::read_cbor(input)?;
        let recorded = UtcMs::read_cbor(input)?;
        let label = Option::read_cbor(input)?;
        let acknowledged = bool::read_cbor(input)?;
        let snooze = if input.datatype()? == minicbor::data::Type::Null {
            input.null()?;
            None
        } else {
            array_of(input, 2)?;
            Some(Snooze {
                from: UtcMs::read_cbor(input)?,
                until: UtcMs::read_cbor(input)?,
            })
        };
        let told = (0..array_len(input, Self::MOST_TOLD)?)
            .map(|_| {
                array_of(input, 3)?;
                let (first, last) = (input.i32()?, input.i32()?);
                // Days left of any date the calendar can hold, so that arithmetic cannot overflow.
                if !(-4_000_000..=4_000_000).contains(&last) || first < last || first > 4_000_000 {
                    return Err(CodecError::Malformed);
                }
                Ok(Told {
                    first,
                    last,
                    at: UtcMs::read_cbor(input)?,
                })
            })
            .collect::<Result<Vec<_>, CodecError>>()?;
        Ok(Self {
            key,
            kind,
            due,
            recorded,
            label,
            acknowledged,
            snooze,
            told,
        })
    }
}
