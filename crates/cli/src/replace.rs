//! Puts the rewritten form of a file in its place: whole or not at all, for the same owner and
//! mode, and only if nobody changed it since it was read.
//!
//! Not here: what is written instead of what (the formats crate), and promises: copies in
//! backups, snapshots, version control and in a disk's unused blocks are beyond any program.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use strongroom_secret::SecretBytes;
use strongroom_wire::ErrorCode;

use crate::failure::Failure;
use crate::file_out::{folder_of, sync_folder_of};

/// Larger than any file of keys.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A file as it was when it was read.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
    file: File,
    metadata: Metadata,
    bytes: SecretBytes,
}

/// What became of the plaintext, as far as can be seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replaced {
    /// The old content was overwritten where it stood, for what that is worth on this disk.
    pub(crate) old_content_overwritten: bool,
    /// Other names of the same file keep the old content.
    pub(crate) other_names: u64,
}

impl Original {
    /// Follows a symbolic link: the file itself is what is read and replaced.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error| Failure::file("the file cannot be read", &error);
        let path = path.canonicalize().map_err(unreadable)?;
        let mut file = File::open(&path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Failure::invalid("this is not a file"));
        }
        if metadata.len() > LARGEST {
            return Err(Failure::invalid(
                "the file is larger than any file of keys (16 MiB)",
            ));
        }
        let length = usize::try_from(metadata.len()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(length + 1);
        file.read_to_end(&mut bytes).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        Ok(Self {
            path,
            file,
            metadata,
            bytes: SecretBytes::new(bytes),
        })
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn bytes(&self) -> &SecretBytes {
        &self.bytes
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file lies in a git work tree, whose history may hold it.
    pub(crate) fn is_in_git(&self) -> bool {
        self.path
            .ancestors()
            .skip(1)
            .any(|folder| folder.join(".git").exists())
    }

    /// Replaces the file by `rewritten`.
    ///
    /// # Errors
    /// The file is as it was in every case but one: if the folder cannot be made durable after
    /// the change, the error says so.
    pub(crate) fn replace(self, rewritten: &[u8]) -> Result<Replaced, Failure> {
        let temporary = self.temporary()?;
        let outcome = self.put(&temporary, rewritten);
        if outcome.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        outcome?;
        sync_folder_of(&self.path)
            .map_err(|error| Failure::file("the change may not be durable", &error))?;
        let other_names = self.metadata.nlink().saturating_sub(1);
        Ok(Replaced {
            old_content_overwritten: other_names == 0 && self.overwrite_old().is_ok(),
            other_names,
        })
    }

    fn temporary(&self) -> Result<PathBuf, Failure> {
        let name = self.path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| Failure::invalid("the file's name is not UTF-8"))?;
        let name = format!(".{name}.{}.strongroom", std::process::id());
        Ok(folder_of(&self.path).join(name))
    }

    fn put(&self, temporary: &Path, rewritten: &[u8]) -> Result<(), Failure> {
        let unwritable = |error| Failure::file("the file cannot be replaced", &error);
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(temporary)
            .map_err(unwritable)?;
        new.write_all(rewritten).map_err(unwritable)?;
        let made = new.metadata().map_err(unwritable)?;
        if (made.uid(), made.gid()) != (self.metadata.uid(), self.metadata.gid()) {
            std::os::unix::fs::fchown(&new, Some(self.metadata.uid()), Some(self.metadata.gid()))
                .map_err(|error| {
                Failure::file(
                    "the file belongs to somebody else and would not after",
                    &error,
                )
            })?;
        }
        new.set_permissions(self.metadata.permissions())
            .and_then(|()| new.sync_all())
            .map_err(unwritable)?;
        self.check_unchanged()?;
        std::fs::rename(temporary, &self.path).map_err(unwritable)
    }

    fn check_unchanged(&self) -> Result<(), Failure> {
        let changed = || {
            Failure::new(
                ErrorCode::Refused,
                "the file was changed since it was read; nothing was replaced. Import it again",
            )
        };
        let now = std::fs::symlink_metadata(&self.path).map_err(|_| changed())?;
        let same = now.is_file()
            && (now.dev(), now.ino(), now.len())
                == (
                    self.metadata.dev(),
                    self.metadata.ino(),
                    self.metadata.len(),
                );
        if !same {
            return Err(changed());
        }
        let bytes = std::fs::read(&self.path).map_err(|_| changed())?;
        if SecretBytes::new(bytes).ct_eq(&self.bytes) {
            Ok(())
        } else {
            Err(changed())
        }
    }

    /// The old content has no name any more, but its blocks are still there.
    fn overwrite_old(&self) -> io::Result<()> {
        // Our descriptor is the only way left to the old file, and it is for reading.
        let path = format!(
            "/proc/self/fd/{}",
            std::os::fd::AsRawFd::as_raw_fd(&self.file)
        );
        let mut old = OpenOptions::new().write(true).open(path)?;
        let zeros = vec![0; self.bytes.len()];
        old.write_all(&zeros)?;
        old.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn source(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.json");
        std::fs::write(&path, content).expect("written");
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("chmod");
        (folder, path)
    }

    fn names(folder: &Path) -> usize {
        std::fs::read_dir(folder).expect("listed").count()
    }

    #[test]
    fn the_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it() {
        let (folder, path) = source(b"{\"key\": \"hunter22\"}");
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        let original = Original::read(&link).expect("read");
        let replaced = original.replace(b"{\"key\": \"x\"}").expect("replaced");
        assert_eq!(std::fs::read(&path).expect("read"), b"{\"key\": \"x\"}");
        let metadata = std::fs::symlink_metadata(&path).expect("there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
        assert_eq!(replaced.other_names, 0);
        assert!(replaced.old_content_overwritten);
        assert_eq!(names(folder.path()), 2);
    }

    #[test]
    fn a_file_changed_since_it_was_read_is_left_alone() {
        for change in [
            &b"{\"key\": \"other222\"}"[..],
            b"longer than before, by far",
        ] {
            let (folder, path) = source(b"{\"key\": \"hunter22\"}");
            let original = Original::read(&path).expect("read");
            std::fs::write(&path, change).expect("changed");
            let refused = original.replace(b"new").expect_err("refused");
            assert_eq!(refused.code(), ErrorCode::Refused);
            assert_eq!(std::fs::read(&path).expect("read"), change);
            assert_eq!(names(folder.path()), 1);
        }
    }

    #[test]
    fn a_file_put_in_its_place_meanwhile_is_left_alone() {
        let (folder, path) = source(b"same");
        let original = Original::read(&path).expect("read");
        std::fs::write(folder.path().join("other"), b"same").expect("written");
        std::fs::rename(folder.path().join("other"), &path).expect("moved");
        assert!(original.replace(b"new").is_err());
    }

    #[test]
    fn another_name_of_the_file_keeps_its_content_and_is_told() {
        let (folder, path) = source(b"hunter22");
        let other = folder.path().join("backup.json");
        std::fs::hard_link(&path, &other).expect("linked");
        let replaced = Original::read(&path)
            .expect("read")
            .replace(b"x")
            .expect("replaced");
        assert_eq!(replaced.other_names, 1);
        assert!(!replaced.old_content_overwritten);
        assert_eq!(std::fs::read(other).expect("read"), b"hunter22");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Original::read(folder.path()).is_err());
    }
}
