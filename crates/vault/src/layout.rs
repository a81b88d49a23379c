//! The names in a vault folder, and how a small file is replaced so that a crash at any moment
//! leaves the old one or the new one, whole.
//!
//! Deliberately not here: what the files say.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::FileError;

pub(crate) const HEADER: &str = "vault.hdr";
pub(crate) const PREAUTH: &str = "preauth.state";
pub(crate) const LOCK: &str = "vault.lock";
pub(crate) const RESERVE: &str = "reserve";
pub(crate) const BACKUPS: &str = "backups";
/// Only named here; `reminders.rs` reads and writes it.
pub(crate) const REMINDERS: &str = "reminders.idx";

pub(crate) const RESERVE_BYTES: usize = 1024 * 1024;
const OWNER_ONLY_FILE: u32 = 0o600;

/// `vault-<db_instance_id>.db`.
pub(crate) fn database(folder: &Path, db_instance_id: &[u8; 16]) -> PathBuf {
    folder.join(format!(
        "vault-{}.db",
        data_encoding::HEXLOWER.encode(db_instance_id)
    ))
}

/// Whether `name` is a database of some instance, or a journal of one.
pub(crate) fn is_database_name(name: &str) -> bool {
    name.strip_prefix("vault-")
        .is_some_and(|rest| rest.get(32..35) == Some(".db"))
}

fn plain_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(OWNER_ONLY_FILE);
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Reads a small file of our own: a plain one, readable by its owner alone, of at most `most`
/// bytes.
pub(crate) fn read(folder: &Path, name: &str, most: usize) -> Result<Vec<u8>, FileError> {
    let file = plain_file_options()
        .read(true)
        .open(folder.join(name))
        .map_err(classify)?;
    check_plain(&file)?;
    let mut bytes = Vec::new();
    file.take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(classify)?;
    if bytes.len() > most {
        Err(FileError::TooLarge)
    } else {
        Ok(bytes)
    }
}

fn check_plain(file: &File) -> Result<(), FileError> {
    let found = file.metadata().map_err(classify)?;
    if !found.file_type().is_file() || found.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileError::NotAPlainFile);
    }
    if found.mode() & 0o077 != 0 {
        return Err(FileError::TooOpen);
    }
    Ok(())
}

/// Replaces a file: temporary file, fsync, rename, fsync of the folder.
///
/// # Errors
/// [`FileError::InDoubt`] if the rename was done and could not be brought to the disk; with every
/// other error the old file stands untouched.
pub(crate) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FileError> {
    let temporary = folder.join(format!(".{name}.new"));
    let written = write_whole(&temporary, bytes)
        .and_then(|()| std::fs::rename(&temporary, folder.join(name)));
    if let Err(error) = written {
        // Left behind it would do no harm, but on a full disk it takes up what is needed.
        let _ = std::fs::remove_file(&temporary);
        return Err(classify(error));
    }
    sync_folder(folder).map_err(|_| FileError::InDoubt)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = plain_file_options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file that must not exist yet, and brings it to the disk.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut file = plain_file_options()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(classify)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // It is ours and incomplete.
        let _ = std::fs::remove_file(path);
        return Err(classify(error));
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent).map_err(classify),
        _ => sync_folder(Path::new(".")).map_err(classify),
    }
}

/// Removes a file; that it is not there is as good.
pub(crate) fn remove(folder: &Path, name: &str) -> Result<(), FileError> {
    match std::fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(classify(error)),
        _ => Ok(()),
    }
}

pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

pub(crate) fn classify(error: io::Error) -> FileError {
    // What O_NOFOLLOW gives for a symbolic link; the standard library has no stable name for it.
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return FileError::NotAPlainFile;
    }
    match error.kind() {
        io::ErrorKind::NotFound => FileError::Missing,
        io::ErrorKind::AlreadyExists => FileError::AlreadyThere,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => FileError::ReadOnly,
        other => FileError::Io(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_private_files_of_bounded_size_are_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        assert_eq!(read(folder, "a", 10), Err(FileError::Missing));
        replace(folder, "a", b"0123456789").expect("writes");
        assert_eq!(read(folder, "a", 10), Ok(b"0123456789".to_vec()));
        assert_eq!(read(folder, "a", 9), Err(FileError::TooLarge));
        std::os::unix::fs::symlink("a", folder.join("link")).expect("links");
        assert_eq!(read(folder, "link", 10), Err(FileError::NotAPlainFile));
        std::fs::set_permissions(folder.join("a"), std::fs::Permissions::from_mode(0o640))
            .expect("chmod");
        assert_eq!(read(folder, "a", 10), Err(FileError::TooOpen));
        assert_eq!(
            write_new(&folder.join("a"), b""),
            Err(FileError::AlreadyThere)
        );
    }

    #[test]
    fn database_names() {
        for (name, is) in [
            ("vault-00112233445566778899aabbccddeeff.db", true),
            ("vault-00112233445566778899aabbccddeeff.db-journal", true),
            ("vault-0011.db", false),
            ("vault.hdr", false),
        ] {
            assert_eq!(is_database_name(name), is, "{name}");
        }
    }
}
