//! The vault folder with its lock held, and the vault in it while it is locked.
//!
//! One process has a vault at a time: whoever holds the `flock` on `vault.lock`. The lock dies with
//! the process, so a crash leaves nothing to clean up.
//!
//! Deliberately not here: unlocking (`unlock.rs`) and making (`create.rs`).

use std::convert::Infallible;
use std::fs::{DirBuilder, OpenOptions};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{FlockOperation, flock};
use strongroom_crypto::{DeviceKeys, FixedPart, Header};

use crate::error::{DeviceSecretAbsent, FileError};
use crate::header_file::{self, HeaderReadError};
use crate::layout;
use crate::place::{DevicePlace, Places};
use crate::ports::Ports;
use crate::preauth::Throttle;

/// The folder of one vault, locked against other processes for as long as this lives.
#[derive(Debug)]
pub struct Home {
    folder: PathBuf,
    // Held, never read: closing it gives the lock back.
    _lock: OwnedFd,
    // Behind the lock, because fields end in their order: whoever waited for this finds it free.
    _held: Sender<Infallible>,
    left: Left,
}

/// Tells when a [`Home`] has given its lock back, which is a moment after nobody has it any more.
#[derive(Debug, Clone)]
pub struct Left(Arc<Mutex<Receiver<Infallible>>>);

impl Left {
    /// Waits until then.
    pub fn wait(&self) {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is ever sent: it ends with the sender.
        let _ended = left.recv();
    }
}

impl Home {
    /// Makes the folder (0700) if it is not there, and locks it.
    ///
    /// # Errors
    /// `AlreadyThere` if there is a vault in it.
    pub fn make(folder: &Path) -> Result<Arc<Self>, FileError> {
        match DirBuilder::new().mode(0o700).recursive(true).create(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(layout::classify(error));
            }
            _ => {}
        }
        let home = Self::open(folder)?;
        if std::fs::symlink_metadata(home.folder.join(layout::HEADER)).is_ok() {
            return Err(FileError::AlreadyThere);
        }
        Ok(home)
    }

    /// Locks an existing folder.
    ///
    /// # Errors
    /// `Busy` if another process holds it; `TooOpen` if others may look into it.
    pub fn open(folder: &Path) -> Result<Arc<Self>, FileError> {
        let found = std::fs::metadata(folder).map_err(layout::classify)?;
        if !found.is_dir() || found.uid() != rustix::process::geteuid().as_raw() {
            return Err(FileError::NotAPlainFile);
        }
        if found.mode() & 0o077 != 0 {
            return Err(FileError::TooOpen);
        }
        let folder = std::fs::canonicalize(folder).map_err(layout::classify)?;
        let lock = open_lock(&folder.join(layout::LOCK))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            rustix::io::Errno::WOULDBLOCK => FileError::Busy,
            other => layout::classify(other.into()),
        })?;
        let (held, left) = channel();
        Ok(Arc::new(Self {
            folder,
            _lock: lock,
            _held: held,
            left: Left(Arc::new(Mutex::new(left))),
        }))
    }

    /// Tells when the lock is given back; to be asked while it is held.
    pub fn left(&self) -> Left {
        self.left.clone()
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Replaces a file of the folder, giving up the reserve if the disk is full.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        match layout::replace(&self.folder, name, bytes) {
            Err(FileError::DiskFull) if self.give_up_reserve() => {
                layout::replace(&self.folder, name, bytes)
            }
            outcome => outcome,
        }
    }

    /// Frees the 1 MiB kept for a full disk; says whether there was something to free.
    pub(crate) fn give_up_reserve(&self) -> bool {
        std::fs::remove_file(self.folder.join(layout::RESERVE)).is_ok()
    }

    /// Puts the reserve back where it is missing. On a full disk it stays missing.
    pub(crate) fn keep_reserve(&self) {
        let path = self.folder.join(layout::RESERVE);
        if std::fs::symlink_metadata(&path).is_err() {
            // Zeros would be stored as a hole by some file systems; these bytes are not zeros.
            let filler = vec![0x5a; layout::RESERVE_BYTES];
            let _ = layout::write_new(&path, &filler);
        }
    }
}

/// Makes the lock file, or opens it for reading where the folder cannot be written: `flock` does
/// not mind.
fn open_lock(path: &Path) -> Result<OwnedFd, FileError> {
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let made = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(nofollow)
        .open(path)
        .or_else(|_| {
            OpenOptions::new()
                .read(true)
                .custom_flags(nofollow)
                .open(path)
        });
    made.map(OwnedFd::from).map_err(layout::classify)
}

/// A vault whose folder is held and whose keys are not had. Cheap to keep: it reads the header
/// anew for everything it does.
#[derive(Debug, Clone)]
pub struct LockedVault {
    pub(crate) home: Arc<Home>,
    pub(crate) ports: Ports,
    pub(crate) places: Places,
}

/// What is known of a vault without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedView {
    pub vault_id: [u8; 16],
    pub key_gen: u32,
    pub kdf_mib: u32,
    pub place: DevicePlace,
    /// `None`: the device secret is there.
    pub device_secret: Option<DeviceSecretAbsent>,
    /// Milliseconds until the next try is taken; 0 if one is taken now.
    pub throttled_ms: u64,
    pub has_recovery_slot: bool,
}

impl LockedVault {
    /// # Errors
    /// If there is no header or it is refused.
    pub fn open(home: Arc<Home>, ports: Ports, places: Places) -> Result<Self, HeaderReadError> {
        let vault = Self {
            home,
            ports,
            places,
        };
        vault.header()?;
        Ok(vault)
    }

    pub fn home(&self) -> &Arc<Home> {
        &self.home
    }

    pub fn vault_id(&self) -> Result<[u8; 16], HeaderReadError> {
        Ok(*self.header()?.fixed().vault_id())
    }

    pub fn look(&self) -> Result<LockedView, HeaderReadError> {
        let header = self.header()?;
        let fixed = header.fixed();
        let (place, _) = self.places.recorded(fixed.vault_id());
        let secret = place.device_secret(&self.ports, fixed.vault_id(), fixed.key_gen());
        let keys = secret
            .as_ref()
            .ok()
            .map(|ds| DeviceKeys::derive_from(ds, fixed.vault_id()));
        let throttle = Throttle::load(&self.home, &place, &self.ports, fixed, keys.as_ref());
        Ok(LockedView {
            vault_id: *fixed.vault_id(),
            key_gen: fixed.key_gen(),
            kdf_mib: fixed.kdf().cost.m_kib() / 1024,
            throttled_ms: throttle.wait_ms(&self.ports.now()),
            device_secret: secret.err(),
            has_recovery_slot: has_recovery_slot(&header),
            place,
        })
    }

    /// K_pre and K_idx of this device, for what is done while the vault is locked.
    pub fn device_keys(&self) -> Result<DeviceKeys, DeviceSecretAbsent> {
        let header = self.header().map_err(|_| DeviceSecretAbsent::Missing)?;
        self.device_keys_for(header.fixed())
    }

    fn device_keys_for(&self, fixed: &FixedPart) -> Result<DeviceKeys, DeviceSecretAbsent> {
        let (place, _) = self.places.recorded(fixed.vault_id());
        let ds = place.device_secret(&self.ports, fixed.vault_id(), fixed.key_gen())?;
        Ok(DeviceKeys::derive_from(&ds, fixed.vault_id()))
    }

    pub(crate) fn header(&self) -> Result<Header, HeaderReadError> {
        header_file::read(&self.home)
    }
}

pub(crate) fn has_recovery_slot(header: &Header) -> bool {
    header
        .slots()
        .iter()
        .any(|slot| slot.kind() == strongroom_crypto::SlotKind::Recovery)
}
