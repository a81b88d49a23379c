//! Keys as they are recorded, changed, shown, taken, purged, imported and reminded of: over a fake
//! clock and keyring, and real files and databases.

#[expect(
    dead_code,
    reason = "the desk is shared with the tests of the keys, which use all of it"
)]
#[path = "../keys/desk.rs"]
mod desk;

mod calendar;
mod change;
mod check;
mod events;
mod export;
mod health;
mod import;
mod list;
mod machine;
mod purge;
mod record;
mod remind;
mod rotate;
mod sign;
mod take;

use desk::Desk;
use strongroom_domain::{
    AccountLabel, EntryId, Environment, ExchangeId, FieldName, KeyLabel, PermissionSet, Tri, Verb,
};
use strongroom_secret::SecretText;
use strongroom_vault::{
    Client, NewField, NewKey, OpenVault, Presence, Purpose, StepUp, TakeError, TakenSecret, Wanted,
};

const CLI: Client = Client::CommandLine;

fn label(text: &str) -> KeyLabel {
    KeyLabel::parse(text).expect("a label")
}

fn field(name: &str, value: &str) -> NewField {
    NewField {
        name: FieldName::parse(name).expect("a name"),
        value: SecretText::new(value.to_owned()),
    }
}

/// A key of Binance that may read and trade.
fn new_key(name: &str, secret: &str) -> NewKey {
    let exchange = ExchangeId::parse("binance").expect("an id");
    let account = AccountLabel::parse("main").expect("a label");
    let mut new = NewKey::new(label(name), exchange, account, Environment::Production);
    new.declared = PermissionSet::new([Tri::No; 8])
        .with(Verb::Read, Tri::Yes)
        .with(Verb::Spot, Tri::Yes);
    new.fields = vec![
        field("apiKey", &format!("key-of-{secret}")),
        field("secret", secret),
    ];
    new
}

fn add(vault: &mut OpenVault, name: &str, secret: &str) -> EntryId {
    vault
        .add_key(new_key(name, secret), CLI)
        .expect("is recorded")
        .id
}

fn step_up(desk: &Desk, vault: &mut OpenVault) -> StepUp {
    vault
        .step_up(Presence::Totp(&desk.fresh_code()), None)
        .expect("a fresh code")
}

fn take(
    desk: &Desk,
    vault: &mut OpenVault,
    key: EntryId,
    purpose: Purpose,
) -> Result<TakenSecret, TakeError> {
    let step_up = step_up(desk, vault);
    vault.take_secret(key, &Wanted::default(), purpose, &step_up, CLI)
}

/// Name and value of every field taken.
fn values(taken: &TakenSecret) -> Vec<(String, String)> {
    let pair = |field: &strongroom_domain::MaterialField| {
        (field.name.to_string(), field.value.expose().to_owned())
    };
    taken.fields.iter().map(pair).collect()
}

/// The words of the last entries of the log, newest last.
fn last_events(vault: &OpenVault, count: usize) -> Vec<&'static str> {
    let size = vault.audit_size();
    let from = size.saturating_sub(count as u64);
    let entries = vault.audit_entries(from, count).expect("the log reads");
    entries.iter().map(|entry| entry.event.word()).collect()
}
