//! Small windows beside the main one, each opened for one task, with one page and permissions of
//! its own, and destroyed after use: typing a secret, a critical act, revealing, a new
//! authenticator.
//!
//! Not here: what a task does; the page calls the command that belongs to it.

use std::collections::HashMap;
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use strongroom_wire::{ErrorCode, Fault, Outcome, ShellEvent, Task, Window};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::windows;

/// How long a revealed secret may stand on the screen.
pub(crate) const REVEALED_FOR: Duration = Duration::from_secs(15);

/// What each open small window is for, by its label.
#[derive(Debug, Default)]
pub(crate) struct Tasks(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// How many there have been: a window of the same label may have a later one.
    count: u64,
    open: HashMap<String, (u64, Task)>,
}

impl Tasks {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, window: Window, task: Task) {
        let mut held = self.held();
        held.count += 1;
        let number = held.count;
        held.open.insert(window.label().to_owned(), (number, task));
    }

    /// Which one the window of this label has now.
    fn number(&self, label: &str) -> Option<u64> {
        self.held().open.get(label).map(|(number, _)| *number)
    }

    /// The task of the window that asks. The setup window has one without being told: where there
    /// is no vault, one is made.
    pub(crate) fn of(&self, label: &str) -> Option<Task> {
        let told = self.held().open.get(label).map(|(_, task)| task.clone());
        told.or_else(|| (label == Window::Setup.label()).then_some(Task::Create {}))
    }

    fn take(&self, label: &str) -> Option<Task> {
        self.held().open.remove(label).map(|(_, task)| task)
    }
}

/// The window that a task belongs to. `None` for what the main window may not ask for: a vault is
/// made where there is none, and then there is no main window.
fn window_of(task: &Task) -> Option<Window> {
    Some(match task {
        Task::AddKey { .. }
        | Task::ReplaceSecret { .. }
        | Task::StageSecret { .. }
        | Task::ChangePassword {}
        | Task::TestKit {}
        | Task::OpenImport { .. }
        | Task::OpenShare { .. } => Window::Secret,
        Task::StepUp { .. } => Window::StepUp,
        Task::Reveal { .. } => Window::Reveal,
        Task::ResetTotp {} => Window::Setup,
        Task::Create {} => return None,
    })
}

/// Width and height in logical pixels.
pub(crate) fn size_of(window: Window) -> (f64, f64) {
    match window {
        Window::Setup => (560.0, 720.0),
        Window::Secret => (480.0, 560.0),
        Window::StepUp => (440.0, 500.0),
        Window::Reveal => (480.0, 420.0),
        Window::Main | Window::Unlock => (440.0, 600.0),
    }
}

/// Opens the window of a task beside the main one; one that is open already begins anew with it.
///
/// # Errors
/// [`ErrorCode::Refused`] for a task that has no window beside the main one, or where the window
/// cannot be made.
pub(crate) fn open(app: &AppHandle, task: Task) -> Result<(), Fault> {
    let window = window_of(&task)
        .ok_or_else(|| Fault::new(ErrorCode::Refused, "a vault is open already"))?;
    app.state::<Tasks>().put(window, task);
    let opener = app.clone();
    let (done, opened) = channel();
    let asked = app.run_on_main_thread(move || {
        let outcome = match opener.get_webview_window(window.label()) {
            Some(there) => begin_anew(&there),
            None => windows::open_small(&opener, window),
        };
        let _nobody_waits = done.send(outcome.is_ok());
    });
    if asked.is_ok() && opened.recv() == Ok(true) {
        return Ok(());
    }
    app.state::<Tasks>().take(window.label());
    Err(Fault::new(
        ErrorCode::Refused,
        "the window could not be opened; try again",
    ))
}

/// A page that is loaded again has nothing of what was typed before.
fn begin_anew(window: &WebviewWindow) -> tauri::Result<()> {
    window.eval("location.reload()")?;
    window.set_focus()
}

/// A window is done: the main one hears of it, and it goes.
pub(crate) fn finish(window: &WebviewWindow, outcome: Outcome) {
    tell(window.app_handle(), window.label(), outcome);
    let _gone_already = window.destroy();
}

/// Somebody closed it before it was done.
pub(crate) fn closed(app: &AppHandle, label: &str) {
    tell(app, label, Outcome::Cancelled {});
}

fn tell(app: &AppHandle, label: &str, outcome: Outcome) {
    let Some(task) = app.state::<Tasks>().take(label) else {
        return;
    };
    let task = Box::new(task);
    windows::tell_main(app, &ShellEvent::Finished { task, outcome });
}

/// Whatever the page does, what was revealed goes with its window.
pub(crate) fn close_in_time(window: WebviewWindow) {
    let shown = window.state::<Tasks>().number(window.label());
    let closing = move || {
        // Nobody sends: this is a wait with an end.
        let (_keep, never) = channel::<()>();
        let _in_time = never.recv_timeout(REVEALED_FOR);
        // Closed already, and perhaps opened again for another key, which has its own time.
        if window.state::<Tasks>().number(window.label()) == shown {
            finish(&window, Outcome::Done {});
        }
    };
    let started = std::thread::Builder::new()
        .name("reveal".to_owned())
        .spawn(closing);
    // Without the thread the page's own clock closes it.
    drop(started);
}

#[cfg(test)]
mod tests {
    use strongroom_wire::Act;

    use super::*;

    #[test]
    fn each_task_has_its_window_and_making_a_vault_is_not_asked_for() {
        let key = || "0".repeat(32);
        for (task, window) in [
            (Task::TestKit {}, Some(Window::Secret)),
            (Task::ChangePassword {}, Some(Window::Secret)),
            (Task::OpenShare { path: key() }, Some(Window::Secret)),
            (Task::StepUp { act: Act::Grace {} }, Some(Window::StepUp)),
            (
                Task::Reveal {
                    key: key(),
                    label: String::new(),
                    version: None,
                },
                Some(Window::Reveal),
            ),
            (
                Task::StageSecret {
                    key: key(),
                    label: String::new(),
                    exchange: String::new(),
                },
                Some(Window::Secret),
            ),
            (Task::ResetTotp {}, Some(Window::Setup)),
            (Task::Create {}, None),
        ] {
            assert_eq!(window_of(&task), window, "{task:?}");
        }
    }

    #[test]
    fn a_task_is_seen_by_its_own_window_until_it_is_done() {
        let tasks = Tasks::default();
        tasks.put(Window::Secret, Task::TestKit {});
        assert_eq!(tasks.of("secret"), Some(Task::TestKit {}));
        assert_eq!(tasks.of("step-up"), None);
        assert_eq!(tasks.of("setup"), Some(Task::Create {}));
        let before = tasks.number("secret");
        tasks.put(Window::Secret, Task::TestKit {});
        assert_ne!(tasks.number("secret"), before, "it began anew");
        assert_eq!(tasks.take("secret"), Some(Task::TestKit {}));
        assert_eq!(tasks.take("secret"), None);
    }
}
