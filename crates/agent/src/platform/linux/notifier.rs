//! Notifications by the freedesktop service.
//!
//! Signals on the session bus can be forged by any program of the same user, so what a
//! notification's button can do is bounded: open a window, or put reminders off for a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify_rust::{Hint, Notification, NotificationResponse, Timeout, Urgency};

/// A notification service that does not answer is not waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(10);
/// The thread that waits for a button only parses a signal.
const STACK: usize = 256 * 1024;

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) topic: Topic,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) urgent: bool,
    /// With a button that puts it off for a day.
    pub(crate) can_snooze: bool,
}

/// What a notice is about. It takes the place of the one before about the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    Due,
    /// Something changed at an exchange.
    Exchange,
}

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chosen {
    Open,
    SnoozeOneDay,
}

/// Nothing here shows notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no notification service answers")]
pub(crate) struct NotShown;

/// What is asked of whoever shows notifications.
pub(crate) trait Notifier: Send + Sync {
    /// Shows a notice in place of the one before of its topic, and calls `chosen` if a button is pressed.
    fn show(
        &self,
        notice: &Notice,
        chosen: Arc<dyn Fn(Chosen) + Send + Sync>,
    ) -> Result<(), NotShown>;

    /// Name of the service that answers.
    fn server(&self) -> Result<String, NotShown>;
}

/// The desktop's own notification service.
#[derive(Debug, Default)]
pub(crate) struct DesktopNotifier {
    last: Mutex<HashMap<Topic, u32>>,
}

impl Notifier for DesktopNotifier {
    fn show(
        &self,
        notice: &Notice,
        chosen: Arc<dyn Fn(Chosen) + Send + Sync>,
    ) -> Result<(), NotShown> {
        // The library itself waits for ever; a service that hangs must not hang the reminders.
        self.server()?;
        let mut notification = Notification::new();
        notification
            .appname("Strongroom")
            .icon("strongroom")
            .summary(&notice.summary)
            .body(&escaped(&notice.body))
            .hint(Hint::DesktopEntry("strongroom".to_owned()))
            .hint(Hint::Category("presence".to_owned()))
            .urgency(if notice.urgent {
                Urgency::Critical
            } else {
                Urgency::Normal
            })
            .timeout(Timeout::Default)
            .action("default", "Open")
            .action("open", "Open");
        if notice.can_snooze {
            notification.action("snooze", "Snooze 1 day");
        }
        let handle = notification.show().map_err(|_| NotShown)?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = last.insert(notice.topic, handle.id()) {
            close(before);
        }
        drop(last);
        let _ = std::thread::Builder::new()
            .name("notification".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                let _ =
                    handle.wait_for_response(|response: &NotificationResponse| match response {
                        NotificationResponse::Default => chosen(Chosen::Open),
                        NotificationResponse::Action(name) if name == "open" => {
                            chosen(Chosen::Open)
                        }
                        NotificationResponse::Action(name) if name == "snooze" => {
                            chosen(Chosen::SnoozeOneDay);
                        }
                        _ => {}
                    });
            });
        Ok(())
    }

    fn server(&self) -> Result<String, NotShown> {
        let reply = bus()?
            .call_method(
                Some(SERVICE),
                OBJECT,
                Some(SERVICE),
                "GetServerInformation",
                &(),
            )
            .map_err(|_| NotShown)?;
        let (name, _, version, _): (String, String, String, String) =
            reply.body().deserialize().map_err(|_| NotShown)?;
        Ok(format!("{name} {version}"))
    }
}

const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

fn bus() -> Result<zbus::blocking::Connection, NotShown> {
    zbus::blocking::connection::Builder::session()
        .and_then(|builder| builder.method_timeout(PATIENCE).build())
        .map_err(|_| NotShown)
}

/// Takes an older summary away, which also ends the thread that waits for its buttons.
fn close(id: u32) {
    if let Ok(bus) = bus() {
        let _ = bus.call_method(
            Some(SERVICE),
            OBJECT,
            Some(SERVICE),
            "CloseNotification",
            &id,
        );
    }
}

/// Bodies may be read as markup, and a label is the person's own text.
fn escaped(body: &str) -> String {
    body.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
