//! What a person does with a vault, command by command.

use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Nothing, command};

use super::{Client, PASSWORD, World, key, secret, selector};

fn reveal(client: &mut Client, key: &str, step_up: Option<wire::StepUp>) -> wire::Reveal {
    let _ = client;
    wire::Reveal {
        key: key.to_owned(),
        fields: Vec::new(),
        version: None,
        step_up,
    }
}

#[test]
fn a_vault_is_made_filled_locked_and_opened() {
    let world = World::start();
    let mut client = world.connect();
    assert_eq!(
        client.refused::<command::list>(wire::KeyList::default()),
        ErrorCode::NoVault
    );
    let status = client.call::<command::status>(Nothing {}).expect("status");
    assert_eq!(status.state, wire::VaultState::Absent);

    let mut phone = client.create(&world);
    for label in ["grid bot", "tax tool"] {
        client.call::<command::add>(key(label)).expect("added");
    }
    let page = client
        .call::<command::list>(wire::KeyList::default())
        .expect("listed");
    assert_eq!((page.total, page.rows.len(), page.next), (2, 2, None));
    let shown = client
        .call::<command::show>(selector("grid bot"))
        .expect("shown");
    assert_eq!(shown.row.exchange_name, "Binance");
    assert_eq!(shown.fields.len(), 2);
    assert!(world.path("kit.txt").is_file());

    assert_eq!(
        client.refused::<command::reveal>(reveal(&mut world.connect(), "grid bot", None)),
        ErrorCode::StepUpRequired
    );
    let step_up = phone.step_up(&world);
    let revealed = client
        .call::<command::reveal>(reveal(&mut world.connect(), "grid bot", Some(step_up)))
        .expect("revealed");
    let values: Vec<_> = revealed
        .fields
        .iter()
        .map(|field| field.value.secret().expose().to_owned())
        .collect();
    assert_eq!(values, ["AKEYgrid bot", "very-secret-grid bot"]);
    let replayed = wire::StepUp {
        code: phone.again(&world),
        password: None,
    };
    assert_eq!(
        client.refused::<command::reveal>(reveal(&mut world.connect(), "grid bot", Some(replayed))),
        ErrorCode::CodeReplayed
    );

    client.call::<command::lock>(Nothing {}).expect("locked");
    let status = client.call::<command::status>(Nothing {}).expect("status");
    assert_eq!(status.state, wire::VaultState::Locked);
    assert_eq!(status.device_secret, wire::DeviceSecretState::Present);
    assert_eq!(
        client.refused::<command::list>(wire::KeyList::default()),
        ErrorCode::Locked
    );

    let code = phone.next(&world);
    let wrong = wire::Unlock {
        password: secret("not the password at all"),
        code,
    };
    assert_eq!(
        client.refused::<command::unlock>(wrong),
        ErrorCode::WrongCredentials
    );
    let code = phone.next(&world);
    let unlocked = client.unlock(code).expect("unlocked");
    assert_eq!((unlocked.keys, unlocked.failed_tries), (2, 1));
    let code = phone.next(&world);
    assert_eq!(
        client.unlock(code).expect_err("open already").code,
        ErrorCode::Refused
    );
    let verified = client
        .call::<command::audit_verify>(Nothing {})
        .expect("verified");
    assert!(verified.size > 4);
    let log = client
        .call::<command::audit_list>(wire::AuditList::default())
        .expect("log");
    assert!(log.entries.iter().any(|entry| entry.event == "revealed"
        && entry.label.as_deref() == Some("grid bot")
        && entry.client == "cli"));
    world.stop();
}

#[test]
fn a_grace_is_of_one_connection_and_ends() {
    let world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    client.call::<command::add>(key("one")).expect("added");
    let mut other = world.connect();
    let step_up = phone.step_up(&world);
    client
        .call::<command::step_up>(wire::StepUpGrace { step_up })
        .expect("a grace");
    for _ in 0..2 {
        let request = reveal(&mut other, "one", None);
        client
            .call::<command::reveal>(request)
            .expect("within the grace");
    }
    let request = reveal(&mut other, "one", None);
    assert_eq!(
        other.refused::<command::reveal>(request),
        ErrorCode::StepUpRequired
    );
    // What asks for the password is never covered.
    let kit = wire::RecoveryKit {
        path: world.path("kit2.txt").to_string_lossy().into_owned(),
        step_up: phone.step_up(&world),
    };
    assert_eq!(
        client.refused::<command::recovery_kit>(kit),
        ErrorCode::StepUpRequired
    );
    world.pass(120_000);
    let request = reveal(&mut other, "one", None);
    assert_eq!(
        client.refused::<command::reveal>(request),
        ErrorCode::StepUpRequired
    );
    let step_up = phone.step_up(&world);
    client
        .call::<command::step_up>(wire::StepUpGrace { step_up })
        .expect("a grace");
    client
        .call::<command::step_up_end>(Nothing {})
        .expect("ended");
    let request = reveal(&mut other, "one", None);
    assert_eq!(
        client.refused::<command::reveal>(request),
        ErrorCode::StepUpRequired
    );
    world.stop();
}

#[test]
fn several_vaults_are_open_at_once_and_one_may_be_made_a_client() {
    let world = World::start();
    let mut first = world.connect();
    first.create(&world);
    first
        .call::<command::add>(key("of the first"))
        .expect("added");
    let mut second = world.connect();
    second.vault = world.path("second");
    let begun = second
        .call::<command::create_begin>(wire::CreateBegin {
            password: secret(PASSWORD),
            place: wire::SecretPlace::File,
            kdf_mib: Some(64),
            name: Some("second".to_owned()),
        })
        .expect("begun");
    assert!(begun.otpauth.secret().expose().contains("second"));
    // Another connection cannot confirm what it did not begin.
    let mut stranger = world.connect();
    stranger.vault = world.path("second");
    let confirm = |code| wire::CreateConfirm {
        code,
        kit_path: None,
        backup_folder: None,
    };
    assert_eq!(
        stranger.refused::<command::create_confirm>(confirm(secret("123456"))),
        ErrorCode::Refused
    );
    let mut phone = super::Authenticator::from_seed(begun.seed.secret());
    assert_eq!(
        second.refused::<command::create_confirm>(confirm(secret("12345"))),
        ErrorCode::WrongCredentials
    );
    let code = phone.next(&world).value;
    second
        .call::<command::create_confirm>(confirm(code))
        .expect("made");
    let page = second
        .call::<command::list>(wire::KeyList::default())
        .expect("listed");
    assert_eq!(page.total, 0);
    let page = first
        .call::<command::list>(wire::KeyList::default())
        .expect("listed");
    assert_eq!(page.total, 1);
    assert_eq!(
        second.refused::<command::create_begin>(wire::CreateBegin {
            password: secret(PASSWORD),
            place: wire::SecretPlace::File,
            kdf_mib: Some(64),
            name: None,
        }),
        ErrorCode::VaultExists
    );
    assert_eq!(world.agent.folders.known_vaults().len(), 2);
    world.stop();
}

#[test]
fn an_import_is_previewed_applied_once_and_undone() {
    let world = World::start();
    let mut client = world.connect();
    client.create(&world);
    let source = world.path("keys.env");
    std::fs::write(
        &source,
        "BINANCE_APIKEY=AKEY1\nBINANCE_SECRET=very-secret\nDEBUG=1\n",
    )
    .expect("written");
    let preview = || wire::ImportPreview {
        source: None,
        name_hint: Some("keys.env".to_owned()),
        columns: Vec::new(),
        exchange: None,
        account: None,
        source_password: None,
    };
    let plan = client.preview(&source, preview()).expect("previewed");
    assert_eq!(
        (plan.source.as_str(), plan.drafts_total, plan.fields_total),
        ("env", 1, 3)
    );
    let apply = || wire::ImportApply {
        plan: plan.plan.clone(),
    };
    assert_eq!(
        world.connect().refused::<command::import_apply>(apply()),
        ErrorCode::NotFound,
        "a plan belongs to its connection"
    );
    let applied = client
        .call::<command::import_apply>(apply())
        .expect("applied");
    assert_eq!((applied.added.len(), applied.already), (1, 0));
    assert_eq!(
        client.refused::<command::import_apply>(apply()),
        ErrorCode::NotFound
    );
    let again = client.preview(&source, preview()).expect("previewed");
    assert!(again.drafts[0].already.is_some());
    let again = wire::ImportApply { plan: again.plan };
    let nothing = client
        .call::<command::import_apply>(again)
        .expect("applied");
    assert_eq!((nothing.added.len(), nothing.already), (0, 1));
    let undone = client
        .call::<command::import_undo>(wire::ImportUndo {
            batch: Some(applied.batch),
        })
        .expect("undone");
    assert_eq!((undone.removed, undone.kept), (1, 0));
    // A plan is wiped after ten minutes.
    let late = client.preview(&source, preview()).expect("previewed");
    world.pass(601_000);
    assert_eq!(
        client.refused::<command::import_apply>(wire::ImportApply { plan: late.plan }),
        ErrorCode::NotFound
    );
    world.stop();
}

#[test]
fn settings_backups_devices_and_credentials() {
    let world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    client.call::<command::add>(key("one")).expect("added");

    let settings = client
        .call::<command::settings>(Nothing {})
        .expect("settings");
    assert!(
        settings.settings.iter().all(|one| one.value == one.default),
        "{settings:?}"
    );
    let set = |name: &str, value: &str, step_up| wire::SettingSet {
        name: name.to_owned(),
        value: value.to_owned(),
        step_up,
    };
    client
        .call::<command::setting_set>(set("auto-lock-minutes", "5", None))
        .expect("set");
    client
        .call::<command::setting_set>(set("quiet-from", "22:00", None))
        .expect("set");
    assert_eq!(
        client.refused::<command::setting_set>(set("grace-minutes", "5", None)),
        ErrorCode::StepUpRequired
    );
    let step_up = Some(phone.step_up(&world));
    let view = client
        .call::<command::setting_set>(set("grace-minutes", "5", step_up))
        .expect("set");
    let value = |name| {
        view.settings
            .iter()
            .find(|one| one.name == name)
            .map(|one| &*one.value)
    };
    assert_eq!(
        [
            value("auto-lock-minutes"),
            value("quiet-from"),
            value("grace-minutes")
        ],
        [Some("5"), Some("22:00"), Some("5")]
    );

    let done = client
        .call::<command::backup>(wire::BackupNow::default())
        .expect("backed up");
    assert_eq!((done.written.len(), done.failed.len()), (1, 0));
    let backup = done.written[0].path.clone();
    client.call::<command::add>(key("two")).expect("added");
    let restored = client
        .call::<command::restore_backup>(wire::RestoreBackup {
            path: backup,
            password: secret(PASSWORD),
            code: phone.next(&world),
        })
        .expect("restored");
    assert_eq!(restored.keys, 1);
    let page = client
        .call::<command::list>(wire::KeyList::default())
        .expect("listed");
    assert_eq!(page.total, 1);

    let devices = client
        .call::<command::device_list>(Nothing {})
        .expect("devices")
        .devices;
    let kinds: Vec<_> = devices.iter().map(|device| device.kind.as_str()).collect();
    assert_eq!(kinds, ["device", "recovery"]);

    let mut step_up = phone.step_up(&world);
    step_up.password = Some(secret(PASSWORD));
    let new = "nine green hats on the shelf";
    client
        .call::<command::password_change>(wire::PasswordChange {
            new_password: secret(new),
            step_up,
        })
        .expect("changed");
    client.call::<command::lock>(Nothing {}).expect("locked");
    let code = phone.next(&world);
    assert_eq!(
        client.unlock(code).expect_err("the old one").code,
        ErrorCode::WrongCredentials
    );
    let code = phone.next(&world);
    client
        .call::<command::unlock>(wire::Unlock {
            password: secret(new),
            code,
        })
        .expect("the new one opens");
    let test = client
        .call::<command::self_test>(Nothing {})
        .expect("tested");
    assert!(test.checks.iter().any(|line| line.name == "keyring"));
    world.stop();
}

#[test]
fn a_long_list_comes_in_pages_that_fit() {
    let world = World::start();
    let mut client = world.connect();
    client.create(&world);
    let source = world.path("many.csv");
    let mut csv = "exchange,label,apiKey,secret\n".to_owned();
    for number in 0..300 {
        csv.push_str(&format!("binance,key {number:03},AK{number},SEC{number}\n"));
    }
    std::fs::write(&source, csv).expect("written");
    let plan = client
        .preview(
            &source,
            wire::ImportPreview {
                source: Some("csv".to_owned()),
                name_hint: None,
                columns: Vec::new(),
                exchange: None,
                account: None,
                source_password: None,
            },
        )
        .expect("previewed");
    let (mut drafts, mut fields) = (plan.drafts.len() as u32, plan.fields.len() as u32);
    while drafts < plan.drafts_total || fields < plan.fields_total {
        let page = client
            .call::<command::import_page>(wire::ImportPage {
                plan: plan.plan.clone(),
                drafts_from: drafts,
                fields_from: fields,
            })
            .expect("a page");
        assert!(!page.drafts.is_empty() || !page.fields.is_empty());
        drafts += page.drafts.len() as u32;
        fields += page.fields.len() as u32;
    }
    let applied = client
        .call::<command::import_apply>(wire::ImportApply { plan: plan.plan })
        .expect("applied");
    assert_eq!(applied.added_total, 300);
    let mut labels = Vec::new();
    let mut offset = Some(0);
    while let Some(from) = offset {
        let page = client
            .call::<command::list>(wire::KeyList {
                sort: wire::KeySort::Label,
                offset: from,
                ..wire::KeyList::default()
            })
            .expect("a page");
        labels.extend(page.rows.into_iter().map(|row| row.label));
        offset = page.next;
    }
    assert_eq!(labels.len(), 300);
    assert!(labels.is_sorted());
    world.stop();
}

#[test]
fn a_defect_with_the_vault_in_hand_locks_it_and_harms_nothing() {
    let world = World::start();
    let mut client = world.connect();
    let mut phone = client.create(&world);
    client.call::<command::add>(key("one")).expect("added");
    let session = world.agent.session(&client.vault);
    let defect = std::thread::spawn(move || {
        let _guard = session.peek().expect("open");
        std::panic::resume_unwind(Box::new("a defect"));
    });
    assert!(defect.join().is_err());
    let status = client.call::<command::status>(Nothing {}).expect("status");
    assert_eq!(status.state, wire::VaultState::Locked);
    let code = phone.next(&world);
    assert_eq!(client.unlock(code).expect("unlocked").keys, 1);
    client
        .call::<command::show>(selector("one"))
        .expect("shown");
    world.stop();
}
