//! The hybrid logical clock of a write. It orders what a screen shows; it never decides what
//! survives a merge.

/// A time of day that never runs backwards on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hlc {
    /// UTC milliseconds.
    pub wall_ms: u64,
    /// Tells writes of one millisecond, or of a clock that went back, apart.
    pub counter: u32,
}

impl Hlc {
    /// The clock after `self`, at a wall time of `now_ms`.
    #[must_use]
    pub fn next(self, now_ms: u64) -> Self {
        if now_ms > self.wall_ms {
            return Self {
                wall_ms: now_ms,
                counter: 0,
            };
        }
        match self.counter.checked_add(1) {
            Some(counter) => Self {
                wall_ms: self.wall_ms,
                counter,
            },
            None => Self {
                wall_ms: self.wall_ms.saturating_add(1),
                counter: 0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_always_moves_forward() {
        let mut clock = Hlc::default();
        for now in [5, 5, 3, 6, 6, 0] {
            let next = clock.next(now);
            assert!(next > clock);
            clock = next;
        }
        let full = Hlc {
            wall_ms: 9,
            counter: u32::MAX,
        };
        assert_eq!(
            full.next(1),
            Hlc {
                wall_ms: 10,
                counter: 0
            }
        );
    }
}
