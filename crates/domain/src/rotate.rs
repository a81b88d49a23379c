//! Staged rotation: a new secret comes into use beside the old one, and the old one is given up
//! only when somebody has seen it dead.
//!
//! start → stage → check → switch, consumer by consumer → revoke → confirm. Where a rotation stands
//! follows from the writes of the key and of the versions of its secret alone, so a crash, another
//! device or a restored backup resumes it where it was. Every act is one set of writes that are
//! made together or not at all.
//!
//! Deliberately not here: the secrets, asking the exchange, and who may act.

use std::collections::BTreeSet;

use crate::credential::{CredentialVersion, VersionState, Vetted};
use crate::expiry::ExpiryCause;
use crate::ids::EntryId;
use crate::moment::UtcMs;
use crate::permission::{PermissionSet, Tri, Verb};
use crate::record::KeyRecord;
use crate::register::EntryKind;
use crate::state::KeyState;
use crate::value::RegisterValue;

/// Where a rotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationStage {
    /// None is under way.
    Idle,
    /// It was said that the key is to be rotated; no new secret is recorded yet.
    Begun,
    /// A new secret is recorded, and nobody has looked at what it may do.
    Staged,
    /// It may do more than the old one, and nobody said that this is meant.
    Grown,
    /// Consumers are being given the new secret; the old one is in use.
    Switching,
    /// The new secret is in use; the old one still works.
    InUse,
    /// The old one is being ended at the exchange.
    Ending,
}

/// A rotation as the record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    pub stage: RotationStage,
    /// The version that is to be given up; none where the key never had a secret.
    pub old: Option<EntryId>,
    pub new: Option<EntryId>,
    /// Consumers that have the new secret, and those that have not.
    pub switched: BTreeSet<EntryId>,
    pub left: BTreeSet<EntryId>,
    /// Rights the new secret has and the old one has not.
    pub grown: Vec<Verb>,
    /// Since when the old one is being ended.
    pub ending_since: Option<UtcMs>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationAct {
    Start,
    /// What the staged secret may do, and whether more than before is meant.
    Check(Vetted),
    /// These consumers have the new secret. When all have it, it is in use.
    Switch(BTreeSet<EntryId>),
    /// Everybody has it.
    SwitchAll,
    /// The old secret is in use again; the new one is kept, staged.
    Back,
    /// The old one is being ended at the exchange.
    Revoke,
    /// The old one is dead there.
    Confirm,
    /// The new secret is not wanted. It is kept as revoked until it is purged.
    Abort,
}

/// Why a step was not made; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RotateRefused {
    #[error("a key in this state is not rotated; only one that is in use is")]
    NotInUse,
    #[error("the key is being revoked as a whole; finish that first")]
    BeingRevoked,
    #[error("a rotation is under way already; `rotate status` says what comes next")]
    UnderWay,
    #[error("no rotation is under way; begin with `rotate start`")]
    NotBegun,
    #[error("no new secret is recorded yet; make the key at the exchange, then `rotate stage`")]
    NotStaged,
    #[error("a new secret is recorded already; go on with it, or `rotate abort` first")]
    AlreadyStaged,
    #[error("nobody has looked at what the new secret may do; `rotate check` first")]
    NotChecked,
    #[error(
        "the new secret may do more than the old one; say that it is meant with `rotate check --grow`, or take the rights away at the exchange"
    )]
    Grown,
    #[error("one of these is no consumer of the key")]
    NoSuchConsumer,
    #[error("not every consumer has the new secret yet; `rotate status` says which are left")]
    NotSwitched,
    #[error(
        "the new secret is in use; end the old one with `rotate revoke`, or take the old one back with `rotate switch --back`"
    )]
    InUse,
    #[error("the old secret is being ended at the exchange; it cannot be taken back")]
    Ending,
    #[error("the end of the old secret was not begun; `rotate revoke` first")]
    NotEnding,
    #[error("this secret is recorded for the key already; a rotation takes a new one")]
    SameSecret,
    #[error("the new secret was purged; `rotate abort`, then begin again")]
    NothingToSwitchTo,
}

/// Values to write together.
pub(crate) type Writes = Vec<(EntryKind, EntryId, RegisterValue)>;

impl KeyRecord {
    /// Where its rotation stands.
    pub fn rotating(&self) -> Rotation {
        let newest = |state| {
            let mut versions = self.versions.iter().rev();
            versions.find(|version: &&CredentialVersion| version.state == state)
        };
        let (active, draining) = (newest(VersionState::Active), newest(VersionState::Draining));
        let staged = newest(VersionState::Staged);
        // A new secret that is in use before the old one is dead comes first: until that is
        // finished nothing else is begun.
        let in_use = active.zip(draining).is_some();
        let (old, new) = if in_use {
            (draining, active)
        } else {
            (active.or(draining), staged)
        };
        let switched = new.map(|new| new.switched.clone()).unwrap_or_default();
        let holders = self.consumers.iter().map(|one| one.consumer);
        let left = holders.filter(|id| !switched.contains(id)).collect();
        let vetted = new.and_then(|new| new.vetted.as_ref());
        let grown = match vetted {
            Some(vetted) if !in_use => growth(&self.rights(), &vetted.permissions),
            _ => Vec::new(),
        };
        let ending_since = old.filter(|_| in_use).and_then(|old| old.revoking);
        let stage = if in_use {
            match ending_since {
                Some(_) => RotationStage::Ending,
                None => RotationStage::InUse,
            }
        } else {
            match (staged, vetted) {
                (Some(_), None) => RotationStage::Staged,
                (Some(_), Some(vetted)) if !grown.is_empty() && !vetted.growth_meant => {
                    RotationStage::Grown
                }
                (Some(_), Some(_)) => RotationStage::Switching,
                (None, _) if self.state == KeyState::Rotating => RotationStage::Begun,
                (None, _) => RotationStage::Idle,
            }
        };
        Rotation {
            stage,
            old: old.map(|version| version.id),
            new: new.map(|version| version.id),
            switched,
            left,
            grown,
            ending_since,
        }
    }

    /// What it may do: what was seen settles what nobody recorded, and of two answers the more
    /// dangerous counts.
    pub fn rights(&self) -> PermissionSet {
        self.declared.settled_by(self.observed.as_ref())
    }

    /// Whether a new secret may be recorded as the successor.
    ///
    /// # Errors
    /// [`RotateRefused`], with what to do instead.
    pub fn may_stage(&self) -> Result<(), RotateRefused> {
        self.may_rotate()?;
        match self.rotating().stage {
            RotationStage::Idle => Err(RotateRefused::NotBegun),
            RotationStage::Begun => Ok(()),
            RotationStage::Staged | RotationStage::Grown | RotationStage::Switching => {
                Err(RotateRefused::AlreadyStaged)
            }
            RotationStage::InUse | RotationStage::Ending => Err(RotateRefused::InUse),
        }
    }

    fn may_rotate(&self) -> Result<(), RotateRefused> {
        if !self.state.has_due_dates() {
            return Err(RotateRefused::NotInUse);
        }
        match self.revoking {
            Some(_) => Err(RotateRefused::BeingRevoked),
            None => Ok(()),
        }
    }

    /// What a step writes.
    ///
    /// # Errors
    /// [`RotateRefused`], with what to do instead.
    pub fn rotate(
        &self,
        act: &RotationAct,
        now: UtcMs,
    ) -> Result<Vec<(EntryKind, EntryId, RegisterValue)>, RotateRefused> {
        use RotateRefused as No;
        use RotationStage as At;
        self.may_rotate()?;
        let rotation = self.rotating();
        let key = |value| (EntryKind::Key, self.id, value);
        let version = |id, value| (EntryKind::Credential, id, value);
        let state = |id, state| version(id, RegisterValue::VersionState(state));
        let new = rotation.new.ok_or(No::NotStaged);
        match (act, rotation.stage) {
            (RotationAct::Start, At::Idle) => {
                Ok(vec![key(RegisterValue::State(KeyState::Rotating))])
            }
            (RotationAct::Start, _) => Err(No::UnderWay),

            (_, At::Idle) => Err(No::NotBegun),

            (RotationAct::Check(vetted), At::Staged | At::Grown | At::Switching) => {
                let vetted = RegisterValue::Vetted(Some(vetted.clone()));
                Ok(vec![version(new?, vetted)])
            }
            (RotationAct::Check(_), At::Begun) => Err(No::NotStaged),
            (RotationAct::Check(_), At::InUse | At::Ending) => Err(No::InUse),

            (RotationAct::Switch(who), At::Switching) => {
                let holders: BTreeSet<EntryId> =
                    self.consumers.iter().map(|one| one.consumer).collect();
                if who.is_empty() || !who.is_subset(&holders) {
                    return Err(No::NoSuchConsumer);
                }
                let mut switched = rotation.switched.clone();
                switched.extend(who);
                let done = holders.is_subset(&switched);
                let mut writes = vec![version(new?, RegisterValue::Switched(switched))];
                if done {
                    writes.extend(self.promote(&rotation, now)?);
                }
                Ok(writes)
            }
            (RotationAct::SwitchAll, At::Switching) => {
                let all = self.consumers.iter().map(|one| one.consumer).collect();
                let mut writes = vec![version(new?, RegisterValue::Switched(all))];
                writes.extend(self.promote(&rotation, now)?);
                Ok(writes)
            }
            (RotationAct::Switch(_) | RotationAct::SwitchAll, at) => Err(match at {
                At::Begun | At::Idle => No::NotStaged,
                At::Staged => No::NotChecked,
                At::Grown => No::Grown,
                _ => No::InUse,
            }),

            (RotationAct::Back, At::InUse) => {
                let (old, new) = (rotation.old.ok_or(No::NotBegun)?, new?);
                let mut writes = vec![
                    state(old, VersionState::Active),
                    state(new, VersionState::Staged),
                    version(new, RegisterValue::Switched(BTreeSet::new())),
                    key(RegisterValue::State(KeyState::Rotating)),
                ];
                let before = self.versions.iter().find(|one| one.id == old);
                if let Some(before) = before {
                    writes.push(key(RegisterValue::Created(before.made)));
                    if let Some(vetted) = &before.vetted {
                        let rights = vetted.permissions.clone();
                        writes.push(key(RegisterValue::Declared(rights)));
                    }
                }
                Ok(writes)
            }
            (RotationAct::Back, At::Ending) => Err(No::Ending),
            (RotationAct::Back, _) => Err(No::NotSwitched),

            (RotationAct::Revoke, At::InUse) => {
                let old = rotation.old.ok_or(No::NotBegun)?;
                Ok(vec![version(old, RegisterValue::Revoking(Some(now)))])
            }
            // Said twice it is the same.
            (RotationAct::Revoke, At::Ending) => Ok(Vec::new()),
            (RotationAct::Revoke, At::Begun) => Err(No::NotStaged),
            (RotationAct::Revoke, _) => Err(No::NotSwitched),

            (RotationAct::Confirm, At::Ending) => {
                // Whatever else drains is given up with it: several devices may each have
                // switched to a new secret of their own, and one of them is in use.
                let draining = self
                    .versions
                    .iter()
                    .filter(|one| one.state == VersionState::Draining && one.revoking.is_some());
                let mut writes: Writes = draining
                    .map(|one| state(one.id, VersionState::Revoked))
                    .collect();
                writes.push(key(RegisterValue::State(KeyState::Active)));
                Ok(writes)
            }
            (RotationAct::Confirm, _) => Err(No::NotEnding),

            (RotationAct::Abort, At::Begun | At::Staged | At::Grown | At::Switching) => {
                let staged = self
                    .versions
                    .iter()
                    .filter(|one| one.state == VersionState::Staged);
                let mut writes: Writes = staged
                    .map(|one| state(one.id, VersionState::Revoked))
                    .collect();
                writes.push(key(RegisterValue::State(KeyState::Active)));
                Ok(writes)
            }
            (RotationAct::Abort, At::InUse) => Err(No::InUse),
            (RotationAct::Abort, At::Ending) => Err(No::Ending),
        }
    }

    /// The new secret comes into use, and what was recorded of the old key makes room for it.
    fn promote(&self, rotation: &Rotation, now: UtcMs) -> Result<Writes, RotateRefused> {
        let id = rotation.new.ok_or(RotateRefused::NotStaged)?;
        let new = self.versions.iter().find(|one| one.id == id);
        let new = new.ok_or(RotateRefused::NotStaged)?;
        if new.material.is_none() {
            return Err(RotateRefused::NothingToSwitchTo);
        }
        let vetted = new.vetted.as_ref().ok_or(RotateRefused::NotChecked)?;
        let key = |value| (EntryKind::Key, self.id, value);
        let state = |id, state| {
            (
                EntryKind::Credential,
                id,
                RegisterValue::VersionState(state),
            )
        };
        let mut writes = vec![state(id, VersionState::Active)];
        let next = match rotation.old {
            Some(old) => {
                writes.push(state(old, VersionState::Draining));
                // What the old key may do is kept with it, for the way back.
                let before = Vetted {
                    permissions: self.declared.clone(),
                    at: now,
                    growth_meant: false,
                    expires: None,
                };
                writes.push((
                    EntryKind::Credential,
                    old,
                    RegisterValue::Vetted(Some(before)),
                ));
                KeyState::Draining
            }
            None => KeyState::Active,
        };
        writes.push(key(RegisterValue::State(next)));
        writes.push(key(RegisterValue::Created(new.made)));
        writes.push(key(RegisterValue::Declared(vetted.permissions.clone())));
        if self.observed.is_some() {
            // It was seen of the old key.
            writes.push(key(RegisterValue::Observed(None)));
        }
        if self.compromised.is_some_and(|since| since <= new.made) {
            writes.push(key(RegisterValue::Compromised(None)));
        }
        // Dates were those of the old key; what is counted from its making goes on counting.
        let dated = |cause: &ExpiryCause| {
            matches!(
                cause,
                ExpiryCause::Fixed { .. } | ExpiryCause::PasswordChange { .. }
            )
        };
        let mut causes: Vec<ExpiryCause> = self
            .expiry
            .iter()
            .copied()
            .filter(|cause| !dated(cause))
            .collect();
        causes.extend(vetted.expires.map(|at| ExpiryCause::Fixed { at }));
        causes.sort_unstable();
        if causes != self.expiry {
            writes.push(key(RegisterValue::Expiry(causes)));
        }
        Ok(writes)
    }
}

/// Rights that the new one has or may have and the old one has not. What is unknown of both is no
/// growth: it was not known before either.
fn growth(old: &PermissionSet, new: &PermissionSet) -> Vec<Verb> {
    let grows = |verb: &Verb| match (old.get(*verb), new.get(*verb)) {
        (_, Tri::No) | (Tri::Yes, _) | (Tri::Unknown, Tri::Unknown) => false,
        (Tri::No, Tri::Unknown) | (Tri::No | Tri::Unknown, Tri::Yes) => true,
    };
    Verb::ALL.iter().copied().filter(grows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_the_new_secret_counts_where_the_old_one_had_not_the_right() {
        let with = |answer| PermissionSet::new([Tri::No; 8]).with(Verb::Withdraw, answer);
        for (old, new, grows) in [
            (Tri::No, Tri::No, false),
            (Tri::No, Tri::Yes, true),
            (Tri::No, Tri::Unknown, true),
            (Tri::Unknown, Tri::Unknown, false),
            (Tri::Unknown, Tri::Yes, true),
            (Tri::Yes, Tri::Yes, false),
            (Tri::Yes, Tri::Unknown, false),
            (Tri::Yes, Tri::No, false),
        ] {
            let grown = growth(&with(old), &with(new));
            assert_eq!(!grown.is_empty(), grows, "{old:?} {new:?}");
        }
    }
}
