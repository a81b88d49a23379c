//! Which addresses may use a key.
//!
//! "Any address" is a word of its own and never an empty list, and "nobody recorded it" is neither.

use std::fmt;
use std::net::IpAddr;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::text::NamedHost;

/// An address or a network, perhaps with a name for the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRule {
    address: IpAddr,
    prefix: u8,
    host: Option<NamedHost>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IpRuleRefused {
    #[error("that is not an IP address or a network such as 203.0.113.0/24")]
    NotAnAddress,
    #[error("the part after the slash must be a number from 1 to {most}")]
    Prefix { most: u8 },
    #[error("the network has bits set behind its prefix; write its first address")]
    HostBits,
    #[error("that allows every address; say `unrestricted` instead")]
    Everything,
    #[error("write an IPv4 address in its own form, without ::ffff:")]
    MappedV4,
}

impl IpRule {
    /// Takes `203.0.113.7`, `203.0.113.0/24`, `2001:db8::1` or `2001:db8::/32`.
    pub fn parse(text: &str) -> Result<Self, IpRuleRefused> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| IpRuleRefused::NotAnAddress)?;
        let most = width(address);
        let prefix = match prefix {
            None => most,
            Some(digits) => {
                let plain = !digits.is_empty()
                    && digits.len() <= 3
                    && digits.bytes().all(|digit| digit.is_ascii_digit());
                let prefix = plain.then(|| digits.parse::<u8>().ok()).flatten();
                prefix
                    .filter(|prefix| *prefix <= most)
                    .ok_or(IpRuleRefused::Prefix { most })?
            }
        };
        Self::new(address, prefix)
    }

    fn new(address: IpAddr, prefix: u8) -> Result<Self, IpRuleRefused> {
        if prefix == 0 || address.is_unspecified() {
            return Err(IpRuleRefused::Everything);
        }
        if let IpAddr::V6(v6) = address
            && v6.to_ipv4_mapped().is_some()
        {
            return Err(IpRuleRefused::MappedV4);
        }
        if bits(address) & !mask(address, prefix) != 0 {
            return Err(IpRuleRefused::HostBits);
        }
        Ok(Self {
            address,
            prefix,
            host: None,
        })
    }

    #[must_use]
    pub fn named(self, host: Option<NamedHost>) -> Self {
        Self { host, ..self }
    }

    pub fn host(&self) -> Option<&NamedHost> {
        self.host.as_ref()
    }

    /// Whether a request from this address is allowed.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        width(address) == width(self.address)
            && bits(address) & mask(self.address, self.prefix) == bits(self.address)
    }
}

/// The address or network, without the host's name.
impl fmt::Display for IpRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == width(self.address) {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn mask(address: IpAddr, prefix: u8) -> u128 {
    let host_bits = u32::from(width(address) - prefix);
    let all = if address.is_ipv4() {
        u128::from(u32::MAX)
    } else {
        u128::MAX
    };
    all.checked_shr(host_bits)
        .map_or(0, |ones| ones << host_bits)
}

/// A key's allowlist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowlist {
    /// Any address may use the key.
    Unrestricted,
    /// Nobody recorded it yet; counted as unrestricted wherever that is the worse case.
    Unknown,
    /// At least one rule, in ascending order. Made by [`Allowlist::listed`].
    Listed(Vec<IpRule>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowlistRefused {
    #[error("an empty allowlist says nothing; say `unrestricted` or `unknown`")]
    Empty,
    #[error("an allowlist holds at most {most} rules")]
    TooMany { most: usize },
}

impl Allowlist {
    pub const MOST: usize = 500;

    /// Sorts, and drops what stands twice.
    pub fn listed(rules: impl IntoIterator<Item = IpRule>) -> Result<Self, AllowlistRefused> {
        let mut rules: Vec<IpRule> = rules.into_iter().collect();
        rules.sort();
        rules.dedup();
        if rules.is_empty() {
            return Err(AllowlistRefused::Empty);
        }
        if rules.len() > Self::MOST {
            return Err(AllowlistRefused::TooMany { most: Self::MOST });
        }
        Ok(Self::Listed(rules))
    }

    pub fn rules(&self) -> &[IpRule] {
        match self {
            Self::Listed(rules) => rules,
            Self::Unrestricted | Self::Unknown => &[],
        }
    }

    /// Whether the exchange is known to hold the key to an allowlist.
    pub fn restricts(&self) -> bool {
        matches!(self, Self::Listed(_))
    }

    pub fn summary(&self) -> AllowlistSummary {
        match self {
            Self::Unrestricted => AllowlistSummary::Unrestricted,
            Self::Unknown => AllowlistSummary::Unknown,
            Self::Listed(rules) => AllowlistSummary::Listed(rules.len() as u32),
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Unrestricted => "unrestricted".to_owned(),
            Self::Unknown => "unknown".to_owned(),
            Self::Listed(rules) => {
                let rules: Vec<String> = rules
                    .iter()
                    .map(|rule| match rule.host() {
                        Some(host) => format!("{rule} ({host})"),
                        None => rule.to_string(),
                    })
                    .collect();
                rules.join(", ")
            }
        }
    }
}

/// What the list shows of an allowlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AllowlistSummary {
    Unrestricted,
    Unknown,
    Listed(u32),
}

impl Canonical for IpRule {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        match self.address {
            IpAddr::V4(v4) => out.bytes(&v4.octets()).map(drop).sure(),
            IpAddr::V6(v6) => out.bytes(&v6.octets()).map(drop).sure(),
        }
        out.u8(self.prefix).map(drop).sure();
        self.host.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 3)?;
        let bytes = input.bytes()?;
        let address = match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
            (Ok(v4), _) => IpAddr::from(v4),
            (_, Ok(v6)) => IpAddr::from(v6),
            _ => return Err(CodecError::Malformed),
        };
        let prefix = input.u8()?;
        if prefix > width(address) {
            return Err(CodecError::Malformed);
        }
        let host = Option::read_cbor(input)?;
        Self::new(address, prefix)
            .map(|rule| rule.named(host))
            .map_err(|_| CodecError::Malformed)
    }
}

impl Canonical for Allowlist {
    fn write_cbor(&self, out: &mut Enc) {
        match self {
            Self::Unrestricted => out.u8(0).map(drop).sure(),
            Self::Unknown => out.u8(1).map(drop).sure(),
            Self::Listed(rules) => {
                out.array(rules.len() as u64).map(drop).sure();
                rules.iter().for_each(|rule| rule.write_cbor(out));
            }
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        if input.datatype()? == minicbor::data::Type::Array {
            let rules = (0..array_len(input, Self::MOST)?)
                .map(|_| IpRule::read_cbor(input))
                .collect::<Result<Vec<_>, _>>()?;
            return Self::listed(rules).map_err(|_| CodecError::Malformed);
        }
        match input.u8()? {
            0 => Ok(Self::Unrestricted),
            1 => Ok(Self::Unknown),
            _ => Err(CodecError::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_taken_in_their_shortest_form() {
        for (text, shown) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7/32 ", "203.0.113.7"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("2001:DB8:0:0::1", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            let rule = IpRule::parse(text).map(|rule| rule.to_string());
            assert_eq!(rule, Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_rule_is_refused_in_words() {
        use IpRuleRefused as R;
        for (text, error) in [
            ("", R::NotAnAddress),
            ("vps-1", R::NotAnAddress),
            ("203.0.113.256", R::NotAnAddress),
            ("010.0.0.1", R::NotAnAddress),
            ("203.0.113.0/33", R::Prefix { most: 32 }),
            ("203.0.113.0/+4", R::Prefix { most: 32 }),
            ("203.0.113.0/", R::Prefix { most: 32 }),
            ("2001:db8::/129", R::Prefix { most: 128 }),
            ("203.0.113.7/24", R::HostBits),
            ("2001:db8::1/64", R::HostBits),
            ("0.0.0.0/0", R::Everything),
            ("0.0.0.0", R::Everything),
            ("::/0", R::Everything),
            ("10.0.0.0/0", R::Everything),
            ("::ffff:203.0.113.7", R::MappedV4),
        ] {
            assert_eq!(IpRule::parse(text), Err(error), "{text}");
        }
        assert!(R::Everything.to_string().contains("say `unrestricted`"));
        assert_eq!(Allowlist::listed([]), Err(AllowlistRefused::Empty));
    }

    #[test]
    fn a_rule_knows_the_addresses_it_trusts() {
        let net = IpRule::parse("203.0.113.0/24").expect("a network");
        for (address, inside) in [
            ("203.0.113.0", true),
            ("203.0.113.255", true),
            ("::ffff:203.0.113.9", true),
            ("203.0.114.0", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(
                net.contains(address.parse().expect("an address")),
                inside,
                "{address}"
            );
        }
    }

    #[test]
    fn words_name_hosts_and_say_unrestricted() {
        let host = NamedHost::parse("VPS-1").expect("a name");
        let rule = IpRule::parse("203.0.113.7")
            .expect("an address")
            .named(Some(host));
        let list = Allowlist::listed([rule]).expect("one rule");
        assert_eq!(list.words(), "203.0.113.7 (VPS-1)");
        assert_eq!(Allowlist::Unrestricted.words(), "unrestricted");
    }
}
