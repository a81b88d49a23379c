//! What happens in a simulated year: the acts of the person and the machine, from a seed.

use strongroom_domain::{DAY_MS, HOUR_MS};

use super::dice::Dice;
use super::{KEYS, MINUTE_MS, START, VAULT};

#[derive(Debug, Clone)]
pub(super) enum Act {
    Sleep {
        until: i64,
    },
    Clock {
        offset: i64,
    },
    Travel {
        zone: &'static str,
    },
    /// The person deals with a key (a new secret, hence new due dates), looks at a vendor again, or
    /// makes a backup.
    Renew {
        what: u64,
    },
    /// Somebody who holds the key has a breach.
    Breach {
        key: u64,
    },
    Snooze {
        what: u64,
        hours: u32,
    },
    Acknowledge {
        what: u64,
    },
    /// The agent is restarted: everything it knows comes from the index again.
    Restart,
}

impl Dice {
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.roll((to - from) as u64) as i64
    }
}

/// What happens in the year, in order of real time.
pub(super) fn script(seed: u64) -> Vec<(i64, Act)> {
    let mut dice = Dice(seed ^ 0x5eed);
    let mut acts = Vec::new();
    for day in 0..365 {
        let noon = START + day * DAY_MS + 12 * HOUR_MS;
        // Nights, now and then days away from the machine.
        let (from, hours) = match dice.roll(40) {
            0 => (noon, dice.between(40, 230)),
            1 => (noon - 5 * HOUR_MS, 6),
            _ => (
                noon + dice.between(8 * 60, 13 * 60) * MINUTE_MS,
                dice.between(5, 12),
            ),
        };
        acts.push((
            from,
            Act::Sleep {
                until: from + hours * HOUR_MS + dice.between(0, 3_600_000),
            },
        ));
        for _ in 0..2 {
            let at = noon + dice.between(-360, 540) * MINUTE_MS + dice.between(0, 60_000);
            let what = dice.roll(VAULT + 1);
            acts.push((
                at,
                match dice.roll(10) {
                    0..=2 => Act::Renew { what },
                    3 => Act::Breach {
                        key: dice.roll(KEYS),
                    },
                    4..=6 => Act::Snooze {
                        what,
                        hours: dice.between(1, 200) as u32,
                    },
                    7 => Act::Acknowledge { what },
                    _ => Act::Restart,
                },
            ));
        }
        // A backup comes by itself on a day at the machine, but for weeks with a full disk.
        let disk_is_full = (60..85).contains(&day) || (200..212).contains(&day);
        if !disk_is_full {
            let at = noon + dice.between(-240, 480) * MINUTE_MS;
            acts.push((at, Act::Renew { what: VAULT }));
        }
    }
    for _ in 0..30 {
        let at = START + dice.between(0, 360 * DAY_MS);
        let wrong = match dice.roll(6) {
            0 => -20 * 365 * DAY_MS, // a dead battery
            1 => dice.between(-5, 0) * DAY_MS,
            2 => dice.between(0, 40) * DAY_MS,
            3 => -HOUR_MS,
            4 => dice.between(-30, 30) * MINUTE_MS + 7_123,
            _ => dice.between(0, 3) * HOUR_MS,
        };
        let lasts = dice.between(1, 400) * MINUTE_MS;
        acts.push((at, Act::Clock { offset: wrong }));
        acts.push((at + lasts, Act::Clock { offset: 0 }));
    }
    let zones = [
        "America/New_York",
        "Asia/Tokyo",
        "Pacific/Auckland",
        "America/Los_Angeles",
        "Asia/Kathmandu",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Australia/Lord_Howe",
        "Europe/Berlin",
    ];
    for journey in 0..24 {
        let at = START + (journey * 15 + 3) * DAY_MS + dice.between(0, DAY_MS);
        let zone = zones[dice.roll(zones.len() as u64) as usize];
        acts.push((at, Act::Travel { zone }));
    }
    acts.sort_by_key(|(at, _)| *at);
    acts
}
