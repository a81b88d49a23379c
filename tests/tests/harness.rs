//! The harness itself: that what it starts is real, and is the sandbox's own.

use std::io::Write;
use std::process::Stdio;

use strongroom_tests::{
    Canary, Deadline, Logind, Owned, Parts, Sandbox, Shim, SmallDisk, places_in_memory, wait_for,
};

#[test]
fn the_keyring_keeps_a_secret_and_can_be_locked() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let mut storing = sandbox.tool("secret-tool");
    storing
        .args(["store", "--label", "a thing", "kind", "test"])
        .stdin(Stdio::piped());
    let mut storing = Owned::start(&mut storing);
    let mut input = storing.child().stdin.take().expect("the input is a pipe");
    input.write_all(b"kept value").expect("secret-tool reads");
    drop(input);
    assert!(storing.wait().success());

    let looked_up = || {
        sandbox
            .tool("secret-tool")
            .args(["lookup", "kind", "test"])
            .output()
    };
    assert_eq!(looked_up().expect("secret-tool runs").stdout, b"kept value");

    sandbox.lock_keyring();
    let mut waiting = sandbox.tool("secret-tool");
    waiting
        .args(["lookup", "kind", "test"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let done = Owned::start(&mut waiting).wait();
    assert!(!done.success(), "a locked collection gave its secret");
}

#[test]
fn two_desktops_stand_side_by_side_and_see_their_own_notifications() {
    let (one, other) = (Sandbox::with(Parts::Desktop), Sandbox::with(Parts::Desktop));
    assert_ne!(one.display(), other.display());
    for (sandbox, words) in [(&one, "first"), (&other, "second")] {
        let shown = sandbox
            .tool("gdbus")
            .args([
                "call",
                "--session",
                "--dest",
                "org.freedesktop.Notifications",
            ])
            .args(["--object-path", "/org/freedesktop/Notifications"])
            .args(["--method", "org.freedesktop.Notifications.Notify"])
            .args(["a-test", "0", "", words, "body", "[]", "{}", "5000"])
            .output()
            .expect("gdbus runs");
        assert!(
            shown.status.success(),
            "{}",
            String::from_utf8_lossy(&shown.stderr)
        );
        let seen = sandbox.wait_for_notifications(1);
        assert_eq!(
            (seen[0].app.as_str(), seen[0].summary.as_str()),
            ("a-test", words)
        );
        assert_eq!(seen.len(), 1);
        sandbox.clear_notifications();
        assert_eq!(sandbox.notifications(), []);
    }
}

#[test]
fn the_clipboard_is_the_sandboxs_own() {
    let sandbox = Sandbox::with(Parts::Desktop);
    assert_eq!(sandbox.clipboard(), None);
    let mut copying = sandbox.tool("xclip");
    copying
        .args(["-selection", "clipboard", "-in", "-quiet"])
        .stdin(Stdio::piped());
    let mut copying = Owned::start(copying.stderr(Stdio::null()));
    let mut input = copying.child().stdin.take().expect("the input is a pipe");
    input.write_all(b"copied").expect("xclip reads");
    drop(input);
    let found = wait_for("the copied text", Deadline::Short, || sandbox.clipboard());
    assert_eq!(found, "copied");
}

#[test]
fn logind_is_played_on_a_private_system_bus() {
    let sandbox = Sandbox::with(Parts::Bare);
    let logind = Logind::start(&sandbox);
    let mut watching = sandbox.tool("gdbus");
    watching
        .args(["monitor", "--system", "--dest", "org.freedesktop.login1"])
        .stdout(std::fs::File::create(sandbox.root().join("seen")).expect("the sandbox is ours"));
    let _watching = Owned::start(&mut watching);
    for signal in ["PrepareForSleep (true,)", "Session.Lock ()"] {
        wait_for(signal, Deadline::Short, || {
            logind.suspend(&sandbox);
            logind.lock_screen(&sandbox);
            let seen = std::fs::read_to_string(sandbox.root().join("seen")).ok()?;
            seen.contains(signal).then_some(())
        });
    }
}

#[test]
fn programs_run_as_the_tests_user_and_honour_file_modes() {
    let sandbox = Sandbox::with(Parts::Bare);
    let told = sandbox.tool("id").arg("-u").output().expect("id runs");
    let uid = String::from_utf8(told.stdout).expect("a number");
    assert_eq!(uid.trim(), sandbox.account().uid.to_string());
    assert_ne!(uid.trim(), "0");

    let folder = sandbox.make_folder("read-only");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o500);
    std::fs::set_permissions(&folder, mode).expect("ours");
    let refused = sandbox
        .tool("touch")
        .arg(folder.join("x"))
        .output()
        .expect("touch runs");
    assert!(!refused.status.success(), "a read-only folder took a file");
}

#[test]
fn a_canary_is_found_in_the_memory_of_another_process() {
    let sandbox = Sandbox::with(Parts::Bare);
    let (planted, other) = (Canary::make(), Canary::make());
    let mut holding = sandbox.tool("sh");
    let script = "held=\"$1\"; echo ready; read -r line; : \"$held\"";
    holding.args(["-c", script, "sh", planted.text()]);
    let mut holding = Owned::start(holding.stdin(Stdio::piped()).stdout(Stdio::piped()));
    wait_for("the shell", Deadline::Short, || {
        places_in_memory(holding.pid(), &planted)
            .is_none_or(|places| !places.is_empty())
            .then_some(())
    });
    if let Some(places) = places_in_memory(holding.pid(), &other) {
        assert_eq!(places, Vec::<String>::new());
    }
    holding.kill();
}

#[test]
fn a_small_disk_is_full_when_it_is_full() {
    let sandbox = Sandbox::with(Parts::Bare);
    let Some(disk) = SmallDisk::mount(&sandbox, 2048) else {
        return;
    };
    disk.fill_but(8);
    let write = |kib: &str| {
        let target = format!("of={}", disk.folder().join("x").display());
        let count = format!("count={kib}");
        sandbox
            .tool("dd")
            .args(["if=/dev/zero", &target, "bs=1k", &count])
            .output()
    };
    assert!(!write("64").expect("dd runs").status.success());
    disk.free();
    assert!(write("64").expect("dd runs").status.success());
}

#[test]
fn the_shim_lets_writes_fail_after_as_many_as_it_is_told() {
    let sandbox = Sandbox::with(Parts::Bare);
    let shim = Shim::build(&sandbox);
    let target = format!("of={}", sandbox.home().join("x").display());
    let write = || {
        let mut writing = sandbox.tool("dd");
        shim.preload(writing.args(["if=/dev/zero", &target, "bs=1k", "count=4"]));
        writing.output().expect("dd runs").status.success()
    };
    assert!(write());
    shim.arm_after(2);
    assert!(!write());
    shim.arm_after(100);
    assert!(write());
    shim.disarm();
    assert!(write());
}
