//! The size of the list's window, kept from one run to the next.
//!
//! Tauri's own plugin for this makes windows grow on GNOME under Wayland. Not here: the position,
//! which Wayland does not tell.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tauri::WebviewWindow;

use crate::kept;

const FILE: &str = "window.json";

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
        kept::path(FILE).map_or(Self::FIRST, |path| Self::read(&path))
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
        if let (Some(path), Ok(logical)) = (kept::path(FILE), logical) {
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
            let _kept = kept::write(&path, &size);
        }
    }

    /// The first size where there is no file, or none that makes sense.
    fn read(path: &Path) -> Self {
        kept::read::<Self>(path)
            .filter(|size| size.makes_sense())
            .unwrap_or(Self::FIRST)
    }

    fn makes_sense(self) -> bool {
        (Self::LEAST.width..=10_000.0).contains(&self.width)
            && (Self::LEAST.height..=10_000.0).contains(&self.height)
    }
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
        kept::write(&path, &size).expect("written");
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
