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
    /// Another bus than the session's, for a test that has one of its own.
    address: Option<String>,
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
    /// The keyring of another bus than the session's.
    #[cfg(test)]
    fn at(address: &str) -> Self {
        Self {
            address: Some(address.to_owned()),
            ..Self::default()
        }
    }

    fn connect(&self) -> Result<SecretService<'static>, Error> {
        let builder = match &self.address {
            Some(address) => zbus::blocking::connection::Builder::address(address.as_str()),
            None => zbus::blocking::connection::Builder::session(),
        };
        let bus = builder
            .and_then(|builder| builder.method_timeout(PATIENCE).build())
            .map_err(|_| Error::Unavailable)?;
        SecretService::connect_with_existing(EncryptionType::Dh, bus)
    }

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
        let connected = service.insert(self.connect()?);
        work(connected)
    }

    fn service(&self) -> MutexGuard<'_, Option<SecretService<'static>>> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

#[cfg(test)]
mod tests {
    //! Against the real gnome-keyring on a bus of its own, which this test starts itself.

    use std::io::{BufRead, BufReader, Write};
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::Instant;

    use super::*;

    /// No service is started by the bus itself, so that "nobody there" can be tested too.
    const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

    struct Ends(Child);

    impl Drop for Ends {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn start_bus(folder: &Path) -> (Ends, String) {
        let config = folder.join("bus.conf");
        std::fs::write(&config, BUS).expect("written");
        let mut bus = Command::new("dbus-daemon")
            .arg("--nofork")
            .arg("--print-address=1")
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("piped"))
            .read_line(&mut address)
            .expect("an address");
        (Ends(bus), address.trim().to_owned())
    }

    fn start_keyring(folder: &Path, address: &str) -> Ends {
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("XDG_DATA_HOME", folder.join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut input = keyring.stdin.take().expect("piped");
        input.write_all(b"ci-password").expect("taken");
        Ends(keyring)
    }

    fn name(purpose: Purpose) -> ItemName {
        ItemName {
            vault_id: [7; 16],
            key_gen: 1,
            purpose,
        }
    }

    fn text(text: &str) -> SecretText {
        SecretText::new(text.to_owned())
    }

    fn shown(lookup: &Lookup) -> String {
        match lookup {
            Lookup::Value(value) => value.expose().to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn wait_until_open(keyring: &SecretServiceKeyring) {
        let until = Instant::now() + Duration::from_secs(20);
        while keyring.probe().is_err() {
            assert!(Instant::now() < until, "the keyring did not open");
            std::thread::yield_now();
        }
    }

    #[test]
    fn every_state_of_the_real_keyring_is_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_bus, address) = start_bus(folder.path());
        let keyring = SecretServiceKeyring::at(&address);
        let item = name(Purpose::DeviceSecret);
        assert_eq!(shown(&keyring.get(&item)), "Unavailable");
        assert_eq!(
            keyring.set(&item, &text("x")),
            Err(KeyringRefused::Unavailable)
        );

        let service = start_keyring(folder.path(), &address);
        wait_until_open(&keyring);
        assert_eq!(shown(&keyring.get(&item)), "Missing");
        assert_eq!(keyring.delete(&item), Ok(()));
        for value in ["first", "second"] {
            assert_eq!(keyring.set(&item, &text(value)), Ok(()));
            assert_eq!(shown(&keyring.get(&item)), value);
        }
        assert_eq!(shown(&keyring.get(&name(Purpose::Anchor))), "Missing");

        let other = SecretServiceKeyring::at(&address);
        other
            .with_service(|service| {
                let attributes = attributes(&item);
                let attributes = borrowed(&attributes);
                let collection = service.get_default_collection()?;
                collection
                    .create_item("planted", attributes, b"planted", false, CONTENT_TYPE)
                    .map(|_| ())
            })
            .expect("planted");
        assert_eq!(shown(&keyring.get(&item)), "Ambiguous");
        assert_eq!(
            keyring.set(&item, &text("x")),
            Err(KeyringRefused::Ambiguous)
        );
        assert_eq!(keyring.delete(&item), Err(KeyringRefused::Ambiguous));

        let anchor = name(Purpose::Anchor);
        assert_eq!(keyring.set(&anchor, &text("anchor")), Ok(()));
        other
            .with_service(|service| service.get_default_collection()?.lock())
            .expect("locked");
        let began = Instant::now();
        assert_eq!(shown(&keyring.get(&anchor)), "Locked");
        assert_eq!(
            shown(&keyring.get(&name(Purpose::Throttle))),
            "Locked",
            "what is not seen in a locked keyring may be there"
        );
        assert_eq!(
            keyring.set(&anchor, &text("x")),
            Err(KeyringRefused::Locked)
        );
        assert_eq!(keyring.delete(&anchor), Err(KeyringRefused::Locked));
        assert_eq!(keyring.probe(), Err(KeyringRefused::Locked));
        assert!(began.elapsed() < PATIENCE, "nothing waits for a prompt");

        drop(service);
        assert_eq!(shown(&keyring.get(&anchor)), "Unavailable");
        let _service = start_keyring(folder.path(), &address);
        wait_until_open(&keyring);
        assert_eq!(shown(&keyring.get(&anchor)), "anchor");
    }
}
