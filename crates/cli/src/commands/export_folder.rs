//! Folders of single files for systemd and Docker, laid out from an archive in memory.
//!
//! With `--encrypt` each value goes to systemd-creds through a pipe and only what it gives back is
//! on the disk. Not here: which keys, and the names of the files (formats).

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use strongroom_formats::export::{
    FolderFile, compose_secrets, credential_unit, folder_files, read_archive,
};
use strongroom_secret::SecretBytes;
use strongroom_wire::ErrorCode;

use super::export::not_an_archive;
use crate::failure::Failure;
use crate::link::Context;
use crate::new_file::NewFolder;
use crate::sanitise::sanitise;

/// For whom a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FolderKind {
    Systemd,
    SystemdEncrypted,
    Docker,
}

/// What stands beside the files and names them.
const UNIT: &str = "strongroom.conf";
const COMPOSE: &str = "compose-secrets.yaml";
const TOOL: &str = "systemd-creds";

/// Refuses before anything is asked where the program that encrypts is missing.
pub(super) fn check_tool() -> Result<(), Failure> {
    let found = Command::new(TOOL)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(Failure::new(
        ErrorCode::NotFound,
        "systemd-creds is not here: it comes with systemd 250 and later",
    ))
}

/// Gives the number of files that hold a value.
pub(super) fn lay_out(
    archive: &SecretBytes,
    kind: FolderKind,
    path: &str,
    context: &Context,
) -> Result<usize, Failure> {
    // EXPOSE: read here, in memory that is wiped, and written one value a file.
    let archive = read_archive(archive.expose()).map_err(not_an_archive)?;
    let (files, left_out) = folder_files(&archive.entries);
    for (entry, why) in left_out {
        let label = sanitise(archive.entries[entry].label.as_str());
        let why = sanitise(&why.to_string());
        context.output.warn(&format!("left out: {label}: {why}"));
    }
    if files.is_empty() {
        return Err(Failure::new(
            ErrorCode::NotFound,
            "there is nothing to write",
        ));
    }
    let folder = NewFolder::make(Path::new(path))?;
    for file in &files {
        match kind {
            FolderKind::Systemd | FolderKind::Docker => {
                // EXPOSE: into the file that the person asked for with a fresh code.
                folder.write(&file.name, file.value.expose().as_bytes())?;
            }
            FolderKind::SystemdEncrypted => encrypt(&folder, file)?,
        }
    }
    match kind {
        FolderKind::Systemd => {
            let unit = credential_unit(&files, path, "LoadCredential");
            folder.write(UNIT, unit.as_bytes())?;
        }
        FolderKind::SystemdEncrypted => {
            let unit = credential_unit(&files, path, "LoadCredentialEncrypted");
            folder.write(UNIT, unit.as_bytes())?;
        }
        FolderKind::Docker => folder.write(COMPOSE, compose_secrets(&files).as_bytes())?,
    }
    folder.appear()?;
    Ok(files.len())
}

/// The name goes into what is encrypted: under another name it is not taken.
fn encrypt(folder: &NewFolder, file: &FolderFile<'_>) -> Result<(), Failure> {
    let refused = || {
        Failure::refused(
            "systemd-creds did not encrypt; nothing was written. It may need a key of this \
             machine first: run `systemd-creds setup` as root",
        )
    };
    let out = folder.open(&file.name)?;
    let to = out
        .try_clone()
        .map_err(|error| Failure::file("a file cannot be written", &error))?;
    let mut tool = Command::new(TOOL)
        .arg("encrypt")
        .arg(format!("--name={}", file.name))
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::from(to))
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::file("systemd-creds cannot be started", &error))?;
    let mut input = tool.stdin.take();
    let written = input.as_mut().is_some_and(|input| {
        // EXPOSE: through a pipe to the program that encrypts it.
        input.write_all(file.value.expose().as_bytes()).is_ok()
    });
    drop(input);
    let ended = tool.wait().is_ok_and(|status| status.success());
    let length = out.metadata().map_or(0, |metadata| metadata.len());
    if !written || !ended || length == 0 {
        return Err(refused());
    }
    out.sync_all()
        .map_err(|error| Failure::file("a file cannot be written", &error))
}
