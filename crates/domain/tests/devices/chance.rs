//! What is left to chance.

use super::dice::Dice;

pub(super) struct Chance(pub(super) Dice);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0.next()
    }

    /// Zero where there is nothing to choose from.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.roll(end.max(1) as u64) as usize
    }

    pub(super) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).copied()
    }

    pub(super) fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next().to_be_bytes());
        id[8..].copy_from_slice(&self.next().to_be_bytes());
        id
    }
}
