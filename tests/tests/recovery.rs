//! The paper: a lost machine, a lost authenticator, and a kit that was replaced.

use std::path::Path;

use strongroom_tests::{Authenticator, Contents, Parts, Sandbox, Vault};

/// What stands on the printed pages.
struct Kit {
    secret: String,
    codes: Vec<String>,
}

impl Kit {
    /// Writes a new kit and reads it as a person would.
    fn write(vault: &Vault<'_>, name: &str) -> Self {
        let path = vault.sandbox().home().join(name);
        let file = path.to_str().expect("our paths are text");
        vault
            .call(&["recovery", "kit", file])
            .with_password()
            .with_code()
            .answer()
            .ok();
        let mode = std::fs::metadata(&path).expect("the kit was written");
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&mode) & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).expect("the kit was written");
        let after = |head: &str| {
            let from = text.find(head).expect("the page has this head") + head.len();
            text[from..]
                .lines()
                .filter(|line| !line.trim().is_empty())
                .collect::<Vec<_>>()
        };
        let secret: Vec<&str> = after("Recovery secret")
            .into_iter()
            .take_while(|line| line.starts_with("    "))
            .map(str::trim)
            .collect();
        let codes = after("STRONGROOM RECOVERY CODES")
            .into_iter()
            .filter(|line| line.starts_with("    "))
            .filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned))
            .collect();
        Self {
            secret: secret.join(" "),
            codes,
        }
    }
}

fn labels(vault: &Vault<'_>) -> Vec<String> {
    Contents::keys_of(&vault.run(&["list"]).json())
        .into_keys()
        .collect()
}

/// The files of the vault in another home.
fn copied(from: &Path, to: &Sandbox) -> std::path::PathBuf {
    let folder = to.make_folder("data/vault");
    for file in std::fs::read_dir(from)
        .expect("the vault is there")
        .flatten()
    {
        if file.path().is_file() {
            let copy = folder.join(file.file_name());
            std::fs::copy(file.path(), &copy).expect("the folder is writable");
            to.account().own(&copy);
        }
    }
    folder
}

#[test]
fn a_new_machine_opens_the_vault_with_password_kit_and_code_and_is_a_device_from_then_on() {
    let (old, new) = (Sandbox::with(Parts::Keyring), Sandbox::with(Parts::Keyring));
    let vault = Vault::create(&old);
    vault.add("kept").answer().ok();
    let kit = Kit::write(&vault, "kit.txt");
    assert_eq!(kit.codes.len(), 10);
    vault.run(&["agent", "stop"]).ok();
    let folder = copied(vault.folder(), &new);
    new.clock().set(old.clock().now_ms() + 60_000);

    let vault = vault.forget_sandbox().moved_to(&new, &folder);
    vault.unlock().refused(7);
    vault
        .call(&[
            "unlock",
            "--recovery",
            "--device-secret",
            "keyring",
            "--device-name",
            "new",
        ])
        .with_password()
        .through("--recovery-secret-fd", &kit.secret)
        .with_code()
        .answer()
        .ok();
    assert_eq!(labels(&vault), ["kept"]);
    vault.run(&["lock"]).ok();
    vault.unlock().ok();
    assert_eq!(labels(&vault), ["kept"]);
}

#[test]
fn a_new_kit_ends_the_old_one_and_a_mistyped_one_is_told() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let old = Kit::write(&vault, "old.txt");
    let test = |secret: &str| {
        vault
            .call(&["recovery", "test"])
            .through("--recovery-secret-fd", secret)
            .answer()
    };
    test(&old.secret).ok();
    let new = Kit::write(&vault, "new.txt");
    assert_ne!(test(&old.secret).code, 0, "the old kit still works");
    assert_eq!(test(&new.secret).json()["works"], true);
    let swapped: String = new.secret.chars().rev().collect();
    assert_ne!(test(&swapped).code, 0, "a mistyped secret was taken");
}

#[test]
fn a_lost_authenticator_is_replaced_with_a_recovery_code_which_works_once() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut vault = Vault::create(&sandbox);
    let kit = Kit::write(&vault, "kit.txt");
    vault.run(&["lock"]).ok();
    let with_code = |vault: &Vault<'_>| {
        vault
            .call(&["unlock"])
            .with_password()
            .through("--recovery-code-fd", &kit.codes[0])
            .answer()
    };
    with_code(&vault).ok();
    vault.run(&["lock"]).ok();
    with_code(&vault).refused(5);
    vault.unlock().ok();

    sandbox.clock().advance_seconds(60);
    let now = sandbox.clock().now_ms();
    // The new authenticator's seed is known only once the command has shown it.
    let (call, mut phone_types) = vault
        .call(&["totp", "reset"])
        .with_password()
        .through("--recovery-code-fd", &kit.codes[1])
        .written_later("--new-totp-fd");
    let mut reset = call.begin();
    let line = reset
        .read_line_with("otpauth://")
        .expect("it shows the new address");
    let phone = Authenticator::enrol(Authenticator::address_in(&line).expect("an address"));
    std::io::Write::write_all(
        &mut phone_types,
        format!("{}\n", phone.code_at(now)).as_bytes(),
    )
    .expect("the command reads the code");
    drop(phone_types);
    reset.finish().ok();

    vault.run(&["lock"]).ok();
    vault.unlock().refused(5);
    vault.phone = phone;
    sandbox.clock().advance_seconds(60);
    vault.unlock().ok();
}
