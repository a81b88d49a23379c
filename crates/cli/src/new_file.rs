//! Files and folders that appear whole under their names, for their owner alone, or not at all.
//!
//! A new file has no name until it is finished: whatever ends this program before that leaves
//! nothing behind. Where a file system has no files without names, it has a hidden one meanwhile.
//! Not here: what is in them.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use strongroom_secret::SecretBytes;

use crate::failure::Failure;
use crate::file_out::{folder_of, sync_folder_of};

/// The folder's sticky bit: only who owns a file in it may rename it or take it away.
const STICKY: u32 = 0o1000;

/// Refuses a place where something is already, or where others could put something else in the
/// file's place.
pub(crate) fn check_place(path: &Path) -> Result<(), Failure> {
    let named = path.file_name().is_some() && !path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if !named {
        return Err(Failure::invalid(
            "the path names a folder; name a new file in it",
        ));
    }
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(already());
    }
    let folder = std::fs::metadata(folder_of(path))
        .map_err(|error| Failure::file("the folder cannot be used", &error))?;
    if !folder.is_dir() {
        return Err(Failure::invalid(
            "the path leads through something that is no folder",
        ));
    }
    check_folder(&folder)?;
    let access = Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::access(folder_of(path), access)
        .map_err(|error| Failure::file("the folder cannot be written", &error.into()))
}

fn check_folder(folder: &Metadata) -> Result<(), Failure> {
    let ours = rustix::process::geteuid().as_raw();
    if folder.uid() != ours && folder.uid() != 0 {
        return Err(Failure::refused(
            "the folder belongs to somebody else, who could put another file in its place",
        ));
    }
    if folder.mode() & 0o002 != 0 && folder.mode() & STICKY == 0 {
        return Err(Failure::refused(
            "everybody may write into that folder and could put another file in its place; choose \
             another one",
        ));
    }
    Ok(())
}

fn already() -> Failure {
    Failure::invalid("there is something of that name already; name another")
}

/// A file in the making.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    path: PathBuf,
    /// Its name until then, where it has to have one.
    hidden: Option<PathBuf>,
}

impl NewFile {
    /// Empty, open for reading and writing, with mode 0600.
    pub(crate) fn make(path: &Path) -> Result<Self, Failure> {
        check_place(path)?;
        let unmade = |error: io::Error| Failure::file("the file cannot be made", &error);
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let path = path.to_owned();
        match rustix::fs::open(folder_of(&path), flags, mode) {
            Ok(file) => Ok(Self {
                file: file.into(),
                path,
                hidden: None,
            }),
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => {
                let hidden = hidden(&path)?;
                let file = OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(&hidden)
                    .map_err(unmade)?;
                Ok(Self {
                    file,
                    path,
                    hidden: Some(hidden),
                })
            }
            Err(error) => Err(unmade(error.into())),
        }
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Fills it from here.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        (&self.file)
            .write_all(bytes)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| Failure::file("the file cannot be written", &error))
    }

    /// Gives it its name, unless something has it by now, and makes that durable.
    pub(crate) fn appear(mut self) -> Result<(), Failure> {
        let named = match &self.hidden {
            None => rustix::fs::linkat(
                CWD,
                format!("/proc/self/fd/{}", self.file.as_raw_fd()),
                CWD,
                &self.path,
                AtFlags::SYMLINK_FOLLOW,
            ),
            Some(hidden) => {
                rustix::fs::renameat_with(CWD, hidden, CWD, &self.path, RenameFlags::NOREPLACE)
            }
        };
        named.map_err(|error| match error {
            Errno::EXIST => already(),
            other => Failure::file("the file cannot be given its name", &other.into()),
        })?;
        self.hidden = None;
        sync_folder_of(&self.path)
            .map_err(|error| Failure::file("the file is there and may not be durable", &error))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(hidden) = &self.hidden {
            let _ = std::fs::remove_file(hidden);
        }
    }
}

/// A folder in the making: under a hidden name until it is whole.
#[derive(Debug)]
pub(crate) struct NewFolder {
    path: PathBuf,
    hidden: Option<PathBuf>,
}

impl NewFolder {
    pub(crate) fn make(path: &Path) -> Result<Self, Failure> {
        check_place(path)?;
        let hidden = hidden(path)?;
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&hidden)
            .map_err(|error| Failure::file("the folder cannot be made", &error))?;
        Ok(Self {
            path: path.to_owned(),
            hidden: Some(hidden),
        })
    }

    /// A file in it. The name is one that was made here: it holds no slash.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let mut file = self.open(name)?;
        file.write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(|error| Failure::file("a file cannot be written", &error))
    }

    /// The same, empty and open.
    pub(crate) fn open(&self, name: &str) -> Result<File, Failure> {
        let folder = self.hidden.as_ref().unwrap_or(&self.path);
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join(name))
            .map_err(|error| Failure::file("a file cannot be made", &error))
    }

    pub(crate) fn appear(mut self) -> Result<(), Failure> {
        let Some(hidden) = &self.hidden else {
            return Ok(());
        };
        File::open(hidden)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| Failure::file("the folder cannot be made durable", &error))?;
        rustix::fs::renameat_with(CWD, hidden, CWD, &self.path, RenameFlags::NOREPLACE).map_err(
            |error| match error {
                Errno::EXIST => already(),
                other => Failure::file("the folder cannot be given its name", &other.into()),
            },
        )?;
        self.hidden = None;
        sync_folder_of(&self.path)
            .map_err(|error| Failure::file("the folder is there and may not be durable", &error))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if let Some(hidden) = &self.hidden {
            let _ = std::fs::remove_dir_all(hidden);
        }
    }
}

/// A file in memory only, as private as one on a disk.
#[derive(Debug)]
pub(crate) struct MemoryFile(File);

impl MemoryFile {
    pub(crate) fn make() -> Result<Self, Failure> {
        let unmade = |error: io::Error| Failure::file("no memory for the keys", &error);
        let file: OwnedFd = rustix::fs::memfd_create("strongroom", rustix::fs::MemfdFlags::CLOEXEC)
            .map_err(|error| unmade(error.into()))?;
        rustix::fs::fchmod(&file, Mode::RUSR | Mode::WUSR).map_err(|error| unmade(error.into()))?;
        Ok(Self(file.into()))
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Everything in it, in memory that is wiped.
    pub(crate) fn into_bytes(self) -> Result<SecretBytes, Failure> {
        use std::os::unix::fs::FileExt;
        let unread = |error| Failure::file("the keys cannot be read", &error);
        let length = self.0.metadata().map_err(unread)?.len();
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        let read = self.0.read_exact_at(&mut bytes, 0);
        let bytes = SecretBytes::new(bytes);
        read.map_err(unread)?;
        Ok(bytes)
    }
}

fn hidden(path: &Path) -> Result<PathBuf, Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::invalid("the name is not UTF-8"))?;
    let name = format!(".{name}.{}.strongroom", std::process::id());
    Ok(folder_of(path).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("listed");
        let name = |entry: io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
        entries
            .map(|entry| name(entry).to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys.json");
        let file = NewFile::make(&path).expect("made");
        (&file.file).write_all(b"whole").expect("written");
        assert_eq!(names(folder.path()), Vec::<String>::new());
        drop(file);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        let file = NewFile::make(&path).expect("made");
        (&file.file).write_all(b"whole").expect("written");
        file.appear().expect("named");
        assert_eq!(std::fs::read(&path).expect("read"), b"whole");
        let mode = std::fs::metadata(&path).expect("there").mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_there_is_left_alone_whenever_it_came() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys.json");
        let file = NewFile::make(&path).expect("made");
        std::fs::write(&path, b"first").expect("written");
        assert!(
            file.appear()
                .expect_err("refused")
                .to_string()
                .contains("already")
        );
        assert!(NewFile::make(&path).is_err());
        assert_eq!(std::fs::read(&path).expect("read"), b"first");
        // A link is something too, also one that leads nowhere.
        let link = folder.path().join("link");
        let target = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        assert!(NewFile::make(&link).is_err());
        assert!(NewFolder::make(&link).is_err());
        assert!(!target.exists());
    }

    #[test]
    fn a_folder_that_others_may_write_into_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for (mode, taken) in [
            (0o777, false),
            (0o1777, true),
            (0o703, false),
            (0o755, true),
        ] {
            let permissions = Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), permissions).expect("chmod");
            let made = NewFile::make(&folder.path().join("keys.json"));
            assert_eq!(made.is_ok(), taken, "{mode:o}");
        }
    }

    #[test]
    fn a_folder_appears_with_all_its_files_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        let new = NewFolder::make(&path).expect("made");
        new.write("one", b"1").expect("written");
        assert!(!path.exists());
        drop(new);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        let new = NewFolder::make(&path).expect("made");
        new.write("one", b"1").expect("written");
        new.appear().expect("named");
        assert_eq!(names(&path), ["one"]);
        assert_eq!(
            std::fs::metadata(&path).expect("there").mode() & 0o777,
            0o700
        );
    }
}
