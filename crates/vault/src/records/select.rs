//! Finding the key a person means, and reading the writes of one key.

use strongroom_domain::merge::{Body, Replica};
use strongroom_domain::{EntryId, EntryKind, KeyRecord, KeySummary, Register};
use strongroom_store::{Store, StoreError, StoredWrite};

use crate::open::OpenVault;

/// Why nothing can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the vault is still being verified; try again in a moment")]
    NotYetVerified,
    #[error("the vault does not verify; restore a backup")]
    Broken,
    #[error("the database is damaged; restore a backup")]
    Damaged,
    #[error("the database could not be read")]
    Unreadable,
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt => Self::Damaged,
            _ => Self::Unreadable,
        }
    }
}

/// Why a key was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("there is no such key")]
    NotFound,
    #[error("{count} keys have this label; use the id of the one you mean")]
    Ambiguous { count: usize },
}

impl OpenVault {
    /// The key with this id or label. A label in another case is taken if only one key has it. A
    /// key that was deleted and not purged is found by its id alone, so that it can be restored or
    /// purged.
    pub fn find_key(&mut self, selector: &str) -> Result<EntryId, KeyError> {
        if let Ok(id) = EntryId::parse(selector)
            && (self.keys()?.get(id).is_some() || self.is_deleted_key(id)?)
        {
            return Ok(id);
        }
        let list = self.keys()?;
        let selector = selector.trim();
        let one = |found: Vec<EntryId>| match found.as_slice() {
            [] => Err(KeyError::NotFound),
            [id] => Ok(*id),
            many => Err(KeyError::Ambiguous { count: many.len() }),
        };
        let with_label = |fits: &dyn Fn(&str) -> bool| -> Vec<EntryId> {
            let rows = list.rows().iter().filter(|row| fits(row.label.as_str()));
            rows.map(|row| row.id).collect()
        };
        match one(with_label(&|label| label == selector)) {
            Err(KeyError::NotFound) => {
                let lower = selector.to_lowercase();
                one(with_label(&|label| label.to_lowercase() == lower))
            }
            found => found,
        }
    }

    fn is_deleted_key(&self, id: EntryId) -> Result<bool, ReadError> {
        if self.may_read().is_err() {
            return Ok(false);
        }
        let labels = self.store.writes_of_register(id, Register::Label)?;
        let alive = |stored: &StoredWrite| stored.write.body != Body::Purged;
        Ok(labels
            .iter()
            .any(|stored| stored.write.kind == EntryKind::Key && alive(stored)))
    }

    /// The row of a key.
    pub fn key_row(&mut self, key: EntryId) -> Result<&KeySummary, KeyError> {
        self.keys()?.get(key).ok_or(KeyError::NotFound)
    }

    /// A key with the versions of its secret, as their writes tell it.
    pub(crate) fn read_key(&self, key: EntryId) -> Result<(Replica, KeyRecord), KeyError> {
        self.may_read()?;
        let replica = read_replica(&self.store, key)?;
        let record = KeyRecord::materialise(&replica, key).ok_or(KeyError::NotFound)?;
        Ok((replica, record))
    }
}

/// The writes of a key and of the versions of its secret.
pub(crate) fn read_replica(store: &Store, key: EntryId) -> Result<Replica, ReadError> {
    let mut writes = store.writes_of(key)?;
    for version in store.children(key, EntryKind::Credential)? {
        writes.extend(store.writes_of(version)?);
    }
    Ok(Replica::from_writes(
        writes.into_iter().map(|stored| stored.write),
    ))
}
