//! When keys of an exchange end by its own rules, and whether a rule concerns a given key.
//!
//! Deliberately not here: dates. A rule becomes a cause of the domain, which knows when it is due.

use serde::Deserialize;
use strongroom_domain::{
    AllowlistSummary, Days, Environment, ExpiryCause, PermissionSet, Tri, Verb,
};

use super::terms::{self, Confidence};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExpiryRule {
    pub kind: RuleKind,
    /// Empty where the exchange names none; several where a person chose one of them.
    #[serde(default)]
    pub days: Vec<u16>,
    /// Whether the rule spares a key with an allowlist.
    #[serde(default)]
    pub without_allowlist: bool,
    /// The rights a key must have for the rule to concern it.
    pub needs: Need,
    /// Only keys of this environment.
    #[serde(default, deserialize_with = "terms::maybe_environment")]
    pub environment: Option<Environment>,
    /// What happens, as one clause.
    pub effect: String,
    pub confidence: Confidence,
    #[serde(default)]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// So many days after it was made.
    SinceCreation,
    /// A session or an agent: so many days after it was approved at most.
    SessionLife,
    /// When it has not been used for so long.
    Inactivity,
    /// So many days after the account's password was changed.
    PasswordChange,
    /// On a date the person chose when making it.
    ChosenDate,
    /// When another key takes its place.
    Replaced,
    /// The exchange has closed.
    Closed,
    /// It is said not to end.
    Never,
    /// Nothing is documented; that is not the same as never.
    NoneKnown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    Any,
    ReadOnly,
    BeyondRead,
    Trade,
    TradeOrWithdraw,
}

impl Need {
    /// An unknown right counts as one: a reminder too early is better than none. Administration is
    /// the exception: hardly an exchange tells it, so only a known right counts.
    fn concerns(self, permissions: &PermissionSet) -> bool {
        let any = |verbs: &[Verb]| {
            verbs
                .iter()
                .any(|verb| permissions.get(*verb).is_possible())
        };
        let trade = any(&[Verb::Spot, Verb::Margin, Verb::Derivatives]);
        let admin = [Verb::SubAccounts, Verb::KeyAdmin]
            .iter()
            .any(|verb| permissions.get(*verb) == Tri::Yes);
        let beyond_read = trade || admin || any(&[Verb::Transfer, Verb::Withdraw]);
        match self {
            Self::Any => true,
            Self::ReadOnly => !beyond_read,
            Self::BeyondRead => beyond_read,
            Self::Trade => trade,
            Self::TradeOrWithdraw => trade || any(&[Verb::Withdraw]),
        }
    }
}

impl ExpiryRule {
    /// Whether it concerns a key with these rights. An allowlist nobody recorded spares no key.
    pub fn concerns(
        &self,
        permissions: &PermissionSet,
        allowlist: AllowlistSummary,
        environment: Environment,
    ) -> bool {
        let here = self.environment.is_none_or(|only| only == environment);
        let listed = matches!(allowlist, AllowlistSummary::Listed(_));
        let spared = self.without_allowlist && listed;
        here && !spared && self.needs.concerns(permissions)
    }

    /// The cause of the domain, for a rule with one number of days that runs by itself. A chosen
    /// date and a change of password must be recorded by the person.
    pub fn cause(&self) -> Option<ExpiryCause> {
        let [days] = self.days.as_slice() else {
            return None;
        };
        let days = Days::parse(u32::from(*days)).ok()?;
        match self.kind {
            RuleKind::Inactivity => Some(ExpiryCause::Inactivity { days }),
            RuleKind::SessionLife => Some(ExpiryCause::SessionLife { days }),
            RuleKind::SinceCreation if self.without_allowlist => {
                Some(ExpiryCause::NoAllowlist { days })
            }
            RuleKind::SinceCreation => Some(ExpiryCause::DaysSinceCreation { days }),
            RuleKind::PasswordChange
            | RuleKind::ChosenDate
            | RuleKind::Replaced
            | RuleKind::Closed
            | RuleKind::Never
            | RuleKind::NoneKnown => None,
        }
    }
}

impl super::Facts {
    /// The rules that end a key with these rights, each with how far it is to be trusted.
    pub fn expiry_of(
        &self,
        permissions: &PermissionSet,
        allowlist: AllowlistSummary,
        environment: Environment,
    ) -> Vec<(ExpiryCause, &ExpiryRule)> {
        let never = self.expiry.iter().any(|rule| {
            rule.kind == RuleKind::Never && rule.concerns(permissions, allowlist, environment)
        });
        if never {
            return Vec::new();
        }
        self.expiry
            .iter()
            .filter(|rule| rule.concerns(permissions, allowlist, environment))
            .filter_map(|rule| Some((rule.cause()?, rule)))
            .collect()
    }
}
