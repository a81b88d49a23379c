//! Where an exchange's answer about a key says what: pointers into its JSON, in the data files.
//!
//! Most exchanges answer with flags, a list of words or both, and dates in one of three units. So a
//! new one is described and not programmed.
//!
//! Deliberately not here: reading (`crate::reading`).

use serde::Deserialize;

use super::terms::Right;

/// How to read one answer. Pointers are JSON pointers (RFC 6901), from the key's own object.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReadingForm {
    /// The key's own object.
    #[serde(default)]
    pub at: String,
    /// Set where the answer may list several keys.
    #[serde(default)]
    pub own: Option<OwnKey>,
    #[serde(default)]
    pub rights: Option<RightsForm>,
    #[serde(default)]
    pub read_only: Option<ReadOnlySwitch>,
    #[serde(default)]
    pub sub_key: Option<SubKeyForm>,
    #[serde(default)]
    pub only_if: Option<OnlyIf>,
    #[serde(default)]
    pub allowlist: Option<AllowlistForm>,
    /// Several where the answer tells the end in several ways; the exact one stands first.
    #[serde(default)]
    pub expires: Vec<ExpiryForm>,
    #[serde(default)]
    pub created: Option<TimeForm>,
    #[serde(default)]
    pub modified: Option<TimeForm>,
    #[serde(default)]
    pub last_used: Option<TimeForm>,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub standing: Option<StandingForm>,
    /// What a person is to know of every reading by this form.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Which element of a list is the key that asked. One object in place of the list is taken too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnKey {
    /// Of the list, from `at`.
    #[serde(default)]
    pub list: String,
    /// Of the key's id inside an element.
    pub id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RightsForm {
    pub kind: RightsKind,
    #[serde(default)]
    pub at: String,
    /// Fields beside the flags that are no permissions.
    #[serde(default)]
    pub beside: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RightsKind {
    /// An object of booleans; the word is the name of one that is true.
    Flags,
    /// One string with commas.
    Commas,
    /// One string with spaces.
    Spaces,
    /// An array of strings.
    Strings,
    /// An object of arrays of strings; the word is `Group.Name`.
    Groups,
    /// An object of levels; the word is `name:LEVEL`, and `NO_ACCESS` is no word.
    Levels,
    /// An array of `{name, read_only}`; the word is `name:read` or `name:write`.
    Perms,
    /// An array of `[scope, read, write]`; the words are `scope:read` and `scope:write`.
    Triples,
}

/// A switch beside the permissions that takes every right but reading away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReadOnlySwitch {
    pub at: String,
    pub on: String,
    pub off: String,
}

/// How to see that the key is a sub-account's: it then administers neither keys nor sub-accounts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum SubKeyForm {
    /// This flag is false.
    NotMaster { at: String },
    /// These two differ.
    Differ { one: String, other: String },
}

/// A right that follows from a word only on accounts of one kind; on others it is unknown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlyIf {
    pub right: Right,
    pub at: String,
    pub is: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AllowlistForm {
    pub kind: AllowlistKind,
    pub at: String,
    /// Looked at where there is nothing under `at`.
    #[serde(default)]
    pub or_at: Option<String>,
    /// Entries that mean any address.
    #[serde(default)]
    pub anywhere: Vec<String>,
    /// Whether an absent field means that there is no allowlist.
    #[serde(default)]
    pub absent_is_none: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllowlistKind {
    /// A boolean: there is one or there is none.
    Flag,
    /// One string with commas.
    Commas,
    /// An array of strings.
    Strings,
    /// One string with commas and parts of the addresses hidden: only that there is one is known.
    Masked,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TimeForm {
    pub at: String,
    pub unit: TimeUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    Ms,
    Seconds,
    Iso,
    /// Days from the moment of the answer; a negative number is no end.
    DaysLeft,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExpiryForm {
    pub at: String,
    pub unit: TimeUnit,
    /// Values that mean that it does not end.
    #[serde(default)]
    pub none: Vec<String>,
    #[serde(default)]
    pub note: Option<String>,
}

/// A field that says whether the key is switched on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandingForm {
    pub at: String,
    pub working: Vec<String>,
}
