//! `strongroom run`: a command gets its keys, its output does not show them, and it ends as the
//! command ended.

use rustix::process::Signal;
use strongroom_tests::{Canary, Deadline, Parts, Sandbox, Vault, main_thread_alive, wait_for};

const KEY: &str = "0123456789abcdef0123";

/// A vault with one key whose secret occurs nowhere else.
fn with_key(sandbox: &Sandbox) -> (Vault<'_>, Canary) {
    let vault = Vault::create(sandbox);
    let secret = Canary::make();
    vault.add_with("watched", KEY, secret.text()).answer().ok();
    (vault, secret)
}

#[test]
fn a_child_that_prints_its_environment_shows_masked_values() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_key(&sandbox);
    let script = "env | sort; echo \"length ${#API_SECRET}\"; env >&2; \
                  printf %s \"$API_SECRET\" | sed 's/^\\(.\\)/\\1 /'";
    let answer = vault
        .bare_call(&["run", "--key", "watched"])
        .with_code()
        .starting(&["sh", "-c", script])
        .answer();
    answer.ok();
    assert!(answer.stdout.contains("API_KEY="), "{}", answer.stdout);
    assert!(
        answer
            .stdout
            .contains(&format!("length {}", secret.text().len()))
    );
    for output in [&answer.stdout, &answer.stderr] {
        assert!(
            !output.contains(secret.text()),
            "the secret was shown: {output}"
        );
        assert!(!output.contains(KEY), "the key was shown: {output}");
    }
}

#[test]
fn a_secret_that_comes_in_pieces_is_masked_too() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_key(&sandbox);
    let script = "for i in $(seq 1 40); do printf %s \"$API_SECRET\" | dd bs=7 2>/dev/null; done";
    let answer = vault
        .bare_call(&["run", "--key", "watched"])
        .with_code()
        .starting(&["sh", "-c", script])
        .answer();
    assert!(!answer.ok().stdout.contains(secret.text()));
    assert!(!answer.stdout.is_empty());
}

#[test]
fn it_ends_as_its_command_ended() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_key(&sandbox);
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 128 + 15)] {
        let call = vault.bare_call(&["run", "--key", "watched"]).with_code();
        assert_eq!(
            call.starting(&["sh", "-c", script]).answer().code,
            code,
            "{script}"
        );
    }
    let missing = vault.bare_call(&["run", "--key", "watched"]).with_code();
    missing
        .starting(&["/no/such/program"])
        .answer()
        .refused(127);
}

#[test]
fn signals_reach_the_command() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_key(&sandbox);
    let script = "trap 'exit 42' TERM; echo started; while :; do read -r line <&3 || :; done";
    let mut running = vault
        .bare_call(&["run", "--key", "watched"])
        .with_code()
        .starting(&["sh", "-c", &format!("mkfifo pipe; exec 3<>pipe; {script}")])
        .begin();
    running.read_line_with("started").expect("the command runs");
    running.process().signal(Signal::TERM);
    assert_eq!(running.finish().code, 42);
}

#[test]
fn a_killed_command_leaves_nothing() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, secret) = with_key(&sandbox);
    let mut running = vault
        .bare_call(&["run", "--key", "watched"])
        .with_code()
        .starting(&["sh", "-c", "echo \"pid $$\"; exec cat"])
        .with_open_input()
        .begin();
    let line = running.read_line_with("pid ").expect("the command runs");
    let child: u32 = line
        .trim()
        .trim_start_matches("pid ")
        .parse()
        .expect("a process id");
    assert!(main_thread_alive(child));
    running.process().kill();
    wait_for("the end of the command", Deadline::Short, || {
        (!main_thread_alive(child)).then_some(())
    });
    let found = sandbox
        .tool("grep")
        .args([
            "--recursive",
            "--files-with-matches",
            "--text",
            "--fixed-strings",
        ])
        .arg(secret.text())
        .arg(sandbox.root())
        .output()
        .expect("grep runs");
    assert_eq!(
        String::from_utf8_lossy(&found.stdout),
        "",
        "plaintext was left on the disk"
    );
}

#[test]
fn environments_are_not_mixed() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_key(&sandbox);
    vault
        .add("lab")
        .argument("--environment")
        .argument("testnet")
        .answer()
        .ok();
    let refused = vault
        .bare_call(&["run", "--key", "watched", "--key", "lab"])
        .with_code()
        .starting(&["true"])
        .answer();
    refused.refused(11);
}

#[test]
fn a_start_is_in_the_log_before_the_command_runs() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let (vault, _) = with_key(&sandbox);
    let call = vault.bare_call(&["run", "--key", "watched"]).with_code();
    call.starting(&["true"]).answer().ok();
    let log = vault.run(&["audit", "list"]).json();
    let newest = &log["entries"][0];
    assert_eq!(
        (&newest["event"], &newest["label"]),
        (&"ran".into(), &"watched".into()),
        "{log}"
    );
    assert!(!log.to_string().contains(KEY));
}
