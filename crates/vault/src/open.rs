//! The open vault: the keys, the database and what is known of its state.
//!
//! Deliberately not here: any use case. Each has a file of its own with an `impl OpenVault`.

use strongroom_crypto::{AuthBlock, DeviceKeys, Header, VaultKeys};
use strongroom_domain::{DeviceId, MemberId};
use strongroom_store::Store;

use crate::home::Home;
use crate::place::DevicePlace;
use crate::ports::Ports;
use crate::state::Ledger;

/// An unlocked vault. Dropping it locks: every key is wiped, the database closed, the folder's
/// lock released.
#[derive(Debug)]
pub struct OpenVault {
    // The order is the order of dropping: the database closes before its folder is released.
    pub(crate) store: Store,
    /// Incremental roots, the frontier of the log, what the anchor still has to learn
    /// (`state.rs`, `audit.rs`, `anchor.rs`).
    pub(crate) ledger: Ledger,
    pub(crate) trust: Trust,
    /// VR and what is derived from it: `derive_item_key(write_id)`, `derive_state_key()`,
    /// `derive_fingerprint_key()`, `derive_db_key(db_instance_id)`.
    pub(crate) keys: VaultKeys,
    /// K_pre and K_idx of this device, derived from its device secret.
    pub(crate) device_keys: DeviceKeys,
    pub(crate) header: Header,
    /// The opened auth block; `header_file` seals it again with every change.
    pub(crate) auth: AuthBlock,
    pub(crate) device_id: DeviceId,
    pub(crate) author: MemberId,
    /// Where this device's secret, anchor and throttle mirror are kept.
    pub(crate) place: DevicePlace,
    pub(crate) ports: Ports,
    /// Marks the step-ups of this session, so that one of another session is refused.
    pub(crate) session: [u8; 16],
    pub(crate) home: Home,
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
