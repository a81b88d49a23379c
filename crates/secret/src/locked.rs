//! Keys that live as long as a vault is open, on a page that is never swapped out.

use std::fmt;
use std::ptr::NonNull;

use rustix::mm::{MapFlags, ProtFlags, mlock, mmap_anonymous, munlock, munmap};
use zeroize::Zeroize;

/// One page of our own per key: `mlock` counts whole pages, and a neighbour on the same page that
/// is unlocked would unlock the key with it.
const PAGE: usize = 4096;

/// A key on a locked page of its own. Where the limit on locked memory is used up the key is still
/// held and wiped, only not locked; [`LockedKey::is_locked`] tells, and `status` reports it.
pub struct LockedKey<const N: usize> {
    page: NonNull<[u8; N]>,
    locked: bool,
}

impl<const N: usize> LockedKey<N> {
    /// Fills the key in place. `None` if the system gives no page.
    pub fn filled_by(fill: impl FnOnce(&mut [u8; N])) -> Option<Self> {
        const { assert!(N <= PAGE) };
        // SAFETY: a fresh private anonymous mapping; nothing else knows its address.
        #[expect(unsafe_code, reason = "a locked page can only be had from the system")]
        let page = unsafe {
            mmap_anonymous(
                std::ptr::null_mut(),
                PAGE,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE,
            )
        }
        .ok()?;
        // SAFETY: the page is ours and PAGE bytes long.
        #[expect(unsafe_code, reason = "locking pages is a system call on an address")]
        let locked = unsafe { mlock(page, PAGE) }.is_ok();
        let mut key = Self {
            page: NonNull::new(page.cast())?,
            locked,
        };
        fill(key.bytes_mut());
        Some(key)
    }

    pub fn is_locked(&self) -> bool {
        self.locked
    }

    pub fn expose(&self) -> &[u8; N] {
        // SAFETY: the page lives as long as `self`, is zero-filled by the system, and N <= PAGE.
        #[expect(unsafe_code, reason = "the key lives on a raw page")]
        unsafe {
            self.page.as_ref()
        }
    }

    fn bytes_mut(&mut self) -> &mut [u8; N] {
        // SAFETY: as in `expose`, and `&mut self` makes it the only reference.
        #[expect(unsafe_code, reason = "the key lives on a raw page")]
        unsafe {
            self.page.as_mut()
        }
    }
}

impl<const N: usize> Drop for LockedKey<N> {
    fn drop(&mut self) {
        self.bytes_mut().zeroize();
        let page = self.page.as_ptr().cast();
        // SAFETY: the mapping made in `filled_by`, given back exactly once.
        #[expect(unsafe_code, reason = "the page goes back to the system")]
        unsafe {
            if self.locked {
                let _ = munlock(page, PAGE);
            }
            let _ = munmap(page, PAGE);
        }
    }
}

// SAFETY: the page is owned by the value alone and is only reached through borrows of it.
#[expect(
    unsafe_code,
    reason = "an owned page may move between threads like a Box"
)]
unsafe impl<const N: usize> Send for LockedKey<N> {}
// SAFETY: shared access is read-only.
#[expect(unsafe_code, reason = "shared access is read-only")]
unsafe impl<const N: usize> Sync for LockedKey<N> {}

impl<const N: usize> fmt::Debug for LockedKey<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_it_was_filled_with() {
        let key = LockedKey::<32>::filled_by(|bytes| bytes.fill(9)).expect("a page");
        assert_eq!(key.expose(), &[9; 32]);
        assert_eq!(format!("{key:?}"), "[redacted]");
    }
}
