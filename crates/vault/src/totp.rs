//! A new authenticator for an old one, in two steps as at creation, and the policy of step-ups.

use strongroom_crypto::{Totp, TotpCode};
use strongroom_secret::SecretText;

use crate::audit::EventKind;
use crate::error::HeaderChangeError;
use crate::open::OpenVault;
use crate::stepup::{Need, StepUp};

/// A new authenticator that has not been confirmed yet. Nothing is written before that.
#[derive(Debug)]
pub struct TotpReset {
    totp: Totp,
    session: [u8; 16],
}

impl TotpReset {
    /// `otpauth://totp/…`, for a QR code.
    pub fn uri(&self, account: &str) -> SecretText {
        self.totp.uri(account)
    }

    /// The seed, base32, for typing.
    pub fn seed(&self) -> SecretText {
        self.totp.seed_text()
    }
}

impl OpenVault {
    pub fn begin_totp_reset(&self, step_up: &StepUp) -> Result<TotpReset, HeaderChangeError> {
        self.require(step_up, Need::CodeAndPassword)?;
        Ok(TotpReset {
            totp: Totp::make(&self.ports.random())?,
            session: self.session,
        })
    }

    /// Takes the new authenticator once a code of it was typed back. The old one is then worth
    /// nothing. With a wrong code the reset is given back for another try.
    pub fn confirm_totp_reset(
        &mut self,
        reset: TotpReset,
        code: &SecretText,
    ) -> Result<(), (Option<TotpReset>, HeaderChangeError)> {
        let now_ms = self.ports.clock.utc_ms();
        let step = TotpCode::parse(code).and_then(|code| reset.totp.check(&code, now_ms, 0));
        let Some(step) = step.filter(|_| reset.session == self.session) else {
            return Err((Some(reset), HeaderChangeError::WrongCode));
        };
        self.commit(EventKind::TotpReset.into(), |_| {
            Ok::<_, HeaderChangeError>(())
        })
        .map_err(|error| (None, error))?;
        let old_totp = std::mem::replace(&mut self.auth.totp, reset.totp);
        let old = (self.auth.last_step, self.auth.enrolled_at_ms);
        (self.auth.last_step, self.auth.enrolled_at_ms) = (step, now_ms);
        let (fixed, slots) = (self.header.fixed().clone(), self.header.slots().to_vec());
        self.write_header::<HeaderChangeError>(fixed, slots)
            .map_err(|error| {
                self.auth.totp = old_totp;
                (self.auth.last_step, self.auth.enrolled_at_ms) = old;
                (None, error)
            })
    }

    /// How long a step-up lasts for the connection that gave it: 0 to 600 seconds.
    pub fn set_grace(&mut self, step_up: &StepUp, seconds: u32) -> Result<(), HeaderChangeError> {
        self.require(step_up, Need::Code)?;
        self.commit(EventKind::PolicyChanged.into(), |_| {
            Ok::<_, HeaderChangeError>(())
        })?;
        let old = self.auth.policy;
        self.auth.policy.grace_s = seconds.min(Self::MAX_GRACE_S);
        self.auth.policy.rev += 1;
        let (fixed, slots) = (self.header.fixed().clone(), self.header.slots().to_vec());
        self.write_header::<HeaderChangeError>(fixed, slots)
            .inspect_err(|_| {
                self.auth.policy = old;
            })
    }
}
