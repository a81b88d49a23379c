//! The contents of a database under a new vault key: every sealed value is opened and sealed anew,
//! every fingerprint made anew, and the result is recomputed from scratch before it is believed.
//!
//! Deliberately not here: the order of files and headers around it (`rotate_key.rs`).

use strongroom_crypto::{ItemAad, VaultKeys, fingerprint_secret, open_item, seal_item};
use strongroom_domain::Material;
use strongroom_domain::merge::Body;
use strongroom_secret::SecretBytes;
use strongroom_store::{Fingerprint, LocalSpace, Recount, Store, StoredWrite};

use crate::audit::AuditEvent;
use crate::devices::FactorRow;
use crate::ports::EntropyFailed;
use crate::sealed_local;
use crate::state::{Ledger, LedgerSeed, StateError, append, first_record};

impl Ledger {
    /// Copies everything from `from` into the new database `to`, in one transaction.
    pub(crate) fn copy_for_new_key(
        &self,
        from: &Store,
        old_keys: &VaultKeys,
        to: &mut Store,
        seed: LedgerSeed<'_>,
        event: AuditEvent,
        factors: &[&FactorRow],
    ) -> Result<Self, StateError> {
        let mut tx = to.begin()?;
        from.copy_into(&mut tx, |stored| reseal(stored, old_keys, &seed))?;
        for row in tx.local_rows(LocalSpace::Factor)? {
            tx.remove_local(LocalSpace::Factor, &row.name)?;
        }
        for factor in factors {
            // EXPOSE: kept inside the encrypted database, as the design says.
            tx.put_local(LocalSpace::Factor, factor.slot_id(), factor.body().expose())?;
        }
        sealed_local::AUDIT_KEY.move_to(&mut tx, (from, old_keys), &seed)?;
        sealed_local::IDENTITY.move_to(&mut tx, (from, old_keys), &seed)?;
        append(&mut tx, &seed, event)?;
        let record = first_record(&tx, &seed, self.record().epoch + 1);
        tx.put_state(&record.seal(&seed.keys.derive_state_key()))?;
        tx.commit()?;

        let found = Recount::run(to)?;
        let same = found.items_root() == record.items_root
            && found.list_root() == record.list_root
            && found.audit_size() == record.audit_size
            && found.audit_root() == record.audit_root;
        // The log must go on from where the old one stood.
        let continues = to.audit_root(self.record().audit_size)? == self.record().audit_root;
        if !(same && continues) {
            return Err(StateError::CopyDiffers);
        }
        Ok(Self::over(record))
    }
}

fn reseal(
    stored: &mut StoredWrite,
    old_keys: &VaultKeys,
    seed: &LedgerSeed<'_>,
) -> Result<(), StateError> {
    let write = &mut stored.write;
    let Body::Sealed { version, bytes } = &mut write.body else {
        return Ok(());
    };
    let write_id = write.id.as_bytes();
    let aad = ItemAad {
        vault_id: seed.vault_id,
        entry_id: *write.entry.as_bytes(),
        register: write.register.code(),
        write_id: *write_id,
        seal_version: *version,
    };
    let plain = open_item(&old_keys.derive_item_key(write_id), &aad, bytes)
        .map_err(|_| StateError::Unopenable)?;
    stored.fingerprints = refingerprint(&stored.fingerprints, &plain, old_keys, seed.keys)?;
    // EXPOSE: sealed again at once, and wiped when `plain` is dropped.
    *bytes = seal_item(
        &seed.ports.random(),
        &seed.keys.derive_item_key(write_id),
        &aad,
        plain.expose(),
    )
    .map_err(EntropyFailed::from)?;
    Ok(())
}

/// Makes each fingerprint anew from the field whose old fingerprint it is, so that nothing here
/// depends on how fields are numbered.
fn refingerprint(
    prints: &[Fingerprint],
    plain: &SecretBytes,
    old_keys: &VaultKeys,
    new_keys: &VaultKeys,
) -> Result<Vec<Fingerprint>, StateError> {
    if prints.is_empty() {
        return Ok(Vec::new());
    }
    let material = Material::decode(plain).map_err(|_| StateError::Unopenable)?;
    let (old_key, new_key) = (
        old_keys.derive_fingerprint_key(),
        new_keys.derive_fingerprint_key(),
    );
    prints
        .iter()
        .map(|Fingerprint { field, print }| {
            material
                .fields()
                .iter()
                // EXPOSE: hashed under the fingerprint keys.
                .map(|field| field.value.expose().as_bytes())
                .find(|value| fingerprint_secret(&old_key, value) == *print)
                .map(|value| Fingerprint {
                    field: *field,
                    print: fingerprint_secret(&new_key, value),
                })
                .ok_or(StateError::Unopenable)
        })
        .collect()
}
