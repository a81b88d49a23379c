//! Revocation now: keys are given out no more from this moment, it is said where to end them, and
//! they are due until somebody has seen them dead.
//!
//! Deliberately not here: ending anything at an exchange. No key of the person's is ever used to
//! end another.

use strongroom_domain::{
    EntryId, EntryKind, KeyLabel, KeyRecord, KeyState, PermissionClass, RegisterValue, UtcMs,
    VersionState,
};
use strongroom_exchanges::catalogue::PagePurpose;

use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError, WriteKeyError};
use crate::rotate::{SitePage, page};

/// One key on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationRow {
    pub key: EntryId,
    pub label: KeyLabel,
    pub exchange_name: String,
    pub class: PermissionClass,
    pub state: KeyState,
    /// `None` once it is dead, or where it was not begun.
    pub since: Option<UtcMs>,
    pub page: Option<SitePage>,
}

/// Where a revocation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeStep {
    /// No copy and no use from now on.
    Begin,
    /// It was seen dead at the exchange.
    Confirm,
    /// It was a mistake: the key may be used again.
    Cancel,
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    #[error("the key is revoked or archived already")]
    Dead,
    #[error("its revocation was not begun; `revoke` it first")]
    NotBegun,
    #[error(transparent)]
    Write(#[from] WriteKeyError),
}

impl From<ReadError> for RevokeError {
    fn from(error: ReadError) -> Self {
        Self::Write(error.into())
    }
}

impl From<KeyError> for RevokeError {
    fn from(error: KeyError) -> Self {
        Self::Write(error.into())
    }
}

impl From<crate::error::CommitError> for RevokeError {
    fn from(error: crate::error::CommitError) -> Self {
        Self::Write(error.into())
    }
}

impl OpenVault {
    /// Makes a step for all of these keys or for none. Keys that can withdraw come first in what is
    /// given back, then those that trade.
    ///
    /// # Errors
    /// [`RevokeError`]; then nothing was changed.
    pub fn revoke(
        &mut self,
        keys: &[EntryId],
        step: RevokeStep,
        by: Client,
    ) -> Result<Vec<RevocationRow>, RevokeError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        for key in keys {
            draft.forget();
            draft.load(*key)?;
            let record = draft.record(*key).ok_or(KeyError::NotFound)?;
            for (kind, entry, value) in writes(&record, step, draft.now())? {
                draft.set(kind, entry, &value)?;
            }
            draft.changed(*key);
        }
        if !draft.is_empty() {
            let kind = match step {
                RevokeStep::Begin => EventKind::RevocationBegun,
                RevokeStep::Confirm => EventKind::RevocationConfirmed,
                RevokeStep::Cancel => EventKind::EntryEdited,
            };
            let ready = draft.finish();
            // One commit: a list of keys is contained as a whole. The log has a line for each.
            let mut rest = keys.iter().skip(1);
            let first = AuditEvent::from(kind);
            let first = match keys.first() {
                Some(key) => first.about(*key),
                None => first,
            };
            self.write_draft(first, by, ready)?;
            rest.try_for_each(|key| self.audit(AuditEvent::from(kind).about(*key).by(by)))?;
        }
        self.revocation_rows(keys)
    }

    /// Keys whose revocation was begun and not confirmed.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn revocations(&mut self) -> Result<Vec<RevocationRow>, RevokeError> {
        let keys: Vec<EntryId> = self
            .keys()?
            .rows()
            .iter()
            .filter(|row| row.is_being_ended())
            .map(|row| row.id)
            .collect();
        let mut rows = self.revocation_rows(&keys)?;
        rows.retain(|row| row.since.is_some());
        Ok(rows)
    }

    fn revocation_rows(&mut self, keys: &[EntryId]) -> Result<Vec<RevocationRow>, RevokeError> {
        self.make_ready()?;
        let mut rows = Vec::new();
        for key in keys {
            let (_, record) = self.read_key(*key)?;
            rows.push(RevocationRow {
                key: record.id,
                label: record.label.clone(),
                exchange_name: record.exchange.display_name().to_owned(),
                class: record.class(),
                state: record.state,
                since: record.revoking.filter(|_| record.state.may_be_used()),
                page: page(&record, PagePurpose::Revoke),
            });
        }
        rows.sort_by(|a, b| b.class.cmp(&a.class).then_with(|| a.label.cmp(&b.label)));
        Ok(rows)
    }
}

type Writes = Vec<(EntryKind, EntryId, RegisterValue)>;

fn writes(record: &KeyRecord, step: RevokeStep, now: UtcMs) -> Result<Writes, RevokeError> {
    use RegisterValue as V;
    let key = |value| (EntryKind::Key, record.id, value);
    if !record.state.may_be_used() {
        // What is dead already is no reason to leave the others of the list alive.
        return match step {
            RevokeStep::Begin | RevokeStep::Confirm => Ok(Vec::new()),
            RevokeStep::Cancel => Err(RevokeError::Dead),
        };
    }
    match step {
        RevokeStep::Begin if record.revoking.is_some() => Ok(Vec::new()),
        RevokeStep::Begin => Ok(vec![key(V::Revoking(Some(now)))]),
        _ if record.revoking.is_none() => Err(RevokeError::NotBegun),
        RevokeStep::Cancel => Ok(vec![key(V::Revoking(None))]),
        RevokeStep::Confirm => {
            let living = record.versions.iter();
            let living = living.filter(|one| one.state != VersionState::Revoked);
            let revoked = V::VersionState(VersionState::Revoked);
            let mut writes: Writes = living
                .map(|one| (EntryKind::Credential, one.id, revoked.clone()))
                .collect();
            writes.push(key(V::State(KeyState::Revoked)));
            Ok(writes)
        }
    }
}
