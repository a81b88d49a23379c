//! A home of its own, and what a desktop session has around it.

use std::ffi::OsStr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::account::Account;
use crate::binaries::make_folder;
use crate::bus::{Bus, BusKind};
use crate::clock::TestClock;
use crate::display::Display;
use crate::memory::any_thread_alive;
use crate::owned::Owned;
use crate::wait::{Deadline, look_for};
use crate::{accessibility, clock, keyring, notifications};

/// How much of a session a test needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parts {
    /// A bare log-in, as over ssh: no bus, no keyring, no display.
    Bare,
    /// A session bus with an unlocked keyring.
    Keyring,
    /// The same with a display, a clipboard and a notification service.
    Desktop,
}

/// A machine in a folder; see the crate's documentation.
#[derive(Debug)]
pub struct Sandbox {
    // Dropped in this order: what talks to the bus before the bus, the folder last.
    accessibility: Option<Owned>,
    notifications: Option<Owned>,
    keyring: Option<Owned>,
    display: Option<Display>,
    session_bus: Option<Bus>,
    account: Account,
    clock: TestClock,
    forgotten: AtomicUsize,
    real: RealHome,
    folder: TempDir,
}

impl Sandbox {
    /// Makes the folders and starts what is asked for.
    ///
    /// # Panics
    /// When a part cannot be started.
    #[track_caller]
    pub fn with(parts: Parts) -> Self {
        Self::build(parts, TestClock::held())
    }

    /// The same in the machine's own time, for programs built without the test clock.
    #[track_caller]
    pub fn in_real_time(parts: Parts) -> Self {
        Self::build(parts, TestClock::of_the_machine())
    }

    #[track_caller]
    fn build(parts: Parts, clock: TestClock) -> Self {
        let account = Account::of_the_tests();
        let folder = tempfile::Builder::new()
            .prefix("sr-")
            .tempdir()
            .expect("/tmp is writable");
        account.own(folder.path());
        let mut sandbox = Self {
            accessibility: None,
            notifications: None,
            keyring: None,
            display: None,
            session_bus: None,
            account,
            clock,
            forgotten: AtomicUsize::new(0),
            real: RealHome::now(),
            folder,
        };
        for name in ["home", "run", "data", "config", "state", "cache"] {
            let path = sandbox.root().join(name);
            make_folder(&path, 0o700);
            account.own(&path);
        }
        if parts >= Parts::Keyring {
            let daemon = sandbox.tool("dbus-daemon");
            sandbox.session_bus = Some(Bus::start(BusKind::Session, sandbox.root(), daemon));
            sandbox.keyring = Some(keyring::start(
                &sandbox,
                sandbox.tool("gnome-keyring-daemon"),
            ));
        }
        if parts >= Parts::Desktop {
            sandbox.display = Some(Display::start(sandbox.tool("Xvfb")));
            sandbox.notifications = Some(notifications::start(&sandbox, sandbox.tool("dunst")));
        }
        sandbox
    }

    /// The folder that holds everything; writable by the programs.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    pub fn account(&self) -> Account {
        self.account
    }

    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// The name of the display, such as `:7`.
    pub fn display(&self) -> Option<&str> {
        self.display.as_ref().map(|display| display.name.as_str())
    }

    /// Takes the keyring away, as when its daemon dies.
    pub fn end_keyring(&mut self) {
        self.keyring = None;
    }

    /// Starts an accessibility bus: programs that are started from now on tell it what they show.
    ///
    /// # Panics
    /// When at-spi2-core is not installed.
    #[track_caller]
    pub fn start_accessibility(&mut self) {
        self.accessibility = Some(accessibility::start(self));
    }

    /// Takes the notification service away.
    pub fn end_notifications(&mut self) {
        self.notifications = None;
    }

    /// A program in this sandbox: as the tests' user, with nothing of the real environment.
    pub fn tool(&self, program: impl AsRef<OsStr>) -> Command {
        let root = self.root();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env(
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            )
            .env("LANG", "C.UTF-8")
            .env("TZ", "Europe/Vienna")
            .env("USER", "strongroom-test")
            .env("LOGNAME", "strongroom-test")
            .env("HOME", root.join("home"))
            .env("XDG_RUNTIME_DIR", root.join("run"))
            .env("XDG_DATA_HOME", root.join("data"))
            .env("XDG_CONFIG_HOME", root.join("config"))
            .env("XDG_STATE_HOME", root.join("state"))
            .env("XDG_CACHE_HOME", root.join("cache"))
            // Where a bus of the sandbox would be: the machine's own is never reached.
            .env("DBUS_SYSTEM_BUS_ADDRESS", self.system_bus_address())
            .env(
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}/session-bus", root.display()),
            )
            // Without an accessibility bus the toolkit would look for one and wait.
            .envs(
                self.accessibility
                    .is_none()
                    .then_some(("NO_AT_BRIDGE", "1")),
            )
            .current_dir(self.home())
            .stdin(Stdio::null());
        if let Some(number) = self.clock.number() {
            command.env(clock::VARIABLE, number);
            // Read at every question; it is there once a test plays an exchange.
            command.env("STRONGROOM_TEST_EXCHANGE", self.played());
        }
        if let Some(display) = &self.display {
            command.env("DISPLAY", &display.name);
        }
        self.account.run(&mut command);
        command
    }

    fn played(&self) -> PathBuf {
        self.root().join("played.json")
    }

    /// Has the agent ask this exchange whatever it asks: for what has no words for a test, such as
    /// the window. It belongs to builds with the test's clock.
    ///
    /// # Panics
    /// When the sandbox cannot be written.
    pub fn play(&self, exchange: &crate::Exchange) {
        let told = serde_json::json!({
            "url": exchange.base_url(),
            "authority": exchange.authority(),
        });
        let path = self.played();
        std::fs::write(&path, told.to_string()).expect("the sandbox is writable");
        self.account.own(&path);
    }

    /// Writes a file into the home, owned by the tests' user.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write_home(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home().join(name);
        std::fs::write(&path, text).expect("the home is writable");
        crate::binaries::set_mode(&path, 0o600);
        self.account.own(&path);
        path
    }

    /// A folder in the sandbox, owned by the tests' user.
    pub fn make_folder(&self, name: &str) -> PathBuf {
        let path = self.root().join(name);
        make_folder(&path, 0o700);
        self.account.own(&path);
        path
    }

    /// Whether somebody owns this name on the session bus.
    pub fn has_owner(&self, name: &str) -> bool {
        let asked = self
            .tool("gdbus")
            .args(["call", "--session", "--dest", "org.freedesktop.DBus"])
            .args(["--object-path", "/org/freedesktop/DBus"])
            .args(["--method", "org.freedesktop.DBus.NameHasOwner", name])
            .output()
            .expect("gdbus runs");
        asked.stdout.starts_with(b"(true")
    }

    /// How many of the shown notifications a test no longer wants to see.
    pub(crate) fn forgotten(&self) -> usize {
        self.forgotten.load(Ordering::SeqCst)
    }

    pub(crate) fn forget(&self, more: usize) {
        self.forgotten.fetch_add(more, Ordering::SeqCst);
    }

    /// The process that listens on the agent's socket, whoever started it.
    pub fn agent_pid(&self) -> Option<u32> {
        let socket = UnixStream::connect(self.root().join("run/strongroom/agent.sock")).ok()?;
        let peer = rustix::net::sockopt::socket_peercred(&socket).ok()?;
        u32::try_from(peer.pid.as_raw_pid()).ok()
    }

    /// Kills the agent that listens now. One that a client started leads a session of its own and
    /// is nobody's child here.
    pub fn end_agent(&self) {
        let Some(pid) = self.agent_pid() else {
            return;
        };
        if let Some(raw) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
            let _gone_already = kill_process(raw, Signal::KILL);
        }
        // What it held is free once all of it is gone: another may be started now. Its last threads
        // hold the socket, the vault and the database longer than the first.
        let gone = look_for(Deadline::Short, || {
            let is_there = any_thread_alive(pid) || self.agent_pid() == Some(pid);
            (!is_there).then_some(())
        });
        assert!(
            gone.is_some() || std::thread::panicking(),
            "the agent {pid} outlived its end"
        );
    }

    pub(crate) fn system_bus_address(&self) -> String {
        format!("unix:path={}/system-bus", self.root().display())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end_agent();
        if !std::thread::panicking() {
            assert_eq!(
                RealHome::now(),
                self.real,
                "the tests touched the real home"
            );
        }
    }
}

/// What the person who runs the tests has of Strongroom: it must not change.
#[derive(Debug, PartialEq, Eq)]
struct RealHome(Vec<Option<SystemTime>>);

impl RealHome {
    fn now() -> Self {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let home = variable("HOME").unwrap_or_else(|| PathBuf::from("/nonexistent"));
        let folder = |name: &str, usual: &str| variable(name).unwrap_or_else(|| home.join(usual));
        let places = [
            Some(folder("XDG_DATA_HOME", ".local/share")),
            Some(folder("XDG_STATE_HOME", ".local/state")),
            Some(folder("XDG_CONFIG_HOME", ".config")),
            variable("XDG_RUNTIME_DIR"),
        ];
        let changed = |place: PathBuf| {
            std::fs::metadata(place.join("strongroom"))
                .ok()
                .and_then(|found| found.modified().ok())
        };
        Self(
            places
                .into_iter()
                .map(|place| place.and_then(changed))
                .collect(),
        )
    }
}
