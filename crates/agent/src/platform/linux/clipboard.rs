//! The clipboard: one field for a few seconds, kept out of histories, cleared if it is still ours.
//!
//! On X11 the owner of a selection must stay alive to hand it out, so the agent holds it and not
//! the program that asked. Not here: who may copy.

use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arboard::SetExtLinux;
use strongroom_secret::SecretText;

/// The thread that waits to clear only compares two texts.
const STACK: usize = 256 * 1024;

/// No display, or nobody there to hold a clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no clipboard here")]
pub(crate) struct NoClipboard;

/// The clipboard of the session the agent was started in.
#[derive(Default)]
pub(crate) struct Clipboard {
    held: Arc<Mutex<Option<Held>>>,
}

struct Held {
    clipboard: arboard::Clipboard,
    ours: SecretText,
    /// Dropped with the value, which ends the thread that waits to clear.
    _until: Sender<()>,
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clipboard")
    }
}

impl Clipboard {
    /// Puts `text` on the clipboard for `seconds`, in place of what was ours before.
    pub(crate) fn set(&self, text: SecretText, seconds: u32) -> Result<(), NoClipboard> {
        let mut held = self.held();
        let mut clipboard = match held.take() {
            Some(before) => before.clipboard,
            None => arboard::Clipboard::new().map_err(|_| NoClipboard)?,
        };
        clipboard
            .set()
            .exclude_from_history()
            // EXPOSE: the person asked for it on the clipboard; the agent's allocator wipes the
            // library's copy when it is cleared.
            .text(text.expose())
            .map_err(|_| NoClipboard)?;
        let (until, cancelled) = mpsc::channel::<()>();
        *held = Some(Held {
            clipboard,
            ours: text,
            _until: until,
        });
        drop(held);
        let shared = Arc::clone(&self.held);
        std::thread::Builder::new()
            .name("clipboard".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                let wait = Duration::from_secs(u64::from(seconds));
                if cancelled.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    clear(&shared);
                }
            })
            .map_err(|_| {
                clear(&self.held);
                NoClipboard
            })?;
        Ok(())
    }

    /// Clears what is ours, at once.
    pub(crate) fn clear(&self) {
        clear(&self.held);
    }

    /// Whether there is a clipboard, for the self-test.
    pub(crate) fn probe(&self) -> Result<(), NoClipboard> {
        if self.held().is_some() {
            return Ok(());
        }
        arboard::Clipboard::new()
            .map(|_| ())
            .map_err(|_| NoClipboard)
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What somebody else has copied since is left alone.
fn clear(held: &Mutex<Option<Held>>) {
    let taken = held.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Held {
        mut clipboard,
        ours,
        ..
    }) = taken
    {
        let now = clipboard.get_text().ok().map(SecretText::new);
        if now.is_some_and(|now| now.ct_eq(&ours)) {
            let _ = clipboard.clear();
        }
    }
}
