//! A planted secret is recorded, copied and shown through the real window, and looked for in the
//! memory of the web process behind the main window, which has to do without it.
//! Without root the kernel lets nobody look, and the test says that it showed nothing.

#[path = "window_memory/scan.rs"]
mod scan;
#[path = "window_story/steps.rs"]
mod steps;

use std::collections::BTreeSet;
use std::path::Path;

use scan::copies;
use steps::{copy_secret, on_the_day_of_the_machine, open_page, record, reveal, unlock};
use strongroom_tests::{Canary, Deadline, Look, Parts, Sandbox, Vault, Window, is_root, wait_for};

/// As the kernel cuts them off.
const WEB: &str = "WebKitWebProces";
const DESKTOP: &str = "strongroom-desk";

/// The sandbox's processes of this name.
fn processes(sandbox: &Sandbox, name: &str) -> BTreeSet<u32> {
    let ours = format!("XDG_RUNTIME_DIR={}/run\0", sandbox.root().display());
    let is_ours = |process: &Path| {
        let named = std::fs::read_to_string(process.join("comm"));
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        named.is_ok_and(|found| found.trim() == name)
            && String::from_utf8_lossy(&environment).contains(&ours)
    };
    std::fs::read_dir("/proc")
        .expect("processes are listed")
        .flatten()
        .filter(|entry| is_ours(&entry.path()))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Looks after each step, and tells all that was found at its end.
struct Watch<'s> {
    sandbox: &'s Sandbox,
    /// The web processes there were before a window for secrets was opened.
    main: BTreeSet<u32>,
    secret: Canary,
    found: Vec<String>,
    /// Copies in small windows' pages, which have to have it: a look that finds none shows nothing.
    small: usize,
}

impl Watch<'_> {
    /// What stands where the secret has to pass is told; what stands in the main page is a leak.
    #[expect(clippy::print_stderr, reason = "a measurement is told, not judged")]
    fn look(&mut self, when: &str) {
        let web = processes(self.sandbox, WEB);
        let desktop = processes(self.sandbox, DESKTOP);
        assert!(!desktop.is_empty(), "the desktop program is not found");
        assert!(web.is_superset(&self.main), "the main page is gone");
        // What comes and goes is looked at first.
        for pid in web.difference(&self.main).chain(&self.main).chain(&desktop) {
            // A small window's page may go while it is looked at; the main one is there.
            let Some(copies) = copies(*pid, &self.secret) else {
                assert!(!self.main.contains(pid), "the main page is gone");
                continue;
            };
            let whose = match (self.main.contains(pid), desktop.contains(pid)) {
                (true, _) => "main page",
                (_, true) => "desktop program",
                _ => "page of a small window",
            };
            eprintln!("{when}: {copies} copies in the {whose} {pid}");
            if !self.main.contains(pid) {
                self.small += usize::from(!desktop.contains(pid)) * copies;
            } else if copies > 0 {
                self.found.push(format!("{when}: {copies} copies"));
            }
        }
    }
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "a test that shows nothing has to say so"
)]
fn the_main_page_never_holds_a_secret_that_is_recorded_copied_or_shown() {
    if !is_root() {
        eprintln!("skipped: only root may read another process's memory");
        return;
    }
    let sandbox = Sandbox::with(Parts::Desktop);
    on_the_day_of_the_machine(&sandbox);
    let vault = Vault::create(&sandbox);
    vault.run(&["lock"]).ok();
    let window = Window::open(&sandbox, vault.folder(), Look::Light);
    unlock(&window, &vault.password, &vault.fresh_code());
    window.wait_for_window("main");
    window.wait_for_text("main", "No keys yet");
    // The page of the unlock window goes a moment after its window.
    let main = wait_for("one web process", Deadline::Short, || {
        let found = processes(&sandbox, WEB);
        (found.len() == 1).then_some(found)
    });
    let mut watch = Watch {
        sandbox: &sandbox,
        main,
        secret: Canary::make(),
        found: Vec::new(),
        small: 0,
    };

    let secret = format!("{}{}", watch.secret.text(), "0".repeat(24));
    record(&window, &"a".repeat(64), &secret);
    watch.look("recorded");
    open_page(&window);
    copy_secret(&window, &vault.fresh_code());
    wait_for("the secret on the clipboard", Deadline::Short, || {
        (sandbox.clipboard().as_deref() == Some(secret.as_str())).then_some(())
    });
    watch.look("copied");
    // The values are not read through the driver: it would carry them through the desktop program.
    reveal(&window, &vault.fresh_code());
    watch.look("shown");
    assert!(watch.small > 0, "the look finds not even what is shown");
    window.wait_until_closed("reveal");
    watch.look("after it was shown");
    assert_eq!(watch.found, Vec::<String>::new());
}
