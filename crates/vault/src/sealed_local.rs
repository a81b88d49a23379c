//! Keys of the vault's own that are kept in its database: the one that signs its log, and those of
//! the person it belongs to. Each lies in a local row of its own, as `write_id ‖ sealed`, sealed
//! like every item under a key derived from a random id, so that pages hold ciphertext.
//!
//! Deliberately not here: making them, and when they go into another database.

use strongroom_crypto::{ItemAad, VaultKeys, open_item, seal_item};
use strongroom_secret::Key;
use strongroom_store::{LocalSpace, Store, Tx};

use crate::ports::{EntropyFailed, Ports};
use crate::state::{LedgerSeed, StateError};

const SEAL_VERSION: u8 = 1;

/// Where a key of so many bytes is kept, and what it is sealed to: no entry and no register of the
/// domain has these.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyRow<const N: usize> {
    space: LocalSpace,
    name: &'static [u8],
    entry: [u8; 16],
    register: u16,
}

/// The audit signing key AK.
pub(crate) const AUDIT_KEY: KeyRow<32> = KeyRow {
    space: LocalSpace::Checkpoint,
    name: b"audit-key",
    entry: *b"strongroom-audit",
    register: 0xff01,
};
/// The person's own keys: IK_s ‖ IK_e.
pub(crate) const IDENTITY: KeyRow<64> = KeyRow {
    space: LocalSpace::Identity,
    name: b"keys",
    entry: *b"strongroom-ident",
    register: 0xff02,
};

impl<const N: usize> KeyRow<N> {
    /// `None` if it was never made.
    pub(crate) fn open(
        self,
        store: &Store,
        keys: &VaultKeys,
        vault_id: [u8; 16],
    ) -> Result<Option<Key<N>>, StateError> {
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
        let key = Key::from_slice(opened.expose()).ok_or(StateError::Unopenable)?;
        Ok(Some(key))
    }

    /// The row's body for a key.
    pub(crate) fn seal(
        self,
        ports: &Ports,
        keys: &VaultKeys,
        vault_id: [u8; 16],
        key: &Key<N>,
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

    /// Puts the key under the keys of a new database, if the old one has it.
    pub(crate) fn move_to(
        self,
        tx: &mut Tx<'_>,
        (from, old_keys): (&Store, &VaultKeys),
        seed: &LedgerSeed<'_>,
    ) -> Result<(), StateError> {
        let Some(key) = self.open(from, old_keys, seed.vault_id)? else {
            return Ok(());
        };
        let body = self.seal(seed.ports, seed.keys, seed.vault_id, &key)?;
        self.put(tx, &body)
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
