//! A vault that was written once opens for ever: header, database, log, anchor and kit of the first
//! released format, as they lie in `tests/golden/vault-1`.
//!
//! Made once by the ignored test at the end. It is never made again; a later format gets a folder
//! of its own.

use std::path::PathBuf;

use strongroom_secret::{SecretBytes, SecretText};
use strongroom_vault::ports::Clock;
use strongroom_vault::{
    Client, ImportOptions, ImportSource, OpenVault, PlaceChoice, Presence, Purpose, SourceKey,
    Trust, Wanted,
};

use crate::desk::{Desk, PASSWORD, copy_folder, read_kit, text};

/// One key each of three kinds, invented.
const KEYS: &str = "label,exchange,account,key,secret,passphrase\n\
    golden-binance,binance,main,goldenApiKey1goldenApiKey1goldenApiKey1goldenApiKey1goldenApiKey1ab,goldenSecret1goldenSecret1goldenSecret1goldenSecret1goldenSecre1,\n\
    golden-okx,okx,main,0f0e0d0c-0b0a-0908-0706-050403020100,GOLDENSECRET2GOLDENSECRET2GOLDEN,golden passphrase\n\
    golden-kraken,kraken,main,goldenKrakenKey3goldenKrakenKey3goldenKrakenKey3goldenKr,Z29sZGVuIHNlY3JldCAz,\n";
const LABELS: [&str; 3] = ["golden-binance", "golden-kraken", "golden-okx"];

fn golden() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/golden/vault-1"
    ))
}

/// A copy on a desk whose clock shows a later day.
fn on_a_desk() -> Desk {
    let desk = Desk::new();
    copy_folder(&golden().join("vault"), &desk.folder());
    let state = desk.places().state_folder;
    for entry in std::fs::read_dir(golden().join("state")).expect("a folder") {
        let entry = entry.expect("an entry");
        copy_folder(&entry.path(), &state.join(entry.file_name()));
    }
    // A checkout has files of mode 0644.
    let files = [desk.folder()].into_iter().chain(
        std::fs::read_dir(&state)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path()),
    );
    for folder in files {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            use std::os::unix::fs::PermissionsExt;
            let path = entry.expect("an entry").path();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
        }
    }
    let seed = std::fs::read_to_string(golden().join("seed.txt")).expect("a seed");
    desk.learn_seed(&text(seed.trim()));
    desk.clock.pass(86_400_000);
    desk
}

fn check_contents(desk: &Desk, vault: &mut OpenVault) {
    assert_eq!(vault.trust(), Trust::Verified);
    let mut labels: Vec<String> = vault
        .keys()
        .expect("a list")
        .rows()
        .iter()
        .map(|row| row.label.as_str().to_owned())
        .collect();
    labels.sort();
    assert_eq!(labels, LABELS);
    let key = vault.find_key("golden-okx").expect("is there");
    let step_up = desk.step_up(vault).expect("both");
    let taken = vault
        .take_secret(
            key,
            &Wanted::default(),
            Purpose::Reveal,
            &step_up,
            Client::CommandLine,
        )
        .expect("opens");
    let values: Vec<&str> = taken
        .fields
        .iter()
        .map(|field| field.value.expose())
        .collect();
    assert!(values.contains(&"golden passphrase"));
    assert!(values.contains(&"GOLDENSECRET2GOLDENSECRET2GOLDEN"));
    let report = vault.audit_verify(None).expect("the log verifies");
    assert!(report.size >= 5 && report.checkpointed > 0);
}

#[test]
fn the_first_format_opens_with_password_and_code() {
    let desk = on_a_desk();
    let locked = desk.find();
    let mut vault = desk.unlock(&locked);
    assert_eq!(vault.place().choice(), PlaceChoice::File);
    check_contents(&desk, &mut vault);
}

#[test]
fn the_first_format_opens_with_the_kit_on_a_new_machine() {
    let desk = on_a_desk();
    std::fs::remove_dir_all(desk.places().state_folder).expect("removes");
    let (secret, codes) = read_kit(&golden().join("kit.txt"));
    let opened = desk.find().unlock_new_device(
        &text(PASSWORD),
        &secret,
        Presence::Recovery(&codes[6]),
        PlaceChoice::Keyring,
        "laptop",
    );
    let mut vault = opened.expect("enrols");
    vault.verify_fully().expect("verifies");
    check_contents(&desk, &mut vault);
}

#[test]
#[ignore = "makes the golden vault, which is done once"]
fn make_the_golden_vault() {
    assert!(!golden().exists(), "a golden vault is never made again");
    let desk = Desk::new();
    let mut enrolment = desk.begin(PlaceChoice::File);
    let seed = enrolment.seed().expect("not made yet");
    std::fs::create_dir_all(golden()).expect("a folder");
    std::fs::write(golden().join("seed.txt"), format!("{}\n", seed.expose())).expect("writes");
    let kit = golden().join("kit.txt");
    let mut created = enrolment
        .confirm(&desk.code(), Some(&kit))
        .expect("is made");
    let options = ImportOptions {
        source: Some("csv".to_owned()),
        ..ImportOptions::default()
    };
    let bytes = SecretBytes::new(KEYS.as_bytes().to_vec());
    let source = ImportSource::read(bytes, &options, SourceKey::default()).expect("is read");
    let plan = created.vault.plan_import(&source, &options).expect("plans");
    let imported = created.vault.apply_import(plan, Client::CommandLine);
    imported.expect("imports");
    created.vault.flush_reminders().expect("writes");
    created.vault.lock().expect("locks");
    drop(created.locked);
    assert_eq!(desk.clock.utc_ms(), 1_800_000_000_000);
    copy_folder(&desk.folder(), &golden().join("vault"));
    let state = desk.places().state_folder;
    for entry in std::fs::read_dir(state).expect("a folder") {
        let entry = entry.expect("an entry");
        copy_folder(
            &entry.path(),
            &golden().join("state").join(entry.file_name()),
        );
    }
    // Nothing in the format needs the reserve, and it is a megabyte of filler.
    std::fs::remove_file(golden().join("vault/reserve")).expect("removes");
    let note = SecretText::new(format!("password: {PASSWORD}\n"));
    std::fs::write(golden().join("password.txt"), note.expose()).expect("writes");
}
