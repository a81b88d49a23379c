//! Writes of others on their way into the vault, and out of it again.
//!
//! Chosen writes are drafted key by key, so that a large share never stands in one replica, and
//! are committed together. What came in is remembered; an undo takes exactly that out again, where
//! nothing was built on it. Taking out loses nothing: the sender still has it, and so has the file.
//! A value that a share destroyed does not come back by an undo; the backup made before has it.
//!
//! Deliberately not here: which writes are chosen (domain's `share`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use minicbor::{Decoder, Encoder};
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::{
    ConsumerName, EntryId, EntryKind, KeySummary, Register, RegisterValue, WriteId,
};
use strongroom_store::Fingerprint;

use super::codec::array_of;
use crate::open::OpenVault;
use crate::records::{Draft, ReadError};

/// Bytes of a sealed value that no other has: its nonce.
type Nonce = [u8; 24];

/// Fingerprints of sealed secrets, ours and others', by the nonces of their sealings.
#[derive(Debug, Default)]
pub(crate) struct Prints(HashMap<Nonce, Vec<Fingerprint>>);

impl Prints {
    pub(super) fn note(&mut self, body: &Body, mut prints: Vec<Fingerprint>) {
        if let Some(nonce) = nonce_of(body) {
            prints.sort_unstable();
            self.0.insert(nonce, prints);
        }
    }

    fn get(&self, body: &Body) -> Option<&Vec<Fingerprint>> {
        self.0.get(&nonce_of(body)?)
    }

    pub(super) fn of(&self, body: &Body) -> Vec<Fingerprint> {
        self.get(body).cloned().unwrap_or_default()
    }
}

fn nonce_of(body: &Body) -> Option<Nonce> {
    match body {
        Body::Sealed { bytes, .. } => bytes.first_chunk().copied(),
        Body::Value(_) | Body::Purged => None,
    }
}

/// Whether two secrets are the same: if all of their fields are.
pub(super) fn same_secret(ours: &Prints, theirs: &Prints, one: &Write, other: &Write) -> bool {
    let find = |write: &Write| ours.get(&write.body).or_else(|| theirs.get(&write.body));
    match (find(one), find(other)) {
        (Some(one), Some(other)) => !one.is_empty() && one == other,
        _ => false,
    }
}

/// Everything the vault holds, with the fingerprints of its secrets.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(super) replica: Replica,
    pub(super) prints: Prints,
    /// The root of all rows it was read from.
    items_root: [u8; 32],
}

/// What a merge did.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) added: BTreeSet<EntryId>,
    pub(super) changed: BTreeSet<EntryId>,
    pub(super) batch: MergeBatch,
}

/// What a merge wrote, so that it can be taken out again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MergeBatch {
    /// By the key they are of, or the entry itself.
    pub(super) writes: BTreeMap<EntryId, BTreeSet<WriteId>>,
}

/// What an undo did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShareUndone {
    /// Changes that are gone again.
    pub restored: usize,
    /// Keys that are gone again.
    pub removed: usize,
    /// Keys and other entries that were worked on since, and stay as they are.
    pub kept: usize,
}

impl OpenVault {
    /// Everything, for a question that is asked again when it is answered: what would be given, or
    /// what would change. Kept until then ([`OpenVault::take_whole`]) or until a row changes.
    pub(super) fn whole(&mut self) -> Result<Arc<Whole>, ReadError> {
        let whole = self.take_whole()?;
        self.records.whole = Some(Arc::clone(&whole));
        Ok(whole)
    }

    /// Everything, which is not kept any longer.
    pub(super) fn take_whole(&mut self) -> Result<Arc<Whole>, ReadError> {
        let root = self.ledger.record().items_root;
        let kept = self.records.whole.take();
        match kept.filter(|whole| whole.items_root == root) {
            Some(whole) => Ok(whole),
            None => Ok(Arc::new(self.read_whole()?)),
        }
    }

    fn read_whole(&self) -> Result<Whole, ReadError> {
        let mut whole = Whole {
            replica: Replica::new(),
            prints: Prints::default(),
            items_root: self.ledger.record().items_root,
        };
        self.store.for_each_write(|stored| {
            whole.prints.note(&stored.write.body, stored.fingerprints);
            whole.replica.insert(stored.write);
            Ok::<(), ReadError>(())
        })?;
        Ok(whole)
    }

    /// Drafts chosen writes: those that are here already are purged ones, all others are new.
    pub(super) fn draft_merge(
        &self,
        draft: &mut Draft<'_>,
        writes: Vec<Arc<Write>>,
        prints: &Prints,
    ) -> Result<Merged, ReadError> {
        let keys = self.keys_of_versions(&writes)?;
        let mut by_root: BTreeMap<(bool, EntryId), Vec<Arc<Write>>> = BTreeMap::new();
        for write in writes {
            let root = match write.kind {
                EntryKind::Credential => keys.get(&write.entry).copied(),
                _ => Some(write.entry),
            };
            // What keys name comes before them, so that their rows tell it.
            let of_key = matches!(write.kind, EntryKind::Key | EntryKind::Credential);
            let place = (of_key, root.unwrap_or(write.entry));
            by_root.entry(place).or_default().push(write);
        }
        let mut merged = Merged::default();
        let mut renamed = BTreeSet::new();
        for ((of_key, root), writes) in by_root {
            if of_key {
                draft.load(root)?;
            } else {
                draft.load_entry(root)?;
            }
            let was_here = draft.replica.writes_of(root).next().is_some();
            for write in writes {
                if let (Register::Key, Body::Value(_)) = (write.register, &write.body) {
                    draft.stands_under(EntryKind::Credential, write.entry, root);
                }
                let here = draft
                    .replica
                    .write(write.entry, write.register, write.id)
                    .cloned();
                match here {
                    Some(ours) => draft.purge(&ours),
                    None => {
                        let batch = merged.batch.writes.entry(root).or_default();
                        batch.insert(write.id);
                        let prints = prints.of(&write.body);
                        draft.take_in(Arc::unwrap_or_clone(write), prints);
                    }
                }
            }
            if of_key {
                draft.changed(root);
                let into = match was_here {
                    true => &mut merged.changed,
                    false => &mut merged.added,
                };
                into.insert(root);
            } else {
                draft.knows_again(root);
                renamed.insert(root);
            }
            draft.forget();
        }
        let done: BTreeSet<EntryId> = merged.added.union(&merged.changed).copied().collect();
        self.draft_rows_naming(draft, &renamed, &done)?;
        Ok(merged)
    }

    /// Rewrites the rows of keys that name any of these entries.
    fn draft_rows_naming(
        &self,
        draft: &mut Draft<'_>,
        entries: &BTreeSet<EntryId>,
        except: &BTreeSet<EntryId>,
    ) -> Result<(), ReadError> {
        let list = self.records.list.as_ref().ok_or(ReadError::Damaged)?;
        let names = self.records.names.as_ref().ok_or(ReadError::Damaged)?;
        let consumers: BTreeSet<ConsumerName> = entries
            .iter()
            .filter_map(|id| names.consumers().get(id))
            .map(|one| one.name.clone())
            .collect();
        let tells = |row: &&KeySummary| {
            row.account.is_some_and(|id| entries.contains(&id))
                || row.consumers.iter().any(|name| consumers.contains(name))
        };
        let rows: Vec<EntryId> = list.rows().iter().filter(tells).map(|row| row.id).collect();
        for key in rows.into_iter().filter(|key| !except.contains(key)) {
            draft.load(key)?;
            draft.changed(key);
            draft.forget();
        }
        Ok(())
    }

    /// The key of every version these writes are about, by what they say or by what is here.
    pub(super) fn keys_of_versions(
        &self,
        writes: &[Arc<Write>],
    ) -> Result<HashMap<EntryId, EntryId>, ReadError> {
        let mut keys = HashMap::new();
        for write in writes {
            if write.kind != EntryKind::Credential || keys.contains_key(&write.entry) {
                continue;
            }
            if let Some(key) = self.store.parent(EntryKind::Credential, write.entry)? {
                keys.insert(write.entry, key);
            }
        }
        for write in writes {
            let Body::Value(bytes) = &write.body else {
                continue;
            };
            if let Ok(RegisterValue::Key(key)) =
                RegisterValue::decode(write.kind, write.register, bytes)
            {
                keys.entry(write.entry).or_insert(key);
            }
        }
        Ok(keys)
    }

    /// Drafts that the writes of a merge are gone again, but for entries that were worked on since.
    pub(super) fn draft_unmerge(
        &self,
        draft: &mut Draft<'_>,
        batch: &MergeBatch,
    ) -> Result<ShareUndone, ReadError> {
        let mut undone = ShareUndone::default();
        let (mut around, mut gone) = (Vec::new(), BTreeSet::new());
        for (root, writes) in &batch.writes {
            draft.load(*root)?;
            let is_key = draft
                .replica
                .writes_of(*root)
                .any(|write| write.kind == EntryKind::Key);
            if !is_key {
                draft.forget();
                around.push((*root, writes));
                continue;
            }
            if is_built_on(&draft.replica, *root, writes) {
                undone.kept += 1;
            } else {
                undone.restored += Self::take_back(draft, writes);
                if draft.changed(*root).is_none() {
                    undone.removed += 1;
                    gone.insert(*root);
                }
            }
            draft.forget();
        }
        let mut renamed = BTreeSet::new();
        for (entry, writes) in around {
            draft.load_entry(entry)?;
            let stays = draft
                .replica
                .writes_of(entry)
                .any(|write| !writes.contains(&write.id));
            let needed = !stays && self.is_named(entry, &gone)?;
            if needed || is_built_on(&draft.replica, entry, writes) {
                undone.kept += 1;
            } else {
                undone.restored += Self::take_back(draft, writes);
                draft.knows_again(entry);
                renamed.insert(entry);
            }
            draft.forget();
        }
        let rewritten: BTreeSet<EntryId> = batch.writes.keys().copied().collect();
        self.draft_rows_naming(draft, &renamed, &rewritten)?;
        Ok(undone)
    }

    /// Takes writes out again, but for those whose value was destroyed: if such a tombstone went,
    /// the same file would bring the secret back.
    fn take_back(draft: &mut Draft<'_>, writes: &BTreeSet<WriteId>) -> usize {
        let here = draft.replica.writes();
        let back: BTreeSet<WriteId> = here
            .filter(|write| writes.contains(&write.id) && write.body != Body::Purged)
            .map(|write| write.id)
            .collect();
        draft.take_out(&back);
        back.len()
    }

    /// Whether a key that stays names an entry.
    fn is_named(&self, entry: EntryId, gone: &BTreeSet<EntryId>) -> Result<bool, ReadError> {
        let list = self.records.list.as_ref().ok_or(ReadError::Damaged)?;
        let names = self.records.names.as_ref().ok_or(ReadError::Damaged)?;
        let consumer = names.consumers().get(&entry).map(|one| &one.name);
        Ok(list
            .rows()
            .iter()
            .filter(|row| !gone.contains(&row.id))
            .any(|row| {
                row.account == Some(entry)
                    || consumer.is_some_and(|name| row.consumers.contains(name))
            }))
    }
}

/// Whether anything that did not come with these writes rests on one of them: it replaces it, it
/// deletes the entry knowing it, or it is about an entry that came with them.
fn is_built_on(replica: &Replica, root: EntryId, writes: &BTreeSet<WriteId>) -> bool {
    let others = || replica.writes().filter(|write| !writes.contains(&write.id));
    let came_along = |entry: EntryId| {
        replica
            .writes_of(entry)
            .filter(|write| write.register == Register::Label || write.register == Register::Key)
            .any(|write| writes.contains(&write.id) && write.supersedes.is_empty())
    };
    let knows = |write: &Write| {
        let Body::Value(bytes) = &write.body else {
            return false;
        };
        match RegisterValue::decode(write.kind, write.register, bytes) {
            Ok(RegisterValue::Deleted(strongroom_domain::Deleted::Yes { seen })) => {
                !seen.is_disjoint(writes)
            }
            _ => false,
        }
    };
    let new_here = came_along(root);
    others().any(|write| {
        new_here
            || !write.supersedes.is_disjoint(writes)
            || knows(write)
            || (write.entry != root && came_along(write.entry))
    })
}

impl MergeBatch {
    pub(super) fn encode(&self) -> Vec<u8> {
        let count: usize = self.writes.values().map(BTreeSet::len).sum();
        let mut out = Encoder::new(Vec::with_capacity(16 + count * 17 + self.writes.len() * 24));
        let sure = "writing to memory cannot fail";
        out.array(self.writes.len() as u64).expect(sure);
        for (root, writes) in &self.writes {
            out.array(2).expect(sure);
            out.bytes(root.as_bytes()).expect(sure);
            out.array(writes.len() as u64).expect(sure);
            for write in writes {
                out.bytes(write.as_bytes()).expect(sure);
            }
        }
        out.into_writer()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Decoder::new(bytes);
        let mut writes = BTreeMap::new();
        for _ in 0..input.array().ok()?? {
            array_of(&mut input, 2)?;
            let root = EntryId::from_slice(input.bytes().ok()?)?;
            let count = input.array().ok()??;
            let ids = (0..count)
                .map(|_| WriteId::from_slice(input.bytes().ok()?))
                .collect::<Option<_>>()?;
            writes.insert(root, ids);
        }
        Some(Self { writes })
    }
}
