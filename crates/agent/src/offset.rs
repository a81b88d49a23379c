//! How far this machine's clock is from an exchange's, as far as an answer tells it.

use strongroom_wire::WorkerReport;

/// Our clock less the exchange's. The exchange tells whole seconds, so that less than one, and what
/// the request was under way, means nothing.
pub(crate) fn offset_ms(report: &WorkerReport, before: u64, after: u64) -> Option<i64> {
    let server = report.server_ms?;
    let middle = i64::try_from(before / 2 + after / 2).ok()?;
    let offset = middle - server - 500;
    let unsure = 1000 + i64::try_from(after - before.min(after)).ok()? / 2;
    Some(if offset.abs() <= unsure { 0 } else { offset })
}

/// What to do about it; nothing where it does no harm.
pub(crate) fn clock_remedy(offset: Option<i64>) -> String {
    match offset {
        Some(offset) if offset.abs() >= 1000 => format!(
            "This machine's clock is {} {} the exchange's: let it set its clock by the network.",
            seconds(offset.abs()),
            if offset > 0 { "ahead of" } else { "behind" }
        ),
        _ => String::new(),
    }
}

fn seconds(ms: i64) -> String {
    if ms < 120_000 {
        format!("{} seconds", ms / 1000)
    } else {
        format!("{} minutes", ms / 60_000)
    }
}

#[cfg(test)]
mod tests {
    use strongroom_wire::{NotAnswered, WorkerOutcome};

    use super::*;

    #[test]
    fn an_offset_is_told_only_where_it_is_more_than_the_exchange_can_tell() {
        let report = |server_ms| WorkerReport {
            server_ms,
            outcome: WorkerOutcome::NotAnswered {
                why: NotAnswered::Cut,
            },
        };
        // The exchange tells the second that has begun; the request was under way for 200 ms.
        for (server_ms, offset) in [
            (None, None),
            (Some(1_000_000), Some(0)),
            (Some(999_000), Some(0)),
            (Some(940_000), Some(60_100)),
            (Some(1_061_000), Some(-60_900)),
        ] {
            let told = offset_ms(&report(server_ms), 1_000_500, 1_000_700);
            assert_eq!(told, offset, "{server_ms:?}");
        }
        assert!(clock_remedy(Some(61_000)).contains("61 seconds ahead of"));
        assert!(clock_remedy(Some(-180_000)).contains("3 minutes behind"));
        assert_eq!(clock_remedy(Some(0)), "");
    }
}
