//! Timestamps as exchanges spell them.
//!
//! Deliberately not here: the clock, and time zones: all of it is UTC.

use super::refusal::SignError;
use super::text_buf::TextBuf;

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
#[inline(always)]
fn pair(number: u64) -> [u8; 2] {
    // A remainder of a hundred is a place in the table.
    PAIRS[(number % 100) as usize]
}

/// `2020-12-08T09:08:57`, for a moment that [`check`] let through.
pub(crate) fn iso_seconds(out: &mut TextBuf, now_ms: u64) {
    out.write_ascii(ISO.len(), |text| {
        write_iso(text, now_ms);
        19
    });
}

/// `2020-12-08T09:08:57.715Z`.
pub(crate) fn iso_millis(out: &mut TextBuf, now_ms: u64) {
    out.write_ascii(ISO.len(), |text| {
        write_iso(text, now_ms);
        ISO.len()
    });
}

const ISO: &[u8; 24] = b"0000-00-00T00:00:00.000Z";

fn write_iso(text: &mut [u8], now_ms: u64) {
    let (year, month, day) = civil_date(now_ms / 86_400_000);
    // Less than a day and five digits fit; small numbers are taken apart faster.
    let of_day_ms = (now_ms % 86_400_000) as u32;
    let of_day = of_day_ms / 1000;
    let Some(text) = text.first_chunk_mut() else {
        return;
    };
    *text = *ISO;
    for (place, number) in [
        (0, year / 100),
        (2, year),
        (5, month),
        (8, day),
        (11, of_day / 3600),
        (14, of_day / 60 % 60),
        (17, of_day % 60),
        // The last digit of the milliseconds first: the two before it are written over its tens.
        (21, of_day_ms % 1000),
        (20, of_day_ms % 1000 / 10),
    ] {
        text[place..place + 2].copy_from_slice(&pair(number.into()));
    }
}

/// Appends a number without the formatting machinery, which is slow enough to show beside a MAC.
pub(crate) fn push_number(out: &mut TextBuf, number: u64) {
    let count = number.checked_ilog10().unwrap_or(0) as usize + 1;
    out.write_ascii(count, |digits| {
        let (first, pairs) = digits.as_rchunks_mut();
        let mut rest = number;
        for two in pairs.iter_mut().rev() {
            *two = pair(rest);
            rest /= 100;
        }
        if let [first] = first {
            *first = pair(rest)[1];
        }
        count
    });
}

/// Year, month and day of a number of days since 1970-01-01, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>), for days that are not negative.
fn civil_date(days: u64) -> (u32, u32, u32) {
    // Of years below 10000.
    let days = days as u32;
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
    let year = year_of_era + era * 400 + u32::from(month <= 2);
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
            let mut out = TextBuf::default();
            iso_millis(&mut out, now_ms);
            assert_eq!(out.as_str(), text);
            assert_eq!(check(now_ms), Ok(()));
        }
        assert_eq!(check(YEAR_10000_MS), Err(SignError::Time));
    }

    #[test]
    fn numbers_are_appended_whole() {
        for number in [0, 7, 9, 10, 99, 100, 101, 1_499_827_319_559, u64::MAX] {
            let mut out = TextBuf::default();
            push_number(&mut out, number);
            assert_eq!(out.as_str(), number.to_string());
        }
    }
}
