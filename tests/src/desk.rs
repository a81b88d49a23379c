//! A small team: its people, and twelve keys, of which a desk gets five.
//!
//! Not here: who gets them and what comes of it, which the suites say.

use crate::demo::{DEMO_KEYS, DemoKey};
use crate::sandbox::Sandbox;
use crate::vault::Vault;

/// What the five have in common, and a share is cut by.
pub const DESK: &str = "desk";

/// What the desk gets: two that read, two that trade, and one that withdraws.
pub const DESK_KEYS: [&str; 5] = [
    "binance-grid",
    "binance-tax",
    "okx-watch",
    "kraken-dca",
    "binance-treasury",
];

/// Those of them whose secret a trader gets; of the last only that there is one.
pub const TRADERS_SECRETS: [&str; 4] = ["binance-grid", "binance-tax", "kraken-dca", "okx-watch"];

/// How many a team's vault holds.
const ALL: usize = 12;

impl<'s> Vault<'s> {
    /// Somebody's vault, open, in a folder of its own, with a card and nothing else in it.
    #[track_caller]
    pub fn of_person(sandbox: &'s Sandbox, folder: &str, name: &str) -> Self {
        let vault = Self::create_in(sandbox, &sandbox.root().join("data").join(folder), &[]);
        vault.run(&["contact", "me", "--name", name]).ok();
        vault
    }

    /// The text of their card, and its fingerprint.
    #[track_caller]
    pub fn own_card(&self) -> (String, String) {
        let card = self.run(&["contact", "me"]).ok().json();
        let of = |name: &str| card[name].as_str().expect("a card has it").to_owned();
        (of("card"), of("fingerprint"))
    }

    /// Records the twelve.
    pub fn add_desk(&self) {
        for demo in &DEMO_KEYS[..ALL] {
            let tags = if DESK_KEYS.contains(&demo.label) {
                DESK
            } else {
                demo.tags
            };
            self.add_demo(&DemoKey { tags, ..*demo }).answer().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_are_of_the_twelve() {
        let of: Vec<_> = DEMO_KEYS[..ALL].iter().map(|key| key.label).collect();
        assert!(DESK_KEYS.iter().all(|label| of.contains(label)));
        assert!(
            TRADERS_SECRETS
                .iter()
                .all(|label| DESK_KEYS.contains(label))
        );
    }
}
