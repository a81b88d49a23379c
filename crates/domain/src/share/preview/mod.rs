//! What a bundle would do here, register by register, before it does anything.
//!
//! A row is one register of one entry. Rows that make sense only together form a lot: a secret, its
//! version's state and the dates that came with it, or everything of a key that is new. What is
//! suspicious is off until it is chosen by name, and a lot is chosen as a whole: half a rotation
//! would leave a key whose secret in use is not here.
//!
//! What no honest device makes (another content under a known id, a version of a secret under two
//! keys, a write that replaces writes of other registers, bytes nobody can read) is shown and
//! cannot be chosen.
//!
//! Deliberately not here: applying it. The caller merges the chosen writes in one transaction.

mod compare;
mod doubt;
mod scene;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::authority::Sender;
use crate::ids::EntryId;
use crate::merge::{Replica, Write};
use crate::register::{EntryKind, Register};

/// What a row is, or would be if it were not suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Of an entry that is not here yet.
    New,
    Updated,
    Unchanged,
    /// What they have was replaced here; what it lacks of our history comes along.
    OursNewer,
    /// Both sides changed it; both values stay until somebody chooses.
    Conflict,
    /// They deleted the entry, and nothing here was written that they did not know.
    DeletedThere,
    /// Of an entry that the sender has no business with. Never merged.
    OutOfScope,
    Suspicious,
}

impl Group {
    pub const ALL: &'static [Self] = &[
        Self::New,
        Self::Updated,
        Self::Unchanged,
        Self::OursNewer,
        Self::Conflict,
        Self::DeletedThere,
        Self::OutOfScope,
        Self::Suspicious,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::OursNewer => "ours newer",
            Self::Conflict => "conflict",
            Self::DeletedThere => "deleted there",
            Self::OutOfScope => "out of scope",
            Self::Suspicious => "suspicious",
        }
    }
}

/// Why a row is suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    SenderUnpinned,
    /// The sender's role may not write this.
    NoAuthority,
    /// Somebody else wrote it, and the sender may not speak for others.
    Relayed,
    /// A secret of a key that can withdraw is another one, or another one comes into use.
    CredentialChanged,
    /// The key would count as less dangerous than it does.
    ClassLowered,
    AllowlistEmptied,
    /// It destroys what is alive here.
    Destroys,
    /// Something that belongs to it is suspicious.
    TogetherWith,
    /// Another content under the id of a write that is here.
    Disputed,
    /// A version of a secret that stands under two keys.
    MixedKeys,
    /// It says that it replaces writes of another register.
    ForeignSupersedes,
    /// Bytes that are no value of this register, or a clock outside the calendar.
    Unreadable,
}

impl Reason {
    /// Whether no honest device makes it, so that it cannot be chosen.
    pub fn is_forged(self) -> bool {
        matches!(
            self,
            Self::Disputed | Self::MixedKeys | Self::ForeignSupersedes | Self::Unreadable
        )
    }

    /// In one clause.
    pub fn words(self) -> &'static str {
        match self {
            Self::SenderUnpinned => "nobody here has confirmed who the sender is",
            Self::NoAuthority => "the sender's role here may not change this",
            Self::Relayed => "somebody else wrote it, and the sender may not speak for others",
            Self::CredentialChanged => "it changes the secret of a key that can withdraw",
            Self::ClassLowered => "the key would count as less dangerous than it does now",
            Self::AllowlistEmptied => "the key would no longer be held to its allowlist",
            Self::Destroys => "it destroys something that is in use here",
            Self::TogetherWith => "it belongs to something suspicious",
            Self::Disputed => "it says something else under the id of what is recorded here",
            Self::MixedKeys => "the secret would stand under two keys",
            Self::ForeignSupersedes => "it says that it replaces what has nothing to do with it",
            Self::Unreadable => "it cannot be read",
        }
    }
}

/// What is chosen together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lot {
    /// Everything of an entry that is new here, with the secrets of a key; or its end.
    Entry(EntryId),
    /// The secrets of a key here, and what a rotation writes beside them.
    Secrets(EntryId),
    Register(EntryId, Register),
}

/// One register of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub lot: Lot,
    pub entry: EntryId,
    pub kind: EntryKind,
    pub register: Register,
    /// The key it is of: itself, or the key of a version.
    pub key: Option<EntryId>,
    pub group: Group,
    /// What it is beside being suspicious.
    pub otherwise: Group,
    /// Empty unless it is suspicious.
    pub reasons: BTreeSet<Reason>,
    /// The writes that it would add here, or purge.
    pub writes: Vec<Arc<Write>>,
}

/// Whether two sealed secrets are the same. Each vault seals anew, so their bytes tell nothing; the
/// caller knows both, by fingerprints. Either may be one of this vault or of the bundle.
pub trait SameSecret {
    fn same(&self, one: &Write, other: &Write) -> bool;
}

impl<F: Fn(&Write, &Write) -> bool> SameSecret for F {
    fn same(&self, one: &Write, other: &Write) -> bool {
        self(one, other)
    }
}

/// What a bundle would do here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// In the order of entries and registers.
    rows: Vec<Row>,
    suspicious: BTreeMap<Lot, BTreeSet<Reason>>,
}

/// Which suspicious lots are merged beside what is not suspicious.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    accepted: BTreeSet<Lot>,
}

/// Why nothing was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelectionRefused {
    #[error("that is not among what is suspicious here; look at the preview again")]
    NoSuchLot,
    #[error("no honest device makes such a change; it cannot be taken, ask the sender for another")]
    Forged,
}

impl Selection {
    /// Everything that is not suspicious.
    pub fn safe() -> Self {
        Self::default()
    }

    /// With these suspicious lots.
    #[must_use]
    pub fn with(accepted: impl IntoIterator<Item = Lot>) -> Self {
        Self {
            accepted: accepted.into_iter().collect(),
        }
    }
}

impl Preview {
    /// Compares a bundle with this vault. The writes of a bundle stand in the order of entries,
    /// registers and ids; in another they are compared no less, and more slowly. The writes of the bundle carry their secrets as
    /// [`crate::merge::Body::Sealed`] with whatever bytes the caller likes.
    pub fn of(
        ours: &Replica,
        incoming: &[Arc<Write>],
        sender: &Sender,
        secrets: &impl SameSecret,
    ) -> Self {
        let place = |write: &Arc<Write>| (write.entry, write.register, write.id);
        let mut incoming = Cow::Borrowed(incoming);
        if !incoming.is_sorted_by_key(place) {
            incoming.to_mut().sort_by_key(place);
        }
        let scene = scene::Scene::of(ours, &incoming, sender);
        let rows = compare::rows(&scene, &incoming, secrets);
        doubt::judge(&scene, rows)
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn count(&self, group: Group) -> usize {
        self.rows.iter().filter(|row| row.group == group).count()
    }

    /// What is off unless it is chosen, with every reason in it.
    pub fn suspicious(&self) -> &BTreeMap<Lot, BTreeSet<Reason>> {
        &self.suspicious
    }

    /// What is off and can be chosen.
    pub fn acceptable(&self) -> impl Iterator<Item = Lot> {
        self.suspicious
            .iter()
            .filter(|(_, reasons)| !reasons.iter().any(|reason| reason.is_forged()))
            .map(|(lot, _)| *lot)
    }

    /// Exactly the writes that are merged: added, or purged where they are here already. None where
    /// the bundle was merged before.
    ///
    /// # Errors
    /// Something is chosen that is not there or cannot be taken; then nothing is merged.
    pub fn select(&self, selection: &Selection) -> Result<Vec<Arc<Write>>, SelectionRefused> {
        for lot in &selection.accepted {
            let reasons = self
                .suspicious
                .get(lot)
                .ok_or(SelectionRefused::NoSuchLot)?;
            if reasons.iter().any(|reason| reason.is_forged()) {
                return Err(SelectionRefused::Forged);
            }
        }
        let chosen = |row: &&Row| {
            row.group != Group::OutOfScope
                && (!self.suspicious.contains_key(&row.lot)
                    || selection.accepted.contains(&row.lot))
        };
        let rows = self.rows.iter().filter(chosen);
        Ok(rows.flat_map(|row| row.writes.iter().cloned()).collect())
    }
}
