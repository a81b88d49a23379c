//! Values of the contract in words: when something is due, how long ago, which environment.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
pub(crate) use strongroom_papers::{allowlist_summary, environment, state};
use strongroom_wire::{
    Allowlist, CheckOutcome, Due, ExpiryCause, KeyRow, KeyType, ReminderKind, SecretPlace, Verb,
    VersionState,
};

use crate::output::Tone;
use crate::sanitise::sanitise;

/// `12 days`, `3 hours`, `5 minutes`: the largest unit that fits, rounded down.
pub(crate) fn span(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    plural(count, unit)
}

pub(crate) fn plural(count: i64, unit: &str) -> String {
    if count == 1 {
        format!("1 {unit}")
    } else {
        format!("{count} {unit}s")
    }
}

/// `5 Dec`, or `5 Dec 2027` where the year is not this one.
pub(crate) fn short_date(date: Date, today: Date) -> String {
    let format = if date.year() == today.year() {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    date.strftime(format).to_string()
}

/// `in 12 days, 5 Dec`, `today, 23 Nov`, `2 days ago, 21 Nov`.
pub(crate) fn due(due: &Due, now_ms: i64) -> String {
    let relative = match due.days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days < 0 => format!("{} ago", plural(-days, "day")),
        days => format!("in {}", plural(days, "day")),
    };
    match due.date.parse::<Date>() {
        Ok(date) => format!("{relative}, {}", short_date(date, local_date(now_ms))),
        Err(_) => relative,
    }
}

/// What comes first of a key, as (verb, due): `expires`, `rotate`.
pub(crate) fn first_due(row: &KeyRow) -> Option<(ReminderKind, &Due)> {
    match (&row.expiry, &row.rotation) {
        (Some(expiry), Some(rotation)) if rotation.at_ms < expiry.at_ms => {
            Some((ReminderKind::Rotation, rotation))
        }
        (Some(expiry), _) => Some((ReminderKind::Expiry, expiry)),
        (None, Some(rotation)) => Some((ReminderKind::Rotation, rotation)),
        (None, None) => None,
    }
}

/// `expires in 12 days, 5 Dec`, `expired 2 days ago, 21 Nov`, `rotate in 3 days, 26 Nov`,
/// `rotation was due 4 days ago, 19 Nov`.
pub(crate) fn due_sentence(kind: ReminderKind, when: &Due, now_ms: i64) -> String {
    let verb = match (kind, when.days < 0) {
        (ReminderKind::Expiry, false) => "expires",
        (ReminderKind::Expiry, true) => "expired",
        (ReminderKind::Rotation, false) => "rotate",
        (ReminderKind::Rotation, true) => "rotation was due",
        (ReminderKind::Review, false) => "look again",
        (ReminderKind::Review, true) => "was to be looked at again",
        // They are told of once they are stale.
        (ReminderKind::Backup, _) => "backup was due",
    };
    format!("{verb} {}", due(when, now_ms))
}

/// Red where money is at stake now, amber within a week.
pub(crate) fn due_tone(days: i64) -> Option<Tone> {
    match days {
        ..=0 => Some(Tone::Red),
        1..=7 => Some(Tone::Amber),
        _ => None,
    }
}

pub(crate) fn local_date(ms: i64) -> Date {
    zoned(ms).date()
}

/// `2026-11-23 20:15`, local time.
pub(crate) fn moment(ms: i64) -> String {
    zoned(ms).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `3 days ago, 20 Nov`.
pub(crate) fn ago(ms: i64, now_ms: i64) -> String {
    let date = short_date(local_date(ms), local_date(now_ms));
    if now_ms - ms < 60_000 {
        format!("just now, {date}")
    } else {
        format!("{} ago, {date}", span(now_ms - ms))
    }
}

fn zoned(ms: i64) -> jiff::ZonedDateTime {
    Timestamp::from_millisecond(ms)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned_datetime(TimeZone::system())
}

pub(crate) fn version_state(state: VersionState) -> &'static str {
    match state {
        VersionState::Staged => "staged",
        VersionState::Active => "active",
        VersionState::Draining => "draining",
        VersionState::Revoked => "revoked",
    }
}

pub(crate) fn key_type(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Hmac => "HMAC",
        KeyType::Rsa => "RSA",
        KeyType::Ed25519 => "Ed25519",
        KeyType::Ecdsa => "ECDSA",
        KeyType::Passphrase => "HMAC with passphrase",
        KeyType::AgentWallet => "agent wallet",
        KeyType::OAuth => "OAuth",
    }
}

pub(crate) fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Read => "read",
        Verb::Spot => "spot trade",
        Verb::Margin => "margin",
        Verb::Derivatives => "derivatives",
        Verb::Transfer => "internal transfer",
        Verb::Withdraw => "withdraw",
        Verb::SubAccounts => "sub-accounts",
        Verb::KeyAdmin => "key admin",
    }
}

pub(crate) fn place(place: SecretPlace) -> &'static str {
    match place {
        SecretPlace::Keyring => "keyring",
        SecretPlace::File => "file",
    }
}

pub(crate) fn allowlist(allowlist: &Allowlist) -> String {
    match allowlist {
        Allowlist::Unrestricted {} => "unrestricted: any address may use the key".to_owned(),
        Allowlist::Unknown {} => "unknown: nobody recorded it yet".to_owned(),
        Allowlist::Listed { rules } => rules
            .iter()
            .map(|rule| match &rule.host {
                Some(host) => format!("{} ({})", sanitise(&rule.address), sanitise(host)),
                None => sanitise(&rule.address),
            })
            .collect::<Vec<_>>()
            .join(", "),
    }
}

pub(crate) fn expiry_cause(cause: &ExpiryCause) -> String {
    match cause {
        ExpiryCause::Fixed { at_ms } => format!("fixed date, {}", moment(*at_ms)),
        ExpiryCause::DaysSinceCreation { days } => {
            format!("{} after creation", plural(i64::from(*days), "day"))
        }
        ExpiryCause::Inactivity { days } => {
            format!("after {} without use", plural(i64::from(*days), "day"))
        }
        ExpiryCause::NoAllowlist { days } => {
            let days = plural(i64::from(*days), "day");
            format!("{days} after creation without an allowlist")
        }
        ExpiryCause::PasswordChange { at_ms } => {
            format!("the account's password changed, {}", moment(*at_ms))
        }
        ExpiryCause::SessionLife { days } => {
            let days = plural(i64::from(*days), "day");
            format!("{days} at most after it was approved")
        }
    }
}

/// Names by commas, or a dash.
pub(crate) fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    let shown: Vec<_> = names.iter().map(|name| sanitise(name)).collect();
    shown.join(", ")
}

/// "every day", "every 7 days".
pub(crate) fn every(days: u32) -> String {
    match days {
        1 => "every day".to_owned(),
        days => format!("every {}", plural(i64::from(days), "day")),
    }
}

/// How asking an exchange ended, in a clause.
pub(crate) fn check_outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Answered => "the exchange answered",
        CheckOutcome::KeyIsWrong => "the exchange refused the key",
        CheckOutcome::KeyIsKnown => "the exchange knows the key and said no more",
        CheckOutcome::CannotBeAskedFromHere => "it cannot be asked from here",
        CheckOutcome::AskLater => "the exchange said: later",
        CheckOutcome::CannotTell => "the exchange refused, and why is not clear",
        CheckOutcome::NoAnswer => "no answer came",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due_in(days: i64, date: &str) -> Due {
        Due {
            at_ms: 0,
            date: date.to_owned(),
            days,
            cause: "fixed date".to_owned(),
        }
    }

    /// Noon of 23 November 2026, so that no time zone makes it another year.
    const NOW: i64 = 1_795_435_200_000;

    #[test]
    fn due_is_relative_first_and_absolute_beside() {
        for (days, date, words) in [
            (12, "2026-12-05", "expires in 12 days, 5 Dec"),
            (1, "2026-11-24", "expires tomorrow, 24 Nov"),
            (0, "2026-11-23", "expires today, 23 Nov"),
            (-1, "2026-11-22", "expired yesterday, 22 Nov"),
            (-2, "2026-11-21", "expired 2 days ago, 21 Nov"),
            (60, "2027-01-22", "expires in 60 days, 22 Jan 2027"),
        ] {
            let due = due_in(days, date);
            assert_eq!(due_sentence(ReminderKind::Expiry, &due, NOW), words);
        }
        let overdue = due_in(-4, "2026-11-19");
        assert_eq!(
            due_sentence(ReminderKind::Rotation, &overdue, NOW),
            "rotation was due 4 days ago, 19 Nov"
        );
    }

    #[test]
    fn spans_are_in_the_largest_unit_that_fits() {
        for (ms, words) in [
            (0, "0 seconds"),
            (1_000, "1 second"),
            (119_000, "1 minute"),
            (7_200_000, "2 hours"),
            (172_800_000, "2 days"),
        ] {
            assert_eq!(span(ms), words);
        }
    }
}
