//! What a request does, told from the bytes that are signed.
//!
//! The rules are data, one file an exchange. What no rule names is unknown; a GET is not read
//! because it is a GET.
//!
//! Deliberately not here: who may do what.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::request::Method;

/// What a request does, from harmless to what nobody has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Changes nothing.
    Read,
    /// Takes orders back.
    Cancel,
    /// Places or changes orders and positions, borrows, converts.
    Trade,
    /// Moves money between accounts of the same owner.
    Transfer,
    /// Moves money to somebody else, or prepares it.
    Withdraw,
    /// Changes keys, sub-accounts, allowlists or settings.
    AccountAdmin,
    /// Not in the rules.
    Unknown,
}

impl Class {
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Cancel,
        Self::Trade,
        Self::Transfer,
        Self::Withdraw,
        Self::AccountAdmin,
        Self::Unknown,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Cancel => "cancel",
            Self::Trade => "trade",
            Self::Transfer => "transfer",
            Self::Withdraw => "withdraw",
            Self::AccountAdmin => "account-admin",
            Self::Unknown => "unknown",
        }
    }
}

/// The rules of one exchange.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Exact paths by their length: a handful has any one length, so finding one is a few
    /// comparisons of equally long texts.
    exact: Vec<Vec<Rule>>,
    /// Paths with `{}` in place of a part, by how many parts they have: a pattern fits paths of as
    /// many parts and no others.
    patterns: Vec<Vec<Rule>>,
}

#[derive(Debug)]
struct Rule {
    method: Method,
    path: Box<str>,
    class: Class,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    /// Where the list was taken from.
    #[expect(dead_code, reason = "for the reader of the file; must be there")]
    source: String,
    rules: BTreeMap<Class, Vec<String>>,
}

impl Rules {
    /// Reads a rules file: under each class, lines such as `GET /api/v3/account`, `GET|POST /a/{}`
    /// or `POST /exchange#order`, where the part after `#` is the call that the body names.
    ///
    /// # Errors
    /// In words, for a file that is not of this shape or names a call twice.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: RulesFile = serde_json::from_str(text).map_err(|problem| problem.to_string())?;
        let mut rules = Self {
            exact: Vec::new(),
            patterns: Vec::new(),
        };
        for (class, lines) in file.rules {
            if class == Class::Unknown {
                return Err("what is unknown is not listed".to_owned());
            }
            for line in lines {
                rules.add(&line, class)?;
            }
        }
        Ok(rules)
    }

    fn add(&mut self, line: &str, class: Class) -> Result<(), String> {
        let (methods, path) = line
            .split_once(' ')
            .filter(|(_, path)| path.starts_with('/') && !path.contains(' '))
            .ok_or_else(|| format!("`{line}` is not a method and a path"))?;
        for method in methods.split('|') {
            let method =
                Method::parse(method).ok_or_else(|| format!("`{line}`: no such method"))?;
            let rule = Rule {
                method,
                path: path.into(),
                class,
            };
            let (table, at) = if path.contains("{}") {
                (&mut self.patterns, parts(path))
            } else {
                (&mut self.exact, path.len())
            };
            if table.len() <= at {
                table.resize_with(at + 1, Vec::new);
            }
            let place = &mut table[at];
            if place
                .iter()
                .any(|other| other.method == method && *other.path == *path)
            {
                return Err(format!("`{line}` is listed twice"));
            }
            place.push(rule);
        }
        Ok(())
    }

    /// The class of a call. Where several patterns fit, the gravest counts.
    pub(crate) fn class(&self, method: Method, call: &str) -> Class {
        let exact = self.exact.get(call.len()).and_then(|rules| {
            rules
                .iter()
                .find(|rule| rule.method == method && *rule.path == *call)
        });
        if let Some(rule) = exact {
            return rule.class;
        }
        let patterns = self.patterns.get(parts(call)).into_iter().flatten();
        patterns
            .filter(|rule| rule.method == method && fits(&rule.path, call))
            .map(|rule| rule.class)
            .max()
            .unwrap_or(Class::Unknown)
    }
}

/// How many slashes there are.
fn parts(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}

/// Whether a path has the parts of a pattern; `{}` is any text that is not empty, within a part.
fn fits(pattern: &str, path: &str) -> bool {
    // Most patterns begin otherwise: found out without taking them apart.
    let before = pattern.find("{}").unwrap_or(pattern.len());
    if path.len() < before || path.as_bytes()[..before] != pattern.as_bytes()[..before] {
        return false;
    }
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        match parts.next() {
            Some(part) if part_fits(wanted, part) => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

fn part_fits(wanted: &str, part: &str) -> bool {
    match wanted.split_once("{}") {
        None => wanted == part,
        Some((before, after)) => part
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|rest| !rest.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
        "source": "a test",
        "rules": {
            "read": ["GET /orders", "GET|POST /orders/{}", "GET /orders/{}/fills"],
            "cancel": ["DELETE /orders/{}"],
            "withdraw": ["POST /orders/withdraw", "POST /{}/secret", "POST /{}_withdrawal/"],
            "account-admin": ["POST /x#admin"]
        }
    }"#;

    #[test]
    fn calls_are_found_exactly_then_by_pattern_then_not_at_all() {
        let rules = Rules::parse(FILE).expect("a rules file");
        for (method, call, class) in [
            (Method::Get, "/orders", Class::Read),
            (Method::Post, "/orders", Class::Unknown),
            (Method::Get, "/orders/7", Class::Read),
            (Method::Get, "/orders/7/fills", Class::Read),
            (Method::Get, "/orders/7/fills/", Class::Unknown),
            (Method::Get, "/orders/", Class::Unknown),
            (Method::Delete, "/orders/7", Class::Cancel),
            (Method::Post, "/orders/withdraw", Class::Withdraw),
            (Method::Post, "/orders/secret", Class::Withdraw),
            (Method::Post, "/btc_withdrawal/", Class::Withdraw),
            (Method::Post, "/_withdrawal/", Class::Unknown),
            (Method::Post, "/btc_withdrawal", Class::Unknown),
            (Method::Post, "/x#admin", Class::AccountAdmin),
            (Method::Post, "/x", Class::Unknown),
            (Method::Get, "", Class::Unknown),
        ] {
            assert_eq!(rules.class(method, call), class, "{method:?} {call}");
        }
    }

    #[test]
    fn a_rules_file_with_a_slip_is_refused_in_words() {
        for (text, word) in [
            ("{}", "missing field"),
            (r#"{"source":"","rules":{"harmless":[]}}"#, "harmless"),
            (r#"{"source":"","rules":{"unknown":[]}}"#, "unknown"),
            (r#"{"source":"","rules":{"read":["/a"]}}"#, "method"),
            (r#"{"source":"","rules":{"read":["HEAD /a"]}}"#, "method"),
            (
                r#"{"source":"","rules":{"read":["GET /a"],"trade":["GET /a"]}}"#,
                "twice",
            ),
        ] {
            let refused = Rules::parse(text).expect_err("a slip");
            assert!(refused.contains(word), "{refused}");
        }
    }
}
