//! Linux: Secret Service, freedesktop notifications, X11 clipboard, logind.

mod alarm;
mod clipboard;
mod clock;
mod folders;
mod keyring;
mod notifier;
mod session_events;
mod window;

pub(crate) use alarm::Alarm;
pub(crate) use clipboard::{Clipboard, NoClipboard};
pub(crate) use clock::SystemClock;
pub(crate) use folders::StateFolders;
pub(crate) use keyring::SecretServiceKeyring;
pub(crate) use notifier::{Chosen, DesktopNotifier, NotShown, Notice, Notifier, Topic};
pub(crate) use session_events::{SessionEvent, SessionEvents, watch_session};
pub(crate) use window::{Place, open_window};
