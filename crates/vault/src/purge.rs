//! Destroying secrets for good. The fact that there was one stays: a purged write keeps its id and
//! what it replaced, and no merge fills it again.

use strongroom_domain::{CredentialVersion, EntryId, EntryKind, Register, VersionState};

use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError};
use crate::stepup::{Need, StepUp};

/// What to destroy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeWhat {
    /// The secret of one version.
    Version(EntryId),
    /// The secrets of all versions but the one in use.
    OldVersions,
    /// The key: its secrets and everything recorded of it. Its tombstone stays.
    Key,
}

/// How many secrets were destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    pub secrets: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("there is no such version of its secret")]
    NoSuchVersion,
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ReadError> for PurgeError {
    fn from(error: ReadError) -> Self {
        Self::Key(error.into())
    }
}

impl OpenVault {
    /// Destroys secrets of a key, or the key. Backups made before keep what they hold.
    pub fn purge(
        &mut self,
        key: EntryId,
        what: PurgeWhat,
        step_up: &StepUp,
        by: Client,
    ) -> Result<Purged, PurgeError> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        // A deleted key has no record and may still hold secrets.
        let known = CredentialVersion::of_key(&draft.replica, key);
        let record = draft.record(key);
        if record.is_none() && draft.replica.history(key, Register::Label).is_empty() {
            return Err(KeyError::NotFound.into());
        }
        let current = record
            .as_ref()
            .and_then(|record| record.current())
            .map(|one| one.id);
        let doomed = |version: &CredentialVersion| match what {
            PurgeWhat::Version(id) => version.id == id,
            // A staged version is not old: it is to be the next one. One that drains still works,
            // and is the way back until it was seen dead.
            PurgeWhat::OldVersions => {
                let rotating =
                    matches!(version.state, VersionState::Staged | VersionState::Draining);
                Some(version.id) != current && !rotating
            }
            PurgeWhat::Key => true,
        };
        let versions: Vec<&CredentialVersion> = known.iter().filter(|one| doomed(one)).collect();
        if versions.is_empty() && matches!(what, PurgeWhat::Version(_)) {
            return Err(PurgeError::NoSuchVersion);
        }
        let secrets = versions
            .iter()
            .filter(|version| version.material.is_some())
            .count();
        for version in versions {
            purge_register(&mut draft, version.id, Register::Material);
        }
        let event = if what == PurgeWhat::Key {
            let registers: Vec<Register> = draft.replica.registers(key).collect();
            for register in registers
                .into_iter()
                .filter(|one| *one != Register::Deleted)
            {
                purge_register(&mut draft, key, register);
            }
            let deletion = Self::deletion(&draft, key);
            draft.set(EntryKind::Key, key, &deletion)?;
            EventKind::EntryDeleted
        } else {
            EventKind::SecretPurged
        };
        if draft.is_empty() {
            return Ok(Purged { secrets: 0 });
        }
        draft.changed(key);
        let event = AuditEvent::from(event)
            .about(key)
            .detail(Detail::Count(secrets as u64));
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        Ok(Purged { secrets })
    }
}

/// Purges every write of a register, the replaced ones too: each holds a value.
fn purge_register(draft: &mut Draft<'_>, entry: EntryId, register: Register) {
    let writes: Vec<_> = draft
        .replica
        .history(entry, register)
        .into_iter()
        .cloned()
        .collect();
    writes.iter().for_each(|write| draft.purge(write));
}
