//! A key as its alive writes tell it.
//!
//! Deliberately not here: names of other entries (see `summary.rs`) and secrets.

use std::collections::BTreeSet;

use crate::allowlist::Allowlist;
use crate::conflict::Conflict;
use crate::consumer::ConsumerUse;
use crate::credential::{CredentialVersion, VersionState};
use crate::environment::Environment;
use crate::exchange::ExchangeId;
use crate::expiry::{Due, DueCause, ExpiryCause, ExpiryFacts, earliest};
use crate::ids::EntryId;
use crate::key_type::KeyType;
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::observation::Observation;
use crate::permission::{PermissionClass, PermissionSet};
use crate::register::{EntryKind, Register};
use crate::rotation::{Days, RotationPolicy};
use crate::state::KeyState;
use crate::text::{KeyLabel, Line, Notes, Tag};
use crate::value::{RegisterValue, shown};

/// A key. Where several values of a register are alive the latest stands here, and all of them
/// stand in `conflicts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    pub id: EntryId,
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub account: Option<EntryId>,
    pub environment: Environment,
    pub key_type: KeyType,
    pub purpose: Option<Line>,
    pub owner: Option<Line>,
    pub declared: PermissionSet,
    pub observed: Option<PermissionSet>,
    /// The last answer of the exchange about this key, but for the permissions.
    pub observation: Option<Observation>,
    pub allowlist: Allowlist,
    pub expiry: Vec<ExpiryCause>,
    pub rotation: RotationPolicy,
    pub consumers: Vec<ConsumerUse>,
    pub tags: BTreeSet<Tag>,
    pub notes: Option<Notes>,
    pub state: KeyState,
    pub compromised: Option<UtcMs>,
    /// Since when the key is being ended at the exchange.
    pub revoking: Option<UtcMs>,
    pub created: UtcMs,
    pub last_used: Option<UtcMs>,
    pub last_used_at_exchange: Option<UtcMs>,
    /// Oldest first.
    pub versions: Vec<CredentialVersion>,
    pub conflicts: Vec<Conflict>,
}

macro_rules! value_or {
    ($replica:expr, $id:expr, $register:ident, $default:expr) => {
        match shown($replica, $id, Register::$register) {
            Some(RegisterValue::$register(value)) => value,
            _ => $default,
        }
    };
}

impl KeyRecord {
    /// `None` if there is no such key, or it is deleted. The replica holds the writes of the key
    /// and of the versions of its secret.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        let is_key = replica
            .history(id, Register::Label)
            .iter()
            .any(|write| write.kind == EntryKind::Key);
        if !is_key || replica.is_deleted(id) {
            return None;
        }
        let versions = CredentialVersion::of_key(replica, id);
        let mut conflicts = Conflict::of(replica, id);
        for version in &versions {
            conflicts.extend(Conflict::of(replica, version.id));
        }
        Some(Self {
            id,
            // A purged key that an edit made elsewhere brought back has lost its label for good.
            label: match shown(replica, id, Register::Label) {
                Some(RegisterValue::KeyLabel(label)) => label,
                _ => KeyLabel::parse("(purged)").expect("a label"),
            },
            exchange: value_or!(
                replica,
                id,
                Exchange,
                ExchangeId::parse("unknown").expect("an id")
            ),
            account: value_or!(replica, id, Account, None),
            environment: value_or!(replica, id, Environment, Environment::Production),
            key_type: value_or!(replica, id, KeyType, KeyType::Hmac),
            purpose: value_or!(replica, id, Purpose, None),
            owner: value_or!(replica, id, Owner, None),
            declared: value_or!(replica, id, Declared, PermissionSet::unknown()),
            observed: value_or!(replica, id, Observed, None),
            observation: match shown(replica, id, Register::Observation) {
                Some(RegisterValue::Observation(observation)) => Some(observation),
                _ => None,
            },
            allowlist: value_or!(replica, id, Allowlist, Allowlist::Unknown),
            expiry: value_or!(replica, id, Expiry, Vec::new()),
            rotation: value_or!(replica, id, Rotation, RotationPolicy::Default),
            consumers: value_or!(replica, id, Consumers, Vec::new()),
            tags: value_or!(replica, id, Tags, BTreeSet::new()),
            notes: value_or!(replica, id, Notes, None),
            state: value_or!(replica, id, State, KeyState::Active),
            compromised: value_or!(replica, id, Compromised, None),
            revoking: value_or!(replica, id, Revoking, None),
            created: value_or!(replica, id, Created, UtcMs::EPOCH),
            last_used: value_or!(replica, id, LastUsed, None),
            last_used_at_exchange: value_or!(replica, id, LastUsedAtExchange, None),
            versions,
            conflicts,
        })
    }

    /// The version whose secret is in use: the newest active one, or the newest draining one.
    pub fn current(&self) -> Option<&CredentialVersion> {
        let newest = |state| {
            self.versions
                .iter()
                .rev()
                .find(|version| version.state == state)
        };
        newest(VersionState::Active).or_else(|| newest(VersionState::Draining))
    }

    /// Whether there is a secret to take.
    pub fn has_secret(&self) -> bool {
        self.current()
            .is_some_and(|version| version.material.is_some())
    }

    /// By what was declared and observed, whichever is worse.
    pub fn class(&self) -> PermissionClass {
        PermissionSet::class_of(&self.declared, self.observed.as_ref())
    }

    pub fn rotation_days(&self) -> Days {
        self.rotation.days(self.class())
    }

    /// When the secret in use was made.
    pub fn last_rotated(&self) -> UtcMs {
        self.current().map_or(self.created, |version| version.made)
    }

    /// Used by us or seen in use at the exchange, whichever is later.
    pub fn last_used_anywhere(&self) -> Option<UtcMs> {
        self.last_used.max(self.last_used_at_exchange)
    }

    /// When it stops working. Drafts, revoked and archived keys have no due dates.
    pub fn expires(&self) -> Option<Due> {
        let facts = ExpiryFacts {
            created: self.created,
            last_used: self.last_used_anywhere(),
            allowlist: &self.allowlist,
        };
        self.state
            .has_due_dates()
            .then(|| earliest(&self.expiry, &facts))
            .flatten()
    }

    /// When it is to be rotated.
    pub fn rotation_due(&self) -> Option<Due> {
        if !self.state.has_due_dates() {
            return None;
        }
        // A revocation that was begun is due until somebody has seen the key dead.
        let dead = |version: &&CredentialVersion| version.state == VersionState::Revoked;
        let living = self.versions.iter().filter(|version| !dead(version));
        let ending = living.filter_map(|version| version.revoking);
        if let Some(since) = ending.chain(self.revoking).min() {
            return Some(Due {
                at: since,
                cause: DueCause::Revocation,
            });
        }
        let rotated = self.last_rotated();
        if let Some(since) = self.compromised.filter(|since| rotated <= *since) {
            return Some(Due {
                at: since,
                cause: DueCause::Compromised,
            });
        }
        let days = self.rotation_days();
        Some(Due {
            at: rotated.plus_days(days.get()),
            cause: DueCause::Rotation(days),
        })
    }
}
