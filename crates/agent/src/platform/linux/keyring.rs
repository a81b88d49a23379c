//! The keyring: the Secret Service of the session, asked so that it never prompts.
//!
//! Locked collections and items are looked at and left locked; what is found twice is refused
//! rather than picked. Not here: what is kept (the vault decides) and the file that stands in for
//! the keyring where a person chose that.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};
use strongroom_secret::{SecretBytes, SecretText};
use strongroom_vault::ports::{ItemName, Keyring, KeyringRefused, Lookup, Purpose};

/// A keyring that does not answer is not waited for longer than a person would.
const PATIENCE: Duration = Duration::from_secs(5);

/// The Secret Service, connected when it is first needed and again when the bus has gone away.
#[derive(Default)]
pub(crate) struct SecretServiceKeyring {
    service: Mutex<Option<SecretService<'static>>>,
}

impl fmt::Debug for SecretServiceKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretServiceKeyring")
    }
}

/// Items of one name, as far as they can be seen without opening anything.
enum Found<'a> {
    One(Item<'a>),
    None,
    Locked,
    Several,
}

impl Keyring for SecretServiceKeyring {
    fn get(&self, item: &ItemName) -> Lookup {
        self.with_service(|service| {
            Ok(match find(service, item)? {
                Found::One(found) => SecretBytes::new(found.get_secret()?)
                    .into_text()
                    .map_or(Lookup::Missing, Lookup::Value),
                Found::None => Lookup::Missing,
                Found::Locked => Lookup::Locked,
                Found::Several => Lookup::Ambiguous,
            })
        })
        .unwrap_or_else(|error| match error {
            Error::Locked | Error::Prompt | Error::PromptDisconnected => Lookup::Locked,
            _ => Lookup::Unavailable,
        })
    }

    fn set(&self, item: &ItemName, value: &SecretText) -> Result<(), KeyringRefused> {
        self.with_service(|service| {
            // EXPOSE: it is being handed to the keyring, encrypted for the way over the bus.
            let bytes = value.expose().as_bytes();
            match find(service, item)? {
                Found::One(found) => found.set_secret(bytes, CONTENT_TYPE).map(Ok),
                Found::Several => Ok(Err(KeyringRefused::Ambiguous)),
                Found::Locked => Ok(Err(KeyringRefused::Locked)),
                Found::None => {
                    let collection = service.get_default_collection()?;
                    collection.ensure_unlocked()?;
                    let attributes = attributes(item);
                    let attributes = borrowed(&attributes);
                    collection
                        .create_item(&label(item), attributes, bytes, false, CONTENT_TYPE)
                        .map(|_| Ok(()))
                }
            }
        })
        .unwrap_or_else(|error| Err(refused(&error)))
    }

    fn delete(&self, item: &ItemName) -> Result<(), KeyringRefused> {
        self.with_service(|service| match find(service, item)? {
            Found::One(found) => found.delete().map(Ok),
            Found::None => Ok(Ok(())),
            Found::Several => Ok(Err(KeyringRefused::Ambiguous)),
            Found::Locked => Ok(Err(KeyringRefused::Locked)),
        })
        .unwrap_or_else(|error| Err(refused(&error)))
    }
}

impl SecretServiceKeyring {
    /// Whether a keyring answers and its default collection is open, for the self-test.
    pub(crate) fn probe(&self) -> Result<(), KeyringRefused> {
        self.with_service(|service| service.get_default_collection()?.ensure_unlocked())
            .map_err(|error| refused(&error))
    }

    /// Runs `work` with a connection. One that was made earlier may have died with the bus, so a
    /// failure there is tried once more with a new one.
    fn with_service<R>(
        &self,
        work: impl Fn(&SecretService<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut service = self.service();
        if let Some(connected) = service.as_ref() {
            match work(connected) {
                Err(Error::Zbus(_) | Error::ZbusFdo(_) | Error::Crypto(_) | Error::NoResult) => {
                    *service = None;
                }
                outcome => return outcome,
            }
        }
        let connected = service.insert(connect()?);
        work(connected)
    }

    fn service(&self) -> MutexGuard<'_, Option<SecretService<'static>>> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect() -> Result<SecretService<'static>, Error> {
    let bus = zbus::blocking::connection::Builder::session()?
        .method_timeout(PATIENCE)
        .build()
        .map_err(|_| Error::Unavailable)?;
    SecretService::connect_with_existing(EncryptionType::Dh, bus)
}

fn find<'a>(service: &'a SecretService<'a>, name: &ItemName) -> Result<Found<'a>, Error> {
    let attributes = attributes(name);
    let mut found = service.search_items(borrowed(&attributes))?;
    Ok(match (found.unlocked.len(), found.locked.len()) {
        (1, 0) => match found.unlocked.pop() {
            // Asked again of the item itself: services differ in how they sort them.
            Some(item) if !item.is_locked()? => Found::One(item),
            _ => Found::Locked,
        },
        // Some services do not find what lies in a locked collection.
        (0, 0) => match service.get_default_collection() {
            Ok(collection) if collection.is_locked()? => Found::Locked,
            Ok(_) | Err(Error::NoResult) => Found::None,
            Err(error) => return Err(error),
        },
        (0, 1) => Found::Locked,
        _ => Found::Several,
    })
}

const CONTENT_TYPE: &str = "text/plain";

fn attributes(name: &ItemName) -> [(&'static str, String); 5] {
    [
        ("xdg:schema", "org.strongroom.Item".to_owned()),
        ("application", "strongroom".to_owned()),
        ("vault", HEXLOWER.encode(&name.vault_id)),
        ("generation", name.key_gen.to_string()),
        ("purpose", name.purpose.as_str().to_owned()),
    ]
}

fn borrowed<'a>(attributes: &'a [(&'static str, String)]) -> HashMap<&'a str, &'a str> {
    attributes
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// What a person sees in the keyring's own program.
fn label(name: &ItemName) -> String {
    let what = match name.purpose {
        Purpose::DeviceSecret => "device secret",
        Purpose::Anchor => "newest state seen",
        Purpose::Throttle => "unlock tries",
    };
    let vault = HEXLOWER.encode(&name.vault_id[..4]);
    format!("Strongroom: {what} of vault {vault}")
}

fn refused(error: &Error) -> KeyringRefused {
    match error {
        Error::Locked | Error::Prompt | Error::PromptDisconnected => KeyringRefused::Locked,
        Error::Zbus(_) | Error::ZbusFdo(_) | Error::Unavailable | Error::NoResult => {
            KeyringRefused::Unavailable
        }
        _ => KeyringRefused::Failed,
    }
}
