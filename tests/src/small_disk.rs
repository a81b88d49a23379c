//! A disk of a few MiB, to be filled. Needs root, which may mount.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::Sandbox;

/// A tmpfs inside a sandbox. Must be dropped before the sandbox.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one of `kib` KiB, or gives nothing where the tests may not mount.
    pub fn mount(sandbox: &Sandbox, kib: u32) -> Option<Self> {
        if !crate::is_root() {
            return None;
        }
        let folder = sandbox.make_folder("small-disk");
        let account = sandbox.account();
        let options = format!(
            "size={kib}k,mode=0700,uid={},gid={}",
            account.uid, account.gid
        );
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&folder)
            .status();
        done.is_ok_and(|status| status.success())
            .then_some(Self { folder })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves room for `kib` KiB and no more.
    ///
    /// # Panics
    /// When the filling file cannot be made.
    pub fn fill_but(&self, kib: usize) {
        self.free();
        let mut file = std::fs::File::create(self.filling()).expect("the disk is ours");
        let block = vec![0x5a; 4096];
        let mut written = 0;
        while file.write_all(&block).is_ok() {
            written += block.len();
        }
        let keep = written.saturating_sub(kib * 1024);
        file.set_len(u64::try_from(keep).expect("a small disk"))
            .expect("a file can shrink");
    }

    /// Takes the filling away.
    pub fn free(&self) {
        let _not_there = std::fs::remove_file(self.filling());
    }

    fn filling(&self) -> PathBuf {
        self.folder.join("filling")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a program that is just being killed may still have a file open.
        let _unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(&self.folder)
            .status();
    }
}
