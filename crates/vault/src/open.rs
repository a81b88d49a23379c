//! The open vault: the keys, the database and what is known of its state.
//!
//! Deliberately not here: any use case. Each has a file of its own with an `impl OpenVault`.

use std::sync::Arc;

use strongroom_crypto::{AuthBlock, DeviceKeys, Header, Policy, VaultKeys};
use strongroom_domain::{DeviceId, MemberId};
use strongroom_store::Store;

use crate::devices::FactorRow;
use crate::home::Home;
use crate::place::DevicePlace;
use crate::ports::Ports;
use crate::state::Ledger;
use crate::unlock::UnlockNote;

/// An unlocked vault. Dropping it locks: every key is wiped and the database closed.
#[derive(Debug)]
pub struct OpenVault {
    // The order is the order of dropping: the database closes before its folder is released.
    pub(crate) store: Store,
    /// Incremental roots, the frontier of the log, what the anchor still has to learn
    /// (`state.rs`, `audit.rs`, `anchor.rs`).
    pub(crate) ledger: Ledger,
    pub(crate) trust: Trust,
    /// The list, the names and the reminders, held in memory.
    pub(crate) records: crate::records::Records,
    /// What this unlock found; the full verification judges by it.
    pub(crate) note: UnlockNote,
    /// VR and what is derived from it.
    pub(crate) keys: VaultKeys,
    /// K_pre and K_idx of this device, derived from its device secret.
    pub(crate) device_keys: DeviceKeys,
    pub(crate) header: Header,
    /// The header was being replaced when the disk failed: nothing may be built on either.
    pub(crate) header_in_doubt: bool,
    /// The opened auth block; `header_file` seals it again with every change.
    pub(crate) auth: AuthBlock,
    /// Factors that the database does not know yet; written once it is verified.
    pub(crate) new_factors: Vec<FactorRow>,
    pub(crate) device_id: DeviceId,
    pub(crate) author: MemberId,
    /// Where this device's secret, anchor and throttle mirror are kept.
    pub(crate) place: DevicePlace,
    pub(crate) ports: Ports,
    /// Marks the step-ups of this session, so that one of another session is refused.
    pub(crate) session: [u8; 16],
    pub(crate) home: Arc<Home>,
}

/// How far the database is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The list verified by its own root; nothing else may leave and nothing is written.
    ListOnly,
    /// Every root was recomputed and the anchor agrees.
    Verified,
    /// Verified in itself, but older than this device has seen: read-only until acknowledged.
    RolledBack,
    /// The roots do not agree: nothing leaves any more, not even the list.
    Broken,
    /// Verified, but the folder cannot be written.
    ReadOnly,
}

impl OpenVault {
    pub fn trust(&self) -> Trust {
        self.trust
    }

    pub fn vault_id(&self) -> &[u8; 16] {
        self.header.fixed().vault_id()
    }

    pub fn key_gen(&self) -> u32 {
        self.header.fixed().key_gen()
    }

    pub fn device_id(&self) -> DeviceId {
        self.device_id
    }

    /// Whom what is written here names as its author.
    pub fn member_id(&self) -> MemberId {
        self.author
    }

    pub fn place(&self) -> &DevicePlace {
        &self.place
    }

    /// Wrong tries between the unlock before this one and this one.
    pub fn failed_tries(&self) -> u32 {
        self.note.failed_tries
    }

    pub fn recovery_codes_left(&self) -> usize {
        self.auth.recovery_codes_left()
    }

    /// Seconds a step-up lasts for the connection that gave it.
    pub fn grace_s(&self) -> u32 {
        self.auth.policy.grace_s
    }

    /// Whether the root key could be kept out of the swap.
    pub fn memory_is_locked(&self) -> bool {
        self.keys.is_locked()
    }

    /// The longest grace that can be set, in seconds.
    pub const MAX_GRACE_S: u32 = Policy::MAX_GRACE_S;

    /// The grace of a new vault, in seconds.
    pub const DEFAULT_GRACE_S: u32 = Policy::DEFAULT.grace_s;
}
