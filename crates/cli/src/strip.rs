//! The permission strip: eight cells that make keys comparable at a glance.

use strongroom_wire::{AllowlistSummary, KeyRow, Permissions, Tri, Verb};

use crate::output::{Output, Tone};

/// Explained wherever a strip is printed with a head over it.
pub(crate) const LEGEND: &str = "\
The permission strip has eight cells in fixed order, RSMDTWAK: Read, Spot trade, Margin, \
Derivatives, internal Transfer, Withdraw, sub-Accounts, Key admin. A letter is granted, \u{b7} is \
denied, ? is unknown, which is never taken for denied. ! after it: the key may move or trade \
money from any address. \u{2260}: the exchange reports other permissions than were declared.";

pub(crate) const VERBS: [(Verb, char); 8] = [
    (Verb::Read, 'R'),
    (Verb::Spot, 'S'),
    (Verb::Margin, 'M'),
    (Verb::Derivatives, 'D'),
    (Verb::Transfer, 'T'),
    (Verb::Withdraw, 'W'),
    (Verb::SubAccounts, 'A'),
    (Verb::KeyAdmin, 'K'),
];

pub(crate) fn of(permissions: &Permissions, verb: Verb) -> Tri {
    match verb {
        Verb::Read => permissions.read,
        Verb::Spot => permissions.spot,
        Verb::Margin => permissions.margin,
        Verb::Derivatives => permissions.derivatives,
        Verb::Transfer => permissions.transfer,
        Verb::Withdraw => permissions.withdraw,
        Verb::SubAccounts => permissions.sub_accounts,
        Verb::KeyAdmin => permissions.key_admin,
    }
}

pub(crate) fn set(permissions: &mut Permissions, verb: Verb, to: Tri) {
    *match verb {
        Verb::Read => &mut permissions.read,
        Verb::Spot => &mut permissions.spot,
        Verb::Margin => &mut permissions.margin,
        Verb::Derivatives => &mut permissions.derivatives,
        Verb::Transfer => &mut permissions.transfer,
        Verb::Withdraw => &mut permissions.withdraw,
        Verb::SubAccounts => &mut permissions.sub_accounts,
        Verb::KeyAdmin => &mut permissions.key_admin,
    } = to;
}

/// Nothing known of any.
pub(crate) fn unknown() -> Permissions {
    Permissions {
        read: Tri::Unknown,
        spot: Tri::Unknown,
        margin: Tri::Unknown,
        derivatives: Tri::Unknown,
        transfer: Tri::Unknown,
        withdraw: Tri::Unknown,
        sub_accounts: Tri::Unknown,
        key_admin: Tri::Unknown,
    }
}

fn cell(letter: char, tri: Tri) -> char {
    match tri {
        Tri::Yes => letter,
        Tri::No => '·',
        Tri::Unknown => '?',
    }
}

/// The eight cells alone.
pub(crate) fn cells(permissions: &Permissions) -> String {
    VERBS
        .iter()
        .map(|(verb, letter)| cell(*letter, of(permissions, *verb)))
        .collect()
}

/// Money can be moved out, or lost by trading, and any address may ask for it: accounts were
/// drained by trades in illiquid coins, so trading counts.
fn is_dangerous(verb: Verb, allowlist: AllowlistSummary) -> bool {
    let moves_money = !matches!(verb, Verb::Read);
    moves_money && matches!(allowlist, AllowlistSummary::Unrestricted {})
}

/// A row's strip with its marks, dangerous cells coloured.
pub(crate) fn strip(row: &KeyRow, output: Output) -> String {
    let mut text = String::new();
    let mut dangerous = false;
    for (verb, letter) in VERBS {
        let tri = of(&row.declared, verb);
        let shown = cell(letter, tri).to_string();
        if tri == Tri::Yes && is_dangerous(verb, row.allowlist) {
            dangerous = true;
            text.push_str(&output.paint(Tone::Red, &shown));
        } else {
            text.push_str(&shown);
        }
    }
    if dangerous {
        text.push_str(&output.paint(Tone::Red, "!"));
    }
    if row
        .observed
        .is_some_and(|observed| observed != row.declared)
    {
        text.push('≠');
    }
    text
}
