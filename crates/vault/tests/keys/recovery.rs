//! The recovery kit, new devices, the password and the authenticator.

use strongroom_domain::DeviceId;
use strongroom_vault::ports::Purpose;
use strongroom_vault::{DeviceKind, HeaderChangeError, PlaceChoice, Presence, Trust, UnlockError};

use crate::desk::{Desk, PASSWORD, read_kit, text};

const NEW_PASSWORD: &str = "seven quiet otters row home";

#[test]
fn a_new_machine_opens_with_password_kit_and_code() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop((vault, locked));
    let (secret, codes) = read_kit(&kit.path);

    let other = desk.another_machine();
    let found = other.find();
    let here = other.unlock_with(&found, PASSWORD, &other.fresh_code());
    assert!(matches!(here.err(), Some(UnlockError::NoDeviceSecret(_))));
    let enrol = |password: &str, secret, presence: Presence<'_>| {
        let name = "laptop";
        let place = PlaceChoice::Keyring;
        found.unlock_new_device(&text(password), secret, presence, place, name)
    };
    let wrong = enrol(
        "not the password at all",
        &secret,
        Presence::Totp(&other.fresh_code()),
    );
    assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    let wrong = enrol(PASSWORD, &secret, Presence::Totp(&text("000000")));
    assert_eq!(wrong.err(), Some(UnlockError::WrongPasswordOrCode));
    assert!(
        !other
            .keyring
            .items()
            .keys()
            .any(|(_, kept)| *kept == Purpose::DeviceSecret)
    );
    let slip = text(&secret.expose().replacen(|c: char| c != 'A', "A", 1));
    let wrong = enrol(PASSWORD, &slip, Presence::Totp(&other.code()));
    assert!(matches!(wrong.err(), Some(UnlockError::KitSecret(_))));

    let mut vault = enrol(PASSWORD, &secret, Presence::Recovery(&codes[0])).expect("enrols");
    vault.verify_fully().expect("verifies");
    assert_eq!(vault.trust(), Trust::Verified);
    assert_eq!(vault.recovery_codes_left(), 9);
    let names: Vec<String> = vault
        .devices()
        .into_iter()
        .map(|device| device.name)
        .collect();
    assert_eq!(names, ["desk", "", "laptop"]);
    drop(vault);
    // From now on its own secret is enough.
    drop(other.unlock(&found));
    // The first machine still has its slot in the shared folder.
    crate::desk::copy_folder(&other.folder(), &desk.folder());
    desk.clock.pass(120_000);
    drop(desk.unlock(&desk.find()));
}

#[test]
fn a_removed_device_opens_nothing_any_more() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop((vault, locked));
    let (secret, _) = read_kit(&kit.path);
    let other = desk.another_machine();
    let mut vault = other
        .find()
        .unlock_new_device(
            &text(PASSWORD),
            &secret,
            Presence::Totp(&other.fresh_code()),
            PlaceChoice::Keyring,
            "laptop",
        )
        .expect("enrols");
    vault.verify_fully().expect("verifies");
    let devices = vault.devices();
    let id_of = |name: &str| {
        let device = devices
            .iter()
            .find(|device| device.name == name)
            .expect("is there");
        DeviceId::parse(&device.id).expect("an id")
    };
    let step_up = other.step_up(&mut vault).expect("both");
    let own = vault.remove_device(&step_up, id_of("laptop"));
    assert!(matches!(own, Err(HeaderChangeError::ThisDevice)));
    vault
        .remove_device(&step_up, id_of("desk"))
        .expect("removes");
    let again = vault.remove_device(&step_up, id_of("desk"));
    assert!(matches!(again, Err(HeaderChangeError::NoSuchDevice)));
    let kinds: Vec<DeviceKind> = vault.devices().iter().map(|device| device.kind).collect();
    assert_eq!(kinds, [DeviceKind::RecoveryKit, DeviceKind::Device]);
    drop(vault);
    crate::desk::copy_folder(&other.folder(), &desk.folder());
    let locked = desk.find();
    desk.clock.pass(120_000);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(refused.err(), Some(UnlockError::DeviceRemoved));
}

#[test]
fn a_changed_password_opens_for_every_device_and_the_old_one_for_none() {
    let desk = Desk::new();
    let (mut vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    let (secret, codes) = read_kit(&kit.path);
    let step_up = vault
        .step_up(Presence::Totp(&desk.fresh_code()), None)
        .expect("a code");
    let refused = vault.change_password(&step_up, &text(NEW_PASSWORD));
    assert!(matches!(refused, Err(HeaderChangeError::StepUp(_))));
    let step_up = desk.step_up(&mut vault).expect("both");
    let refused = vault.change_password(&step_up, &text("password"));
    assert!(matches!(refused, Err(HeaderChangeError::Password(_))));
    assert_eq!(
        vault
            .change_password(&step_up, &text(NEW_PASSWORD))
            .expect("changes"),
        0
    );
    // What was proven with the old password proves nothing now.
    let refused = vault.change_password(&step_up, &text(PASSWORD));
    assert!(matches!(refused, Err(HeaderChangeError::WrongPassword)));
    let step_up = vault.step_up(
        Presence::Totp(&desk.fresh_code()),
        Some(&text(NEW_PASSWORD)),
    );
    step_up.expect("the new password steps up");
    drop(vault);
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
    drop(
        desk.unlock_with(&locked, NEW_PASSWORD, &desk.fresh_code())
            .expect("unlocks"),
    );
    // The kit goes with the new password.
    drop(locked);
    let other = desk.another_machine();
    let opened = other.find().unlock_new_device(
        &text(NEW_PASSWORD),
        &secret,
        Presence::Recovery(&codes[9]),
        PlaceChoice::File,
        "laptop",
    );
    assert!(opened.is_ok());
}

#[test]
fn a_new_kit_replaces_the_old_one_and_is_tested_without_a_change() {
    let desk = Desk::new();
    let (mut vault, locked, old) = desk.create_in(PlaceChoice::Keyring);
    let (old_secret, old_codes) = read_kit(&old.path);
    assert!(vault.test_kit(&old_secret).expect("tests").works);
    assert!(vault.kit_tested_ms().is_some());
    let path = desk.root.path().join("kit-2.txt");
    let step_up = desk.step_up(&mut vault).expect("both");
    let new = vault.make_kit(&step_up, &path).expect("is made");
    assert_ne!(new.fingerprint, old.fingerprint);
    assert_eq!(vault.kit_tested_ms(), None);
    let (secret, codes) = read_kit(&path);
    let tested = vault.test_kit(&old_secret).expect("tests");
    assert_eq!((tested.works, tested.fingerprint), (false, new.fingerprint));
    assert!(vault.test_kit(&secret).expect("tests").works);
    assert!(!vault.test_kit(&text("nonsense")).expect("tests").works);
    assert_eq!(vault.devices().len(), 2);
    drop(vault);
    let refused = locked.unlock(&text(PASSWORD), Presence::Recovery(&old_codes[0]));
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
    locked
        .unlock(&text(PASSWORD), Presence::Recovery(&codes[0]))
        .expect("a new code opens");
    let other = desk.another_machine();
    let refused = other.find().unlock_new_device(
        &text(PASSWORD),
        &old_secret,
        Presence::Totp(&other.fresh_code()),
        PlaceChoice::Keyring,
        "laptop",
    );
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
}

#[test]
fn a_lost_authenticator_is_replaced_with_a_recovery_code() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop(vault);
    let (_, codes) = read_kit(&kit.path);
    let mut vault = locked
        .unlock(&text(PASSWORD), Presence::Recovery(&codes[0]))
        .expect("unlocks");
    vault.verify_fully().expect("verifies");
    let step_up = vault.step_up(Presence::Recovery(&codes[1]), Some(&text(PASSWORD)));
    let reset = vault
        .begin_totp_reset(&step_up.expect("steps up"))
        .expect("begins");
    let old_code = desk.fresh_code();
    let (reset, error) = vault
        .confirm_totp_reset(reset, &old_code)
        .expect_err("the old one");
    assert!(matches!(error, HeaderChangeError::WrongCode));
    let reset = reset.expect("is given back");
    desk.learn_seed(&reset.seed());
    vault
        .confirm_totp_reset(reset, &desk.fresh_code())
        .expect("is taken");
    drop(vault);
    let refused = desk.unlock_with(&locked, PASSWORD, &old_code);
    assert_eq!(refused.err(), Some(UnlockError::WrongPasswordOrCode));
    assert_eq!(desk.unlock(&locked).recovery_codes_left(), 8);
}

#[test]
fn the_grace_is_bounded() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    assert_eq!(vault.grace_s(), 120);
    let step_up = desk.step_up(&mut vault).expect("both");
    vault.set_grace(&step_up, 3600).expect("sets");
    assert_eq!(vault.grace_s(), 600);
    drop(vault);
    assert_eq!(desk.unlock(&locked).grace_s(), 600);
}

#[test]
fn a_database_from_before_the_device_enrolled_learns_its_factor_again() {
    let desk = Desk::new();
    let (vault, locked, kit) = desk.create_in(PlaceChoice::Keyring);
    drop((vault, locked));
    let (secret, _) = read_kit(&kit.path);
    let other = desk.another_machine();
    let database = other
        .names()
        .into_iter()
        .find(|name| name.ends_with(".db"))
        .expect("one");
    let before = other.file(&database);
    let locked = other.find();
    let code = other.fresh_code();
    let (password, name) = (text(PASSWORD), "laptop");
    let presence = Presence::Totp(&code);
    let place = PlaceChoice::Keyring;
    let opened = locked.unlock_new_device(&password, &secret, presence, place, name);
    let mut vault = opened.expect("enrols");
    vault.verify_fully().expect("verifies");
    drop(vault);
    other.put_file(&database, &before);
    other.keyring.forget(Purpose::Anchor);
    let mut vault = other.unlock(&locked);
    let step_up = other.step_up(&mut vault).expect("the password is known");
    assert_eq!(
        vault
            .change_password(&step_up, &text(NEW_PASSWORD))
            .expect("changes"),
        0
    );
}
