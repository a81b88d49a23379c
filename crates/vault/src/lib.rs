//! The use cases of the vault, over ports for clock, keyring and randomness.
//!
//! A vault is a folder. [`Home`] is that folder with its lock held; [`Enrolment`] makes a new
//! vault in two steps; [`LockedVault`] is a vault whose header was read; [`OpenVault`] holds the
//! keys and the database and is what every use case is a method of. Locking is dropping it.
//!
//! Deliberately not here: the environment, the clock of the system, printing, sockets, windows.
//! Nothing of `store` or `crypto` is handed out; what leaves are types of this crate and of
//! `domain`.

pub mod ports;

mod create;
mod devices;
mod error;
mod header_file;
mod home;
mod layout;
mod new_device;
mod open;
mod password;
mod place;
mod preauth;
mod recovery;
mod rotate_key;
mod stepup;
mod totp;
mod unlock;

pub use create::{CreateError, Created, Enrolment, NewVault};
pub use devices::{DeviceKind, DeviceView};
pub use error::*;
pub use header_file::HeaderReadError;
pub use home::{Home, LockedVault, LockedView};
pub use open::{OpenVault, Trust};
pub use place::{DevicePlace, PlaceChoice, Places};
pub use recovery::{KitTest, KitView};
pub use rotate_key::Rotated;
pub use stepup::{Need, StepUp};
pub use totp::TotpReset;
pub use unlock::{Presence, UnlockError};
