//! Whether a person is there: a code of the authenticator, accepted once, or a recovery code, spent
//! by its use.
//!
//! Deliberately not here: writing that down, which the caller does before anything else happens.

use strongroom_crypto::{AuthBlock, RecoveryCode, Totp, TotpCode};
use strongroom_secret::SecretText;

use crate::ports::Moment;

/// Steps the clock may lag behind the last accepted code before it counts as set back.
const CLOCK_SLACK_STEPS: u64 = 2;

/// What shows that a person is there.
#[derive(Debug, Clone, Copy)]
pub enum Presence<'a> {
    /// Six digits of the authenticator.
    Totp(&'a SecretText),
    /// One of the ten recovery codes.
    Recovery(&'a SecretText),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPresent {
    Wrong,
    Replayed,
    ClockMovedBack,
}

/// Checks the code and notes its use in the auth block, which the caller writes at once.
pub(crate) fn show_presence(
    auth: &mut AuthBlock,
    presence: Presence<'_>,
    now: &Moment,
) -> Result<(), NotPresent> {
    let now_step = Totp::step_at(now.utc_ms);
    match presence {
        Presence::Totp(text) => {
            if now_step + CLOCK_SLACK_STEPS < auth.last_step {
                return Err(NotPresent::ClockMovedBack);
            }
            let code = TotpCode::parse(text).ok_or(NotPresent::Wrong)?;
            let Some(step) = auth.totp.check(&code, now.utc_ms, auth.last_step) else {
                let known = auth.totp.check(&code, now.utc_ms, 0).is_some();
                return Err(if known {
                    NotPresent::Replayed
                } else {
                    NotPresent::Wrong
                });
            };
            auth.last_step = step;
        }
        Presence::Recovery(text) => {
            let code = RecoveryCode::parse(text).map_err(|_| NotPresent::Wrong)?;
            let index = auth.find_recovery_code(&code).ok_or(NotPresent::Wrong)?;
            auth.recovery[index].spent = true;
            // Only where the clock moved back is the step set back: else a code that was accepted
            // a little ahead of its time would be good once more.
            let moved_back = now_step + CLOCK_SLACK_STEPS < auth.last_step;
            auth.last_step = match moved_back {
                true => now_step,
                false => now_step.max(auth.last_step),
            };
        }
    }
    Ok(())
}
