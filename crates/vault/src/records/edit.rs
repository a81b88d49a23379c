//! Changing a key: all of the given changes or none.

use std::collections::BTreeSet;

use strongroom_domain::merge::Body;
use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, ConsumerUse, Deleted, EntryId, EntryKind, Environment,
    ExchangeId, ExpiryCause, KeyLabel, KeyRecord, KeyState, KeyType, Line, Notes, PermissionSet,
    Register, RegisterValue, RotationPolicy, Tag, UtcMs, WriteId,
};

use super::add::WriteKeyError;
use super::draft::Draft;
use super::edit_event;
use super::select::KeyError;
use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;

/// One change. What is not named stays as it is; clearing is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    Label(KeyLabel),
    /// Seals the secrets anew for the other exchange.
    Exchange(ExchangeId),
    Account(AccountLabel),
    Environment(Environment),
    KeyType(KeyType),
    /// The eight verbs; the exchange's own names stay.
    Declared(PermissionSet),
    NativePermissions(Vec<Line>),
    /// What the exchange reported.
    Observed(Option<PermissionSet>),
    Allowlist(Allowlist),
    Expiry(Vec<ExpiryCause>),
    Rotation(RotationPolicy),
    Created(UtcMs),
    LastUsed(UtcMs),
    LastUsedAtExchange(UtcMs),
    Purpose(Option<Line>),
    Owner(Option<Line>),
    Consumers(Vec<ConsumerName>),
    Tags(BTreeSet<Tag>),
    Notes(Option<Notes>),
    State(KeyState),
    Compromised(Option<UtcMs>),
    /// One alive value of a register in conflict wins.
    Resolve(WriteId),
}

impl OpenVault {
    /// Changes a key. Setting what is already so writes nothing. Giving a deleted key a state brings
    /// it back.
    pub fn edit_key(
        &mut self,
        key: EntryId,
        changes: Vec<KeyChange>,
        by: Client,
    ) -> Result<(), WriteKeyError> {
        self.make_ready()?;
        let revives = changes
            .iter()
            .any(|change| matches!(change, KeyChange::State(_)));
        if revives && self.key_row(key).is_err() {
            self.undelete_key(key, by)?;
        }
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let before = draft.row(key).ok_or(KeyError::NotFound)?;
        for change in changes {
            let record = draft.record(key).ok_or(KeyError::NotFound)?;
            self.draft_change(&mut draft, &record, change)?;
        }
        if draft.is_empty() {
            return Ok(());
        }
        let after = draft.changed(key);
        let event = AuditEvent::from(edit_event(&before, after.as_ref())).about(key);
        let ready = draft.finish();
        Ok(self.write_draft(event, by, ready)?)
    }

    /// Takes a key out of use. Its secret stays until it is purged.
    pub fn archive_key(&mut self, key: EntryId, by: Client) -> Result<(), WriteKeyError> {
        self.edit_key(key, vec![KeyChange::State(KeyState::Archived)], by)
    }

    /// Brings an archived key back in the state it had before, or a deleted one that was not
    /// purged, such as one whose import was undone.
    pub fn restore_key(&mut self, key: EntryId, by: Client) -> Result<(), WriteKeyError> {
        self.make_ready()?;
        if self.key_row(key).is_err() {
            return self.undelete_key(key, by);
        }
        let (replica, record) = self.read_key(key)?;
        if record.state != KeyState::Archived {
            return Err(WriteKeyError::NotArchived);
        }
        let before = replica
            .history(key, Register::State)
            .into_iter()
            .rev()
            .filter_map(|write| match &write.body {
                Body::Value(bytes) => {
                    match RegisterValue::decode(EntryKind::Key, Register::State, bytes) {
                        Ok(RegisterValue::State(state)) => Some(state),
                        _ => None,
                    }
                }
                _ => None,
            })
            .find(|state| *state != KeyState::Archived);
        let state = before.unwrap_or(KeyState::Active);
        self.edit_key(key, vec![KeyChange::State(state)], by)
    }

    fn undelete_key(&mut self, key: EntryId, by: Client) -> Result<(), WriteKeyError> {
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let labels = draft.replica.history(key, Register::Label);
        if labels.iter().all(|write| write.body == Body::Purged) {
            return Err(KeyError::NotFound.into());
        }
        draft.set(EntryKind::Key, key, &RegisterValue::Deleted(Deleted::No))?;
        draft.changed(key);
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::EntryRestored).about(key);
        Ok(self.write_draft(event, by, ready)?)
    }

    fn draft_change(
        &self,
        draft: &mut Draft<'_>,
        record: &KeyRecord,
        change: KeyChange,
    ) -> Result<(), WriteKeyError> {
        use KeyChange as C;
        use RegisterValue as V;
        let value = match change {
            C::Label(label) => V::KeyLabel(label),
            C::Exchange(exchange) => return self.draft_move(draft, record, exchange),
            C::Account(label) => {
                let (exchange, environment) = (&record.exchange, record.environment);
                V::Account(Some(draft.ensure_account(exchange, environment, &label)?))
            }
            C::Environment(environment) => {
                // The account of the same name in the other environment is another one.
                if let Some(label) = record.account.and_then(|id| draft.account_label(id)) {
                    let account = draft.ensure_account(&record.exchange, environment, &label)?;
                    draft.set(EntryKind::Key, record.id, &V::Account(Some(account)))?;
                }
                V::Environment(environment)
            }
            C::KeyType(key_type) => V::KeyType(key_type),
            C::Declared(verbs) => {
                V::Declared(verbs.with_native(record.declared.native().iter().cloned()))
            }
            C::NativePermissions(names) => V::Declared(record.declared.clone().with_native(names)),
            C::Observed(observed) => V::Observed(observed),
            C::Allowlist(allowlist) => V::Allowlist(allowlist),
            C::Expiry(causes) => V::Expiry(causes),
            C::Rotation(policy) => V::Rotation(policy),
            C::Created(at) => V::Created(at),
            C::LastUsed(at) => V::LastUsed(Some(at)),
            C::LastUsedAtExchange(at) => V::LastUsedAtExchange(Some(at)),
            C::Purpose(purpose) => V::Purpose(purpose),
            C::Owner(owner) => V::Owner(owner),
            C::Consumers(names) => self.draft_consumers(draft, record, &names)?,
            C::Tags(tags) => V::Tags(tags),
            C::Notes(notes) => V::Notes(notes),
            C::State(state) => V::State(state),
            C::Compromised(since) => V::Compromised(since),
            C::Resolve(write) => return self.draft_resolution(draft, record, write),
        };
        Ok(draft.set(EntryKind::Key, record.id, &value)?)
    }

    /// Consumers that stay keep since when they have the key and who gave it.
    fn draft_consumers(
        &self,
        draft: &mut Draft<'_>,
        record: &KeyRecord,
        names: &[ConsumerName],
    ) -> Result<RegisterValue, WriteKeyError> {
        let mut uses = Vec::new();
        for name in names {
            let consumer = draft.ensure_consumer(name)?;
            let known = record.consumers.iter().find(|one| one.consumer == consumer);
            uses.push(known.cloned().unwrap_or(ConsumerUse {
                consumer,
                since: draft.now(),
                given_by: None,
            }));
        }
        Ok(RegisterValue::Consumers(uses))
    }

    /// Moves a key to another exchange: its account of the same name there, and every secret
    /// sealed anew, because a sealed value repeats the exchange it is for.
    fn draft_move(
        &self,
        draft: &mut Draft<'_>,
        record: &KeyRecord,
        exchange: ExchangeId,
    ) -> Result<(), WriteKeyError> {
        use RegisterValue as V;
        if exchange == record.exchange {
            return Ok(());
        }
        let contested = |register| record.conflicts.iter().any(|one| one.register == register);
        if contested(Register::Exchange) || contested(Register::Material) {
            return Err(WriteKeyError::Conflict);
        }
        for version in &record.versions {
            let old: Vec<_> = draft
                .replica
                .history(version.id, Register::Material)
                .into_iter()
                .cloned()
                .collect();
            let Some(sealed) = old.iter().find(|write| Some(write.id) == version.material) else {
                continue;
            };
            let exchanges = std::slice::from_ref(&record.exchange);
            let material = self.open_material(record.id, sealed, exchanges)?;
            draft.seal(version.id, &material.moved_to(exchange.clone()))?;
            // The same secret under the former exchange would outlive a purge of the new one.
            old.iter().for_each(|write| draft.purge(write));
        }
        if let Some(label) = record.account.and_then(|id| draft.account_label(id)) {
            let account = draft.ensure_account(&exchange, record.environment, &label)?;
            draft.set(EntryKind::Key, record.id, &V::Account(Some(account)))?;
        }
        Ok(draft.set(EntryKind::Key, record.id, &V::Exchange(exchange))?)
    }

    pub(crate) fn draft_resolution(
        &self,
        draft: &mut Draft<'_>,
        record: &KeyRecord,
        chosen: WriteId,
    ) -> Result<(), WriteKeyError> {
        let conflict = record
            .conflicts
            .iter()
            .find(|conflict| conflict.values.iter().any(|value| value.write == chosen))
            .ok_or(WriteKeyError::NoSuchValue)?;
        let alive = draft.replica.alive(conflict.entry, conflict.register);
        let write = alive
            .into_iter()
            .find(|write| write.id == chosen)
            .cloned()
            .ok_or(WriteKeyError::NoSuchValue)?;
        match &write.body {
            Body::Value(bytes) => {
                let value = RegisterValue::decode(write.kind, write.register, bytes)
                    .map_err(|_| WriteKeyError::NoSuchValue)?;
                if matches!(value, RegisterValue::Exchange(_)) {
                    return self.draft_exchange_resolution(draft, record, value);
                }
                Ok(draft.set(write.kind, write.entry, &value)?)
            }
            Body::Sealed { .. } => {
                let material = self.open_material(record.id, &write, &exchanges_of(record))?;
                Ok(draft.seal(write.entry, &material)?)
            }
            Body::Purged => Err(WriteKeyError::NoSuchValue),
        }
    }

    /// Of two exchanges one is chosen; secrets sealed for the other are sealed anew.
    fn draft_exchange_resolution(
        &self,
        draft: &mut Draft<'_>,
        record: &KeyRecord,
        value: RegisterValue,
    ) -> Result<(), WriteKeyError> {
        let RegisterValue::Exchange(exchange) = &value else {
            return Err(WriteKeyError::NoSuchValue);
        };
        for version in &record.versions {
            let alive = draft.replica.alive(version.id, Register::Material);
            let sealed: Vec<_> = alive.into_iter().cloned().collect();
            let [write] = sealed.as_slice() else { continue };
            if write.body == Body::Purged {
                continue;
            }
            let material = self.open_material(record.id, write, &exchanges_of(record))?;
            if material.exchange() != exchange {
                draft.seal(version.id, &material.moved_to(exchange.clone()))?;
                draft.purge(write);
            }
        }
        Ok(draft.set(EntryKind::Key, record.id, &value)?)
    }
}

/// The exchanges a key's secrets may have been sealed for: one, or several while they conflict.
pub(crate) fn exchanges_of(record: &KeyRecord) -> Vec<ExchangeId> {
    let mut exchanges = vec![record.exchange.clone()];
    let conflicts = record
        .conflicts
        .iter()
        .filter(|one| one.register == Register::Exchange);
    for value in conflicts.flat_map(|conflict| &conflict.values) {
        if let Some(RegisterValue::Exchange(exchange)) = &value.value {
            exchanges.push(exchange.clone());
        }
    }
    exchanges
}
