//! What stands in the sandbox's clipboard, read by xclip.

use crate::sandbox::Sandbox;

impl Sandbox {
    /// The clipboard's text, or nothing when nobody owns it.
    ///
    /// # Panics
    /// When xclip is not installed.
    pub fn clipboard(&self) -> Option<String> {
        let done = self
            .tool("xclip")
            .args(["-selection", "clipboard", "-out"])
            .output()
            .expect("xclip is installed");
        done.status
            .success()
            .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Kinds of content the clipboard's owner offers.
    pub fn clipboard_kinds(&self) -> Vec<String> {
        let done = self
            .tool("xclip")
            .args(["-selection", "clipboard", "-out", "-target", "TARGETS"])
            .output()
            .expect("xclip is installed");
        String::from_utf8_lossy(&done.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}
