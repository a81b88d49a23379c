//! How often an exchange may be asked: no more than a person would, so that nobody is locked out
//! of an exchange because of us.
//!
//! Deliberately not here: what is asked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use strongroom_wire::{ErrorCode, Fault};

/// Between two checks at one host.
const APART_MS: u64 = 3000;

/// When each host was last asked, in monotonic time.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<&'static str, u64>>);

impl Pace {
    /// Whether a turn at a host could be taken; for who must spend something first.
    ///
    /// # Errors
    /// `Throttled`, with how long to wait.
    pub(crate) fn may_take(&self, host: &'static str, now_ms: u64) -> Result<(), Fault> {
        Self::waited(&self.held(), host, now_ms)
    }

    /// Takes the next turn at a host.
    ///
    /// # Errors
    /// `Throttled`, with how long to wait.
    pub(crate) fn take(&self, host: &'static str, now_ms: u64) -> Result<(), Fault> {
        let mut last = self.held();
        Self::waited(&last, host, now_ms)?;
        last.insert(host, now_ms);
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, HashMap<&'static str, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waited(last: &HashMap<&'static str, u64>, host: &str, now_ms: u64) -> Result<(), Fault> {
        if let Some(asked) = last.get(host) {
            let next = asked + APART_MS;
            if next > now_ms {
                return Err(Fault {
                    retry_after_ms: Some(next - now_ms),
                    ..Fault::new(
                        ErrorCode::Throttled,
                        "This exchange was asked a moment ago; wait a little, so that it does not lock you out",
                    )
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_again_after_a_pause_and_others_meanwhile() {
        let pace = Pace::default();
        assert!(pace.take("a", 1000).is_ok());
        assert!(pace.may_take("b", 1000).is_ok() && pace.take("b", 1000).is_ok());
        assert!(pace.may_take("b", 1000).is_err());
        let refused = pace.take("a", 2000).expect_err("too early");
        assert_eq!(refused.retry_after_ms, Some(2000));
        assert!(pace.take("a", 4000).is_ok());
    }
}
