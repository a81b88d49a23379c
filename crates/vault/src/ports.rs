//! What the vault asks of the world: the time, the keyring and randomness.
//!
//! Everything here is a trait so that every rule of the vault is tested with a fake clock, a fake
//! keyring and repeatable randomness. Deliberately not here: how the operating system answers
//! (that is `agent`), and files, which the vault handles itself because their exact order of
//! writes is the rule being kept.

use std::fmt;
use std::sync::Arc;

use strongroom_crypto::{OsRandom, Random, RandomFailed};
use strongroom_secret::SecretText;

/// The time of day, which a person or a bad battery can change, and the time since boot, which
/// nobody can.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn utc_ms(&self) -> u64;
    /// Milliseconds since some moment of this boot; never goes back within one boot and counts
    /// time asleep (`CLOCK_BOOTTIME`).
    fn mono_ms(&self) -> u64;
    /// Changes with every boot, so that two monotonic times are compared within one boot only.
    fn boot_id(&self) -> [u8; 16];
}

/// The operating system's randomness.
pub trait Entropy: Send + Sync {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyFailed>;
}

/// The system gave no randomness; nothing that needs a secret may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness")]
pub struct EntropyFailed;

/// A place for small secrets that belong to this login on this machine.
///
/// No call may ever make the person's keyring ask for its password: a prompt that a background
/// program can raise is a prompt that people learn to answer.
pub trait Keyring: Send + Sync {
    fn get(&self, item: &ItemName) -> Lookup;
    /// Creates the item or replaces its value.
    fn set(&self, item: &ItemName, value: &SecretText) -> Result<(), KeyringRefused>;
    /// Deleting what is not there succeeds.
    fn delete(&self, item: &ItemName) -> Result<(), KeyringRefused>;
}

/// The name of an item: unique per vault, key generation and purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemName {
    pub vault_id: [u8; 16],
    pub key_gen: u32,
    pub purpose: Purpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The device secret DS, base64.
    DeviceSecret,
    /// The newest state this machine has seen, MACed.
    Anchor,
    /// The mirror of `preauth.state`.
    Throttle,
}

impl Purpose {
    /// The stable name used for the attribute of the item, and for the file where the device
    /// secret is a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeviceSecret => "device-secret",
            Self::Anchor => "anchor",
            Self::Throttle => "throttle",
        }
    }
}

/// What the keyring answered. Every case is told apart because each has its own remedy.
#[derive(Debug)]
pub enum Lookup {
    Value(SecretText),
    /// The keyring is open and has no such item.
    Missing,
    /// The keyring is locked; it was not asked to open.
    Locked,
    /// No keyring service answers here.
    Unavailable,
    /// Two items bear this name; taking either could be taking a planted one.
    Ambiguous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringRefused {
    #[error("the keyring is locked")]
    Locked,
    #[error("no keyring service answers")]
    Unavailable,
    #[error("the keyring holds two items of this name")]
    Ambiguous,
    #[error("the keyring did not take the item")]
    Failed,
}

/// The ports together, shared by everything that belongs to one vault.
#[derive(Clone)]
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub keyring: Arc<dyn Keyring>,
    pub entropy: Arc<dyn Entropy>,
}

impl Ports {
    /// A random 128-bit id.
    pub fn make_id(&self) -> Result<[u8; 16], EntropyFailed> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id)?;
        Ok(id)
    }

    /// The port as `crypto` takes it.
    pub(crate) fn random(&self) -> Draw<'_> {
        Draw(&*self.entropy)
    }

    /// One moment, read from all clocks together.
    pub fn now(&self) -> Moment {
        Moment {
            utc_ms: self.clock.utc_ms(),
            mono_ms: self.clock.mono_ms(),
            boot_id: self.clock.boot_id(),
        }
    }
}

/// The entropy port, dressed for `crypto`.
pub(crate) struct Draw<'a>(&'a dyn Entropy);

impl Random for Draw<'_> {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        self.0.fill(out).map_err(|_| RandomFailed)
    }
}

/// The operating system's randomness (`getrandom(2)`).
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyFailed> {
        OsRandom.fill(out).map_err(|_| EntropyFailed)
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}

/// A moment as the audit log and the throttle record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub utc_ms: u64,
    pub mono_ms: u64,
    pub boot_id: [u8; 16],
}
