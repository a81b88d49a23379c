//! Asking an exchange about the staged secret of a rotation, before it comes into use: with that
//! secret, and with what the answer says of its rights recorded with it and not with the key.
//!
//! Deliberately not here: whether more rights than before are meant, which the domain's rotation
//! asks for, and sending.

use strongroom_domain::{
    CredentialVersion, EntryId, KeyRecord, PermissionSet, RotationAct, RotationStage, Tri, UtcMs,
    Verb, VersionState, Vetted,
};
use strongroom_exchanges::{catalogue, reading};

use super::check::{CheckPlan, SeenKey, SignedProbe};
use super::sign::{Leave, NotSigned};
use super::take::{TakeError, Wanted};
use crate::audit::Client;
use crate::open::OpenVault;
use crate::rotate::{RotateError, RotationView};
use crate::stepup::StepUp;

/// What a person says of a staged secret beside what the exchange says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldOfStaged {
    /// Its rights; those of the old secret without it.
    pub rights: Option<PermissionSet>,
    /// That it may do more than the old one is meant.
    pub growth_meant: bool,
    /// When the exchange ends it, where it does not say so itself.
    pub expires: Option<UtcMs>,
}

impl OpenVault {
    /// What asking about the staged secret would send; nothing is opened for it.
    ///
    /// # Errors
    /// No secret is staged; a key or an exchange for which nothing is signed.
    pub fn staged_check_plan(&mut self, key: EntryId) -> Result<CheckPlan, NotSigned> {
        let (_, record) = self.read_key(key)?;
        let wanted = wanted(&record)?;
        self.check_plan_of(key, &wanted)
    }

    /// Signs one call of that plan with the staged secret.
    ///
    /// # Errors
    /// As [`OpenVault::sign_probe`]; no secret is staged.
    pub fn sign_staged_probe(
        &mut self,
        key: EntryId,
        call: &str,
        uid: Option<&str>,
        nonce: Option<String>,
        step_up: &StepUp,
        by: Client,
    ) -> Result<SignedProbe, NotSigned> {
        let (_, record) = self.read_key(key)?;
        let wanted = wanted(&record)?;
        let leave = Leave::StepUp(step_up);
        self.sign_probe_of(key, &wanted, call, uid, nonce, leave, by)
    }

    /// Records what the exchange said of the staged secret, as what it may do. Of a right that the
    /// exchange does not speak of, what the person says counts; but where it grants something that
    /// nobody here knows, nothing is taken to be excluded.
    ///
    /// # Errors
    /// [`RotateError`], with what to do instead.
    pub fn rotate_check_seen(
        &mut self,
        key: EntryId,
        seen: &SeenKey,
        told: &ToldOfStaged,
        by: Client,
    ) -> Result<RotationView, RotateError> {
        self.make_ready()?;
        let (_, record) = self.read_key(key)?;
        let fallback = told.rights.clone().unwrap_or_else(|| record.rights());
        let facts = catalogue::facts(record.exchange.as_str());
        let all_known = facts.is_some_and(|facts| {
            let native = seen.permissions.native();
            reading::unknown_words(facts, native).is_empty()
        });
        let mut permissions = seen.permissions.clone();
        for verb in Verb::ALL {
            if all_known && permissions.get(*verb) == Tri::Unknown {
                permissions = permissions.with(*verb, fallback.get(*verb));
            }
        }
        let vetted = Vetted {
            permissions,
            at: seen.observation.at,
            growth_meant: told.growth_meant,
            expires: seen.observation.expires.or(told.expires),
        };
        self.rotate(key, &RotationAct::Check(vetted), by)
    }
}

/// The version that stands to come into use.
fn wanted(record: &KeyRecord) -> Result<Wanted, TakeError> {
    let rotation = record.rotating();
    let stands = matches!(
        rotation.stage,
        RotationStage::Staged | RotationStage::Grown | RotationStage::Switching
    );
    let new = rotation.new.filter(|_| stands);
    let is_staged = |one: &&CredentialVersion| one.state == VersionState::Staged;
    let mut versions = record.versions.iter().filter(is_staged);
    let found = versions.find(|one| Some(one.id) == new);
    let version = found.ok_or(TakeError::NothingStaged)?.id;
    Ok(Wanted {
        fields: Vec::new(),
        version: Some(version),
    })
}
