//! Declares every command to Tauri's permission system and checks that the ui was built.
//!
//! Only declared commands are checked against the windows' permission files, so the list comes
//! from the contract itself. Nothing is built here: a build that calls npm would surprise.

use std::path::Path;

use strongroom_wire::{COMMANDS, SHELL_COMMANDS};

fn main() {
    // Asked while it runs: a target folder that several clones share keeps the first one's script.
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let ui = Path::new(&folder).join("../ui/dist");
    let pages = ["index.html", "unlock.html"].map(|page| ui.join(page));
    for page in &pages {
        println!("cargo::rerun-if-changed={}", page.display());
    }
    if !pages.iter().all(|page| page.is_file()) {
        println!(
            "cargo::error=The window's page is not built: run `npm ci --ignore-scripts && npm run \
             build` in the folder ui, or `scripts/ui.sh install build`, and build again."
        );
        return;
    }
    // A command for no window has no Tauri command, so it gets no permission either.
    let commands: Vec<&'static str> = COMMANDS
        .iter()
        .chain(SHELL_COMMANDS)
        .filter(|(_, windows)| !windows.is_empty())
        .map(|(name, _)| *name)
        .collect();
    let manifest = tauri_build::AppManifest::new().commands(Vec::leak(commands));
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(problem) = tauri_build::try_build(attributes) {
        println!("cargo::error={problem:#}");
    }
}
