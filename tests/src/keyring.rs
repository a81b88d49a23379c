//! The real gnome-keyring, unlocked with a password that is no secret.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, wait_for};

const PASSWORD: &[u8] = b"keyring-of-a-test";

pub(crate) fn start(sandbox: &Sandbox, mut daemon: Command) -> Owned {
    daemon
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut daemon = Owned::start(&mut daemon);
    let mut input = daemon.child().stdin.take().expect("the input is a pipe");
    input
        .write_all(PASSWORD)
        .expect("gnome-keyring reads its password");
    drop(input);
    wait_for("the Secret Service", Deadline::Long, || {
        sandbox.has_owner("org.freedesktop.secrets").then_some(())
    });
    daemon
}

impl Sandbox {
    /// Locks every collection, as a session does whose keyring was not opened at log-in.
    ///
    /// # Panics
    /// When the keyring does not answer.
    pub fn lock_keyring(&self) {
        let done = self
            .tool("gdbus")
            .args(["call", "--session", "--dest", "org.freedesktop.secrets"])
            .args(["--object-path", "/org/freedesktop/secrets"])
            .args(["--method", "org.freedesktop.Secret.Service.Lock"])
            .arg("[objectpath '/org/freedesktop/secrets/collection/login']")
            .output()
            .expect("gdbus runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
}
