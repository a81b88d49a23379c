//! The whole agent inside one process: a real socket, real files, a real vault; the clock, the
//! notifications and the session's events are the test's.

mod by_itself;
mod sharing;
mod story;

use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use strongroom_client::{Connection, Identity, Start};
use strongroom_crypto::Totp;
use strongroom_secret::{Key, SecretText};
use strongroom_vault::ports::{Clock, OsEntropy, Ports};
use strongroom_wire as wire;
use strongroom_wire::{Command, ErrorCode, Fault, command};

use crate::agent::{Agent, Parts};
use crate::platform::{
    Alarm, Chosen, NotShown, Notice, Notifier, SecretServiceKeyring, SessionEvent, SessionEvents,
    StateFolders,
};
use crate::scheduler::{Event, Scheduling};
use crate::server::{Deadlines, Server, listen};

pub(crate) const PASSWORD: &str = "seven grey boats under the pier";
const STEP_MS: u64 = 30_000;
pub(crate) const DAY_MS: u64 = 86_400_000;
/// 2026-11-23T10:00:00Z.
const START_MS: u64 = 1_795_428_000_000;

#[derive(Debug)]
pub(crate) struct TestClock {
    utc: AtomicU64,
    mono: AtomicU64,
}

impl Clock for TestClock {
    fn utc_ms(&self) -> u64 {
        self.utc.load(Ordering::Relaxed)
    }

    fn mono_ms(&self) -> u64 {
        self.mono.load(Ordering::Relaxed)
    }

    fn boot_id(&self) -> [u8; 16] {
        [1; 16]
    }
}

type Buttons = Arc<dyn Fn(Chosen) + Send + Sync>;

#[derive(Default)]
pub(crate) struct TestNotifier {
    shown: Mutex<Vec<(Notice, Buttons)>>,
}

impl Notifier for TestNotifier {
    fn show(&self, notice: &Notice, chosen: Buttons) -> Result<(), NotShown> {
        self.shown
            .lock()
            .expect("whole")
            .push((notice.clone(), chosen));
        Ok(())
    }

    fn server(&self) -> Result<String, NotShown> {
        Ok("test 1".to_owned())
    }
}

/// A running agent with folders of its own.
pub(crate) struct World {
    base: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    notifier: Arc<TestNotifier>,
    pub(crate) agent: Arc<Agent>,
    server: Option<JoinHandle<()>>,
    scheduling: Scheduling,
    events_to: Sender<Event>,
    events: Receiver<Event>,
}

impl World {
    pub(crate) fn start() -> Self {
        let base = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock {
            utc: AtomicU64::new(START_MS),
            mono: AtomicU64::new(DAY_MS),
        });
        let notifier = Arc::new(TestNotifier::default());
        let keyring = Arc::new(SecretServiceKeyring::default());
        let agent = Arc::new(Agent::new(Parts {
            ports: Ports {
                clock: clock.clone(),
                keyring: keyring.clone(),
                entropy: Arc::new(OsEntropy),
            },
            folders: StateFolders {
                state: base.path().join("state/strongroom"),
                config: base.path().join("config"),
            },
            keyring,
            notifier: notifier.clone(),
            events: Arc::new(SessionEvents::default()),
            alarm: Arc::new(Alarm::new().expect("a timer")),
            hardened: strongroom_secret::HardenReport {
                core_dumps_off: true,
                not_dumpable: true,
            },
        }));
        let listening = listen(&base.path().join("strongroom")).expect("listens");
        let served = Arc::clone(&agent);
        let server = std::thread::spawn(move || {
            let server = Server::new(Deadlines::default()).expect("a server");
            server.run(&listening.listener, &served).expect("runs");
            drop(listening);
        });
        let (events_to, events) = channel();
        Self {
            base,
            clock,
            notifier,
            agent,
            server: Some(server),
            scheduling: Scheduling::default(),
            events_to,
            events,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.base.path().join(name)
    }

    pub(crate) fn connect(&self) -> Client {
        let identity = Identity {
            client: "cli",
            version: "test",
        };
        let folder = self.base.path().join("strongroom");
        Client {
            connection: Connection::open_in(&folder, identity, &Start::Never).expect("connects"),
            vault: self.path("vault"),
        }
    }

    pub(crate) fn pass(&self, ms: u64) {
        self.clock.utc.fetch_add(ms, Ordering::Relaxed);
        self.clock.mono.fetch_add(ms, Ordering::Relaxed);
    }

    /// What the scheduler's thread would do now; gives when it would look again.
    pub(crate) fn turn(&mut self) -> Option<u64> {
        self.scheduling.turn(&self.agent, &self.events)
    }

    pub(crate) fn happen(&mut self, event: SessionEvent) {
        let (done, _) = channel();
        self.events_to.send((event, done)).expect("taken");
        self.turn();
    }

    pub(crate) fn shown(&self) -> Vec<Notice> {
        let shown = std::mem::take(&mut *self.notifier.shown.lock().expect("whole"));
        shown.into_iter().map(|(notice, _)| notice).collect()
    }

    pub(crate) fn press_last(&self, chosen: Chosen) {
        let last = self.notifier.shown.lock().expect("whole").pop();
        (last.expect("something was shown").1)(chosen);
    }

    pub(crate) fn stop(mut self) {
        self.connect().connection.stop().expect("stops");
        self.server
            .take()
            .expect("runs")
            .join()
            .expect("ended well");
    }
}

/// A face with its connection and its vault.
pub(crate) struct Client {
    pub(crate) connection: Connection,
    pub(crate) vault: PathBuf,
}

impl Client {
    pub(crate) fn call<C: Command>(&mut self, request: C::Request) -> Result<C::Reply, Fault> {
        self.connection.call::<C>(&self.vault, request)
    }

    pub(crate) fn refused<C: Command>(&mut self, request: C::Request) -> ErrorCode {
        match self.call::<C>(request) {
            Ok(_) => panic!("{} was not refused", C::NAME),
            Err(fault) => fault.code,
        }
    }

    pub(crate) fn preview(
        &mut self,
        path: &Path,
        request: wire::ImportPreview,
    ) -> Result<wire::ImportPlanView, Fault> {
        let file = std::fs::File::open(path).expect("opens");
        self.connection.call_with_file::<command::import_preview>(
            &self.vault,
            request,
            file.as_fd(),
        )
    }

    /// Makes a vault with the smallest memory, its device secret in a file.
    pub(crate) fn create(&mut self, world: &World) -> Authenticator {
        let begun = self
            .call::<command::create_begin>(wire::CreateBegin {
                password: secret(PASSWORD),
                place: wire::SecretPlace::File,
                kdf_mib: Some(64),
                name: None,
            })
            .expect("begun");
        let mut authenticator = Authenticator::from_seed(begun.seed.secret());
        let code = authenticator.next(world);
        self.call::<command::create_confirm>(wire::CreateConfirm {
            code: code.value,
            kit_path: Some(world.path("kit.txt").to_string_lossy().into_owned()),
            backup_folder: None,
        })
        .expect("confirmed");
        authenticator
    }

    pub(crate) fn unlock(&mut self, code: wire::Code) -> Result<wire::Unlocked, Fault> {
        self.call::<command::unlock>(wire::Unlock {
            password: secret(PASSWORD),
            code,
        })
    }
}

/// What the person has on a phone. Every code is of a step of its own.
pub(crate) struct Authenticator {
    totp: Totp,
}

impl Authenticator {
    pub(crate) fn from_seed(seed: &SecretText) -> Self {
        let bytes = data_encoding::BASE32_NOPAD
            .decode(seed.expose().as_bytes())
            .expect("base32");
        Self {
            totp: Totp::new(Key::from_slice(&bytes).expect("20 bytes")),
        }
    }

    /// Waits for the next step and reads the code.
    pub(crate) fn next(&mut self, world: &World) -> wire::Code {
        world.pass(STEP_MS);
        self.again(world)
    }

    /// The code of the present step once more.
    pub(crate) fn again(&self, world: &World) -> wire::Code {
        let code = self.totp.code_at(world.clock.utc_ms());
        wire::Code {
            kind: wire::CodeKind::Totp,
            value: code.into(),
        }
    }

    pub(crate) fn step_up(&mut self, world: &World) -> wire::StepUp {
        wire::StepUp {
            code: self.next(world),
            password: None,
        }
    }
}

pub(crate) fn secret(text: &str) -> wire::SecretField {
    SecretText::new(text.to_owned()).into()
}

pub(crate) fn key(label: &str) -> wire::KeyAdd {
    wire::KeyAdd {
        label: label.to_owned(),
        exchange: "binance".to_owned(),
        account: "main".to_owned(),
        environment: wire::Environment::Production,
        key_type: wire::KeyType::Hmac,
        fields: vec![
            wire::FieldInput {
                name: "apiKey".to_owned(),
                value: secret(&format!("AKEY{label}")),
            },
            wire::FieldInput {
                name: "secret".to_owned(),
                value: secret(&format!("very-secret-{label}")),
            },
        ],
        declared: wire::Permissions {
            read: wire::Tri::Yes,
            spot: wire::Tri::Yes,
            margin: wire::Tri::No,
            derivatives: wire::Tri::No,
            transfer: wire::Tri::No,
            withdraw: wire::Tri::No,
            sub_accounts: wire::Tri::No,
            key_admin: wire::Tri::No,
        },
        native_permissions: Vec::new(),
        allowlist: wire::Allowlist::Unrestricted {},
        expiry: Vec::new(),
        rotation_days: None,
        created_ms: None,
        purpose: None,
        owner: None,
        consumers: Vec::new(),
        tags: Vec::new(),
        notes: None,
    }
}

pub(crate) fn selector(key: &str) -> wire::KeySelector {
    wire::KeySelector {
        key: key.to_owned(),
    }
}
