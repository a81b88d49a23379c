//! Photographs the windows, in dark and light and in two sizes, on a vault with invented keys.
//!
//! usage: photograph FOLDER. Not here: building the programs (`scripts/photograph.sh`), and any
//! judgement of the pictures; they are to be looked at.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use strongroom_tests::{DEMO_KEYS, Deadline, Look, Parts, Sandbox, Vault, Window, key, wait_for};

const SIZES: &[(u32, u32)] = &[(1280, 800), (960, 640)];

fn main() {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.expect("usage: photograph FOLDER");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let mut sandbox = Sandbox::with(Parts::Desktop);
    // What is due would be announced across the pictures.
    sandbox.end_notifications();
    // The page tells the time by the machine's clock: both must stand on the same day.
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("the clock is past 1970").as_millis();
    sandbox.clock().set(i64::try_from(now).expect("times fit"));
    let vault = Vault::create(&sandbox);
    for demo in DEMO_KEYS {
        vault.add_demo(demo).answer().ok();
    }
    vault.run(&["lock"]).ok();
    for look in [Look::Light, Look::Dark] {
        for size in SIZES {
            photograph(&sandbox, &vault, look, *size, &folder);
        }
    }
}

fn photograph(sandbox: &Sandbox, vault: &Vault<'_>, look: Look, size: (u32, u32), folder: &Path) {
    let (width, height) = size;
    let state = sandbox.make_folder("state/strongroom");
    let remembered = format!(r#"{{"width":{width},"height":{height},"maximized":false}}"#);
    let file = state.join("window.json");
    std::fs::write(&file, remembered).expect("the state folder can be written");
    sandbox.account().own(&file);
    let shot = |name: &str| {
        let look = format!("{look:?}").to_lowercase();
        let path = folder.join(format!("{name}-{look}-{width}x{height}.png"));
        sandbox.photograph(&path);
        let cut = format!("{width}x{height}+0+0");
        let cropped = Command::new("mogrify")
            .args(["-gravity", "center", "-crop", &cut, "+repage"])
            .arg(&path)
            .status();
        assert!(cropped.expect("ImageMagick is installed").success());
    };

    let window = Window::open(sandbox, vault.folder(), look);
    window.wait_for_window("unlock");
    window.wait_for_text("h1", "Unlock your vault");
    shot("unlock");
    wait_for("the focus in the password", Deadline::Short, || {
        (window.focused() == "Master password").then_some(())
    });
    window.press(&vault.password);
    window.press(key::TAB);
    window.press(key::TAB);
    window.press("000000");
    window.press(key::ENTER);
    window.wait_for_text("[role=alert]", "wrong");
    shot("unlock-refused");
    window.press(&vault.fresh_code());
    window.press(key::ENTER);
    window.wait_for_window("main");
    window.wait_for_text("[role=grid]", DEMO_KEYS[0].label);
    shot("list");
    window.press_with(key::CONTROL, "l");
    window.wait_for_window("unlock");
}
