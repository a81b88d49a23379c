//! KeePass databases: versions 3.1, 4.0 and 4.1 are read, 4.1 is written.
//!
//! [`open`] gives everything a database holds, or says why not ([`unlock`] and [`read`] are its halves,
//! of which only the first is slow): a wrong password, a damaged file and
//! a database that asks for too much are told apart. [`write`] makes a new database of keys, opens
//! it again and compares before it gives it out. A database is never changed in place.
//!
//! The layout is that of the specification at keepass.info (`help/kb/kdbx.html`), and for version 3
//! what KeePass 2.x does. Why it is read here and not by a crate stands in ADR 0028.
//!
//! Deliberately not here: which entries are exchange keys (`crate::keepass`), KeePass 1, Twofish,
//! hardware keys, and opening files.

mod blocks;
mod cipher;
mod contents;
mod credentials;
mod database;
mod document;
mod error;
mod header;
mod input;
mod kdf;
mod moment;
mod stream;
mod variant;
mod write;

use sha2::{Digest, Sha256};
use strongroom_secret::{Key32, SecretBytes};
use zeroize::Zeroizing;

pub use contents::{is_opened, read};
pub use credentials::{Credentials, key_file_as_digits, reduce_key_file};
pub use database::{Attachment, Database, Entry, Expiry, Other, Protection, Standing, StringField};
pub use error::{KdbxError, KdbxWriteError};
pub(crate) use write::is_refused;
pub use write::{NewEntry, write};

use self::blocks::BlockKeys;
use self::contents::Opened;
use self::credentials::hashed;
use self::header::{Generation, Header};
use self::input::Input;

/// Largest database that is read. Those of people are mostly attachments.
pub const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// The most a database may unpack to.
pub const MAX_CONTENT_BYTES: usize = 64 * 1024 * 1024;

/// Whether these bytes begin like a database of KeePass, whatever its version.
pub fn is_keepass(bytes: &[u8]) -> bool {
    bytes.starts_with(&header::SIGNATURE[..4])
}

/// Reads a database. An error means that nothing of it was taken.
pub fn open(bytes: &[u8], credentials: &Credentials<'_>) -> Result<Database, KdbxError> {
    let opened = unlock(bytes, credentials)?;
    // EXPOSE: it is read; what is taken of it goes into memory that wipes itself.
    read(opened.expose())
}

/// Decrypts a database, for [`read`]. It is slow on purpose, as its owner wanted it.
pub fn unlock(bytes: &[u8], credentials: &Credentials<'_>) -> Result<SecretBytes, KdbxError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(KdbxError::TooLarge { bytes: bytes.len() });
    }
    let header = Header::read(bytes)?;
    let composite = credentials.composite()?;
    let (head, sealed) = bytes.split_at(header.length);
    let header_hash: [u8; 32] = Sha256::digest(head).into();
    let opened = match &header.generation {
        Generation::Four => {
            let mut input = Input::new(sealed);
            let (said_hash, mac): ([u8; 32], [u8; 32]) = (input.array()?, input.array()?);
            // Looked at before the password is: this tells a damaged header from a wrong password.
            if said_hash != header_hash {
                return Err(KdbxError::DamagedHeader);
            }
            let transformed = header.kdf.derive(&composite)?;
            let keys = BlockKeys::derive(&header.master_seed, &transformed);
            if !keys.header_is_whole(head, &mac) {
                return Err(KdbxError::WrongKey);
            }
            let sealed = Zeroizing::new(keys.join(input.rest())?);
            let key = encryption_key(&header.master_seed, &transformed);
            let opened = cipher::decrypt(header.cipher, &key, sealed, |_| true)?;
            let contents = cipher::unpack(header.compression, opened)?;
            Opened {
                version: (4, header.minor),
                header_hash,
                stream: None,
                contents: &contents,
            }
            .into_bytes()
        }
        Generation::Three {
            start,
            stream,
            stream_key,
        } => {
            let transformed = header.kdf.derive(&composite)?;
            let key = encryption_key(&header.master_seed, &transformed);
            let sealed = Zeroizing::new(sealed.to_vec());
            let opened = cipher::decrypt(header.cipher, &key, sealed, |opened| {
                opened.starts_with(start)
            })?;
            let joined = blocks::join_hashed(opened.get(start.len()..).ok_or(KdbxError::Damaged)?)?;
            let contents = cipher::unpack(header.compression, joined)?;
            Opened {
                version: (3, header.minor),
                header_hash,
                stream: Some((*stream, stream_key)),
                contents: &contents,
            }
            .into_bytes()
        }
    };
    Ok(opened)
}

fn encryption_key(master_seed: &[u8; 32], transformed: &Key32) -> Key32 {
    hashed(|hash| {
        hash.update(master_seed);
        // EXPOSE: hashed into the key of the encryption.
        hash.update(transformed.expose());
    })
}
