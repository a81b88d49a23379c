//! A key on its way out of the vault, as every writer takes it and every reader of an archive
//! gives it back.
//!
//! Deliberately not here: which keys leave (the vault decides), and any format.

use std::collections::BTreeSet;

use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, EntryId, Environment, ExchangeId, ExpiryCause, KeyLabel,
    KeyState, KeyType, Line, MaterialField, Notes, PermissionSet, RotationPolicy, Tag, UtcMs,
    VersionState,
};

/// A key with its secret in the clear. Dropping it wipes the secret.
#[derive(Debug)]
pub struct ExportEntry {
    pub id: EntryId,
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub account: Option<AccountLabel>,
    pub environment: Environment,
    pub state: KeyState,
    pub compromised: Option<UtcMs>,
    /// Of the version in use, in the order in which they are shown; none where no secret is here.
    pub fields: Vec<MaterialField>,
    /// Versions of its secret that are not the one in use, oldest first.
    pub other_versions: Vec<ExportVersion>,
    pub details: Details,
    /// When it stops working, by whatever is recorded.
    pub expires: Option<UtcMs>,
    /// Where the exchange's site manages its keys, where that is known.
    pub url: Option<String>,
}

/// What is recorded of a key beside where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub key_type: KeyType,
    pub purpose: Option<Line>,
    pub owner: Option<Line>,
    pub declared: PermissionSet,
    pub allowlist: Allowlist,
    pub expiry: Vec<ExpiryCause>,
    pub rotation: RotationPolicy,
    pub created: Option<UtcMs>,
    pub consumers: Vec<ConsumerName>,
    pub tags: BTreeSet<Tag>,
    pub notes: Option<Notes>,
}

/// A secret that waits to come into use, or that was in use before.
#[derive(Debug)]
pub struct ExportVersion {
    pub state: VersionState,
    pub made: UtcMs,
    pub fields: Vec<MaterialField>,
}
