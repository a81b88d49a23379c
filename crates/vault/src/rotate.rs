//! Staged rotation of a key's secret, one commit a step.
//!
//! Where a rotation stands is the domain's to say, from the record alone; here the secrets are
//! sealed, the steps are written and logged, and it is said where at the exchange the next thing
//! is to be done. Deliberately not here: the rules of the steps, and opening any page.

use std::collections::BTreeSet;

use strongroom_domain::{
    ConsumerName, EntryId, FieldName, KeyLabel, KeyRecord, RotateRefused, Rotation, RotationAct,
    RotationStage, UtcMs, Verb, VersionState, Vetted,
};
use strongroom_exchanges::catalogue::{self, PagePurpose};

use crate::audit::{AuditEvent, Client, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, NewField, ReadError, Warning, WriteKeyError, tidy};

/// A page of an exchange's site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SitePage {
    pub url: &'static str,
    /// Where to go from there, in the words of its menus.
    pub then: Option<&'static str>,
}

/// A rotation as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationView {
    pub key: EntryId,
    pub label: KeyLabel,
    pub exchange_name: String,
    pub stage: RotationStage,
    pub old: Option<EntryId>,
    pub new: Option<EntryId>,
    pub switched: Vec<ConsumerName>,
    pub left: Vec<ConsumerName>,
    pub grown: Vec<Verb>,
    pub ending_since: Option<UtcMs>,
    /// Where keys of this exchange are made, and where they are ended.
    pub manage: Option<SitePage>,
    pub revoke: Option<SitePage>,
}

/// A step was not made; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    #[error(transparent)]
    Refused(#[from] RotateRefused),
    #[error(transparent)]
    Write(#[from] WriteKeyError),
}

impl From<ReadError> for RotateError {
    fn from(error: ReadError) -> Self {
        Self::Write(error.into())
    }
}

impl From<KeyError> for RotateError {
    fn from(error: KeyError) -> Self {
        Self::Write(error.into())
    }
}

impl From<CommitError> for RotateError {
    fn from(error: CommitError) -> Self {
        Self::Write(error.into())
    }
}

impl OpenVault {
    /// Where the rotation of a key stands.
    ///
    /// # Errors
    /// There is no such key, or nothing can be read.
    pub fn rotation(&mut self, key: EntryId) -> Result<RotationView, KeyError> {
        self.make_ready()?;
        let (_, record) = self.read_key(key)?;
        Ok(self.rotation_view(&record))
    }

    /// Makes one step.
    ///
    /// # Errors
    /// [`RotateError`], with what to do instead.
    pub fn rotate(
        &mut self,
        key: EntryId,
        act: &RotationAct,
        by: Client,
    ) -> Result<RotationView, RotateError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let record = draft.record(key).ok_or(KeyError::NotFound)?;
        for (kind, entry, value) in record.rotate(act, draft.now())? {
            draft.set(kind, entry, &value)?;
        }
        if !draft.is_empty() {
            draft.changed(key);
            let ready = draft.finish();
            self.write_draft(AuditEvent::from(event(act)).about(key), by, ready)?;
        }
        Ok(self.rotation(key)?)
    }

    /// The consumers of a key that are meant by these names.
    ///
    /// # Errors
    /// One of them is none of the key's.
    pub fn rotation_consumers(
        &mut self,
        names: &[ConsumerName],
    ) -> Result<BTreeSet<EntryId>, RotateError> {
        self.make_ready()?;
        let book = self.records.names.as_ref();
        let book = book.ok_or(ReadError::NotYetVerified)?;
        let found = names.iter().map(|name| book.find_consumer(name));
        let found: Option<BTreeSet<EntryId>> = found.collect();
        Ok(found.ok_or(RotateRefused::NoSuchConsumer)?)
    }

    /// Records the new secret beside the one in use.
    ///
    /// # Errors
    /// [`RotateError`], with what to do instead. A secret that is the key's already is refused: it
    /// would be ended with the old one.
    pub fn rotate_stage(
        &mut self,
        key: EntryId,
        fields: Vec<NewField>,
        by: Client,
    ) -> Result<(RotationView, Vec<Warning>), RotateError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let record = draft.record(key).ok_or(KeyError::NotFound)?;
        record.may_stage()?;
        let (fields, mut warnings) = tidy(fields);
        if fields.is_empty() {
            return Err(WriteKeyError::NoFields.into());
        }
        let halves = [FieldName::SECRET, FieldName::PRIVATE_KEY];
        for reuse in self.reuse_warnings(&fields, None)? {
            let Warning::SameSecret { field, label } = &reuse else {
                continue;
            };
            if *label == record.label && halves.contains(field) {
                return Err(RotateRefused::SameSecret.into());
            }
            warnings.push(reuse);
        }
        let now = draft.now();
        let exchange = record.exchange.clone();
        self.draft_version(&mut draft, key, exchange, fields, now, VersionState::Staged)?;
        draft.changed(key);
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::RotationStaged).about(key);
        self.write_draft(event, by, ready)?;
        Ok((self.rotation(key)?, warnings))
    }

    /// Records what the new secret may do. Without a word about its rights it is taken to have
    /// those of the old one.
    ///
    /// # Errors
    /// [`RotateError`], with what to do instead.
    pub fn rotate_check(
        &mut self,
        key: EntryId,
        rights: Option<strongroom_domain::PermissionSet>,
        growth_meant: bool,
        expires: Option<UtcMs>,
        by: Client,
    ) -> Result<RotationView, RotateError> {
        self.make_ready()?;
        let (_, record) = self.read_key(key)?;
        let vetted = Vetted {
            permissions: rights.unwrap_or_else(|| record.rights()),
            at: self.now(),
            growth_meant,
            expires,
        };
        self.rotate(key, &RotationAct::Check(vetted), by)
    }

    fn rotation_view(&self, record: &KeyRecord) -> RotationView {
        let rotation: Rotation = record.rotating();
        let names = |ids: &BTreeSet<EntryId>| -> Vec<ConsumerName> {
            let book = self.records.names.as_ref();
            ids.iter()
                .filter_map(|id| book?.consumers().get(id).map(|one| one.name.clone()))
                .collect()
        };
        RotationView {
            key: record.id,
            label: record.label.clone(),
            exchange_name: record.exchange.display_name().to_owned(),
            stage: rotation.stage,
            old: rotation.old,
            new: rotation.new,
            switched: names(&rotation.switched),
            left: names(&rotation.left),
            grown: rotation.grown,
            ending_since: rotation.ending_since,
            manage: page(record, PagePurpose::Manage),
            revoke: page(record, PagePurpose::Revoke),
        }
    }
}

/// The exchange's page for this, if the catalogue knows one of the key's environment.
pub(crate) fn page(record: &KeyRecord, purpose: PagePurpose) -> Option<SitePage> {
    let facts = catalogue::facts(record.exchange.as_str())?;
    let page = facts.page(purpose, record.environment)?;
    Some(SitePage {
        url: &page.url,
        then: page.then.as_deref(),
    })
}

fn event(act: &RotationAct) -> EventKind {
    match act {
        RotationAct::Start => EventKind::RotationBegun,
        RotationAct::Check(_) => EventKind::RotationChecked,
        RotationAct::Switch(_) | RotationAct::SwitchAll | RotationAct::Back => {
            EventKind::RotationSwitched
        }
        RotationAct::Revoke => EventKind::RevocationBegun,
        RotationAct::Confirm => EventKind::RevocationConfirmed,
        RotationAct::Abort => EventKind::RotationAborted,
    }
}
