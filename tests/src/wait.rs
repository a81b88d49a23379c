//! Waiting for a thing by looking for it, with a deadline that says what did not come.

use std::time::{Duration, Instant};

/// How long a thing may take before the test fails. Generous: machines are slow and shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Something local: a socket, a line, a process that ends.
    Short,
    /// Something that derives a password's key or starts a daemon.
    Long,
}

impl Deadline {
    fn duration(self) -> Duration {
        match self {
            Self::Short => Duration::from_secs(60),
            Self::Long => Duration::from_secs(90),
        }
    }
}

/// Looks until it is there.
///
/// # Panics
/// When the deadline passes; the message names `what`.
#[track_caller]
pub fn wait_for<T>(what: &str, deadline: Deadline, look: impl FnMut() -> Option<T>) -> T {
    let found = look_for(deadline, look);
    found.unwrap_or_else(|| panic!("{what} did not come within {deadline:?}"))
}

/// Looks until it is there, or until the deadline passes.
pub fn look_for<T>(deadline: Deadline, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if begun.elapsed() > deadline.duration() {
            return None;
        }
        nap(pause);
        pause = (pause * 2).min(Duration::from_millis(25));
    }
}

/// The one pause of the harness: between two looks, or until a random moment to kill.
#[expect(
    clippy::disallowed_methods,
    reason = "polling needs a pause; nothing else does"
)]
pub(crate) fn nap(pause: Duration) {
    std::thread::sleep(pause);
}

/// A random number below `bound`, from the operating system.
///
/// # Panics
/// When the operating system gives no randomness.
pub fn pick(bound: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    u64::from_le_bytes(bytes) % bound.max(1)
}

/// Waits for a random while, up to `bound`: only to choose a moment, never to wait for something.
pub fn random_while(bound: Duration) {
    nap(Duration::from_micros(pick(
        u64::try_from(bound.as_micros()).unwrap_or(u64::MAX),
    )));
}
