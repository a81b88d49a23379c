//! What a sender may change here.
//!
//! The role is the one the owner of *this* vault gave the sender, not what the bundle says.
//!
//! | role | may change |
//! |---|---|
//! | auditor, viewer | nothing |
//! | trader | of keys here that they may open: notes, consumers, when it was used, what the exchange said; a rotation: the versions of the secret, and state, rights, dates and compromise as a rotation writes them. A consumer that is not here yet |
//! | admin | everything |
//!
//! Three things are an admin's though a rotation comes near them. Tags and account decide what
//! others are given, so whoever may change them could move a key into somebody's scope. To purge
//! is to destroy. And an alarm is raised by everybody and taken back by an admin: that a key is
//! not compromised, that its revocation was not begun, that it or a secret of it is dead at the
//! exchange. The list of what is to be rotated rests on that.
//!
//! A write names its author, and nothing proves it but the signature of who sends it. So what
//! somebody else wrote and is not here yet counts only from an admin; a trader's bundle that
//! carries an admin's newer edit is shown, and the admin's own will bring it too.

use super::role::Role;
use super::scope::Scope;
use crate::credential::VersionState;
use crate::ids::MemberId;
use crate::merge::{Body, Write};
use crate::register::{EntryKind, Register};
use crate::state::KeyState;
use crate::value::RegisterValue;

/// Whether somebody looked at the identity of a sender and kept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Pinned,
    Unpinned,
}

/// Who sent a bundle, as this vault knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub member: MemberId,
    pub standing: Standing,
    /// As the owner of this vault set it; `None` where nobody did, which may change nothing.
    pub role: Option<Role>,
    /// What they may speak of.
    pub scope: Scope,
}

/// What a write is about, as it stands here before the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// An entry that is not here yet.
    New,
    /// A key here, or a version of its secret, which the sender's role may open.
    Open,
    /// Everything else here.
    Closed,
}

impl Role {
    /// Whether somebody of this role may write this register at all.
    pub fn may_edit(self, kind: EntryKind, register: Register, ground: Ground) -> bool {
        use Register as R;
        match (self, kind, ground) {
            (Self::Auditor | Self::Viewer, _, _) => false,
            (Self::Admin, _, _) => true,
            (Self::Trader, EntryKind::Key, Ground::Open) => matches!(
                register,
                R::Notes
                    | R::Consumers
                    | R::LastUsed
                    | R::LastUsedAtExchange
                    | R::Observation
                    | R::Observed
                    | R::Declared
                    | R::State
                    | R::Created
                    | R::Expiry
                    | R::Compromised
                    | R::Revoking
            ),
            (Self::Trader, EntryKind::Credential, Ground::Open)
            | (Self::Trader, EntryKind::Consumer, Ground::New) => register != R::Deleted,
            (Self::Trader, _, _) => false,
        }
    }

    /// Whether somebody of this role may write this value.
    pub fn may_say(self, write: &Write, ground: Ground) -> bool {
        if !self.may_edit(write.kind, write.register, ground) {
            return false;
        }
        if self == Self::Admin {
            return true;
        }
        if matches!(write.body, Body::Sealed { .. }) {
            return true;
        }
        match RegisterValue::of(write) {
            Some(RegisterValue::Compromised(since) | RegisterValue::Revoking(since)) => {
                since.is_some()
            }
            Some(RegisterValue::State(state)) => matches!(
                state,
                KeyState::Active | KeyState::Rotating | KeyState::Draining
            ),
            Some(RegisterValue::VersionState(state)) => state != VersionState::Revoked,
            Some(_) => true,
            None => false,
        }
    }
}

impl Sender {
    /// Whether what others wrote counts from this sender.
    pub(super) fn may_relay(&self) -> bool {
        self.role == Some(Role::Admin)
    }
}
