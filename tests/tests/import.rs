//! A bot's configuration comes into the vault: every field is accounted for, nothing is lost, undo
//! undoes, and after its plaintext was replaced the bot still gets its keys. So do the keys of other
//! bots and of password managers, encrypted or not.

use strongroom_tests::{Canary, Parts, Sandbox, Vault};

/// What the command line ends with where there is no such key.
const NOT_FOUND: i32 = 10;

/// A configuration as bots have them: comments, trailing commas, other secrets beside the key.
fn config(key: &str, secret: &str) -> String {
    format!(
        r#"{{
    // Written by hand, as most of them are.
    "max_open_trades": 3,
    "stake_currency": "USDT",
    "dry_run": false,
    "exchange": {{
        "name": "binance",
        "key": "{key}",
        "secret": "{secret}",
        "pair_whitelist": ["BTC/USDT", "ETH/USDT",],
    }},
    "telegram": {{ "enabled": true, "token": "123456:not-a-real-token", "chat_id": "42" }},
}}
"#
    )
}

fn labels(vault: &Vault<'_>) -> Vec<String> {
    let list = vault.run(&["list"]).json();
    let rows = list["rows"].as_array().expect("a list has rows").clone();
    rows.iter()
        .filter_map(|row| row["label"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn a_dry_run_accounts_for_every_field_and_changes_nothing() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let (key, secret) = (Canary::make(), Canary::make());
    let text = config(key.text(), secret.text());
    let path = sandbox.write_home("config.json", &text);
    let answer = vault.run(&["import", path.to_str().expect("text"), "--dry-run"]);
    let plan = answer.json()["plan"].clone();
    assert_eq!(plan["source"], "freqtrade");
    assert_eq!(plan["drafts"].as_array().map(Vec::len), Some(1));
    let fields = plan["fields"].to_string();
    for place in [
        "exchange.key",
        "exchange.secret",
        "telegram.token",
        "stake_currency",
    ] {
        assert!(
            fields.contains(place),
            "{place} is not accounted for: {fields}"
        );
    }
    assert!(!answer.stdout.contains(secret.text()) && !answer.stdout.contains(key.text()));
    assert_eq!(labels(&vault), Vec::<String>::new());
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), text);
}

#[test]
fn importing_twice_is_a_no_op_and_undo_takes_it_back() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let text = config(Canary::make().text(), Canary::make().text());
    let path = sandbox.write_home("config.json", &text);
    let path = path.to_str().expect("text");
    let import = || vault.run(&["import", path, "--yes"]).json();
    import();
    let once = labels(&vault);
    assert_eq!(once.len(), 1);
    import();
    assert_eq!(labels(&vault), once, "the same key was recorded twice");
    vault.run(&["import", "--undo", "--yes"]).ok();
    assert_eq!(labels(&vault), Vec::<String>::new());
}

#[test]
fn a_key_that_an_undo_took_back_is_purged_by_its_id() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let text = config(Canary::make().text(), Canary::make().text());
    let path = sandbox.write_home("config.json", &text);
    let path = path.to_str().expect("text");
    let imported = vault.run(&["import", path, "--yes"]).json();
    let id = imported["applied"]["added"][0]["id"]
        .as_str()
        .expect("it was added");
    vault.run(&["import", "--undo", "--yes"]).ok();
    let purge = || {
        let call = vault.call(&["purge", id, "--whole-key", "--yes"]);
        call.with_code().answer()
    };
    let purged = purge().json();
    assert_eq!(purged["secrets"], 1, "{purged}");
    assert!(purged["key"].is_null(), "{purged}");
    purge().refused(NOT_FOUND);
    let other = vault.call(&["purge", id, "--old-versions", "--yes"]);
    other.with_code().answer().refused(NOT_FOUND);
}

#[test]
fn plaintext_is_replaced_by_a_reference_and_the_bot_still_gets_its_keys() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let (key, secret) = (Canary::make(), Canary::make());
    let path = sandbox.write_home("config.json", &config(key.text(), secret.text()));
    vault
        .run(&["import", path.to_str().expect("text"), "--yes", "--replace"])
        .ok();

    let left = std::fs::read_to_string(&path).expect("still there");
    assert!(
        !left.contains(secret.text()) && !left.contains(key.text()),
        "{left}"
    );
    assert!(
        left.contains("Written by hand"),
        "a comment was lost: {left}"
    );
    assert!(
        left.contains("pair_whitelist"),
        "a setting was lost: {left}"
    );
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).expect("there"));
    assert_eq!(mode & 0o777, 0o600);

    let label = labels(&vault).remove(0);
    let script = "test \"$FREQTRADE__EXCHANGE__KEY\" = \"$(cat wanted-key)\" && \
                  test \"$FREQTRADE__EXCHANGE__SECRET\" = \"$(cat wanted-secret)\" && echo same";
    sandbox.write_home("wanted-key", key.text());
    sandbox.write_home("wanted-secret", secret.text());
    let answer = vault
        .bare_call(&["run", "--key", &label, "--as", "freqtrade"])
        .with_code()
        .starting(&["sh", "-c", script])
        .answer();
    assert_eq!(answer.ok().stdout.trim(), "same");

    let again = vault
        .run(&["import", path.to_str().expect("text"), "--dry-run"])
        .json();
    assert_eq!(
        again["plan"]["drafts"].as_array().map(Vec::len),
        Some(0),
        "{again}"
    );
}

#[test]
fn a_file_that_is_no_configuration_is_refused_whole() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    for (name, text) in [
        ("cut.json", "{\"exchange\": {\"name\":"),
        ("empty.env", ""),
        ("odd.csv", "a,b\n\"x"),
    ] {
        let path = sandbox.write_home(name, text);
        let answer = vault.run(&["import", path.to_str().expect("text"), "--yes"]);
        assert_ne!(answer.code, 0, "{name} was taken");
        assert!(
            !answer.stderr.trim().is_empty(),
            "{name} was refused without a word"
        );
    }
    assert_eq!(labels(&vault), Vec::<String>::new());
}

/// The samples that the importers are tested with: file, kind, its password, and how many keys are
/// in it.
const SAMPLES: [(&str, &str, Option<&str>, usize); 13] = [
    ("passivbot/api-keys.json", "passivbot", None, 6),
    ("octobot/config.json", "octobot", None, 3),
    ("gocryptotrader/config.json", "gocryptotrader", None, 4),
    (
        "gocryptotrader/config.dat",
        "gocryptotrader",
        Some(PASSWORD),
        1,
    ),
    (
        "gocryptotrader/salted.dat",
        "gocryptotrader",
        Some(PASSWORD),
        1,
    ),
    (
        "gocryptotrader/oldest.dat",
        "gocryptotrader",
        Some("sixteen bytes ok"),
        1,
    ),
    ("hummingbot/binance.yml", "hummingbot", Some(PASSWORD), 1),
    (
        "keepass/argon2id-chacha20.kdbx",
        "keepass",
        Some(PASSWORD),
        1,
    ),
    ("bitwarden/export.json", "bitwarden", None, 2),
    (
        "bitwarden/protected-pbkdf2.json",
        "bitwarden",
        Some(PASSWORD),
        1,
    ),
    (
        "bitwarden/protected-argon2.json",
        "bitwarden",
        Some(PASSWORD),
        1,
    ),
    ("bitwarden-csv/bitwarden.csv", "bitwarden-csv", None, 2),
    ("1password-csv/1password.csv", "1password-csv", None, 3),
];
const PASSWORD: &str = "correct horse";

fn sample(sandbox: &Sandbox, name: &str) -> String {
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/import");
    let bytes = std::fs::read(golden.join(name)).expect("a sample");
    let path = sandbox.write_home(name.rsplit('/').next().expect("a name"), "");
    std::fs::write(&path, bytes).expect("written");
    path.to_str().expect("text").to_owned()
}

#[test]
fn every_source_is_imported_once_and_taken_back() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    for (name, kind, password, keys) in SAMPLES {
        let path = sample(&sandbox, name);
        let call = |arguments: &[&str]| {
            let all = [&["import", path.as_str(), "--yes"], arguments].concat();
            let call = vault.call(&all);
            match password {
                Some(password) => call.through("--source-password-fd", password),
                None => call,
            }
            .answer()
        };
        let preview = call(&["--dry-run"]).json();
        assert_eq!(preview["plan"]["source"], kind, "{name}");
        assert_eq!(
            preview["plan"]["drafts"].as_array().map(Vec::len),
            Some(keys),
            "{name}: {preview}"
        );
        assert_eq!(labels(&vault), Vec::<String>::new(), "{name}");
        let named = call(&["--from", kind]).json();
        assert_eq!(named["applied"]["added_total"], keys, "{name}: {named}");
        let again = call(&[]).json();
        assert_eq!(again["applied"]["added_total"], 0, "{name}: {again}");
        assert_eq!(labels(&vault).len(), keys, "{name}");
        vault.run(&["import", "--undo", "--yes"]).ok();
        assert_eq!(labels(&vault), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_wrong_password_of_a_file_is_one_sentence_and_nothing_is_taken() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    for (name, _, password, _) in SAMPLES {
        let Some(password) = password else { continue };
        let path = sample(&sandbox, name);
        let answer = vault
            .call(&["import", &path, "--yes"])
            .through("--source-password-fd", "not its password")
            .answer();
        assert_ne!(answer.code, 0, "{name}");
        let said = format!("{}{}", answer.stdout, answer.stderr);
        assert!(
            said.contains("is not the file's password"),
            "{name}: {said}"
        );
        assert!(!said.contains("not its password"), "{name}: {said}");

        let answer = vault
            .call(&["import", &path, "--yes", "--replace"])
            .through("--source-password-fd", password)
            .answer();
        assert_ne!(answer.code, 0, "{name} was to be rewritten");
    }
    let path = sample(&sandbox, "hostile/account-restricted.json");
    let answer = vault.run(&["import", &path, "--yes"]);
    assert!(
        answer.stderr.contains("account restricted"),
        "{}",
        answer.stderr
    );
    assert_eq!(labels(&vault), Vec::<String>::new());
}

#[test]
fn an_encrypted_file_without_a_password_names_the_option() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let path = sample(&sandbox, "gocryptotrader/config.dat");
    let answer = vault.run(&["import", &path, "--yes"]);
    assert_ne!(answer.code, 0);
    assert!(
        answer.stderr.contains("--source-password-fd"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_keepass_database_opens_with_its_key_file_with_or_without_a_password() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let key_file = sample(&sandbox, "keepass-key-file/any.key");
    let other = sandbox.write_home("other.key", "any other file\n");
    let other = other.to_str().expect("text");
    let both = sample(&sandbox, "keepass-key-file/both.kdbx");
    let alone = sample(&sandbox, "keepass-key-file/alone.kdbx");
    for (database, key_file, password, opens) in [
        (&both, Some(key_file.as_str()), Some(PASSWORD), true),
        (&both, Some(key_file.as_str()), None, false),
        (&both, Some(other), Some(PASSWORD), false),
        (&both, None, Some(PASSWORD), false),
        (&alone, Some(key_file.as_str()), None, true),
        (&alone, Some(key_file.as_str()), Some(PASSWORD), false),
        (&alone, Some(other), None, false),
    ] {
        let mut arguments = vec!["import", database.as_str(), "--yes", "--dry-run"];
        if let Some(key_file) = key_file {
            arguments.extend(["--key-file", key_file]);
        }
        let call = vault.call(&arguments);
        let call = match password {
            Some(password) => call.through("--source-password-fd", password),
            None => call,
        };
        let answer = call.answer();
        let said = format!("{}{}", answer.stdout, answer.stderr);
        assert_eq!(answer.code == 0, opens, "{said}");
        if !opens {
            assert!(said.contains("is not the file's password"), "{said}");
        }
    }
}
