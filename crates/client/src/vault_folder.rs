//! Which vault is meant when none is named.
//!
//! Not here: whether there is a vault in that folder; the agent says so.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The folder named by `STRONGROOM_VAULT`, or `strongroom/vault` in the person's data folder
/// (`$XDG_DATA_HOME`, or `~/.local/share`). `None` where there is no home either.
pub fn usual_vault() -> Option<PathBuf> {
    usual_vault_from(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
}

/// The same folder however it is written, absolute and without links, so that the agent sees one
/// vault and not two. A vault that is still to be made has no folder yet: its parent is resolved.
///
/// # Errors
/// Where the path is empty or the folder one stands in is gone.
pub fn one_name(folder: &Path) -> io::Result<PathBuf> {
    let full = std::path::absolute(folder)?;
    if let Ok(real) = full.canonicalize() {
        return Ok(real);
    }
    match (full.parent().map(Path::canonicalize), full.file_name()) {
        (Some(Ok(parent)), Some(name)) => Ok(parent.join(name)),
        _ => Ok(full),
    }
}

fn usual_vault_from(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| variable(name).map(PathBuf::from);
    // A relative data folder is to be ignored (XDG Base Directory Specification 0.8).
    let data = folder("XDG_DATA_HOME")
        .filter(|data| data.is_absolute())
        .or_else(|| folder("HOME").map(|home| home.join(".local/share")));
    folder("STRONGROOM_VAULT").or_else(|| data.map(|data| data.join("strongroom/vault")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let found = usual_vault_from(|name| {
            let set = variables.iter().find(|(set, _)| *set == name);
            set.map(|(_, value)| OsString::from(value))
        });
        assert_eq!(found, expected.map(PathBuf::from), "{variables:?}");
    }

    #[test]
    fn the_named_folder_wins_then_the_data_folder_then_the_home() {
        let home = ("HOME", "/home/ada");
        check(&[home], Some("/home/ada/.local/share/strongroom/vault"));
        check(
            &[home, ("XDG_DATA_HOME", "/data")],
            Some("/data/strongroom/vault"),
        );
        check(
            &[home, ("XDG_DATA_HOME", "data")],
            Some("/home/ada/.local/share/strongroom/vault"),
        );
        check(&[home, ("STRONGROOM_VAULT", "/v")], Some("/v"));
        check(&[], None);
    }

    #[test]
    fn a_folder_has_one_name_before_and_after_it_exists() {
        let base = tempfile::tempdir().expect("a folder");
        let real = base.path().canonicalize().expect("it is there");
        std::os::unix::fs::symlink(&real, real.join("link")).expect("a link");
        let written = real.join("link/./vault");
        assert_eq!(one_name(&written).expect("named"), real.join("vault"));
        std::fs::create_dir(real.join("vault")).expect("made");
        assert_eq!(one_name(&written).expect("named"), real.join("vault"));
        assert!(one_name(Path::new("")).is_err());
    }
}
