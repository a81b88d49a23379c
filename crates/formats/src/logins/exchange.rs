//! Which exchange an item of a password manager is of.
//!
//! Deliberately not here: whether the item is a key.

use strongroom_domain::{Environment, ExchangeId};

use super::Item;
use crate::exchanges;

/// What an item says of exchanges.
pub(super) struct Evidence {
    pub(super) named: Option<Named>,
    /// Title and address name different ones.
    pub(super) disagrees: bool,
    /// The title or an address speaks of an API.
    pub(super) says_api: bool,
}

/// The exchange that is named, and by what.
pub(super) struct Named {
    pub(super) id: ExchangeId,
    /// The address or field that names it; the title without one.
    pub(super) said_by: Option<usize>,
    pub(super) environment: Option<Environment>,
    pub(super) environment_by: Option<usize>,
    /// An address or a field names it, which no namesake has.
    pub(super) is_sure: bool,
}

pub(super) fn evidence<'v>(item: &Item, text: &impl Fn(usize) -> &'v str) -> Evidence {
    let title = item.title.map(text).unwrap_or_default();
    let by_title = in_words(title);
    let by_field = item.custom.iter().find_map(|custom| {
        let is_for_it = matches!(
            custom.name.trim().to_lowercase().as_str(),
            "exchange" | "venue" | "platform"
        );
        let id = is_for_it
            .then(|| exchanges::take_apart(text(custom.value)))??
            .id;
        Some((id, custom.value))
    });
    let by_address = item.addresses.iter().find_map(|leaf| {
        let id = text(*leaf).split(',').find_map(in_address)?;
        Some((id, *leaf))
    });
    let (environment, environment_by) = environment(item, title, text);
    let said: Vec<(&'static str, Option<usize>)> = by_field
        .into_iter()
        .chain(by_address)
        .map(|(id, leaf)| (id, Some(leaf)))
        .chain(by_title.map(|id| (id, None)))
        .collect();
    // `Kraken Futures` at kraken.com is the narrower of the two.
    let narrowest = said.iter().map(|(id, _)| *id).max_by_key(|id| id.len());
    let agree = narrowest.is_none_or(|narrow| said.iter().all(|(id, _)| narrow.starts_with(id)));
    let named = narrowest.filter(|_| agree).and_then(|id| {
        let said_by = said.iter().find_map(|(_, leaf)| *leaf);
        let mut named = Named::of(id, said_by, environment)?;
        named.environment_by = environment_by;
        Some(named)
    });
    let speaks = |text: &str| {
        let mut words = exchanges::words(text).into_iter();
        words.any(|word| {
            let word = word.to_lowercase();
            matches!(word.as_str(), "api" | "apikey" | "apikeys" | "key" | "keys")
        })
    };
    Evidence {
        named,
        disagrees: !agree,
        says_api: speaks(title) || item.addresses.iter().any(|leaf| speaks(text(*leaf))),
    }
}

/// The exchange that stands among the words of a title: `my Binance key`, `Gate.io`.
pub(super) fn in_words(title: &str) -> Option<&'static str> {
    let words = exchanges::words(title);
    (0..words.len())
        .find_map(|from| exchanges::leading_exchange(&words[from..]))
        .map(|(id, _)| id)
}

/// The exchange whose site an address is of. Only the name before the top-level domain counts, or
/// both together (`gate.io`): `binance.example.com` is anybody's.
fn in_address(address: &str) -> Option<&'static str> {
    let address = address.trim();
    let after = address
        .split_once("://")
        .map_or(address, |(_, after)| after);
    let host = after.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    let labels: Vec<&str> = host.split('.').collect();
    let [.., name, top] = labels.as_slice() else {
        return None;
    };
    let whole = |words: &[&str]| match exchanges::leading_exchange(words) {
        Some((id, used)) if used == words.len() => Some(id),
        _ => None,
    };
    whole(&[name, top]).or_else(|| whole(&[name]))
}

/// A test network, as a title, an address or a field says it. Words that titles have for other
/// reasons (`real`, `live`, `dev`) say nothing.
fn environment<'v>(
    item: &Item,
    title: &str,
    text: &impl Fn(usize) -> &'v str,
) -> (Option<Environment>, Option<usize>) {
    for custom in &item.custom {
        let name = custom.name.trim().to_lowercase();
        if matches!(name.as_str(), "environment" | "network" | "env")
            && let Some(environment) = exchanges::environment_of(text(custom.value))
        {
            return (Some(environment), Some(custom.value));
        }
    }
    let telling = |text: &str| {
        exchanges::words(text).into_iter().find_map(|word| {
            matches!(
                word.to_ascii_lowercase().as_str(),
                "testnet" | "sandbox" | "demo" | "paper"
            )
            .then(|| exchanges::environment_of(word))?
        })
    };
    let by_address = || item.addresses.iter().find_map(|leaf| telling(text(*leaf)));
    (telling(title).or_else(by_address), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanges_are_found_in_titles_and_addresses() {
        for (title, id) in [
            ("My Binance key", Some("binance")),
            ("Gate.io grid", Some("gate")),
            ("the Kraken Futures bot", Some("krakenfutures")),
            ("Binance.US", Some("binanceus")),
            ("GitKraken", None),
            ("", None),
        ] {
            assert_eq!(in_words(title), id, "{title}");
        }
        for (address, id) in [
            ("https://www.binance.com/en/my/settings", Some("binance")),
            ("binance.us", Some("binanceus")),
            ("https://gate.io", Some("gate")),
            ("https://me:pw@futures.kraken.com:443/x", Some("kraken")),
            ("https://crypto.com/exchange", Some("cryptocom")),
            ("https://binance.example.com", None),
            ("https://binance.com.example.org/binance.com", None),
            ("https://example.com/@binance.com", None),
            ("binance", None),
            ("", None),
        ] {
            assert_eq!(in_address(address), id, "{address}");
        }
    }
}
