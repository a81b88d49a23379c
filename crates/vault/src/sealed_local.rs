//! Keys of the vault's own that are kept in its database: the one that signs its log, and those of
//! the person it belongs to. Each lies in a local row of its own, as `write_id ‖ sealed`, sealed
//! like every item under a key derived from a random id, so that pages hold ciphertext.
//!
//! Deliberately not here: making them, and when they go into another database.

use strongroom_crypto::{ItemAad, VaultKeys, open_item, seal_item};
use strongroom_secret::Key32;
use strongroom_store::{LocalSpace, Store, Tx};

use crate::ports::{EntropyFailed, Ports};
use crate::state::StateError;

const SEAL_VERSION: u8 = 1;

/// Where a key is kept, and what it is sealed to: no entry and no register of the domain has these.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyRow {
    space: LocalSpace,
    name: &'static [u8],
    entry: [u8; 16],
    register: u16,
}

/// The audit signing key AK.
pub(crate) const AUDIT_KEY: KeyRow = KeyRow {
    space: LocalSpace::Checkpoint,
    name: b"audit-key",
    entry: *b"strongroom-audit",
    register: 0xff01,
};
/// The person's signing key IK_s.
pub(crate) const SIGNING_KEY: KeyRow = KeyRow {
    space: LocalSpace::Identity,
    name: b"sign",
    entry: *b"strongroom-ident",
    register: 0xff02,
};
/// The person's share recipient IK_e.
pub(crate) const RECIPIENT_KEY: KeyRow = KeyRow {
    space: LocalSpace::Identity,
    name: b"encrypt",
    entry: *b"strongroom-ident",
    register: 0xff03,
};

/// The keys that are opened and sealed anew when a vault gets new keys.
pub(crate) const ALL: [KeyRow; 3] = [AUDIT_KEY, SIGNING_KEY, RECIPIENT_KEY];

impl KeyRow {
    /// `None` if it was never made.
    pub(crate) fn open(
        self,
        store: &Store,
        keys: &VaultKeys,
        vault_id: [u8; 16],
    ) -> Result<Option<Key32>, StateError> {
        let Some(row) = store.local(self.space, self.name)? else {
            return Ok(None);
        };
        let (write_id, sealed) = row
            .split_first_chunk::<16>()
            .ok_or(StateError::Unopenable)?;
        let aad = self.aad(vault_id, *write_id);
        let opened = open_item(&keys.derive_item_key(write_id), &aad, sealed)
            .map_err(|_| StateError::Unopenable)?;
        // EXPOSE: into a key that wipes itself.
        let key = Key32::from_slice(opened.expose()).ok_or(StateError::Unopenable)?;
        Ok(Some(key))
    }

    /// The row's body for a key.
    pub(crate) fn seal(
        self,
        ports: &Ports,
        keys: &VaultKeys,
        vault_id: [u8; 16],
        key: &Key32,
    ) -> Result<Vec<u8>, EntropyFailed> {
        let write_id = ports.make_id()?;
        let aad = self.aad(vault_id, write_id);
        let item_key = keys.derive_item_key(&write_id);
        // EXPOSE: sealed at once.
        let sealed = seal_item(&ports.random(), &item_key, &aad, key.expose())?;
        Ok([&write_id[..], &sealed].concat())
    }

    pub(crate) fn put(self, tx: &mut Tx<'_>, body: &[u8]) -> Result<(), StateError> {
        Ok(tx.put_local(self.space, self.name, body)?)
    }

    /// Space and name, for a draft that writes it among other rows.
    pub(crate) fn place(self) -> (LocalSpace, &'static [u8]) {
        (self.space, self.name)
    }

    fn aad(self, vault_id: [u8; 16], write_id: [u8; 16]) -> ItemAad {
        ItemAad {
            vault_id,
            entry_id: self.entry,
            register: self.register,
            write_id,
            seal_version: SEAL_VERSION,
        }
    }
}
