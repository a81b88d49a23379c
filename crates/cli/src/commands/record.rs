//! What `add` and `edit` both take: everything recorded of a key but its secrets.

use strongroom_wire::{ExpiryCause, Permissions, Tri, Verb};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::strip;
use crate::values::{self, AllowlistWord, parse_allowlist_word};
use crate::when::{DAY_MS, Moment, parse_end};

/// Declared permissions: verbs that are not named stay as they are, unknown in a new key.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Permissions")]
pub(crate) struct Declared {
    /// The key may do this; verbs by commas
    #[arg(long, value_name = "VERBS", value_delimiter = ',', value_parser = values::verb())]
    allow: Vec<Verb>,
    /// The key may not do this
    #[arg(long, value_name = "VERBS", value_delimiter = ',', value_parser = values::verb())]
    deny: Vec<Verb>,
    /// The exchange's own name of a permission; repeat for each
    #[arg(long, value_name = "NAME")]
    pub(crate) native_permission: Vec<String>,
}

impl Declared {
    pub(crate) fn is_given(&self) -> bool {
        !self.allow.is_empty() || !self.deny.is_empty()
    }

    pub(crate) fn apply(&self, permissions: &mut Permissions) -> Result<(), Failure> {
        if self.allow.iter().any(|verb| self.deny.contains(verb)) {
            return Err(Failure::invalid("a verb is both allowed and denied"));
        }
        for verb in &self.allow {
            strip::set(permissions, *verb, Tri::Yes);
        }
        for verb in &self.deny {
            strip::set(permissions, *verb, Tri::No);
        }
        Ok(())
    }
}

/// Where from the key may be used.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Allowlist")]
pub(crate) struct AllowlistArguments {
    /// Addresses and networks by commas, each with =HOST if the host has a name; or
    /// `unrestricted`: any address may use the key; or `unknown`
    #[arg(
        long,
        value_name = "RULES",
        value_delimiter = ',',
        value_parser = parse_allowlist_word
    )]
    pub(crate) allowlist: Vec<AllowlistWord>,
}

/// When the key lapses. Several causes may be given; the earliest wins.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Expiry")]
pub(crate) struct Expiry {
    /// On this date, at the end of the day; or at this moment
    #[arg(long, value_name = "DATE", value_parser = parse_end)]
    expires: Option<Moment>,
    /// This many days from now
    #[arg(
        long,
        value_name = "DAYS",
        conflicts_with = "expires",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-36_500..=36_500)
    )]
    expires_in: Option<i64>,
    /// This many days after the key was made at the exchange
    #[arg(long, value_name = "DAYS")]
    expires_after: Option<u32>,
    /// After this many days without use
    #[arg(long, value_name = "DAYS")]
    expires_unused: Option<u32>,
    /// This many days after it was made, as long as it has no allowlist
    #[arg(long, value_name = "DAYS")]
    expires_without_allowlist: Option<u32>,
    /// With the change of the account's password, at this moment
    #[arg(long, value_name = "DATE", value_parser = parse_end)]
    expires_by_password_change: Option<Moment>,
    /// This many days after a session or an agent wallet was approved, at most
    #[arg(long, value_name = "DAYS")]
    session_life: Option<u32>,
}

impl Expiry {
    pub(crate) fn causes(&self) -> Vec<ExpiryCause> {
        let in_days = self.expires_in.map(|days| Moment(now_ms() + days * DAY_MS));
        let fixed = self
            .expires
            .or(in_days)
            .map(|at| ExpiryCause::Fixed { at_ms: at.0 });
        let after = self
            .expires_after
            .map(|days| ExpiryCause::DaysSinceCreation { days });
        let unused = self
            .expires_unused
            .map(|days| ExpiryCause::Inactivity { days });
        let without = self
            .expires_without_allowlist
            .map(|days| ExpiryCause::NoAllowlist { days });
        let by_change = self
            .expires_by_password_change
            .map(|at| ExpiryCause::PasswordChange { at_ms: at.0 });
        let session = self
            .session_life
            .map(|days| ExpiryCause::SessionLife { days });
        [fixed, after, unused, without, by_change, session]
            .into_iter()
            .flatten()
            .collect()
    }
}
