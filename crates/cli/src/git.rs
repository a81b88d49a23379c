//! Whether a new file would be seen by git: a secret that is committed once is in the history.
//!
//! Not here: what follows from it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::file_out::folder_of;

/// Whether the file would lie in a git work tree that does not ignore it. Where git cannot be
/// asked, it is taken for seen.
pub(crate) fn would_see(path: &Path) -> bool {
    let Ok(folder) = folder_of(path).canonicalize() else {
        return false;
    };
    let in_tree = folder
        .ancestors()
        .any(|folder| folder.join(".git").symlink_metadata().is_ok());
    in_tree && !is_ignored(&folder, path)
}

fn is_ignored(folder: &Path, path: &Path) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    // A name that begins with a colon or a hyphen is a name all the same.
    let name = Path::new(".").join(name);
    let mut git = Command::new("git");
    // A repository's own settings may start programs; none is needed for this question.
    git.args([
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
    ])
    .arg("-C")
    .arg(folder)
    .args(["check-ignore", "--quiet", "--"])
    .arg(name)
    .stdin(Stdio::null())
    .stdout(Stdio::null())
    .stderr(Stdio::null());
    // Whatever repository is named there is another one.
    for (variable, _) in std::env::vars_os() {
        if variable.as_encoded_bytes().starts_with(b"GIT_") {
            git.env_remove(variable);
        }
    }
    git.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_tree_sees_what_it_does_not_ignore() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("a/b");
        std::fs::create_dir_all(&inside).expect("folders");
        let seen = |name: &str| would_see(&inside.join(name));
        assert!(!seen("keys.json"));
        let made = Command::new("git")
            .args(["init", "--quiet"])
            .arg(folder.path())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            // Without git a folder that looks like a work tree is one.
            std::fs::create_dir(folder.path().join(".git")).expect("a folder");
            assert!(seen("keys.json"));
            return;
        }
        assert!(seen("keys.json"));
        std::fs::write(folder.path().join(".gitignore"), "*.json\n:odd\n").expect("written");
        for (name, is_seen) in [
            ("keys.json", false),
            (":odd", false),
            ("-odd", true),
            ("keys.env", true),
        ] {
            assert_eq!(seen(name), is_seen, "{name}");
        }
    }
}
