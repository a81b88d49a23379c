//! What a person does with a vault, as command lines. The suites say what must come of it; only
//! this file knows the options.

use std::path::Path;

use crate::call::Call;
use crate::demo::DemoKey;
use crate::vault::Vault;

/// Invented key material of the right shape.
const API_KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

impl Vault<'_> {
    /// Records a key with invented material.
    pub fn add(&self, label: &str) -> Call<'_> {
        // Every record has material of its own: the same twice would be pointed out.
        let key = format!("{label}{API_KEY}");
        self.add_with(label, &key[..64], SECRET)
    }

    /// The same with material of choice.
    pub fn add_with(&self, label: &str, key: &str, secret: &str) -> Call<'_> {
        self.call(&["add", label, "--exchange", "binance", "--account", "main"])
            .field("apiKey", key)
            .field("secret", secret)
    }

    /// Records one of the demo's keys.
    pub fn add_demo(&self, key: &DemoKey) -> Call<'_> {
        let material = format!("{}{API_KEY}", key.label);
        let mut call = self
            .call(&[
                "add",
                key.label,
                "--exchange",
                key.exchange,
                "--account",
                key.account,
            ])
            .argument("--environment")
            .argument(key.environment)
            .field("apiKey", &material[..64])
            .field("secret", SECRET);
        if key.passphrase {
            call = call.field("passphrase", "correct-horse-9");
        }
        let expires = key
            .expires_in
            .map(|days| days.to_string())
            .unwrap_or_default();
        for (option, value) in [
            ("--allow", key.allow),
            ("--deny", key.deny),
            ("--allowlist", key.allowlist),
            ("--tag", key.tags),
            ("--consumer", key.consumers),
            ("--expires-in", &expires),
            ("--created", &self.date(-key.age)),
        ] {
            if !value.is_empty() {
                call = call.argument(option).argument(value);
            }
        }
        call
    }

    /// The date so many days from now, as it is typed.
    ///
    /// # Panics
    /// When `date` does not answer.
    pub fn date(&self, days: i64) -> String {
        let seconds = self.sandbox().clock().now_ms() / 1000 + days * 86_400;
        let told = self
            .sandbox()
            .tool("date")
            .args(["-d", &format!("@{seconds}"), "+%F"])
            .output();
        String::from_utf8_lossy(&told.expect("date runs").stdout)
            .trim()
            .to_owned()
    }

    /// Replaces a key's tags by one.
    pub fn edit_tags(&self, label: &str, tag: &str) -> Call<'_> {
        self.call(&["edit", label, "--tag", tag])
    }

    pub fn change_password(&self, new: &str) -> Call<'_> {
        self.call(&["password"])
            .with_password()
            .with_code()
            .through("--new-password-fd", new)
    }

    /// New vault keys; the new kit goes to a path that is not there yet.
    pub fn rotate_vault_key(&self, kit: &Path) -> Call<'_> {
        let kit = kit.to_str().expect("our paths are text");
        self.call(&["rotate-vault-key", "--kit", kit, "--yes"])
            .with_password()
            .with_code()
    }

    /// Replaces the vault by a backup that was made under this password.
    pub fn restore(&self, backup: &Path, password: &str) -> Call<'_> {
        let backup = backup.to_str().expect("our paths are text");
        self.call(&["restore-backup", backup, "--yes"])
            .through("--password-fd", password)
            .with_code()
    }
}

impl Call<'_> {
    /// A field of a key, through a descriptor.
    #[must_use]
    pub fn field(self, name: &str, value: &str) -> Self {
        self.through_named("--field-fd", name, value)
    }
}
