//! A key as it stands in an archive: the JSON twin of an [`ExportEntry`].
//!
//! What is as it would be if nothing had been recorded is left out. Moments are UTC milliseconds
//! since 1970. Deliberately not here: the fields of a secret (`fields`).

use serde::{Deserialize, Serialize};
use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, Days, EntryId, Environment, ExchangeId, ExpiryCause,
    IpRule, KeyLabel, KeyState, KeyType, Line, NamedHost, Notes, PermissionSet, RotationPolicy,
    Tag, Tri, UtcMs, Verb, VersionState,
};

use super::entry::{Details, ExportEntry, ExportVersion};
use super::fields::Fields;

/// The most versions of a key's secret beside the one in use.
const MOST_VERSIONS: usize = 1_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyTwin {
    id: String,
    label: String,
    exchange: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    environment: String,
    #[serde(rename = "type")]
    key_type: String,
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compromised_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    fields: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    permissions: PermissionsTwin,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    native_permissions: Vec<String>,
    allowlist: AllowlistTwin,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    expiry: Vec<ExpiryTwin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rotation_days: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    consumers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other_versions: Vec<VersionTwin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The eight verbs by name; all of them stand there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PermissionsTwin {
    read: String,
    spot: String,
    margin: String,
    derivatives: String,
    transfer: String,
    withdraw: String,
    sub_accounts: String,
    key_admin: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum AllowlistTwin {
    /// `unrestricted` or `unknown`.
    Word(String),
    Rules(Vec<RuleTwin>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTwin {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "cause")]
enum ExpiryTwin {
    Fixed { at_ms: i64 },
    DaysSinceCreation { days: u32 },
    Inactivity { days: u32 },
    NoAllowlist { days: u32 },
    PasswordChange { at_ms: i64 },
    SessionLife { days: u32 },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionTwin {
    state: String,
    made_ms: i64,
    fields: Fields,
}

impl KeyTwin {
    pub(super) fn of(entry: &ExportEntry) -> Self {
        let details = &entry.details;
        let answer = |verb| details.declared.get(verb).name().to_owned();
        Self {
            id: entry.id.to_string(),
            label: entry.label.to_string(),
            exchange: entry.exchange.as_str().to_owned(),
            account: entry.account.as_ref().map(ToString::to_string),
            environment: entry.environment.name().to_owned(),
            key_type: type_word(details.key_type).to_owned(),
            state: entry.state.name().to_owned(),
            compromised_ms: entry.compromised.map(UtcMs::ms),
            fields: Fields::of(&entry.fields),
            purpose: details.purpose.as_ref().map(ToString::to_string),
            owner: details.owner.as_ref().map(ToString::to_string),
            permissions: PermissionsTwin {
                read: answer(Verb::Read),
                spot: answer(Verb::Spot),
                margin: answer(Verb::Margin),
                derivatives: answer(Verb::Derivatives),
                transfer: answer(Verb::Transfer),
                withdraw: answer(Verb::Withdraw),
                sub_accounts: answer(Verb::SubAccounts),
                key_admin: answer(Verb::KeyAdmin),
            },
            native_permissions: texts(details.declared.native()),
            allowlist: match &details.allowlist {
                Allowlist::Unrestricted => AllowlistTwin::Word("unrestricted".to_owned()),
                Allowlist::Unknown => AllowlistTwin::Word("unknown".to_owned()),
                Allowlist::Listed(rules) => {
                    AllowlistTwin::Rules(rules.iter().map(RuleTwin::of).collect())
                }
            },
            expiry: details.expiry.iter().map(ExpiryTwin::of).collect(),
            rotation_days: match details.rotation {
                RotationPolicy::Default => None,
                RotationPolicy::Every(days) => Some(days.get()),
            },
            created_ms: details.created.map(UtcMs::ms),
            consumers: texts(&details.consumers),
            tags: texts(&details.tags),
            notes: details.notes.as_ref().map(ToString::to_string),
            other_versions: entry.other_versions.iter().map(VersionTwin::of).collect(),
            expires_ms: entry.expires.map(UtcMs::ms),
            url: entry.url.clone(),
        }
    }

    /// # Errors
    /// Which part of the key is not as it should be.
    pub(super) fn into_entry(self) -> Result<ExportEntry, &'static str> {
        let parsed = |text: &str, name: &'static str| Line::parse(text).map_err(|_| name);
        let moment = |ms: i64, name: &'static str| UtcMs::parse(ms).map_err(|_| name);
        let permissions = &self.permissions;
        let mut declared = PermissionSet::unknown();
        for (verb, word) in [
            (Verb::Read, &permissions.read),
            (Verb::Spot, &permissions.spot),
            (Verb::Margin, &permissions.margin),
            (Verb::Derivatives, &permissions.derivatives),
            (Verb::Transfer, &permissions.transfer),
            (Verb::Withdraw, &permissions.withdraw),
            (Verb::SubAccounts, &permissions.sub_accounts),
            (Verb::KeyAdmin, &permissions.key_admin),
        ] {
            let answer = called(Tri::ALL, |tri| tri.name(), word).ok_or("a permission")?;
            declared = declared.with(verb, answer);
        }
        let native = self.native_permissions.iter();
        let native: Result<Vec<Line>, _> =
            native.map(|name| parsed(name, "a permission")).collect();
        let tags = self.tags.iter().map(|tag| Tag::parse(tag));
        let consumers = self.consumers.iter().map(|name| ConsumerName::parse(name));
        if self.other_versions.len() > MOST_VERSIONS {
            return Err("the number of versions");
        }
        let other_versions = self
            .other_versions
            .into_iter()
            .map(VersionTwin::into_version);
        let details = Details {
            key_type: called(KeyType::ALL, type_word, &self.key_type).ok_or("the type")?,
            purpose: self
                .purpose
                .map(|text| parsed(&text, "the purpose"))
                .transpose()?,
            owner: self
                .owner
                .map(|text| parsed(&text, "the owner"))
                .transpose()?,
            declared: declared.with_native(native?),
            allowlist: self.allowlist.into_allowlist()?,
            expiry: self
                .expiry
                .into_iter()
                .map(ExpiryTwin::into_cause)
                .collect::<Result<_, _>>()?,
            rotation: match self.rotation_days {
                None => RotationPolicy::Default,
                Some(days) => {
                    RotationPolicy::Every(Days::parse(days).map_err(|_| "the rotation policy")?)
                }
            },
            created: self
                .created_ms
                .map(|ms| moment(ms, "the time it was made"))
                .transpose()?,
            consumers: consumers
                .collect::<Result<_, _>>()
                .map_err(|_| "a consumer")?,
            tags: tags.collect::<Result<_, _>>().map_err(|_| "a tag")?,
            notes: self
                .notes
                .map(|text| Notes::parse(&text).map_err(|_| "the notes"))
                .transpose()?,
        };
        Ok(ExportEntry {
            id: EntryId::parse(&self.id).map_err(|_| "the id")?,
            label: KeyLabel::parse(&self.label).map_err(|_| "the label")?,
            exchange: ExchangeId::parse(&self.exchange).map_err(|_| "the exchange")?,
            account: self
                .account
                .map(|text| AccountLabel::parse(&text).map_err(|_| "the account"))
                .transpose()?,
            environment: called(Environment::ALL, |one| one.name(), &self.environment)
                .ok_or("the environment")?,
            state: called(KeyState::ALL, |one| one.name(), &self.state).ok_or("the state")?,
            compromised: self
                .compromised_ms
                .map(|ms| moment(ms, "the time of a compromise"))
                .transpose()?,
            fields: self.fields.into_fields()?,
            other_versions: other_versions.collect::<Result<_, _>>()?,
            details,
            expires: self
                .expires_ms
                .map(|ms| moment(ms, "the expiry"))
                .transpose()?,
            url: self.url,
        })
    }
}

impl AllowlistTwin {
    fn into_allowlist(self) -> Result<Allowlist, &'static str> {
        match self {
            Self::Word(word) if word == "unrestricted" => Ok(Allowlist::Unrestricted),
            Self::Word(word) if word == "unknown" => Ok(Allowlist::Unknown),
            Self::Word(_) => Err("the allowlist"),
            Self::Rules(rules) => {
                let rules: Result<Vec<IpRule>, &'static str> =
                    rules.into_iter().map(RuleTwin::into_rule).collect();
                Allowlist::listed(rules?).map_err(|_| "the allowlist")
            }
        }
    }
}

impl RuleTwin {
    fn of(rule: &IpRule) -> Self {
        Self {
            address: rule.to_string(),
            host: rule.host().map(ToString::to_string),
        }
    }

    fn into_rule(self) -> Result<IpRule, &'static str> {
        let host = self
            .host
            .map(|host| NamedHost::parse(&host).map_err(|_| "a host of the allowlist"))
            .transpose()?;
        IpRule::parse(&self.address)
            .map(|rule| rule.named(host))
            .map_err(|_| "an address of the allowlist")
    }
}

impl ExpiryTwin {
    fn of(cause: &ExpiryCause) -> Self {
        match *cause {
            ExpiryCause::Fixed { at } => Self::Fixed { at_ms: at.ms() },
            ExpiryCause::DaysSinceCreation { days } => Self::DaysSinceCreation { days: days.get() },
            ExpiryCause::Inactivity { days } => Self::Inactivity { days: days.get() },
            ExpiryCause::NoAllowlist { days } => Self::NoAllowlist { days: days.get() },
            ExpiryCause::PasswordChange { at } => Self::PasswordChange { at_ms: at.ms() },
            ExpiryCause::SessionLife { days } => Self::SessionLife { days: days.get() },
        }
    }

    fn into_cause(self) -> Result<ExpiryCause, &'static str> {
        let days = |days| Days::parse(days).map_err(|_| "an expiry");
        let at = |ms| UtcMs::parse(ms).map_err(|_| "an expiry");
        Ok(match self {
            Self::Fixed { at_ms } => ExpiryCause::Fixed { at: at(at_ms)? },
            Self::DaysSinceCreation { days: count } => {
                ExpiryCause::DaysSinceCreation { days: days(count)? }
            }
            Self::Inactivity { days: count } => ExpiryCause::Inactivity { days: days(count)? },
            Self::NoAllowlist { days: count } => ExpiryCause::NoAllowlist { days: days(count)? },
            Self::PasswordChange { at_ms } => ExpiryCause::PasswordChange { at: at(at_ms)? },
            Self::SessionLife { days: count } => ExpiryCause::SessionLife { days: days(count)? },
        })
    }
}

impl VersionTwin {
    fn of(version: &ExportVersion) -> Self {
        Self {
            state: version.state.name().to_owned(),
            made_ms: version.made.ms(),
            fields: Fields::of(&version.fields),
        }
    }

    fn into_version(self) -> Result<ExportVersion, &'static str> {
        Ok(ExportVersion {
            state: called(VersionState::ALL, |one| one.name(), &self.state)
                .ok_or("the state of a version")?,
            made: UtcMs::parse(self.made_ms).map_err(|_| "the time of a version")?,
            fields: self.fields.into_fields()?,
        })
    }
}

fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    all.into_iter().map(|one| one.to_string()).collect()
}

fn called<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|one| name(*one) == word)
}

/// As in the contract with the agent's faces.
fn type_word(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Hmac => "hmac",
        KeyType::Rsa => "rsa",
        KeyType::Ed25519 => "ed25519",
        KeyType::Ecdsa => "ecdsa",
        KeyType::Passphrase => "passphrase",
        KeyType::AgentWallet => "agent-wallet",
        KeyType::OAuth => "oauth",
    }
}
