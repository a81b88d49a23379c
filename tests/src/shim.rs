//! Writes that fail on demand: a small library of our own, preloaded into a program under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binaries::set_mode;
use crate::sandbox::Sandbox;

/// The built library and the file that arms it.
#[derive(Debug)]
pub struct Shim {
    library: PathBuf,
    trigger: PathBuf,
}

impl Shim {
    /// Builds the library into the sandbox.
    ///
    /// # Panics
    /// When there is no C compiler.
    #[track_caller]
    pub fn build(sandbox: &Sandbox) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim/eio.c");
        let library = sandbox.root().join("eio.so");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl")
            .output()
            .expect("a C compiler is installed");
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        set_mode(&library, 0o755);
        Self {
            library,
            trigger: sandbox.root().join("eio-trigger"),
        }
    }

    /// Puts the library into a program that is about to start.
    pub fn preload(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("STRONGROOM_TEST_EIO", &self.trigger);
    }

    /// From now on, writes and syncs of regular files fail after `allowed` more.
    ///
    /// # Panics
    /// When the trigger cannot be written.
    pub fn arm_after(&self, allowed: u32) {
        // Renamed into place: the library must never read half a number.
        let fresh = self.trigger.with_extension("new");
        std::fs::write(&fresh, allowed.to_string()).expect("the sandbox is writable");
        set_mode(&fresh, 0o644);
        std::fs::rename(&fresh, &self.trigger).expect("a rename within a folder");
    }

    /// Lets everything succeed again.
    pub fn disarm(&self) {
        let _was_not_armed = std::fs::remove_file(&self.trigger);
    }
}
