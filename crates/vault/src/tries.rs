//! One try of a password: counted before it is made, judged afterwards.
//!
//! Deliberately not here: how long the next one has to wait (`preauth.rs`).

use strongroom_crypto::{DeviceKeys, FixedPart, derive_pw};
use strongroom_secret::{Key32, SecretText};

use crate::error::FileError;
use crate::home::LockedVault;
use crate::place::DevicePlace;
use crate::ports::Moment;
use crate::preauth::{Throttle, Tried};
use crate::slots::SlotError;
use crate::unlock::UnlockError;

/// The throttle around one try.
pub(crate) struct Tries {
    /// As it was before this try.
    pub(crate) before: Throttle,
    /// The try was counted in the mirror too, because the file could not be written.
    mirrored: bool,
}

impl LockedVault {
    /// Asks the throttle, then runs Argon2id. The try is counted while that runs and nothing is
    /// told before it is: a process killed in the middle has tried.
    pub(crate) fn try_password(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
        password: &SecretText,
    ) -> Result<(Tries, Key32), UnlockError> {
        let now = self.ports.now();
        let before = self.may_try(place, fixed, keys, &now)?;
        let mut counted = before;
        counted.count(Tried::Password, now);
        let count = || match counted.save_file(&self.home, keys) {
            Ok(()) => Ok(false),
            Err(_) => counted
                .save(&self.home, place, &self.ports, fixed, keys)
                .map(|()| true),
        };
        let (mirrored, pw) = std::thread::scope(|scope| {
            let counting = scope.spawn(count);
            let pw = derive_pw(password, fixed.kdf());
            (counting.join(), pw)
        });
        let mirrored = mirrored.map_err(|_| FileError::InDoubt)??;
        match pw {
            Ok(pw) => Ok((Tries { before, mirrored }, pw)),
            Err(no_memory) => {
                // Nothing was tried.
                self.end_try(place, fixed, keys, before)?;
                Err(no_memory.into())
            }
        }
    }

    /// Without the device secret nothing can be tried, so nothing is counted and what is counted
    /// stands as it was written; the time it takes is the same.
    pub(crate) fn try_nothing(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        password: &SecretText,
    ) -> Result<(), UnlockError> {
        self.may_try(place, fixed, None, &self.ports.now())?;
        derive_pw(password, fixed.kdf())?;
        Ok(())
    }

    /// What was counted until now, where nothing has to be waited for.
    fn may_try(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
        now: &Moment,
    ) -> Result<Throttle, UnlockError> {
        let found = Throttle::load(&self.home, place, &self.ports, fixed, keys);
        let before = found.rebased(now);
        let wait_ms = before.wait_ms(now);
        if wait_ms == 0 {
            return Ok(before);
        }
        if before != found {
            self.end_try(place, fixed, keys, before)?;
        }
        Err(UnlockError::Throttled { wait_ms })
    }

    pub(crate) fn end_try(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
        after: Throttle,
    ) -> Result<(), UnlockError> {
        Ok(after.save(&self.home, place, &self.ports, fixed, keys)?)
    }

    pub(crate) fn refuse_slot(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
        tries: &Tries,
        refused: SlotError,
    ) -> UnlockError {
        let mut after = tries.before;
        if refused == SlotError::NoMatch {
            after.count(Tried::Password, self.ports.now());
        }
        if let Err(error) = self.end_try(place, fixed, keys, after) {
            return error;
        }
        match refused {
            SlotError::NoMatch => UnlockError::WrongPasswordOrCode,
            SlotError::Tampered => UnlockError::HeaderTampered,
            SlotError::DeviceRemoved => UnlockError::DeviceRemoved,
        }
    }

    /// After a success. The file holds the try that was counted ahead, so it is always written;
    /// the mirror only where it says anything. A failure to write leaves a count too many.
    pub(crate) fn settle_throttle(
        &self,
        place: &DevicePlace,
        fixed: &FixedPart,
        keys: &DeviceKeys,
        tries: &Tries,
    ) {
        let clear = Throttle::cleared();
        let _ = if tries.before.is_clear() && !tries.mirrored {
            clear.save_file(&self.home, Some(keys))
        } else {
            clear.save(&self.home, place, &self.ports, fixed, Some(keys))
        };
    }
}
