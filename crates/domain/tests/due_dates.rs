//! Due dates: an allowlist never shortens a life, and neither zones nor clock changes move a date.

use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use strongroom_domain::remind::{RemindSettings, Reminder, ReminderKind, plan};
use strongroom_domain::{
    Allowlist, DAY_MS, Days, Due, DueCause, EntryId, ExpiryCause, ExpiryFacts, IpRule, UtcMs,
    earliest,
};

fn moment() -> impl Strategy<Value = UtcMs> {
    (0..60_000 * DAY_MS).prop_map(|ms| UtcMs::parse(ms).expect("inside the calendar"))
}

fn cause() -> impl Strategy<Value = ExpiryCause> {
    let days = || (1..=Days::MOST).prop_map(|days| Days::parse(days).expect("within limits"));
    prop_oneof![
        moment().prop_map(|at| ExpiryCause::Fixed { at }),
        days().prop_map(|days| ExpiryCause::DaysSinceCreation { days }),
        days().prop_map(|days| ExpiryCause::Inactivity { days }),
        days().prop_map(|days| ExpiryCause::NoAllowlist { days }),
        moment().prop_map(|at| ExpiryCause::PasswordChange { at }),
        days().prop_map(|days| ExpiryCause::SessionLife { days }),
    ]
}

proptest! {
    #[test]
    fn adding_an_allowlist_never_shortens_a_life(
        causes in vec(cause(), 0..6),
        created in moment(),
        last_used in proptest::option::of(moment()),
    ) {
        let rule = IpRule::parse("203.0.113.7").expect("an address");
        let listed = Allowlist::listed([rule]).expect("one rule");
        let end = |allowlist| earliest(&causes, &ExpiryFacts { created, last_used, allowlist });
        let with = end(&listed);
        for without in [end(&Allowlist::Unrestricted), end(&Allowlist::Unknown)] {
            match (with, without) {
                (Some(with), Some(without)) => prop_assert!(with.at >= without.at),
                (Some(_), None) => prop_assert!(false, "an allowlist made a key expire"),
                (None, _) => {}
            }
        }
    }

    #[test]
    fn the_earliest_cause_wins(causes in vec(cause(), 1..6), created in moment()) {
        let allowlist = Allowlist::Unrestricted;
        let facts = ExpiryFacts { created, last_used: None, allowlist: &allowlist };
        let all = earliest(&causes, &facts).expect("every rule applies without an allowlist");
        for cause in &causes {
            let alone = earliest(&[*cause], &facts).expect("it applies");
            prop_assert!(all.at <= alone.at);
        }
    }

    #[test]
    fn using_a_key_never_brings_its_end_nearer(
        causes in vec(cause(), 0..6),
        created in moment(),
        used in moment(),
        later in moment(),
    ) {
        let allowlist = Allowlist::Unknown;
        let end = |last_used| earliest(&causes, &ExpiryFacts { created, last_used, allowlist: &allowlist });
        let (first, second) = (end(Some(used.min(later))), end(Some(used.max(later))));
        prop_assert!(first.map(|due| due.at) <= second.map(|due| due.at));
    }
}

proptest! {
    /// Leap days, clock changes, zones and a clock that is set: none of them moves a due date.
    #[test]
    fn a_due_date_is_so_many_times_24_hours_wherever_and_whenever_one_looks(
        day in 0_i64..30_000,
        hour in 0_i64..24,
        days in 1_u32..=Days::MOST,
        zone in prop::sample::select(&["Europe/Berlin", "America/New_York", "Pacific/Apia",
            "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC"][..]),
        looked_after in 0_i64..4000,
    ) {
        let created = UtcMs::parse(day * DAY_MS + hour * 3_600_000).expect("a date");
        let days = Days::parse(days).expect("within limits");
        let allowlist = Allowlist::Unknown;
        let facts = ExpiryFacts { created, last_used: None, allowlist: &allowlist };
        for cause in [
            ExpiryCause::DaysSinceCreation { days },
            ExpiryCause::NoAllowlist { days },
            ExpiryCause::Inactivity { days },
            ExpiryCause::SessionLife { days },
        ] {
            let due = earliest(&[cause], &facts).expect("it ends");
            prop_assert_eq!(due.at.ms() - created.ms(), i64::from(days.get()) * DAY_MS);
            // Whoever looks, from whatever zone and whatever clock, is told the same moment.
            let tz = TimeZone::get(zone).expect("the system has its time zones");
            let reminder =
                Reminder::new(EntryId::from_bytes([1; 16]), ReminderKind::Expiry, due, created);
            let now = due.at.plus_ms(looked_after * 3_600_000);
            let told = plan(&[reminder], &RemindSettings::default(), &tz, now);
            for shown in told.show {
                prop_assert_eq!(shown.due, due);
            }
        }
    }
}

/// A day of an exchange's rule is 24 hours: over a clock change the due moment keeps its distance,
/// and the plan tells the same moment in every zone.
#[test]
fn clock_changes_and_zones_do_not_move_a_due_date() {
    // Two days before the clocks of Europe go forward, at noon UTC.
    let created = UtcMs::parse(1_774_612_800_000).expect("2026-03-27T12:00Z");
    let causes = [ExpiryCause::DaysSinceCreation {
        days: Days::parse(14).expect("days"),
    }];
    let allowlist = Allowlist::Unknown;
    let facts = ExpiryFacts {
        created,
        last_used: None,
        allowlist: &allowlist,
    };
    let due = earliest(&causes, &facts).expect("it ends");
    assert_eq!(due.at.ms() - created.ms(), 14 * DAY_MS);
    for zone in [
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Auckland",
        "UTC",
    ] {
        let tz = TimeZone::get(zone).expect("the system has its time zones");
        let reminder = Reminder::new(
            EntryId::from_bytes([1; 16]),
            ReminderKind::Expiry,
            due,
            created,
        );
        let now = created.plus_days(20);
        let told = plan(&[reminder], &RemindSettings::default(), &tz, now);
        assert_eq!(told.show[0].due, due, "{zone}");
    }
}

fn told_when(due_after: i64, policy: i64, zone: &str) -> Vec<(i64, i32)> {
    let tz = TimeZone::get(zone).expect("the system has its time zones");
    let recorded = UtcMs::parse(1_767_225_600_000).expect("2026-01-01T00:00Z");
    let due = Due {
        at: recorded.plus_ms(due_after),
        cause: DueCause::Rotation(Days::parse(30).expect("days")),
    };
    let mut reminders = [Reminder::new(
        EntryId::from_bytes([1; 16]),
        ReminderKind::Rotation,
        due,
        recorded,
    )];
    let (mut now, mut told) = (recorded, Vec::new());
    while now.ms() < recorded.ms() + due_after + policy {
        let plan = plan(&reminders, &RemindSettings::default(), &tz, now);
        plan.record(&mut reminders);
        let hour = (now.ms() - recorded.ms()) / 3_600_000;
        told.extend(plan.show.iter().map(|shown| (hour, shown.days_left)));
        now = plan.next.expect("there is always a next day");
    }
    told
}

#[test]
fn leads_longer_than_the_life_left_are_skipped_and_overdue_is_told_daily() {
    // Ten days of life: thirty and fourteen days are skipped. In UTC nine o'clock is hour nine.
    let told = told_when(10 * DAY_MS + DAY_MS / 2, 3 * DAY_MS, "UTC");
    let days: Vec<i32> = told.iter().map(|(_, days)| *days).collect();
    assert_eq!(days, [7, 3, 1, 0, -1, -2, -3]);
    assert!(told.iter().all(|(hour, _)| hour % 24 == 9), "{told:?}");
    // A policy of exactly thirty days: its thirty-day lead would be told as it is recorded.
    assert_eq!(told_when(30 * DAY_MS, 1, "UTC")[0].1, 14);
    // What is overdue when it is recorded is told at once.
    assert_eq!(told_when(-5 * DAY_MS, 6 * DAY_MS, "UTC")[0], (0, -5));
}
