//! The calendar: what is due, and the file that another program reads.

use strongroom_domain::{
    AccountLabel, Allowlist, DAY_MS, EntryId, ExchangeId, ExpiryCause, IpRule, UtcMs,
};
use strongroom_vault::{CalendarKind, CalendarNames, KeyChange, OpenVault, RevokeStep};

use crate::desk::Desk;
use crate::{CLI, new_key};

fn far() -> UtcMs {
    UtcMs::from_clock(1_800_000_000_000).plus_days(400)
}

/// A key of an exchange that no rule ends.
fn kraken(vault: &mut OpenVault, name: &str, secret: &str) -> EntryId {
    let mut new = new_key(name, secret);
    new.exchange = ExchangeId::parse("kraken").expect("an id");
    vault.add_key(new, CLI).expect("is recorded").id
}

fn kinds(vault: &mut OpenVault) -> Vec<(CalendarKind, String, i64)> {
    let start = 1_800_000_000_000;
    let days = |at: UtcMs| (at.ms() - start) / DAY_MS;
    let entries = vault.calendar(far()).expect("reads");
    entries
        .into_iter()
        .map(|one| (one.kind, one.name, days(one.at)))
        .collect()
}

#[test]
fn what_is_due_stands_in_it_and_what_is_not_sure_is_said_to_be_so() {
    use CalendarKind as K;
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let grid = kraken(&mut vault, "grid", "s1");
    let mut bybit = new_key("bybit", "s2");
    bybit.exchange = ExchangeId::parse("bybit").expect("an id");
    let bybit = vault.add_key(bybit, CLI).expect("is recorded").id;
    let row = |kind, name: &str, days| (kind, name.to_owned(), days);
    // Nobody recorded whether it has an allowlist: it may end, and no reminder says so.
    assert_eq!(
        kinds(&mut vault),
        [
            row(K::MayEnd, "bybit", 90),
            row(K::Rotation, "bybit", 90),
            row(K::Rotation, "grid", 90)
        ]
    );
    let index = vault.reminder_rows().expect("reads");
    assert_eq!(index.len(), 2, "two rotations");
    let open = vec![KeyChange::Allowlist(Allowlist::Unrestricted)];
    vault.edit_key(bybit, open, CLI).expect("is changed");
    let at = UtcMs::from_clock(1_800_000_000_000).plus_days(10);
    let fixed = vec![KeyChange::Expiry(vec![ExpiryCause::Fixed { at }])];
    vault.edit_key(grid, fixed, CLI).expect("is changed");
    assert_eq!(
        kinds(&mut vault),
        [
            row(K::Expiry, "grid", 10),
            row(K::Expiry, "bybit", 90),
            row(K::Rotation, "bybit", 90),
            row(K::Rotation, "grid", 90)
        ]
    );
    let entries = vault.calendar(far()).expect("reads");
    let effect = entries[1].effect.expect("the catalogue says it");
    assert!(effect.contains("renewed"), "{effect}");
    let index = vault.reminder_rows().expect("reads");
    assert_eq!(index.len(), 4, "what is sure reminds");
    vault
        .revoke(&[grid], RevokeStep::Begin, CLI)
        .expect("begun");
    assert_eq!(kinds(&mut vault)[0], row(K::Revocation, "grid", 0));
}

#[test]
fn the_file_names_nothing_unless_asked_and_keeps_its_ids() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = kraken(&mut vault, "grid; main, \"x\"", "s3cr3t-value");
    let mut file = |names| {
        let (file, count) = vault.calendar_file(far(), names).expect("is made");
        assert_eq!(count, 1);
        String::from_utf8(file).expect("text")
    };
    let (plain, named) = (file(CalendarNames::LeftOut), file(CalendarNames::Told));
    assert!(
        !plain.contains("grid") && !plain.contains("Kraken"),
        "{plain}"
    );
    assert!(
        named.contains("SUMMARY:Rotate: grid\\; main\\, \"x\""),
        "{named}"
    );
    for file in [&plain, &named] {
        assert!(file.contains(&format!("UID:{id}-rotation@strongroom.invalid\r\n")));
        assert!(!file.contains("s3cr3t") && !file.contains("key-of"));
        assert_eq!(file.matches("BEGIN:VALARM").count(), 6, "one a lead day");
    }
}

#[test]
fn a_changed_password_ends_the_keys_of_the_account_that_the_exchange_ends_for_it() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let bybit = ExchangeId::parse("bybit").expect("an id");
    let mut key = |name: &str, secret: &str, allowlist: Allowlist| {
        let mut new = new_key(name, secret);
        new.exchange = bybit.clone();
        new.allowlist = allowlist;
        vault.add_key(new, CLI).expect("is recorded").id
    };
    let rule = IpRule::parse("203.0.113.7").expect("an address");
    key("open", "s1", Allowlist::Unrestricted);
    key("listed", "s2", Allowlist::listed([rule]).expect("one rule"));
    let main = AccountLabel::parse("MAIN").expect("a label");
    let at = UtcMs::from_clock(1_800_000_000_000).plus_days(3);
    let ended = vault
        .password_changed(&bybit, &main, at, CLI)
        .expect("known");
    let mut ends: Vec<_> = ended
        .iter()
        .map(|one| (one.label.as_str(), one.ends.map(|end| end.ms() - at.ms())))
        .collect();
    ends.sort_unstable();
    assert_eq!(ends, [("listed", None), ("open", Some(7 * DAY_MS))]);
    let first = kinds(&mut vault)[0].clone();
    assert_eq!(first, (CalendarKind::Expiry, "open".to_owned(), 10));
    // Changed once more it is the later change that counts.
    let later = at.plus_days(1);
    vault
        .password_changed(&bybit, &main, later, CLI)
        .expect("known");
    assert_eq!(kinds(&mut vault)[0].2, 11);
    let nobody = AccountLabel::parse("other").expect("a label");
    assert!(vault.password_changed(&bybit, &nobody, at, CLI).is_err());
}
