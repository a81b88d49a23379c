//! Making a vault.

use std::os::unix::fs::PermissionsExt;

use strongroom_vault::ports::Purpose;
use strongroom_vault::{CreateError, Enrolment, FileError, Home, NewVault, PlaceChoice, Trust};

use crate::desk::{Desk, Mood, PASSWORD, read_kit, text};

fn begin_error(desk: &Desk, password: &str, place: PlaceChoice, mib: u32) -> CreateError {
    let home = Home::make(&desk.folder()).expect("an empty folder");
    let new = NewVault {
        place,
        kdf_mib: Some(mib),
        device_name: "desk",
    };
    Enrolment::begin(home, desk.ports(), desk.places(), &text(password), new)
        .expect_err("is refused")
}

#[test]
fn nothing_is_written_before_a_code_was_typed_back() {
    let desk = Desk::new();
    let mut enrolment = desk.begin(PlaceChoice::Keyring);
    assert!(matches!(
        enrolment.confirm(&text("000000"), None),
        Err(CreateError::WrongCode)
    ));
    assert_eq!(desk.names(), ["vault.lock"]);
    assert!(desk.keyring.items().is_empty());
    let created = enrolment.confirm(&desk.code(), None).expect("is made");
    assert_eq!(created.vault.trust(), Trust::Verified);
    assert!(!created.vault.has_kit());
    let mode = |name: &str| {
        let found = std::fs::metadata(desk.folder().join(name)).expect("is there");
        found.permissions().mode() & 0o777
    };
    for name in desk.names() {
        assert_eq!(mode(name.as_str()), 0o600, "{name}");
    }
    assert_eq!(mode("."), 0o700);
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_asked() {
    let desk = Desk::new();
    let refused = |error: CreateError| error.to_string();
    let keyring = PlaceChoice::Keyring;
    assert!(matches!(
        begin_error(&desk, "short", keyring, 64),
        CreateError::Password(_)
    ));
    assert!(matches!(
        begin_error(&desk, PASSWORD, keyring, 63),
        CreateError::KdfMemory
    ));
    assert!(matches!(
        begin_error(&desk, PASSWORD, keyring, 4096),
        CreateError::KdfMemory
    ));
    desk.keyring.is_now(Mood::Unavailable);
    let words = refused(begin_error(&desk, PASSWORD, keyring, 64));
    assert!(words.contains("device-secret file"), "{words}");
    desk.keyring.is_now(Mood::Locked);
    assert!(matches!(
        begin_error(&desk, PASSWORD, keyring, 64),
        CreateError::KeyringLocked
    ));
}

#[test]
fn a_folder_with_a_vault_is_not_used_again_and_a_held_one_not_opened() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    assert_eq!(
        Home::open(&desk.folder()).expect_err("held"),
        FileError::Busy
    );
    drop((vault, locked));
    assert_eq!(
        Home::make(&desk.folder()).expect_err("taken"),
        FileError::AlreadyThere
    );
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(desk.folder(), open).expect("chmod");
    assert_eq!(
        Home::open(&desk.folder()).expect_err("too open"),
        FileError::TooOpen
    );
}

#[test]
fn a_device_secret_file_is_used_only_where_it_was_chosen() {
    let desk = Desk::new();
    let (vault, locked, _) = desk.create_in(PlaceChoice::File);
    drop(vault);
    assert!(desk.keyring.items().is_empty());
    // The keyring may be anything: it is not asked.
    desk.keyring.is_now(Mood::Ambiguous);
    let vault = desk.unlock(&locked);
    assert_eq!(vault.place().choice(), PlaceChoice::File);
    drop((vault, locked));
    // Without its record the file is not found by chance.
    let state = desk.places().state_folder;
    let folder = std::fs::read_dir(&state)
        .expect("a folder")
        .next()
        .expect("one")
        .expect("one");
    std::fs::remove_file(folder.path().join("place")).expect("removes");
    desk.keyring.is_now(Mood::Open);
    let locked = desk.find();
    let refused = desk.unlock_with(&locked, PASSWORD, &desk.fresh_code());
    assert!(refused.is_err_and(|error| error.to_string().contains("no device secret here")));
}

#[test]
fn the_kit_is_private_and_never_written_over() {
    let desk = Desk::new();
    let path = desk.root.path().join("kit.txt");
    std::fs::write(&path, "mine").expect("writes");
    let mut enrolment = desk.begin(PlaceChoice::Keyring);
    let refused = enrolment
        .confirm(&desk.code(), Some(&path))
        .expect_err("is refused");
    assert!(matches!(refused, CreateError::Kit(_)), "{refused}");
    let inside = enrolment.confirm(&desk.code(), Some(&desk.folder().join("kit.txt")));
    assert!(
        inside
            .expect_err("is refused")
            .to_string()
            .contains("vault folder")
    );
    assert_eq!(std::fs::read_to_string(&path).expect("reads"), "mine");
    assert_eq!(desk.names(), ["vault.lock"]);

    std::fs::remove_file(&path).expect("removes");
    let created = enrolment
        .confirm(&desk.code(), Some(&path))
        .expect("is made");
    let mode = std::fs::metadata(&path)
        .expect("is there")
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600);
    let (_, codes) = read_kit(&path);
    assert_eq!(codes.len(), 10);
    assert_eq!(created.vault.recovery_codes_left(), 10);
    assert!(
        desk.keyring
            .items()
            .keys()
            .any(|(_, purpose)| *purpose == Purpose::DeviceSecret)
    );
}
