//! What stands in another process's memory, read from outside by root.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use data_encoding::BASE32_NOPAD;

/// A value that occurs nowhere else, to be planted as a secret and looked for afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary(String);

impl Canary {
    /// # Panics
    /// When the operating system gives no randomness.
    pub fn make() -> Self {
        let mut bytes = [0; 25];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        Self(BASE32_NOPAD.encode(&bytes))
    }

    /// A secret that is there already, of 24 characters at least.
    pub fn of(secret: &str) -> Self {
        Self(secret.to_owned())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Where in the readable memory of a process the canary stands (`[heap]`, `[stack]`, a file, or
/// `anonymous`, once for each time), or `None` where that memory cannot be read: the tests are not
/// root.
///
/// # Panics
/// When the process is gone.
#[track_caller]
pub fn places_in_memory(pid: u32, canary: &Canary) -> Option<Vec<String>> {
    places_in(pid, canary, |_| true)
}

/// The same without what is mapped from files, for a process that does not live long.
///
/// # Panics
/// When the process is gone, also when it ended meanwhile: what was not read shows nothing.
#[track_caller]
pub fn places_in_own_memory(pid: u32, canary: &Canary) -> Option<Vec<String>> {
    let places = places_in(pid, canary, |place| !place.starts_with('/'));
    assert!(main_thread_alive(pid), "process {pid} ended meanwhile");
    places
}

#[track_caller]
fn places_in(pid: u32, canary: &Canary, looks: fn(&str) -> bool) -> Option<Vec<String>> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok();
    let memory = File::open(format!("/proc/{pid}/mem")).ok();
    let (Some(maps), Some(memory)) = (maps, memory) else {
        assert!(!crate::is_root(), "process {pid} is gone");
        return None;
    };
    // A part of the canary counts as well: what is half overwritten has leaked half.
    let wanted = &canary.text().as_bytes()[..24];
    let mut places = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        let Some((from, to)) = range.split_once('-').filter(|_| rights.starts_with('r')) else {
            continue;
        };
        let from = u64::from_str_radix(from, 16).expect("maps holds hexadecimal numbers");
        let to = u64::from_str_radix(to, 16).expect("maps holds hexadecimal numbers");
        let place = fields.nth(3).unwrap_or("anonymous");
        if !looks(place) {
            continue;
        }
        let count = count_in_range(&memory, from, to, wanted);
        places.extend(std::iter::repeat_n(place.to_owned(), count));
    }
    Some(places)
}

/// Reads piecewise with an overlap. Pages that cannot be read (secret memory, devices) are left
/// out: what the kernel does not show to root is not a leak.
fn count_in_range(memory: &File, from: u64, to: u64, wanted: &[u8]) -> usize {
    const PIECE: u64 = 1 << 20;
    let mut count = 0;
    let mut at = from;
    let overlap = wanted.len() - 1;
    let mut piece = vec![0; usize::try_from(PIECE).expect("a MiB fits") + overlap];
    while at < to {
        let length = usize::try_from((to - at).min(PIECE)).expect("a MiB fits") + overlap;
        if let Ok(read) = memory.read_at(&mut piece[..length], at) {
            count += piece[..read]
                .windows(wanted.len())
                .filter(|seen| *seen == wanted)
                .count();
        }
        at += PIECE;
    }
    count
}

/// Whether a process with this id is there and not just a corpse.
pub fn main_thread_alive(pid: u32) -> bool {
    is_alive(format!("/proc/{pid}/stat").as_ref())
}

/// The same of any of its threads: files and locks go with the last of them, which on a busy machine
/// is a while after the first.
pub(crate) fn any_thread_alive(pid: u32) -> bool {
    std::fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten()
        .any(|thread| is_alive(&thread.path().join("stat")))
}

fn is_alive(stat: &Path) -> bool {
    std::fs::read_to_string(stat).is_ok_and(|stat| {
        let state = stat.rsplit(')').next().unwrap_or_default();
        !state.starts_with(" Z") && !state.starts_with(" X")
    })
}
