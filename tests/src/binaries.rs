//! Where the built programs are, in a folder that the tests' user can read.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::sandbox::Sandbox;

/// The program `strongroom`, built with the test clock.
///
/// # Panics
/// When it was not built.
pub fn product() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = found("STRONGROOM_BIN", "debug/strongroom");
        readable_copy(
            &built.expect("run `make test`, or build the workspace with its test clock"),
            "strongroom",
        )
    })
}

/// The window, built with feature `e2e` so that a driver may steer it. It lies in a folder of its
/// own, with no `strongroom` beside it that it could start.
///
/// # Panics
/// When it was not built.
pub fn desktop() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = found("STRONGROOM_DESKTOP_BIN", "debug/strongroom-desktop");
        readable_copy(
            &built.expect("run `make test`, or build strongroom-desktop with feature e2e"),
            "strongroom-desktop",
        )
    })
}

/// The program as it is released, if it was built.
pub fn release_product() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAM
        .get_or_init(|| {
            found("STRONGROOM_RELEASE_BIN", "release/strongroom")
                .map(|built| readable_copy(&built, "strongroom"))
        })
        .as_deref()
}

/// Named by the environment, or beside the test program in cargo's target folder.
fn found(variable: &str, in_target: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        let path = PathBuf::from(named);
        assert!(path.is_file(), "{variable} names no file");
        return Some(path);
    }
    let here = std::env::current_exe().expect("a running program has a path");
    let target = here
        .ancestors()
        .find(|folder| folder.join("debug").is_dir())?;
    Some(target.join(in_target)).filter(|path| path.is_file())
}

/// Target folders may lie where the tests' user cannot look: the program is copied under a name
/// made from what is in it, so that parallel test programs share one copy.
fn readable_copy(built: &Path, program: &str) -> PathBuf {
    let bytes = std::fs::read(built).expect("a built program can be read");
    let sum = Sha256::digest(&bytes);
    let name: String = sum
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let uid = rustix::process::geteuid().as_raw();
    let folder = std::env::temp_dir().join(format!("strongroom-bin-{uid}-{name}"));
    let program = folder.join(program);
    if !program.is_file() {
        make_folder(&folder, 0o755);
        // By a program of its own: a file that we hold open for writing, and with us a child that
        // another test is just starting, could not be executed.
        let fresh = folder.join(format!("fresh-{}", std::process::id()));
        let copied = Command::new("cp").arg(built).arg(&fresh).status();
        assert!(
            copied.expect("cp runs").success(),
            "there is room for a program"
        );
        set_mode(&fresh, 0o755);
        // Renamed over a copy that another test program made meanwhile: they are the same.
        std::fs::rename(&fresh, &program).expect("a rename within a folder");
    }
    program
}

impl Sandbox {
    /// Copies another built program, such as the window, into a folder of the sandbox together
    /// with the product: it looks for `strongroom` beside itself.
    ///
    /// # Panics
    /// When it was not built.
    pub fn copy_beside_product(&self, program: &Path) -> PathBuf {
        let folder = self.root().join("programs");
        make_folder(&folder, 0o755);
        let name = program.file_name().expect("a program has a name");
        for (from, to) in [(program, name), (product(), "strongroom".as_ref())] {
            let to = folder.join(to);
            std::fs::copy(from, &to).expect("a built program can be copied");
            set_mode(&to, 0o755);
        }
        folder.join(name)
    }
}

pub(crate) fn make_folder(path: &Path, mode: u32) {
    std::fs::create_dir_all(path).expect("the folder can be made");
    set_mode(path, mode);
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .expect("the mode of an own file can be set");
}
