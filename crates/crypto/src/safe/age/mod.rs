//! age v1 files (C2SP, age): encrypting to X25519 recipients or with a passphrase, and opening what
//! stock programs encrypted so.
//!
//! Deliberately not here: armour, SSH keys, plugins, files larger than memory; and why this is written
//! here (ADR 0026).

mod header;
mod keys;
mod passphrase;
mod x25519;

use std::fmt;

use strongroom_secret::{Key, SecretBytes, SecretText};

use crate::hazmat::{hkdf, stream};
use crate::random::{Random, RandomFailed};
use crate::safe::sshsig;

use header::{FILE_KEY_BYTES, Header};
use passphrase::ScryptStanza;
use x25519::{NotWritten, X25519Stanza};

pub use keys::{KeyRefused, Recipient, SecretKey};

/// The most recipients of one file; their header stays below 32 KiB.
pub const MOST_RECIPIENTS: usize = 300;

const NONCE_BYTES: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Random(#[from] RandomFailed),
    #[error("there is nobody to encrypt to")]
    NoRecipient,
    #[error("a file is encrypted to at most {most} recipients", most = MOST_RECIPIENTS)]
    TooManyRecipients,
    #[error("nothing can be encrypted to recipient number {}: it is not a sound key", .index + 1)]
    Recipient { index: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("this is not an age file")]
    NotAge,
    #[error("the age file is armoured text; turn it into its binary form first (age does that)")]
    Armoured,
    #[error("the age file is in another version of the format")]
    OtherVersion,
    #[error("the header of the age file is damaged")]
    Header,
    #[error("the age file asks for a passphrase")]
    NeedsPassphrase,
    #[error("the age file is encrypted to recipients, not with a passphrase")]
    NeedsKey,
    #[error("the age file is not encrypted to this key")]
    NotForThisKey,
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error(
        "the age file asks for more work than is done for any passphrase: it was made to stop a program"
    )]
    TooHeavy,
    #[error("the header of the age file was changed after it was made")]
    Changed,
    #[error("the age file is damaged or cut short")]
    Payload,
}

/// What opens a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Recipients,
    Passphrase,
}

/// Whether bytes begin as an age file does.
pub fn is_age(bytes: &[u8]) -> bool {
    bytes.starts_with(header::VERSION_LINE)
}

/// Reads from the header what the file is locked with. No work is done.
pub fn lock_of(file: &[u8]) -> Result<Lock, OpenError> {
    let header = Header::parse(file)?;
    match scrypt_alone(&header)? {
        Some(_) => Ok(Lock::Passphrase),
        None => Ok(Lock::Recipients),
    }
}

/// Encrypts what comes in pieces, so that nobody needs to have all of it at once.
pub struct Sealer(stream::Sealing);

impl Sealer {
    /// To every one of the recipients, about `length` bytes.
    pub fn to(
        recipients: &[Recipient],
        length: usize,
        random: &dyn Random,
    ) -> Result<Self, SealError> {
        if recipients.is_empty() {
            return Err(SealError::NoRecipient);
        }
        if recipients.len() > MOST_RECIPIENTS {
            return Err(SealError::TooManyRecipients);
        }
        begin(length, random, |out, file_key| {
            for (index, recipient) in recipients.iter().enumerate() {
                x25519::write(out, recipient, file_key, random).map_err(
                    |problem| match problem {
                        NotWritten::Random(failed) => SealError::Random(failed),
                        NotWritten::Unsound => SealError::Recipient { index },
                    },
                )?;
            }
            Ok(())
        })
    }

    /// With a passphrase, which takes about a second and 256 MiB.
    pub fn with_passphrase(
        passphrase: &SecretText,
        length: usize,
        random: &dyn Random,
    ) -> Result<Self, SealError> {
        begin(length, random, |out, file_key| {
            Ok(passphrase::write(out, passphrase, file_key, random)?)
        })
    }

    /// The next bytes, however many.
    pub fn take(&mut self, plain: &[u8]) {
        self.0.take(plain);
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

/// Encrypts to every one of the recipients.
pub fn seal_to(
    recipients: &[Recipient],
    plain: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, SealError> {
    let mut sealer = Sealer::to(recipients, plain.len(), random)?;
    sealer.take(plain);
    Ok(sealer.finish())
}

/// Encrypts with a passphrase, which takes about a second and 256 MiB.
pub fn seal_with_passphrase(
    passphrase: &SecretText,
    plain: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, SealError> {
    let mut sealer = Sealer::with_passphrase(passphrase, plain.len(), random)?;
    sealer.take(plain);
    Ok(sealer.finish())
}

/// Opens a file that was encrypted to recipients.
pub fn open_with_key(file: &[u8], key: &SecretKey) -> Result<SecretBytes, OpenError> {
    let header = Header::parse(file)?;
    let (key, chunks) = payload(&header, &file_key(&header, key)?)?;
    stream::open(&key, chunks).map_err(|_| OpenError::Payload)
}

/// Opens a file that was encrypted to recipients, and hashes what is in it meanwhile, but for the last
/// `behind` bytes: the place of a signature about the rest. Of less than that the hash is nothing's.
pub fn open_signed_with_key(
    file: &[u8],
    key: &SecretKey,
    behind: usize,
) -> Result<(SecretBytes, sshsig::Digest), OpenError> {
    let header = Header::parse(file)?;
    let (key, chunks) = payload(&header, &file_key(&header, key)?)?;
    let mut hasher = sshsig::Hasher::default();
    let mut hash = |piece: &[u8], left: usize| {
        let of_signature = behind.saturating_sub(left).min(piece.len());
        hasher.take(&piece[..piece.len() - of_signature]);
    };
    let plain = stream::open_beside(&key, chunks, &mut hash).map_err(|_| OpenError::Payload)?;
    Ok((plain, hasher.finish()))
}

fn file_key(header: &Header<'_>, key: &SecretKey) -> Result<Key<FILE_KEY_BYTES>, OpenError> {
    if scrypt_alone(header)?.is_some() {
        return Err(OpenError::NeedsPassphrase);
    }
    // The form of all of them first, so that damage is not taken for somebody else's stanza.
    let ours: Vec<X25519Stanza> = header
        .stanzas
        .iter()
        .filter(|stanza| stanza.kind == x25519::KIND)
        .map(X25519Stanza::parse)
        .collect::<Result<_, _>>()?;
    for stanza in ours {
        if let Some(file_key) = stanza.open(key)? {
            return Ok(file_key);
        }
    }
    Err(OpenError::NotForThisKey)
}

/// Opens a file that was encrypted with a passphrase. Work that is more than acceptable is refused
/// before any of it is done; what is accepted takes up to 1 GiB and some seconds.
pub fn open_with_passphrase(
    file: &[u8],
    passphrase: &SecretText,
) -> Result<SecretBytes, OpenError> {
    let header = Header::parse(file)?;
    let stanza = scrypt_alone(&header)?.ok_or(OpenError::NeedsKey)?;
    let (key, chunks) = payload(&header, &stanza.open(passphrase)?)?;
    stream::open(&key, chunks).map_err(|_| OpenError::Payload)
}

/// The stanza of a passphrase, which must be the only one: a file that whoever guesses a passphrase
/// could have made is not also one for a recipient.
fn scrypt_alone(header: &Header<'_>) -> Result<Option<ScryptStanza>, OpenError> {
    let mut of_passphrases = header
        .stanzas
        .iter()
        .filter(|stanza| stanza.kind == passphrase::KIND);
    let Some(stanza) = of_passphrases.next() else {
        return Ok(None);
    };
    if header.stanzas.len() > 1 {
        return Err(OpenError::Header);
    }
    ScryptStanza::parse(stanza).map(Some)
}

fn begin(
    length: usize,
    random: &dyn Random,
    write_stanzas: impl FnOnce(&mut Vec<u8>, &Key<FILE_KEY_BYTES>) -> Result<(), SealError>,
) -> Result<Sealer, SealError> {
    let file_key = Key::try_filled_by(|key| random.fill(key))?;
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce)?;
    let mut header = header::VERSION_LINE.to_vec();
    write_stanzas(&mut header, &file_key)?;
    header::write_mac(&mut header, &file_key);
    header.extend_from_slice(&nonce);
    let key = payload_key(&file_key, &nonce);
    Ok(Sealer(stream::Sealing::new(&key, &header, length)))
}

/// What is encrypted, and the key to it, once the header is what this file was made with.
fn payload<'f>(
    header: &Header<'f>,
    file_key: &Key<FILE_KEY_BYTES>,
) -> Result<(strongroom_secret::Key32, &'f [u8]), OpenError> {
    header.check_mac(file_key)?;
    let (nonce, chunks) = header
        .payload
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(OpenError::Header)?;
    Ok((payload_key(file_key, nonce), chunks))
}

fn payload_key(
    file_key: &Key<FILE_KEY_BYTES>,
    nonce: &[u8; NONCE_BYTES],
) -> strongroom_secret::Key32 {
    // EXPOSE: input of the derivation.
    hkdf::derive(file_key.expose(), nonce, &[b"payload"])
}
