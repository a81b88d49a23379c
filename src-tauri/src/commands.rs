//! The contract's commands as Tauri commands: one-line forwards, one for each item of the list, so
//! that the permission files can tell the windows apart.
//!
//! Not here: what any of them means. A command for no window (`serve`, `import_preview`) is left
//! out and does not exist on this side.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use strongroom_wire::{Command, ErrorCode, Fault};
use tauri::State;
use tauri::ipc::Invoke;

use crate::link::{self, Link};
use crate::watch::Nudge;

/// Everything a forward needs.
pub(crate) struct Agent {
    pub(crate) link: Arc<Link>,
    pub(crate) nudge: Nudge,
    pub(crate) greeting: Greeting,
}

/// What the last unlock said, for the list's window, which opens when the window that asked is
/// gone: wrong tries, a spent recovery code, an alarm. No secret is in it.
#[derive(Debug, Default)]
pub(crate) struct Greeting(Mutex<Option<String>>);

impl Greeting {
    /// Gives it away once, as JSON.
    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, reply: &impl Serialize) {
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
            use tauri::State;

            $(#[tauri::command]
            pub(super) async fn $name(
                agent: State<'_, super::Agent>,
                request: wire::$request,
            ) -> Result<wire::$reply, wire::Fault> {
                super::forward::<wire::command::$name>(&agent, request).await
            })*
        }

        pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(forward::$name),*]
        }

        #[cfg(test)]
        const FORWARDED: &[&str] = &[$(stringify!($name)),*];
    };
}

strongroom_wire::for_each_command!(for_windows);

/// Calls the agent on a thread of its own: deriving a key takes a second, and a window must not
/// stand still for it.
async fn forward<C>(agent: &State<'_, Agent>, request: C::Request) -> Result<C::Reply, Fault>
where
    C: Command,
    C::Request: Send + 'static,
    C::Reply: Send + 'static,
{
    let link = Arc::clone(&agent.link);
    let call = move || link.call::<C>(request, &link::start_if_absent());
    let outcome = tauri::async_runtime::spawn_blocking(call)
        .await
        .unwrap_or_else(|_| {
            Err(Fault::new(
                ErrorCode::Internal,
                "the window failed while it waited for the agent",
            ))
        });
    if let Ok(reply) = &outcome
        && OPENS.contains(&C::NAME)
    {
        agent.greeting.keep(reply);
    }
    if may_change_windows(C::NAME, outcome.as_ref().err()) {
        agent.nudge.now();
    }
    outcome
}

/// The commands that answer with [`strongroom_wire::Unlocked`].
const OPENS: &[&str] = &["unlock", "unlock_new_device"];

/// Whether the windows that are shown may be the wrong ones after this call: looked at then
/// without waiting for the next look.
fn may_change_windows(name: &str, fault: Option<&Fault>) -> bool {
    const CHANGES_STATE: &[&str] = &["create_confirm", "restore_backup", "lock"];
    match fault {
        None => OPENS.contains(&name) || CHANGES_STATE.contains(&name),
        Some(fault) => matches!(fault.code, ErrorCode::Locked | ErrorCode::NoAgent),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strongroom_wire::{COMMANDS, Window};

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
    fn no_window_may_call_more_than_the_contract_lists_for_it() {
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
            for permission in file["permissions"].as_array().expect("a list") {
                let permission = permission.as_str().expect("a permission by name");
                let name = permission
                    .strip_prefix("allow-")
                    .unwrap_or_else(|| panic!("{permission} is not a command of ours"))
                    .replace('-', "_");
                let (_, windows) = COMMANDS
                    .iter()
                    .find(|(command, _)| *command == name)
                    .unwrap_or_else(|| panic!("{permission} is not a command of ours"));
                assert!(windows.contains(window), "{identifier} may not call {name}");
            }
            seen.insert(identifier.to_owned());
        }
        assert_eq!(
            seen,
            BTreeSet::from(["main".to_owned(), "unlock".to_owned()])
        );
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
    fn a_greeting_is_given_once() {
        let greeting = Greeting::default();
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
