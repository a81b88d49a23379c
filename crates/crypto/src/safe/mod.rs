//! What others see of this crate: every function knows what its keys are for.

pub mod age;
pub(crate) mod auth_block;
pub(crate) mod bech32;
pub(crate) mod cbor;
pub mod checkpoint;
pub(crate) mod header;
pub(crate) mod identity;
pub(crate) mod index;
pub(crate) mod item;
pub(crate) mod kdf;
pub(crate) mod keys;
pub(crate) mod letters;
pub mod log;
pub(crate) mod passphrase;
pub(crate) mod password;
pub(crate) mod recovery;
pub(crate) mod slot;
pub mod sshsig;
pub(crate) mod totp;
