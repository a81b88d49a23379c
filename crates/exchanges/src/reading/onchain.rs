//! Keys that are agents of an account on a chain: what they may do is public and asked without a
//! signature.
//!
//! The dangerous case is a stored key that is no agent but the account's own: it can do everything.
//!
//! Deliberately not here: deriving an address from a private key.

use serde_json::Value;
use strongroom_domain::{Line, PermissionSet, Tri, UtcMs, Verb};

use super::rights::{self, Settled};
use super::values::word;
use super::{Asked, ReadError, Reading, SeenAllowlist, SeenExpiry, blank};
use crate::catalogue::{Call, Facts, ReadingForm, Told};
use crate::refusal::{Meaning, Refusal};

/// The word the data files give an agent's rights.
const AGENT: &str = "agent";

const OWN_KEY: &str = "This private key is the account's own and not an agent's: it can withdraw everything. Approve an agent and keep only the agent's key.";

/// The agents an account has approved; ours is found by its address.
pub(super) fn agents(
    facts: &'static Facts,
    call: &'static Call,
    answer: &Value,
    asked: &Asked<'_>,
) -> Result<Reading, ReadError> {
    let agents = answer.as_array().ok_or(ReadError::Form { at: "" })?;
    let ours = asked.agent.ok_or(ReadError::WhichKey)?;
    let mut found = None;
    for agent in agents {
        let address = agent.pointer("/address").and_then(Value::as_str);
        let address = address.ok_or(ReadError::Form { at: "/address" })?;
        if address.eq_ignore_ascii_case(ours) {
            found = Some(agent);
        }
    }
    let agent = found.ok_or(ReadError::NotListed)?;
    let mut reading = as_agent(facts, call);
    reading.expiry = match agent.pointer("/validUntil") {
        None | Some(Value::Null) => SeenExpiry::NotReported,
        Some(until) => {
            let until = until.as_i64().and_then(|ms| UtcMs::parse(ms).ok());
            SeenExpiry::At(until.ok_or(ReadError::Form { at: "/validUntil" })?)
        }
    };
    reading.label = agent
        .pointer("/name")
        .and_then(Value::as_str)
        .and_then(|name| Line::parse(name).ok());
    Ok(reading)
}

/// Whether an address is an agent or an account.
pub(super) fn role(
    facts: &'static Facts,
    call: &'static Call,
    answer: &Value,
) -> Result<Reading, ReadError> {
    let role = answer.pointer("/role").and_then(Value::as_str);
    match role.ok_or(ReadError::Form { at: "/role" })? {
        AGENT => Ok(as_agent(facts, call)),
        "user" => {
            let mut reading = open(facts, call);
            reading.permissions = PermissionSet::new([Tri::Yes; 8]).with_native([word("user")]);
            reading.notes.insert(0, OWN_KEY);
            Ok(reading)
        }
        "missing" => Err(ReadError::Refused(Refusal::meaning(Meaning::UnknownKey))),
        // A vault, a sub-account or a role added later: nothing is known, so nothing is excluded.
        // Reading is open to everybody.
        other => {
            let mut reading = open(facts, call);
            reading.permissions = PermissionSet::unknown()
                .with(Verb::Read, Tri::Yes)
                .with_native([word(other)]);
            reading.unknown_words = vec![word(other)];
            Ok(reading)
        }
    }
}

fn as_agent(facts: &'static Facts, call: &'static Call) -> Reading {
    let agent = Value::String(AGENT.to_owned());
    let words = rights::one(AGENT);
    let Settled {
        permissions,
        unknown,
    } = rights::settled(&facts.rights, &ReadingForm::default(), &agent, words);
    let mut reading = open(facts, call);
    reading.permissions = permissions;
    reading.unknown_words = unknown;
    reading
}

/// On a chain any address may send, unless the exchange offers a list.
fn open(facts: &'static Facts, call: &'static Call) -> Reading {
    let mut reading = blank(facts, call);
    if facts.allowlist.offered == Told::No {
        reading.allowlist = SeenAllowlist::Unrestricted;
    }
    reading
}
