//! A simulated year of one machine and the person before it: sixty keys, the vendors that hold
//! them, the vault's backups; nights, holidays, a clock that jumps, journeys through time zones,
//! edits, breaches, weeks in which no backup succeeds, snoozes and acknowledgements.
//!
//! Every wake-up of the scheduler is compared with an oracle (`oracle.rs`), and between wake-ups
//! the oracle must have nothing to say: nothing false, nothing missed.

#[path = "../dice/mod.rs"]
mod dice;
mod oracle;
mod script;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use strongroom_domain::remind::{
    Backups, QuietHours, RemindSettings, ReminderIndex, ReminderKind, Review, TimeOfDay, plan,
    summary_text,
};
use strongroom_domain::{
    AllowlistSummary, Canonical, DAY_MS, Days, Due, DueCause, EntryId, Environment, ExchangeId,
    ExpiryCause, HOUR_MS, KeyEvent, KeyLabel, KeyState, KeySummary, RotationEvent, Tri, UtcMs,
};

use dice::Dice;
use oracle::Oracle;
use script::{Act, script};

const KEYS: u64 = 60;
/// Vendors come after the keys, and the vault itself after them.
const VENDORS: u64 = 6;
const VAULT: u64 = KEYS + VENDORS;
/// Without a backup for so long, backups are stale.
const STALE_DAYS: u32 = 7;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000;
const MINUTE_MS: i64 = 60_000;

/// What happened, for the example that prints it.
#[derive(Debug)]
pub(crate) enum Event {
    /// A notification: its text, how many due moments it told of, and the local time.
    Sent {
        local: String,
        zone: String,
        title: String,
        body: String,
        told: usize,
    },
    Happened {
        local: String,
        what: String,
    },
}

/// Counts of a year.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) notifications: usize,
    pub(crate) told: usize,
    pub(crate) wake_ups: usize,
    pub(crate) checks: usize,
    pub(crate) idle_wake_ups: usize,
    /// Due moments told, by what they are.
    pub(crate) by_kind: BTreeMap<ReminderKind, usize>,
    /// Of the rotations those that an event made due.
    pub(crate) by_event: usize,
}

/// The settings of a year: the default ones, quiet nights, or quiet hours over the time of
/// reminders.
pub(crate) fn settings(seed: u64) -> RemindSettings {
    let quiet = |from, to| {
        let time = |text| TimeOfDay::parse(text).expect("a time");
        Some(QuietHours {
            from: time(from),
            to: time(to),
        })
    };
    RemindSettings {
        quiet: match seed % 3 {
            0 => None,
            1 => quiet("21:30", "08:15"),
            _ => quiet("20:00", "10:30"),
        },
        names: seed % 2 == 1,
        ..RemindSettings::default()
    }
}

/// Lives through a year; panics at the first reminder that is false or missed.
pub(crate) fn live(seed: u64, mut tell: impl FnMut(Event)) -> Report {
    let mut world = World::new(seed);
    let mut acts = script(seed);
    acts.reverse();
    let end = START + 365 * DAY_MS;
    let mut grid = START;
    while world.real < end {
        let timer = world
            .timer
            .map_or(i64::MAX, |at| at.ms() - world.offset)
            .max(world.real);
        let act = acts.last().map_or(i64::MAX, |(at, _)| *at);
        let asleep = world.asleep_until.is_some();
        let wakes = world.asleep_until.unwrap_or(i64::MAX);
        world.real = if asleep {
            wakes.min(act)
        } else {
            grid.min(timer).min(act)
        };
        if world.asleep_until.is_some_and(|until| until <= world.real) {
            world.asleep_until = None;
            grid = grid.max(world.real);
            world.wake(&mut tell);
        } else if act <= world.real {
            let (_, act) = acts.pop().expect("there is one");
            world.act(act, &mut tell);
        } else if timer <= world.real {
            world.wake(&mut tell);
        } else {
            grid += HOUR_MS;
            world.check_quietly();
        }
    }
    world.report
}

struct World {
    real: i64,
    /// The clock's error.
    offset: i64,
    zone: &'static str,
    tz: TimeZone,
    asleep_until: Option<i64>,
    timer: Option<UtcMs>,
    index: ReminderIndex,
    /// The keys as they stand in the list.
    rows: BTreeMap<u64, KeySummary>,
    oracle: Oracle,
    dice: Dice,
    report: Report,
}

/// Of a key, a vendor or the vault.
fn key_id(key: u64) -> EntryId {
    let mut id = [7; 16];
    id[8..].copy_from_slice(&key.to_be_bytes());
    EntryId::from_bytes(id)
}

fn moment(ms: i64) -> UtcMs {
    UtcMs::parse(ms).expect("inside the calendar")
}

impl World {
    fn new(seed: u64) -> Self {
        let mut index = ReminderIndex::default();
        index.settings = settings(seed);
        let zone = "Europe/Berlin";
        let mut world = Self {
            real: START,
            offset: 0,
            zone,
            tz: TimeZone::get(zone).expect("the system has its time zones"),
            asleep_until: None,
            timer: None,
            oracle: Oracle::new(index.settings.clone()),
            index,
            rows: BTreeMap::new(),
            dice: Dice(seed),
            report: Report::default(),
        };
        for what in 0..=VAULT {
            world.renew(what);
        }
        world.wake(&mut |_| ());
        world
    }

    fn wall(&self) -> UtcMs {
        moment((self.real + self.offset).max(0))
    }

    fn local(&self) -> String {
        self.tz
            .to_datetime(self.wall().timestamp())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }

    fn renew(&mut self, what: u64) -> String {
        match what {
            VAULT => self.back_up(),
            KEYS.. => self.review(what),
            key => self.rotate(key),
        }
    }

    fn back_up(&mut self) -> String {
        let now = self.wall();
        let stale_at = now.plus_days(STALE_DAYS);
        let vault = key_id(VAULT);
        self.index.update_backups(Backups { vault, stale_at }, now);
        self.oracle
            .set(vault, ReminderKind::Backup, Some(stale_at), now);
        "a backup was made".to_owned()
    }

    /// The next review of a vendor; some are not to be looked at again.
    fn review(&mut self, vendor: u64) -> String {
        let now = self.wall();
        let days = self.dice.between(1, 120);
        let at = (days % 9 != 0).then(|| now.plus_ms(days * DAY_MS + 5 * HOUR_MS));
        let review = Review {
            vendor: key_id(vendor),
            at,
            label: KeyLabel::parse(&format!("key vendor {vendor}")).ok(),
        };
        self.index.update_review(&review, now);
        self.oracle
            .set(review.vendor, ReminderKind::Review, at, now);
        format!("vendor {vendor} was looked at again")
    }

    /// Somebody who holds the key has a breach: it is due at once, if it was not before.
    fn breach(&mut self, key: u64) {
        let now = self.wall();
        let row = self.rows[&key].clone();
        let before = row.rotation;
        let event = KeyEvent {
            at: now,
            what: RotationEvent::VendorBreached,
        };
        let after = row.with_events([event]);
        self.index.update(&after, now);
        let at = before.map_or(now, |due| due.at.min(now));
        let is_new = before.map(|due| due.cause) != Some(DueCause::Event(event.what));
        let name = (key_id(key), ReminderKind::Rotation);
        if is_new {
            self.oracle.set(name.0, name.1, None, now);
        }
        self.oracle.set(name.0, name.1, Some(at), now);
        self.rows.insert(key, after);
    }

    /// New due dates for a key: some expire, some only need rotating, some are long overdue.
    fn rotate(&mut self, key: u64) -> String {
        let now = self.wall();
        let expiry = (!key.is_multiple_of(3)).then(|| Due {
            at: now.plus_ms(self.dice.between(-2 * DAY_MS, 200 * DAY_MS)),
            cause: DueCause::Expiry(ExpiryCause::Fixed { at: now }),
        });
        let policy = [30, 90, 180][(key % 3) as usize];
        let rotation = (!key.is_multiple_of(7)).then(|| Due {
            at: now.plus_days(policy),
            cause: DueCause::Rotation(Days::parse(policy).expect("a policy")),
        });
        let row = summary(key, expiry, rotation);
        self.index.update(&row, now);
        self.rows.insert(key, row);
        for (kind, due) in [
            (ReminderKind::Expiry, expiry),
            (ReminderKind::Rotation, rotation),
        ] {
            self.oracle
                .set(key_id(key), kind, due.map(|due| due.at), now);
        }
        format!("key {key} was rotated")
    }

    fn act(&mut self, act: Act, tell: &mut impl FnMut(Event)) {
        let now = self.wall();
        let awake = self.asleep_until.is_none();
        let what = match act {
            Act::Sleep { until } => {
                self.asleep_until = Some(until.max(self.asleep_until.unwrap_or(0)));
                return;
            }
            Act::Clock { offset } => {
                self.offset = offset;
                format!("the clock is set wrong by {} minutes", offset / MINUTE_MS)
            }
            Act::Travel { zone } => {
                self.zone = zone;
                self.tz = TimeZone::get(zone).expect("the system has its time zones");
                format!("now in {zone}")
            }
            Act::Renew { what } if awake => self.renew(what),
            Act::Breach { key } if awake => {
                self.breach(key);
                format!("a vendor that holds key {key} had a breach")
            }
            Act::Snooze { what, hours } if awake => {
                let expected = self.oracle.snooze(key_id(what), hours, now);
                let until = self.index.snooze(key_id(what), hours, now).ok();
                assert_eq!(until, expected, "the end of a snooze of {hours} hours");
                format!("{what} was snoozed for {hours} hours")
            }
            Act::Acknowledge { what } if awake => {
                for (kind, _) in self.index.acknowledge(key_id(what), now) {
                    self.oracle.acknowledge(key_id(what), kind);
                }
                format!("{what} was acknowledged")
            }
            Act::Restart if awake => {
                let stored = self.index.encode();
                self.index = ReminderIndex::decode(&stored).expect("the index reads back");
                "the agent was restarted".to_owned()
            }
            _ => return,
        };
        tell(Event::Happened {
            local: self.local(),
            what,
        });
        if awake {
            self.wake(tell);
        }
    }

    /// The scheduler looks: at its timer, after sleep, when the clock, the zone or a key changed.
    fn wake(&mut self, tell: &mut impl FnMut(Event)) {
        let now = self.wall();
        self.report.wake_ups += 1;
        let plan = plan(self.index.reminders(), &self.index.settings, &self.tz, now);
        let mut shown: Vec<_> = plan
            .show
            .iter()
            .map(|shown| (shown.key, shown.kind, shown.days_left))
            .collect();
        shown.sort_unstable();
        let expected = self.oracle.expected(&self.tz, now);
        assert_eq!(
            shown,
            expected,
            "at {} {} (left: sent, right: expected)",
            self.local(),
            self.zone
        );
        if plan.show.is_empty() {
            self.report.idle_wake_ups += 1;
        } else {
            let text = summary_text(&plan).expect("something is shown");
            self.report.notifications += 1;
            self.report.told += shown.len();
            for one in &plan.show {
                *self.report.by_kind.entry(one.kind).or_default() += 1;
                self.report.by_event += usize::from(matches!(one.due.cause, DueCause::Event(_)));
                // Whatever the oracle thinks: backups are told of only once they are stale.
                assert!(one.kind != ReminderKind::Backup || one.due.at <= now);
            }
            tell(Event::Sent {
                local: self.local(),
                zone: self.zone.to_owned(),
                title: text.title,
                body: text.body,
                told: shown.len(),
            });
            self.oracle.tell(&self.tz, &shown, now);
            plan.record(self.index.reminders_mut());
        }
        assert!(
            plan.next.is_none_or(|next| next > now),
            "the next wake-up lies ahead"
        );
        self.timer = plan.next;
    }

    /// Between wake-ups nothing may be missing.
    fn check_quietly(&mut self) {
        self.report.checks += 1;
        let missed = self.oracle.expected(&self.tz, self.wall());
        assert_eq!(missed, [], "missed at {} {}", self.local(), self.zone);
    }
}

fn summary(key: u64, expiry: Option<Due>, rotation: Option<Due>) -> KeySummary {
    KeySummary {
        id: key_id(key),
        label: KeyLabel::parse(&format!("key {key}")).expect("a label"),
        exchange: ExchangeId::parse("binance").expect("an id"),
        account: None,
        account_label: None,
        environment: Environment::Production,
        state: KeyState::Active,
        declared: [Tri::Yes; 8],
        observed: None,
        allowlist: AllowlistSummary::Unknown,
        expiry,
        rotation,
        rotation_days: Days::parse(30).expect("a policy"),
        created: UtcMs::EPOCH,
        last_rotated: UtcMs::EPOCH,
        last_used: None,
        compromised: None,
        purpose: None,
        owner: None,
        tags: Vec::new(),
        consumers: Vec::new(),
        conflict: false,
        has_secret: true,
    }
}
