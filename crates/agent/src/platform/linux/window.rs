//! Opening the desktop window from a notification.

use std::path::Path;
use std::process::{Command, Stdio};

use strongroom_domain::EntryId;

const PROGRAM: &str = "strongroom-desktop";

/// Where a window that is opened begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Key(EntryId),
    WhatIsDue,
    /// As it was left.
    Anywhere,
}

/// Starts the desktop program that is installed beside this one, if there is any. Its own single
/// instance comes to the front, and goes there once the vault is open.
pub(crate) fn open_window(vault: Option<&Path>, place: Place) {
    let Some(program) = std::env::current_exe()
        .ok()
        .map(|here| here.with_file_name(PROGRAM))
        .filter(|path| path.is_file())
    else {
        return;
    };
    let mut command = Command::new(program);
    if let Some(vault) = vault {
        command.arg("--vault").arg(vault);
    }
    match place {
        Place::Key(key) => {
            command.arg("--key").arg(key.to_string());
        }
        Place::WhatIsDue => {
            command.arg("--due");
        }
        Place::Anywhere => {}
    }
    let started = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = started {
        let _ = std::thread::Builder::new()
            .stack_size(64 * 1024)
            .spawn(move || child.wait());
    }
}
