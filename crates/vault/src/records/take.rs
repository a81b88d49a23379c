//! Taking a secret out: to show it, to copy it, to run a program with it.
//!
//! The intent is in the audit log, on the disk, before anything leaves; if it cannot be written
//! nothing leaves.

use strongroom_domain::{
    EntryId, EntryKind, Environment, ExchangeId, FieldName, KeyLabel, KeyRecord, KeyState,
    MaterialField, Register, RegisterValue, UtcMs,
};

use super::draft::{Altered, Draft};
use super::edit::exchanges_of;
use super::select::{KeyError, ReadError};
use crate::audit::{AuditEvent, Client, Decision, EventKind};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::stepup::{Need, StepUp};

/// What the secret is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be seen by the person.
    Reveal,
    /// To the clipboard.
    Copy,
    /// Into the environment of a program.
    Run,
    /// To sign a request; what leaves is the request, never the secret.
    Sign,
    /// To sign a question to the exchange about the key itself.
    Check,
    /// To look at its form; nothing of it leaves.
    Look,
    /// Into a file, with others.
    Export,
}

impl Purpose {
    pub(super) fn event(self) -> EventKind {
        match self {
            Self::Reveal => EventKind::Revealed,
            Self::Copy => EventKind::Copied,
            Self::Run => EventKind::Ran,
            Self::Sign => EventKind::Signed,
            Self::Check => EventKind::Checked,
            Self::Look => EventKind::LookedAt,
            Self::Export => EventKind::Exported,
        }
    }
}

/// Which part of a key's secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// All fields if none are named.
    pub fields: Vec<FieldName>,
    /// The version in use without it.
    pub version: Option<EntryId>,
}

/// A secret in the clear. Dropping it wipes it.
#[derive(Debug)]
pub struct TakenSecret {
    pub key: EntryId,
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub environment: Environment,
    pub fields: Vec<MaterialField>,
}

/// Why nothing left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TakeError {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("this key is revoked; a revoked key is not given out")]
    Revoked,
    #[error("this key is archived; restore it to use it")]
    Archived,
    #[error("this key is marked as compromised; rotate it, or take the mark away to use it")]
    Compromised,
    #[error(
        "this key is being revoked and is given out no more; `revoke --cancel` takes that back"
    )]
    BeingRevoked,
    #[error("no secret is recorded for this key")]
    NoSecret,
    #[error("this secret was purged")]
    Purged,
    #[error("there is no such version of its secret")]
    NoSuchVersion,
    #[error(
        "no new secret of this key waits to come into use; `rotate status` says what comes next"
    )]
    NothingStaged,
    #[error("the key has no such field")]
    NoSuchField,
    #[error("two values of its secret are alive; choose one first")]
    Conflict,
    #[error("keys of different environments are not given to one program")]
    MixedEnvironments,
    #[error(transparent)]
    Altered(#[from] Altered),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ReadError> for TakeError {
    fn from(error: ReadError) -> Self {
        Self::Key(error.into())
    }
}

impl OpenVault {
    /// Takes fields of one key.
    pub fn take_secret(
        &mut self,
        key: EntryId,
        wanted: &Wanted,
        purpose: Purpose,
        step_up: &StepUp,
        by: Client,
    ) -> Result<TakenSecret, TakeError> {
        let mut taken = self.take(&[key], wanted, purpose, step_up, by)?;
        taken.pop().ok_or(TakeError::NoSecret)
    }

    /// Takes all fields of one or more keys for a program that is about to start.
    pub fn take_for_run(
        &mut self,
        keys: &[EntryId],
        step_up: &StepUp,
        by: Client,
    ) -> Result<Vec<TakenSecret>, TakeError> {
        self.take(keys, &Wanted::default(), Purpose::Run, step_up, by)
    }

    fn take(
        &mut self,
        keys: &[EntryId],
        wanted: &Wanted,
        purpose: Purpose,
        step_up: &StepUp,
        by: Client,
    ) -> Result<Vec<TakenSecret>, TakeError> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        let mut chosen = Vec::new();
        for key in keys {
            let (replica, record) = self.read_key(*key)?;
            if let Err(refused) = may_leave(&record, purpose) {
                // That somebody tried belongs in the log; if it cannot be written, nothing left.
                let event = AuditEvent::from(purpose.event()).about(*key);
                let _ = self.audit(event.decided(Decision::Denied).by(by));
                return Err(refused);
            }
            chosen.push((choose(&replica, &record, wanted)?, record));
        }
        let environment = chosen.first().map(|(_, record)| record.environment);
        if chosen
            .iter()
            .any(|(_, record)| Some(record.environment) != environment)
        {
            return Err(TakeError::MixedEnvironments);
        }
        // The intent to give out each of them is on the disk before the first is opened.
        for (_, record) in &chosen {
            let event = AuditEvent::from(purpose.event()).about(record.id).by(by);
            match purpose {
                Purpose::Run | Purpose::Sign | Purpose::Check => {
                    let now = self.now();
                    self.record_use(event, record.id, now, by)?;
                }
                Purpose::Reveal | Purpose::Copy | Purpose::Look | Purpose::Export => {
                    self.audit(event)?;
                }
            }
        }
        chosen
            .into_iter()
            .map(|(write, record)| self.open_chosen(&write, record, wanted))
            .collect()
    }

    /// The intent and the time of use in one commit. On a full disk the intent alone, for which
    /// the reserve is given up.
    pub(super) fn record_use(
        &mut self,
        event: AuditEvent,
        key: EntryId,
        at: UtcMs,
        by: Client,
    ) -> Result<(), TakeError> {
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let used = RegisterValue::LastUsed(Some(at));
        draft.set(EntryKind::Key, key, &used)?;
        draft.changed(key);
        let ready = draft.finish();
        match self.write_draft(event, by, ready) {
            Err(CommitError::DiskFull) => Ok(self.audit(event)?),
            outcome => Ok(outcome?),
        }
    }

    pub(super) fn open_chosen(
        &self,
        write: &strongroom_domain::merge::Write,
        record: KeyRecord,
        wanted: &Wanted,
    ) -> Result<TakenSecret, TakeError> {
        let material = self.open_material(record.id, write, &exchanges_of(&record))?;
        let mut fields = material.into_fields();
        if !wanted.fields.is_empty() {
            fields.retain(|field| wanted.fields.contains(&field.name));
        }
        Ok(TakenSecret {
            key: record.id,
            label: record.label,
            exchange: record.exchange,
            environment: record.environment,
            fields,
        })
    }
}

/// The rules of states. A person may look at the secret of a dead key; nothing else may use it.
pub(crate) fn may_leave(record: &KeyRecord, purpose: Purpose) -> Result<(), TakeError> {
    if purpose == Purpose::Reveal {
        return Ok(());
    }
    match record.state {
        KeyState::Revoked => Err(TakeError::Revoked),
        KeyState::Archived => Err(TakeError::Archived),
        // Asking the exchange is how one sees that it is dead.
        _ if record.revoking.is_some() && purpose != Purpose::Check => Err(TakeError::BeingRevoked),
        _ if record.compromised.is_some() => Err(TakeError::Compromised),
        _ => Ok(()),
    }
}

/// The sealed write of the wanted version, which has every wanted field.
pub(crate) fn choose(
    replica: &strongroom_domain::merge::Replica,
    record: &KeyRecord,
    wanted: &Wanted,
) -> Result<strongroom_domain::merge::Write, TakeError> {
    let version = match wanted.version {
        Some(id) => record
            .versions
            .iter()
            .find(|version| version.id == id)
            .ok_or(TakeError::NoSuchVersion)?,
        None => record.current().ok_or(TakeError::NoSecret)?,
    };
    let contested = record
        .conflicts
        .iter()
        .any(|one| one.entry == version.id && one.register == Register::Material);
    if contested {
        return Err(TakeError::Conflict);
    }
    let has = |name: &FieldName| version.fields.iter().any(|field| field.name == *name);
    if version.purged {
        return Err(TakeError::Purged);
    }
    if !wanted.fields.iter().all(has) {
        return Err(TakeError::NoSuchField);
    }
    replica
        .alive(version.id, Register::Material)
        .into_iter()
        .find(|write| Some(write.id) == version.material)
        .cloned()
        .ok_or(TakeError::NoSecret)
}
