//! The release archive: the command line with its manual, completions and licence, and a checksum.
//!
//! Not here: signing, uploading, and bundles of the desktop window.

use std::path::Path;

use crate::{tidy, workspace};

pub(crate) fn run() -> Result<(), String> {
    let cargo = env!("CARGO");
    workspace::run(
        cargo,
        &[
            "build",
            "--release",
            "--locked",
            "--package",
            "strongroom-cli",
        ],
    )?;
    let target = target_folder()?;
    let binary = format!("{target}/release/strongroom");
    let name = format!(
        "strongroom-{}-{}-{}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS
    );
    let dist = format!("{target}/dist");
    let folder = format!("{dist}/{name}");
    // A folder of an earlier run would leak its files into this archive.
    if Path::new(&folder).exists() {
        std::fs::remove_dir_all(&folder).map_err(|problem| format!("{folder}: {problem}"))?;
    }
    make_folder(&format!("{folder}/completions"))?;
    make_folder(&format!("{folder}/man"))?;
    copy(&binary, &format!("{folder}/strongroom"))?;
    for text in ["LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"] {
        let from = workspace::root().join(text).display().to_string();
        copy(&from, &format!("{folder}/{text}"))?;
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = workspace::output(&binary, &["completions", shell])?;
        write(&format!("{folder}/completions/strongroom.{shell}"), &script)?;
    }
    write(
        &format!("{folder}/man/strongroom.1"),
        &workspace::output(&binary, &["man"])?,
    )?;
    let archive = format!("{dist}/{name}.tar.gz");
    let packing = [
        "-C",
        &dist,
        "--owner=0",
        "--group=0",
        "--sort=name",
        "-czf",
        &archive,
        &name,
    ];
    workspace::run("tar", &packing)?;
    let sum = tidy::hash_of(Path::new(&archive)).ok_or("the archive was not written")?;
    write(
        &format!("{archive}.sha256"),
        &format!("{sum}  {name}.tar.gz\n"),
    )?;
    crate::say(&format!("{archive}\n{sum}"));
    Ok(())
}

fn target_folder() -> Result<String, String> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--locked"];
    let text = workspace::output(env!("CARGO"), &arguments)?;
    let metadata: serde_json::Value =
        serde_json::from_str(&text).map_err(|problem| problem.to_string())?;
    metadata["target_directory"]
        .as_str()
        .map(str::to_owned)
        .ok_or("no target folder".to_owned())
}

fn make_folder(path: &str) -> Result<(), String> {
    std::fs::create_dir_all(path).map_err(|problem| format!("{path}: {problem}"))
}

fn copy(from: &str, to: &str) -> Result<(), String> {
    std::fs::copy(from, to)
        .map(drop)
        .map_err(|problem| format!("{from}: {problem}"))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|problem| format!("{path}: {problem}"))
}
