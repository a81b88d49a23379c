//! An opened share on its way in: preview, choice, merge, undo.
//!
//! A plan holds no secret in the clear: what came in was sealed anew under keys of this vault when
//! the share was opened. Applying it is one commit after a verified backup; what the vault became
//! meanwhile is looked at again first.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use strongroom_crypto::Fingerprint;
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{
    Group, History, Lot, Preview, Role, Row, Scope, Selection, Sender, Standing,
};
use strongroom_domain::{EntryId, EntryKind, Register, UtcMs};
use strongroom_formats::share::ContactCard;
use strongroom_store::LocalSpace;

use super::contact::{Contact, ContactState, Seen};
use super::contacts::{CardKnown, ContactError};
use super::error::ShareError;
use super::log::{ShareBatchId, ShareEvent, ShareWay, batch_name};
use super::merge::{MergeBatch, Prints, ShareUndone, Whole, same_secret};
use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::open::OpenVault;
use crate::records::{Draft, ReadError, words_of};
use crate::stepup::{Need, StepUp};

/// Imports that can still be undone; older ones are built on anyway.
const MOST_BATCHES: usize = 20;

/// Who sent a share.
#[derive(Debug, Clone, PartialEq)]
pub enum ShareSender {
    Known(Contact),
    /// A first contact, under a passphrase: nobody has said who this is.
    Unknown(ContactCard),
}

impl ShareSender {
    pub fn fingerprint(&self) -> Fingerprint {
        self.card().identity().fingerprint()
    }

    pub fn card(&self) -> &ContactCard {
        match self {
            Self::Known(contact) => &contact.card,
            Self::Unknown(card) => card,
        }
    }
}

/// What a share says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareFacts {
    pub bundle: [u8; 16],
    pub kind: &'static str,
    pub seq: u64,
    pub created: UtcMs,
    pub expires: Option<UtcMs>,
    pub role: Role,
    pub scope: Scope,
    pub recipients: usize,
    /// Another share of the sender for the same people lies between this one and the last that was
    /// imported.
    pub skipped: bool,
    pub(super) chain: Vec<u8>,
    pub(super) hash: [u8; 32],
}

/// An opened share, compared with the vault.
pub struct SharePlan {
    pub sender: ShareSender,
    pub facts: ShareFacts,
    /// In the order of entries, registers and ids.
    pub(super) incoming: Vec<Arc<Write>>,
    pub(super) prints: Prints,
    pub(super) preview: Preview,
    pub(super) accepted: BTreeSet<Lot>,
    pub(super) revision: u64,
}

impl std::fmt::Debug for SharePlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SharePlan({} writes)", self.incoming.len())
    }
}

/// One register of a plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    pub lot: Lot,
    /// The key, or another entry.
    pub root: EntryId,
    pub label: String,
    pub kind: EntryKind,
    pub register: Register,
    pub group: Group,
    /// `None` for a secret, and where there is nothing.
    pub ours: Option<String>,
    pub theirs: Option<String>,
    pub reasons: Vec<&'static str>,
    pub acceptable: bool,
    pub accepted: bool,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareApplied {
    /// `None` where nothing changed.
    pub batch: Option<ShareBatchId>,
    pub added: usize,
    pub changed: usize,
    /// Keys with a conflict because of it.
    pub conflicts: usize,
    /// Suspicious lots that were left out.
    pub left_out: usize,
}

impl SharePlan {
    pub fn count(&self, group: Group) -> usize {
        self.preview.count(group)
    }

    /// Suspicious lots, and how many of them were accepted so far.
    pub fn suspicious(&self) -> (usize, usize) {
        (self.preview.suspicious().len(), self.accepted.len())
    }

    /// Whether it would change nothing, whatever was accepted.
    pub fn is_nothing_new(&self) -> bool {
        self.preview.rows().iter().all(|row| row.writes.is_empty())
    }

    /// Takes a suspicious lot into the import, or out of it again.
    pub fn accept(&mut self, lot: Lot, wanted: Wanted) -> Result<(), ShareError> {
        match wanted {
            Wanted::In => {
                let chosen = Selection::with([lot]);
                self.preview.select(&chosen)?;
                self.accepted.insert(lot);
            }
            Wanted::Out => {
                self.accepted.remove(&lot);
            }
        }
        self.revision += 1;
        Ok(())
    }

    /// Another number after every choice, so that a yes can name the choice it was given to.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Lots that can be accepted.
    pub fn acceptable(&self) -> impl Iterator<Item = Lot> {
        self.preview.acceptable()
    }

    /// Rows of one group, or of all.
    fn rows(&self, group: Option<Group>) -> impl Iterator<Item = &Row> {
        let rows = self.preview.rows().iter();
        rows.filter(move |row| group.is_none_or(|group| row.group == group))
    }

    /// What the share has of a register.
    fn sent(&self, entry: EntryId, register: Register) -> Replica {
        let place = (entry, register);
        let of = |write: &Arc<Write>| (write.entry, write.register);
        let from = self.incoming.partition_point(|write| of(write) < place);
        let writes = self.incoming[from..].iter();
        Replica::from_writes(writes.take_while(|write| of(write) == place).cloned())
    }

    /// What the share calls an entry of its own.
    fn told_label(&self, id: EntryId) -> Option<String> {
        let sent = self.sent(id, Register::Label);
        let alive = sent.alive(id, Register::Label);
        let last = alive.last()?;
        Some(words_of(last, &|_| None::<String>))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    In,
    Out,
}

/// A lot as one word, for those who choose it.
pub fn lot_name(lot: Lot) -> String {
    match lot {
        Lot::Entry(entry) => format!("entry-{entry}"),
        Lot::Secrets(entry) => format!("secrets-{entry}"),
        Lot::Register(entry, register) => format!("{}-{entry}", register.code()),
    }
}

/// `None` if it is no such word.
pub fn parse_lot(text: &str) -> Option<Lot> {
    let (what, entry) = text.split_once('-')?;
    let entry = EntryId::parse(entry).ok()?;
    Some(match what {
        "entry" => Lot::Entry(entry),
        "secrets" => Lot::Secrets(entry),
        code => Lot::Register(entry, Register::from_code(code.parse().ok()?)?),
    })
}

impl OpenVault {
    /// A page of a plan's rows, and how many there are in all.
    pub fn share_rows(
        &mut self,
        plan: &SharePlan,
        group: Option<Group>,
        offset: usize,
        most: usize,
    ) -> Result<(Vec<ShareRow>, usize), ReadError> {
        self.make_ready()?;
        let total = plan.rows(group).count();
        let can: BTreeSet<Lot> = plan.acceptable().collect();
        let rows = plan
            .rows(group)
            .skip(offset)
            .take(most)
            .map(|row| self.share_row(plan, row, &can))
            .collect::<Result<Vec<_>, _>>()?;
        Ok((rows, total))
    }

    fn share_row(
        &self,
        plan: &SharePlan,
        row: &Row,
        can: &BTreeSet<Lot>,
    ) -> Result<ShareRow, ReadError> {
        let named = |id: EntryId| self.label_of(id).or_else(|| plan.told_label(id));
        let root = row.key.unwrap_or(row.entry);
        let words = |writes: Vec<&Write>| {
            let told: Vec<String> = writes
                .into_iter()
                .map(|write| words_of(write, &named))
                .collect();
            (!told.is_empty() && !row.register.is_sealed()).then(|| told.join(" / "))
        };
        let stored = self.store.writes_of_register(row.entry, row.register)?;
        let here = Replica::from_writes(stored.into_iter().map(|stored| stored.write));
        let sent = plan.sent(row.entry, row.register);
        Ok(ShareRow {
            lot: row.lot,
            root,
            label: named(root).unwrap_or_else(|| row.kind.name().to_owned()),
            kind: row.kind,
            register: row.register,
            group: row.group,
            ours: words(here.alive(row.entry, row.register)),
            theirs: words(sent.alive(row.entry, row.register)),
            reasons: row.reasons.iter().map(|reason| reason.words()).collect(),
            acceptable: row.group == Group::Suspicious && can.contains(&row.lot),
            accepted: plan.accepted.contains(&row.lot),
        })
    }

    /// What a person here calls an entry.
    pub(super) fn label_of(&self, id: EntryId) -> Option<String> {
        let key = self.records.list.as_ref().and_then(|list| list.get(id));
        let names = self.records.names.as_ref();
        key.map(|row| row.label.to_string())
            .or_else(|| names.and_then(|names| names.label(id)))
    }

    /// Merges what was chosen of a plan: all of it, in one commit after a backup, or nothing. What
    /// was merged before changes nothing.
    pub fn apply_share(
        &mut self,
        plan: SharePlan,
        step_up: &StepUp,
        by: Client,
    ) -> Result<ShareApplied, ShareError> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        // The vault may have changed since, and so may who the sender is and what they may do here.
        let mut contact = self.sender_of(&plan.sender)?;
        let has_ended = plan.facts.expires.is_some_and(|end| self.now() >= end);
        if has_ended || contact.has_newer(&plan.facts.chain, plan.facts.seq, &plan.facts.hash) {
            return Err(ShareError::Stale);
        }
        let whole = self.take_whole()?;
        let sender = as_sender(&contact);
        let preview = Self::preview_of(&whole, &plan.incoming, &plan.prints, &sender);
        drop(whole);
        let left_out = preview.suspicious().len();
        let selection = Selection::with(plan.accepted.iter().copied());
        let writes = still_as_shown(&plan.preview, &preview, &selection, &plan.accepted)?;
        let secrets = writes
            .iter()
            .filter(|write| matches!(write.body, Body::Sealed { .. }))
            .count();
        let left_out = left_out.saturating_sub(plan.accepted.len());
        let seen = Seen {
            seq: plan.facts.seq,
            hash: plan.facts.hash,
            imported: self.now(),
        };
        let known = self.known_by_sender(contact.id, plan.facts.bundle, &plan.incoming, &writes)?;
        let has = contact.has(&plan.facts.chain, &plan.facts.hash);
        if writes.is_empty() && has && known.is_none() {
            return Ok(ShareApplied {
                batch: None,
                added: 0,
                changed: 0,
                conflicts: 0,
                left_out,
            });
        }
        if !writes.is_empty() {
            self.back_up_before_merge()?;
        }
        let before = contact.seen.get(&plan.facts.chain);
        let at = match before {
            // The same file once more is no newer one.
            Some(known) if known.seq == seen.seq => known.imported,
            _ => seen.imported,
        };
        contact.has_seen(
            plan.facts.chain.clone(),
            Seen {
                imported: at,
                ..seen
            },
        );
        let now = self.now();
        let mut draft = Draft::new(self)?;
        draft.put_contact(&contact);
        if let Some(known) = known {
            known.put(&mut draft);
        }
        let merged = self.draft_merge(&mut draft, writes, &plan.prints)?;
        let batch = batch_name(now, plan.facts.bundle);
        let wrote = !merged.batch.writes.is_empty();
        if wrote {
            draft.put_local(LocalSpace::ShareBatch, &batch, Some(merged.batch.encode()));
            for old in self.old_batches()? {
                draft.put_local(LocalSpace::ShareBatch, &old, None);
            }
        }
        ShareEvent {
            at: now,
            bundle: plan.facts.bundle,
            way: ShareWay::Imported,
            who: vec![contact.id],
            role: plan.facts.role,
            scope: plan.facts.scope.clone(),
            seq: plan.facts.seq,
            keys: (merged.added.len() + merged.changed.len()) as u64,
            secrets: secrets as u64,
            can_be_undone: false,
        }
        .put(&mut draft);
        let ready = draft.finish();
        let conflicts = ready
            .rows
            .values()
            .flatten()
            .filter(|row| row.conflict)
            .count();
        let event = self.contact_event(EventKind::ShareImported, &contact);
        self.write_draft(event, by, ready)?;
        self.names_changed()?;
        Ok(ShareApplied {
            batch: wrote.then_some(ShareBatchId(batch)),
            added: merged.added.len(),
            changed: merged.changed.len(),
            conflicts,
            left_out,
        })
    }

    /// What writes would do here, if this sender brings them.
    pub(super) fn preview_of(
        whole: &Whole,
        incoming: &[Arc<Write>],
        prints: &Prints,
        sender: &Sender,
    ) -> Preview {
        let same = |one: &Write, other: &Write| same_secret(&whole.prints, prints, one, other);
        Preview::of(&whole.replica, incoming, sender, &same)
    }

    /// The sender among the contacts as they stand now, who must still be the one that was shown.
    /// Somebody unknown becomes an unverified one, so that what they sent is counted and they have a
    /// name in the log.
    fn sender_of(&self, sender: &ShareSender) -> Result<Contact, ShareError> {
        match (sender, self.known_by_card(sender.card())?) {
            (ShareSender::Known(shown), CardKnown::Same(now))
                if now.id == shown.id && now.is_pinned() =>
            {
                Ok(now)
            }
            (ShareSender::Known(_), _) => Err(ShareError::SenderGone),
            (ShareSender::Unknown(_), CardKnown::Same(now)) => match now.removed {
                Some(_) => Err(ShareError::SenderGone),
                None => Ok(now),
            },
            (ShareSender::Unknown(_), CardKnown::OtherKeys(_)) => {
                Err(ContactError::NameTaken.into())
            }
            (ShareSender::Unknown(card), CardKnown::Nobody) => {
                Ok(self.make_contact(card, ContactState::Unverified)?)
            }
        }
    }

    fn back_up_before_merge(&mut self) -> Result<(), ShareError> {
        let report = self.back_up().map_err(ShareError::Backup)?;
        match (report.made.is_empty(), report.failed.into_iter().next()) {
            (true, Some((_, error))) => Err(ShareError::Backup(error)),
            _ => Ok(()),
        }
    }

    /// Names of the batches that give way to a new one.
    fn old_batches(&self) -> Result<Vec<Vec<u8>>, ReadError> {
        let rows = self.store.local_rows(LocalSpace::ShareBatch)?;
        let surplus = (rows.len() + 1).saturating_sub(MOST_BATCHES);
        Ok(rows.into_iter().take(surplus).map(|row| row.name).collect())
    }

    /// Takes what an import wrote out again, the latest if none is named. Keys that were worked on
    /// since stay as they are; what the import destroyed does not come back.
    pub fn undo_share(
        &mut self,
        batch: Option<ShareBatchId>,
        by: Client,
    ) -> Result<ShareUndone, ShareError> {
        self.make_ready()?;
        let rows = self.store.local_rows(LocalSpace::ShareBatch)?;
        let row = match batch {
            Some(batch) => rows.into_iter().find(|row| row.name == batch.0),
            None => rows.into_iter().next_back(),
        };
        let row = row.ok_or(ShareError::NoBatch)?;
        let wrote = MergeBatch::decode(&row.body).ok_or(ReadError::Damaged)?;
        let mut draft = Draft::new(self)?;
        let undone = self.draft_unmerge(&mut draft, &wrote)?;
        draft.put_local(LocalSpace::ShareBatch, &row.name, None);
        let ready = draft.finish();
        let count = Detail::Count(undone.restored as u64);
        let event = AuditEvent::from(EventKind::ShareUndone).detail(count);
        self.write_draft(event, by, ready)?;
        self.names_changed()?;
        Ok(undone)
    }
}

/// What of a share is merged, if that is no more than was shown when somebody said yes to it. What
/// became less is merged: of that they saw everything.
fn still_as_shown(
    shown: &Preview,
    now: &Preview,
    selection: &Selection,
    accepted: &BTreeSet<Lot>,
) -> Result<Vec<Arc<Write>>, ShareError> {
    let doubted = |preview: &Preview, lot: &Lot| {
        let doubts = preview.suspicious().get(lot);
        doubts.cloned().unwrap_or_default()
    };
    let same_doubts = |lot: &Lot| doubted(now, lot).is_subset(&doubted(shown, lot));
    if !accepted.iter().all(same_doubts) {
        return Err(ShareError::Changed);
    }
    // A lot that was accepted and is gone from the suspicious ones is not what was accepted.
    let writes = now.select(selection).map_err(|_| ShareError::Changed)?;
    let what = |write: &Arc<Write>| {
        let purges = write.body == Body::Purged;
        (write.entry, write.register, write.id, purges)
    };
    let told: HashSet<_> = shown.select(selection)?.iter().map(what).collect();
    match writes.iter().all(|write| told.contains(&what(write))) {
        true => Ok(writes),
        false => Err(ShareError::Changed),
    }
}

/// A sender as the rules of sharing take them: with the role the owner of this vault gave them.
pub(super) fn as_sender(contact: &Contact) -> Sender {
    let grant = contact.grant.as_ref().filter(|_| contact.is_pinned());
    Sender {
        member: contact.member(),
        standing: match contact.is_pinned() {
            true => Standing::Pinned,
            false => Standing::Unpinned,
        },
        role: grant.map(|grant| grant.role),
        scope: match grant {
            Some(grant) => grant.scope.clone(),
            // Everything is shown then, and everything of it is suspicious.
            None => Scope::everything(History::With),
        },
    }
}

impl Contact {
    /// Whether a newer share of this chain was imported, or another one of the same number.
    pub(super) fn has_newer(&self, chain: &[u8], seq: u64, hash: &[u8; 32]) -> bool {
        self.seen
            .get(chain)
            .is_some_and(|seen| seen.seq > seq || (seen.seq == seq && seen.hash != *hash))
    }

    /// Whether exactly this share was imported.
    pub(super) fn has(&self, chain: &[u8], hash: &[u8; 32]) -> bool {
        self.seen.get(chain).is_some_and(|seen| seen.hash == *hash)
    }
}
