//! Which exchange an entry is of, and what in it speaks of keys.
//!
//! Deliberately not here: what becomes of the entry.

use strongroom_domain::Environment;
use strongroom_secret::SecretText;

use super::{NOTES, PASSWORD, TITLE, URL, USER_NAME};
use crate::exchanges::{self, words};
use crate::field::squeezed;
use crate::kdbx::Entry;
use crate::{FieldName, value};

/// No half of a key is shorter.
const SHORTEST_HALF: usize = 16;
/// Random text in notes is at least this long; words are shorter.
const SHORTEST_RANDOM: usize = 20;

/// Words in titles that say nothing about the account.
const ABOUT_KEYS: [&str; 8] = [
    "api", "key", "keys", "apikey", "apikeys", "secret", "token", "exchange",
];

/// What an entry names.
pub(super) struct Identified {
    /// The exchange as the entry has it.
    pub(super) raw: String,
    pub(super) account: Option<String>,
    pub(super) environment: Option<Environment>,
    /// Whether the address of the entry says so too.
    pub(super) url: bool,
    /// An address, a field for it or the person says so. A word in a title may be a namesake's.
    pub(super) is_sure: bool,
}

impl Identified {
    /// The person says which exchange it is.
    pub(super) fn said(raw: String) -> Self {
        Self {
            raw,
            account: None,
            environment: None,
            url: false,
            is_sure: true,
        }
    }

    /// A word of the entry does.
    fn by_word(id: &str) -> Self {
        Self {
            is_sure: false,
            ..Self::said(id.to_owned())
        }
    }
}

/// The title and the address name different ones.
pub(super) struct TwoExchanges;

pub(super) fn exchange(entry: &Entry) -> Result<Option<Identified>, TwoExchanges> {
    // EXPOSE: names are looked for in it; nothing is kept but those.
    let text = |name: &str| entry.string(name).map(|text| text.expose().trim());
    let said = entry.strings.iter().find(|string| {
        let is_fixed = [TITLE, USER_NAME, PASSWORD, URL, NOTES].contains(&string.name.as_str());
        !is_fixed && squeezed(&string.name) == "exchange"
    });
    // EXPOSE: likewise.
    let said = said.map(|string| string.value.expose().trim());
    let said = said.filter(|said| !said.is_empty() && exchanges::id_of(said).is_some());
    let by_title = text(TITLE).and_then(in_words);
    let by_url = text(URL).and_then(in_address);
    let url = by_url.is_some();
    let mut found = match (&said, &by_title, &by_url) {
        (Some(said), ..) => Identified::said((*said).to_owned()),
        (None, Some(title), Some(address)) => {
            let (one, two) = (title.id, address.id);
            // `kraken.com` is the address of Kraken Futures too.
            if !one.starts_with(two) && !two.starts_with(one) {
                return Err(TwoExchanges);
            }
            Identified::said(one.to_owned())
        }
        (None, Some(title), None) => Identified::by_word(title.id),
        (None, None, Some(address)) => Identified::said(address.id.to_owned()),
        (None, None, None) => {
            let Some(group) = entry.groups.iter().rev().find_map(|name| in_words(name)) else {
                return Ok(None);
            };
            let mut found = Identified::by_word(group.id);
            found.environment = group.environment;
            found
        }
    };
    found.url = url;
    if let Some(title) = by_title {
        found.account = title.account;
        found.environment = title.environment;
    }
    found.environment = found.environment.or(by_url.and_then(|url| url.environment));
    found.environment = found.environment.or_else(|| {
        entry
            .tags
            .iter()
            .find_map(|tag| exchanges::environment_of(tag))
    });
    Ok(Some(found))
}

struct Found {
    id: &'static str,
    account: Option<String>,
    environment: Option<Environment>,
}

/// `Binance main (API)`, `Bot on OKX`: the first exchange named anywhere in it. Only words behind a
/// name that it begins with are the account's.
fn in_words(text: &str) -> Option<Found> {
    let all = words(text);
    let (start, (id, used)) = (0..all.len())
        .find_map(|start| Some((start, exchanges::leading_exchange(&all[start..])?)))?;
    let rest: Vec<&str> = all[start + used..]
        .iter()
        .copied()
        .filter(|word| !ABOUT_KEYS.contains(&word.to_lowercase().as_str()))
        .collect();
    let (account, environment) = exchanges::account_and_environment(&rest);
    Some(Found {
        id,
        account: account.filter(|_| start == 0),
        environment,
    })
}

/// `https://testnet.binance.vision/key`: the name in front of the last label of the host, or the two
/// together for those that are called by both (`gate.io`).
fn in_address(text: &str) -> Option<Found> {
    let after = text.split_once("://").map_or(text, |(_, after)| after);
    let authority = after.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    let [before @ .., name, last] = labels.as_slice() else {
        return None;
    };
    let (id, _) = exchanges::leading_exchange(&[name, last])
        .filter(|(_, used)| *used == 2)
        .or_else(|| exchanges::leading_exchange(&[name]))?;
    Some(Found {
        id,
        account: None,
        environment: before
            .iter()
            .find_map(|label| exchanges::environment_of(label)),
    })
}

/// The field that a name means: `API Key`, `BINANCE_SECRET`, `Binance API Key`.
pub(super) fn field_named(name: &str) -> Option<FieldName> {
    FieldName::meant_by(name).or_else(|| {
        let all = words(name);
        let (_, used) = exchanges::leading_exchange(&all)?;
        FieldName::meant_by(&all[used..].concat())
    })
}

/// The seed of the website's second factor, by the names that KeePass and its plugins use.
pub(super) fn is_one_time_code(name: &str) -> bool {
    let name = squeezed(name);
    name == "otp"
        || ["totp", "timeotp", "hmacotp", "steamtotp"]
            .iter()
            .any(|start| name.starts_with(start))
}

/// Whether an entry says that it is about an API.
pub(super) fn says_api(entry: &Entry) -> bool {
    // EXPOSE: a word is looked for in it.
    let title = entry.string(TITLE).map_or("", SecretText::expose);
    let texts = [title].into_iter();
    let texts = texts.chain(entry.groups.iter().map(String::as_str));
    texts
        .chain(entry.tags.iter().map(String::as_str))
        .flat_map(words)
        .any(|word| ["api", "apikey", "apikeys"].contains(&word.to_lowercase().as_str()))
}

/// Whether a key, a seed phrase or a password may stand in notes.
pub(super) fn may_hold_secret(text: &str) -> bool {
    text.contains("-----BEGIN ")
        || text.split_whitespace().any(looks_random)
        || text.lines().any(|line| {
            let Some((name, said)) = line.split_once([':', '=']) else {
                return false;
            };
            !said.trim().is_empty() && value::names_a_secret(name)
        })
}

/// Whether a user name or a password looks drawn at random, as the halves of a key are.
pub(super) fn is_random(text: &str) -> bool {
    text.len() >= SHORTEST_HALF
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Long, of letters and digits both, and no address.
fn looks_random(word: &str) -> bool {
    let is_key_character = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    word.len() >= SHORTEST_RANDOM
        && word.chars().all(is_key_character)
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_exchanges_by_their_own_domain_only() {
        let check = |address: &str, expected: Option<(&str, Option<Environment>)>| {
            let found = in_address(address);
            let found = found.map(|found| (found.id, found.environment));
            assert_eq!(found, expected, "{address}");
        };
        check("https://www.binance.com/en/my", Some(("binance", None)));
        check("binance.us", Some(("binanceus", None)));
        check("https://gate.io:443/a?b#c", Some(("gate", None)));
        check("https://crypto.com/exchange", Some(("cryptocom", None)));
        check(
            "https://testnet.binance.vision",
            Some(("binance", Some(Environment::Testnet))),
        );
        check("https://user:pw@www.okx.com/", Some(("okx", None)));
        check("https://binance.com.evil.example/", None);
        check("https://binance.com@evil.example/", None);
        check("https://example.com/binance.com", None);
        check("binance", None);
        check("", None);
    }

    #[test]
    fn titles_name_exchanges_accounts_and_environments() {
        let check = |title: &str, expected: Option<(&str, Option<&str>)>| {
            let found = in_words(title);
            let found = found
                .as_ref()
                .map(|found| (found.id, found.account.as_deref()));
            assert_eq!(found, expected, "{title}");
        };
        check("Binance main", Some(("binance", Some("main"))));
        check("Binance API key", Some(("binance", None)));
        check("Bot on OKX (arb)", Some(("okx", None)));
        check("Crypto.com Exchange", Some(("cryptocom", None)));
        check("my bank", None);
        assert_eq!(
            in_words("Bybit testnet").and_then(|found| found.environment),
            Some(Environment::Testnet)
        );
    }

    #[test]
    fn notes_with_a_secret_are_told_from_others() {
        for (text, expected) in [
            ("made for the arb bot, ask Ada", false),
            (
                "https://www.binance.com/en/my/settings/api-management",
                false,
            ),
            ("allowlist: 203.0.113.7", false),
            ("secret: abc", true),
            ("API secret = abc", true),
            ("seed phrase: abandon abandon about", true),
            (
                "rotate\nvmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
                true,
            ),
            ("-----BEGIN EC PRIVATE KEY-----", true),
        ] {
            assert_eq!(may_hold_secret(text), expected, "{text}");
        }
    }
}
