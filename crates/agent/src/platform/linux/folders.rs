//! Folders of this user, and the list of vaults to remind of.
//!
//! Not here: the vault's own folder and its files.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Vaults that stand in the list; one that is gone for good falls out when another one comes.
const MAX_VAULTS: usize = 64;

/// Where the agent keeps what is neither a vault nor a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateFolders {
    /// `$XDG_STATE_HOME/strongroom`.
    pub(crate) state: PathBuf,
    /// `$XDG_CONFIG_HOME`.
    pub(crate) config: PathBuf,
}

impl StateFolders {
    /// From the environment, by the XDG base directory specification: relative values are as good
    /// as none. `None` if there is no home folder either.
    pub(crate) fn from_environment() -> Option<Self> {
        Self::from(|name| std::env::var_os(name).map(PathBuf::from))
    }

    fn from(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<Self> {
        let folder = |name: &str, below_home: &str| {
            variable(name)
                .filter(|path| path.is_absolute())
                .or_else(|| {
                    let home = variable("HOME").filter(|path| path.is_absolute())?;
                    Some(home.join(below_home))
                })
        };
        Some(Self {
            state: folder("XDG_STATE_HOME", ".local/state")?.join("strongroom"),
            config: folder("XDG_CONFIG_HOME", ".config")?,
        })
    }

    /// The vaults that were made or opened here, so that an agent started at login knows of what
    /// to remind.
    pub(crate) fn known_vaults(&self) -> BTreeSet<PathBuf> {
        let text = std::fs::read_to_string(self.registry()).unwrap_or_default();
        text.lines()
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .take(MAX_VAULTS)
            .collect()
    }

    /// Remembers a vault. A path with a line break in it is not remembered: it would read as two.
    ///
    /// # Errors
    /// The state folder cannot be written; reminders then begin at the next unlock only.
    pub(crate) fn remember_vault(&self, folder: &Path) -> io::Result<()> {
        let mut vaults = self.known_vaults();
        let Some(text) = folder.to_str().filter(|text| !text.contains('\n')) else {
            return Ok(());
        };
        if !vaults.insert(PathBuf::from(text)) {
            return Ok(());
        }
        if vaults.len() > MAX_VAULTS {
            vaults.retain(|known| known == folder || known.is_dir());
        }
        DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(&self.state)?;
        let lines: String = vaults
            .iter()
            .map(|path| format!("{}\n", path.display()))
            .collect();
        let temporary = self.state.join("vaults.new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(temporary, self.registry())
    }

    fn registry(&self) -> PathBuf {
        self.state.join("vaults")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_follow_the_variables_and_home_stands_in() {
        for (variables, expected) in [
            (
                &[("HOME", "/h")][..],
                Some(("/h/.local/state/strongroom", "/h/.config")),
            ),
            (
                &[
                    ("HOME", "/h"),
                    ("XDG_STATE_HOME", "/s"),
                    ("XDG_CONFIG_HOME", "relative"),
                ][..],
                Some(("/s/strongroom", "/h/.config")),
            ),
            (&[("HOME", "relative")][..], None),
            (&[][..], None),
        ] {
            let found = StateFolders::from(|name| {
                let found = variables.iter().find(|(known, _)| *known == name)?;
                Some(PathBuf::from(found.1))
            });
            let expected = expected.map(|(state, config)| StateFolders {
                state: state.into(),
                config: config.into(),
            });
            assert_eq!(found, expected, "{variables:?}");
        }
    }

    #[test]
    fn a_vault_is_remembered_once_and_for_the_next_agent() {
        let base = tempfile::tempdir().expect("a folder");
        let folders = StateFolders {
            state: base.path().join("state/strongroom"),
            config: base.path().join("config"),
        };
        assert!(folders.known_vaults().is_empty());
        for vault in ["/v/one", "/v/two", "/v/one", "/v/bad\nname"] {
            folders.remember_vault(Path::new(vault)).expect("written");
        }
        let known: Vec<_> = folders.known_vaults().into_iter().collect();
        assert_eq!(known, [PathBuf::from("/v/one"), PathBuf::from("/v/two")]);
    }
}
