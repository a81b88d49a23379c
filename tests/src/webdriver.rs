//! Driving the real window: a W3C WebDriver client over WebKitWebDriver, in the sandbox's display.
//!
//! Deliberately not here: what stands in the window; that is what the suites say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::binaries::desktop;
use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, look_for, wait_for};

/// Keys that are no characters, as WebDriver writes them.
pub mod key {
    pub const BACKSPACE: &str = "\u{e003}";
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const SPACE: &str = "\u{e00d}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const ARROW_DOWN: &str = "\u{e015}";
    pub const SHIFT: &str = "\u{e008}";
    pub const CONTROL: &str = "\u{e009}";
}

/// The palette's line, which has the focus once it is open.
const PALETTE: &str = "Find a key, a view or an act";

/// How the window looks to the person; the web view asks the toolkit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Light,
    Dark,
}

/// The running window and the driver that steers it. Dropping it ends both.
#[derive(Debug)]
pub struct Window {
    port: u16,
    session: String,
    _driver: Owned,
}

impl Window {
    /// Opens the window on a vault and waits for its first page.
    ///
    /// # Panics
    /// When it does not open.
    #[track_caller]
    pub fn open(sandbox: &Sandbox, vault: &Path, look: Look) -> Self {
        let port = free_port();
        let mut command = sandbox.tool("WebKitWebDriver");
        command
            .arg("--host=127.0.0.1")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env(
                "GTK_THEME",
                match look {
                    Look::Light => "Adwaita",
                    Look::Dark => "Adwaita:dark",
                },
            );
        let driver = Owned::start(&mut command);
        wait_for("WebKitWebDriver", Deadline::Short, || {
            TcpStream::connect(("127.0.0.1", port)).ok().map(drop)
        });
        let asked = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": {
            "binary": desktop(), "args": ["--vault", vault],
        }}}});
        let answer = exchange(port, "POST", "/session", Some(&asked))
            .unwrap_or_else(|problem| panic!("no session (built with feature e2e?): {problem}"));
        let session = answer["sessionId"]
            .as_str()
            .expect("a session has a name")
            .to_owned();
        Self {
            port,
            session,
            _driver: driver,
        }
    }

    /// Waits until the page of this window (`unlock`, `main`) is the one that is steered.
    #[track_caller]
    pub fn wait_for_window(&self, name: &str) {
        let wanted = format!("window={name}");
        wait_for(&format!("the window {name}"), Deadline::Long, || {
            let handles = self.ask("GET", "/window/handles", None).ok()?;
            handles.as_array()?.iter().find(|handle| {
                let chosen = self.ask("POST", "/window", Some(&json!({ "handle": handle })));
                let address = chosen.and_then(|_| self.ask("GET", "/url", None));
                address
                    .ok()
                    .and_then(|address| Some(address.as_str()?.contains(&wanted)))
                    == Some(true)
            })?;
            // The page is there when its title is.
            self.text("h1").map(drop)
        });
    }

    /// Runs a script in the page and gives what it returns. A promise is waited for.
    ///
    /// # Errors
    /// What the script threw, or the driver's complaint.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        let body = json!({ "script": script, "args": arguments });
        self.ask("POST", "/execute/sync", Some(&body))
    }

    /// The text of the first element that fits, if one does.
    pub fn text(&self, selector: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.innerText ?? null";
        let found = self.run(script, &[json!(selector)]).ok()?;
        found.as_str().map(str::to_owned)
    }

    /// Waits until an element's text holds `wanted`, and gives all of it.
    #[track_caller]
    pub fn wait_for_text(&self, selector: &str, wanted: &str) -> String {
        let mut seen = None;
        let found = look_for(Deadline::Long, || {
            seen = self.text(selector);
            seen.clone().filter(|text| text.contains(wanted))
        });
        found.unwrap_or_else(|| panic!("{wanted:?} did not come in {selector}, which has {seen:?}"))
    }

    /// Types into whatever has the focus, one key after another.
    ///
    /// # Panics
    /// When the driver refuses.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let mut actions = Vec::new();
        for pressed in keys.chars() {
            for kind in ["keyDown", "keyUp"] {
                actions.push(json!({ "type": kind, "value": pressed.to_string() }));
            }
        }
        self.act(actions);
    }

    /// Presses a key while another is held.
    ///
    /// # Panics
    /// When the driver refuses.
    #[track_caller]
    pub fn press_with(&self, held: &str, pressed: &str) {
        self.act(vec![
            json!({ "type": "keyDown", "value": held }),
            json!({ "type": "keyDown", "value": pressed }),
            json!({ "type": "keyUp", "value": pressed }),
            json!({ "type": "keyUp", "value": held }),
        ]);
    }

    #[track_caller]
    fn act(&self, actions: Vec<Value>) {
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        match self.ask("POST", "/actions", Some(&body)) {
            Ok(_) => {}
            // A key that closes the window is not let go of in it.
            Err(problem) if problem.contains("no such window") => {}
            Err(problem) => panic!("the keys were not taken: {problem}"),
        }
    }

    /// The accessible name of what has the focus, as the driver computes it.
    pub fn focused(&self) -> String {
        let script = "const it = document.activeElement; \
                      return it?.getAttribute('aria-label') ?? it?.labels?.[0]?.innerText \
                        ?? it?.innerText ?? ''";
        let name = self.run(script, &[]).unwrap_or_default();
        name.as_str().unwrap_or_default().trim().to_owned()
    }

    /// The accessible name of an element that a script gave, as the desktop's own tools get it.
    pub fn accessible_name(&self, element: &Value) -> Option<String> {
        let reference = element.as_object()?.values().next()?.as_str()?;
        let path = format!("/element/{reference}/computedlabel");
        let name = self.ask("GET", &path, None).ok()?;
        name.as_str().map(|name| name.trim().to_owned())
    }

    /// Waits until what has the focus is called so.
    #[track_caller]
    pub fn wait_for_focus(&self, name: &str) {
        wait_for(&format!("the focus in {name:?}"), Deadline::Short, || {
            (self.focused() == name).then_some(())
        });
    }

    /// Gives the focus to the first control in sight of this name that can be used.
    #[track_caller]
    pub fn focus_on(&self, name: &str) {
        self.focus_among("button, input, textarea, [role=grid]", name);
    }

    /// The same for what one types in: a heading may have the name of a field.
    #[track_caller]
    pub fn focus_field(&self, name: &str) {
        self.focus_among("input, textarea", name);
    }

    #[track_caller]
    fn focus_among(&self, controls: &str, name: &str) {
        let script = "const named = it => (it.getAttribute('aria-label') \
                        ?? it.labels?.[0]?.innerText ?? it.innerText).trim(); \
                      const found = [...document.querySelectorAll(arguments[0])].find(it => \
                        named(it) === arguments[1] && !it.disabled \
                        && it.getClientRects().length > 0); \
                      found?.focus(); \
                      return found !== undefined && document.activeElement === found";
        let arguments = [json!(controls), json!(name)];
        let found = look_for(Deadline::Short, || {
            (self.run(script, &arguments).ok()? == true).then_some(())
        });
        if found.is_none() {
            let seen = "return document.activeElement.outerHTML.slice(0, 200) + '\\n' \
                        + document.body.innerText";
            let seen = self.run(seen, &[]).unwrap_or_default();
            let seen = seen.as_str().unwrap_or_default();
            panic!("no control {name:?} took the focus; it is in, and the page says:\n{seen}");
        }
    }

    /// Presses a button by its name.
    #[track_caller]
    pub fn push(&self, name: &str) {
        self.focus_on(name);
        self.press(key::ENTER);
    }

    /// Goes to a view, a key or an act by its name, as the palette offers it.
    #[track_caller]
    pub fn go_to(&self, name: &str) {
        self.press_with(key::CONTROL, "k");
        self.wait_for_focus(PALETTE);
        self.press(name);
        // Keys are looked up: what is chosen may be of the word before for a moment.
        let chosen = "return document.querySelector('.palette-item[data-selected] .palette-title')\
                      ?.innerText ?? null";
        wait_for(&format!("{name} in the palette"), Deadline::Short, || {
            (self.run(chosen, &[]).ok()? == name).then_some(())
        });
        self.press(key::ENTER);
        wait_for("the palette's end", Deadline::Short, || {
            self.text(".palette-sheet").is_none().then_some(())
        });
    }

    /// Types into a field in the place of what stands there.
    #[track_caller]
    pub fn fill(&self, name: &str, text: &str) {
        self.focus_field(name);
        self.press_with(key::CONTROL, "a");
        self.press(text);
    }

    /// Chooses one of a few ways by its title.
    #[track_caller]
    pub fn take(&self, title: &str) {
        let script = "const it = [...document.querySelectorAll('[role=radio]')]\
                      .find(one => (one.querySelector('.title') ?? one).innerText === arguments[0]); \
                      it?.focus(); return it !== undefined";
        wait_for(&format!("the choice {title}"), Deadline::Short, || {
            (self.run(script, &[json!(title)]).ok()? == true).then_some(())
        });
        self.press(key::SPACE);
    }

    /// Waits until no window of this name is there any more, and steers the main one.
    #[track_caller]
    pub fn wait_until_closed(&self, name: &str) {
        let gone = format!("window={name}");
        wait_for(&format!("the end of window {name}"), Deadline::Long, || {
            let handles = self.ask("GET", "/window/handles", None).ok()?;
            let mut addresses = handles.as_array()?.iter().map(|handle| {
                self.ask("POST", "/window", Some(&json!({ "handle": handle })))?;
                self.ask("GET", "/url", None)
            });
            // A window that goes while it is asked is looked for once more.
            addresses
                .all(|address| {
                    address.is_ok_and(|one| one.as_str().is_some_and(|one| !one.contains(&gone)))
                })
                .then_some(())
        });
        self.wait_for_window("main");
    }

    /// Calls a command of the shell from the page, as a script in it could.
    ///
    /// # Errors
    /// What the shell or the agent refused it with, as text.
    pub fn invoke(&self, command: &str, arguments: Value) -> Result<Value, String> {
        let script = "return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]) \
                      .then(value => ({ value }), refusal => ({ refusal }))";
        let answer = self.run(script, &[json!(command), arguments])?;
        match answer.get("refusal") {
            Some(Value::String(text)) => Err(text.clone()),
            Some(other) => Err(other.to_string()),
            None => Ok(answer["value"].clone()),
        }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let path = format!("/session/{}{path}", self.session);
        exchange(self.port, method, &path, body)
    }
}

impl Window {
    /// Ends the program without warning, as a crash would.
    ///
    /// # Panics
    /// When it was not running.
    #[track_caller]
    pub fn kill(self) {
        let children = children_of(self._driver.pid());
        assert!(!children.is_empty(), "the driver started no program");
        for child in children {
            let _gone_already = kill_process(child, Signal::KILL);
        }
    }
}

/// Who was started by this process, by what the kernel says of every one.
fn children_of(parent: u32) -> Vec<Pid> {
    let all = std::fs::read_dir("/proc").expect("Linux");
    let numbers = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let is_child = |pid: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name in brackets come the state and the parent.
        let after = stat.rsplit(')').next().unwrap_or_default();
        after.split_whitespace().nth(1) == Some(&parent.to_string())
    };
    numbers.filter(is_child).filter_map(Pid::from_raw).collect()
}

impl Drop for Window {
    fn drop(&mut self) {
        // The driver ends the window with the session; without it both would outlive the test.
        let _gone_already = self.ask("DELETE", "", None);
    }
}

impl Sandbox {
    /// As if the main window had been left with this width and height, in pixels.
    ///
    /// # Panics
    /// When the state folder cannot be written.
    pub fn remember_window_size(&self, (width, height): (u32, u32)) {
        let file = self.make_folder("state/strongroom").join("window.json");
        let remembered = format!(r#"{{"width":{width},"height":{height},"maximized":false}}"#);
        std::fs::write(&file, remembered).expect("the state folder can be written");
        self.account().own(&file);
    }
}

/// A number that was free a moment ago; the driver takes no descriptor.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("loopback has a free port")
        .port()
}

/// One HTTP exchange on a connection of its own.
fn exchange(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let body = match (method, body) {
        (_, Some(body)) => body.to_string(),
        ("POST", None) => "{}".to_owned(),
        _ => String::new(),
    };
    let answer = send(port, method, path, &body).map_err(|problem| problem.to_string())?;
    let answer: Value =
        serde_json::from_str(&answer).map_err(|_| format!("the driver answered {answer:?}"))?;
    let value = &answer["value"];
    match value.get("error") {
        Some(error) if value.get("message").is_some() => {
            Err(format!("{error}: {}", value["message"]))
        }
        _ => Ok(value.clone()),
    }
}

fn send(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut bytes = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
