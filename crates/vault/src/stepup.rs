//! Step-up: a fresh code, and where an act asks for it the password, before a critical act.
//!
//! Whoever acts is handed a [`StepUp`]; the agent keeps it for the grace of one connection and
//! for no other.
//!
//! Deliberately not here: how long the grace is and whose it is (agent).

use strongroom_crypto::{SlotKind, derive_pw};
use strongroom_secret::{Key32, SecretText};

use crate::error::{FileError, StepUpError, StepUpRequired};
use crate::home::LockedVault;
use crate::open::OpenVault;
use crate::preauth::{Throttle, Tried};
use crate::presence::{NotPresent, Presence, show_presence};
use crate::unlock::UnlockError;

/// What an act asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Code,
    CodeAndPassword,
}

/// Proof that the person was there. Made by [`OpenVault::step_up`] alone, good for one session of
/// one vault.
#[derive(Debug)]
pub struct StepUp {
    session: [u8; 16],
    need: Need,
    given_mono_ms: u64,
    given_boot: [u8; 16],
    /// PW, kept so that an act which changes slots need not run Argon2id again.
    pw: Option<Key32>,
}

impl StepUp {
    /// Milliseconds since it was given; time asleep counts.
    pub fn age_ms(&self, clock: &dyn crate::ports::Clock) -> u64 {
        if clock.boot_id() == self.given_boot {
            clock.mono_ms().saturating_sub(self.given_mono_ms)
        } else {
            u64::MAX
        }
    }

    pub fn need(&self) -> Need {
        self.need
    }

    /// Forgets the password, so that what is kept for a grace covers acts that ask for a code
    /// alone.
    pub fn without_password(self) -> Self {
        Self {
            need: Need::Code,
            pw: None,
            ..self
        }
    }

    pub(crate) fn pw(&self) -> Option<&Key32> {
        self.pw.as_ref()
    }
}

impl LockedVault {
    /// Unlocks in order to take up a backup: password and code were given this moment, so they
    /// stand for the step-up as well. No other act is offered this way.
    pub fn unlock_to_restore(
        &self,
        password: &SecretText,
        presence: Presence<'_>,
    ) -> Result<(OpenVault, StepUp), UnlockError> {
        let vault = self.unlock(password, presence)?;
        let now = vault.ports.now();
        let step_up = StepUp {
            session: vault.session,
            need: Need::Code,
            given_mono_ms: now.mono_ms,
            given_boot: now.boot_id,
            pw: None,
        };
        Ok((vault, step_up))
    }
}

impl OpenVault {
    /// Checks a fresh code and, if given, the password. The code's step is on the disk before this
    /// returns, so that it is accepted once whatever happens next.
    pub fn step_up(
        &mut self,
        presence: Presence<'_>,
        password: Option<&SecretText>,
    ) -> Result<StepUp, StepUpError> {
        let fixed = self.header.fixed().clone();
        let keys = &self.device_keys;
        let before = Throttle::load(&self.home, &self.place, &self.ports, &fixed, Some(keys));
        let now = self.ports.now();
        let wait_ms = match password {
            Some(_) => before.wait_ms(&now),
            None => before.code_wait_ms(&now),
        };
        if wait_ms > 0 {
            return Err(StepUpError::Throttled { wait_ms });
        }
        let pw = match password {
            Some(password) => {
                // Counted ahead, as at the unlock: a process killed in the middle has tried.
                let mut counted = before;
                counted.count(Tried::Password, now);
                self.save_throttle(counted)?;
                let Ok(pw) = derive_pw(password, fixed.kdf()) else {
                    self.save_throttle(before)?;
                    return Err(StepUpError::NoMemory);
                };
                if !self.is_password(&pw) {
                    return Err(StepUpError::Wrong);
                }
                Some(pw)
            }
            None => None,
        };
        let (last_step, recovery) = (self.auth.last_step, self.auth.recovery);
        if let Err(refused) = show_presence(&mut self.auth, presence, &now) {
            let mut after = before;
            if refused == NotPresent::Wrong {
                after.count(Tried::Code, now);
            }
            if after != before || pw.is_some() {
                self.save_throttle(after)?;
            }
            return Err(match refused {
                NotPresent::Wrong => StepUpError::Wrong,
                NotPresent::Replayed => StepUpError::Replayed,
                NotPresent::ClockMovedBack => StepUpError::ClockMovedBack,
            });
        }
        if let Err(error) = self.write_auth() {
            // Not on the disk, so not accepted; in memory it stays as the disk has it.
            self.auth.last_step = last_step;
            self.auth.recovery = recovery;
            if pw.is_some() {
                let _ = self.save_throttle(before);
            }
            return Err(error);
        }
        let after = before.after_step_up(pw.is_some());
        if after != before || pw.is_some() {
            // A failure to write leaves a count too many.
            let _ = self.save_throttle(after);
        }
        let need = if pw.is_some() {
            Need::CodeAndPassword
        } else {
            Need::Code
        };
        Ok(StepUp {
            session: self.session,
            need,
            given_mono_ms: now.mono_ms,
            given_boot: now.boot_id,
            pw,
        })
    }

    fn save_throttle(&self, throttle: Throttle) -> Result<(), FileError> {
        let (fixed, keys) = (self.header.fixed(), &self.device_keys);
        throttle.save(&self.home, &self.place, &self.ports, fixed, Some(keys))
    }

    /// What every critical act calls first.
    pub fn require(&self, step_up: &StepUp, need: Need) -> Result<(), StepUpRequired> {
        let enough = need == Need::Code || step_up.need == Need::CodeAndPassword;
        if step_up.session == self.session && enough {
            Ok(())
        } else {
            Err(StepUpRequired {
                password: need == Need::CodeAndPassword,
            })
        }
    }

    /// Whether this PW opens this device's slot, with the factor the database keeps for it.
    pub(crate) fn is_password(&self, pw: &Key32) -> bool {
        let fixed = self.header.fixed();
        self.header
            .slots()
            .iter()
            .filter(|slot| slot.kind() == SlotKind::Device)
            .filter(|slot| slot.device_id() == self.device_id.as_bytes())
            .any(|slot| {
                self.factor(slot.id())
                    .is_some_and(|row| slot.matches(fixed, pw, row.factor()))
            })
    }
}
