//! The size of the list's window, kept from one run to the next.
//!
//! Tauri's own plugin for this makes windows grow on GNOME under Wayland. Not here: the position,
//! which Wayland does not tell.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tauri::WebviewWindow;

/// In logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) maximized: bool,
}

impl Size {
    /// A row of the list fits, with its label cut.
    pub(crate) const LEAST: Self = Self {
        width: 720.0,
        height: 480.0,
        maximized: false,
    };
    const FIRST: Self = Self {
        width: 1280.0,
        height: 800.0,
        maximized: false,
    };

    pub(crate) fn remembered() -> Self {
        file().map_or(Self::FIRST, |path| Self::read(&path))
    }

    /// Keeps the size of the list's window; of others nothing is kept. A size that cannot be kept
    /// is no reason to disturb anybody.
    pub(crate) fn remember(window: &WebviewWindow) {
        if window.label() != "main" {
            return;
        }
        let maximized = window.is_maximized().unwrap_or(false);
        let logical = window
            .inner_size()
            .and_then(|size| Ok(size.to_logical::<f64>(window.scale_factor()?)));
        if let (Some(path), Ok(logical)) = (file(), logical) {
            let before = Self::read(&path);
            let size = Self {
                // A maximized window is as large as the screen: the size before it counts.
                width: if maximized {
                    before.width
                } else {
                    logical.width
                },
                height: if maximized {
                    before.height
                } else {
                    logical.height
                },
                maximized,
            };
            let _kept = size.write(&path);
        }
    }

    /// The first size where there is no file, or none that makes sense.
    fn read(path: &Path) -> Self {
        std::fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .filter(|size| size.makes_sense())
            .unwrap_or(Self::FIRST)
    }

    fn makes_sense(self) -> bool {
        (Self::LEAST.width..=10_000.0).contains(&self.width)
            && (Self::LEAST.height..=10_000.0).contains(&self.height)
    }

    fn write(self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(serde_json::to_string(&self)?.as_bytes())
    }
}

fn file() -> Option<PathBuf> {
    let folder = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
    };
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    Some(state.join("strongroom/window.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_comes_back_and_nonsense_is_the_first_size() {
        let folder = std::env::temp_dir().join(format!("strongroom-size-{}", std::process::id()));
        let path = folder.join("deeper/window.json");
        assert_eq!(Size::read(&path), Size::FIRST);
        let size = Size {
            width: 1000.0,
            height: 700.0,
            maximized: true,
        };
        size.write(&path).expect("written");
        assert_eq!(Size::read(&path), size);
        for text in [
            "",
            "{}",
            r#"{"width":10,"height":700,"maximized":false}"#,
            r#"{"width":1e9,"height":700,"maximized":false}"#,
            r#"{"width":1000,"height":700,"maximized":false,"more":1}"#,
        ] {
            std::fs::write(&path, text).expect("written");
            assert_eq!(Size::read(&path), Size::FIRST, "{text}");
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
