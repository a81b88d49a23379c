//! What a self-check would ask an exchange, as a description a signing adapter can take; and the
//! calls that are never made with a person's key.
//!
//! Deliberately not here: signing, sending, and the choice of who asks.

use strongroom_domain::Environment;

use crate::catalogue::{Call, Facts, ForbiddenCall, Host, Reads, Told};

/// One read-only request, not yet signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Probe {
    /// The exchange's id.
    pub exchange: &'static str,
    /// Which reading its answer gives: hand it to [`crate::reading::read`].
    pub call: &'static str,
    pub method: &'static str,
    /// `https://` and a name.
    pub base: &'static str,
    /// From the root of the host, without the query.
    pub path: String,
    /// Names and values as they are, not percent-encoded, in this order.
    pub query: Vec<(String, String)>,
    /// JSON, or nothing. Only what is asked: an adapter puts around it what its exchange wants in
    /// the body beside it, such as a method's name, a number or a signature.
    pub body: Option<String>,
    /// What the environment wants in every request.
    pub headers: &'static [(String, String)],
    pub signed: bool,
    /// What a person is told before it is sent.
    pub purpose: &'static str,
    pub counts_as_use: Told,
    pub may_reset_inactivity: Told,
}

/// What a probe needs to be told. All of it is public, and none of it is kept or printed.
#[derive(Clone, Copy, Default)]
pub struct Fill<'a> {
    /// The key's id.
    pub key: Option<&'a str>,
    /// The number of the account, from an earlier answer.
    pub uid: Option<&'a str>,
    /// The address of the account an agent acts for.
    pub account: Option<&'a str>,
    /// The address of the agent itself.
    pub agent: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProbeRefused {
    #[error("this exchange has no such call")]
    NoSuchCall,
    #[error("the exchange has no address for this environment, or does not answer this there")]
    NotThere,
    #[error("the {0} of the key is needed to ask this")]
    Missing(&'static str),
    #[error("the {0} of the key holds a character that none of them has")]
    Odd(&'static str),
}

impl Probe {
    /// The request for one call.
    pub fn new(
        facts: &'static Facts,
        call: &str,
        environment: Environment,
        fill: &Fill<'_>,
    ) -> Result<Self, ProbeRefused> {
        let call = facts.call(call).ok_or(ProbeRefused::NoSuchCall)?;
        let host = facts.host_of(environment).ok_or(ProbeRefused::NotThere)?;
        Self::at(facts, call, host, fill)
    }

    /// The request for one call at another of the exchange's hosts, such as that of a region.
    pub fn at(
        facts: &'static Facts,
        call: &'static Call,
        host: &'static Host,
        fill: &Fill<'_>,
    ) -> Result<Self, ProbeRefused> {
        let ours = facts.hosts.iter().any(|ours| std::ptr::eq(ours, host));
        if !ours || !call.environments.contains(&host.environment) {
            return Err(ProbeRefused::NotThere);
        }
        let query = call
            .query
            .iter()
            .map(|(name, value)| Ok((name.clone(), filled(value, fill)?)))
            .collect::<Result<Vec<_>, ProbeRefused>>()?;
        let body = call
            .body
            .as_ref()
            .map(|body| filled(body, fill))
            .transpose()?;
        Ok(Self {
            exchange: &facts.id,
            call: &call.name,
            method: &call.method,
            base: &host.base,
            path: call.path.clone(),
            query,
            body,
            headers: &host.headers,
            signed: call.signed,
            purpose: &call.purpose,
            counts_as_use: call.counts_as_use,
            may_reset_inactivity: call.resets_inactivity,
        })
    }
}

/// The calls of a self-check in this environment, in order; a call whose answer is only another's
/// stepping stone stands before it. Where the first that reads the key is answered, the others need
/// not be asked.
pub fn calls(facts: &Facts, environment: Environment) -> impl Iterator<Item = &Call> {
    facts
        .calls
        .iter()
        .filter(move |call| call.environments.contains(&environment))
}

/// Whether a call of this environment tells what the key may do, and not only whether it works.
pub fn can_tell_permissions(facts: &Facts, environment: Environment) -> bool {
    calls(facts, environment).any(|call| matches!(call.reads, Reads::Key | Reads::Agents))
}

/// Puts the key's own values in the places the data file leaves for them. They stand inside JSON
/// or a query, so nothing is taken that could end a string there.
fn filled(text: &str, fill: &Fill<'_>) -> Result<String, ProbeRefused> {
    let places = [
        ("{key}", "id", fill.key),
        ("{uid}", "account number", fill.uid),
        ("{account}", "account's address", fill.account),
        ("{agent}", "agent's address", fill.agent),
    ];
    let mut text = text.to_owned();
    for (place, name, value) in places {
        if !text.contains(place) {
            continue;
        }
        let value = value.ok_or(ProbeRefused::Missing(name))?;
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        if value.is_empty() || !value.bytes().all(plain) {
            return Err(ProbeRefused::Odd(name));
        }
        text = text.replace(place, value);
    }
    Ok(text)
}

/// Why this call must never be made with a person's key, or `None` if nothing is known against it.
///
/// The path is compared as a server would read it: encoded letters, double and trailing slashes,
/// dots and the query make no difference.
pub fn forbidden<'f>(facts: &'f Facts, method: &str, path: &str) -> Option<&'f ForbiddenCall> {
    let parts = parts(path);
    facts.never.iter().find(|call| {
        let method_fits = call.method == "*" || call.method.eq_ignore_ascii_case(method);
        method_fits && covers(&call.path, &parts)
    })
}

/// The parts of a path as a lenient server sees them.
fn parts(path: &str) -> Vec<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut decoded = path.to_owned();
    // Twice: a proxy may decode once before the server does.
    for _ in 0..2 {
        decoded = percent_decoded(&decoded);
    }
    let mut parts: Vec<String> = Vec::new();
    for part in decoded.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_ascii_lowercase()),
        }
    }
    parts
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let decoded = match after {
            [high, low, ..] if *first == b'%' => digit(*high)
                .zip(digit(*low))
                .map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match decoded {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).map(|digit| digit as u8)
}

/// A `*` stands for any run of characters inside a part; at the very end for all that follows.
fn covers(pattern: &str, parts: &[String]) -> bool {
    let open_end = pattern.ends_with('*');
    let pattern: Vec<String> = pattern
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let long_enough = if open_end {
        parts.len() >= pattern.len()
            || parts.len() + 1 == pattern.len() && pattern.last().is_some_and(|last| last == "*")
    } else {
        parts.len() == pattern.len()
    };
    long_enough
        && pattern
            .iter()
            .zip(parts)
            .all(|(pattern, part)| covers_part(pattern, part))
}

fn covers_part(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((before, after)) => part.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| covers_part(after, &rest[at..]))
        }),
    }
}

impl std::fmt::Debug for Probe {
    /// Query and body hold ids and addresses of the person's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe")
            .field("exchange", &self.exchange)
            .field("call", &self.call)
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Fill<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fill(..)")
    }
}

#[cfg(test)]
mod tests;
