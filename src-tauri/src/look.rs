//! The look of the program: as the desktop has it, light or dark; kept from one run to the next.
//!
//! Not here: colours; `tokens.css` has them.

use std::path::Path;

use serde::{Deserialize, Serialize};
use strongroom_wire::{LookView, Theme};
use tauri::AppHandle;

use crate::kept;

const FILE: &str = "look.json";

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    theme: Theme,
}

pub(crate) fn view() -> LookView {
    view_of(remembered())
}

fn view_of(theme: Theme) -> LookView {
    LookView {
        theme,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

pub(crate) fn remembered() -> Theme {
    kept::path(FILE).map_or(Theme::System, |path| read(&path).theme)
}

/// # Errors
/// When it cannot be written.
pub(crate) fn set(app: &AppHandle, theme: Theme) -> std::io::Result<LookView> {
    if let Some(path) = kept::path(FILE) {
        kept::write(&path, &Look { theme })?;
    }
    apply(app, theme);
    Ok(view_of(theme))
}

/// The frame of the windows follows too, where the desktop lets it.
pub(crate) fn apply(app: &AppHandle, theme: Theme) {
    app.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    });
}

/// As it stands in the address of a page, so that its first paint has the right colours.
pub(crate) fn word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn read(path: &Path) -> Look {
    kept::read(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_comes_back_and_nonsense_is_that_of_the_system() {
        let folder = std::env::temp_dir().join(format!("strongroom-look-{}", std::process::id()));
        let path = folder.join(FILE);
        assert_eq!(read(&path).theme, Theme::System);
        for theme in [Theme::Light, Theme::Dark, Theme::System] {
            kept::write(&path, &Look { theme }).expect("written");
            assert_eq!(read(&path).theme, theme);
        }
        for odd in ["", "{}", r#"{"theme":"blue"}"#, r#"{"theme":"dark","x":1}"#] {
            std::fs::write(&path, odd).expect("written");
            assert_eq!(read(&path).theme, Theme::System, "{odd}");
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
