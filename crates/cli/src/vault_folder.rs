//! Which vault is meant.
//!
//! Not here: whether there is one in that folder; the agent says so.

use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;

/// The absolute folder that `--vault` names: a path, or, without a slash, a name among the
/// person's vaults. The usual one without it.
pub(crate) fn vault_folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let usual = || {
        strongroom_client::usual_vault()
            .ok_or_else(|| Failure::invalid("there is no home folder here: name one with --vault"))
    };
    let folder = match named {
        None => usual()?,
        Some(name) if is_bare_name(name) => usual()?.with_file_name(name),
        Some(path) => path.to_owned(),
    };
    strongroom_client::one_name(&folder)
        .map_err(|error| Failure::file("the vault's folder cannot be found", &error))
}

fn is_bare_name(path: &Path) -> bool {
    let mut components = path.components();
    matches!(components.next(), Some(Component::Normal(name)) if name == path.as_os_str())
        && components.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_word_is_a_name() {
        for (path, bare) in [
            ("default", true),
            ("my vault", true),
            ("./default", false),
            ("a/b", false),
            ("a/", false),
            ("/a", false),
            ("..", false),
            (".", false),
            ("", false),
        ] {
            assert_eq!(is_bare_name(Path::new(path)), bare, "{path:?}");
        }
    }
}
