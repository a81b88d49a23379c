//! What reading and writing a KeePass database refuses, in words.

use strongroom_crypto::{ForeignKdfError, RandomFailed};

use super::{MAX_CONTENT_BYTES, MAX_FILE_BYTES};

const MIB: usize = 1024 * 1024;

/// Why a database was not read. Nothing was taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdbxError {
    #[error("this is no KeePass database")]
    NotKdbx,
    #[error(
        "this is a database of KeePass 1 (.kdb); open it in KeePass or KeePassXC, save it as .kdbx and import that"
    )]
    KeePass1,
    #[error(
        "this database is of version {major}.{minor}; 3.1, 4.0 and 4.1 are read: save it in one of those"
    )]
    Version { major: u16, minor: u16 },
    #[error("the file has {bytes} bytes; a database of at most {} MiB is read", MAX_FILE_BYTES / MIB)]
    TooLarge { bytes: usize },
    #[error("the file ends too early; take a complete copy of it")]
    Truncated,
    #[error("the header of the database is malformed; take another copy of the file")]
    MalformedHeader,
    #[error("the header of the database is damaged; take another copy of the file")]
    DamagedHeader,
    #[error(
        "the database is encrypted with Twofish, which is not read here: choose AES or ChaCha20 in its settings, save it and import again"
    )]
    Twofish,
    #[error("the database is encrypted in a way that is not known here")]
    UnknownCipher,
    #[error("the database compresses or protects its contents in a way that is not known here")]
    UnknownEncoding,
    #[error("the database derives its key in a way that is not known here")]
    UnknownKdf,
    #[error("the key derivation of the database: {0}")]
    Kdf(#[from] ForeignKdfError),
    #[error(
        "the key derivation of the database asks for more rounds than are given to a file of another program"
    )]
    TooManyRounds,
    #[error("the database is locked: its password, its key file or both are needed")]
    NoKey,
    #[error("the key file is damaged: what it says of itself is not so; take another copy of it")]
    KeyFile,
    #[error(
        "the password or the key file is not the right one for this database; nothing was taken"
    )]
    WrongKey,
    #[error("the database is damaged: a part of it is not as it was written; take another copy")]
    Damaged,
    #[error(
        "the database unpacks to more than {} MiB, which no list of keys does",
        MAX_CONTENT_BYTES / MIB
    )]
    TooMuchContent,
    #[error("what the database holds is not as KeePass writes it; nothing was taken")]
    MalformedContent,
    #[error("the groups of the database are nested deeper than 64 levels")]
    TooDeep,
}

/// Why no database was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdbxWriteError {
    #[error("a database needs a password")]
    EmptyPassword,
    #[error(
        "a tag holds a semicolon, at which KeePass would cut it in two; rename the tag and export again"
    )]
    Tag,
    #[error("a label or another name holds a character that KeePass cannot keep; rename it")]
    Character,
    #[error("this is more than one database holds; export fewer keys at a time")]
    TooLarge,
    #[error(transparent)]
    Random(#[from] RandomFailed),
    #[error("there is not enough free memory to encrypt the database")]
    NoMemory,
    #[error("the database did not read back as it was meant; nothing was written")]
    NotTheSame,
}
