//! The states of a key: draft → active → rotating → draining → revoked → archived.
//!
//! Compromised is not a state but a flag with a time: a key in any state can be.

use crate::codec::coded_enum;

coded_enum! {
    pub enum KeyState: u8 {
        /// Recorded, not in use yet.
        Draft = 1 => "draft",
        Active = 2 => "active",
        /// A successor is staged.
        Rotating = 3 => "rotating",
        /// The successor is in use; the old secret is watched until it falls silent.
        Draining = 4 => "draining",
        /// Dead at the exchange.
        Revoked = 5 => "revoked",
        Archived = 6 => "archived",
    }
}

impl KeyState {
    /// Whether its secret may be copied or given to a program.
    pub fn may_be_used(self) -> bool {
        !matches!(self, Self::Revoked | Self::Archived)
    }

    /// Whether anybody has to act before it lapses. A draft is not in use; a dead key cannot lapse.
    pub fn has_due_dates(self) -> bool {
        matches!(self, Self::Active | Self::Rotating | Self::Draining)
    }
}
