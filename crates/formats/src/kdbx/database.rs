//! What a database holds, as it stands in it.
//!
//! Nothing is left out: what has no place of its own here is kept as [`Other`] with the path at
//! which it stands. Only what says how KeePass shows things (icons, colours, times, sizes) is not
//! kept. Names are a person's as much as values are, so `Debug` prints neither.
//!
//! Deliberately not here: which entry is an exchange key (`crate::keepass`).

use std::fmt;

use strongroom_domain::UtcMs;
use strongroom_secret::{SecretBytes, SecretText};

pub struct Database {
    /// Of the format: 3.1, 4.0, 4.1.
    pub version: (u16, u16),
    /// Group by group, in the order of the database.
    pub entries: Vec<Entry>,
    /// Contents of attachments; entries point to them.
    pub attachments: Vec<SecretBytes>,
    /// Marks that something was deleted once; KeePass needs them for merging.
    pub deleted: usize,
    /// Texts that belong to no entry: the database's name, notes of groups, data of plugins.
    pub others: Vec<Other>,
}

/// One entry, or one of its older versions.
pub struct Entry {
    /// Names of the groups around it, without the outermost, which is the database.
    pub groups: Vec<String>,
    pub standing: Standing,
    pub strings: Vec<StringField>,
    pub tags: Vec<String>,
    pub expiry: Expiry,
    pub attachments: Vec<Attachment>,
    /// Oldest first, as KeePass keeps them. An older version has no older ones of its own.
    pub history: Vec<Entry>,
    pub others: Vec<Other>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Live,
    /// In the recycle bin, or in a group there.
    Recycled,
}

/// A named text: title, user name, password, address, notes, or one of the person's own.
pub struct StringField {
    pub name: String,
    pub value: SecretText,
    pub protection: Protection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Encrypted once more inside the document.
    Protected,
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    Never,
    At(UtcMs),
    /// It is said to end, at no moment that a calendar can show.
    Unreadable,
}

pub struct Attachment {
    pub name: String,
    /// Which of the database's, if it is there.
    pub content: Option<usize>,
}

/// A text with no place of its own in this model.
pub struct Other {
    /// Names of the elements down to it, from the entry or the database.
    pub place: String,
    pub value: SecretText,
}

impl Entry {
    /// The first field of exactly this name.
    pub fn string(&self, name: &str) -> Option<&SecretText> {
        self.strings
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.value)
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("version", &self.version)
            .field("entries", &self.entries.len())
            .field("attachments", &self.attachments.len())
            .field("deleted", &self.deleted)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("standing", &self.standing)
            .field("strings", &self.strings.len())
            .field("expiry", &self.expiry)
            .field("attachments", &self.attachments.len())
            .field("history", &self.history.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StringField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StringField")
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Other").finish_non_exhaustive()
    }
}
