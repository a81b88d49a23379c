//! Keys whose exchange is asked regularly, because their owner wants that.
//!
//! The wish is a grant: it takes a code once, and from then on the questions of the catalogue, and
//! nothing else, are signed with the key without one. Deliberately not here: when anybody asks.

use strongroom_domain::{
    Canonical, CheckAttempt, CheckEnd, CheckSchedule, Days, EntryId, KeyRecord,
};
use strongroom_store::LocalSpace;

use super::select::{KeyError, ReadError};
use super::sign::NotSigned;
use crate::audit::{AuditEvent, Client, Decision, EventKind};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::stepup::{Need, StepUp};

/// Whether a person knows that asking by itself can break a bot that uses the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RisingNumbers {
    Accepted,
    NotSpokenOf,
}

/// Why nothing was arranged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotScheduled {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing is asked of this key at all.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    #[error(
        "this exchange wants every request of a key to carry a higher number than the last, so \
         that asking by itself can break a bot with the same key; confirm that no bot uses it"
    )]
    RisingNumbers,
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ReadError> for NotScheduled {
    fn from(error: ReadError) -> Self {
        Self::Key(error.into())
    }
}

impl OpenVault {
    /// Whether such a wish would be taken, found out before a code is spent.
    ///
    /// # Errors
    /// A key about which nobody can be asked; numbers that rise, where nobody accepted that.
    pub fn may_schedule_checks(
        &mut self,
        key: EntryId,
        rising: RisingNumbers,
    ) -> Result<(), NotScheduled> {
        let plan = self.check_plan(key)?;
        if plan.rising_numbers && rising == RisingNumbers::NotSpokenOf {
            return Err(NotScheduled::RisingNumbers);
        }
        Ok(())
    }

    /// From now on the exchange is asked about this key by itself, at most this often.
    ///
    /// # Errors
    /// As [`OpenVault::may_schedule_checks`]; a step-up that does not hold.
    pub fn schedule_checks(
        &mut self,
        key: EntryId,
        every: Days,
        rising: RisingNumbers,
        step_up: &StepUp,
        by: Client,
    ) -> Result<(), NotScheduled> {
        self.require(step_up, Need::Code)?;
        self.may_schedule_checks(key, rising)?;
        let before = self.check_schedule(key)?;
        let schedule = CheckSchedule {
            every,
            since: self.now(),
            // A new interval is no reason to ask anew.
            last: before
                .and_then(|before| before.last)
                .or_else(|| self.answered(key)),
        };
        let event = AuditEvent::from(EventKind::ChecksScheduled)
            .about(key)
            .by(by);
        self.commit(event, |tx| {
            tx.put_local(LocalSpace::Checks, key.as_bytes(), &schedule.encode())
                .map_err(CommitError::from)
        })?;
        Ok(())
    }

    /// It is asked by hand only.
    ///
    /// # Errors
    /// The key is gone, or nothing can be written.
    pub fn unschedule_checks(&mut self, key: EntryId, by: Client) -> Result<(), NotScheduled> {
        if self.check_schedule(key)?.is_none() {
            return Ok(());
        }
        let event = AuditEvent::from(EventKind::ChecksUnscheduled)
            .about(key)
            .by(by);
        self.commit(event, |tx| {
            tx.remove_local(LocalSpace::Checks, key.as_bytes())
                .map_err(CommitError::from)
        })?;
        Ok(())
    }

    /// # Errors
    /// What is kept cannot be read.
    pub fn check_schedule(&self, key: EntryId) -> Result<Option<CheckSchedule>, ReadError> {
        let row = self.store.local(LocalSpace::Checks, key.as_bytes())?;
        // What a newer version wrote is no leave to ask.
        Ok(row.and_then(|body| CheckSchedule::decode(&body).ok()))
    }

    /// Every key that is asked about by itself.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn check_schedules(&self) -> Result<Vec<(EntryId, CheckSchedule)>, ReadError> {
        let rows = self.store.local_rows(LocalSpace::Checks)?.into_iter();
        let read = rows.filter_map(|row| {
            let key = EntryId::from_bytes(row.name.try_into().ok()?);
            Some((key, CheckSchedule::decode(&row.body).ok()?))
        });
        Ok(read.collect())
    }

    /// Notes that asking came to nothing, so that it is not asked again before its time.
    ///
    /// # Errors
    /// Nothing can be written.
    pub fn note_unanswered(
        &mut self,
        key: EntryId,
        ended: CheckEnd,
        by: Client,
    ) -> Result<(), CommitError> {
        let Ok(Some(schedule)) = self.check_schedule(key) else {
            return Ok(());
        };
        let schedule = CheckSchedule {
            last: Some(CheckAttempt {
                at: self.now(),
                ended,
            }),
            ..schedule
        };
        let event = AuditEvent::from(EventKind::Checked).about(key).by(by);
        self.commit(event.decided(Decision::Failed), |tx| {
            tx.put_local(LocalSpace::Checks, key.as_bytes(), &schedule.encode())
                .map_err(CommitError::from)
        })
    }

    /// The same schedule after an answer, as it is to be kept; none where there is none.
    pub(super) fn schedule_after_answer(&self, record: &KeyRecord) -> Option<CheckSchedule> {
        let schedule = self.check_schedule(record.id).ok().flatten()?;
        Some(CheckSchedule {
            last: Some(CheckAttempt {
                at: self.now(),
                ended: CheckEnd::Answered,
            }),
            ..schedule
        })
    }

    fn answered(&self, key: EntryId) -> Option<CheckAttempt> {
        let (_, record) = self.read_key(key).ok()?;
        let seen = record.observation?;
        Some(CheckAttempt {
            at: seen.at,
            ended: CheckEnd::Answered,
        })
    }
}
