//! How often a canary stands in a process's memory, of which only the pages that exist are read: a
//! web engine reserves many gigabytes that it never touches.

use std::fs::File;
use std::os::unix::fs::FileExt;

use strongroom_tests::Canary;

const PAGE: u64 = 4096;
/// Pages looked at in one go: one MiB.
const MOST: usize = 256;

/// A part of the canary counts as well: what is half overwritten has leaked half.
const PART: usize = 24;

/// Copies with one byte for each letter, and with the two that a script engine may take.
pub(crate) fn copies(pid: u32, canary: &Canary) -> Option<usize> {
    let narrow = canary.text().as_bytes()[..PART].to_vec();
    let wide: Vec<u8> = narrow.iter().flat_map(|letter| [*letter, 0]).collect();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let pages = File::open(format!("/proc/{pid}/pagemap")).ok()?;
    let mut count = 0;
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ')?;
        let (from, to) = range.split_once('-')?;
        if !rest.starts_with('r') {
            continue;
        }
        let from = u64::from_str_radix(from, 16).ok()? / PAGE;
        let to = u64::from_str_radix(to, 16).ok()? / PAGE;
        count += in_range(&memory, &pages, from..to, &[&narrow, &wide]);
    }
    Some(count)
}

/// Neighbouring pages are read as one, so that nothing hides across their border.
fn in_range(memory: &File, pages: &File, range: std::ops::Range<u64>, wanted: &[&[u8]]) -> usize {
    let mut count = 0;
    let mut at = range.start;
    let mut run: Vec<u8> = Vec::new();
    let mut entries = vec![0; MOST * 64 * 8];
    while at < range.end {
        let most = usize::try_from(range.end - at).map_or(MOST * 64, |left| left.min(MOST * 64));
        let there = &mut entries[..most * 8];
        if pages.read_exact_at(there, at * 8).is_err() {
            break;
        }
        for (offset, entry) in (at..).zip(there.chunks_exact(8)) {
            let mut page = [0; 4096];
            // Bits 63 and 62: present, or swapped.
            let exists = entry[7] & 0xc0 != 0;
            if exists && memory.read_exact_at(&mut page, offset * PAGE).is_ok() {
                run.extend_from_slice(&page);
            } else if !run.is_empty() {
                count += counted(&run, wanted);
                run.clear();
            }
        }
        at += u64::try_from(most).expect("so few fit");
    }
    count + counted(&run, wanted)
}

fn counted(run: &[u8], wanted: &[&[u8]]) -> usize {
    wanted.iter().map(|wanted| occurrences(run, wanted)).sum()
}

/// By leaps (Boyer, Moore and Horspool): values are shown for seconds, and a look takes less.
fn occurrences(run: &[u8], wanted: &[u8]) -> usize {
    let last = wanted.len() - 1;
    let mut leap = [wanted.len(); 256];
    for (at, byte) in wanted[..last].iter().enumerate() {
        leap[usize::from(*byte)] = last - at;
    }
    let (mut found, mut at) = (0, 0);
    while let Some(end) = run.get(at + last) {
        found += usize::from(run[at..].starts_with(wanted));
        at += leap[usize::from(*end)];
    }
    found
}
