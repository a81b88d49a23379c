//! Attacks by somebody who can write into the open database: sealed values moved or kept.
//!
//! The store is driven directly here, as an attacker with the database key would do it.

use strongroom_domain::merge::Body;
use strongroom_domain::{
    AccountLabel, EntryId, EntryKind, Environment, ExchangeId, FieldName, KeyLabel, Register,
};
use strongroom_secret::SecretText;
use strongroom_store::{StoredWrite, WriteKey};

use super::{NewField, NewKey, Purpose, TakeError, Wanted};
use crate::audit::{Client, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::stepup::StepUp;
use desk::Desk;

#[expect(dead_code, reason = "the desk is shared with the tests of the keys")]
#[path = "../../tests/keys/desk.rs"]
mod desk;

fn new_key(label: &str) -> NewKey {
    let mut new = NewKey::new(
        KeyLabel::parse(label).expect("a label"),
        ExchangeId::parse("binance").expect("an id"),
        AccountLabel::parse("main").expect("a label"),
        Environment::Production,
    );
    let value = SecretText::new(format!("secret of {label}"));
    new.fields = vec![NewField {
        name: FieldName::SECRET,
        value,
    }];
    new
}

fn material(vault: &OpenVault, key: EntryId) -> StoredWrite {
    let version = vault
        .store
        .children(key, EntryKind::Credential)
        .expect("reads")
        .remove(0);
    let mut writes = vault
        .store
        .writes_of_register(version, Register::Material)
        .expect("reads");
    assert_eq!(writes.len(), 1);
    writes.remove(0)
}

fn reseal(vault: &mut OpenVault, to: &StoredWrite, body: Body) {
    vault
        .commit(EventKind::EntryEdited.into(), |tx| {
            tx.reseal(WriteKey::from(&to.write), body, &[])
                .map_err(CommitError::from)
        })
        .expect("is written");
}

fn step_up(desk: &Desk, vault: &mut OpenVault) -> StepUp {
    desk.step_up(vault).expect("a fresh code")
}

fn take(vault: &mut OpenVault, key: EntryId, proof: &StepUp) -> Result<(), TakeError> {
    let wanted = Wanted::default();
    vault
        .take_secret(key, &wanted, Purpose::Reveal, proof, Client::Agent)
        .map(drop)
}

#[test]
fn a_ciphertext_moved_to_another_key_does_not_open_there() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let one = vault
        .add_key(new_key("one"), Client::Agent)
        .expect("is recorded")
        .id;
    let two = vault
        .add_key(new_key("two"), Client::Agent)
        .expect("is recorded")
        .id;
    let proof = step_up(&desk, &mut vault);
    let (of_one, of_two) = (material(&vault, one), material(&vault, two));
    reseal(&mut vault, &of_two, of_one.write.body.clone());
    let refused = take(&mut vault, two, &proof);
    assert!(matches!(refused, Err(TakeError::Altered(_))), "{refused:?}");
    reseal(&mut vault, &of_two, of_two.write.body.clone());
    assert_eq!(take(&mut vault, two, &proof), Ok(()));
}

#[test]
fn a_sealed_value_of_another_version_is_not_known() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let key = vault
        .add_key(new_key("one"), Client::Agent)
        .expect("is recorded")
        .id;
    let proof = step_up(&desk, &mut vault);
    let own = material(&vault, key);
    let Body::Sealed { bytes, .. } = own.write.body.clone() else {
        panic!("it is sealed")
    };
    reseal(&mut vault, &own, Body::Sealed { version: 2, bytes });
    assert!(matches!(
        take(&mut vault, key, &proof),
        Err(TakeError::Altered(_))
    ));
}

#[test]
fn a_secret_sealed_for_another_exchange_is_noticed_when_the_record_is_swapped() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let key = vault
        .add_key(new_key("one"), Client::Agent)
        .expect("is recorded")
        .id;
    let proof = step_up(&desk, &mut vault);
    // Only the record is moved, as somebody would who can write rows and seal nothing.
    let mut exchange = vault
        .store
        .writes_of_register(key, Register::Exchange)
        .expect("reads")
        .remove(0)
        .write;
    let okx = ExchangeId::parse("okx").expect("an id");
    exchange.body = Body::Value(strongroom_domain::RegisterValue::Exchange(okx).encode());
    vault
        .commit(EventKind::EntryEdited.into(), |tx| {
            tx.replace_write(&exchange, &[]).map_err(CommitError::from)
        })
        .expect("is written");
    assert!(matches!(
        take(&mut vault, key, &proof),
        Err(TakeError::Altered(_))
    ));
}

#[test]
fn the_store_holds_no_secret_outside_its_sealed_value() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let key = vault
        .add_key(new_key("one"), Client::Agent)
        .expect("is recorded")
        .id;
    let needle = b"secret of one";
    let mut seen = 0;
    vault
        .store
        .for_each_write(|stored| {
            let bytes = match &stored.write.body {
                Body::Value(bytes) | Body::Sealed { bytes, .. } => bytes.clone(),
                Body::Purged => Vec::new(),
            };
            assert!(!bytes.windows(needle.len()).any(|window| window == needle));
            seen += 1;
            Ok::<(), strongroom_store::StoreError>(())
        })
        .expect("reads");
    assert!(seen > 10);
    let row = vault.store.digest(key).expect("reads").expect("a row");
    assert!(!row.windows(needle.len()).any(|window| window == needle));
}
