//! A vault of sixty keys over five vendors, of which one is breached.
//!
//! Not here: what is done about it.

use std::collections::BTreeSet;

use strongroom_tests::Vault;

const VENDORS: [&str; 5] = ["Acme", "Bolt", "Cato", "Dune", "Ergo"];
const KEYS: usize = 60;

/// What key number so-and-so may do, in turn.
fn rights(number: usize) -> [&'static str; 4] {
    match number % 3 {
        0 => [
            "--allow",
            "read",
            "--deny",
            "spot,margin,derivatives,transfer,withdraw,sub-accounts,key-admin",
        ],
        1 => ["--allow", "read,spot", "--deny", "transfer,withdraw"],
        _ => ["--allow", "read,withdraw", "--deny", "spot,transfer"],
    }
}

fn class(number: usize) -> &'static str {
    ["read", "trade", "withdraw"][number % 3]
}

pub(crate) fn add(vault: &Vault<'_>, number: usize, vendor: usize) {
    let label = format!("key {number:02}");
    let bot = format!("bot of {}", VENDORS[vendor]);
    let list = if number.is_multiple_of(2) {
        "203.0.113.7"
    } else {
        "unrestricted"
    };
    let mut arguments = vec!["add", &label, "--exchange", "kraken", "--account", "main"];
    arguments.extend(rights(number));
    arguments.extend(["--consumer", &bot, "--allowlist", list]);
    vault
        .call(&arguments)
        .through_named("--field-fd", "apiKey", &format!("id-{number}"))
        .through_named("--field-fd", "secret", &format!("hidden-{number}"))
        .answer()
        .ok();
}

/// Records them, and gives the labels of the seventeen that Acme ever held, in the order in which
/// to act.
#[track_caller]
pub(crate) fn fill(vault: &Vault<'_>) -> Vec<String> {
    // Acme holds fourteen; the others share the rest.
    let acme: BTreeSet<usize> = (0..KEYS)
        .filter(|number| number % 5 == 0)
        .chain([1, 2])
        .collect();
    assert_eq!(acme.len(), 14);
    for number in 0..KEYS {
        let vendor = if acme.contains(&number) {
            0
        } else {
            1 + number % 4
        };
        add(vault, number, vendor);
    }
    for vendor in VENDORS {
        let bot = format!("bot of {vendor}");
        let set = ["consumer", "set", &bot, "--kind", "bot", "--vendor", vendor];
        vault.run(&set).ok();
    }
    // Three others were with Acme for a while; two of Acme's are retired.
    for number in [7, 8, 9] {
        let label = format!("key {number:02}");
        vault
            .run(&["edit", &label, "--add-consumer", "bot of Acme"])
            .ok();
        vault
            .run(&["edit", &label, "--remove-consumer", "bot of Acme"])
            .ok();
    }
    vault.run(&["archive", "key 10"]).ok();
    vault.run(&["edit", "key 20", "--state", "revoked"]).ok();
    let mut expected: Vec<usize> = acme.iter().copied().chain([7, 8, 9]).collect();
    assert_eq!(expected.len(), 17);
    // What can withdraw first, then what trades; of equals what is dead last, and what has no
    // allowlist first. They were recorded one after the other, so the oldest stands first.
    let place = |number: &usize| {
        let class = ["withdraw", "trade", "read"]
            .iter()
            .position(|one| *one == class(*number));
        (
            class,
            [10, 20].contains(number),
            number.is_multiple_of(2),
            *number,
        )
    };
    expected.sort_by_key(place);
    expected
        .iter()
        .map(|number| format!("key {number:02}"))
        .collect()
}
