//! A desk with a vault on it: a clock that is set by hand, a keyring that can be locked, emptied or
//! made to lie, and an authenticator.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use strongroom_crypto::Totp;
use strongroom_secret::{Key, SecretText};
use strongroom_vault::ports::{
    Clock, ItemName, Keyring, KeyringRefused, Lookup, OsEntropy, Ports, Purpose,
};
use strongroom_vault::{
    Created, Enrolment, Home, KitView, LockedVault, NewVault, OpenVault, PlaceChoice, Places,
    Presence, StepUp, StepUpError, Trust, UnlockError,
};

pub(crate) const PASSWORD: &str = "violet tractor sings at noon";
const START_MS: u64 = 1_800_000_000_000;
const STEP_MS: u64 = 30_000;

#[derive(Debug, Default)]
pub(crate) struct HandClock {
    utc_ms: AtomicU64,
    mono_ms: AtomicU64,
    boots: AtomicU64,
}

impl HandClock {
    pub(crate) fn pass(&self, ms: u64) {
        self.utc_ms.fetch_add(ms, SeqCst);
        self.mono_ms.fetch_add(ms, SeqCst);
    }

    /// Somebody sets the time of day back.
    pub(crate) fn set_back(&self, ms: u64) {
        self.utc_ms.fetch_sub(ms, SeqCst);
    }

    pub(crate) fn reboot(&self) {
        self.boots.fetch_add(1, SeqCst);
        self.mono_ms.store(0, SeqCst);
    }
}

impl Clock for HandClock {
    fn utc_ms(&self) -> u64 {
        self.utc_ms.load(SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        self.mono_ms.load(SeqCst)
    }

    fn boot_id(&self) -> [u8; 16] {
        [u8::try_from(self.boots.load(SeqCst)).expect("few boots"); 16]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    #[default]
    Open,
    Locked,
    Unavailable,
    Ambiguous,
}

#[derive(Debug, Default)]
pub(crate) struct HandKeyring {
    items: Mutex<HashMap<(ItemKey, Purpose), String>>,
    mood: Mutex<Mood>,
    /// One item that does not answer while the others do.
    hidden: Mutex<Option<(Purpose, Mood)>>,
}

type ItemKey = ([u8; 16], u32);

impl HandKeyring {
    pub(crate) fn is_now(&self, mood: Mood) {
        *self.mood.lock().expect("no panics") = mood;
    }

    pub(crate) fn hide(&self, hidden: Option<(Purpose, Mood)>) {
        *self.hidden.lock().expect("no panics") = hidden;
    }

    pub(crate) fn items(&self) -> HashMap<(ItemKey, Purpose), String> {
        self.items.lock().expect("no panics").clone()
    }

    pub(crate) fn put_back(&self, items: HashMap<(ItemKey, Purpose), String>) {
        *self.items.lock().expect("no panics") = items;
    }

    pub(crate) fn forget(&self, purpose: Purpose) {
        self.items
            .lock()
            .expect("no panics")
            .retain(|(_, kept), _| *kept != purpose);
    }

    pub(crate) fn change(&self, purpose: Purpose, value: &str) {
        let mut items = self.items.lock().expect("no panics");
        for (_, kept) in items.iter_mut().filter(|((_, kept), _)| *kept == purpose) {
            value.clone_into(kept);
        }
    }
}

impl Keyring for HandKeyring {
    fn get(&self, item: &ItemName) -> Lookup {
        let mood = match *self.hidden.lock().expect("no panics") {
            Some((purpose, mood)) if purpose == item.purpose => mood,
            _ => *self.mood.lock().expect("no panics"),
        };
        match mood {
            Mood::Open => {}
            Mood::Locked => return Lookup::Locked,
            Mood::Unavailable => return Lookup::Unavailable,
            Mood::Ambiguous => return Lookup::Ambiguous,
        }
        let name = ((item.vault_id, item.key_gen), item.purpose);
        match self.items.lock().expect("no panics").get(&name) {
            Some(value) => Lookup::Value(SecretText::new(value.clone())),
            None => Lookup::Missing,
        }
    }

    fn set(&self, item: &ItemName, value: &SecretText) -> Result<(), KeyringRefused> {
        match *self.mood.lock().expect("no panics") {
            Mood::Open => {}
            Mood::Locked => return Err(KeyringRefused::Locked),
            Mood::Unavailable => return Err(KeyringRefused::Unavailable),
            Mood::Ambiguous => return Err(KeyringRefused::Ambiguous),
        }
        let name = ((item.vault_id, item.key_gen), item.purpose);
        self.items
            .lock()
            .expect("no panics")
            .insert(name, value.expose().to_owned());
        Ok(())
    }

    fn delete(&self, item: &ItemName) -> Result<(), KeyringRefused> {
        if *self.mood.lock().expect("no panics") != Mood::Open {
            return Err(KeyringRefused::Locked);
        }
        let name = ((item.vault_id, item.key_gen), item.purpose);
        self.items.lock().expect("no panics").remove(&name);
        Ok(())
    }
}

/// One machine.
pub(crate) struct Desk {
    pub(crate) clock: Arc<HandClock>,
    pub(crate) keyring: Arc<HandKeyring>,
    pub(crate) root: tempfile::TempDir,
    seed: Mutex<Option<Key<20>>>,
}

pub(crate) fn text(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

impl Desk {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(HandClock::default());
        clock.pass(START_MS);
        let root = tempfile::tempdir().expect("a folder");
        Self {
            clock,
            keyring: Arc::default(),
            root,
            seed: Mutex::new(None),
        }
    }

    /// Another machine with the same time and authenticator, and a copy of the vault folder.
    pub(crate) fn another_machine(&self) -> Self {
        let other = Self::new();
        other.clock.utc_ms.store(self.clock.utc_ms(), SeqCst);
        copy_folder(&self.folder(), &other.folder());
        let seed = self.seed.lock().expect("no panics");
        *other.seed.lock().expect("no panics") = seed
            .as_ref()
            .map(|seed| Key::filled_by(|to| to.copy_from_slice(seed.expose())));
        other
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("vault")
    }

    pub(crate) fn places(&self) -> Places {
        Places {
            state_folder: self.root.path().join("state"),
        }
    }

    pub(crate) fn ports(&self) -> Ports {
        Ports {
            clock: self.clock.clone(),
            keyring: self.keyring.clone(),
            entropy: Arc::new(OsEntropy),
        }
    }

    pub(crate) fn learn_seed(&self, base32: &SecretText) {
        let bytes = data_encoding::BASE32_NOPAD
            .decode(base32.expose().as_bytes())
            .expect("base32");
        *self.seed.lock().expect("no panics") = Key::from_slice(&bytes);
    }

    pub(crate) fn begin(&self, place: PlaceChoice) -> Enrolment {
        let home = Home::make(&self.folder()).expect("an empty folder");
        let new = NewVault {
            place,
            kdf_mib: Some(64),
            device_name: "desk",
        };
        let begun = Enrolment::begin(home, self.ports(), self.places(), &text(PASSWORD), new);
        let enrolment = begun.expect("begins");
        self.learn_seed(&enrolment.seed().expect("not made yet"));
        enrolment
    }

    pub(crate) fn create_in(&self, place: PlaceChoice) -> (OpenVault, LockedVault, KitView) {
        let path = self.root.path().join("kit.txt");
        let Created { vault, locked, kit } = self
            .begin(place)
            .confirm(&self.code(), Some(&path))
            .expect("is made");
        (vault, locked, kit.expect("a kit was asked for"))
    }

    pub(crate) fn create(&self) -> (OpenVault, LockedVault) {
        let (vault, locked, _) = self.create_in(PlaceChoice::Keyring);
        (vault, locked)
    }

    /// The vault as it is found when the agent starts.
    pub(crate) fn find(&self) -> LockedVault {
        let home = Home::open(&self.folder()).expect("nobody holds it");
        LockedVault::open(home, self.ports(), self.places()).expect("a header")
    }

    /// What the authenticator shows now.
    pub(crate) fn code(&self) -> SecretText {
        self.code_at(self.clock.utc_ms())
    }

    pub(crate) fn code_at(&self, utc_ms: u64) -> SecretText {
        let seed = self.seed.lock().expect("no panics");
        let seed = seed.as_ref().expect("an authenticator");
        Totp::new(Key::filled_by(|to| to.copy_from_slice(seed.expose()))).code_at(utc_ms)
    }

    /// Waits for the next code.
    pub(crate) fn fresh_code(&self) -> SecretText {
        self.clock.pass(STEP_MS);
        self.code()
    }

    pub(crate) fn unlock_with(
        &self,
        locked: &LockedVault,
        password: &str,
        code: &SecretText,
    ) -> Result<OpenVault, UnlockError> {
        let mut vault = locked.unlock(&text(password), Presence::Totp(code))?;
        vault.verify_fully()?;
        Ok(vault)
    }

    pub(crate) fn unlock(&self, locked: &LockedVault) -> OpenVault {
        let vault = self
            .unlock_with(locked, PASSWORD, &self.fresh_code())
            .expect("unlocks");
        assert_eq!(vault.trust(), Trust::Verified);
        vault
    }

    pub(crate) fn step_up(&self, vault: &mut OpenVault) -> Result<StepUp, StepUpError> {
        vault.step_up(Presence::Totp(&self.fresh_code()), Some(&text(PASSWORD)))
    }

    pub(crate) fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder().join(name)).expect("reads")
    }

    pub(crate) fn put_file(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder().join(name), bytes).expect("writes");
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(to)
        .expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copies");
        }
    }
}

/// The lines of a kit that hold codes, and its recovery secret.
pub(crate) fn read_kit(path: &Path) -> (SecretText, Vec<SecretText>) {
    let kit = std::fs::read_to_string(path).expect("a kit");
    let secret = kit
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 69)
        .expect("a secret");
    let codes = kit
        .lines()
        .filter_map(|line| line.trim().split_once("  "))
        .filter(|(_, code)| code.len() == 34)
        .map(|(_, code)| text(code))
        .collect();
    (text(secret), codes)
}
