//! Importing: preview, all or nothing, undo, again.

use strongroom_secret::{SecretBytes, SecretText};
use strongroom_vault::{
    ImportError, ImportOptions, ImportOutcome, ImportPlan, ImportSource, KeyChange, OpenVault,
    Purpose, SourceKey,
};

use crate::desk::Desk;
use crate::{CLI, label, last_events, take, values};

const KEYS: &str = r#"{
    "binance": {"apiKey": "bin-key-0123456789", "secret": "bin-secret-0123456789"},
    "okex": {"apiKey": "okx-key-0123456789", "secret": "okx-secret-0123456789",
             "password": "okx-phrase"},
    "kraken": {"skipWs": true}
}"#;

fn plan(vault: &mut OpenVault, source: &str) -> ImportPlan {
    let options = ImportOptions {
        name_hint: Some("keys.json".to_owned()),
        ..ImportOptions::default()
    };
    let bytes = SecretBytes::new(source.as_bytes().to_vec());
    plan_of(vault, bytes, &options).expect("is read")
}

/// The plan of a source that needs no password.
fn plan_of(
    vault: &mut OpenVault,
    bytes: SecretBytes,
    options: &ImportOptions,
) -> Result<ImportPlan, ImportError> {
    let source = ImportSource::read(bytes, options, SourceKey::default())?;
    vault.plan_import(&source, options)
}

#[test]
fn a_plan_changes_nothing_and_accounts_for_every_field() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let size = vault.audit_size();
    let plan = plan(&mut vault, KEYS);
    assert_eq!(plan.source(), "ccxt");
    let exchanges: Vec<_> = plan
        .drafts()
        .map(|draft| draft.exchange.to_string())
        .collect();
    assert_eq!(exchanges, ["binance", "okx"]);
    assert!(plan.drafts().all(|draft| draft.already.is_none()));
    let taken = plan
        .fields()
        .iter()
        .filter(|field| field.outcome == ImportOutcome::Taken)
        .count();
    assert!(taken >= 5, "{:?}", plan.fields());
    let kept = plan
        .fields()
        .iter()
        .find(|field| field.place.contains("skipWs"));
    assert_eq!(
        kept.map(|field| field.outcome),
        Some(ImportOutcome::Ignored)
    );
    let shown = format!("{plan:?}");
    assert!(
        !shown.contains("bin-secret"),
        "no value is in anything that is shown"
    );
    assert_eq!(
        (vault.audit_size(), vault.keys().expect("the list").len()),
        (size, 0)
    );
}

#[test]
fn importing_again_is_a_no_op_and_an_undo_takes_it_back() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let planned = plan(&mut vault, KEYS);
    let imported = vault.apply_import(planned, CLI).expect("is imported");
    assert_eq!((imported.added.len(), imported.already), (2, 0));
    assert_eq!(last_events(&vault, 1), ["imported"]);
    let batch = imported.batch.expect("something was added");
    drop(vault);

    let mut vault = desk.unlock(&locked);
    let okx = imported.added[1].id;
    let taken = take(&desk, &mut vault, okx, Purpose::Reveal).expect("leaves");
    let passphrase = ("passphrase".to_owned(), "okx-phrase".to_owned());
    assert!(values(&taken).contains(&passphrase));

    let planned = plan(&mut vault, KEYS);
    let already: Vec<_> = planned
        .drafts()
        .map(|draft| draft.already.clone())
        .collect();
    let labels: Vec<_> = imported
        .added
        .iter()
        .map(|key| Some(key.label.clone()))
        .collect();
    assert_eq!(already, labels);
    let size = vault.audit_size();
    let again = vault.apply_import(planned, CLI).expect("nothing to do");
    assert_eq!(
        (again.batch, again.added.len(), again.already),
        (None, 0, 2)
    );
    assert_eq!(vault.audit_size(), size, "nothing was written");
    assert_eq!(
        vault.import_keys(batch).expect("is remembered"),
        imported.added
    );

    // A key that was changed since stays.
    let changed = imported.added[0].id;
    vault
        .edit_key(changed, vec![KeyChange::Label(label("mine"))], CLI)
        .expect("is changed");
    let undone = vault.undo_import(None, CLI).expect("is undone");
    assert_eq!((undone.removed, undone.kept), (1, 1));
    assert_eq!(last_events(&vault, 1), ["import-undone"]);
    assert_eq!(vault.keys().expect("the list").len(), 1);
    assert!(matches!(
        vault.undo_import(Some(batch), CLI),
        Err(ImportError::NoBatch)
    ));

    // What was undone can be brought back by its id, secret and all.
    assert_eq!(vault.find_key(&okx.to_string()), Ok(okx));
    assert!(vault.show_key(okx).is_err(), "a deleted key is not shown");
    vault.restore_key(okx, CLI).expect("is brought back");
    let taken = take(&desk, &mut vault, okx, Purpose::Reveal).expect("leaves");
    assert!(values(&taken).contains(&passphrase));
}

#[test]
fn an_undone_key_can_be_purged_by_its_id() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let planned = plan(&mut vault, KEYS);
    let imported = vault.apply_import(planned, CLI).expect("is imported");
    vault.undo_import(None, CLI).expect("is undone");
    let (one, two) = (imported.added[0].id, imported.added[1].id);
    let proof = crate::step_up(&desk, &mut vault);
    let purged = vault.purge(one, strongroom_vault::PurgeWhat::Key, &proof, CLI);
    assert_eq!(purged.map(|purged| purged.secrets), Ok(1));
    assert!(vault.find_key(&one.to_string()).is_err());
    assert!(vault.restore_key(one, CLI).is_err(), "nothing is left");
    let active = KeyChange::State(strongroom_domain::KeyState::Active);
    vault
        .edit_key(two, vec![active], CLI)
        .expect("a state brings it back");
    assert_eq!(vault.keys().expect("the list").len(), 1);
}

#[test]
fn the_latest_import_is_undone_first() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    for number in 0..3 {
        desk.clock.pass(1);
        let source = format!(
            r#"{{"binance": {{"apiKey": "key-number-{number}-xxxxxxxx", "secret": "secret-number-{number}"}}}}"#
        );
        let planned = plan(&mut vault, &source);
        vault.apply_import(planned, CLI).expect("is imported");
    }
    let labels = |vault: &mut OpenVault| {
        let list = vault.keys().expect("the list");
        let mut labels: Vec<String> = list
            .rows()
            .iter()
            .map(|row| row.label.to_string())
            .collect();
        labels.sort();
        labels
    };
    let before = labels(&mut vault);
    assert_eq!(before.len(), 3, "labels are made unique: {before:?}");
    vault.undo_import(None, CLI).expect("is undone");
    let after = labels(&mut vault);
    assert_eq!(after.len(), 2);
    assert!(!after.iter().any(|label| label.ends_with('3')), "{after:?}");
}

#[test]
fn a_known_api_key_with_another_secret_is_said_and_added() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let planned = plan(&mut vault, KEYS);
    vault.apply_import(planned, CLI).expect("is imported");
    let source = KEYS.replace("bin-secret-0123456789", "another-secret-42");
    let planned = plan(&mut vault, &source);
    let first = planned.drafts().next().expect("a draft");
    assert_eq!(first.already, None);
    assert!(
        first
            .warnings
            .iter()
            .any(|warning| warning.contains("with another secret"))
    );
}

#[test]
fn what_is_no_file_of_keys_is_refused() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let read = |vault: &mut OpenVault, bytes: &[u8], source: Option<&str>| {
        let options = ImportOptions {
            source: source.map(str::to_owned),
            ..ImportOptions::default()
        };
        plan_of(vault, SecretBytes::new(bytes.to_vec()), &options).map(drop)
    };
    let refused = read(&mut vault, b"\x00\x01\x02", None);
    assert!(matches!(refused, Err(ImportError::UnknownSource)));
    let refused = read(&mut vault, b"{}", Some("lastpass"));
    assert!(matches!(refused, Err(ImportError::NoSuchSource)));
    let refused = read(&mut vault, b"{\"a\": ", Some("ccxt"));
    assert!(matches!(refused, Err(ImportError::Source(_))));
    assert_eq!(vault.keys().expect("the list").len(), 0);
}

fn table(secret: &str) -> SecretBytes {
    let text =
        format!("Venue,Label,Public Part,Hidden Part\nbinance,one,pub-{secret},hid-{secret}\n");
    SecretBytes::new(text.into_bytes())
}

fn columns(of: &[(&str, &str)]) -> ImportOptions {
    let own = |(column, field): &(&str, &str)| ((*column).to_owned(), (*field).to_owned());
    ImportOptions {
        source: Some("csv".to_owned()),
        columns: of.iter().map(own).collect(),
        ..ImportOptions::default()
    }
}

#[test]
fn what_was_said_of_columns_is_remembered_with_the_keys_and_read_from_then_on() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let said = columns(&[("public part", "apiKey"), ("Hidden Part", "secret")]);
    let refused = |vault: &mut OpenVault| {
        let planned = plan_of(vault, table("0000000001"), &columns(&[]));
        assert!(
            matches!(planned, Err(ImportError::Source(_))),
            "{planned:?}"
        );
    };
    refused(&mut vault);
    let planned = plan_of(&mut vault, table("0000000001"), &said).expect("is read");
    // A preview alone is forgotten.
    refused(&mut vault);
    vault.apply_import(planned, CLI).expect("is imported");

    drop(vault);
    let mut vault = desk.unlock(&locked);
    let planned =
        plan_of(&mut vault, table("0000000002"), &columns(&[])).expect("is read as before");
    assert!(
        planned
            .notes()
            .iter()
            .any(|note| note.contains("last imported")),
        "{:?}",
        planned.notes()
    );
    let fields: Vec<String> = planned
        .drafts()
        .flat_map(|draft| draft.fields.iter().map(ToString::to_string))
        .collect();
    assert_eq!(fields, ["apiKey", "secret"]);

    // What is said now counts, and is what is remembered next.
    let other = columns(&[("Public Part", "apiKey"), ("Hidden Part", "passphrase")]);
    let planned = plan_of(&mut vault, table("0000000003"), &other).expect("is read");
    assert!(
        !planned
            .notes()
            .iter()
            .any(|note| note.contains("last imported"))
    );
    vault.apply_import(planned, CLI).expect("is imported");
    let planned = plan_of(&mut vault, table("0000000004"), &columns(&[])).expect("is read");
    let first = planned.drafts().next().expect("a draft");
    assert!(
        first
            .fields
            .iter()
            .any(|field| field.to_string() == "passphrase")
    );
}

/// A sample of the importers, with what opens it where it is encrypted.
fn sample(folder: &str, file: &str) -> (SecretBytes, SecretText) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/import");
    let bytes = std::fs::read(std::path::Path::new(path).join(folder).join(file));
    (
        SecretBytes::new(bytes.expect("a sample")),
        SecretText::new("correct horse".to_owned()),
    )
}

fn with(password: Option<&SecretText>) -> SourceKey<'_> {
    SourceKey {
        password,
        key_file: None,
    }
}

#[test]
fn keys_of_every_program_are_recorded_once_and_an_undo_takes_them_back() {
    for (source, file, keys) in [
        ("passivbot", "api-keys.json", 6),
        ("octobot", "config.json", 3),
        ("gocryptotrader", "config.json", 4),
        ("gocryptotrader", "config.dat", 1),
        ("hummingbot", "kucoin_testnet.yml", 1),
        ("keepass", "argon2d-aes.kdbx", 1),
        ("bitwarden", "export.json", 2),
        ("bitwarden", "protected-argon2.json", 1),
        ("bitwarden-csv", "bitwarden.csv", 2),
        ("1password-csv", "1password.csv", 3),
    ] {
        let desk = Desk::new();
        let (mut vault, _locked) = desk.create();
        let options = ImportOptions {
            name_hint: Some(file.to_owned()),
            ..ImportOptions::default()
        };
        let plan = |vault: &mut OpenVault| {
            let (bytes, password) = sample(source, file);
            let read = ImportSource::read(bytes, &options, with(Some(&password))).expect("is read");
            vault.plan_import(&read, &options).expect("is planned")
        };
        let planned = plan(&mut vault);
        assert_eq!(planned.source(), source, "{file}");
        let imported = vault.apply_import(planned, CLI).expect("is imported");
        assert_eq!(imported.added.len(), keys, "{file}");
        let again = plan(&mut vault);
        assert!(
            again.drafts().all(|draft| draft.already.is_some()),
            "{file}"
        );
        let imported = vault.apply_import(again, CLI).expect("is imported");
        assert!(
            imported.added.is_empty() && imported.batch.is_none(),
            "{file}"
        );
        let undone = vault.undo_import(None, CLI).expect("is undone");
        assert_eq!((undone.removed, undone.kept), (keys, 0), "{file}");
        assert_eq!(vault.keys().expect("the list").len(), 0, "{file}");
    }
}

#[test]
fn without_its_password_an_encrypted_source_is_refused_whole() {
    for (source, file) in [
        ("gocryptotrader", "config.dat"),
        ("hummingbot", "kucoin_testnet.yml"),
        ("bitwarden", "protected-pbkdf2.json"),
        ("keepass", "argon2id-chacha20.kdbx"),
    ] {
        for password in [None, Some("another")] {
            let (bytes, _) = sample(source, file);
            let password = password.map(|text| SecretText::new(text.to_owned()));
            let key = with(password.as_ref());
            let refused = ImportSource::read(bytes, &ImportOptions::default(), key);
            assert!(matches!(refused, Err(ImportError::Source(_))), "{file}");
        }
    }
}
