//! Opens the window on a throw-away vault with invented keys, in a home of its own.
//!
//! usage: demo WINDOW PICTURE: the built window, and where its picture goes when there is no
//! display. Not here: building it (`scripts/run.sh`).

use std::io::IsTerminal;
use std::path::PathBuf;

use strongroom_tests::{DEMO_KEYS, Owned, Parts, Sandbox, Vault};

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(window), Some(picture)) = (arguments.next(), arguments.next()) else {
        say("usage: demo WINDOW PICTURE");
        return;
    };
    let real_display = std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty());
    let sandbox = Sandbox::in_real_time(Parts::Desktop);
    let vault = Vault::create(&sandbox);
    say("Recording two dozen invented keys.");
    for key in DEMO_KEYS {
        vault.add_demo(key).answer().ok();
        if let Some(state) = key.state {
            vault.run(&["edit", key.label, "--state", state]).ok();
        }
    }
    let mut command = sandbox.tool(sandbox.copy_beside_product(&window));
    command
        .arg("--vault")
        .arg(vault.folder())
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    if real_display {
        for name in ["DISPLAY", "XAUTHORITY"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
    }
    let mut window = Owned::start(&mut command);
    say(&format!("password      {}", vault.password));
    say(&format!("current code  {}", vault.fresh_code()));
    if real_display {
        say("Closing the window ends the demo and removes the vault.");
        window.wait_without_deadline();
        return;
    }
    sandbox.wait_for_window("Strongroom");
    sandbox.photograph(&picture);
    say(&format!(
        "There is no display here: its picture lies in {}",
        picture.display()
    ));
    if std::io::stdin().is_terminal() {
        say("Ctrl+C ends it and removes the vault.");
        window.wait_without_deadline();
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a demo talks to the person who started it"
)]
fn say(text: &str) {
    println!("{text}");
}
