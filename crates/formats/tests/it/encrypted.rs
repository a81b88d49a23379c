//! Sources that others encrypted: what opens them, what is refused, and what nobody is made to pay
//! for. The files are those of `make-samples.py`.

use data_encoding::HEXLOWER;
use strongroom_formats::{
    ImportError, Options, Source, Unlocking, detect, is_encrypted, parse, unlock,
};
use strongroom_secret::{SecretBytes, SecretText};

use crate::common::{golden, password, samples, shown};

fn open(source: Source, bytes: &[u8], password: &str) -> Result<Option<SecretBytes>, ImportError> {
    let password = SecretText::new(password.to_owned());
    let with = Unlocking {
        password: Some(&password),
        ..Unlocking::default()
    };
    unlock(source, bytes, with)
}

fn check(source: Source, bytes: &[u8], password: &str, expected: ImportError) {
    assert_eq!(
        open(source, bytes, password).err(),
        Some(expected),
        "{source}: {}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(400)])
    );
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(golden().join(name)).expect("a sample")
}

fn encrypted_samples() -> Vec<(Source, String, Vec<u8>)> {
    let mut all = samples();
    // Databases have tests of their own.
    all.retain(|(source, _, bytes)| *source != Source::Keepass && is_encrypted(*source, bytes));
    assert!(all.len() >= 9, "samples are missing");
    all
}

#[test]
fn a_wrong_password_and_none_are_each_one_sentence() {
    for (source, name, bytes) in encrypted_samples() {
        // A million rounds twice are not worth their seconds here.
        if name == "binance.yml" {
            continue;
        }
        let none = unlock(source, &bytes, Unlocking::default());
        assert_eq!(none.err(), Some(ImportError::PasswordNeeded), "{name}");
        for wrong in ["", "Correct horse", "correct horse ", "sixteen bytes no"] {
            check(source, &bytes, wrong, ImportError::WrongPassword);
        }
    }
    assert_eq!(
        ImportError::WrongPassword.to_string(),
        "this is not the file's password, or the file is damaged; nothing was taken"
    );
}

#[test]
fn what_is_not_encrypted_is_left_as_it_is() {
    for (source, name, bytes) in samples() {
        if is_encrypted(source, &bytes) {
            continue;
        }
        let opened = open(source, &bytes, "anything").expect("nothing to open");
        assert!(opened.is_none(), "{name}");
    }
}

#[test]
fn an_export_for_its_account_alone_is_said_to_be_one() {
    let bytes = sample("hostile/account-restricted.json");
    assert_eq!(detect(&bytes, None), Some(Source::Bitwarden));
    assert!(!is_encrypted(Source::Bitwarden, &bytes));
    check(
        Source::Bitwarden,
        &bytes,
        "correct horse",
        ImportError::AccountRestricted,
    );
}

/// Nothing panics, and nothing is taken for whole that is not.
#[test]
fn a_sample_cut_short_at_any_byte_is_refused() {
    for (source, name, bytes) in encrypted_samples() {
        // Deriving takes its time here. The layout before a ciphertext is cut at every byte, and so
        // are the smallest of each kind; the rest of the others at some.
        let step = match (source, name.as_str()) {
            (Source::Bitwarden, _) | (_, ".password_verification") => 1,
            (_, "binance.yml") => bytes.len(),
            _ => 97,
        };
        // Without the line's end that closes it a file is whole.
        for length in 0..bytes.trim_ascii_end().len() {
            if length > 80 && length % step != 0 {
                continue;
            }
            let cut = &bytes[..length];
            let _ = detect(cut, Some(&name));
            match open(source, cut, expose(&name)) {
                Err(refused) => assert!(!refused.to_string().is_empty()),
                // Without the first field whole, or without its layout, it is plain text of a kind
                // that parse refuses or accounts for.
                Ok(None) => drop(parse(source, cut, &Options::default())),
                Ok(Some(opened)) => {
                    assert_eq!(source, Source::Hummingbot, "{name} at {length}");
                    // EXPOSE: the fields that were whole are there, and the cut one is shown.
                    let plan = parse(source, opened.expose(), &Options::default());
                    assert!(plan.is_ok(), "{name} at {length}");
                }
            }
        }
    }
}

fn expose(name: &str) -> &'static str {
    // EXPOSE: the password of samples is in the open.
    if password(name).expose().starts_with("sixteen") {
        "sixteen bytes ok"
    } else {
        "correct horse"
    }
}

#[test]
fn a_flipped_bit_is_found() {
    let dat = sample("gocryptotrader/config.dat");
    for at in [20, 45, 50, 60, dat.len() - 1] {
        let mut flipped = dat.clone();
        flipped[at] ^= 1;
        let expected = if at == 45 {
            ImportError::UnknownEncryption
        } else {
            ImportError::WrongPassword
        };
        check(Source::Gocryptotrader, &flipped, "correct horse", expected);
    }
    for name in [
        "bitwarden/protected-pbkdf2.json",
        "bitwarden/protected-argon2.json",
    ] {
        let text = String::from_utf8(sample(name)).expect("JSON");
        for field in ["\"data\": \"2.", "\"encKeyValidation_DO_NOT_EDIT\": \"2."] {
            let at = text.find(field).expect("the field") + field.len();
            let other = if text.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            let mut flipped = text.clone();
            flipped.replace_range(at..=at, other);
            check(
                Source::Bitwarden,
                flipped.as_bytes(),
                "correct horse",
                ImportError::WrongPassword,
            );
        }
        let kind = text.replace("\"2.", "\"3.");
        check(
            Source::Bitwarden,
            kind.as_bytes(),
            "correct horse",
            ImportError::UnknownEncryption,
        );
    }
}

/// A connector with one field, whose keyfile is changed first.
fn connector(change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(sample("hummingbot/hyperliquid_perpetual.yml")).expect("text");
    let line = text
        .lines()
        .find(|line| line.contains("_secret_key"))
        .expect("the field");
    let (name, token) = line.split_once(": ").expect("a field");
    let keyfile = HEXLOWER.decode(token.as_bytes()).expect("hexadecimal");
    let keyfile = String::from_utf8(keyfile).expect("JSON");
    let changed = change(&keyfile);
    assert_ne!(changed, keyfile, "nothing was changed");
    format!(
        "connector: hyperliquid_perpetual\n{name}: {}\n",
        HEXLOWER.encode(changed.as_bytes())
    )
    .into_bytes()
}

#[test]
fn costs_and_methods_of_keyfiles_are_refused_before_any_work() {
    let replaced =
        |from: &'static str, to: &'static str| connector(move |keyfile| keyfile.replace(from, to));
    let cases = [
        ("\"c\": 1000", "\"c\": 4294967295", ImportError::TooCostly),
        (
            "\"c\": 1000",
            "\"c\": 99999999999999999999999",
            ImportError::TooCostly,
        ),
        ("\"c\": 1000", "\"c\": 0", ImportError::Damaged),
        ("\"c\": 1000", "\"c\": \"1000\"", ImportError::Damaged),
        (
            "\"dklen\": 32",
            "\"dklen\": 4294967295",
            ImportError::UnknownEncryption,
        ),
        ("hmac-sha256", "hmac-sha512", ImportError::UnknownEncryption),
        ("aes-128-ctr", "aes-256-gcm", ImportError::UnknownEncryption),
        (
            "\"version\": 3",
            "\"version\": 4",
            ImportError::UnknownEncryption,
        ),
        ("\"pbkdf2\"", "\"argon9\"", ImportError::UnknownEncryption),
        ("\"mac\": \"", "\"mac\": \"00", ImportError::WrongPassword),
        ("\"mac\": \"", "\"mac\": \"zz", ImportError::Damaged),
        (
            "\"iv\": \"",
            "\"iv\": \"0123456789abcdef",
            ImportError::Damaged,
        ),
    ];
    for (from, to, expected) in cases {
        check(
            Source::Hummingbot,
            &replaced(from, to),
            "correct horse",
            expected,
        );
    }
    let scrypt = |n: &str| {
        connector(|keyfile| {
            let to = format!("\"n\": {n}, \"r\": 8, \"p\": 1, \"dklen\"");
            keyfile
                .replace("\"kdf\": \"pbkdf2\"", "\"kdf\": \"scrypt\"")
                .replace("\"c\": 1000, \"dklen\"", &to)
        })
    };
    for n in ["1073741824", "524288", "18446744073709551615"] {
        check(Source::Hummingbot, &scrypt(n), "x", ImportError::TooCostly);
    }
    // A keyfile as deep as a file may not be.
    let deep = connector(|_| format!("{{\"crypto\"{}", ":{\"a\"".repeat(2000)));
    check(Source::Hummingbot, &deep, "x", ImportError::Damaged);
    // One field asks for little, a thousand of them together for too much.
    let many = String::from_utf8(replaced("\"c\": 1000", "\"c\": 3000000")).expect("text");
    let field = many.lines().last().expect("the field").to_owned();
    let many = format!("connector: x\n{}", format!("{field}\n").repeat(1000));
    check(
        Source::Hummingbot,
        many.as_bytes(),
        "wrong",
        ImportError::TooCostly,
    );
}

#[test]
fn costs_of_bitwarden_are_refused_before_any_work() {
    let check_with = |name: &str, from: &str, to: &str, expected| {
        let text = String::from_utf8(sample(name)).expect("JSON");
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "nothing was changed");
        check(
            Source::Bitwarden,
            changed.as_bytes(),
            "correct horse",
            expected,
        );
    };
    let pbkdf2 = "bitwarden/protected-pbkdf2.json";
    let argon2 = "bitwarden/protected-argon2.json";
    let rounds = "\"kdfIterations\": 5000";
    for (name, from, to, expected) in [
        (
            pbkdf2,
            rounds,
            "\"kdfIterations\": 2000001",
            ImportError::TooCostly,
        ),
        (pbkdf2, rounds, "\"kdfIterations\": 0", ImportError::Damaged),
        (
            pbkdf2,
            rounds,
            "\"kdfIterations\": -1",
            ImportError::Damaged,
        ),
        (
            pbkdf2,
            "\"kdfType\": 0",
            "\"kdfType\": 2",
            ImportError::UnknownEncryption,
        ),
        (
            pbkdf2,
            "\"kdfType\": 0",
            "\"kdfType\": 1",
            ImportError::TooCostly,
        ),
        (
            argon2,
            "\"kdfMemory\": 16",
            "\"kdfMemory\": 1025",
            ImportError::TooCostly,
        ),
        (
            argon2,
            "\"kdfMemory\": 16",
            "\"kdfMemory\": 4294967295",
            ImportError::TooCostly,
        ),
        (
            argon2,
            "\"kdfIterations\": 2",
            "\"kdfIterations\": 11",
            ImportError::TooCostly,
        ),
        (
            argon2,
            "\"kdfParallelism\": 2",
            "\"kdfParallelism\": 17",
            ImportError::TooCostly,
        ),
        (
            argon2,
            "\"kdfParallelism\": 2",
            "\"kdfParallelism\": 0",
            ImportError::Damaged,
        ),
    ] {
        check_with(name, from, to, expected);
    }
}

/// The password is right, and what is inside is not what it should be.
#[test]
fn what_lies_inside_is_as_suspect_as_any_file() {
    for (source, name, words) in [
        (
            Source::Bitwarden,
            "hostile/binary.json",
            "the file is UTF-16; save it as UTF-8 and import again",
        ),
        (
            Source::Bitwarden,
            "hostile/deep.json",
            "line 1: nested deeper than 64 levels",
        ),
        (
            Source::Gocryptotrader,
            "hostile/binary.dat",
            "the file is not UTF-8: the first wrong byte is number 1, in line 1",
        ),
    ] {
        let opened = open(source, &sample(name), "correct horse")
            .expect("the password is right")
            .expect("it was encrypted");
        // EXPOSE: parsed as the vault would.
        let refused = parse(source, opened.expose(), &Options::default());
        assert_eq!(refused.expect_err("refused").to_string(), words);
    }
}

#[test]
fn a_field_under_another_password_is_shown_and_the_others_are_taken() {
    let bytes = sample("hostile/two-passwords.yml");
    let opened = open(Source::Hummingbot, &bytes, "correct horse")
        .expect("one field opens")
        .expect("it was encrypted");
    // EXPOSE: parsed as the vault would.
    let plan = parse(Source::Hummingbot, opened.expose(), &Options::default()).expect("reads");
    insta::assert_snapshot!(shown(&plan));
}
