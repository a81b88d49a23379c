//! The database file before and after SQLite: is it safe to open, how is an empty one made, how is
//! a finished one brought to the disk.
//!
//! Deliberately not here: SQLite. What is refused here is refused because SQLite would not: it
//! follows symbolic links, and a file of zero bytes opens with any key as a new, empty database.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{FileFault, OpenError, StoreError};
use crate::open::Access;

/// SQLCipher's page size, and so the unit of every database file.
pub const PAGE_BYTES: u64 = 4096;

const ACCESS_BITS: u32 = 0o777;
const OWNER_ONLY: u32 = 0o600;

/// Refuses what must not be opened, and gives the path with its folder resolved, because SQLite
/// is told to follow no link anywhere in it.
pub(crate) fn check_existing(path: &Path, access: Access) -> Result<PathBuf, OpenError> {
    let found = std::fs::symlink_metadata(path).map_err(|error| missing_or_io(&error))?;
    let is_ours = access != Access::Copy;
    let fault = if found.file_type().is_symlink() {
        Some(FileFault::Symlink)
    } else if !found.file_type().is_file() {
        Some(FileFault::NotAFile)
    } else if is_ours && found.uid() != rustix::process::geteuid().as_raw() {
        Some(FileFault::Owner)
    } else if is_ours && found.mode() & ACCESS_BITS != OWNER_ONLY {
        Some(FileFault::Mode)
    } else if found.len() == 0 {
        Some(FileFault::Empty)
    } else if !found.len().is_multiple_of(PAGE_BYTES) {
        Some(FileFault::PartialPage)
    } else {
        None
    };
    match fault {
        Some(fault) => Err(OpenError::Unsafe(fault)),
        None => resolved(path),
    }
}

/// Makes an empty file that only its owner can read; an existing one is never reused.
pub(crate) fn make_empty(path: &Path) -> Result<PathBuf, OpenError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenError::AlreadyThere,
            _ => OpenError::Store(from_io(&error)),
        })?;
    resolved(path)
}

/// Brings a finished file and its name to the disk.
pub(crate) fn settle(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| from_io(&error))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| from_io(&error))
}

/// The same file under its folder's real name.
fn resolved(path: &Path) -> Result<PathBuf, OpenError> {
    let name = path
        .file_name()
        .ok_or(OpenError::Unsafe(FileFault::NotAFile))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::canonicalize(folder.unwrap_or(Path::new(".")))
        .map_err(|error| missing_or_io(&error))?;
    Ok(folder.join(name))
}

fn missing_or_io(error: &io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::Missing,
        _ => OpenError::Store(from_io(error)),
    }
}

pub(crate) fn from_io(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
        _ => StoreError::Io {
            code: error.raw_os_error().unwrap_or_default(),
        },
    }
}
