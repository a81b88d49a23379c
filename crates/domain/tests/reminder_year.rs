//! A simulated year sends nothing false and misses nothing.

mod year;

use strongroom_domain::remind::ReminderKind;

#[test]
fn sixty_keys_through_years_of_sleep_clock_jumps_and_travel() {
    for seed in 0..3 {
        let named = year::settings(seed).names;
        let report = year::live(seed, |event| match event {
            year::Event::Sent {
                title,
                body,
                told,
                zone,
                local,
            } => {
                let text = format!("{title}\n{body}");
                // The backups of a vault have no name.
                let has_names = text.lines().any(|line| !line.contains("backup"));
                assert_eq!(
                    text.contains(": key "),
                    named && has_names,
                    "names only where asked for: {text}"
                );
                assert!(told > 0 && !zone.is_empty() && !local.is_empty());
            }
            year::Event::Happened { local, what } => {
                assert!(!local.is_empty() && !what.is_empty());
            }
        });
        assert!(report.notifications > 100, "seed {seed}: {report:?}");
        assert!(
            report.told > report.notifications,
            "seed {seed}: {report:?}"
        );
        for kind in ReminderKind::ALL {
            let told = report.by_kind.get(kind).copied().unwrap_or(0);
            assert!(told > 10, "seed {seed}: {kind:?} {report:?}");
        }
        assert!(report.by_event > 10, "seed {seed}: {report:?}");
        assert!(report.checks > 2_000, "seed {seed}: {report:?}");
        assert!(
            report.idle_wake_ups < report.wake_ups,
            "seed {seed}: {report:?}"
        );
    }
}
