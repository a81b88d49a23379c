//! The allowlist as an exchange reports it: the addresses, only whether there is one, or nothing.
//!
//! Deliberately not here: comparing it with what the person recorded.

use std::fmt;
use std::net::IpAddr;

use serde_json::Value;
use strongroom_domain::{Allowlist, IpRule, IpRuleRefused, Tri};

use super::ReadError;
use crate::catalogue::{AllowlistForm, AllowlistKind, Facts, Told};

/// What was said of the addresses a key may be used from.
#[derive(Clone, PartialEq, Eq)]
pub enum SeenAllowlist {
    /// These and no others. `unread` more entries could not be understood.
    Listed {
        rules: Vec<IpRule>,
        unread: usize,
    },
    /// There is one; what is on it was not said.
    Restricted,
    Unrestricted,
    Unknown,
}

impl SeenAllowlist {
    /// Whether the key is held to an allowlist at all.
    pub fn restricts(&self) -> Tri {
        match self {
            Self::Listed { .. } | Self::Restricted => Tri::Yes,
            Self::Unrestricted => Tri::No,
            Self::Unknown => Tri::Unknown,
        }
    }

    /// As the domain holds one. That there is some list is not enough for the domain, which keeps
    /// lists only with what is on them.
    pub fn recorded(&self) -> Allowlist {
        match self {
            Self::Listed { rules, unread: 0 } => {
                Allowlist::listed(rules.iter().cloned()).unwrap_or(Allowlist::Unknown)
            }
            Self::Unrestricted => Allowlist::Unrestricted,
            Self::Listed { .. } | Self::Restricted | Self::Unknown => Allowlist::Unknown,
        }
    }
}

/// Addresses are the person's: they are counted, not printed.
impl fmt::Debug for SeenAllowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed { rules, unread } => write!(f, "Listed({} + {unread})", rules.len()),
            Self::Restricted => f.write_str("Restricted"),
            Self::Unrestricted => f.write_str("Unrestricted"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

pub(super) fn seen(
    facts: &Facts,
    form: Option<&'static AllowlistForm>,
    own: &Value,
) -> Result<SeenAllowlist, ReadError> {
    // Where no key can have one, every key is unrestricted.
    if facts.allowlist.offered == Told::No {
        return Ok(SeenAllowlist::Unrestricted);
    }
    let Some(form) = form else {
        return Ok(SeenAllowlist::Unknown);
    };
    let wrong = ReadError::Form { at: &form.at };
    let value = match own.pointer(&form.at) {
        Some(Value::Null) | None => match other(form, own) {
            Some(entries) => return Ok(listed(form, &entries)),
            None if form.absent_is_none => return Ok(SeenAllowlist::Unrestricted),
            None => return Ok(SeenAllowlist::Unknown),
        },
        Some(value) => value,
    };
    match form.kind {
        AllowlistKind::Flag => match value {
            Value::Bool(true) => Ok(SeenAllowlist::Restricted),
            Value::Bool(false) => Ok(SeenAllowlist::Unrestricted),
            _ => Err(wrong),
        },
        AllowlistKind::Masked => match value.as_str().map(str::trim) {
            Some("") => Ok(SeenAllowlist::Unrestricted),
            Some(_) => Ok(SeenAllowlist::Restricted),
            None => Err(wrong),
        },
        AllowlistKind::Commas => {
            let text = value.as_str().ok_or(wrong)?;
            Ok(listed(form, &split(text)))
        }
        AllowlistKind::Strings => {
            let entries = value.as_array().ok_or(wrong.clone())?;
            let entries = entries
                .iter()
                .map(|entry| entry.as_str().map(str::trim).ok_or(wrong.clone()))
                .collect::<Result<Vec<_>, _>>()?;
            if entries.is_empty()
                && let Some(entries) = other(form, own)
            {
                return Ok(listed(form, &entries));
            }
            Ok(listed(form, &entries))
        }
    }
}

fn other<'a>(form: &AllowlistForm, own: &'a Value) -> Option<Vec<&'a str>> {
    let at = form.or_at.as_ref()?;
    Some(split(own.pointer(at)?.as_str()?))
}

fn split(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).collect()
}

/// One entry that lets everything in lets everything in, whatever else is listed.
fn listed(form: &AllowlistForm, entries: &[&str]) -> SeenAllowlist {
    let mut rules = Vec::new();
    let mut unread = 0;
    for entry in entries.iter().filter(|entry| !entry.is_empty()) {
        if form.anywhere.iter().any(|any| any == entry) {
            return SeenAllowlist::Unrestricted;
        }
        match rule(entry) {
            Ok(rule) => rules.push(rule),
            Err(IpRuleRefused::Everything) => return SeenAllowlist::Unrestricted,
            Err(_) => unread += 1,
        }
    }
    match (rules.len(), unread) {
        (0, 0) => SeenAllowlist::Unrestricted,
        (0, _) => SeenAllowlist::Restricted,
        _ => {
            rules.sort();
            rules.dedup();
            SeenAllowlist::Listed { rules, unread }
        }
    }
}

/// A network an exchange writes by one of its inner addresses means the whole network.
fn rule(entry: &str) -> Result<IpRule, IpRuleRefused> {
    match IpRule::parse(entry) {
        Err(IpRuleRefused::HostBits) => {
            let (address, prefix) = entry.split_once('/').ok_or(IpRuleRefused::NotAnAddress)?;
            let bits: u32 = prefix
                .trim()
                .parse()
                .map_err(|_| IpRuleRefused::NotAnAddress)?;
            let first = match address
                .trim()
                .parse()
                .map_err(|_| IpRuleRefused::NotAnAddress)?
            {
                IpAddr::V4(v4) => {
                    let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
                    IpAddr::from((v4.to_bits() & mask).to_be_bytes())
                }
                IpAddr::V6(v6) => {
                    let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
                    IpAddr::from((v6.to_bits() & mask).to_be_bytes())
                }
            };
            IpRule::parse(&format!("{first}/{bits}"))
        }
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entries: &[&str], expected: &str) {
        let form = AllowlistForm {
            kind: AllowlistKind::Strings,
            at: "/ips".to_owned(),
            or_at: None,
            anywhere: vec!["*".to_owned()],
            absent_is_none: false,
        };
        let seen = match listed(&form, entries) {
            SeenAllowlist::Listed { rules, unread } => {
                let rules: Vec<String> = rules.iter().map(IpRule::to_string).collect();
                format!("{} + {unread}", rules.join(" "))
            }
            other => format!("{other:?}"),
        };
        assert_eq!(seen, expected, "{entries:?}");
    }

    #[test]
    fn entries_are_read_and_what_lets_everybody_in_is_said() {
        check(
            &["203.0.113.7", "203.0.113.0/24"],
            "203.0.113.0/24 203.0.113.7 + 0",
        );
        check(&["203.0.113.7/24"], "203.0.113.0/24 + 0");
        check(&["2001:db8::1/32"], "2001:db8::/32 + 0");
        check(&["203.0.113.7", "vps.example"], "203.0.113.7 + 1");
        check(&["vps.example"], "Restricted");
        check(&["203.0.113.7", "*"], "Unrestricted");
        check(&["203.0.113.7", "0.0.0.0/0"], "Unrestricted");
        check(&["1.2.3.4/0"], "Unrestricted");
        check(&[], "Unrestricted");
        check(&["", ""], "Unrestricted");
    }

    #[test]
    fn addresses_are_not_printed() {
        let rules = vec![IpRule::parse("203.0.113.7").expect("an address")];
        let seen = SeenAllowlist::Listed { rules, unread: 0 };
        assert_eq!(format!("{seen:?}"), "Listed(1 + 0)");
    }
}
