//! KeePass databases: which entries are exchange keys, and what becomes of every field of each.
//!
//! A person keeps everything in such a database, so an entry counts as a key only where something in
//! it names an exchange and fields are named like those of a key. A user name and a password beside
//! the address of an exchange are its website's login unless they look like its keys, or the entry
//! says that it is about an API. What cannot be told is not taken, and said.
//!
//! Deliberately not here: the file's format (`kdbx`), and rewriting a database.

mod identify;
mod item;

use std::borrow::Cow;
use std::ops::Range;

use strongroom_secret::SecretText;

use self::item::Item;
use crate::collect::Collector;
use crate::kdbx::{self, Database, Entry, Expiry, Protection};
use crate::leaf::{Leaf, Value};
use crate::plan::ImportPlan;
use crate::{ImportError, MAX_LEAVES, Options, Source, value};

/// The five fields that every entry has.
const TITLE: &str = "Title";
const USER_NAME: &str = "UserName";
const PASSWORD: &str = "Password";
const URL: &str = "URL";
const NOTES: &str = "Notes";

/// The longest name of a place; titles may be as long as their owner likes.
const MAX_PLACE: usize = 160;

/// What a leaf is of its entry.
enum Part<'a> {
    String {
        name: &'a str,
        protection: Protection,
    },
    Tags,
    Expiry(Expiry),
    Attachment,
    Older,
    Other,
    /// It belongs to the database itself.
    Database,
}

struct Site<'a> {
    shown: String,
    part: Part<'a>,
}

pub(crate) fn plan(opened: &[u8], options: &Options) -> Result<ImportPlan, ImportError> {
    let database = kdbx::read(opened)?;
    let mut leaves = Vec::new();
    let mut entries: Vec<(usize, Range<usize>)> = Vec::new();
    for (index, entry) in database.entries.iter().enumerate() {
        let first = leaves.len();
        leaves_of(entry, &mut leaves);
        if leaves.len() > MAX_LEAVES {
            return Err(ImportError::TooMany);
        }
        entries.push((index, first..leaves.len()));
    }
    let around = leaves.len();
    leaves_around(&database, &mut leaves);
    if leaves.len() > MAX_LEAVES {
        return Err(ImportError::TooMany);
    }

    let mut collector = Collector::over(&leaves);
    for (index, range) in entries {
        let item = Item {
            entry: &database.entries[index],
            leaves: &leaves,
            range,
        };
        item.settle(options, &mut collector);
    }
    for (index, leaf) in leaves.iter().enumerate().skip(around) {
        collector.account(index, value::stranger(&leaf.place.shown, &leaf.value));
    }
    Ok(collector.finish(Source::Keepass, |site| site.shown.clone()))
}

fn leaf<'a>(shown: String, part: Part<'a>, text: &'a str) -> Leaf<'a, Site<'a>> {
    let shown = shown.chars().take(MAX_PLACE).collect();
    Leaf {
        place: Site { shown, part },
        // A database has no lines.
        line: 0,
        span: 0..0,
        value: if text.is_empty() {
            Value::Nothing
        } else {
            Value::Text(Cow::Borrowed(text))
        },
    }
}

fn leaves_of<'a>(entry: &'a Entry, leaves: &mut Vec<Leaf<'a, Site<'a>>>) {
    // EXPOSE: an entry is called by its title where its fields are accounted for.
    let title = entry.string(TITLE).map_or("", SecretText::expose);
    let mut path: String = entry
        .groups
        .iter()
        .map(|group| format!("{group}/"))
        .collect();
    path.push_str(if title.trim().is_empty() {
        "entry without a title"
    } else {
        title.trim()
    });
    let path: String = path.chars().take(MAX_PLACE / 2).collect();
    let place = |name: &str| format!("{path}: {name}");
    for string in &entry.strings {
        let part = Part::String {
            name: &string.name,
            protection: string.protection,
        };
        // EXPOSE: what is taken of it is copied into a secret of its own.
        leaves.push(leaf(place(&string.name), part, string.value.expose()));
    }
    if !entry.tags.is_empty() {
        leaves.push(leaf(place("tags"), Part::Tags, "tags"));
    }
    if entry.expiry != Expiry::Never {
        leaves.push(leaf(
            place("expires"),
            Part::Expiry(entry.expiry),
            "expires",
        ));
    }
    for attachment in &entry.attachments {
        let name = place(&format!("attachment {}", attachment.name));
        leaves.push(leaf(name, Part::Attachment, "attachment"));
    }
    for (number, _) in (1..).zip(&entry.history) {
        let name = place(&format!("older version {number}"));
        leaves.push(leaf(name, Part::Older, "older version"));
    }
    for other in &entry.others {
        // EXPOSE: looked at for whether it is a secret; it is not taken.
        leaves.push(leaf(place(&other.place), Part::Other, other.value.expose()));
    }
}

fn leaves_around<'a>(database: &'a Database, leaves: &mut Vec<Leaf<'a, Site<'a>>>) {
    for other in &database.others {
        // EXPOSE: looked at for whether it is a secret; it is not taken.
        leaves.push(leaf(
            other.place.clone(),
            Part::Database,
            other.value.expose(),
        ));
    }
    if database.deleted > 0 {
        let shown = format!("marks of what was deleted once ({})", database.deleted);
        leaves.push(leaf(shown, Part::Database, "deleted"));
    }
}
