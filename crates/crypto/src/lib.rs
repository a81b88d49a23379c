//! The vault header, its slots, the key hierarchy and the Merkle log.
//!
//! Two layers: `safe` is what others see, where every function knows what its keys are for;
//! `hazmat` holds the primitives and never leaves the crate. Functions named `derive_` are
//! deterministic, those named `make_` draw randomness. The bytes made here are described in
//! `docs/vault-format.md` and `docs/share-format.md` and frozen in `tests/vectors`.
//!
//! Deliberately not here: files, the database, the keyring, the clock, and what an item means.

mod hazmat;
mod random;
mod safe;

pub use random::{OsRandom, Random, RandomFailed};
pub use safe::age;
pub use safe::auth_block::{AuthBlock, AuthBlockError, Policy, RecoveryEntry};
pub use safe::cbor::{CborError, canonical};
pub use safe::checkpoint::{self, Checkpoint, NoteError};
pub use safe::header::{FixedPart, Header, HeaderError, MAX_HEADER_BYTES};
pub use safe::identity::{
    Fingerprint, FingerprintRefused, Identity, IdentityRefused, PublicIdentity,
};
pub use safe::index::{open_index, seal_index};
pub use safe::item::{
    FINGERPRINT_BYTES, ItemAad, Unopenable, fingerprint_secret, mac, mac_ok, open_item, seal_item,
};
pub use safe::kdf::{Cost, KdfError, KdfParams, calibrate, derive_pw};
pub use safe::keys::{
    DeviceKeys, VaultKey, VaultKeys, derive_factor_device, derive_factor_recovery,
};
pub use safe::log as merkle;
pub use safe::passphrase::{PASSPHRASE_WORDS, make_passphrase, read_passphrase};
pub use safe::password::{PasswordRefused, check_password};
pub use safe::recovery::{
    KitSecretError, RECOVERY_CODES, RecoveryCode, RecoveryCodeError, format_recovery_secret,
    kit_fingerprint, make_recovery_codes, parse_recovery_secret,
};
pub use safe::slot::{Slot, SlotKind, SlotRefused};
pub use safe::sshsig;
pub use safe::totp::{Totp, TotpCode};
