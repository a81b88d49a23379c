//! Where the agent's socket is, and that the folder around it is ours alone.
//!
//! Not here: making the socket, which is the agent's.

use std::fs::{DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::ConnectError;

/// Name of the socket inside the folder that [`runtime_folder`] gives.
pub const SOCKET: &str = "agent.sock";

const FOLDER: &str = "strongroom";

/// The folder of the agent's socket and lock files: `$XDG_RUNTIME_DIR/strongroom`, or the same
/// under `/run/user/UID` where the variable is missing and that folder is ours. Never a folder
/// that others can write, such as `/tmp`: a socket there could be anybody's. It may not exist yet.
///
/// # Errors
/// [`ConnectError::NoRuntimeFolder`], [`ConnectError::RuntimeFolderNotOurs`].
pub fn runtime_folder() -> Result<PathBuf, ConnectError> {
    let named = std::env::var_os("XDG_RUNTIME_DIR").filter(|value| !value.is_empty());
    runtime_folder_from(named.map(PathBuf::from))
}

fn runtime_folder_from(named: Option<PathBuf>) -> Result<PathBuf, ConnectError> {
    let uid = rustix::process::geteuid().as_raw();
    let (base, refusal) = match named {
        Some(base) => (base, ConnectError::RuntimeFolderNotOurs),
        None => (
            PathBuf::from(format!("/run/user/{uid}")),
            ConnectError::NoRuntimeFolder,
        ),
    };
    let ours = base.is_absolute()
        && std::fs::metadata(&base)
            .is_ok_and(|found| found.is_dir() && found.uid() == uid && found.mode() & 0o022 == 0);
    if ours {
        Ok(base.join(FOLDER))
    } else {
        Err(refusal)
    }
}

/// Refuses a socket folder that is not ours alone. `false` if there is none yet.
pub(crate) fn check_folder(folder: &Path) -> Result<bool, ConnectError> {
    match std::fs::symlink_metadata(folder) {
        Ok(found) if is_ours_alone(&found) => Ok(true),
        Ok(_) => Err(ConnectError::FolderNotOurs),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes the socket folder if it is missing, and checks it in any case.
pub(crate) fn make_folder(folder: &Path) -> Result<(), ConnectError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    check_folder(folder).map(|_| ())
}

fn is_ours_alone(found: &Metadata) -> bool {
    found.is_dir()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.mode() & 0o077 == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_runtime_folder_that_others_may_write_is_refused() {
        let base = tempfile::tempdir().expect("a folder");
        for (mode, taken) in [
            (0o700, true),
            (0o755, true),
            (0o770, false),
            (0o1777, false),
        ] {
            set_permissions(base.path(), Permissions::from_mode(mode)).expect("chmod");
            let answer = runtime_folder_from(Some(base.path().to_owned()));
            assert_eq!(answer.is_ok(), taken, "mode {mode:o}: {answer:?}");
        }
        assert!(matches!(
            runtime_folder_from(Some("relative".into())),
            Err(ConnectError::RuntimeFolderNotOurs)
        ));
    }

    #[test]
    fn a_socket_folder_must_be_a_folder_of_ours_alone() {
        let base = tempfile::tempdir().expect("a folder");
        let folder = base.path().join("strongroom");
        assert!(matches!(check_folder(&folder), Ok(false)));
        make_folder(&folder).expect("made");
        make_folder(&folder).expect("made twice");
        assert!(matches!(check_folder(&folder), Ok(true)));
        set_permissions(&folder, Permissions::from_mode(0o750)).expect("chmod");
        assert!(matches!(
            check_folder(&folder),
            Err(ConnectError::FolderNotOurs)
        ));
        let link = base.path().join("link");
        set_permissions(&folder, Permissions::from_mode(0o700)).expect("chmod");
        std::os::unix::fs::symlink(&folder, &link).expect("a link");
        assert!(matches!(
            check_folder(&link),
            Err(ConnectError::FolderNotOurs)
        ));
    }
}
