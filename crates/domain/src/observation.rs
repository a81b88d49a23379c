//! What an exchange said of a key when it was asked, but for the permissions, which are a value of
//! their own (they count in the list).
//!
//! Deliberately not here: asking, and what to make of it.

use crate::allowlist::Allowlist;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of};
use crate::moment::UtcMs;
use crate::permission::Tri;
use crate::text::Line;

/// One answer. What it did not speak of is unknown or absent, never "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When it came.
    pub at: UtcMs,
    /// Whether the key is held to an allowlist at all.
    pub restricted: Tri,
    /// The addresses, where the answer names all of them.
    pub allowlist: Allowlist,
    pub expires: Option<UtcMs>,
    pub created: Option<UtcMs>,
    pub last_used: Option<UtcMs>,
    /// What the key is called at the exchange.
    pub label: Option<Line>,
    /// The exchange's word, where it has switched the key off.
    pub stopped: Option<Line>,
}

impl Observation {
    /// In one clause.
    pub fn words(&self) -> String {
        let addresses = match (&self.allowlist, self.restricted) {
            (Allowlist::Listed(rules), _) if rules.len() == 1 => "1 address".to_owned(),
            (Allowlist::Listed(rules), _) => format!("{} addresses", rules.len()),
            (_, Tri::Yes) => "some addresses".to_owned(),
            (_, Tri::No) => "any address".to_owned(),
            (_, Tri::Unknown) => "addresses not told".to_owned(),
        };
        let date = |at: &UtcMs| at.timestamp().strftime("%Y-%m-%d").to_string();
        let end = self
            .expires
            .as_ref()
            .map(|end| format!(", ends {}", date(end)));
        let stopped = self.stopped.as_ref().map(|word| format!(", {word}"));
        [Some(addresses), end, stopped]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Canonical for Observation {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(8).map(drop).sure();
        self.at.write_cbor(out);
        self.restricted.write_cbor(out);
        self.allowlist.write_cbor(out);
        self.expires.write_cbor(out);
        self.created.write_cbor(out);
        self.last_used.write_cbor(out);
        self.label.write_cbor(out);
        self.stopped.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 8)?;
        Ok(Self {
            at: UtcMs::read_cbor(input)?,
            restricted: Tri::read_cbor(input)?,
            allowlist: Allowlist::read_cbor(input)?,
            expires: Option::read_cbor(input)?,
            created: Option::read_cbor(input)?,
            last_used: Option::read_cbor(input)?,
            label: Option::read_cbor(input)?,
            stopped: Option::read_cbor(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowlist::IpRule;

    fn seen(allowlist: Allowlist, restricted: Tri) -> Observation {
        Observation {
            at: UtcMs::EPOCH,
            restricted,
            allowlist,
            expires: None,
            created: None,
            last_used: None,
            label: None,
            stopped: None,
        }
    }

    fn listed(addresses: &[&str]) -> Observation {
        let rules = addresses
            .iter()
            .map(|address| IpRule::parse(address).expect("an address"));
        seen(Allowlist::listed(rules).expect("rules"), Tri::Yes)
    }

    #[test]
    fn it_is_told_in_one_clause() {
        let ended = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(1)),
            stopped: Some(Line::parse("disabled").expect("a word")),
            ..seen(Allowlist::Unrestricted, Tri::No)
        };
        assert_eq!(ended.words(), "any address, ends 1970-01-02, disabled");
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let full = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(9)),
            label: Some(Line::parse("grid").expect("a line")),
            ..listed(&["203.0.113.7"])
        };
        assert_eq!(Observation::decode(&full.encode()), Ok(full));
    }
}
