//! A file that a client opened and passed, to be filled with secrets.
//!
//! Only a regular file is taken, which belongs to this user, is open to nobody else, and is empty:
//! secrets are never poured into a terminal, a socket, a pipe, or over something that is there.
//! Deliberately not here: names and folders, which are the client's.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use rustix::fs::OFlags;
use strongroom_secret::SecretBytes;
use strongroom_wire::{ErrorCode, Fault};
use zeroize::Zeroizing;

/// Read back in pieces.
const PIECE: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct PrivateFile(File);

impl PrivateFile {
    /// # Errors
    /// `Invalid`, in words, if it is no file of that kind.
    pub(crate) fn check(file: File) -> Result<Self, Fault> {
        let unfit = |why: &str| Err(Fault::new(ErrorCode::Invalid, format!("the file {why}")));
        let Ok(metadata) = file.metadata() else {
            return unfit("cannot be looked at");
        };
        if !metadata.is_file() {
            return unfit("must be a regular one");
        }
        if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o077 != 0 {
            return unfit("must be open to you alone");
        }
        if metadata.len() != 0 {
            return unfit("must be empty");
        }
        let flags = rustix::fs::fcntl_getfl(&file).unwrap_or(OFlags::empty());
        if !flags.contains(OFlags::RDWR) || flags.contains(OFlags::PATH) {
            return unfit("must be open for reading and writing");
        }
        Ok(Self(file))
    }

    /// Writes all of it, makes it durable, and reads it back. On failure the file is empty again.
    pub(crate) fn fill(&self, bytes: &SecretBytes) -> io::Result<()> {
        let filled = self.write_and_compare(bytes);
        if filled.is_err() {
            // What stands there would look like a whole file.
            let _ = self.0.set_len(0);
        }
        filled
    }

    fn write_and_compare(&self, bytes: &SecretBytes) -> io::Result<()> {
        // EXPOSE: into the file that the person asked for with a fresh code.
        let bytes = bytes.expose();
        self.0.write_all_at(bytes, 0)?;
        self.0.sync_all()?;
        let mut read = Zeroizing::new(vec![0; PIECE]);
        let mut at = 0_usize;
        for piece in bytes.chunks(PIECE) {
            let read = &mut read[..piece.len()];
            self.0.read_exact_at(read, at as u64)?;
            if read != piece {
                return Err(io::ErrorKind::InvalidData.into());
            }
            at += piece.len();
        }
        if self.0.metadata()?.len() != at as u64 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{OpenOptions, Permissions};
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    fn new_file(folder: &tempfile::TempDir) -> File {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.path().join("out"))
            .expect("made")
    }

    fn said(file: File) -> String {
        PrivateFile::check(file).expect_err("refused").message
    }

    #[test]
    fn a_private_empty_file_is_filled_and_nothing_else_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PrivateFile::check(new_file(&folder)).expect("fits");
        let bytes = SecretBytes::new(vec![7; PIECE * 3 + 5]);
        file.fill(&bytes).expect("filled");
        let path = folder.path().join("out");
        assert_eq!(std::fs::read(&path).expect("read"), bytes.expose());

        let open = |read, write| {
            let mut options = OpenOptions::new();
            options.read(read).write(write).open(&path).expect("open")
        };
        assert!(said(open(true, true)).contains("empty"));
        std::fs::write(&path, b"").expect("emptied");
        assert!(said(open(true, false)).contains("reading and writing"));
        assert!(said(open(false, true)).contains("reading and writing"));
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("chmod");
        assert!(said(open(true, true)).contains("you alone"));
        let (socket, _other) = std::os::unix::net::UnixStream::pair().expect("a pair");
        let socket = File::from(std::os::fd::OwnedFd::from(socket));
        assert!(said(socket).contains("regular"));
        assert!(said(File::open("/dev/null").expect("open")).contains("regular"));
        assert!(said(File::open(folder.path()).expect("open")).contains("regular"));
    }

    #[test]
    fn a_file_that_cannot_be_filled_is_left_empty() {
        // A memory file that may not grow stands for a full disk.
        let file = rustix::fs::memfd_create("full", rustix::fs::MemfdFlags::ALLOW_SEALING)
            .map(File::from)
            .expect("a memory file");
        file.set_permissions(Permissions::from_mode(0o600))
            .expect("chmod");
        rustix::fs::fcntl_add_seals(&file, rustix::fs::SealFlags::GROW).expect("sealed");
        let private = PrivateFile::check(file).expect("fits");
        assert!(private.fill(&SecretBytes::new(vec![1; 10])).is_err());
        assert_eq!(private.0.metadata().expect("there").len(), 0);
    }
}
