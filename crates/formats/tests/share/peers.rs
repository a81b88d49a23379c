//! Nobody is locked in: stock `age` opens a share, and stock `ssh-keygen` says who signed it, as
//! `docs/share-format.md` tells step by step.

use std::fs;
use std::process::{Command, Stdio};

use strongroom_crypto::sshsig;

use crate::common::*;

#[test]
fn the_documented_commands_open_and_verify_a_share() {
    let folder = tempfile::tempdir().expect("a folder");
    let (alice, bob) = (person(1), person(2));
    let file = |name: &str| folder.path().join(name);
    fs::write(file("keys.strongshare"), for_bob()).expect("written");
    fs::write(file("bob.key"), bob.age_key().to_text().expose()).expect("written");
    let signers = format!("alice {}\n", alice.public().ssh_line());
    fs::write(file("signers"), signers).expect("written");
    let page = include_str!("../../../../docs/share-format.md");
    let commands = page
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the page has the commands");
    assert!(commands.contains(&sshsig::ARMOURED_BYTES.to_string()));
    let run = |commands: &str| {
        let done = Command::new("sh")
            .args(["-e", "-c", commands])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("sh");
        (
            done.status.success(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (done, said) = run(commands);
    assert!(done, "{said}");
    let signed = fs::read(file("signed")).expect("it was made");
    assert_eq!(signed, signed_part(&for_bob(), &bob));

    let mut changed = signed;
    changed[40] ^= 1;
    fs::write(file("signed"), changed).expect("written");
    let last = commands.trim_end().lines().last().expect("a line");
    assert!(last.contains("-Y verify"), "{last}");
    assert!(!run(last).0, "ssh-keygen took changed bytes");
}

/// The inside is CBOR that a reader without our code understands.
#[test]
fn python_reads_the_inside_without_our_code() {
    let reader = r#"
import sys
data = sys.stdin.buffer.read()
def item(at):
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if info < 24: size = info
    else:
        width = 1 << (info - 24)
        size = int.from_bytes(data[at:at + width], "big"); at += width
    if major == 0: return size, at
    if major == 1: return -1 - size, at
    if major == 2: return data[at:at + size], at + size
    if major == 3: return data[at:at + size].decode(), at + size
    if major == 4:
        out = []
        for _ in range(size):
            value, at = item(at); out.append(value)
        return out, at
    if major == 5:
        out = {}
        for _ in range(size):
            key, at = item(at); out[key], at = item(at)
        return out, at
    return {20: False, 21: True, 22: None}[size], at
envelope, at = item(0)
writes, end = item(at)
assert end == len(data) and envelope[0] == "strongroom-share/1"
labels = [item_ for item_ in writes if item_[3] == 1]
print(envelope[7], len(writes), labels[0][8][1][1:].decode())
"#;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("signed");
    fs::write(&path, signed_part(&for_bob(), &person(2))).expect("written");
    let done = Command::new("python3")
        .args(["-c", reader])
        .stdin(fs::File::open(&path).expect("readable"))
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    assert_eq!(String::from_utf8_lossy(&done.stdout), "3 4 Binance main\n");
}
