//! Timestamps as exchanges spell them.
//!
//! Deliberately not here: the clock, and time zones: all of it is UTC.

use super::refusal::SignError;

/// The first millisecond of the year 10000, from which on a date would need five digits.
const YEAR_10000_MS: u64 = 253_402_300_800_000;

/// Whether a moment can be spelt in every way an exchange asks for.
pub(crate) fn check(now_ms: u64) -> Result<(), SignError> {
    if now_ms < YEAR_10000_MS {
        Ok(())
    } else {
        Err(SignError::Time)
    }
}

/// The two digits of every number below a hundred.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
        number += 1;
    }
    pairs
};

/// The last two digits of a number.
fn pair(number: u64) -> [u8; 2] {
    // A remainder of a hundred is a place in the table.
    PAIRS[(number % 100) as usize]
}

/// `2020-12-08T09:08:57`, for a moment that [`check`] let through.
pub(crate) fn iso_seconds(out: &mut String, now_ms: u64) {
    push_ascii(out, &iso(now_ms)[..19]);
}

/// `2020-12-08T09:08:57.715Z`.
pub(crate) fn iso_millis(out: &mut String, now_ms: u64) {
    push_ascii(out, &iso(now_ms));
}

fn iso(now_ms: u64) -> [u8; 24] {
    let seconds = now_ms / 1000;
    let (year, month, day) = civil_date(seconds / 86_400);
    let of_day = seconds % 86_400;
    let mut text = *b"0000-00-00T00:00:00.000Z";
    for (place, number) in [
        (0, year / 100),
        (2, year),
        (5, month),
        (8, day),
        (11, of_day / 3600),
        (14, of_day / 60 % 60),
        (17, of_day % 60),
        // The last digit of the milliseconds first: the two before it are written over its tens.
        (21, now_ms),
        (20, now_ms / 10),
    ] {
        text[place..place + 2].copy_from_slice(&pair(number));
    }
    text
}

/// Appends a number without the formatting machinery, which is slow enough to show beside a MAC.
pub(crate) fn push_number(out: &mut String, number: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    while rest >= 10 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&pair(rest));
        rest /= 100;
    }
    if rest > 0 || at == digits.len() {
        at -= 1;
        digits[at] = pair(rest)[1];
    }
    push_ascii(out, &digits[at..]);
}

fn push_ascii(out: &mut String, digits: &[u8]) {
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// Year, month and day of a number of days since 1970-01-01, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>), for days that are not negative.
fn civil_date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_spelt_with_leap_days_and_up_to_the_last_millisecond() {
        for (now_ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_607_418_537_715, "2020-12-08T09:08:57.715Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (YEAR_10000_MS - 1, "9999-12-31T23:59:59.999Z"),
        ] {
            let mut out = String::new();
            iso_millis(&mut out, now_ms);
            assert_eq!(out, text);
            assert_eq!(check(now_ms), Ok(()));
        }
        assert_eq!(check(YEAR_10000_MS), Err(SignError::Time));
    }

    #[test]
    fn numbers_are_appended_whole() {
        for number in [0, 7, 10, 1_499_827_319_559, u64::MAX] {
            let mut out = String::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }
}
