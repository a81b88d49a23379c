//! The stack that called functions have left behind.
//!
//! Not here: the heap, which the wiping allocator covers, and a caller's own variables.

use zeroize::Zeroize;

/// Deeper than a request is read, parsed and answered, but for the inside of SQLCipher, which gets
/// no password and no code.
const COVERED: usize = 64 * 1024;

/// Overwrites what functions that have returned left on the stack below the caller. Copying code
/// keeps bytes in wide registers, and whatever saves those registers leaves them there; a password
/// was found so, whole pages below the code that had wiped its own buffers.
#[inline(never)]
pub fn wipe_dead_stack() {
    #[expect(
        clippy::large_stack_arrays,
        reason = "covering the dead stack is what it is for"
    )]
    let mut cover = [0_u8; COVERED];
    cover.zeroize();
    std::hint::black_box(&mut cover);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_returns_with_the_stack_as_it_was() {
        let before = std::hint::black_box([7_u8; 256]);
        wipe_dead_stack();
        assert_eq!(before, [7; 256]);
    }
}
