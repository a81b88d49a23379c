//! Stock programs on the other side: `age`, `age-keygen` and `ssh-keygen` of Debian.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use strongroom_crypto::age::{self, OpenError, Recipient, SecretKey};
use strongroom_crypto::{Identity, OsRandom, make_passphrase, sshsig};
use strongroom_secret::SecretText;
use tempfile::TempDir;

/// Lengths around a chunk of 64 KiB.
const LENGTHS: [usize; 6] = [0, 1, 65_535, 65_536, 65_537, 200_000];

fn plain(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|_| panic!("{program} is missing: scripts/install-packages.sh"));
    let mut to = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // A program that refuses early closes its end.
        scope.spawn(move || drop(to.write_all(input)));
        child.wait_with_output().expect("an end")
    })
}

/// What the program wrote; it must have been content.
fn content(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = run(program, arguments, input);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    output.stdout
}

/// `age` reads a passphrase from a terminal only: Python gives it one.
fn age_with_passphrase(folder: &Path, passphrase: &str, arguments: &[&str]) {
    let terminal = r#"
import os, pty, select, sys
passphrase, arguments = sys.argv[1], sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("age", ["age"] + arguments)
said = b""
while True:
    ready, _, _ = select.select([fd], [], [], 60)
    if not ready:
        os.kill(pid, 9)
        sys.exit("age said nothing for a minute")
    try:
        got = os.read(fd, 4096)
    except OSError:
        break
    if not got:
        break
    said += got
    if said.rstrip().endswith(b":"):
        os.write(fd, passphrase.encode() + b"\n")
        said = b""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;
    let mut all = vec!["-c", terminal, passphrase];
    all.extend(arguments);
    let done = Command::new("python3")
        .args(all)
        .current_dir(folder)
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "age {arguments:?}: {said}");
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

#[test]
fn age_opens_what_is_encrypted_to_recipients_here() {
    let folder = folder();
    let (one, two) = (
        SecretKey::make(&OsRandom).expect("randomness"),
        SecretKey::make(&OsRandom).expect("randomness"),
    );
    let recipients = [one.recipient(), two.recipient()];
    for (at, key) in [one, two].iter().enumerate() {
        let identity = path(&folder, &format!("key{at}"));
        fs::write(&identity, key.to_text().expose()).expect("written");
        let printed = content("age-keygen", &["-y", &identity], b"");
        assert_eq!(
            String::from_utf8_lossy(&printed).trim(),
            key.recipient().to_string()
        );
        for length in LENGTHS {
            let sealed = age::seal_to(&recipients, &plain(length), &OsRandom).expect("seals");
            let opened = content("age", &["-d", "-i", &identity], &sealed);
            assert!(opened == plain(length), "{length} bytes");
        }
    }
}

#[test]
fn what_age_encrypts_to_a_recipient_opens_here() {
    let folder = folder();
    let identity = path(&folder, "key");
    content("age-keygen", &["-o", &identity], b"");
    let text = fs::read_to_string(&identity).expect("a key");
    let line = text.lines().last().expect("a line");
    let key = SecretKey::parse(&SecretText::new(line.to_owned())).expect("a key");
    let recipient = key.recipient().to_string();
    assert_eq!(Recipient::parse(&recipient), Ok(key.recipient()));
    for length in LENGTHS {
        let sealed = content("age", &["-r", &recipient], &plain(length));
        let opened = age::open_with_key(&sealed, &key).expect("opens");
        assert!(opened.expose() == plain(length), "{length} bytes");
    }
    let armoured = content("age", &["-a", "-r", &recipient], b"x");
    let refused = age::open_with_key(&armoured, &key).map(drop);
    assert_eq!(refused, Err(OpenError::Armoured));
}

#[test]
fn passphrases_work_both_ways() {
    let folder = folder();
    let passphrase = make_passphrase(&OsRandom).expect("randomness");
    let sealed = age::seal_with_passphrase(&passphrase, &plain(70_000), &OsRandom).expect("seals");
    assert_eq!(age::lock_of(&sealed), Ok(age::Lock::Passphrase));
    fs::write(folder.path().join("ours"), &sealed).expect("written");
    age_with_passphrase(
        folder.path(),
        passphrase.expose(),
        &["-d", "-o", "out", "ours"],
    );
    assert!(fs::read(folder.path().join("out")).expect("opened") == plain(70_000));

    fs::write(folder.path().join("plain"), plain(70_000)).expect("written");
    age_with_passphrase(
        folder.path(),
        passphrase.expose(),
        &["-p", "-o", "theirs", "plain"],
    );
    let theirs = fs::read(folder.path().join("theirs")).expect("encrypted");
    let opened = age::open_with_passphrase(&theirs, &passphrase).expect("opens");
    assert!(opened.expose() == plain(70_000));
    let wrong = SecretText::new("wrong".to_owned());
    let refused = age::open_with_passphrase(&theirs, &wrong).map(drop);
    assert_eq!(refused, Err(OpenError::WrongPassphrase));
}

#[test]
fn ssh_keygen_verifies_what_is_signed_here() {
    let folder = folder();
    let signer = Identity::make(&OsRandom).expect("randomness");
    let allowed = path(&folder, "allowed");
    let signature = path(&folder, "signature");
    fs::write(&allowed, format!("alice {}\n", signer.public().ssh_line())).expect("written");
    fs::write(&signature, signer.sign_share(&plain(100_000))).expect("written");
    let verify = |namespace, message: &[u8]| {
        let arguments = [
            "-Y", "verify", "-f", &allowed, "-I", "alice", "-n", namespace, "-s", &signature,
        ];
        run("ssh-keygen", &arguments, message).status.success()
    };
    assert!(verify(sshsig::NAMESPACE, &plain(100_000)));
    assert!(!verify(sshsig::NAMESPACE, &plain(100_001)));
    assert!(!verify("file", &plain(100_000)));
}

#[test]
fn what_ssh_keygen_signs_is_taken_or_refused_by_what_it_is_for() {
    let folder = folder();
    let message = path(&folder, "message");
    fs::write(&message, b"message").expect("written");
    let sign = |kind: &[&str], more: &[&str], namespace: &str| {
        let key = path(&folder, &format!("key-{}", kind.join("-")));
        if !Path::new(&key).exists() {
            let arguments = [&["-q", "-N", "", "-f", &key, "-t"], kind].concat();
            content("ssh-keygen", &arguments, b"");
        }
        let arguments = [&["-Y", "sign", "-f", &key, "-n", namespace], more].concat();
        let armoured = String::from_utf8(content("ssh-keygen", &arguments, b"message"));
        let public = fs::read_to_string(format!("{key}.pub")).expect("a public key");
        (armoured.expect("text"), public)
    };
    let (good, public) = sign(&["ed25519"], &[], sshsig::NAMESPACE);
    let blob = public.split(' ').nth(1).expect("three words");
    let blob = data_encoding::BASE64
        .decode(blob.as_bytes())
        .expect("base64");
    let key = blob.last_chunk::<32>().expect("a key");
    let encrypt = SecretKey::make(&OsRandom).expect("randomness").recipient();
    let signer =
        strongroom_crypto::PublicIdentity::parse(*key, *encrypt.as_bytes()).expect("sound");
    assert!(public.starts_with(&signer.ssh_line()));
    assert_eq!(sshsig::verify(&good, b"message", &signer), Ok(()));

    let check = |(armoured, _): (String, String), expected| {
        let verified = sshsig::verify(&armoured, b"message", &signer);
        assert_eq!(verified, Err(expected));
    };
    use sshsig::SshSigError as E;
    check(sign(&["ed25519"], &[], "file"), E::OtherNamespace);
    check(
        sign(&["ed25519"], &["-O", "hashalg=sha256"], sshsig::NAMESPACE),
        E::OtherKind,
    );
    check(
        sign(&["rsa", "-b", "2048"], &[], sshsig::NAMESPACE),
        E::OtherKind,
    );
    check(sign(&["ecdsa"], &[], sshsig::NAMESPACE), E::OtherKind);
}
