//! Files that hold something worth keeping to oneself: made new, for their owner alone, whole or
//! not at all.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a new file with mode 0600. One that is there already is left alone and refused.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::invalid("there is a file of that name already; name another")
            }
            _ => Failure::file("the file cannot be made", &error),
        })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| {
            // Half a file would look like a whole one.
            let _ = std::fs::remove_file(path);
            Failure::file("the file cannot be written", &error)
        })
}

/// An absolute form of a path for the agent, whose own folder is another.
pub(crate) fn absolute(path: &Path) -> Result<String, Failure> {
    let full = std::path::absolute(path)
        .map_err(|error| Failure::file("the path cannot be used", &error))?;
    full.into_os_string()
        .into_string()
        .map_err(|_: OsString| Failure::invalid("the path is not UTF-8"))
}

/// Makes what was done in a folder durable.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_file_is_its_owners_alone_and_an_old_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("code.svg");
        write_new(&path, b"first").expect("written");
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = write_new(&path, b"second").expect_err("refused");
        assert!(again.to_string().contains("already"));
        assert_eq!(std::fs::read(&path).expect("read"), b"first");
    }
}
