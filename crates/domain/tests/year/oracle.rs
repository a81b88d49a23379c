//! What must have been said, worked out the long way: every slot of every due moment is listed and
//! every telling is remembered one by one. It shares no code with the scheduler.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use strongroom_domain::remind::{RemindSettings, ReminderKind};
use strongroom_domain::{DAY_MS, EntryId, HOUR_MS, UtcMs};

type Name = (EntryId, ReminderKind);

pub(super) struct Oracle {
    settings: RemindSettings,
    items: BTreeMap<Name, Item>,
}

/// Slots as (moment, days left), and the zone and day they were listed for.
type Listed = (TimeZone, i64, Vec<(i64, i64)>);

struct Item {
    /// Whether it is told before it is due.
    is_announced: bool,
    due: i64,
    recorded: i64,
    acknowledged: bool,
    snooze: Option<(i64, i64)>,
    told: BTreeSet<(i64, i64)>,
    slots: Option<Listed>,
}

const FIRE_AT: i64 = 9 * HOUR_MS;

fn offset(tz: &TimeZone, at: i64) -> i64 {
    let at = jiff::Timestamp::from_millisecond(at).expect("inside the calendar");
    i64::from(tz.to_offset(at).seconds()) * 1000
}

fn local_day(tz: &TimeZone, at: i64) -> i64 {
    (at + offset(tz, at)).div_euclid(DAY_MS)
}

/// The moment at which clocks of the zone show nine o'clock on a day, found by trying the offsets
/// of the days around it.
fn nine_o_clock(tz: &TimeZone, day: i64) -> i64 {
    let wanted = day * DAY_MS + FIRE_AT;
    [wanted - DAY_MS, wanted + DAY_MS]
        .map(|near| wanted - offset(tz, near))
        .into_iter()
        .find(|at| at + offset(tz, *at) == wanted)
        .expect("every day has its nine o'clock in the zones of this test")
}

impl Oracle {
    pub(super) fn new(settings: RemindSettings) -> Self {
        Self {
            settings,
            items: BTreeMap::new(),
        }
    }

    pub(super) fn set(&mut self, key: EntryId, kind: ReminderKind, due: Option<UtcMs>, now: UtcMs) {
        let Some(due) = due else {
            self.items.remove(&(key, kind));
            return;
        };
        if self
            .items
            .get(&(key, kind))
            .is_some_and(|item| item.due == due.ms())
        {
            return;
        }
        self.items.insert(
            (key, kind),
            Item {
                is_announced: kind != ReminderKind::Backup,
                due: due.ms(),
                recorded: now.ms(),
                acknowledged: false,
                snooze: None,
                told: BTreeSet::new(),
                slots: None,
            },
        );
    }

    pub(super) fn acknowledge(&mut self, key: EntryId, kind: ReminderKind) {
        let item = self
            .items
            .get_mut(&(key, kind))
            .expect("it was there to be silenced");
        item.acknowledged = true;
        item.snooze = None;
    }

    /// The end of a snooze, or `None` where it must be refused.
    pub(super) fn snooze(&mut self, key: EntryId, hours: u32, now: UtcMs) -> Option<UtcMs> {
        let mut until = now.ms() + i64::from(hours) * HOUR_MS;
        let open: Vec<Name> = self
            .items
            .iter()
            .filter(|((id, _), item)| *id == key && !item.acknowledged)
            .map(|(name, _)| *name)
            .collect();
        if open.is_empty() {
            return None;
        }
        if let Some(expiry) = open.iter().find(|(_, kind)| *kind == ReminderKind::Expiry) {
            let expires = self.items[expiry].due;
            if expires <= now.ms() {
                return None;
            }
            until = until.min(expires);
        }
        for name in open {
            self.items.get_mut(&name).expect("listed above").snooze = Some((now.ms(), until));
        }
        UtcMs::parse(until).ok()
    }

    /// What must be said at this moment, with the days left.
    pub(super) fn expected(
        &mut self,
        tz: &TimeZone,
        now: UtcMs,
    ) -> Vec<(EntryId, ReminderKind, i32)> {
        if self.is_quiet(tz, now) {
            return Vec::new();
        }
        let now = now.ms();
        let today = local_day(tz, now);
        let mut expected = Vec::new();
        for ((key, kind), item) in &mut self.items {
            if item.acknowledged {
                continue;
            }
            let corrected = 3 * HOUR_MS;
            if let Some((from, until)) = item.snooze
                && from - corrected <= now
                && now < until
            {
                continue;
            }
            let current = item.current(tz, now);
            // What is still far off when a snooze ends was not silenced by it.
            let woken = current.is_some() && item.snooze.is_some_and(|(_, until)| until <= now);
            let untold = current.is_some_and(|slot| {
                !item
                    .told
                    .iter()
                    .any(|(told, at)| *told == slot || (*told < slot && *at <= now + corrected))
            });
            if woken || untold {
                expected.push((*key, *kind, (item.due_day(tz) - today) as i32));
            }
        }
        expected.sort_unstable();
        expected
    }

    /// Remembers what was said; saying a slot twice is an error, unless a snooze ended.
    pub(super) fn tell(
        &mut self,
        tz: &TimeZone,
        said: &[(EntryId, ReminderKind, i32)],
        now: UtcMs,
    ) {
        for (key, kind, _) in said {
            let item = self.items.get_mut(&(*key, *kind)).expect("it exists");
            let snoozed = item.snooze.take().is_some();
            if let Some(slot) = item.current(tz, now.ms()) {
                let twice = item.told.iter().any(|(told, _)| *told == slot);
                assert!(!twice || snoozed, "slot {slot} was told twice");
                if !twice {
                    item.told.insert((slot, now.ms()));
                }
            }
        }
    }

    fn is_quiet(&self, tz: &TimeZone, now: UtcMs) -> bool {
        let minutes = (now.ms() + offset(tz, now.ms())).rem_euclid(DAY_MS) / 60_000;
        let Some(quiet) = self.settings.quiet else {
            return false;
        };
        let of = |time: &str| {
            let (hour, minute) = time.split_once(':').expect("hh:mm");
            hour.parse::<i64>().expect("digits") * 60 + minute.parse::<i64>().expect("digits")
        };
        let (from, to) = (of(&quiet.from.to_string()), of(&quiet.to.to_string()));
        if from <= to {
            (from..to).contains(&minutes)
        } else {
            minutes >= from || minutes < to
        }
    }
}

impl Item {
    fn current(&mut self, tz: &TimeZone, now: i64) -> Option<i64> {
        let today = local_day(tz, now);
        let listed_for = |slots: &Listed| slots.0 == *tz && slots.1 == today;
        if !self.slots.as_ref().is_some_and(listed_for) {
            self.slots = Some((tz.clone(), today, self.list(tz, today)));
        }
        let (_, _, slots) = self.slots.as_ref().expect("listed above");
        slots
            .iter()
            .filter(|(at, _)| *at <= now)
            .map(|(_, slot)| *slot)
            .min()
    }

    /// The day of the last slot but the daily ones after it.
    fn due_day(&self, tz: &TimeZone) -> i64 {
        let day = local_day(tz, self.due);
        if self.is_announced {
            return day;
        }
        let mut days = day - 1..=day + 2;
        days.find(|day| nine_o_clock(tz, *day) >= self.due)
            .expect("it is nine o'clock within two days")
    }

    /// Every slot before and on the day it is due, and the daily ones after it around today.
    fn list(&self, tz: &TimeZone, today: i64) -> Vec<(i64, i64)> {
        let due_day = self.due_day(tz);
        let life = self.due - self.recorded;
        [30, 14, 7, 3, 1, 0]
            .into_iter()
            .filter(|lead| *lead == 0 || (self.is_announced && lead * DAY_MS < life))
            .chain(
                (today - 2..=today + 1)
                    .map(|day| due_day - day)
                    .filter(|late| *late < 0),
            )
            .map(|slot| (nine_o_clock(tz, due_day - slot), slot))
            .collect()
    }
}
