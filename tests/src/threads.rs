//! How often the threads of a process were woken, as the kernel counts it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use crate::wait::{Deadline, look_for, nap};

/// How long nothing may move for a process to count as asleep. Longer than the longest pause after
/// which a pool of threads usually looks around.
const ASLEEP: Duration = Duration::from_secs(4);

/// Waits until a process is asleep: for four seconds no thread of it began, ended or ran.
///
/// # Errors
/// It never slept; what moved in the last four seconds, by thread.
pub fn falls_asleep(pid: u32) -> Result<(), String> {
    let mut moved = String::new();
    let asleep = look_for(Deadline::Short, || {
        let before = voluntary_switches(pid);
        nap(ASLEEP);
        let after = voluntary_switches(pid);
        moved = differences(&before, &after);
        (!before.is_empty() && moved.is_empty()).then_some(())
    });
    asleep.ok_or(moved)
}

/// For each thread, how often it gave up the processor to wait: one more for each time it was woken.
fn voluntary_switches(pid: u32) -> BTreeMap<String, u64> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    let threads = tasks.into_iter().flatten().flatten();
    threads.filter_map(|thread| read(&thread.path())).collect()
}

/// `None` for a thread that ended meanwhile.
fn read(thread: &Path) -> Option<(String, u64)> {
    let status = std::fs::read_to_string(thread.join("status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim)
    };
    let name = format!("{} {}", field("Name:")?, field("Pid:")?);
    Some((name, field("voluntary_ctxt_switches:")?.parse().ok()?))
}

fn differences(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> String {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let moved = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name));
    let lines = moved.map(|name| match (before.get(name), after.get(name)) {
        (Some(before), Some(after)) => format!("{name}: woken {} times", after - before),
        (None, _) => format!("{name}: began"),
        (_, None) => format!("{name}: ended"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
