//! A log-in manager on a private system bus, played by python-dbusmock.

use std::process::Stdio;

use crate::bus::{Bus, BusKind};
use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, wait_for};

/// The session's id; the mock makes its object path of it.
const SESSION: &str = "c1";

/// logind as the agent sees it. Must be started before the agent.
#[derive(Debug)]
pub struct Logind {
    _mock: Owned,
    _bus: Bus,
}

impl Logind {
    /// Starts the bus and the mock with one active session of the tests' user.
    ///
    /// # Panics
    /// When python3-dbusmock is not installed.
    #[track_caller]
    pub fn start(sandbox: &Sandbox) -> Self {
        let bus = Bus::start(BusKind::System, sandbox.root(), sandbox.tool("dbus-daemon"));
        assert_eq!(
            bus.address.split(',').next(),
            Some(sandbox.system_bus_address().as_str())
        );
        // Debian's python, where the package puts its module; another may come first in PATH.
        let mut mock = sandbox.tool("/usr/bin/python3");
        mock.args(["-m", "dbusmock", "--system", "--template", "logind"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let logind = Self {
            _mock: Owned::start(&mut mock),
            _bus: bus,
        };
        let uid = sandbox.account().uid.to_string();
        wait_for("logind's mock", Deadline::Long, || {
            let arguments = [SESSION, "seat0", uid.as_str(), "strongroom-test", "true"];
            logind
                .call(sandbox, "/org/freedesktop/login1", "AddSession", &arguments)
                .ok()
        });
        logind
    }

    /// The machine is about to sleep.
    pub fn suspend(&self, sandbox: &Sandbox) {
        self.emit(
            sandbox,
            "/org/freedesktop/login1",
            "Manager",
            "PrepareForSleep",
            "true",
        );
    }

    /// The machine woke.
    pub fn resume(&self, sandbox: &Sandbox) {
        self.emit(
            sandbox,
            "/org/freedesktop/login1",
            "Manager",
            "PrepareForSleep",
            "false",
        );
    }

    /// The person locked the screen.
    pub fn lock_screen(&self, sandbox: &Sandbox) {
        let session = format!("/org/freedesktop/login1/session/{SESSION}");
        self.emit(sandbox, &session, "Session", "Lock", "");
    }

    fn emit(&self, sandbox: &Sandbox, path: &str, interface: &str, signal: &str, value: &str) {
        let interface = format!("org.freedesktop.login1.{interface}");
        let (signature, values) = match value {
            "" => ("''", "@av []".to_owned()),
            value => ("'b'", format!("[<{value}>]")),
        };
        let arguments = [interface.as_str(), signal, signature, values.as_str()];
        self.call(sandbox, path, "EmitSignal", &arguments)
            .expect("the mock emits signals");
    }

    fn call(
        &self,
        sandbox: &Sandbox,
        path: &str,
        method: &str,
        arguments: &[&str],
    ) -> Result<(), String> {
        let done = sandbox
            .tool("gdbus")
            .args(["call", "--system", "--dest", "org.freedesktop.login1"])
            .args(["--object-path", path])
            .arg("--method")
            .arg(format!("org.freedesktop.DBus.Mock.{method}"))
            .args(arguments)
            .output()
            .expect("gdbus runs");
        if done.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&done.stderr).into_owned())
        }
    }
}
