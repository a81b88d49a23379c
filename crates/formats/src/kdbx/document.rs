//! The document inside: XML, with the protected values decrypted in the order in which they stand.
//!
//! A document type is refused, so there are no entities but those of XML itself, and neither the
//! number of nodes nor their depth is the file's to choose. The tree that the XML reader makes holds
//! plain values in memory of its own; the binaries' allocator wipes that when it is freed.

use std::collections::HashMap;

use data_encoding::BASE64;
use roxmltree::{Document, Node, NodeId, ParsingOptions};
use strongroom_secret::{SecretBytes, SecretText};
use zeroize::Zeroizing;

use super::cipher::unzip;
use super::database::{
    Attachment, Database, Entry, Expiry, Other, Protection, Standing, StringField,
};
use super::moment::read_moment;
use super::stream::InnerStream;
use super::{KdbxError, MAX_CONTENT_BYTES};

/// Each takes about a hundred bytes. A database of ten thousand entries has half as many.
const MAX_NODES: u32 = 1_000_000;
/// Groups in groups.
const MAX_DEPTH: usize = 64;

/// What says how KeePass shows or handles a group or an entry. Nothing a person wrote is in these.
const STRUCTURE: &[&str] = &[
    "UUID",
    "IconID",
    "CustomIconUUID",
    "ForegroundColor",
    "BackgroundColor",
    "QualityCheck",
    "PreviousParentGroup",
    "Times",
    "IsExpanded",
    "EnableAutoType",
    "EnableSearching",
    "LastTopVisibleEntry",
    "Enabled",
    "DataTransferObfuscation",
    // Of the database itself.
    "Generator",
    "HeaderHash",
    "SettingsChanged",
    "DatabaseNameChanged",
    "DatabaseDescriptionChanged",
    "DefaultUserNameChanged",
    "MaintenanceHistoryDays",
    "Color",
    "MasterKeyChanged",
    "MasterKeyChangeRec",
    "MasterKeyChangeForce",
    "MasterKeyChangeForceOnce",
    "MemoryProtection",
    "CustomIcons",
    "RecycleBinEnabled",
    "RecycleBinUUID",
    "RecycleBinChanged",
    "EntryTemplatesGroup",
    "EntryTemplatesGroupChanged",
    "HistoryMaxItems",
    "HistoryMaxSize",
    "LastSelectedGroup",
    "LastTopVisibleGroup",
    "LastModificationTime",
];

/// What the contents say beside the document.
pub(super) struct Around {
    /// Of the header of the file; version 3 repeats it inside.
    pub(super) header_hash: [u8; 32],
    pub(super) version: (u16, u16),
    /// Version 4 keeps attachments in front of the document.
    pub(super) attachments: Vec<SecretBytes>,
}

pub(super) fn read(
    xml: &[u8],
    stream: &mut InnerStream,
    around: Around,
) -> Result<Database, KdbxError> {
    let text = std::str::from_utf8(xml).map_err(|_| KdbxError::MalformedContent)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(text, options).map_err(|_| KdbxError::MalformedContent)?;
    let root = document.root_element();
    if !root.has_tag_name("KeePassFile") {
        return Err(KdbxError::MalformedContent);
    }
    let mut reader = Reader {
        revealed: reveal(&document, stream)?,
        recycle_bin: None,
        attachment_ids: HashMap::new(),
        database: Database {
            version: around.version,
            entries: Vec::new(),
            attachments: around.attachments,
            deleted: 0,
            others: Vec::new(),
        },
    };
    for index in 0..reader.database.attachments.len() {
        reader.attachment_ids.insert(index.to_string(), index);
    }
    if let Some(meta) = child(root, "Meta") {
        reader.meta(meta, &around.header_hash)?;
    }
    let inside = child(root, "Root").ok_or(KdbxError::MalformedContent)?;
    for node in elements(inside) {
        match node.tag_name().name() {
            "Group" => reader.group(node, &Above::outermost())?,
            "DeletedObjects" => reader.database.deleted += elements(node).count(),
            _ => reader.rest(node, "", Whose::Database)?,
        }
    }
    Ok(reader.database)
}

/// Decrypts every protected value of the document.
fn reveal(
    document: &Document<'_>,
    stream: &mut InnerStream,
) -> Result<HashMap<NodeId, SecretBytes>, KdbxError> {
    let mut revealed = HashMap::new();
    for node in document.descendants() {
        let is_protected = node
            .attribute("Protected")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if !is_protected {
            continue;
        }
        let mut value = decoded(node)?;
        stream.apply(&mut value)?;
        revealed.insert(node.id(), SecretBytes::new(std::mem::take(&mut *value)));
    }
    Ok(revealed)
}

/// Where a group stands.
struct Above {
    groups: Vec<String>,
    standing: Standing,
    depth: usize,
}

impl Above {
    fn outermost() -> Self {
        Self {
            groups: Vec::new(),
            standing: Standing::Live,
            depth: 0,
        }
    }
}

/// Who a text without a place of its own belongs to.
enum Whose<'e> {
    Database,
    Entry(&'e mut Vec<Other>),
}

struct Reader {
    revealed: HashMap<NodeId, SecretBytes>,
    /// The identifier of the group, as it is written.
    recycle_bin: Option<String>,
    attachment_ids: HashMap<String, usize>,
    database: Database,
}

impl Reader {
    fn meta(&mut self, meta: Node<'_, '_>, header_hash: &[u8; 32]) -> Result<(), KdbxError> {
        for node in elements(meta) {
            match node.tag_name().name() {
                "HeaderHash" if self.database.version.0 == 3 => {
                    let said = decoded(node)?;
                    if !said.is_empty() && *said != header_hash {
                        return Err(KdbxError::DamagedHeader);
                    }
                }
                "RecycleBinUUID" => self.recycle_bin = Some(plain(node)?.trim().to_owned()),
                "Binaries" => self.old_attachments(node)?,
                _ => self.rest(node, "", Whose::Database)?,
            }
        }
        Ok(())
    }

    /// Version 3 keeps attachments in the document.
    fn old_attachments(&mut self, binaries: Node<'_, '_>) -> Result<(), KdbxError> {
        let mut left = MAX_CONTENT_BYTES;
        for node in elements(binaries) {
            let id = node.attribute("ID").ok_or(KdbxError::MalformedContent)?;
            let is_packed = node
                .attribute("Compressed")
                .is_some_and(|value| value.eq_ignore_ascii_case("true"));
            let content = self.bytes(node)?;
            let content = if is_packed {
                // EXPOSE: it is unpacked.
                let mut unpacked = unzip(content.expose(), left)?;
                left -= unpacked.len();
                SecretBytes::new(std::mem::take(&mut *unpacked))
            } else {
                content
            };
            let index = self.database.attachments.len();
            if self.attachment_ids.insert(id.to_owned(), index).is_some() {
                return Err(KdbxError::MalformedContent);
            }
            self.database.attachments.push(content);
        }
        Ok(())
    }

    fn group(&mut self, group: Node<'_, '_>, above: &Above) -> Result<(), KdbxError> {
        if above.depth > MAX_DEPTH {
            return Err(KdbxError::TooDeep);
        }
        let name = child(group, "Name").map(plain).transpose()?;
        let id = child(group, "UUID").map(plain).transpose()?;
        let is_bin = matches!((&id, &self.recycle_bin), (Some(id), Some(bin)) if id.trim() == bin);
        let mut here = Above {
            groups: above.groups.clone(),
            standing: if is_bin {
                Standing::Recycled
            } else {
                above.standing
            },
            depth: above.depth + 1,
        };
        if above.depth > 0 {
            here.groups.push(
                name.map(|mut name| std::mem::take(&mut *name))
                    .unwrap_or_default(),
            );
        }
        let place = here.groups.join("/");
        for node in elements(group) {
            match node.tag_name().name() {
                "Name" => {}
                "Group" => self.group(node, &here)?,
                "Entry" => {
                    let entry = self.entry(node, &here, Age::Present)?;
                    self.database.entries.push(entry);
                }
                _ => self.rest(node, &place, Whose::Database)?,
            }
        }
        Ok(())
    }

    fn entry(&mut self, node: Node<'_, '_>, above: &Above, age: Age) -> Result<Entry, KdbxError> {
        let mut entry = Entry {
            groups: above.groups.clone(),
            standing: above.standing,
            strings: Vec::new(),
            tags: Vec::new(),
            expiry: Expiry::Never,
            attachments: Vec::new(),
            history: Vec::new(),
            others: Vec::new(),
        };
        for node in elements(node) {
            match node.tag_name().name() {
                "String" => entry.strings.push(self.string(node)?),
                "Binary" => entry.attachments.push(self.attachment(node)?),
                "Times" => entry.expiry = expiry(node)?,
                "Tags" => {
                    let tags = plain(node)?;
                    let tags = tags.split([';', ',']).map(str::trim);
                    entry
                        .tags
                        .extend(tags.filter(|tag| !tag.is_empty()).map(str::to_owned));
                }
                "History" => {
                    if age == Age::Past {
                        return Err(KdbxError::MalformedContent);
                    }
                    for older in elements(node) {
                        entry.history.push(self.entry(older, above, Age::Past)?);
                    }
                }
                _ => self.rest(node, "", Whose::Entry(&mut entry.others))?,
            }
        }
        Ok(entry)
    }

    fn string(&mut self, node: Node<'_, '_>) -> Result<StringField, KdbxError> {
        let (name, value) = named(node)?;
        let protection = if self.revealed.contains_key(&value.id()) {
            Protection::Protected
        } else {
            Protection::Plain
        };
        Ok(StringField {
            name,
            value: self.text(value)?,
            protection,
        })
    }

    fn attachment(&mut self, node: Node<'_, '_>) -> Result<Attachment, KdbxError> {
        let (name, value) = named(node)?;
        let content = match value.attribute("Ref") {
            Some(id) => self.attachment_ids.get(id).copied(),
            None => {
                let content = self.bytes(value)?;
                self.database.attachments.push(content);
                Some(self.database.attachments.len() - 1)
            }
        };
        Ok(Attachment { name, content })
    }

    /// Keeps every text below an element that has no place in the model, unless it is structure.
    fn rest(&mut self, node: Node<'_, '_>, place: &str, whose: Whose<'_>) -> Result<(), KdbxError> {
        let mut found = Vec::new();
        self.texts_below(node, place, 0, &mut found)?;
        match whose {
            Whose::Database => self.database.others.append(&mut found),
            Whose::Entry(others) => others.append(&mut found),
        }
        Ok(())
    }

    fn texts_below(
        &mut self,
        node: Node<'_, '_>,
        place: &str,
        depth: usize,
        found: &mut Vec<Other>,
    ) -> Result<(), KdbxError> {
        if depth > MAX_DEPTH {
            return Err(KdbxError::TooDeep);
        }
        let name = node.tag_name().name();
        if STRUCTURE.contains(&name) {
            return Ok(());
        }
        let place = if place.is_empty() {
            name.to_owned()
        } else {
            format!("{place}/{name}")
        };
        if elements(node).next().is_none() {
            let value = self.text(node)?;
            // EXPOSE: to see whether there is anything.
            if !value.expose().trim().is_empty() {
                found.push(Other { place, value });
            }
            return Ok(());
        }
        for inner in elements(node) {
            self.texts_below(inner, &place, depth + 1, found)?;
        }
        Ok(())
    }

    fn text(&mut self, node: Node<'_, '_>) -> Result<SecretText, KdbxError> {
        match self.revealed.remove(&node.id()) {
            Some(value) => value.into_text().ok_or(KdbxError::MalformedContent),
            None => plain(node).map(|mut text| SecretText::new(std::mem::take(&mut *text))),
        }
    }

    fn bytes(&mut self, node: Node<'_, '_>) -> Result<SecretBytes, KdbxError> {
        match self.revealed.remove(&node.id()) {
            Some(value) => Ok(value),
            None => decoded(node).map(|mut bytes| SecretBytes::new(std::mem::take(&mut *bytes))),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    Present,
    Past,
}

fn elements<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(Node::is_element)
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    elements(node).find(|inner| inner.has_tag_name(name))
}

/// A name and what it names: exactly one of each.
fn named<'a, 'input>(node: Node<'a, 'input>) -> Result<(String, Node<'a, 'input>), KdbxError> {
    let mut inner = elements(node);
    match (inner.next(), inner.next(), inner.next()) {
        (Some(key), Some(value), None)
            if key.has_tag_name("Key") && value.has_tag_name("Value") =>
        {
            Ok((std::mem::take(&mut *plain(key)?), value))
        }
        _ => Err(KdbxError::MalformedContent),
    }
}

/// The text of an element that holds nothing else; comments may stand in it.
fn plain(node: Node<'_, '_>) -> Result<Zeroizing<String>, KdbxError> {
    if elements(node).next().is_some() {
        return Err(KdbxError::MalformedContent);
    }
    let pieces = || {
        node.children()
            .filter(Node::is_text)
            .filter_map(|text| text.text())
    };
    let mut text = Zeroizing::new(String::with_capacity(pieces().map(str::len).sum()));
    pieces().for_each(|piece| text.push_str(piece));
    Ok(text)
}

/// What an element holds in Base64.
fn decoded(node: Node<'_, '_>) -> Result<Zeroizing<Vec<u8>>, KdbxError> {
    let mut text = plain(node)?;
    // Documents that were laid out for reading break long values.
    text.retain(|character| !character.is_ascii_whitespace());
    BASE64
        .decode(text.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| KdbxError::MalformedContent)
}

fn expiry(times: Node<'_, '_>) -> Result<Expiry, KdbxError> {
    let ends = child(times, "Expires").map(plain).transpose()?;
    if !ends.is_some_and(|ends| ends.trim().eq_ignore_ascii_case("true")) {
        return Ok(Expiry::Never);
    }
    let written = child(times, "ExpiryTime").map(plain).transpose()?;
    let at = written.and_then(|written| read_moment(written.trim()));
    Ok(at.map_or(Expiry::Unreadable, Expiry::At))
}
