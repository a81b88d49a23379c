//! Editing, new secrets, states, history.

use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, Environment, ExchangeId, KeyState, PermissionSet,
    Register, Tri, Verb, VersionState,
};
use strongroom_vault::{KeyChange, Purpose, WriteKeyError};

use crate::desk::Desk;
use crate::{CLI, add, field, label, last_events, take, values};

#[test]
fn changes_are_made_together_and_the_row_follows() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let declared = PermissionSet::new([Tri::No; 8]).with(Verb::Withdraw, Tri::Unknown);
    let changes = vec![
        KeyChange::Label(label("Treasury")),
        KeyChange::Declared(declared),
        KeyChange::Allowlist(Allowlist::Unrestricted),
        KeyChange::Consumers(vec![ConsumerName::parse("bot").expect("a name")]),
        KeyChange::Account(AccountLabel::parse("cold").expect("a label")),
    ];
    vault.edit_key(id, changes, CLI).expect("is changed");
    assert_eq!(last_events(&vault, 1), ["entry-edited"]);
    let check = |vault: &mut strongroom_vault::OpenVault| {
        let row = vault.key_row(id).expect("in the list").clone();
        assert_eq!(row.label, label("Treasury"));
        assert_eq!(
            row.rotation_days.get(),
            30,
            "an unknown withdrawal right counts as one"
        );
        assert_eq!(row.account_label.expect("an account").as_str(), "cold");
        assert_eq!(row.consumers[0].as_str(), "bot");
    };
    check(&mut vault);
    drop(vault);
    check(&mut desk.unlock(&locked));
}

#[test]
fn setting_what_is_already_so_writes_nothing() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let size = vault.audit_size();
    vault
        .edit_key(id, vec![KeyChange::Label(label("Binance"))], CLI)
        .expect("nothing to do");
    vault.edit_key(id, Vec::new(), CLI).expect("nothing to do");
    assert_eq!(vault.audit_size(), size);
}

#[test]
fn a_consumer_that_stays_keeps_since_when_it_has_the_key() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let names = |names: &[&str]| {
        let parse = |name: &&str| ConsumerName::parse(name).expect("a name");
        KeyChange::Consumers(names.iter().map(parse).collect())
    };
    vault
        .edit_key(id, vec![names(&["bot"])], CLI)
        .expect("is changed");
    let since = vault.show_key(id).expect("shows").consumers[0].1.since;
    desk.clock.pass(86_400_000);
    vault
        .edit_key(id, vec![names(&["tax", "BOT"])], CLI)
        .expect("is changed");
    let consumers = vault.show_key(id).expect("shows").consumers;
    let found = consumers
        .iter()
        .find(|(name, _)| name.as_str() == "bot")
        .expect("stays");
    assert_eq!(found.1.since, since);
    assert_eq!(consumers.len(), 2);
}

#[test]
fn a_key_moved_to_another_exchange_still_gives_its_secret() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "moved", "s3cret");
    let okx = ExchangeId::parse("okx").expect("an id");
    vault
        .edit_key(id, vec![KeyChange::Exchange(okx.clone())], CLI)
        .expect("is moved");
    drop(vault);
    let mut vault = desk.unlock(&locked);
    let shown = vault.show_key(id).expect("shows");
    assert_eq!(shown.record.exchange, okx);
    assert_eq!(
        shown.account.expect("an account").exchange,
        okx,
        "an account of that exchange"
    );
    let taken = take(&desk, &mut vault, id, Purpose::Reveal).expect("leaves");
    assert!(values(&taken).contains(&("secret".to_owned(), "s3cret".to_owned())));
    let sealed_before = vault
        .key_history(id)
        .expect("reads")
        .into_iter()
        .filter(|line| line.register == Register::Material)
        .map(|line| (line.words, line.current))
        .collect::<Vec<_>>();
    let expected = [
        ("[secret]".to_owned(), true),
        ("[purged]".to_owned(), false),
    ];
    assert_eq!(
        sealed_before, expected,
        "the value sealed for the other exchange is gone"
    );
}

#[test]
fn a_new_secret_replaces_the_one_before_and_keeps_it_as_revoked() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "old");
    let since = vault.key_row(id).expect("in the list").created;
    let marked = vec![KeyChange::Compromised(Some(since.plus_days(1)))];
    vault.edit_key(id, marked, CLI).expect("is marked");
    desk.clock.pass(40 * 86_400_000);
    let set = vault.set_secret(id, vec![field("apiKey", "k2"), field("secret", "new")], CLI);
    let set = set.expect("is recorded");
    assert_eq!(last_events(&vault, 1), ["secret-added"]);
    let record = vault.show_key(id).expect("shows").record;
    let states: Vec<_> = record
        .versions
        .iter()
        .map(|version| version.state)
        .collect();
    assert_eq!(states, [VersionState::Revoked, VersionState::Active]);
    assert_eq!(record.current().expect("one in use").id, set.version);
    assert_eq!(record.last_rotated(), since.plus_days(40));
    assert_eq!(
        record.compromised, None,
        "what leaked is not in use any more"
    );
    let taken = take(&desk, &mut vault, id, Purpose::Copy).expect("leaves");
    assert!(values(&taken).contains(&("secret".to_owned(), "new".to_owned())));

    let old = record.versions[0].id;
    let step_up = crate::step_up(&desk, &mut vault);
    let wanted = strongroom_vault::Wanted {
        version: Some(old),
        ..Default::default()
    };
    let taken = vault
        .take_secret(id, &wanted, Purpose::Reveal, &step_up, CLI)
        .expect("is kept");
    assert!(values(&taken).contains(&("secret".to_owned(), "old".to_owned())));
    assert!(matches!(
        vault.set_secret(id, Vec::new(), CLI),
        Err(WriteKeyError::NoFields)
    ));
}

#[test]
fn archiving_is_undone_into_the_state_before() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    vault
        .edit_key(id, vec![KeyChange::State(KeyState::Draining)], CLI)
        .expect("is changed");
    vault.archive_key(id, CLI).expect("is archived");
    assert_eq!(last_events(&vault, 1), ["entry-archived"]);
    assert!(
        vault.key_row(id).expect("in the list").due().is_none(),
        "nothing is due any more"
    );
    let refused = vault.set_secret(id, vec![field("secret", "x")], CLI);
    assert!(matches!(refused, Err(WriteKeyError::Archived)));
    vault.restore_key(id, CLI).expect("is restored");
    assert_eq!(last_events(&vault, 1), ["entry-restored"]);
    assert_eq!(
        vault.key_row(id).expect("in the list").state,
        KeyState::Draining
    );
    assert!(matches!(
        vault.restore_key(id, CLI),
        Err(WriteKeyError::NotArchived)
    ));
}

#[test]
fn history_tells_every_value_in_words_newest_first() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "first", "s3cret");
    vault
        .edit_key(id, vec![KeyChange::Label(label("second"))], CLI)
        .expect("is changed");
    let demo = vec![KeyChange::Environment(Environment::Demo)];
    vault.edit_key(id, demo, CLI).expect("is changed");
    let lines = vault.key_history(id).expect("reads");
    let of = |register| {
        lines
            .iter()
            .filter(|line| line.register == register)
            .map(|line| (line.words.as_str(), line.current))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Register::Label), [("second", true), ("first", false)]);
    assert_eq!(
        of(Register::Environment),
        [("demo", true), ("production", false)]
    );
    assert_eq!(of(Register::Material), [("[secret]", true)]);
    assert_eq!(
        of(Register::Account).len(),
        2,
        "the demo account is another one"
    );
    assert!(lines.iter().all(|line| !line.words.contains("s3cret")));
}
