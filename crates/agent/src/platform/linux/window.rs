//! Opening the desktop window from a notification.

use std::process::{Command, Stdio};

const PROGRAM: &str = "strongroom-desktop";

/// Starts the desktop program that is installed beside this one, if there is any. Its own single
/// instance comes to the front.
pub(crate) fn open_window() {
    let Some(program) = std::env::current_exe()
        .ok()
        .map(|here| here.with_file_name(PROGRAM))
        .filter(|path| path.is_file())
    else {
        return;
    };
    let started = Command::new(program)
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
