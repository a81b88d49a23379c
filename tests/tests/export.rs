//! Keys leave as a file only with a fresh code, whole or not at all, into a place that is one's
//! own; and everything that left can be taken in again.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use strongroom_tests::{Answer, Canary, Parts, Sandbox, SmallDisk, Vault, product};

const INVALID: i32 = 2;
const NEEDS_CODE: i32 = 5;
const NOT_FOUND: i32 = 10;
const REFUSED: i32 = 11;
const DISK_FULL: i32 = 12;

/// The formats that our own importers read, and the name that says what they are.
const READ_AGAIN: [(&str, &str); 4] = [
    ("json", "keys.json"),
    ("csv", "keys.csv"),
    ("env", ".env"),
    ("ccxt", "keys.local.json"),
];

fn text(path: &Path) -> &str {
    path.to_str().expect("our paths are text")
}

fn export(vault: &Vault<'_>, format: &str, which: &[&str], out: &Path) -> Answer {
    let call = vault.call(&["export", "--format", format, "--yes", "--out", text(out)]);
    let call = which.iter().fold(call, |call, word| call.argument(word));
    call.with_code().answer()
}

/// Three keys of two exchanges, with secrets that a careless writer would spoil.
fn with_keys(sandbox: &Sandbox) -> (Vault<'_>, Canary) {
    let vault = Vault::create(sandbox);
    let secret = Canary::make();
    vault
        .add_with("binance-main", "a1b2c3d4e5f60718", secret.text())
        .answer()
        .ok();
    vault
        .call(&[
            "add",
            "../../it's \"x\" $(id) `id`",
            "--exchange",
            "okx",
            "--account",
            "main",
        ])
        .argument("--tag")
        .argument("grid")
        .argument("--notes")
        .argument("two lines")
        .field("apiKey", "0000000000000000000012345")
        .field("secret", "it's $HOME \"quoted\" #no comment")
        .field("passphrase", "0012345")
        .answer()
        .ok();
    vault
        .call(&[
            "add",
            "okx-test",
            "--exchange",
            "okx",
            "--account",
            "desk two",
        ])
        .argument("--environment")
        .argument("testnet")
        .field("apiKey", "f0e1d2c3b4a5968778695a4b")
        .field("secret", "Zm9vYmFy+/==")
        .field("passphrase", "-starts-with-a-sign")
        .answer()
        .ok();
    (vault, secret)
}

/// The events of the log that tell of exports: decision and label.
fn exports(vault: &Vault<'_>) -> Vec<(String, String)> {
    let page = vault.run(&["audit", "list", "--event", "exported"]).json();
    let entries = page["entries"].as_array().expect("entries").clone();
    let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    entries
        .iter()
        .map(|entry| (word(entry, "decision"), word(entry, "label")))
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn everything_that_left_is_taken_in_again() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    for (format, name) in READ_AGAIN {
        let out = folder.join(name);
        let done = export(&vault, format, &["--all"], &out).json();
        assert_eq!(
            (&done["keys"], &done["left_out_total"]),
            (&3.into(), &0.into()),
            "{format}"
        );
        assert_eq!(
            std::fs::metadata(&out).expect("there").mode() & 0o7777,
            0o600
        );
        // The importer finds the same exchange with the same fields in the vault it came from.
        let plan = vault.run(&["import", text(&out), "--dry-run"]).json()["plan"].clone();
        let drafts = plan["drafts"].as_array().expect("drafts").clone();
        assert_eq!(drafts.len(), 3, "{format}: {plan}");
        for draft in &drafts {
            assert!(
                draft["already"].is_string(),
                "{format}: {draft} is another key"
            );
        }
    }
    let out = folder.join("config-private.json");
    export(&vault, "freqtrade", &["--key", "okx-test"], &out).ok();
    let plan = vault.run(&["import", text(&out), "--dry-run"]).json()["plan"].clone();
    assert_eq!(plan["drafts"][0]["already"], "okx-test", "{plan}");
    assert_eq!(plan["drafts"][0]["environment"], "testnet");

    // Into another vault, from the archive: everything that was recorded.
    let other = Vault::create_in(&sandbox, &sandbox.root().join("data/other"), &[]);
    let archive = folder.join("keys.json");
    other.run(&["import", text(&archive), "--yes"]).ok();
    let label = "../../it's \"x\" $(id) `id`";
    let (here, there) = (
        vault.run(&["show", label]).json(),
        other.run(&["show", label]).json(),
    );
    for part in ["notes", "allowlist", "key_type", "created_ms", "fields"] {
        assert_eq!(here[part], there[part], "{part}");
    }
    assert_eq!(here["row"]["tags"], there["row"]["tags"]);
    let again = folder.join("again.json");
    export(&other, "json", &["--all"], &again).ok();
    let fields = |path: &Path| {
        let bytes = std::fs::read(path).expect("read");
        let document: Value = serde_json::from_slice(&bytes).expect("JSON");
        let keys = document["keys"].as_array().expect("keys").clone();
        keys.iter()
            .map(|key| key["fields"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(fields(&archive), fields(&again));
}

/// The entries of a database as KeePassXC's export has them, by label: each field, the tags and
/// whether it ends.
const READ_XML: &str = "import json, sys, xml.etree.ElementTree as x
def one(e):
    fields = {s.findtext('Key'): s.findtext('Value') or '' for s in e.findall('String')}
    shut = [s.findtext('Key') for s in e.findall('String') if 'True' in (s.find('Value').get('ProtectInMemory'), s.find('Value').get('Protected'))]
    return {'fields': fields, 'shut': sorted(shut), 'tags': e.findtext('Tags') or '', 'ends': e.findtext('Times/Expires')}
print(json.dumps({e['fields']['Title']: e for e in map(one, x.parse(sys.stdin).iter('Entry'))}))";

/// What a person types for a database.
const FILE_PASSWORD: &str = "seventeen brass hinges, oiled";

/// What a program prints that gets `input`.
fn piped(sandbox: &Sandbox, program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = sandbox
        .tool(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is there: scripts/install-packages.sh installs it");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn keepassxc_opens_the_database_and_it_is_taken_in_again() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    vault
        .run(&["edit", "okx-test", "--expires", "2040-01-31"])
        .ok();
    let out = sandbox.make_folder("out").join("keys.kdbx");
    let done = vault
        .call(&["export", "--format", "kdbx", "--all", "--yes"])
        .argument("--out")
        .argument(text(&out))
        .through("--file-password-fd", FILE_PASSWORD)
        .with_code()
        .answer()
        .json();
    assert_eq!(
        (&done["keys"], &done["left_out_total"]),
        (&3.into(), &0.into())
    );
    let found = std::fs::metadata(&out).expect("there");
    assert_eq!(found.mode() & 0o7777, 0o600);
    let bytes = std::fs::read(&out).expect("read");
    assert_eq!(done["bytes"], bytes.len());
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    assert!(!holds(secret.text().as_bytes()) && !holds(b"binance"));

    let line = format!("{FILE_PASSWORD}\n");
    let arguments = ["export", "-q", "-f", "xml", text(&out)];
    let document = piped(&sandbox, "keepassxc-cli", &arguments, &line);
    let read = piped(&sandbox, "python3", &["-c", READ_XML], &document);
    let read: Value = serde_json::from_str(&read).expect("JSON");
    assert_eq!(read.as_object().map(serde_json::Map::len), Some(3));
    let label = "../../it's \"x\" $(id) `id`";
    for (label, name, value) in [
        ("binance-main", "exchange", "binance"),
        ("binance-main", "environment", "production"),
        ("binance-main", "apiKey", "a1b2c3d4e5f60718"),
        ("binance-main", "secret", secret.text()),
        (label, "account", "main"),
        (label, "apiKey", "0000000000000000000012345"),
        (label, "secret", "it's $HOME \"quoted\" #no comment"),
        (label, "passphrase", "0012345"),
        (label, "Notes", "two lines"),
        ("okx-test", "account", "desk two"),
        ("okx-test", "environment", "testnet"),
        ("okx-test", "apiKey", "f0e1d2c3b4a5968778695a4b"),
        ("okx-test", "secret", "Zm9vYmFy+/=="),
        ("okx-test", "passphrase", "-starts-with-a-sign"),
    ] {
        assert_eq!(read[label]["fields"][name], value, "{label}: {name}");
    }
    assert_eq!(
        read[label]["shut"],
        serde_json::json!(["Notes", "Password", "apiKey", "passphrase", "secret"])
    );
    // Where okx manages its testnet keys is not known.
    let address = |label: &str| read[label]["fields"]["URL"].clone();
    assert_eq!(address(label), "https://www.okx.com/account/my-api");
    assert_eq!(address("okx-test"), "");
    assert_eq!(read[label]["tags"], "grid");
    assert_eq!(read[label]["ends"], "False");
    assert_eq!(read["okx-test"]["ends"], "True");
    let arguments = ["show", "-q", "-s", "-a", "secret", text(&out), "okx-test"];
    let shown = piped(&sandbox, "keepassxc-cli", &arguments, &line);
    assert_eq!(shown.trim(), "Zm9vYmFy+/==");

    // Into another vault, and out of both as archives.
    let other = Vault::create_in(&sandbox, &sandbox.root().join("data/other"), &[]);
    let imported = other
        .call(&["import", text(&out), "--yes"])
        .through("--source-password-fd", FILE_PASSWORD)
        .answer()
        .json();
    assert_eq!(imported["applied"]["added_total"], 3, "{imported}");
    let keys = |vault: &Vault<'_>, name: &str| {
        let out = sandbox.root().join("out").join(name);
        export(vault, "json", &["--all"], &out).ok();
        let document: Value =
            serde_json::from_slice(&std::fs::read(&out).expect("read")).expect("JSON");
        let keys = document["keys"].as_array().expect("keys").clone();
        let parts = [
            "label",
            "exchange",
            "account",
            "environment",
            "fields",
            "tags",
            "notes",
            "expires_ms",
        ];
        keys.iter()
            .map(|key| parts.map(|part| key[part].clone()).to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&vault, "here.json"), keys(&other, "there.json"));
}

#[test]
fn a_database_is_made_under_a_strong_password_only_and_no_code_is_spent_before() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let out = folder.join("keys.kdbx");
    let code = vault.fresh_code();
    let try_with = |format: &str, password: Option<&str>| {
        let call = vault
            .call(&["export", "--format", format, "--all", "--yes"])
            .argument("--out")
            .argument(text(&out))
            .through("--totp-fd", &code);
        match password {
            Some(password) => call.through("--file-password-fd", password),
            None => call,
        }
        .answer()
    };
    for (format, password) in [
        ("kdbx", None),
        ("kdbx", Some("")),
        ("kdbx", Some("hQ7!k2")),
        ("kdbx", Some("passwordpassword")),
        ("json", Some(FILE_PASSWORD)),
        ("inventory", Some(FILE_PASSWORD)),
    ] {
        let refused = try_with(format, password);
        refused.refused(INVALID);
        let said = format!("{}{}", refused.stdout, refused.stderr);
        if let Some(word) = password.filter(|word| !word.is_empty()) {
            assert!(!said.contains(word), "{said}");
        }
    }
    assert_eq!(names(&folder), Vec::<String>::new());
    assert_eq!(exports(&vault), []);
    // The same code still does it.
    try_with("kdbx", Some(FILE_PASSWORD)).ok();
    assert_eq!(names(&folder), ["keys.kdbx"]);
}

#[test]
fn programs_read_what_was_written_for_them() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let run = |program: &str, arguments: &[&str]| {
        let output = sandbox
            .tool(program)
            .args(arguments)
            .current_dir(&folder)
            .output();
        let output = output.expect("it runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .expect("text")
            .trim()
            .to_owned()
    };
    export(&vault, "env", &["--all"], &folder.join(".env")).ok();
    let script = "set -eu; . ./.env; printf '%s\n' \"$BINANCE_MAIN_API_SECRET\" \"$OKX_MAIN_API_SECRET\" \"$OKX_MAIN_PASSPHRASE\"";
    let wanted = format!(
        "{}\nit's $HOME \"quoted\" #no comment\n0012345",
        secret.text()
    );
    assert_eq!(run("sh", &["-c", script]), wanted);

    export(
        &vault,
        "passivbot",
        &["--key", "binance-main"],
        &folder.join("api-keys.json"),
    )
    .ok();
    let script = "import json; u = json.load(open('api-keys.json'))['binance-main']; print(u['exchange'], u['key'], u['secret'])";
    let wanted = format!("binance a1b2c3d4e5f60718 {}", secret.text());
    assert_eq!(run("python3", &["-c", script]), wanted);

    let config = folder.join("config-private.json");
    export(
        &vault,
        "freqtrade",
        &["--key", "../../it's \"x\" $(id) `id`"],
        &config,
    )
    .ok();
    let script = "import json; e = json.load(open('config-private.json'))['exchange']; print(e['name'], e['key'], e['password'])";
    assert_eq!(
        run("python3", &["-c", script]),
        "okx 0000000000000000000012345 0012345"
    );

    export(
        &vault,
        "kubernetes",
        &["--all"],
        &folder.join("secrets.yaml"),
    )
    .ok();
    let script = "import base64, re; t = open('secrets.yaml').read(); \
                  print(*[base64.b64decode(v).decode() for v in re.findall(r'\"passphrase\": \"(.*)\"', t)])";
    assert_eq!(
        run("python3", &["-c", script]),
        "0012345 -starts-with-a-sign"
    );
    assert_eq!(run("grep", &["-c", "^kind: Secret$", "secrets.yaml"]), "3");

    export(&vault, "ccxt", &["--all"], &folder.join("keys.local.json")).ok();
    if let Some(python) = std::env::var_os("STRONGROOM_CCXT_PYTHON") {
        let script = "import ccxt, json\n\
            for name, fields in json.load(open('keys.local.json')).items():\n    \
                exchange = getattr(ccxt, fields.get('exchange') or name.split('-')[0])(fields)\n    \
                exchange.check_required_credentials()\n    \
                api = json.dumps(exchange.urls['api'])\n    \
                print(exchange.id, exchange.secret, exchange.password or '', bool(exchange.headers.get('x-simulated-trading')) or 'test' in api)";
        // It may lie in a home that the sandbox's account cannot enter.
        let output = Command::new(python)
            .args(["-c", script])
            .current_dir(&folder)
            .output();
        let output = output.expect("it runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut told: Vec<&str> = told.lines().collect();
        told.sort_unstable();
        let binance = format!("binance {}  False", secret.text());
        assert_eq!(
            told,
            [
                binance.as_str(),
                "okx Zm9vYmFy+/== -starts-with-a-sign True",
                "okx it's $HOME \"quoted\" #no comment 0012345 False"
            ]
        );
    }
}

#[test]
fn without_a_fresh_code_and_a_word_nothing_is_written() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let out = folder.join("keys.json");
    let begin = || vault.call(&["export", "--format", "json", "--all", "--out", text(&out)]);
    // Nobody to ask, and nothing said.
    begin().with_code().answer().refused(INVALID);
    begin().argument("--yes").answer().refused(INVALID);
    let wrong = begin()
        .argument("--yes")
        .through("--totp-fd", "000000")
        .answer();
    wrong.refused(NEEDS_CODE);
    // A code that has done something else is spent.
    let code = vault.fresh_code();
    let reveal = vault
        .call(&["reveal", "binance-main"])
        .through("--totp-fd", &code);
    reveal.answer().ok();
    let again = begin()
        .argument("--yes")
        .through("--totp-fd", &code)
        .answer();
    again.refused(NEEDS_CODE);
    vault.run(&["lock"]).ok();
    assert_ne!(begin().argument("--yes").with_code().answer().code, 0);
    vault.unlock().ok();
    assert_eq!(names(&folder), Vec::<String>::new());
    assert_eq!(exports(&vault), []);

    export(&vault, "json", &["--tag", "grid"], &out).ok();
    let label = "../../it's \"x\" $(id) `id`".to_owned();
    let allowed = || "allowed".to_owned();
    assert_eq!(
        exports(&vault),
        [(allowed(), label), (allowed(), String::new())]
    );
}

#[test]
fn a_place_that_is_not_ones_own_is_refused_before_a_code_is_spent() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let there = folder.join("there.json");
    std::fs::write(&there, "mine").expect("written");
    let link = folder.join("link.json");
    std::os::unix::fs::symlink(folder.join("nowhere"), &link).expect("a link");
    let open = sandbox.make_folder("open");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).expect("chmod");
    let tree = sandbox.make_folder("tree");
    std::fs::create_dir_all(tree.join(".git")).expect("a folder");
    for (out, code) in [
        (there.clone(), INVALID),
        (link, INVALID),
        (folder.clone(), INVALID),
        (folder.join("none/keys.json"), NOT_FOUND),
        (there.join("keys.json"), INVALID),
        (open.join("keys.json"), REFUSED),
        (tree.join("keys.json"), REFUSED),
        (PathBuf::from("/proc/keys.json"), -1),
        (folder.join(".."), INVALID),
    ] {
        for format in ["json", "systemd"] {
            let arguments = [
                "export",
                "--format",
                format,
                "--all",
                "--yes",
                "--out",
                text(&out),
            ];
            let answer = vault.call(&arguments).with_code().answer();
            assert_ne!(answer.code, 0, "{} was written", out.display());
            if code != -1 {
                assert_eq!(answer.code, code, "{}: {}", out.display(), answer.stderr);
            }
            assert!(!answer.stderr.trim().is_empty());
        }
    }
    assert_eq!(std::fs::read_to_string(&there).expect("read"), "mine");
    assert_eq!(names(&folder), ["link.json", "there.json"]);
    assert_eq!(names(&open), Vec::<String>::new());
    assert_eq!(names(&tree), [".git"]);
    assert_eq!(exports(&vault), []);
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let Some(disk) = SmallDisk::mount(&sandbox, 1024) else {
        return;
    };
    let (vault, secret) = with_keys(&sandbox);
    disk.fill_but(0);
    for (format, code) in [("json", DISK_FULL), ("systemd", DISK_FULL)] {
        let out = disk.folder().join(format);
        export(&vault, format, &["--all"], &out).refused(code);
        assert_eq!(names(disk.folder()), ["filling"], "{format}");
    }
    let failed = exports(&vault)
        .into_iter()
        .filter(|(decision, _)| decision == "failed");
    assert_eq!(
        failed.count(),
        1,
        "the log does not say that nothing came of it"
    );
    disk.free();
    let out = disk.folder().join("keys.json");
    export(&vault, "json", &["--all"], &out).ok();
    assert!(
        std::fs::read_to_string(&out)
            .expect("read")
            .contains(secret.text())
    );
}

#[test]
fn an_archive_larger_than_any_frame_is_whole() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let rows: String = (0..1_500)
        .map(|number| format!("key {number},binance,main,K{number:063},S{number:063}\n"))
        .collect();
    let table = format!("label,exchange,account,apiKey,secret\n{rows}");
    let table = sandbox.write_home("keys.csv", &table);
    vault.run(&["import", text(&table), "--yes"]).ok();
    let out = sandbox.make_folder("out").join("keys.json");
    let done = export(&vault, "json", &["--all"], &out).json();
    assert_eq!(done["keys"], 1_500);
    let bytes = std::fs::read(&out).expect("read");
    assert_eq!(done["bytes"], bytes.len());
    let document: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(document["keys"].as_array().map(Vec::len), Some(1_500));
    let plan = vault.run(&["import", text(&out), "--dry-run"]).json();
    assert_eq!(plan["plan"]["drafts_total"], 1_500);
}

#[test]
fn a_folder_of_files_is_what_systemd_and_docker_take() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let out = folder.join("creds");
    let done = export(&vault, "systemd", &["--all"], &out).json();
    assert_eq!((&done["keys"], &done["files"]), (&3.into(), &8.into()));
    assert_eq!(
        std::fs::metadata(&out).expect("there").mode() & 0o7777,
        0o700
    );
    let value = |name: &str| std::fs::read_to_string(out.join(name)).expect(name);
    assert_eq!(value("binance_main_api_secret"), secret.text());
    assert_eq!(value("okx_main_passphrase"), "0012345");
    assert_eq!(value("okx_desk_two_testnet_api_secret"), "Zm9vYmFy+/==");
    let unit = value("strongroom.conf");
    let line = format!(
        "LoadCredential=okx_main_passphrase:{0}/okx_main_passphrase",
        text(&out)
    );
    assert!(unit.lines().any(|one| one == line), "{unit}");
    for name in names(&out) {
        let mode = std::fs::metadata(out.join(&name)).expect("there").mode();
        assert_eq!(mode & 0o7777, 0o600, "{name}");
    }
    assert_eq!(names(&folder), ["creds"]);

    let out = folder.join("compose");
    export(&vault, "docker", &["--key", "binance-main"], &out).ok();
    let wanted = [
        "binance_main_api_key",
        "binance_main_api_secret",
        "compose-secrets.yaml",
    ];
    assert_eq!(names(&out), wanted);
}

#[test]
fn systemd_creds_encrypts_and_gives_back() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let out = folder.join("creds");
    // A machine's key of the test's own, where this version of the tool can have one.
    let machine = folder.join("machine.secret");
    let tool = |arguments: &[&str]| {
        let mut tool = sandbox.tool("systemd-creds");
        tool.args(arguments)
            .env("SYSTEMD_CREDENTIAL_SECRET", &machine);
        tool
    };
    let made = tool(&["setup"])
        .output()
        .is_ok_and(|output| output.status.success());
    let call = vault
        .call(&[
            "export",
            "--format",
            "systemd",
            "--encrypt",
            "--all",
            "--yes",
            "--out",
            text(&out),
        ])
        .environment("SYSTEMD_CREDENTIAL_SECRET", text(&machine))
        .with_code();
    let answer = call.answer();
    if !made {
        // Without a key of the machine it says so, and leaves nothing.
        assert_ne!(answer.code, 0);
        assert!(!out.exists());
        return;
    }
    answer.ok();
    let name = "binance_main_api_secret";
    let encrypted = std::fs::read_to_string(out.join(name)).expect("there");
    assert!(!encrypted.contains(secret.text()));
    let path = out.join(name);
    let option = format!("--name={name}");
    let decrypted = tool(&["decrypt", &option, text(&path), "-"])
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&decrypted.stdout), secret.text());
    let unit = std::fs::read_to_string(out.join("strongroom.conf")).expect("there");
    assert!(
        unit.contains(&format!("LoadCredentialEncrypted={name}:")),
        "{unit}"
    );
}

#[test]
fn a_pipe_gets_the_keys_and_nothing_is_on_the_disk() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let arguments = [
        "export",
        "--format",
        "env",
        "--key",
        "binance-main",
        "--yes",
        "--out",
        "-",
    ];
    let answer = vault.bare_call(&arguments).with_code().answer();
    assert!(answer.ok().stdout.contains(secret.text()));
    let json = vault.call(&arguments).with_code().answer();
    json.refused(INVALID);
    let folder = [
        "export", "--format", "docker", "--all", "--yes", "--out", "-",
    ];
    vault
        .bare_call(&folder)
        .with_code()
        .answer()
        .refused(INVALID);
}

#[test]
fn an_inventory_has_no_secret_and_takes_no_code() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let out = sandbox.make_folder("out").join("inventory.csv");
    vault
        .run(&[
            "export",
            "--format",
            "inventory",
            "--all",
            "--out",
            text(&out),
        ])
        .ok();
    let table = std::fs::read_to_string(&out).expect("there");
    assert!(table.contains("binance-main") && !table.contains(secret.text()));
    assert_eq!(table.lines().count(), 4);
    assert_eq!(exports(&vault), []);
}

/// `open-archive` with no vault and no agent near.
fn open(sandbox: &Sandbox, arguments: &[&str]) -> Answer {
    let mut command: Command = sandbox.tool(product());
    let output = command
        .arg("open-archive")
        .args(arguments)
        .output()
        .expect("it runs");
    Answer {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn an_archive_opens_without_a_vault_and_shows_no_secret_unless_it_is_meant() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_keys(&sandbox);
    let folder = sandbox.make_folder("out");
    let archive = folder.join("keys.json");
    export(&vault, "json", &["--all"], &archive).ok();
    vault.run(&["agent", "stop"]).ok();

    let page = open(&sandbox, &[text(&archive)]);
    assert!(page.ok().stdout.contains("binance-main"), "{}", page.stdout);
    let json = open(&sandbox, &[text(&archive), "--json"]);
    assert_eq!(json.json()["keys"].as_array().map(Vec::len), Some(3));
    for answer in [&page, &json] {
        assert!(!answer.stdout.contains(secret.text()));
        assert!(
            !answer.stdout.contains("a1b2c3d4e5f60718"),
            "{}",
            answer.stdout
        );
    }
    assert!(sandbox.agent_pid().is_none(), "an agent was started");

    let revealed = folder.join("again.json");
    open(&sandbox, &[text(&archive), "--reveal", text(&revealed)]).refused(INVALID);
    assert!(!revealed.exists());
    open(
        &sandbox,
        &[text(&archive), "--reveal", text(&revealed), "--yes"],
    )
    .ok();
    let same = std::fs::read(&revealed).expect("there") == std::fs::read(&archive).expect("there");
    assert!(same, "what was read is written another way");
    assert_eq!(
        std::fs::metadata(&revealed).expect("there").mode() & 0o7777,
        0o600
    );
    let split = folder.join("split");
    open(
        &sandbox,
        &[text(&archive), "--split", text(&split), "--yes"],
    )
    .ok();
    let value = std::fs::read_to_string(split.join("binance_main_api_secret")).expect("there");
    assert_eq!(value, secret.text());

    let whole = std::fs::read_to_string(&archive).expect("read");
    for (name, damaged) in [
        ("cut.json", &whole[..whole.len() / 2]),
        ("empty.json", ""),
        ("other.json", "{\"a\": 1}"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, damaged).expect("written");
        let answer = open(&sandbox, &[text(&path)]);
        answer.refused(INVALID);
        assert!(!answer.stderr.contains(secret.text()));
    }
    open(&sandbox, &[text(&folder.join("none.json"))]).refused(NOT_FOUND);
    open(&sandbox, &[text(&folder)]).refused(INVALID);
}
