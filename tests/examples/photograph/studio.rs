//! A window and the camera before it.

use std::path::Path;

use serde_json::json;
use strongroom_tests::{Deadline, Look, Sandbox, Vault, Window, wait_for};

use super::{SMALL, settled, shoot};

pub(crate) struct Studio<'s> {
    sandbox: &'s Sandbox,
    pub(crate) window: Window,
    look: Look,
    size: (u32, u32),
    folder: &'s Path,
}

impl<'s> Studio<'s> {
    /// Opens the window on a vault that is open, and waits for a key in its list.
    pub(crate) fn open(
        sandbox: &'s Sandbox,
        vault: &Vault<'_>,
        (look, size): (Look, (u32, u32)),
        folder: &'s Path,
        first: &str,
    ) -> Self {
        sandbox.remember_window_size(size);
        let window = Window::open(sandbox, vault.folder(), look);
        window.wait_for_window("main");
        window.wait_for_text("[role=grid]", first);
        Self {
            sandbox,
            window,
            look,
            size,
            folder,
        }
    }

    pub(crate) fn shot(&self, name: &str) {
        self.shot_of(name, self.size);
    }

    pub(crate) fn shot_of(&self, name: &str, size: (u32, u32)) {
        settled(&self.window);
        shoot(self.sandbox, self.folder, name, self.look, size);
    }

    pub(crate) fn go(&self, name: &str) {
        self.window.go_to(name);
        settled(&self.window);
    }

    pub(crate) fn click(&self, selector: &str, words: &str) {
        let script = "const it = [...document.querySelectorAll(arguments[0])]\
                      .find(one => one.innerText.trim().startsWith(arguments[1])); \
                      it?.focus(); it?.click(); return it !== undefined";
        let arguments = [json!(selector), json!(words)];
        wait_for(&format!("{words} in {selector}"), Deadline::Short, || {
            (self.window.run(script, &arguments).ok()? == true).then_some(())
        });
        settled(&self.window);
    }

    /// The part in question stands at the top of its pane.
    pub(crate) fn show(&self, selector: &str) {
        let script = "const it = document.querySelector(arguments[0]); \
                      it?.scrollIntoView({ block: 'start' }); it?.closest('article')?.scrollBy(0, -80)";
        let _scrolled = self.window.run(script, &[json!(selector)]);
    }

    /// Types a code into the small window that asks for one, after a picture of it.
    pub(crate) fn allow(&self, vault: &Vault<'_>, verb: &str, name: &str) {
        self.window.wait_for_window("step-up");
        self.shot_of(name, SMALL);
        self.window
            .fill("Code from your authenticator", &vault.fresh_code());
        self.window.push(verb);
    }
}
