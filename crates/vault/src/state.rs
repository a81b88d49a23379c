//! The state record: one row that says what the whole database must hash to, under K_state.
//!
//! Whoever can write the file can put back an older page, an older file or nothing at all, but
//! cannot make a record for the mixture. The record carries two roots of the contents, so that the
//! list can be verified at once and everything else right after it (ADR 0004).
//!
//! Deliberately not here: the comparison with what is found (`verify.rs`) and with what this
//! device has seen before (`anchor.rs`).

use minicbor::{Decoder, Encoder};
use strongroom_crypto::{CborError, VaultKeys, canonical, checkpoint, mac, mac_ok};
use strongroom_domain::{DeviceId, MemberId};
use strongroom_secret::Key32;
use strongroom_store::{Digests, LocalSpace, Recount, Store, StoreError, Tx};

use crate::audit::{AuditEntry, AuditEvent, EventKind};
use crate::error::CommitError;
use crate::ports::{EntropyFailed, Moment, Ports};
use crate::sealed_local;

const DOMAIN: &str = "strongroom/v1/state";
const FORM: u8 = 1;

/// Name of the local row with the author's id.
pub(crate) const AUTHOR: &[u8] = b"author";

/// Why a database is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error("the database has no state record; restore a backup")]
    NoRecord,
    #[error("the state record was not written by this vault; restore a backup")]
    Forged,
    #[error("the list does not agree with the state record; restore a backup")]
    ListChanged,
    #[error("a sealed value of the database does not open; restore a backup")]
    Unopenable,
    #[error("the copy does not hash to what was copied")]
    CopyDiffers,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// How far the full verification got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyProgress {
    More,
    Done,
}

/// What the state record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateRecord {
    pub(crate) db_instance_id: [u8; 16],
    pub(crate) epoch: u64,
    pub(crate) items_root: [u8; 32],
    pub(crate) list_root: [u8; 32],
    pub(crate) audit_size: u64,
    pub(crate) audit_root: [u8; 32],
    pub(crate) hdr_rev: u64,
}

impl StateRecord {
    /// canonical CBOR ‖ HMAC.
    pub(crate) fn seal(&self, k_state: &Key32) -> Vec<u8> {
        let mut bytes = self.encode();
        let tag = mac(k_state, DOMAIN, &bytes);
        bytes.extend_from_slice(&tag);
        bytes
    }

    pub(crate) fn open(bytes: &[u8], k_state: &Key32) -> Option<Self> {
        let (body, tag) = bytes.split_last_chunk::<32>()?;
        if !mac_ok(k_state, DOMAIN, body, tag) {
            return None;
        }
        canonical(body, Self::read, Self::encode).ok()
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(192));
        out.array(8)
            .and_then(|out| out.u8(FORM))
            .and_then(|out| out.bytes(&self.db_instance_id))
            .and_then(|out| out.u64(self.epoch))
            .and_then(|out| out.bytes(&self.items_root))
            .and_then(|out| out.bytes(&self.list_root))
            .and_then(|out| out.u64(self.audit_size))
            .and_then(|out| out.bytes(&self.audit_root))
            .and_then(|out| out.u64(self.hdr_rev))
            .expect("writing to memory cannot fail");
        out.into_writer()
    }

    fn read(input: &mut Decoder<'_>) -> Result<Self, CborError> {
        if input.array()? != Some(8) || input.u8()? != FORM {
            return Err(CborError::Malformed);
        }
        Ok(Self {
            db_instance_id: fixed(input)?,
            epoch: input.u64()?,
            items_root: fixed(input)?,
            list_root: fixed(input)?,
            audit_size: input.u64()?,
            audit_root: fixed(input)?,
            hdr_rev: input.u64()?,
        })
    }
}

fn fixed<const N: usize>(input: &mut Decoder<'_>) -> Result<[u8; N], CborError> {
    input.bytes()?.try_into().map_err(|_| CborError::Malformed)
}

/// What a new database begins with.
pub(crate) struct LedgerSeed<'a> {
    pub(crate) keys: &'a VaultKeys,
    pub(crate) ports: &'a Ports,
    pub(crate) vault_id: [u8; 16],
    pub(crate) db_instance_id: [u8; 16],
    pub(crate) device_id: DeviceId,
    pub(crate) author: MemberId,
    pub(crate) hdr_rev: u64,
    pub(crate) app_version: &'a str,
}

/// What is known of the database beside its contents: the last record, how far verification got,
/// and what the anchor has not been told yet.
#[derive(Debug)]
pub(crate) struct Ledger {
    record: StateRecord,
    pub(crate) recount: Option<Recount>,
    list: Option<Digests>,
    unanchored: u32,
    unanchored_since: Option<Moment>,
}

impl Ledger {
    pub(crate) fn over(record: StateRecord) -> Self {
        Self {
            record,
            recount: None,
            list: None,
            unanchored: 0,
            unanchored_since: None,
        }
    }

    /// Writes what every database begins with: the author, a sealed audit key, the first entry of
    /// the log, the roots.
    pub(crate) fn create(store: &mut Store, seed: LedgerSeed<'_>) -> Result<Self, StateError> {
        let audit_key = checkpoint::make_seed(&seed.ports.random()).map_err(EntropyFailed::from)?;
        let sealed =
            sealed_local::AUDIT_KEY.seal(seed.ports, seed.keys, seed.vault_id, &audit_key)?;
        let mut tx = store.begin()?;
        tx.put_local(LocalSpace::Setting, AUTHOR, seed.author.as_bytes())?;
        sealed_local::AUDIT_KEY.put(&mut tx, &sealed)?;
        append(&mut tx, &seed, EventKind::Created.into())?;
        let record = first_record(&tx, &seed, 1);
        tx.put_state(&record.seal(&seed.keys.derive_state_key()))?;
        tx.commit()?;
        Ok(Self::over(record))
    }

    /// Reads the record and verifies the list by its own root. Everything else is not to be
    /// believed before `verify_slice` is done.
    pub(crate) fn open(
        store: &Store,
        keys: &VaultKeys,
        vault_id: [u8; 16],
        db_instance_id: [u8; 16],
    ) -> Result<(Self, MemberId), StateError> {
        debug_assert_ne!(
            vault_id, [0; 16],
            "the marker was compared with it when it was opened"
        );
        let bytes = store.state()?.ok_or(StateError::NoRecord)?;
        let record =
            StateRecord::open(&bytes, &keys.derive_state_key()).ok_or(StateError::Forged)?;
        if record.db_instance_id != db_instance_id {
            return Err(StateError::Forged);
        }
        let list = store.digests()?;
        if list.list_root() != record.list_root {
            return Err(StateError::ListChanged);
        }
        let author = store
            .local(LocalSpace::Setting, AUTHOR)?
            .and_then(|bytes| MemberId::from_slice(&bytes))
            .ok_or(StateError::Forged)?;
        Ok((
            Self {
                list: Some(list),
                ..Self::over(record)
            },
            author,
        ))
    }

    /// The list as it was read and verified when the database was opened; once.
    pub(crate) fn take_list(&mut self) -> Option<Digests> {
        self.list.take()
    }

    pub(crate) fn record(&self) -> &StateRecord {
        &self.record
    }

    /// Takes up a record that was just committed.
    pub(crate) fn committed(&mut self, record: StateRecord, at: Moment) {
        self.record = record;
        self.unanchored = self.unanchored.saturating_add(1);
        self.unanchored_since.get_or_insert(at);
    }

    pub(crate) fn anchored(&mut self) {
        self.unanchored = 0;
        self.unanchored_since = None;
    }

    pub(crate) fn unanchored(&self) -> u32 {
        self.unanchored
    }

    pub(crate) fn unanchored_since(&self) -> Option<Moment> {
        self.unanchored_since
    }
}

/// The record of a database that is being made.
pub(crate) fn first_record(tx: &Tx<'_>, seed: &LedgerSeed<'_>, epoch: u64) -> StateRecord {
    let (audit_size, audit_root) = tx.audit_head();
    StateRecord {
        db_instance_id: seed.db_instance_id,
        epoch,
        items_root: tx.items_root(),
        list_root: tx.list_root(),
        audit_size,
        audit_root,
        hdr_rev: seed.hdr_rev,
    }
}

/// Appends an entry to the log of a database that is being made.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    seed: &LedgerSeed<'_>,
    event: AuditEvent,
) -> Result<(), StoreError> {
    let (seq, _) = tx.audit_head();
    let policy_rev = strongroom_crypto::Policy::DEFAULT.rev;
    let now = seed.ports.now();
    let entry = AuditEntry::new(
        seq,
        now,
        seed.device_id,
        &event,
        policy_rev,
        seed.app_version,
    );
    tx.append_audit(&entry.encode()).map(drop)
}

/// The seed of the audit key AK.
pub(crate) fn audit_key(
    store: &Store,
    keys: &VaultKeys,
    vault_id: [u8; 16],
) -> Result<Key32, StateError> {
    let found = sealed_local::AUDIT_KEY.open(store, keys, vault_id)?;
    found.ok_or(StateError::Unopenable)
}

impl From<StateError> for CommitError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Store(store) => store.into(),
            StateError::Entropy(failed) => failed.into(),
            _ => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> StateRecord {
        StateRecord {
            db_instance_id: [1; 16],
            epoch: 300,
            items_root: [2; 32],
            list_root: [3; 32],
            audit_size: 24,
            audit_root: [4; 32],
            hdr_rev: 70_000,
        }
    }

    #[test]
    fn a_record_opens_under_its_key_and_unchanged_only() {
        let key = |byte| Key32::filled_by(|key: &mut [u8; 32]| key.fill(byte));
        let sealed = record().seal(&key(1));
        assert_eq!(StateRecord::open(&sealed, &key(1)), Some(record()));
        assert_eq!(StateRecord::open(&sealed, &key(2)), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(StateRecord::open(&changed, &key(1)), None, "byte {index}");
        }
        assert_eq!(StateRecord::open(&sealed[..20], &key(1)), None);
    }
}
