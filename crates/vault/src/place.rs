//! Where a device keeps its secret, its anchor and the mirror of the throttle: the keyring, or
//! files under the state folder.
//!
//! The choice is made in words when a device is enrolled and recorded; nothing here ever falls
//! back from one to the other.
//!
//! Deliberately not here: what the items say, except the device secret itself.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use strongroom_domain::DeviceId;
use strongroom_secret::{Key32, SecretBytes, SecretText};

use crate::error::{DeviceSecretAbsent, FileError};
use crate::layout;
use crate::ports::{ItemName, KeyringRefused, Lookup, Ports, Purpose};

const RECORD: &str = "place";
const MOST_RECORD_BYTES: usize = 256;
const MOST_ITEM_BYTES: usize = 4096;

/// Which of the two, as the person chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceChoice {
    /// The operating system's keyring.
    Keyring,
    /// A 0600 file under the state folder: whoever has the disk has it too.
    File,
}

/// The folder under which this machine keeps what belongs to it and to no vault folder
/// (`$XDG_STATE_HOME/strongroom`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub state_folder: PathBuf,
}

/// Where the items of one vault are kept on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DevicePlace {
    Keyring,
    File { folder: PathBuf },
}

impl Places {
    fn folder(&self, vault_id: &[u8; 16]) -> PathBuf {
        self.state_folder.join(HEXLOWER.encode(vault_id))
    }

    pub(crate) fn place(&self, vault_id: &[u8; 16], choice: PlaceChoice) -> DevicePlace {
        match choice {
            PlaceChoice::Keyring => DevicePlace::Keyring,
            PlaceChoice::File => DevicePlace::File {
                folder: self.folder(vault_id),
            },
        }
    }

    /// The recorded place and the id of this device. Without a record it is the keyring: a file is
    /// used only where its choice was recorded.
    pub(crate) fn recorded(&self, vault_id: &[u8; 16]) -> (DevicePlace, Option<DeviceId>) {
        let bytes = layout::read(&self.folder(vault_id), RECORD, MOST_RECORD_BYTES);
        let text = bytes
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default();
        let mut lines = text.lines();
        let choice = match lines.next() {
            Some("file") => PlaceChoice::File,
            _ => PlaceChoice::Keyring,
        };
        let device = lines.next().and_then(|line| DeviceId::parse(line).ok());
        (self.place(vault_id, choice), device)
    }

    pub(crate) fn record(
        &self,
        vault_id: &[u8; 16],
        place: &DevicePlace,
        device: DeviceId,
    ) -> Result<(), FileError> {
        let folder = self.folder(vault_id);
        make_folder(&folder)?;
        let word = match place {
            DevicePlace::Keyring => "keyring",
            DevicePlace::File { .. } => "file",
        };
        layout::replace(&folder, RECORD, format!("{word}\n{device}\n").as_bytes())
    }
}

fn make_folder(folder: &Path) -> Result<(), FileError> {
    DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(folder)
        .map_err(layout::classify)
}

fn file_name(item: &ItemName) -> String {
    format!("{}.{}", item.purpose.as_str(), item.key_gen)
}

impl DevicePlace {
    pub fn choice(&self) -> PlaceChoice {
        match self {
            Self::Keyring => PlaceChoice::Keyring,
            Self::File { .. } => PlaceChoice::File,
        }
    }

    pub(crate) fn get(&self, ports: &Ports, item: &ItemName) -> Lookup {
        match self {
            Self::Keyring => ports.keyring.get(item),
            Self::File { folder } => {
                match layout::read(folder, &file_name(item), MOST_ITEM_BYTES) {
                    Ok(bytes) => SecretBytes::new(bytes)
                        .into_text()
                        .map_or(Lookup::Missing, Lookup::Value),
                    Err(_) => Lookup::Missing,
                }
            }
        }
    }

    pub(crate) fn set(
        &self,
        ports: &Ports,
        item: &ItemName,
        value: &SecretText,
    ) -> Result<(), KeyringRefused> {
        match self {
            Self::Keyring => ports.keyring.set(item, value),
            Self::File { folder } => make_folder(folder)
                // EXPOSE: the person chose to keep these items in 0600 files.
                .and_then(|()| layout::replace(folder, &file_name(item), value.expose().as_bytes()))
                .map_err(|_| KeyringRefused::Failed),
        }
    }

    pub(crate) fn delete(&self, ports: &Ports, item: &ItemName) -> Result<(), KeyringRefused> {
        match self {
            Self::Keyring => ports.keyring.delete(item),
            Self::File { folder } => {
                layout::remove(folder, &file_name(item)).map_err(|_| KeyringRefused::Failed)
            }
        }
    }

    /// DS of this device.
    pub(crate) fn device_secret(
        &self,
        ports: &Ports,
        vault_id: &[u8; 16],
        key_gen: u32,
    ) -> Result<Key32, DeviceSecretAbsent> {
        let item = ItemName {
            vault_id: *vault_id,
            key_gen,
            purpose: Purpose::DeviceSecret,
        };
        let text = match self.get(ports, &item) {
            Lookup::Value(text) => text,
            Lookup::Missing => return Err(DeviceSecretAbsent::Missing),
            Lookup::Locked => return Err(DeviceSecretAbsent::KeyringLocked),
            Lookup::Unavailable => return Err(DeviceSecretAbsent::NoKeyring),
            Lookup::Ambiguous => return Err(DeviceSecretAbsent::Ambiguous),
        };
        // EXPOSE: decoded into memory that wipes itself.
        let decoded = BASE64
            .decode(text.expose().trim_end().as_bytes())
            .map(SecretBytes::new);
        decoded
            .ok()
            // EXPOSE: moved from one wiped memory into another.
            .and_then(|bytes| Key32::from_slice(bytes.expose()))
            .ok_or(DeviceSecretAbsent::Damaged)
    }

    pub(crate) fn keep_device_secret(
        &self,
        ports: &Ports,
        vault_id: &[u8; 16],
        key_gen: u32,
        ds: &Key32,
    ) -> Result<(), KeyringRefused> {
        let item = ItemName {
            vault_id: *vault_id,
            key_gen,
            purpose: Purpose::DeviceSecret,
        };
        // EXPOSE: text, because KWallet takes UTF-8 only.
        let text = SecretText::new(BASE64.encode(ds.expose()));
        self.set(ports, &item, &text)?;
        // A keyring that answers "stored" and holds something else would lock the person out.
        match self.device_secret(ports, vault_id, key_gen) {
            Ok(found) if found.ct_eq(ds) => Ok(()),
            _ => Err(KeyringRefused::Failed),
        }
    }
}
