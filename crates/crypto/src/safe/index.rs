//! The seal of `reminders.idx`, which a locked vault's device may open.

use strongroom_secret::{Key32, SecretBytes};

use crate::hazmat::aead;
use crate::random::{Random, RandomFailed};
use crate::safe::item::Unopenable;

const AAD: &[u8] = b"strongroom/v1/reminder-index";

/// Seals under K_idx, bound to the vault.
pub fn seal_index(
    random: &dyn Random,
    k_idx: &Key32,
    vault_id: &[u8; 16],
    plain: &[u8],
) -> Result<Vec<u8>, RandomFailed> {
    aead::seal(random, k_idx, &[AAD, vault_id].concat(), plain)
}

pub fn open_index(
    k_idx: &Key32,
    vault_id: &[u8; 16],
    sealed: &[u8],
) -> Result<SecretBytes, Unopenable> {
    aead::open(k_idx, &[AAD, vault_id].concat(), sealed).map_err(|_| Unopenable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn opens_for_its_own_vault_only() {
        let key = Key32::filled_by(|key| key.fill(1));
        let sealed = seal_index(&OsRandom, &key, &[1; 16], b"due").expect("randomness");
        assert_eq!(
            open_index(&key, &[1; 16], &sealed).expect("opens").expose(),
            b"due"
        );
        assert!(open_index(&key, &[2; 16], &sealed).is_err());
    }
}
