//! A new version of a key's secret.

use strongroom_domain::{
    CredentialVersion, EntryId, EntryKind, KeyState, RegisterValue, VersionState,
};

use super::add::{NewField, Warning, WriteKeyError, tidy};
use super::draft::Draft;
use super::select::KeyError;
use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSet {
    pub version: EntryId,
    pub warnings: Vec<Warning>,
}

impl OpenVault {
    /// Records a new secret of a key. The versions before it are kept as revoked until they are
    /// purged; the key counts as made now and as no longer compromised.
    pub fn set_secret(
        &mut self,
        key: EntryId,
        fields: Vec<NewField>,
        by: Client,
    ) -> Result<SecretSet, WriteKeyError> {
        use RegisterValue as V;
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let record = draft.record(key).ok_or(KeyError::NotFound)?;
        if record.state == KeyState::Archived {
            return Err(WriteKeyError::Archived);
        }
        // It would end the new secret together with the old one.
        let rotating = |one: &CredentialVersion| {
            matches!(one.state, VersionState::Staged | VersionState::Draining)
        };
        if record.versions.iter().any(rotating) {
            return Err(WriteKeyError::Rotating);
        }
        let (fields, mut warnings) = tidy(fields);
        if fields.is_empty() {
            return Err(WriteKeyError::NoFields);
        }
        warnings.extend(self.reuse_warnings(&fields, None)?);
        for version in record
            .versions
            .iter()
            .filter(|one| one.state != VersionState::Revoked)
        {
            let revoked = V::VersionState(VersionState::Revoked);
            draft.set(EntryKind::Credential, version.id, &revoked)?;
        }
        let now = draft.now();
        let state = VersionState::Active;
        let version = self.draft_version(&mut draft, key, record.exchange, fields, now, state)?;
        for value in [
            V::Created(now),
            V::State(KeyState::Active),
            V::Compromised(None),
        ] {
            let was_never_compromised =
                value == V::Compromised(None) && record.compromised.is_none();
            if !was_never_compromised {
                draft.set(EntryKind::Key, key, &value)?;
            }
        }
        draft.changed(key);
        let ready = draft.finish();
        self.write_draft(
            AuditEvent::from(EventKind::SecretAdded).about(key),
            by,
            ready,
        )?;
        Ok(SecretSet { version, warnings })
    }
}
