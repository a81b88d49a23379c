//! Adding and showing.

use std::collections::BTreeSet;

use strongroom_domain::{
    Allowlist, ConsumerName, Days, ExpiryCause, IpRule, KeyState, Line, Notes, RotationPolicy, Tag,
    VersionState,
};
use strongroom_vault::{Client, KeyError, NotesWarning, ReadError, Warning, WriteKeyError};

use crate::desk::{Desk, PASSWORD, text};
use crate::{CLI, add, field, label, last_events, new_key, values};

#[test]
fn a_key_is_there_after_the_next_unlock_with_everything_that_was_said_of_it() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let mut new = new_key("Binance main", "s3cret");
    new.allowlist =
        Allowlist::listed([IpRule::parse("203.0.113.7").expect("an address")]).expect("one rule");
    new.expiry = vec![ExpiryCause::DaysSinceCreation {
        days: Days::parse(90).expect("days"),
    }];
    new.rotation = RotationPolicy::Every(Days::parse(45).expect("days"));
    new.purpose = Some(Line::parse("grid bot").expect("a line"));
    new.consumers = vec![ConsumerName::parse("freqtrade").expect("a name")];
    new.tags = BTreeSet::from([Tag::parse("hot").expect("a tag")]);
    new.notes = Some(Notes::parse("made by Ann").expect("notes"));
    let added = vault.add_key(new, CLI).expect("is recorded");
    assert_eq!(added.warnings, []);
    assert_eq!(last_events(&vault, 1), ["entry-added"]);
    let before = vault.show_key(added.id).expect("shows");
    drop(vault);

    let mut vault = desk.unlock(&locked);
    let shown = vault.show_key(added.id).expect("shows");
    assert_eq!(shown, before);
    assert_eq!(shown.row, *vault.key_row(added.id).expect("in the list"));
    let record = &shown.record;
    assert_eq!(record.label, label("Binance main"));
    assert_eq!(record.state, KeyState::Active);
    assert_eq!(record.rotation_days().get(), 45);
    assert_eq!(shown.account.expect("an account").label.as_str(), "main");
    assert_eq!(shown.consumers[0].0.as_str(), "freqtrade");
    let [version] = record.versions.as_slice() else {
        panic!("one version")
    };
    assert_eq!(
        (version.state, version.purged),
        (VersionState::Active, false)
    );
    let names: Vec<_> = version
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["apiKey", "secret"]);
    let due = shown.row.due().expect("a due date");
    assert_eq!(
        due.at,
        record.created.plus_days(45),
        "rotation comes before expiry"
    );
    assert!(shown.row.has_secret);
}

#[test]
fn a_key_is_found_by_id_and_label_and_ambiguity_is_said() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let one = add(&mut vault, "Kraken", "a");
    assert_eq!(vault.find_key(&one.to_string()), Ok(one));
    assert_eq!(vault.find_key("Kraken"), Ok(one));
    assert_eq!(vault.find_key(" kraken "), Ok(one));
    assert_eq!(vault.find_key("Krak"), Err(KeyError::NotFound));
    let warnings = vault
        .add_key(new_key("Kraken", "b"), CLI)
        .expect("is recorded")
        .warnings;
    assert_eq!(warnings, [Warning::LabelTwice]);
    assert_eq!(
        vault.find_key("Kraken"),
        Err(KeyError::Ambiguous { count: 2 })
    );
    assert_eq!(vault.find_key(&one.to_string()), Ok(one));
}

#[test]
fn what_looks_odd_is_said_and_recorded() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    add(&mut vault, "first", "same");
    let mut new = new_key("second", "same");
    new.fields.push(field("passphrase", " spaced \n"));
    new.fields.push(field("token", "a b"));
    new.fields
        .push(field("privateKey", "-----BEGIN PRIVATE KEY-----\nAAAA"));
    new.fields.push(field("uid", "  "));
    new.exchange = strongroom_domain::ExchangeId::parse("bitmex").expect("an id");
    let added = vault.add_key(new, CLI).expect("is recorded");
    let words: Vec<String> = added.warnings.iter().map(Warning::words).collect();
    assert_eq!(
        words,
        [
            "Spaces around passphrase were removed.",
            "token has a space or a line break inside.",
            "privateKey is a PEM block without its END line.",
            "This exchange closed on 2026-09-23; its keys are loose ends.",
            "Its apiKey is recorded already, under \"first\".",
            "Its secret is recorded already, under \"first\".",
        ]
    );
    let taken = crate::take(
        &desk,
        &mut vault,
        added.id,
        strongroom_vault::Purpose::Reveal,
    );
    let values = values(&taken.expect("leaves"));
    assert!(values.contains(&("passphrase".to_owned(), "spaced".to_owned())));
    assert!(
        values.iter().all(|(name, _)| name != "uid"),
        "an empty field is none"
    );
}

#[test]
fn swapped_halves_are_noticed() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let mut new = new_key("okx", "x");
    new.fields = vec![
        field("apiKey", "22582BD0CFF14C41EDBF1AB98506286D"),
        field("secret", "985d5b66-57ce-40fb-b714-afc0b9787083"),
    ];
    let added = vault.add_key(new, CLI).expect("is recorded");
    assert_eq!(added.warnings, [Warning::Swapped]);
}

#[test]
fn secrets_in_notes_are_pointed_out() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let mut new = new_key("a", "b");
    let pasted = "secret: NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    new.notes = Some(Notes::parse(pasted).expect("notes"));
    let id = vault.add_key(new, CLI).expect("is recorded").id;
    let warning = vault.show_key(id).expect("shows").notes_warning;
    assert_eq!(warning, Some(NotesWarning::Token));
}

#[test]
fn only_the_list_leaves_before_the_vault_is_verified_and_nothing_is_written() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    drop(vault);
    let code = desk.fresh_code();
    let presence = strongroom_vault::Presence::Totp(&code);
    let mut vault = locked.unlock(&text(PASSWORD), presence).expect("unlocks");
    assert_eq!(vault.keys().expect("the list").len(), 1);
    assert_eq!(vault.find_key("Binance"), Ok(id));
    let not_yet = KeyError::Read(ReadError::NotYetVerified);
    assert_eq!(vault.show_key(id), Err(not_yet));
    assert_eq!(vault.key_history(id), Err(not_yet));
    let refused = vault.add_key(new_key("another", "t"), CLI);
    assert!(matches!(refused, Err(WriteKeyError::Key(error)) if error == not_yet));
    let step_up = crate::step_up(&desk, &mut vault);
    let wanted = strongroom_vault::Wanted::default();
    let purpose = strongroom_vault::Purpose::Reveal;
    assert!(
        vault
            .take_secret(id, &wanted, purpose, &step_up, CLI)
            .is_err()
    );
    vault.verify_fully().expect("verifies");
    vault.show_key(id).expect("shows");
}

#[test]
fn accounts_are_shared_by_keys_of_one_exchange_and_environment() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    add(&mut vault, "one", "a");
    add(&mut vault, "two", "b");
    let mut elsewhere = new_key("three", "c");
    elsewhere.environment = strongroom_domain::Environment::Testnet;
    vault
        .add_key(elsewhere, Client::Desktop)
        .expect("is recorded");
    let accounts = vault.accounts().expect("reads");
    let keys: Vec<usize> = accounts.iter().map(|row| row.keys).collect();
    assert_eq!(keys.iter().sum::<usize>(), 3);
    assert_eq!(accounts.len(), 2, "the testnet account is another one");
}
