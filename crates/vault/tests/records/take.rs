//! Taking secrets out: intent first, rules of states, environments.

use strongroom_domain::{FieldName, KeyState, UtcMs};
use strongroom_vault::{Decision, KeyChange, Purpose, TakeError, Wanted};

use crate::desk::Desk;
use crate::{CLI, add, last_events, new_key, step_up, take, values};

#[test]
fn the_intent_is_in_the_log_before_a_secret_leaves() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s3cret");
    for (purpose, event) in [
        (Purpose::Reveal, "revealed"),
        (Purpose::Copy, "copied"),
        (Purpose::Run, "ran"),
    ] {
        let taken = take(&desk, &mut vault, id, purpose).expect("leaves");
        let expected = [("apiKey", "key-of-s3cret"), ("secret", "s3cret")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(values(&taken), expected);
        assert_eq!(last_events(&vault, 1), [event]);
        let size = vault.audit_size();
        let entry = vault.audit_entries(size - 1, 1).expect("reads").remove(0);
        assert_eq!((entry.entry_id, entry.client), (Some(id), CLI));
    }
}

#[test]
fn running_a_program_notes_the_use() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    take(&desk, &mut vault, id, Purpose::Reveal).expect("leaves");
    assert_eq!(vault.key_row(id).expect("in the list").last_used, None);
    take(&desk, &mut vault, id, Purpose::Run).expect("leaves");
    let used = vault.key_row(id).expect("in the list").last_used;
    assert_eq!(
        used,
        Some(UtcMs::from_clock(strongroom_vault::ports::Clock::utc_ms(
            &*desk.clock
        )))
    );
}

#[test]
fn only_the_fields_asked_for_leave() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let proof = step_up(&desk, &mut vault);
    let wanted = |name| Wanted {
        fields: vec![name],
        version: None,
    };
    let one = vault.take_secret(id, &wanted(FieldName::SECRET), Purpose::Copy, &proof, CLI);
    assert_eq!(
        values(&one.expect("leaves")),
        [("secret".to_owned(), "s".to_owned())]
    );
    let size = vault.audit_size();
    let none = vault.take_secret(id, &wanted(FieldName::TOKEN), Purpose::Copy, &proof, CLI);
    assert_eq!(none.err(), Some(TakeError::NoSuchField));
    assert_eq!(vault.audit_size(), size, "what cannot leave is no intent");
}

#[test]
fn dead_and_leaked_keys_are_shown_and_not_used() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let since = vault.key_row(id).expect("in the list").created;
    for (change, back, refusal) in [
        (
            KeyChange::State(KeyState::Revoked),
            KeyChange::State(KeyState::Active),
            TakeError::Revoked,
        ),
        (
            KeyChange::State(KeyState::Archived),
            KeyChange::State(KeyState::Active),
            TakeError::Archived,
        ),
        (
            KeyChange::Compromised(Some(since)),
            KeyChange::Compromised(None),
            TakeError::Compromised,
        ),
    ] {
        vault.edit_key(id, vec![change], CLI).expect("is changed");
        for purpose in [Purpose::Copy, Purpose::Run] {
            let refused = take(&desk, &mut vault, id, purpose).err();
            assert_eq!(refused, Some(refusal), "{purpose:?}");
            let size = vault.audit_size();
            let entry = vault.audit_entries(size - 1, 1).expect("reads").remove(0);
            assert_eq!(entry.decision, Decision::Denied);
        }
        take(&desk, &mut vault, id, Purpose::Reveal).expect("a person may look");
        vault.edit_key(id, vec![back], CLI).expect("is changed");
    }
    take(&desk, &mut vault, id, Purpose::Run).expect("is usable again");
    assert!(TakeError::Revoked.to_string().contains("revoked"));
}

#[test]
fn nothing_leaves_without_a_step_up_of_this_session() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let earlier = step_up(&desk, &mut vault);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    let size = vault.audit_size();
    let refused = vault.take_secret(id, &Wanted::default(), Purpose::Copy, &earlier, CLI);
    assert!(matches!(refused, Err(TakeError::StepUp(_))));
    assert_eq!(vault.audit_size(), size);
}

#[test]
fn environments_are_not_mixed_in_one_program() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let live = add(&mut vault, "live", "a");
    let also_live = add(&mut vault, "also live", "b");
    let mut test = new_key("test", "c");
    test.environment = strongroom_domain::Environment::Testnet;
    let test = vault.add_key(test, CLI).expect("is recorded").id;
    let proof = step_up(&desk, &mut vault);
    let mixed = vault.take_for_run(&[live, test], &proof, CLI);
    assert_eq!(mixed.err(), Some(TakeError::MixedEnvironments));
    let both = vault
        .take_for_run(&[live, also_live], &proof, CLI)
        .expect("leave");
    assert_eq!(both.len(), 2);
    assert_eq!(last_events(&vault, 2), ["ran", "ran"]);
}

#[test]
fn a_record_without_a_secret_says_so() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let mut new = new_key("held elsewhere", "x");
    new.fields.clear();
    let id = vault.add_key(new, CLI).expect("is recorded").id;
    assert!(!vault.key_row(id).expect("in the list").has_secret);
    assert_eq!(
        take(&desk, &mut vault, id, Purpose::Reveal).err(),
        Some(TakeError::NoSecret)
    );
}
