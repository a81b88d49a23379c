//! The contract's commands as Tauri commands: one-line forwards, one for each item of the list, so
//! that the permission files can tell the windows apart.
//!
//! Not here: what any of them means. A command for no window (`serve`, `import_preview`) is left
//! out and does not exist on this side.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use strongroom_wire::{Command, ErrorCode, Fault, RAW_REPLIES, Window, command};
use tauri::ipc::{Invoke, Response};
use tauri::{Manager, WebviewWindow};

use crate::link::{self, Link};
use crate::watch::Nudge;
use crate::{own, small};

/// Everything a forward needs.
pub(crate) struct Agent {
    pub(crate) link: Arc<Link>,
    pub(crate) nudge: Nudge,
    /// What the last unlock said, for the list's window: wrong tries, a spent recovery code, an alarm.
    pub(crate) greeting: Handover,
    /// How the vault stood at the last look, for the unlock window's first picture.
    pub(crate) standing: Handover,
    pub(crate) onboarding: Onboarding,
}

impl Agent {
    /// Asks on the shell's own account, starting an agent where there is none. Blocks: never on the
    /// UI thread.
    ///
    /// # Errors
    /// As [`Link::call`].
    pub(crate) fn ask<C: Command>(&self, request: C::Request) -> Result<C::Reply, Fault> {
        self.link.call::<C>(request, &link::start_if_absent())
    }
}

/// A vault was made and its first steps are not done: the setup window stays, although the vault
/// is open.
#[derive(Debug, Default)]
pub(crate) struct Onboarding(AtomicBool);

impl Onboarding {
    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether this window was the one that showed it.
    pub(crate) fn end(&self, label: &str) -> bool {
        label == Window::Setup.label() && self.0.swap(false, Ordering::Relaxed)
    }
}

/// What the agent said before a window was there to show it: the window is given it with its page,
/// and need not ask before it can draw. No secret is in it.
#[derive(Debug, Default)]
pub(crate) struct Handover(Mutex<Option<String>>);

impl Handover {
    /// Gives it away once, as JSON.
    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn keep(&self, reply: &impl Serialize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = serde_json::to_string(reply).ok();
    }
}

/// Sorts the commands for no window out, then hands the rest on.
macro_rules! for_windows {
    (@sort [$($kept:tt)*]) => { forwards! { $($kept)* } };
    (@sort [$($kept:tt)*] $name:ident($request:ident) -> $reply:ident, []; $($rest:tt)*) => {
        for_windows! { @sort [$($kept)*] $($rest)* }
    };
    (@sort [$($kept:tt)*] $name:ident($request:ident) -> $reply:ident, [$($window:ident),+];
        $($rest:tt)*) => {
        for_windows! { @sort [$($kept)* $name($request) -> $reply;] $($rest)* }
    };
    ($($all:tt)*) => { for_windows! { @sort [] $($all)* } };
}

macro_rules! forwards {
    ($($name:ident($request:ident) -> $reply:ident;)*) => {
        mod forward {
            use strongroom_wire as wire;
            use tauri::WebviewWindow;
            use tauri::ipc::Response;

            $(#[tauri::command]
            pub(super) async fn $name(
                window: WebviewWindow,
                request: wire::$request,
            ) -> Result<Response, wire::Fault> {
                super::forward::<wire::command::$name>(window, request).await
            })*
        }

        fn forwards() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(forward::$name),*]
        }

        #[cfg(test)]
        const FORWARDED: &[&str] = &[$(stringify!($name)),*];
    };
}

strongroom_wire::for_each_command!(for_windows);

/// The agent's commands and the shell's own.
pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    let (forwards, own) = (forwards(), own::commands());
    move |invoke| {
        if own::OWN.contains(&invoke.message.command()) {
            own(invoke)
        } else {
            forwards(invoke)
        }
    }
}

/// Calls the agent, and looks at what the answer means for the windows.
async fn forward<C>(window: WebviewWindow, request: C::Request) -> Result<Response, Fault>
where
    C: Command,
    C::Request: Send + 'static,
    C::Reply: Send + 'static,
{
    let agent = window.state::<Agent>();
    let link = Arc::clone(&agent.link);
    let call = move || link.call::<C>(request, &link::start_if_absent());
    let outcome = waiting(call).await;
    if let Ok(reply) = &outcome {
        if OPENS.contains(&C::NAME) {
            agent.greeting.keep(reply);
        }
        if C::NAME == command::create_confirm::NAME {
            agent.onboarding.0.store(true, Ordering::Relaxed);
        }
        if C::NAME == command::reveal::NAME {
            small::close_in_time(window.clone());
        }
    }
    if may_change_windows(C::NAME, outcome.as_ref().err()) {
        agent.nudge.now();
    }
    response(C::NAME, &outcome?)
}

/// Runs on a thread that may wait: deriving a key takes a second, and a window must not stand
/// still for it.
pub(crate) async fn waiting<R: Send + 'static>(
    run: impl FnOnce() -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    tauri::async_runtime::spawn_blocking(run)
        .await
        .unwrap_or_else(|_| {
            Err(Fault::new(
                ErrorCode::Internal,
                "the window failed while it waited for an answer",
            ))
        })
}

/// A reply as the page gets it.
///
/// # Errors
/// [`ErrorCode::Internal`] for a reply that is no JSON, which none is.
pub(crate) fn response(name: &str, reply: &impl Serialize) -> Result<Response, Fault> {
    let broken = |_| Fault::new(ErrorCode::Internal, "the answer could not be written");
    if RAW_REPLIES.contains(&name) {
        return Ok(Response::new(serde_json::to_vec(reply).map_err(broken)?));
    }
    Ok(Response::new(serde_json::to_string(reply).map_err(broken)?))
}

/// The commands that answer with [`strongroom_wire::Unlocked`].
const OPENS: &[&str] = &["unlock", "unlock_new_device"];

/// Whether the windows that are shown may be the wrong ones after this call: looked at then
/// without waiting for the next look.
fn may_change_windows(name: &str, fault: Option<&Fault>) -> bool {
    const CHANGES_STATE: &[&str] = &["restore_backup", "lock"];
    match fault {
        None => OPENS.contains(&name) || CHANGES_STATE.contains(&name),
        Some(fault) => matches!(fault.code, ErrorCode::Locked | ErrorCode::NoAgent),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strongroom_wire::{COMMANDS, SHELL_COMMANDS};

    use super::*;

    const WINDOWS: &[Window] = &[
        Window::Main,
        Window::Unlock,
        Window::Setup,
        Window::Secret,
        Window::StepUp,
        Window::Reveal,
    ];

    #[test]
    fn each_command_with_a_window_is_forwarded_and_no_other() {
        let expected: Vec<&str> = COMMANDS
            .iter()
            .filter(|(_, windows)| !windows.is_empty())
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(FORWARDED, expected);
        assert!(!FORWARDED.contains(&"serve"));
    }

    /// Permission files grant a window only what the contract lists for it, and nothing of
    /// Tauri's own.
    #[test]
    fn each_window_may_call_what_the_contract_lists_for_it_and_no_more() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities");
        let mut seen = BTreeSet::new();
        for entry in std::fs::read_dir(folder).expect("the permission files") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a permission file");
            let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let identifier = file["identifier"].as_str().expect("a name");
            assert_eq!(
                path.file_stem().and_then(|stem| stem.to_str()),
                Some(identifier)
            );
            assert_eq!(file["windows"], serde_json::json!([identifier]));
            assert!(file.get("webviews").is_none() && file.get("remote").is_none());
            let window = WINDOWS
                .iter()
                .find(|window| window.label() == identifier)
                .expect("a window of the contract");
            let mut granted = BTreeSet::new();
            for permission in file["permissions"].as_array().expect("a list") {
                let permission = permission.as_str().expect("a permission by name");
                let name = permission
                    .strip_prefix("allow-")
                    .unwrap_or_else(|| panic!("{permission} is not a command of ours"))
                    .replace('-', "_");
                let (_, windows) = COMMANDS
                    .iter()
                    .chain(SHELL_COMMANDS)
                    .find(|(command, _)| *command == name)
                    .unwrap_or_else(|| panic!("{permission} is not a command of ours"));
                assert!(windows.contains(window), "{identifier} may not call {name}");
                granted.insert(name);
            }
            let listed = COMMANDS.iter().chain(SHELL_COMMANDS);
            let listed = listed.filter(|(_, windows)| windows.contains(window));
            let listed: BTreeSet<String> = listed.map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(granted, listed, "{identifier}");
            seen.insert(identifier.to_owned());
        }
        let all = WINDOWS.iter().map(|window| window.label().to_owned());
        assert_eq!(seen, all.collect());
    }

    #[test]
    fn the_page_is_locked_down() {
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../tauri.conf.json")).expect("JSON");
        let app = &config["app"];
        assert_eq!(app["withGlobalTauri"], false);
        assert_eq!(app["windows"], serde_json::json!([]));
        let security = &app["security"];
        assert_eq!(security["freezePrototype"], true);
        assert_eq!(security["assetProtocol"]["enable"], false);
        let csp = &security["csp"];
        assert_eq!(csp["default-src"], "'self'");
        assert_eq!(csp["connect-src"], "ipc: http://ipc.localhost");
        for closed in ["object-src", "base-uri", "form-action"] {
            assert_eq!(csp[closed], "'none'", "{closed}");
        }
        assert!(!csp.to_string().contains("unsafe"));
    }

    #[test]
    fn what_is_handed_over_is_given_once() {
        let greeting = Handover::default();
        assert_eq!(greeting.take(), None);
        greeting.keep(&serde_json::json!({ "failed_tries": 2 }));
        assert_eq!(greeting.take().as_deref(), Some(r#"{"failed_tries":2}"#));
        assert_eq!(greeting.take(), None);
    }

    #[test]
    fn the_windows_are_looked_at_when_a_call_opened_or_closed_the_vault() {
        let locked = Fault::new(ErrorCode::Locked, "");
        let wrong = Fault::new(ErrorCode::WrongCredentials, "");
        assert!(may_change_windows("unlock", None));
        assert!(may_change_windows("lock", None));
        assert!(may_change_windows("list", Some(&locked)));
        assert!(!may_change_windows("list", None));
        assert!(!may_change_windows("unlock", Some(&wrong)));
    }
}
