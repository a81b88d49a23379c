//! A change in the making: writes to entries, what is purged, and the rows of the list that follow.
//!
//! A draft reads the vault and changes nothing. [`Draft::finish`] makes of it what one commit
//! writes.

use std::collections::{BTreeMap, BTreeSet};

use strongroom_crypto::{ItemAad, fingerprint_secret, open_item, seal_item};
use strongroom_domain::health::AcceptanceRecord;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::{
    AccountLabel, AccountRecord, ConsumerKind, ConsumerName, ConsumerRecord, EntryId, EntryKind,
    Environment, ExchangeId, Hlc, Hygiene, IncidentRecord, KeyRecord, KeySummary, Material,
    MaterialField, Names, Register, RegisterValue, UtcMs, VendorRecord, WriteId,
};
use strongroom_secret::SecretBytes;
use strongroom_store::{Fingerprint, LocalSpace, StoreError, Tx, WriteKey};

use super::names::NameBook;
use super::select::{ReadError, read_replica};
use crate::error::CommitError;
use crate::open::OpenVault;

/// The sealing of this version: canonical CBOR of a [`Material`] under K_item.
pub(crate) const SEAL_VERSION: u8 = 1;
/// Fingerprint codes of fields that are not among our own begin here.
const OTHER_FIELDS: u8 = 32;

/// A change in the making.
pub(crate) struct Draft<'v> {
    vault: &'v OpenVault,
    /// The book as it was, and what this draft adds to it.
    book: &'v NameBook,
    added: NameBook,
    pub(crate) replica: Replica,
    now: UtcMs,
    hlc: Hlc,
    ready: Ready,
}

/// What one commit writes, and what is then held in memory.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    writes: Vec<(Write, Vec<Fingerprint>)>,
    parents: Vec<(EntryKind, EntryId, EntryId)>,
    purged: Vec<WriteKey>,
    removed: Vec<WriteKey>,
    locals: Vec<(LocalSpace, Vec<u8>, Option<Vec<u8>>)>,
    /// `None`: the key is gone from the list.
    pub(crate) rows: BTreeMap<EntryId, Option<KeySummary>>,
    pub(crate) names: NameBook,
}

/// A sealed value did not open, or is not what belongs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret is not the one that belongs there; restore a backup")]
pub struct Altered;

impl<'v> Draft<'v> {
    /// The vault must have been made ready.
    pub(crate) fn new(vault: &'v OpenVault) -> Result<Self, ReadError> {
        let book = vault
            .records
            .names
            .as_ref()
            .ok_or(ReadError::NotYetVerified)?;
        let now = vault.now();
        Ok(Self {
            vault,
            book,
            added: NameBook::default(),
            replica: Replica::new(),
            now,
            hlc: Hlc::default(),
            ready: Ready::default(),
        })
    }

    pub(crate) fn now(&self) -> UtcMs {
        self.now
    }

    /// Reads a key into the draft.
    pub(crate) fn load(&mut self, key: EntryId) -> Result<(), ReadError> {
        let read = read_replica(&self.vault.store, key)?;
        let newest = read
            .writes()
            .map(|write| write.hlc)
            .max()
            .unwrap_or_default();
        self.hlc = self.hlc.max(newest);
        self.replica.merge(&read);
        Ok(())
    }

    /// Reads an entry that is no key into the draft. One that is not there yet has no writes.
    pub(crate) fn load_entry(&mut self, entry: EntryId) -> Result<(), ReadError> {
        for stored in self.vault.store.writes_of(entry)? {
            self.hlc = self.hlc.max(stored.write.hlc);
            self.replica.insert(stored.write);
        }
        Ok(())
    }

    /// Notes a consumer as it will be.
    pub(crate) fn knows_consumer(&mut self, record: ConsumerRecord) {
        self.added.add_consumer(record);
    }

    /// Notes a vendor as it will be.
    pub(crate) fn knows_vendor(&mut self, record: VendorRecord) {
        self.added.add_vendor(record);
    }

    /// Notes an account as it will be.
    pub(crate) fn knows_account(&mut self, record: AccountRecord) {
        self.added.add_account(record);
    }

    /// Notes an incident as it will be.
    pub(crate) fn knows_incident(&mut self, record: IncidentRecord) {
        self.added.add_incident(record);
    }

    /// Notes an acceptance as it will be.
    pub(crate) fn accepted(&mut self, record: AcceptanceRecord) {
        self.added.put_acceptance(record.id, Some(record));
    }

    /// Notes that an acceptance is withdrawn.
    pub(crate) fn withdrawn(&mut self, id: EntryId) {
        self.added.put_acceptance(id, None);
    }

    /// Leaves what was read behind, so that the next key stands alone. What was drafted stays.
    pub(crate) fn forget(&mut self) {
        self.replica = Replica::new();
    }

    pub(crate) fn record(&self, key: EntryId) -> Option<KeyRecord> {
        KeyRecord::materialise(&self.replica, key)
    }

    /// Writes a value, unless it is already the only one.
    pub(crate) fn set(
        &mut self,
        kind: EntryKind,
        entry: EntryId,
        value: &RegisterValue,
    ) -> Result<(), CommitError> {
        let register = value.register();
        let body = Body::Value(value.encode());
        let alive = self.replica.alive(entry, register);
        if let [only] = alive.as_slice()
            && only.body == body
        {
            return Ok(());
        }
        let id = WriteId::from_bytes(self.vault.ports.make_id()?);
        self.push(id, kind, entry, register, body, Vec::new());
        Ok(())
    }

    fn push(
        &mut self,
        id: WriteId,
        kind: EntryKind,
        entry: EntryId,
        register: Register,
        body: Body,
        fingerprints: Vec<Fingerprint>,
    ) {
        self.hlc = self.hlc.next(u64::try_from(self.now.ms()).unwrap_or(0));
        let write = Write {
            id,
            entry,
            kind,
            register,
            supersedes: self.replica.alive_ids(entry, register),
            author: self.vault.author,
            device: self.vault.device_id,
            hlc: self.hlc,
            body,
        };
        self.replica.insert(write.clone());
        self.ready.writes.push((write, fingerprints));
    }

    /// Notes that an entry stands under another.
    pub(crate) fn stands_under(&mut self, kind: EntryKind, entry: EntryId, parent: EntryId) {
        self.ready.parents.push((kind, entry, parent));
    }

    /// Seals a secret as the material of a credential version.
    pub(crate) fn seal(
        &mut self,
        credential: EntryId,
        material: &Material,
    ) -> Result<(), CommitError> {
        let id = WriteId::from_bytes(self.vault.ports.make_id()?);
        let body = self.vault.seal_material(credential, id, material)?;
        let prints = self.vault.fingerprints(material.fields());
        self.push(
            id,
            EntryKind::Credential,
            credential,
            Register::Material,
            body,
            prints,
        );
        Ok(())
    }

    /// Takes the value out of a write for good.
    pub(crate) fn purge(&mut self, write: &Write) {
        if write.body == Body::Purged {
            return;
        }
        let purged = Write {
            body: Body::Purged,
            ..write.clone()
        };
        self.ready.purged.push(WriteKey {
            entry: purged.entry,
            register: purged.register,
            id: purged.id,
        });
        self.replica.insert(purged);
    }

    /// Takes a write of somebody else's as it is, with the fingerprints of what is sealed in it.
    pub(crate) fn take_in(&mut self, write: Write, fingerprints: Vec<Fingerprint>) {
        self.replica.insert(write.clone());
        self.ready.writes.push((write, fingerprints));
    }

    /// Takes writes of an import out again, as if they had never come.
    pub(crate) fn take_out(&mut self, unwanted: &BTreeSet<WriteId>) {
        let (out, kept) = self
            .replica
            .writes()
            .cloned()
            .partition::<Vec<_>, _>(|write| unwanted.contains(&write.id));
        self.replica = Replica::from_writes(kept);
        self.ready.removed.extend(out.iter().map(WriteKey::from));
    }

    pub(crate) fn put_local(&mut self, space: LocalSpace, name: &[u8], body: Option<Vec<u8>>) {
        self.ready.locals.push((space, name.to_vec(), body));
    }

    /// The account of this name, made if there is none.
    pub(crate) fn ensure_account(
        &mut self,
        exchange: &ExchangeId,
        environment: Environment,
        label: &AccountLabel,
    ) -> Result<EntryId, CommitError> {
        let known = self
            .book
            .find_account(exchange, environment, label)
            .or_else(|| self.added.find_account(exchange, environment, label));
        if let Some(id) = known {
            return Ok(id);
        }
        let id = self.vault.make_entry_id()?;
        for value in [
            RegisterValue::AccountLabel(label.clone()),
            RegisterValue::Exchange(exchange.clone()),
            RegisterValue::Environment(environment),
        ] {
            self.set(EntryKind::Account, id, &value)?;
        }
        self.added.add_account(AccountRecord {
            id,
            label: label.clone(),
            exchange: exchange.clone(),
            environment,
            sub_account: None,
            hygiene: Hygiene::UNKNOWN,
            notes: None,
        });
        Ok(id)
    }

    /// The consumer of this name, made if there is none.
    pub(crate) fn ensure_consumer(&mut self, name: &ConsumerName) -> Result<EntryId, CommitError> {
        let known = self
            .book
            .find_consumer(name)
            .or_else(|| self.added.find_consumer(name));
        if let Some(id) = known {
            return Ok(id);
        }
        let id = self.vault.make_entry_id()?;
        self.set(
            EntryKind::Consumer,
            id,
            &RegisterValue::ConsumerName(name.clone()),
        )?;
        self.set(
            EntryKind::Consumer,
            id,
            &RegisterValue::ConsumerKind(ConsumerKind::Tool),
        )?;
        let consumer = ConsumerRecord::new(id, name.clone(), ConsumerKind::Tool);
        self.added.add_consumer(consumer);
        Ok(id)
    }

    /// The label of an account that this draft or the vault knows.
    pub(crate) fn account_label(&self, id: EntryId) -> Option<AccountLabel> {
        self.account(id)
    }

    /// The row that follows from the writes; `None` if the key is deleted.
    pub(crate) fn row(&self, key: EntryId) -> Option<KeySummary> {
        self.record(key).map(|record| KeySummary::of(&record, self))
    }

    /// Notes that a key changed, so that its row is rewritten.
    pub(crate) fn changed(&mut self, key: EntryId) -> Option<KeySummary> {
        let row = self.row(key);
        self.ready.rows.insert(key, row.clone());
        row
    }

    pub(crate) fn is_empty(&self) -> bool {
        let Ready {
            writes,
            purged,
            removed,
            locals,
            ..
        } = &self.ready;
        writes.is_empty() && purged.is_empty() && removed.is_empty() && locals.is_empty()
    }

    /// Ids of the writes made so far, by entry.
    pub(crate) fn write_ids(&self) -> impl Iterator<Item = (EntryId, WriteId)> + '_ {
        self.ready
            .writes
            .iter()
            .map(|(write, _)| (write.entry, write.id))
    }

    pub(crate) fn finish(mut self) -> Ready {
        self.ready.names = self.added;
        self.ready
    }
}

/// Names of this draft before those of the vault.
impl Names for Draft<'_> {
    fn account(&self, id: EntryId) -> Option<AccountLabel> {
        Names::account(&self.added, id).or_else(|| Names::account(self.book, id))
    }

    fn consumer(&self, id: EntryId) -> Option<ConsumerName> {
        self.added.consumer(id).or_else(|| self.book.consumer(id))
    }
}

impl Ready {
    pub(crate) fn put(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        use strongroom_domain::Canonical;
        for (kind, entry, parent) in &self.parents {
            tx.insert_entry(*kind, *entry, Some(*parent))?;
        }
        for (write, fingerprints) in &self.writes {
            tx.insert_sealed(write, fingerprints)?;
        }
        for key in &self.purged {
            tx.purge(*key)?;
        }
        for key in &self.removed {
            tx.remove_write(*key)?;
        }
        for (space, name, body) in &self.locals {
            match body {
                Some(body) => tx.put_local(*space, name, body)?,
                None => drop(tx.remove_local(*space, name)?),
            }
        }
        for (key, row) in &self.rows {
            match row {
                Some(row) => tx.put_digest(*key, &row.encode())?,
                None => tx.remove_digest(*key)?,
            }
        }
        Ok(())
    }
}

impl OpenVault {
    fn item_aad(&self, entry: EntryId, write: WriteId, seal_version: u8) -> ItemAad {
        ItemAad {
            vault_id: *self.vault_id(),
            entry_id: *entry.as_bytes(),
            register: Register::Material.code(),
            write_id: *write.as_bytes(),
            seal_version,
        }
    }

    /// A secret sealed as a write of this id holds it.
    pub(crate) fn seal_material(
        &self,
        credential: EntryId,
        id: WriteId,
        material: &Material,
    ) -> Result<Body, CommitError> {
        let aad = self.item_aad(credential, id, SEAL_VERSION);
        let key = self.keys.derive_item_key(id.as_bytes());
        let plain = material.encode();
        // EXPOSE: into the ciphertext.
        let sealed = seal_item(&self.ports.random(), &key, &aad, plain.expose())?;
        Ok(Body::Sealed {
            version: SEAL_VERSION,
            bytes: sealed,
        })
    }

    /// Opens the material of a credential version, and checks that it was sealed for this version
    /// of this key, at whichever exchange.
    pub(crate) fn open_material_of(
        &self,
        key: EntryId,
        write: &Write,
    ) -> Result<Material, Altered> {
        let material = self.open_sealed(write)?;
        let exchange = material.exchange().clone();
        match material.is_for(&exchange, key, write.entry) {
            true => Ok(material),
            false => Err(Altered),
        }
    }

    /// Opens the material of a credential version, and checks that it was sealed for this version
    /// of this key at one of these exchanges.
    pub(crate) fn open_material(
        &self,
        key: EntryId,
        write: &Write,
        exchanges: &[ExchangeId],
    ) -> Result<Material, Altered> {
        let material = self.open_sealed(write)?;
        let belongs = exchanges
            .iter()
            .any(|exchange| material.is_for(exchange, key, write.entry));
        if belongs { Ok(material) } else { Err(Altered) }
    }

    fn open_sealed(&self, write: &Write) -> Result<Material, Altered> {
        let Body::Sealed {
            version: SEAL_VERSION,
            bytes,
        } = &write.body
        else {
            return Err(Altered);
        };
        let aad = self.item_aad(write.entry, write.id, SEAL_VERSION);
        let item_key = self.keys.derive_item_key(write.id.as_bytes());
        let plain: SecretBytes = open_item(&item_key, &aad, bytes).map_err(|_| Altered)?;
        Material::decode(&plain).map_err(|_| Altered)
    }

    /// Fingerprints of every field of a secret.
    pub(crate) fn fingerprints(&self, fields: &[MaterialField]) -> Vec<Fingerprint> {
        let key = self.keys.derive_fingerprint_key();
        let mut others = OTHER_FIELDS;
        fields
            .iter()
            .map(|field| {
                let place = u8::try_from(field.name.place()).unwrap_or(OTHER_FIELDS);
                let known = field.name.is_known();
                let code = if known { place } else { others };
                others += u8::from(!known);
                Fingerprint {
                    field: code,
                    // EXPOSE: into an HMAC.
                    print: fingerprint_secret(&key, field.value.expose().as_bytes()),
                }
            })
            .collect()
    }
}
