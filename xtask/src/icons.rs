//! Every icon size the desktop bundle needs, drawn from one drawing.
//!
//! Not here: the drawing itself (`icons/strongroom.svg`).

use crate::workspace;

/// Pixels of each side, and the name the Tauri bundle looks for.
const SIZES: &[(u32, &str)] = &[
    (32, "32x32.png"),
    (128, "128x128.png"),
    (256, "128x128@2x.png"),
    (512, "icon.png"),
];

pub(crate) fn run() -> Result<(), String> {
    for (side, name) in SIZES {
        let side = side.to_string();
        let target = format!("icons/{name}");
        workspace::run(
            "rsvg-convert",
            &[
                "--width",
                &side,
                "--height",
                &side,
                "--output",
                &target,
                "icons/strongroom.svg",
            ],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width, height and colour type of a PNG, from its first chunk.
    fn shape(path: &str) -> (u32, u32, u8) {
        let bytes = std::fs::read(workspace::root().join(path)).expect("the icon is committed");
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{path}");
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
        (number(16), number(20), bytes[25])
    }

    #[test]
    fn each_committed_icon_has_its_size_and_an_alpha_channel() {
        for (side, name) in SIZES {
            assert_eq!(shape(&format!("icons/{name}")), (*side, *side, 6), "{name}");
        }
    }
}
