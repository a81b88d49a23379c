//! The key hierarchy: factors, the vault key VK, the vault root VR, and every key under it.
//!
//! Deliberately not here: how VK is wrapped (`slot.rs`) and where device secrets are kept.

use strongroom_secret::{Key32, LockedKey};

use crate::hazmat::hkdf;
use crate::random::{Random, RandomFailed};

/// F_d, the factor that the device secret DS gives one device.
pub fn derive_factor_device(
    ds: &Key32,
    vault_id: &[u8; 16],
    device_id: &[u8; 16],
    key_gen: u32,
) -> Key32 {
    let info: [&[u8]; 3] = [
        b"strongroom/v1/factor/device",
        device_id,
        &key_gen.to_be_bytes(),
    ];
    // EXPOSE: input of the derivation.
    hkdf::derive(ds.expose(), vault_id, &info)
}

/// F_r, the factor that the recovery secret RS gives.
pub fn derive_factor_recovery(rs: &Key32, vault_id: &[u8; 16], key_gen: u32) -> Key32 {
    let info: [&[u8]; 2] = [b"strongroom/v1/factor/recovery", &key_gen.to_be_bytes()];
    // EXPOSE: input of the derivation.
    hkdf::derive(rs.expose(), vault_id, &info)
}

/// K_pre and K_idx: what a device may do for a vault that is locked.
#[derive(Debug)]
pub struct DeviceKeys {
    preauth: Key32,
    index: Key32,
}

impl DeviceKeys {
    pub fn derive_from(ds: &Key32, vault_id: &[u8; 16]) -> Self {
        // EXPOSE: input of the derivations.
        let ds = ds.expose();
        Self {
            preauth: hkdf::derive(ds, vault_id, &[b"strongroom/v1/preauth-mac"]),
            index: hkdf::derive(ds, vault_id, &[b"strongroom/v1/reminder-index"]),
        }
    }

    /// K_pre: MACs `preauth.state` and the anchor.
    pub fn preauth(&self) -> &Key32 {
        &self.preauth
    }

    /// K_idx: seals `reminders.idx`.
    pub fn index(&self) -> &Key32 {
        &self.index
    }
}

/// VK: what every slot wraps.
#[derive(Debug)]
pub struct VaultKey(pub(crate) Key32);

impl VaultKey {
    pub fn make(random: &dyn Random) -> Result<Self, RandomFailed> {
        Key32::try_filled_by(|key| random.fill(key)).map(Self)
    }
}

/// VR, in locked memory, and what is derived from it.
#[derive(Debug)]
pub struct VaultKeys(LockedKey<32>);

impl VaultKeys {
    /// VR = HKDF-Extract(salt = "strongroom/v1/root" ‖ vault_id ‖ key_gen, VK).
    ///
    /// `None` if the system gives no page of memory for it.
    pub fn derive_from(vk: &VaultKey, vault_id: &[u8; 16], key_gen: u32) -> Option<Self> {
        let salt = [
            b"strongroom/v1/root".as_slice(),
            vault_id,
            &key_gen.to_be_bytes(),
        ]
        .concat();
        // EXPOSE: input of the derivation.
        LockedKey::filled_by(|vr| hkdf::extract_into(&salt, &[vk.0.expose()], vr)).map(Self)
    }

    /// Whether the root could be locked into memory; where not, it might reach the swap.
    pub fn is_locked(&self) -> bool {
        self.0.is_locked()
    }

    /// K_auth: seals the auth block.
    pub fn derive_auth_key(&self) -> Key32 {
        self.expand(&[b"strongroom/v1/auth-block"])
    }

    /// K_db: opens the database of this instance.
    pub fn derive_db_key(&self, db_instance_id: &[u8; 16]) -> Key32 {
        self.expand(&[b"strongroom/v1/db/sqlcipher", db_instance_id])
    }

    /// K_item: seals the body of one write.
    pub fn derive_item_key(&self, write_id: &[u8; 16]) -> Key32 {
        self.expand(&[b"strongroom/v1/item", write_id])
    }

    /// K_state: MACs the state record.
    pub fn derive_state_key(&self) -> Key32 {
        self.expand(&[b"strongroom/v1/state-mac"])
    }

    /// K_fpr: fingerprints of secrets.
    pub fn derive_fingerprint_key(&self) -> Key32 {
        self.expand(&[b"strongroom/v1/secret-fingerprint"])
    }

    fn expand(&self, info: &[&[u8]]) -> Key32 {
        // EXPOSE: input of the derivation.
        hkdf::expand(self.0.expose(), info)
    }
}
