//! How old the facts about an exchange are.
//!
//! Deliberately not here: a clock; the caller says which day it is.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date is written as 2026-11-23")]
pub struct AsOfRefused;

/// The day on which facts were last compared with their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf(Date);

impl AsOf {
    /// Takes `2026-11-23` and no other form.
    pub fn parse(text: &str) -> Result<Self, AsOfRefused> {
        let date: Date = text.parse().map_err(|_| AsOfRefused)?;
        if date.to_string() == text {
            Ok(Self(date))
        } else {
            Err(AsOfRefused)
        }
    }

    pub fn date(self) -> Date {
        self.0
    }

    /// Whether a whole year has gone by: the same day of the next year is the first that counts.
    /// Facts from the future are not old.
    pub fn is_older_than_a_year(self, today: Date) -> bool {
        let year = jiff::Span::new().years(1);
        self.0
            .checked_add(year)
            .is_ok_and(|birthday| today >= birthday)
    }
}

impl std::fmt::Display for AsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<'de> Deserialize<'de> for AsOf {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl super::Facts {
    /// Whether what is known of this exchange is older than a year on `today`: a finding of the
    /// health check, because a rule may have changed since.
    pub fn are_older_than_a_year(&self, today: Date) -> bool {
        self.as_of.is_older_than_a_year(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_old_on_their_first_birthday() {
        for (as_of, today, old) in [
            ("2026-11-23", "2026-11-23", false),
            ("2026-11-23", "2027-11-22", false),
            ("2026-11-23", "2027-11-23", true),
            ("2026-11-23", "2040-01-01", true),
            ("2026-11-23", "2020-01-01", false),
            ("2024-02-29", "2025-02-27", false),
            ("2024-02-29", "2025-02-28", true),
        ] {
            let as_of = AsOf::parse(as_of).expect("a date");
            let today = today.parse().expect("a date");
            assert_eq!(as_of.is_older_than_a_year(today), old, "{as_of} {today}");
        }
    }

    #[test]
    fn only_one_form_of_a_date_is_taken() {
        for text in [
            "",
            "2026-11",
            "20261123",
            "2026-11-23T00:00",
            "23.11.2026",
            " 2026-11-23",
        ] {
            assert_eq!(AsOf::parse(text), Err(AsOfRefused), "{text}");
        }
    }
}
