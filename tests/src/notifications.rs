//! The real dunst, and what it was asked to show.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, wait_for};

/// One notification that dunst has shown or is showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub app: String,
    pub summary: String,
    pub body: String,
    pub urgency: String,
}

pub(crate) fn start(sandbox: &Sandbox, mut daemon: Command) -> Owned {
    let configuration = sandbox.root().join("dunstrc");
    // Everything is shown at once and kept: a test reads the history.
    let text = "[global]\nhistory_length = 1000\nnotification_limit = 0\nidle_threshold = 0\n\
                stack_duplicates = false\nshow_age_threshold = -1\n";
    std::fs::write(&configuration, text).expect("the sandbox is writable");
    crate::binaries::set_mode(&configuration, 0o644);
    daemon
        .arg("-config")
        .arg(&configuration)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let daemon = Owned::start(&mut daemon);
    wait_for("the notification service", Deadline::Long, || {
        sandbox
            .has_owner("org.freedesktop.Notifications")
            .then_some(())
    });
    daemon
}

impl Sandbox {
    /// Everything dunst has shown, oldest first. What is on the screen is closed by looking, since
    /// only closed notifications stand in dunst's history.
    ///
    /// # Panics
    /// When dunst does not answer.
    pub fn notifications(&self) -> Vec<Notification> {
        self.dunstctl(&["close-all"]);
        let text = self.dunstctl(&["history"]);
        let history: Value = serde_json::from_str(&text).expect("dunst's history is JSON");
        let mut shown: Vec<Notification> = history["data"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|group| group.as_array().into_iter().flatten())
            .map(|entry| {
                let field =
                    |name: &str| entry[name]["data"].as_str().unwrap_or_default().to_owned();
                Notification {
                    app: field("appname"),
                    summary: field("summary"),
                    body: field("body"),
                    urgency: field("urgency"),
                }
            })
            .collect();
        shown.reverse();
        shown.split_off(self.forgotten().min(shown.len()))
    }

    /// Waits until at least `count` notifications have been shown.
    #[track_caller]
    pub fn wait_for_notifications(&self, count: usize) -> Vec<Notification> {
        wait_for(
            &format!("notification number {count}"),
            Deadline::Short,
            || Some(self.notifications()).filter(|shown| shown.len() >= count),
        )
    }

    /// Forgets what was shown so far. dunst itself cannot: the sandbox counts instead.
    pub fn clear_notifications(&self) {
        let so_far = self.notifications().len();
        self.forget(so_far);
    }

    fn dunstctl(&self, arguments: &[&str]) -> String {
        let done = self
            .tool("dunstctl")
            .args(arguments)
            .output()
            .expect("dunstctl runs");
        assert!(
            done.status.success(),
            "dunstctl: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).expect("dunstctl prints text")
    }
}
