//! What a person opens a database with, and the one key made of it.
//!
//! A key file is whatever file its owner chose. KeePass writes one as XML of two versions; a file
//! of 32 bytes is the key itself, one of 64 hexadecimal digits is the key in those, and of any other
//! the hash is the key.
//!
//! Deliberately not here: what makes guessing slow (`kdf`), and hardware keys, whose answer only the
//! device can give.

use data_encoding::{BASE64, HEXLOWER, HEXUPPER_PERMISSIVE};
use sha2::{Digest, Sha256};
use strongroom_secret::{Key32, SecretBytes, SecretText};
use zeroize::Zeroizing;

use super::KdbxError;

/// A file that KeePass wrote is under 1 KiB; XML of more is a file of its own and is hashed.
const MAX_XML_BYTES: usize = 64 * 1024;

/// What opens a database: a password, a key file, or both.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    pub password: Option<&'a SecretText>,
    /// What the key file holds, or the 32 bytes that [`reduce_key_file`] made of it.
    pub key_file: Option<&'a SecretBytes>,
}

impl Credentials<'_> {
    pub(super) fn composite(&self) -> Result<Key32, KdbxError> {
        if self.password.is_none() && self.key_file.is_none() {
            return Err(KdbxError::NoKey);
        }
        let mut parts = Sha256::new();
        if let Some(password) = self.password {
            // EXPOSE: hashed into the key of the database.
            let hash = hashed(|hash| hash.update(password.expose().as_bytes()));
            // EXPOSE: likewise.
            parts.update(hash.expose());
        }
        if let Some(file) = self.key_file {
            let key = reduce_key_file(file)?;
            // EXPOSE: likewise.
            parts.update(key.expose());
        }
        Ok(Key32::filled_by(|key| parts.finalize_into(key.into())))
    }
}

/// The 32 bytes for which a key file stands. They are a key file themselves, so a file of any size
/// can be handed on as these.
pub fn reduce_key_file(file: &SecretBytes) -> Result<Key32, KdbxError> {
    // EXPOSE: read for the key in it.
    let bytes = file.expose();
    if let Some(key) = key_of_xml(bytes)? {
        return Ok(key);
    }
    if let Some(key) = Key32::from_slice(bytes) {
        return Ok(key);
    }
    if let Some(key) = decoded_hex(bytes) {
        return Ok(key);
    }
    Ok(hashed(|hash| hash.update(bytes)))
}

/// The same as 64 hexadecimal digits, which are a key file too: one that fits into a message.
pub fn key_file_as_digits(file: &SecretBytes) -> Result<SecretText, KdbxError> {
    let key = reduce_key_file(file)?;
    // EXPOSE: written in another form of the same secret.
    Ok(SecretText::new(HEXLOWER.encode(key.expose())))
}

/// The key of a file in KeePass's own XML; nothing where the file is something else.
fn key_of_xml(bytes: &[u8]) -> Result<Option<Key32>, KdbxError> {
    if bytes.len() > MAX_XML_BYTES {
        return Ok(None);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(None);
    };
    let Ok(document) = roxmltree::Document::parse(text) else {
        return Ok(None);
    };
    let root = document.root_element();
    if !root.has_tag_name("KeyFile") {
        return Ok(None);
    }
    let inside = |parent: &str, name: &str| {
        root.children()
            .find(|node| node.has_tag_name(parent))?
            .children()
            .find(|node| node.has_tag_name(name))
    };
    let version = inside("Meta", "Version").and_then(|node| node.text());
    let (Some(version), Some(data)) = (version, inside("Key", "Data")) else {
        return Err(KdbxError::KeyFile);
    };
    let written: Zeroizing<String> = Zeroizing::new(
        data.text()
            .unwrap_or_default()
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect(),
    );
    let key = match version.trim().split('.').next() {
        Some("1") => decoded_base64(written.as_bytes()),
        Some("2") => decoded_hex(written.as_bytes()),
        _ => None,
    };
    let key = key.ok_or(KdbxError::KeyFile)?;
    if let Some(check) = data.attribute("Hash") {
        // EXPOSE: hashed, to see that the file is whole.
        let hash = Sha256::digest(key.expose());
        let wanted = HEXUPPER_PERMISSIVE
            .decode(check.trim().as_bytes())
            .map_err(|_| KdbxError::KeyFile)?;
        if wanted != hash[..4] {
            return Err(KdbxError::KeyFile);
        }
    }
    Ok(Some(key))
}

fn decoded_hex(text: &[u8]) -> Option<Key32> {
    // The decoder wants exactly the room that the text needs.
    if text.len() != 64 {
        return None;
    }
    Key32::try_filled_by(|key| HEXUPPER_PERMISSIVE.decode_mut(text, key).map(drop)).ok()
}

/// 32 bytes in Base64 are 44 characters, and decoders ask for room for 33.
fn decoded_base64(text: &[u8]) -> Option<Key32> {
    let mut room = Zeroizing::new([0; 33]);
    if BASE64.decode_len(text.len()).ok()? != room.len() {
        return None;
    }
    let count = BASE64.decode_mut(text, &mut *room).ok()?;
    Key32::from_slice(&room[..count])
}

pub(super) fn hashed(write: impl FnOnce(&mut Sha256)) -> Key32 {
    let mut hash = Sha256::new();
    write(&mut hash);
    Key32::filled_by(|key| hash.finalize_into(key.into()))
}
