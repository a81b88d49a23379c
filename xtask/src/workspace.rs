//! Where the repository is, which files it holds, and running a program in it.
//!
//! Not here: any rule about those files.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root: xtask is a folder directly under it.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in a folder")
        .to_path_buf()
}

/// Runs a program at the root and gives back what it printed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|problem| format!("{program} did not start: {problem}"))?;
    if !done.status.success() {
        let complaint = String::from_utf8_lossy(&done.stderr);
        return Err(format!(
            "{program} {}: {}",
            arguments.join(" "),
            complaint.trim()
        ));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("{program} printed something not UTF-8"))
}

/// Runs a program at the root with its output on this terminal.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .status()
        .map_err(|problem| format!("{program} did not start: {problem}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{program} ended with {status}"))
    }
}

/// Every file below `folder` (relative to the root) with this extension, sorted; generated and
/// fetched folders are left out.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&root().join(folder), extension, &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    const NOT_OURS: &[&str] = &["target", "node_modules", "dist", "gen", "generated", ".git"];
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !NOT_OURS.iter().any(|skipped| name == *skipped) {
                walk(&path, extension, found);
            }
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
}

/// A path as a person writes it, from the root.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
