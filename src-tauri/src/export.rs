//! Keys into a file in plaintext: the file is made here, and the agent fills it through a descriptor,
//! so that no secret passes through the window.
//!
//! Not here: what leaves and in which form; folders of many files, which the command line lays out.

use std::os::fd::AsFd;
use std::path::Path;

use strongroom_wire::{ErrorCode, Export, ExportDone, ExportWrite, Fault, command};

use crate::commands::Agent;
use crate::{files, link};

/// # Errors
/// What kept the file from being made, or the agent's refusal; nothing is left of it then.
pub(crate) fn write(agent: &Agent, request: ExportWrite) -> Result<ExportDone, Fault> {
    let ExportWrite {
        which,
        format,
        path,
        keys,
        step_up,
    } = request;
    let path = files::whole(&path)?;
    if is_in_work_tree(&path) {
        // A secret that is committed once is in the history.
        return Err(Fault::new(
            ErrorCode::Invalid,
            "git sees that folder, and what it commits stays; choose a folder outside of it",
        ));
    }
    let export = Export {
        which,
        format,
        keys,
        // No format that is encrypted is offered here; without a password the agent refuses one.
        file_password: None,
        step_up,
    };
    files::filled(&path, |file| {
        agent
            .link
            .call_with_file::<command::export>(export, file.as_fd(), &link::start_if_absent())
    })
}

/// Also where git would ignore the file: the command line asks git, a window starts no programs.
fn is_in_work_tree(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder
        .ancestors()
        .any(|folder| folder.join(".git").symlink_metadata().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_within_a_work_tree_is_seen_by_git_and_one_beside_it_is_not() {
        let root = std::env::temp_dir().join(format!("strongroom-export-{}", std::process::id()));
        let (tree, beside) = (root.join("tree"), root.join("beside"));
        for folder in [&tree.join("deep/er"), &beside] {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(tree.join(".git"), "gitdir: elsewhere").expect("a file");
        assert!(is_in_work_tree(&tree.join("keys.json")));
        assert!(is_in_work_tree(&tree.join("deep/er/keys.json")));
        assert!(!is_in_work_tree(&beside.join("keys.json")));
        std::os::unix::fs::symlink(tree.join("deep"), beside.join("link")).expect("a link");
        assert!(is_in_work_tree(&beside.join("link/keys.json")));
        std::fs::remove_dir_all(&root).expect("removed");
    }
}
