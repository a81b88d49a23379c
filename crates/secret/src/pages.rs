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

/// Has every thread take its memory from one arena of the C library's allocator, which keeps what is
/// free until [`return_free_memory`] is called. Call it before the first thread.
///
/// Only of that arena the end is ever returned: what was free at the end of a thread's own one,
/// megabytes after a large vault, stayed resident as chance had it. And memory that goes and comes
/// with every answer costs more than the answer.
pub fn keep_one_arena() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// As the C library's `malloc.h` has them.
        const M_TRIM_THRESHOLD: std::ffi::c_int = -1;
        const M_MMAP_THRESHOLD: std::ffi::c_int = -3;
        const M_ARENA_MAX: std::ffi::c_int = -8;
        const MIB: std::ffi::c_int = 1 << 20;
        #[expect(
            unsafe_code,
            reason = "a function of the C library that Rust does not offer"
        )]
        unsafe extern "C" {
            fn mallopt(parameter: std::ffi::c_int, value: std::ffi::c_int) -> std::ffi::c_int;
        }
        for (parameter, value) in [
            (M_ARENA_MAX, 1),
            // As much as an open vault of ten thousand keys takes; the most that is taken for the other.
            (M_TRIM_THRESHOLD, 64 * MIB),
            (M_MMAP_THRESHOLD, 32 * MIB),
        ] {
            // SAFETY: it takes two numbers and keeps them; a refusal changes nothing.
            #[expect(
                unsafe_code,
                reason = "a function of the C library that Rust does not offer"
            )]
            let _ = unsafe { mallopt(parameter, value) };
        }
    }
}

/// Lets go of the program's own code that is mapped now: what an unlock ran through is not needed
/// while a vault is locked. The system keeps it in its file cache and maps again what is called.
pub fn let_go_of_code() {
    let Ok(maps) = std::fs::read_to_string("/proc/self/maps") else {
        return;
    };
    for (start, end) in maps.lines().filter_map(code_of_a_file) {
        // SAFETY: a private mapping of a file that cannot be written through: the code found there
        // later is the same. Relocated data is mapped without the right to execute and is not
        // touched.
        #[expect(unsafe_code, reason = "madvise takes an address")]
        let _ = unsafe {
            madvise(
                std::ptr::with_exposed_provenance_mut(start),
                end - start,
                Advice::LinuxDontNeed,
            )
        };
    }
}

/// The range of a line of `/proc/self/maps` if it is code of a file.
fn code_of_a_file(line: &str) -> Option<(usize, usize)> {
    let mut words = line.split_ascii_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    let path = words.nth(3)?;
    if rights != "r-xp" || !path.starts_with('/') {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    Some((
        usize::from_str_radix(start, 16).ok()?,
        usize::from_str_radix(end, 16).ok()?,
    ))
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
    fn only_code_of_files_is_let_go_of_and_everything_runs_on() {
        for (line, found) in [
            (
                "55d0-55e0 r-xp 0000 08:01 12 /usr/bin/strongroom",
                Some((0x55d0, 0x55e0)),
            ),
            ("55d0-55e0 r--p 0000 08:01 12 /usr/bin/strongroom", None),
            ("55d0-55e0 rw-p 0000 08:01 12 /usr/bin/strongroom", None),
            ("7ff0-7ff1 r-xp 0000 00:00 0 [vdso]", None),
            ("7ff0-7ff1 r-xp 0000 00:00 0", None),
        ] {
            assert_eq!(code_of_a_file(line), found, "{line}");
        }
        let before = vec![7_u8; 1 << 16];
        let_go_of_code();
        assert_eq!(
            before.iter().map(|byte| u64::from(*byte)).sum::<u64>(),
            7 << 16
        );
    }

    #[test]
    fn a_vector_without_room_is_left_alone() {
        advise_huge_pages(&mut Vec::<u8>::new());
    }
}
