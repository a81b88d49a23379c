//! A source before it is planned: which kind it is, and its content in plaintext.
//!
//! Opening an encrypted one takes as long as the program that wrote it wanted, so it is done apart
//! from the vault: nobody else waits for it.
//!
//! Deliberately not here: asking for a password.

use strongroom_formats as formats;
use strongroom_formats::Unlocking;
use strongroom_secret::{SecretBytes, SecretText};

use super::{ImportError, ImportOptions};

/// What opens an encrypted source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceKey<'a> {
    pub password: Option<&'a SecretText>,
    /// KeePass: what the key file holds.
    pub key_file: Option<&'a SecretBytes>,
}

/// A source in plaintext. Dropping it wipes it.
#[derive(Debug)]
pub struct ImportSource {
    pub(super) kind: formats::Source,
    pub(super) plain: SecretBytes,
}

impl ImportSource {
    /// Finds out what a source is, and opens it. Slow if it is encrypted.
    pub fn read(
        bytes: SecretBytes,
        options: &ImportOptions,
        key: SourceKey<'_>,
    ) -> Result<Self, ImportError> {
        // EXPOSE: looked at for what it is; what is opened of it wipes itself.
        let content = bytes.expose();
        let kind = match options.source.as_deref() {
            Some(name) => formats::Source::parse(name).ok_or(ImportError::NoSuchSource)?,
            None => formats::detect(content, options.name_hint.as_deref())
                .ok_or(ImportError::UnknownSource)?,
        };
        let with = Unlocking {
            password: key.password,
            key_file: key.key_file,
        };
        let opened = formats::unlock(kind, content, with)?;
        Ok(Self {
            kind,
            plain: opened.unwrap_or(bytes),
        })
    }
}
