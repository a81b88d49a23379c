//! What can go wrong with the database, told apart as far as somebody acts on the difference.
//!
//! Deliberately not here: words for a person, SQL text, values and paths. SQLite's own messages
//! may quote any of these, so only its result code is kept.

use std::ffi::c_int;

use rusqlite::ffi;

/// Why a database was not opened or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("there is no database file")]
    Missing,
    #[error("a database file is already there")]
    AlreadyThere,
    #[error("the database file is not safe to open: {0}")]
    Unsafe(FileFault),
    #[error("the database does not open with this key, or its first page is damaged")]
    WrongKey,
    #[error("the file is a database, but not one of this vault")]
    NotAVault,
    #[error("the database was written by a newer version (schema {found}, this one knows {known})")]
    FromTheFuture { found: i64, known: i64 },
    #[error("this program was built without a protection it needs ({0})")]
    Build(&'static str),
    #[error("the database engine did not take a setting ({0})")]
    Setting(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with the file itself, seen before SQLite touches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    #[error("it is not a regular file")]
    NotAFile,
    #[error("it is a symbolic link")]
    Symlink,
    #[error("others may read or write it; its mode must be 0600")]
    Mode,
    #[error("it belongs to another user")]
    Owner,
    #[error("it is empty")]
    Empty,
    #[error("its size is not a multiple of 4096 bytes")]
    PartialPage,
}

/// Why a read or a write did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full")]
    DiskFull,
    #[error("the database cannot be written (read-only file or folder)")]
    ReadOnly,
    #[error("the database is damaged")]
    Corrupt,
    #[error("another process has the database open")]
    Busy,
    #[error("the database has not been verified since it was opened, so nothing may be written")]
    NotVerified,
    #[error("an earlier write ended in doubt; the vault must be closed and opened again")]
    InDoubt,
    #[error("what was to be written contradicts what is stored")]
    Contradiction,
    #[error("reading or writing the file failed (code {code})")]
    Io { code: c_int },
    #[error("the database engine refused (code {code})")]
    Engine { code: c_int },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => Self::from_code(failure.extended_code),
            rusqlite::Error::SqlInputError { error, .. } => Self::from_code(error.extended_code),
            // A column that does not have the type its table promises.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::Corrupt,
            _ => Self::Engine {
                code: ffi::SQLITE_MISUSE,
            },
        }
    }
}

impl StoreError {
    pub(crate) fn from_code(code: c_int) -> Self {
        match code & 0xff {
            ffi::SQLITE_FULL => Self::DiskFull,
            ffi::SQLITE_READONLY | ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM => Self::ReadOnly,
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => Self::Corrupt,
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Self::Busy,
            ffi::SQLITE_IOERR => Self::Io { code },
            ffi::SQLITE_CONSTRAINT => Self::Contradiction,
            _ => Self::Engine { code },
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
