//! The primitives, with sharp edges: nothing here knows what a key is for, so nothing here leaves
//! the crate. `safe` is what others see.

pub(crate) mod aead;
pub(crate) mod argon2;
pub(crate) mod hkdf;
pub(crate) mod mac;
pub(crate) mod merkle;
pub(crate) mod scrypt;
pub(crate) mod signing;
pub(crate) mod stream;
pub(crate) mod x25519;

#[cfg(test)]
mod wycheproof;
