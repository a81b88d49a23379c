//! Adding a key.

use std::collections::BTreeSet;

use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, ConsumerUse, Deleted, EntryId, EntryKind, Environment,
    ExchangeId, ExchangeStatus, ExpiryCause, FieldName, KeyLabel, KeyState, KeyType, Line,
    Material, MaterialField, MaterialRefused, Notes, PermissionSet, RegisterValue, RotationPolicy,
    Tag, UtcMs, VersionState,
};
use strongroom_secret::SecretText;

use super::draft::{Altered, Draft};
use super::select::{KeyError, ReadError};
use crate::audit::{AuditEvent, Client, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;

/// A key to be recorded. Without fields it is a record whose secret is held elsewhere.
#[derive(Debug)]
pub struct NewKey {
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    /// Made if the exchange has none of this name in this environment.
    pub account: AccountLabel,
    pub environment: Environment,
    pub key_type: KeyType,
    pub fields: Vec<NewField>,
    pub declared: PermissionSet,
    pub allowlist: Allowlist,
    pub expiry: Vec<ExpiryCause>,
    pub rotation: RotationPolicy,
    /// When it was made at the exchange; now without it.
    pub created: Option<UtcMs>,
    pub purpose: Option<Line>,
    pub owner: Option<Line>,
    pub consumers: Vec<ConsumerName>,
    pub tags: BTreeSet<Tag>,
    pub notes: Option<Notes>,
    /// One whose life is over, or has not begun, keeps that; any other is active.
    pub state: KeyState,
    pub compromised: Option<UtcMs>,
}

impl NewKey {
    /// A key of which only this is known: permissions and allowlist are unknown.
    pub fn new(
        label: KeyLabel,
        exchange: ExchangeId,
        account: AccountLabel,
        environment: Environment,
    ) -> Self {
        Self {
            label,
            exchange,
            account,
            environment,
            key_type: KeyType::Hmac,
            fields: Vec::new(),
            declared: PermissionSet::unknown(),
            allowlist: Allowlist::Unknown,
            expiry: Vec::new(),
            rotation: RotationPolicy::Default,
            created: None,
            purpose: None,
            owner: None,
            consumers: Vec::new(),
            tags: BTreeSet::new(),
            notes: None,
            state: KeyState::Active,
            compromised: None,
        }
    }
}

/// A field as typed or imported.
#[derive(Debug)]
pub struct NewField {
    pub name: FieldName,
    pub value: SecretText,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    pub id: EntryId,
    pub warnings: Vec<Warning>,
}

/// What looked odd and was recorded all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    LabelTwice,
    /// A field of it is held by this key too.
    SameSecret {
        field: FieldName,
        label: KeyLabel,
    },
    Trimmed(FieldName),
    InnerSpace(FieldName),
    PemCut(FieldName),
    Swapped,
    UnknownExchange,
    ExchangeClosed {
        on: &'static str,
    },
}

impl Warning {
    /// One sentence for the person.
    pub fn words(&self) -> String {
        match self {
            Self::LabelTwice => "Another key has the same label.".to_owned(),
            Self::SameSecret { field, label } => {
                format!("Its {field} is recorded already, under \"{label}\".")
            }
            Self::Trimmed(field) => format!("Spaces around {field} were removed."),
            Self::InnerSpace(field) => format!("{field} has a space or a line break inside."),
            Self::PemCut(field) => format!("{field} is a PEM block without its END line."),
            Self::Swapped => "apiKey and secret look swapped.".to_owned(),
            Self::UnknownExchange => {
                "The exchange is not in our list; its rules are unknown here.".to_owned()
            }
            Self::ExchangeClosed { on } => {
                format!("This exchange closed on {on}; its keys are loose ends.")
            }
        }
    }
}

/// Why a key was not recorded or changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum WriteKeyError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Material(#[from] MaterialRefused),
    #[error(transparent)]
    Altered(#[from] Altered),
    #[error("there is no such value to choose")]
    NoSuchValue,
    #[error("two values of its secret or exchange are alive; choose one first")]
    Conflict,
    #[error("a rotation of this key is under way; finish it or `rotate abort` first")]
    Rotating,
    #[error("the key is archived; restore it first")]
    Archived,
    #[error("the key is not archived")]
    NotArchived,
    #[error("a secret has at least one field")]
    NoFields,
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ReadError> for WriteKeyError {
    fn from(error: ReadError) -> Self {
        Self::Key(error.into())
    }
}

impl OpenVault {
    /// Records a key.
    pub fn add_key(&mut self, new: NewKey, by: Client) -> Result<Added, WriteKeyError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        let (id, warnings) = self.draft_key(&mut draft, new)?;
        let ready = draft.finish();
        self.write_draft(AuditEvent::from(EventKind::EntryAdded).about(id), by, ready)?;
        Ok(Added { id, warnings })
    }

    /// Drafts a key; an import drafts many in one commit.
    pub(crate) fn draft_key(
        &self,
        draft: &mut Draft<'_>,
        new: NewKey,
    ) -> Result<(EntryId, Vec<Warning>), WriteKeyError> {
        use RegisterValue as V;
        let now = draft.now();
        let (fields, mut warnings) = tidy(new.fields);
        warnings.extend(self.exchange_warning(&new.exchange));
        let labels = self.records.list.iter().flat_map(|list| list.rows());
        if labels.into_iter().any(|row| row.label == new.label) {
            warnings.push(Warning::LabelTwice);
        }
        warnings.extend(self.reuse_warnings(&fields, None)?);

        let id = self.make_entry_id()?;
        let account = draft.ensure_account(&new.exchange, new.environment, &new.account)?;
        let mut uses = Vec::new();
        for name in &new.consumers {
            let consumer = draft.ensure_consumer(name)?;
            uses.push(ConsumerUse {
                consumer,
                since: now,
                given_by: None,
            });
        }
        let created = new.created.unwrap_or(now);
        let mut values = vec![
            V::KeyLabel(new.label),
            V::Exchange(new.exchange.clone()),
            V::Account(Some(account)),
            V::Environment(new.environment),
            V::KeyType(new.key_type),
            V::Declared(new.declared),
            V::Allowlist(new.allowlist),
            V::State(new.state),
            V::Created(created),
        ];
        // What is as it would be without a write gets none.
        values.extend((!new.expiry.is_empty()).then_some(V::Expiry(new.expiry)));
        values
            .extend((new.rotation != RotationPolicy::Default).then_some(V::Rotation(new.rotation)));
        values.extend((!uses.is_empty()).then_some(V::Consumers(uses)));
        values.extend((!new.tags.is_empty()).then_some(V::Tags(new.tags)));
        values.extend(new.purpose.map(|purpose| V::Purpose(Some(purpose))));
        values.extend(new.owner.map(|owner| V::Owner(Some(owner))));
        values.extend(new.compromised.map(|since| V::Compromised(Some(since))));
        values.extend(new.notes.map(|notes| V::Notes(Some(notes))));
        for value in &values {
            draft.set(EntryKind::Key, id, value)?;
        }
        if !fields.is_empty() {
            let state = VersionState::Active;
            self.draft_version(draft, id, new.exchange, fields, created, state)?;
        }
        draft.changed(id);
        Ok((id, warnings))
    }

    /// Drafts a version of a key's secret.
    pub(crate) fn draft_version(
        &self,
        draft: &mut Draft<'_>,
        key: EntryId,
        exchange: ExchangeId,
        fields: Vec<MaterialField>,
        made: UtcMs,
        state: VersionState,
    ) -> Result<EntryId, WriteKeyError> {
        use RegisterValue as V;
        let version = self.make_entry_id()?;
        let material = Material::new(exchange, key, version, fields)?;
        draft.stands_under(EntryKind::Credential, version, key);
        for value in [
            V::Key(key),
            V::Fields(material.listed()),
            V::VersionState(state),
            V::Made(made),
        ] {
            draft.set(EntryKind::Credential, version, &value)?;
        }
        draft.seal(version, &material)?;
        Ok(version)
    }

    fn exchange_warning(&self, exchange: &ExchangeId) -> Option<Warning> {
        match exchange.info().map(|info| info.status) {
            None => Some(Warning::UnknownExchange),
            Some(ExchangeStatus::Closed { on }) => Some(Warning::ExchangeClosed { on }),
            Some(ExchangeStatus::Active) => None,
        }
    }

    /// Fields that another key holds too. A passphrase may be the same everywhere, and a uid or an
    /// address belongs to the account, so only what names or makes a key counts.
    pub(crate) fn reuse_warnings(
        &self,
        fields: &[MaterialField],
        except: Option<EntryId>,
    ) -> Result<Vec<Warning>, ReadError> {
        let mut warnings = Vec::new();
        for field in fields {
            let telling = [
                FieldName::API_KEY,
                FieldName::SECRET,
                FieldName::PRIVATE_KEY,
            ];
            if !telling.contains(&field.name) {
                continue;
            }
            let holders = self.holders_of(std::slice::from_ref(field))?;
            let other = holders.into_iter().find(|key| Some(*key) != except);
            let row = other.and_then(|key| self.records.list.as_ref()?.get(key));
            warnings.extend(row.map(|row| Warning::SameSecret {
                field: field.name.clone(),
                label: row.label.clone(),
            }));
        }
        Ok(warnings)
    }

    /// Keys of the list that hold every one of these fields in one version of their secret.
    pub(crate) fn holders_of(&self, fields: &[MaterialField]) -> Result<Vec<EntryId>, ReadError> {
        let mut versions: Option<BTreeSet<EntryId>> = None;
        for print in self.fingerprints(fields) {
            let found: BTreeSet<EntryId> = self
                .store
                .uses_of_print(&print.print)?
                .into_iter()
                .filter(|found| found.field == print.field)
                .map(|found| found.entry)
                .collect();
            versions = Some(match versions {
                None => found,
                Some(before) => before.intersection(&found).copied().collect(),
            });
        }
        let mut keys = Vec::new();
        for version in versions.unwrap_or_default() {
            let key = self.key_of_version(version)?;
            let listed = self.records.list.as_ref();
            keys.extend(key.filter(|key| listed.is_some_and(|list| list.get(*key).is_some())));
        }
        Ok(keys)
    }

    fn key_of_version(&self, version: EntryId) -> Result<Option<EntryId>, ReadError> {
        let writes = self
            .store
            .writes_of_register(version, strongroom_domain::Register::Key)?;
        let keys = writes
            .into_iter()
            .filter_map(|stored| match stored.write.body {
                strongroom_domain::merge::Body::Value(bytes) => {
                    let (kind, register) = (stored.write.kind, stored.write.register);
                    match RegisterValue::decode(kind, register, &bytes) {
                        Ok(RegisterValue::Key(key)) => Some(key),
                        _ => None,
                    }
                }
                _ => None,
            });
        Ok(keys.reduce(|_, newest| newest))
    }

    /// What a deletion made now knows of.
    pub(crate) fn deletion(draft: &Draft<'_>, entry: EntryId) -> RegisterValue {
        RegisterValue::Deleted(Deleted::Yes {
            seen: draft.replica.seen_by_deletion(entry),
        })
    }
}

/// Removes the white space people paste along, and tells what else looks odd. Empty fields are
/// left out: an empty passphrase is no passphrase.
pub(crate) fn tidy(fields: Vec<NewField>) -> (Vec<MaterialField>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let mut tidied = Vec::new();
    for NewField { name, value } in fields {
        // EXPOSE: to look at its shape; what is kept is moved on or copied into wiped memory.
        let text = value.expose();
        let trimmed = text.trim();
        if trimmed.is_empty() {
            continue;
        }
        let is_pem = trimmed.starts_with("-----BEGIN");
        if is_pem && !trimmed.contains("-----END") {
            warnings.push(Warning::PemCut(name.clone()));
        }
        if !is_pem && trimmed.contains(char::is_whitespace) {
            warnings.push(Warning::InnerSpace(name.clone()));
        }
        let value = if trimmed.len() == text.len() {
            value
        } else {
            warnings.push(Warning::Trimmed(name.clone()));
            SecretText::new(trimmed.to_owned())
        };
        tidied.push(MaterialField { name, value });
    }
    if looks_swapped(&tidied) {
        warnings.push(Warning::Swapped);
    }
    (tidied, warnings)
}

/// Whether the public and the secret half stand in each other's place: a private key where the key's
/// name belongs, or the form of a name where the secret belongs.
fn looks_swapped(fields: &[MaterialField]) -> bool {
    let value = |name| {
        let field = fields.iter().find(|field| field.name == name);
        // EXPOSE: to look at its shape.
        field.map(|field| field.value.expose())
    };
    let Some(key) = value(FieldName::API_KEY) else {
        return false;
    };
    let secret = value(FieldName::SECRET).or_else(|| value(FieldName::PRIVATE_KEY));
    let is_name = |text: &str| is_uuid(text) || text.starts_with("organizations/");
    key.starts_with("-----BEGIN") || secret.is_some_and(|secret| is_name(secret) && !is_name(key))
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts
            .iter()
            .all(|part| part.bytes().all(|c| c.is_ascii_hexdigit()))
}
