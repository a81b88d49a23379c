//! Databases for the tests, made by the program `keepassxc-cli` or by us.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use strongroom_crypto::{Random, RandomFailed};
use strongroom_domain::{
    AccountLabel, Environment, ExchangeId, FieldName, KeyLabel, MaterialField, Notes, Tag, UtcMs,
};
use strongroom_formats::kdbx::{Credentials, Database, KdbxError, NewEntry, open, write};
use strongroom_secret::SecretText;

pub(crate) const PASSWORD: &str = "correct horse päss 🔑";

/// Draws the same bytes in every run, and others each time.
pub(crate) struct Repeatable(Cell<u8>);

impl Repeatable {
    pub(crate) fn new() -> Self {
        Self(Cell::new(0))
    }
}

impl Random for Repeatable {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        self.0.set(self.0.get() + 1);
        for (place, byte) in (0_u8..=255).cycle().zip(out) {
            *byte = place.wrapping_mul(37).wrapping_add(self.0.get());
        }
        Ok(())
    }
}

pub(crate) fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

pub(crate) fn open_with(bytes: &[u8], password: &str) -> Result<Database, KdbxError> {
    let password = secret(password);
    open(
        bytes,
        &Credentials {
            password: Some(&password),
            key_file: None,
        },
    )
}

/// Everything of a key, owned, so that a test can say what it wants.
pub(crate) struct Key {
    pub(crate) label: KeyLabel,
    pub(crate) exchange: ExchangeId,
    pub(crate) account: Option<AccountLabel>,
    pub(crate) environment: Environment,
    pub(crate) fields: Vec<MaterialField>,
    pub(crate) url: Option<String>,
    pub(crate) notes: Option<Notes>,
    pub(crate) tags: BTreeSet<Tag>,
    pub(crate) expires: Option<UtcMs>,
}

impl Key {
    pub(crate) fn new(label: &str, exchange: &str, fields: &[(&str, &str)]) -> Self {
        Self {
            label: KeyLabel::parse(label).expect("a label"),
            exchange: ExchangeId::parse(exchange).expect("an exchange"),
            account: None,
            environment: Environment::Production,
            fields: fields
                .iter()
                .map(|(name, value)| MaterialField {
                    name: FieldName::parse(name).expect("a name"),
                    value: secret(value),
                })
                .collect(),
            url: None,
            notes: None,
            tags: BTreeSet::new(),
            expires: None,
        }
    }

    pub(crate) fn entry(&self) -> NewEntry<'_> {
        NewEntry {
            label: &self.label,
            exchange: &self.exchange,
            account: self.account.as_ref(),
            environment: self.environment,
            fields: &self.fields,
            url: self.url.as_deref(),
            notes: self.notes.as_ref(),
            tags: &self.tags,
            created: None,
            expires: self.expires,
        }
    }
}

/// Two keys with what is hardest to keep.
pub(crate) fn keys() -> Vec<Key> {
    let mut full = Key::new(
        "Binance <main> & \"co\" 🚀",
        "binance",
        &[
            ("apiKey", "k&<>\"' \u{1f511} ключ"),
            (
                "secret",
                "ends with a space \n and has\ta tab, a \r and a \u{1} ",
            ),
            ("passphrase", "  "),
            ("notes", "a field that is called as KeePass calls its own"),
        ],
    );
    full.account = AccountLabel::parse("Ünter-Konto").ok();
    full.environment = Environment::Testnet;
    full.url = Some("https://www.binance.com/en/my/settings/api-management?a=1&b=2".to_owned());
    full.notes = Notes::parse("first line\n\tsecond ]]> <line>").ok();
    full.tags = ["bot", "größe"]
        .into_iter()
        .map(|tag| Tag::parse(tag).expect("a tag"))
        .collect();
    full.expires = UtcMs::parse(1_801_353_600_000).ok();
    let bare = Key::new("bare", "kraken", &[("secret", "s")]);
    vec![full, bare]
}

/// The keys as a database of ours. The derivation of its key takes half a second, so tests share it.
pub(crate) fn written() -> &'static [u8] {
    static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let keys = keys();
        let entries: Vec<NewEntry<'_>> = keys.iter().map(Key::entry).collect();
        write(&entries, &secret(PASSWORD), now(), &Repeatable::new()).expect("it is written")
    });
    &FILE
}

pub(crate) fn now() -> UtcMs {
    UtcMs::parse(1_764_374_400_000).expect("2025")
}

/// Runs KeePassXC's command line with the password on its input, and gives its output.
pub(crate) fn keepassxc(folder: &Path, password: &str, arguments: &[&str]) -> String {
    let mut child = Command::new("keepassxc-cli")
        .args(arguments)
        .current_dir(folder)
        // It looks for settings there, and finds none.
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keepassxc-cli is there: scripts/install-packages.sh installs it");
    let mut input = child.stdin.take().expect("it is piped");
    // Asked for once or twice; what is not read is lost with the pipe.
    let _ = writeln!(input, "{password}\n{password}");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "keepassxc-cli {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}
