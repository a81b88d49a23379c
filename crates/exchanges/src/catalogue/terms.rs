//! The words the data files are written in, and how they become the domain's.
//!
//! Domain types cannot be serialised, so the files' words have types of their own here.
//!
//! Deliberately not here: any fact.

use serde::{Deserialize, Deserializer};
use strongroom_domain::{Environment, FieldName, KeyType, Tri, Verb};

/// How far a fact is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Third parties say so, or it was not read again in a source.
    Low,
    /// One source that is not the exchange's own reference, or an old one.
    Medium,
    /// The exchange's own reference or its own library.
    High,
}

/// Yes, no, or nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    Yes,
    No,
    #[default]
    Unknown,
}

impl Told {
    pub fn tri(self) -> Tri {
        match self {
            Self::Yes => Tri::Yes,
            Self::No => Tri::No,
            Self::Unknown => Tri::Unknown,
        }
    }
}

/// A right as exchanges divide them: the eight verbs, with futures and options apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    Read,
    Spot,
    Margin,
    Futures,
    Options,
    Transfer,
    /// Also managing the addresses to which one may withdraw: who can add an address can withdraw.
    Withdraw,
    SubAccounts,
    KeyAdmin,
}

impl Right {
    pub const ALL: [Self; 9] = [
        Self::Read,
        Self::Spot,
        Self::Margin,
        Self::Futures,
        Self::Options,
        Self::Transfer,
        Self::Withdraw,
        Self::SubAccounts,
        Self::KeyAdmin,
    ];

    /// Futures and options are one verb: any yes is yes, else any unknown is unknown.
    pub fn verb(self) -> Verb {
        match self {
            Self::Read => Verb::Read,
            Self::Spot => Verb::Spot,
            Self::Margin => Verb::Margin,
            Self::Futures | Self::Options => Verb::Derivatives,
            Self::Transfer => Verb::Transfer,
            Self::Withdraw => Verb::Withdraw,
            Self::SubAccounts => Verb::SubAccounts,
            Self::KeyAdmin => Verb::KeyAdmin,
        }
    }
}

pub(super) fn environment<'de, D: Deserializer<'de>>(input: D) -> Result<Environment, D::Error> {
    let word = String::deserialize(input)?;
    environment_of(&word).ok_or_else(|| serde::de::Error::custom("no such environment"))
}

pub(super) fn environments<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Vec<Environment>, D::Error> {
    Vec::<String>::deserialize(input)?
        .iter()
        .map(|word| {
            environment_of(word).ok_or_else(|| serde::de::Error::custom("no such environment"))
        })
        .collect()
}

pub(super) fn maybe_environment<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Option<Environment>, D::Error> {
    environment(input).map(Some)
}

pub(super) fn production() -> Environment {
    Environment::Production
}

fn environment_of(word: &str) -> Option<Environment> {
    Environment::ALL
        .iter()
        .copied()
        .find(|environment| environment.name() == word)
}

pub(super) fn key_type<'de, D: Deserializer<'de>>(input: D) -> Result<KeyType, D::Error> {
    let word = String::deserialize(input)?;
    KeyType::ALL
        .iter()
        .copied()
        .find(|kind| kind.name() == word)
        .ok_or_else(|| serde::de::Error::custom("no such key type"))
}

pub(super) fn field_name<'de, D: Deserializer<'de>>(input: D) -> Result<FieldName, D::Error> {
    field(&String::deserialize(input)?).map_err(serde::de::Error::custom)
}

pub(super) fn field_names<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<FieldName>, D::Error> {
    Vec::<String>::deserialize(input)?
        .iter()
        .map(|word| field(word).map_err(serde::de::Error::custom))
        .collect()
}

/// The domain's own spelling only: an alias in a data file would be a second name for a field.
fn field(word: &str) -> Result<FieldName, &'static str> {
    match FieldName::parse(word) {
        Ok(name) if name.as_str() == word => Ok(name),
        _ => Err("not the name of a field"),
    }
}
