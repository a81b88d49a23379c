//! Huge pages for the scratch memory of Argon2, and giving back what it and others leave free.

use rustix::mm::{Advice, madvise};

const PAGE: usize = 4096;

/// Asks the system to back the spare capacity of `scratch` with huge pages.
///
/// Call it before the memory is first touched: Argon2 then takes a few hundred page faults instead
/// of tens of thousands. It is advice: where it is refused, everything works and is slower.
pub fn advise_huge_pages<T>(scratch: &mut Vec<T>) {
    let spare = scratch.spare_capacity_mut();
    let start = (spare.as_mut_ptr() as usize).next_multiple_of(PAGE);
    let end = (spare.as_mut_ptr() as usize + size_of_val(spare)) / PAGE * PAGE;
    if end <= start {
        return;
    }
    // SAFETY: the range lies wholly inside an allocation we hold exclusively, and this advice
    // changes neither its contents nor its protection.
    #[expect(unsafe_code, reason = "madvise takes an address")]
    let _ = unsafe {
        madvise(
            std::ptr::with_exposed_provenance_mut(start),
            end - start,
            Advice::LinuxHugepage,
        )
    };
}

/// Returns the allocator's free memory to the system, where the C library can. A process that
/// lives as long as the login must not stay as large as its busiest moment.
pub fn return_free_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(
            unsafe_code,
            reason = "a function of the C library that Rust does not offer"
        )]
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        // SAFETY: it takes a number, keeps nothing, and may be called from any thread.
        #[expect(
            unsafe_code,
            reason = "a function of the C library that Rust does not offer"
        )]
        let _ = unsafe { malloc_trim(0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advised_memory_is_usable_and_nothing_is_lost() {
        let mut scratch: Vec<u64> = Vec::with_capacity(1 << 20);
        scratch.push(7);
        advise_huge_pages(&mut scratch);
        scratch.resize(1 << 20, 3);
        assert_eq!((scratch[0], scratch[1], scratch[(1 << 20) - 1]), (7, 3, 3));
    }

    #[test]
    fn a_vector_without_room_is_left_alone() {
        advise_huge_pages(&mut Vec::<u8>::new());
    }
}
