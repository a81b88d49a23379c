//! Making a vault, in two steps: an authenticator is shown, and when a code of it was typed back
//! everything is written, the header last.
//!
//! Deliberately not here: the text of the kit (`recovery.rs`).

use std::path::Path;
use std::sync::Arc;

use strongroom_crypto::{
    AuthBlock, Cost, DeviceKeys, FixedPart, KdfParams, PasswordRefused, Policy, Slot, SlotKind,
    Totp, TotpCode, VaultKey, VaultKeys, calibrate, check_password, derive_factor_device,
    derive_pw,
};
use strongroom_domain::{DeviceId, MemberId};
use strongroom_secret::{Key32, SecretText};
use strongroom_store::{LocalSpace, Marker, OpenError, Store};

use crate::anchor::AnchorRead;
use crate::devices::FactorRow;
use crate::error::{FileError, HeaderChangeError};
use crate::header_file::{self, seal_header};
use crate::home::{Home, LockedVault};
use crate::layout;
use crate::open::{OpenVault, Trust};
use crate::place::{DevicePlace, PlaceChoice, Places};
use crate::ports::{EntropyFailed, ItemName, Lookup, Ports, Purpose};
use crate::recovery::{KitView, NewKit, no_recovery_codes};
use crate::state::{Ledger, LedgerSeed, StateError};
use crate::unlock::UnlockNote;

const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a person chooses for a new vault.
#[derive(Debug, Clone, Copy)]
pub struct NewVault<'a> {
    pub place: PlaceChoice,
    /// Argon2id memory in MiB; `None` measures this machine.
    pub kdf_mib: Option<u32>,
    pub device_name: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    #[error("the memory for the password must be between 64 and 2048 MiB")]
    KdfMemory,
    #[error(
        "no keyring answers here; choose the device-secret file, knowing that whoever has this disk then has it too"
    )]
    NoKeyring,
    #[error("the keyring is locked; unlock it, or choose the device-secret file")]
    KeyringLocked,
    #[error("the keyring did not take the device secret")]
    KeyringRefused,
    #[error("wrong code; look at the time of this machine and of the authenticator")]
    WrongCode,
    #[error("this vault was made already")]
    AlreadyMade,
    #[error("there is not enough free memory")]
    NoMemory,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Kit(HeaderChangeError),
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

impl From<strongroom_crypto::RandomFailed> for CreateError {
    fn from(failed: strongroom_crypto::RandomFailed) -> Self {
        Self::Entropy(failed.into())
    }
}

/// A vault that is about to be made. Nothing is written before [`Enrolment::confirm`].
#[derive(Debug)]
pub struct Enrolment {
    locked: LockedVault,
    place: DevicePlace,
    device_name: String,
    fixed: FixedPart,
    pw: Key32,
    totp: Option<Totp>,
    kdf_ms: u64,
}

/// A vault that was made; it is open.
#[derive(Debug)]
pub struct Created {
    pub vault: OpenVault,
    pub locked: LockedVault,
    pub kit: Option<KitView>,
}

impl Enrolment {
    /// Judges the password, measures the machine, and draws the authenticator's seed.
    pub fn begin(
        home: Arc<Home>,
        ports: Ports,
        places: Places,
        password: &SecretText,
        new: NewVault<'_>,
    ) -> Result<Self, CreateError> {
        check_password(password)?;
        let vault_id = ports.make_id()?;
        let place = places.place(&vault_id, new.place);
        check_place(&place, &ports, vault_id)?;
        let cost = match new.kdf_mib {
            None => calibrate(&|| ports.clock.mono_ms()),
            Some(mib) => mib
                .checked_mul(1024)
                .and_then(|kib| Cost::parse(kib, Cost::DEFAULT.t(), Cost::DEFAULT.p()).ok())
                .ok_or(CreateError::KdfMemory)?,
        };
        let mut salt = [0; 32];
        ports.entropy.fill(&mut salt)?;
        let fixed = FixedPart::new(vault_id, KdfParams { cost, salt }, 1);
        let begun = ports.clock.mono_ms();
        let pw = derive_pw(password, fixed.kdf()).map_err(|_| CreateError::NoMemory)?;
        let kdf_ms = ports.clock.mono_ms().saturating_sub(begun);
        let totp = Some(Totp::make(&ports.random())?);
        let device_name = new.device_name.to_owned();
        let locked = LockedVault {
            home,
            ports,
            places,
        };
        Ok(Self {
            locked,
            place,
            device_name,
            fixed,
            pw,
            totp,
            kdf_ms,
        })
    }

    /// `otpauth://totp/…`, for a QR code. `None` once the vault was made.
    pub fn uri(&self, account: &str) -> Option<SecretText> {
        self.totp.as_ref().map(|totp| totp.uri(account))
    }

    /// The seed, base32, for typing.
    pub fn seed(&self) -> Option<SecretText> {
        self.totp.as_ref().map(Totp::seed_text)
    }

    /// Memory in MiB, passes, lanes.
    pub fn kdf(&self) -> (u32, u32, u32) {
        let cost = self.fixed.kdf().cost;
        (cost.m_kib() / 1024, cost.t(), cost.p())
    }

    /// Milliseconds one derivation took here.
    pub fn kdf_ms(&self) -> u64 {
        self.kdf_ms
    }

    pub fn vault_id(&self) -> &[u8; 16] {
        self.fixed.vault_id()
    }

    /// Writes the vault once a code of the new authenticator was typed back. With a wrong code it
    /// may be called again.
    pub fn confirm(
        &mut self,
        code: &SecretText,
        kit_path: Option<&Path>,
    ) -> Result<Created, CreateError> {
        let now_ms = self.locked.ports.clock.utc_ms();
        let totp = self.totp.as_ref().ok_or(CreateError::AlreadyMade)?;
        let code = TotpCode::parse(code).ok_or(CreateError::WrongCode)?;
        let step = totp.check(&code, now_ms, 0).ok_or(CreateError::WrongCode)?;
        let mut draft = Draft::make(self, now_ms)?;
        let kit = match kit_path {
            Some(path) => Some(draft.write_kit(self, path)?),
            None => None,
        };
        let made = self.write_all(draft, step, now_ms);
        match made {
            Ok(vault) => Ok(Created {
                vault,
                locked: self.locked.clone(),
                kit,
            }),
            Err(error) => {
                let in_doubt = matches!(
                    error,
                    CreateError::File(FileError::InDoubt | FileError::NotAsWritten)
                );
                if in_doubt {
                    // The header may stand, and then kit and device secret are what opens it.
                    return Err(error);
                }
                // Without its header nothing of it is a vault; what was written is taken back.
                if let Some(kit) = kit {
                    let _ = std::fs::remove_file(kit.path);
                }
                let _ = self.place.delete(&self.locked.ports, &self.secret_item());
                Err(error)
            }
        }
    }

    fn secret_item(&self) -> ItemName {
        let vault_id = *self.fixed.vault_id();
        ItemName {
            vault_id,
            key_gen: self.fixed.key_gen(),
            purpose: Purpose::DeviceSecret,
        }
    }

    /// Device secret, database, header: each is worth nothing before the last.
    fn write_all(
        &mut self,
        draft: Draft,
        step: u64,
        now_ms: u64,
    ) -> Result<OpenVault, CreateError> {
        let LockedVault {
            home,
            ports,
            places,
        } = &self.locked;
        let fixed = &self.fixed;
        let (vault_id, key_gen) = (*fixed.vault_id(), fixed.key_gen());
        self.place
            .keep_device_secret(ports, &vault_id, key_gen, &draft.ds)
            .map_err(|_| CreateError::KeyringRefused)?;
        places.record(&vault_id, &self.place, draft.device_id)?;

        let keys =
            VaultKeys::derive_from(&draft.vk, &vault_id, key_gen).ok_or(CreateError::NoMemory)?;
        let db_instance_id = ports.make_id()?;
        let path = layout::database(home.folder(), &db_instance_id);
        let marker = Marker {
            vault_id,
            db_instance_id,
        };
        let mut store = Store::create(&path, &keys.derive_db_key(&db_instance_id), marker)?;
        let author = MemberId::from_bytes(ports.make_id()?);
        let hdr_rev = 1;
        let seed = LedgerSeed {
            keys: &keys,
            ports,
            vault_id,
            db_instance_id,
            device_id: draft.device_id,
            author,
            hdr_rev,
            app_version: APP_VERSION,
        };
        let ledger = Ledger::create(&mut store, seed)?;

        let totp = self.totp.take().ok_or(CreateError::AlreadyMade)?;
        let auth = AuthBlock {
            totp,
            last_step: step,
            recovery: draft
                .kit
                .as_ref()
                .map_or_else(no_recovery_codes, |kit| kit.entries),
            db_instance_id,
            slots_rev: 1,
            enrolled_at_ms: now_ms,
            policy: Policy::DEFAULT,
        };
        let mut slots = vec![draft.slot];
        let mut new_factors = vec![draft.factor];
        if let Some(kit) = draft.kit {
            slots.push(kit.slot);
            new_factors.push(kit.factor);
        }
        let header = seal_header(&ports.random(), &keys, &auth, fixed.clone(), slots, hdr_rev)?;
        let mut vault = OpenVault {
            store,
            ledger,
            trust: Trust::Verified,
            records: crate::records::Records::default(),
            note: UnlockNote {
                failed_tries: 0,
                anchor: AnchorRead::None,
                anchor_missing: false,
                header_rolled_back: false,
                read_only: false,
                damaged_slots: Vec::new(),
                enrolled: true,
            },
            keys,
            device_keys: DeviceKeys::derive_from(&draft.ds, &vault_id),
            header: header.clone(),
            header_in_doubt: false,
            auth,
            new_factors: Vec::new(),
            device_id: draft.device_id,
            author,
            place: self.place.clone(),
            session: ports.make_id()?,
            ports: ports.clone(),
            home: home.clone(),
        };
        vault
            .write_first_factors(&new_factors)
            .map_err(CreateError::Kit)?;
        home.keep_reserve();
        header_file::write(home, &header)?;
        // A vault without an anchor opens too; the first commit or lock writes it.
        let _ = vault.flush_anchor();
        Ok(vault)
    }
}

/// The secrets of a vault that is being made.
struct Draft {
    ds: Key32,
    vk: VaultKey,
    device_id: DeviceId,
    slot: Slot,
    factor: FactorRow,
    kit: Option<NewKit>,
}

impl Draft {
    fn make(enrolment: &Enrolment, now_ms: u64) -> Result<Self, CreateError> {
        let ports = &enrolment.locked.ports;
        let (fixed, random) = (&enrolment.fixed, ports.random());
        let ds = Key32::try_filled_by(|ds| ports.entropy.fill(ds))?;
        let vk = VaultKey::make(&random)?;
        let device_id = DeviceId::from_bytes(ports.make_id()?);
        let id = *device_id.as_bytes();
        let factor = derive_factor_device(&ds, fixed.vault_id(), &id, fixed.key_gen());
        let pw = &enrolment.pw;
        let slot = Slot::make(&random, fixed, SlotKind::Device, id, pw, &factor, &vk)?;
        let factor = FactorRow::new(*slot.id(), factor, now_ms, &enrolment.device_name);
        Ok(Self {
            ds,
            vk,
            device_id,
            slot,
            factor,
            kit: None,
        })
    }

    fn write_kit(&mut self, enrolment: &Enrolment, path: &Path) -> Result<KitView, CreateError> {
        let LockedVault { home, ports, .. } = &enrolment.locked;
        let kit = NewKit::make(ports, &enrolment.fixed, &enrolment.pw, &self.vk)?;
        let view = kit
            .write(home.folder(), enrolment.fixed.vault_id(), path)
            .map_err(CreateError::Kit)?;
        self.kit = Some(kit);
        Ok(view)
    }
}

/// Finds out before anything is asked of the person whether the place can take a secret.
fn check_place(place: &DevicePlace, ports: &Ports, vault_id: [u8; 16]) -> Result<(), CreateError> {
    let item = ItemName {
        vault_id,
        key_gen: 1,
        purpose: Purpose::DeviceSecret,
    };
    match place.get(ports, &item) {
        Lookup::Missing => Ok(()),
        Lookup::Locked => Err(CreateError::KeyringLocked),
        Lookup::Unavailable => Err(CreateError::NoKeyring),
        Lookup::Value(_) | Lookup::Ambiguous => Err(CreateError::KeyringRefused),
    }
}

impl OpenVault {
    pub(crate) fn write_first_factors(
        &mut self,
        rows: &[FactorRow],
    ) -> Result<(), HeaderChangeError> {
        self.commit(crate::audit::EventKind::DeviceEnrolled.into(), |tx| {
            for row in rows {
                // EXPOSE: kept inside the encrypted database, as the design says.
                tx.put_local(LocalSpace::Factor, row.slot_id(), row.body().expose())?;
            }
            Ok(())
        })
    }
}
