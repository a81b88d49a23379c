//! The one home of plaintext secrets.
//!
//! Every type here wipes its memory when dropped, prints as `[redacted]`, and can be neither
//! cloned, serialised nor dereferenced: reading one takes an explicit `expose()`, and every call
//! of it in the product carries an `// EXPOSE:` comment that says why.
//!
//! Deliberately not here: encryption, encodings, and anything that knows what a secret is *for*.
//!
//! ```compile_fail
//! let secret = strongroom_secret::SecretText::new("hunter2".to_owned());
//! let copy = secret.clone(); // secrets are moved, never copied
//! ```

mod harden;
mod locked;
mod pages;
mod plain;
mod stack;

pub use harden::{
    HardenReport, close_inherited_descriptors, harden_process, take_inherited_descriptor,
};
pub use locked::LockedKey;
pub use pages::{advise_huge_pages, keep_one_arena, let_go_of_code, return_free_memory};
pub use plain::{Key, SecretBytes, SecretText};
pub use stack::wipe_dead_stack;
pub use zeroizing_alloc::ZeroAlloc;

/// 32 bytes: the size of every symmetric key of the product.
pub type Key32 = Key<32>;
