//! Where randomness comes from.

/// A source of randomness. The product has one, the operating system; tests have repeatable ones.
pub trait Random {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed>;
}

/// The system gave no randomness; nothing that needs it may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness")]
pub struct RandomFailed;

/// The operating system's randomness (`getrandom(2)`).
#[derive(Debug, Clone, Copy)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        getrandom::fill(out).map_err(|_| RandomFailed)
    }
}
