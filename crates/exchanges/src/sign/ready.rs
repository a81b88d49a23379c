//! From an exchange's id and a credential to a signer: the refusals that come before any request.
//!
//! Deliberately not here: what makes a credential of one exchange usable (each adapter says it),
//! and refusing what only looks unusual: a person may know better than a shape.

use strongroom_domain::{Environment, FieldName};

use super::refusal::CredentialError;
use super::{Credential, Signer, adapter};
use crate::catalogue::{self, Detail, Facts, Status};
use crate::recognise::{What, looked_over};

/// Why nothing can be signed for an exchange with a credential. Nothing of the credential stands
/// in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("there is no exchange of this name in the catalogue")]
    UnknownExchange,
    #[error("{0} is only recognised here: how its requests are signed is not known")]
    RecognisedOnly(&'static str),
    #[error("{name} closed on {on}: it has no address any more, so nothing is signed for it")]
    Closed { name: &'static str, on: String },
    #[error("{name} has no {environment} environment")]
    NoEnvironment {
        name: &'static str,
        environment: &'static str,
    },
    #[error("this is no host of {0} in this environment")]
    NoSuchHost(&'static str),
    /// One sentence about the fields as they stand.
    #[error("{0}")]
    Fields(String),
    #[error(transparent)]
    Credential(#[from] CredentialError),
}

/// Where requests of an exchange would be signed for, before any credential is opened.
///
/// # Errors
/// An exchange, environment or host for which nothing is signed.
pub fn place(
    exchange: &str,
    environment: Environment,
    host: Option<&str>,
) -> Result<&'static Facts, NotReady> {
    let facts = catalogue::facts(exchange).ok_or(NotReady::UnknownExchange)?;
    if let Status::Closed { on } = &facts.status {
        return Err(NotReady::Closed {
            name: &facts.name,
            on: on.to_string(),
        });
    }
    if facts.detail == Detail::Recognition || adapter(exchange).is_none() {
        return Err(NotReady::RecognisedOnly(&facts.name));
    }
    let mut hosts = facts.hosts_of(environment).peekable();
    if hosts.peek().is_none() {
        return Err(NotReady::NoEnvironment {
            name: &facts.name,
            environment: environment.name(),
        });
    }
    match host {
        Some(host) if !hosts.any(|known| known.name() == host) => {
            Err(NotReady::NoSuchHost(&facts.name))
        }
        _ => Ok(facts),
    }
}

/// A signer for one exchange and environment; `host` is its usual one where `None`.
///
/// # Errors
/// As [`place`]; fields that stand in each other's place, a public or locked half where the private
/// one belongs, and whatever the adapter misses.
pub fn signer(
    exchange: &str,
    environment: Environment,
    host: Option<&str>,
    credential: &Credential,
) -> Result<Signer, NotReady> {
    let facts = place(exchange, environment, host)?;
    let adapter = adapter(exchange).ok_or(NotReady::RecognisedOnly(&facts.name))?;
    let named: Vec<(FieldName, &str)> = credential
        .fields()
        // EXPOSE: compared with the forms the exchange gives its fields; nothing is kept.
        .filter_map(|(name, value)| Some((FieldName::parse(name).ok()?, value.expose())))
        .collect();
    let unusable = |what: &What| {
        matches!(
            what,
            What::SwappedWith(_) | What::PublicHalf | What::Locked | What::SameAs(_)
        )
    };
    let findings = looked_over(facts, environment, &named);
    if let Some(finding) = findings.into_iter().find(|one| unusable(&one.what)) {
        return Err(NotReady::Fields(finding.words));
    }
    Ok(adapter.signer(environment, host, credential)?)
}

#[cfg(test)]
mod tests {
    use strongroom_secret::SecretText;

    use super::*;

    fn credential(fields: &[(&str, &str)]) -> Credential {
        Credential::new(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
                .collect(),
        )
    }

    fn refused(exchange: &str, environment: Environment, fields: &[(&str, &str)]) -> String {
        signer(exchange, environment, None, &credential(fields))
            .expect_err("refused")
            .to_string()
    }

    const PRODUCTION: Environment = Environment::Production;

    #[test]
    fn places_where_nothing_is_signed_are_told_apart() {
        for (exchange, environment, host, words) in [
            ("nowhere", PRODUCTION, None, "no exchange of this name"),
            ("upbit", PRODUCTION, None, "only recognised here"),
            ("bitmex", PRODUCTION, None, "closed on 2026-09-23"),
            ("kraken", Environment::Demo, None, "no demo environment"),
            ("kraken", PRODUCTION, Some("api.binance.com"), "no host of"),
        ] {
            let refused = place(exchange, environment, host).expect_err(exchange);
            assert!(refused.to_string().contains(words), "{refused}");
        }
        assert!(place("bybit", PRODUCTION, Some("api.bybit.eu")).is_ok());
    }

    #[test]
    fn a_credential_that_cannot_sign_is_refused_and_not_repeated() {
        let key = "A".repeat(56);
        let secret = format!("{}==", "B".repeat(86));
        for (exchange, fields, words) in [
            ("kraken", vec![("apiKey", key.as_str())], "`secret`"),
            (
                "kraken",
                vec![("apiKey", secret.as_str()), ("secret", key.as_str())],
                "place",
            ),
            (
                "okx",
                vec![("apiKey", "a"), ("secret", "b")],
                "`passphrase`",
            ),
            (
                "kraken",
                vec![("apiKey", key.as_str()), ("secret", "not-base64!")],
                "is not base64",
            ),
        ] {
            let said = refused(exchange, PRODUCTION, &fields);
            assert!(said.contains(words), "{exchange}: {said}");
            for (_, value) in &fields {
                assert!(value.len() < 9 || !said.contains(value), "{said}");
            }
        }
    }
}
