//! That somebody decided to live with a finding: why, and until when.
//!
//! It is an entry of its own, so that two people who accept two findings are never in conflict.

use super::{Subject, rule};
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::moment::{DAY_MS, UtcMs};
use crate::register::Register;
use crate::text::Line;
use crate::value::{RegisterValue, shown};

/// Which finding. The rule is kept by its name, so that a rule of a newer version is kept too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingId {
    pub rule: Line,
    pub subject: Subject,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub reason: Line,
    pub until: UtcMs,
    /// When it was decided.
    pub at: UtcMs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptanceRefused {
    #[error("there is no such finding; `strongroom health` lists them")]
    NoSuchRule,
    #[error("a finding is accepted until a day to come")]
    Past,
    #[error("a finding is accepted for a year at most; then it is to be looked at again")]
    TooLong,
}

impl Acceptance {
    const MOST_DAYS: i64 = 366;

    /// A decision made now.
    pub fn decide(reason: Line, until: UtcMs, now: UtcMs) -> Result<Self, AcceptanceRefused> {
        if until <= now {
            return Err(AcceptanceRefused::Past);
        }
        if until.ms() - now.ms() > Self::MOST_DAYS * DAY_MS {
            return Err(AcceptanceRefused::TooLong);
        }
        let at = now;
        Ok(Self { reason, until, at })
    }
}

impl FindingId {
    /// A finding of this version.
    pub fn new(id: &str, subject: Subject) -> Result<Self, AcceptanceRefused> {
        let known = rule(id).ok_or(AcceptanceRefused::NoSuchRule)?;
        let rule = Line::parse(known.id).map_err(|_| AcceptanceRefused::NoSuchRule)?;
        Ok(Self { rule, subject })
    }
}

/// An acceptance as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptanceRecord {
    pub id: EntryId,
    pub finding: FindingId,
    pub acceptance: Acceptance,
}

impl AcceptanceRecord {
    /// `None` if it was withdrawn, or lacks what makes it one.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        if replica.is_deleted(id) {
            return None;
        }
        Some(Self {
            id,
            finding: match shown(replica, id, Register::Finding)? {
                RegisterValue::Finding(finding) => finding,
                _ => return None,
            },
            acceptance: match shown(replica, id, Register::Accepted)? {
                RegisterValue::Accepted(acceptance) => acceptance,
                _ => return None,
            },
        })
    }
}

impl Canonical for FindingId {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        self.rule.write_cbor(out);
        self.subject.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        Ok(Self {
            rule: Line::read_cbor(input)?,
            subject: Subject::read_cbor(input)?,
        })
    }
}

impl Canonical for Acceptance {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        self.reason.write_cbor(out);
        self.until.write_cbor(out);
        self.at.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 3)?;
        Ok(Self {
            reason: Line::read_cbor(input)?,
            until: UtcMs::read_cbor(input)?,
            at: UtcMs::read_cbor(input)?,
        })
    }
}
