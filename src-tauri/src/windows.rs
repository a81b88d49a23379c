//! The windows: small and fixed for making a vault and for unlocking, large and remembered for the
//! list. One of these is on the screen; the others do not exist, and with them what was typed or
//! listed there. Small ones for one task each stand over the list.
//!
//! Not here: when to change between them (`watch`), what a small one is for (`small`), and what
//! stands in them (`ui`).

use std::path::PathBuf;

use strongroom_wire::{Arrival, ShellEvent, Window};
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::arrival::Waiting;
use crate::commands::Agent;
use crate::size::Size;
use crate::{look, small};

/// What belongs on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// There is no vault: one is made.
    Setup,
    Unlock(Reason),
    Main,
}

/// Why the unlock window is there; the page has words for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The program was opened.
    Start,
    /// The vault was locked while the list was shown.
    Locked,
    /// The agent ended while the list was shown.
    AgentGone,
}

/// Where the web view may keep what it must keep; see [`crate::single::Instance::web_data`].
pub(crate) struct WebData(pub(crate) PathBuf);

impl Page {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Setup => Window::Setup.label(),
            Self::Unlock(_) => Window::Unlock.label(),
            Self::Main => Window::Main.label(),
        }
    }

    fn window(self) -> Window {
        match self {
            Self::Setup => Window::Setup,
            Self::Unlock(_) => Window::Unlock,
            Self::Main => Window::Main,
        }
    }

    /// Why the window is there, where its page has words for it.
    fn reason(self) -> &'static str {
        match self {
            Self::Unlock(Reason::Locked) => "&reason=locked",
            Self::Unlock(Reason::AgentGone) => "&reason=agent-gone",
            Self::Unlock(Reason::Start) | Self::Setup | Self::Main => "",
        }
    }
}

/// Shows this window and destroys the other. Does nothing where it is shown already.
///
/// # Errors
/// When the window cannot be made.
pub(crate) fn show(app: &AppHandle, page: Page) -> tauri::Result<()> {
    let others: Vec<WebviewWindow> = app
        .webview_windows()
        .into_values()
        .filter(|window| window.label() != page.label())
        .collect();
    if app.get_webview_window(page.label()).is_none() {
        open(app, page)?;
    }
    // Only now: the program ends with its last window.
    for other in others {
        Size::remember(&other);
        other.destroy()?;
    }
    Ok(())
}

fn open(app: &AppHandle, page: Page) -> tauri::Result<()> {
    let builder = builder(app, page.window(), page.reason());
    let mut builder = match page {
        Page::Setup | Page::Unlock(_) => fixed(builder, page.window()),
        Page::Main => {
            let size = Size::remembered();
            builder
                .inner_size(size.width, size.height)
                .min_inner_size(Size::LEAST.width, Size::LEAST.height)
                .maximized(size.maximized)
                .prevent_overflow()
                .center()
        }
    };
    let agent = app.state::<Agent>();
    let given = match page {
        Page::Main => Some("UNLOCKED").zip(agent.greeting.take()),
        Page::Unlock(_) => Some("STANDING").zip(agent.standing.take()),
        Page::Setup => None,
    };
    if let Some((name, given)) = given {
        // JSON is an expression of JavaScript; this script stands in no page's source.
        builder = builder.initialization_script(format!("window.__STRONGROOM_{name}__ = {given};"));
    }
    let window = finished(builder)?;
    window.clone().on_window_event(move |event| {
        if let tauri::WindowEvent::CloseRequested { .. } = event {
            Size::remember(&window);
        }
    });
    Ok(())
}

/// A small window over the main one.
///
/// # Errors
/// When there is no main window, or the window cannot be made.
pub(crate) fn open_small(app: &AppHandle, small: Window) -> tauri::Result<()> {
    let main = app
        .get_webview_window(Window::Main.label())
        .ok_or(tauri::Error::WindowNotFound)?;
    let builder = fixed(builder(app, small, ""), small).parent(&main)?;
    let window = finished(builder)?;
    let (app, label) = (app.clone(), small.label());
    window.on_window_event(move |event| {
        if let tauri::WindowEvent::Destroyed = event {
            small::closed(&app, label);
        }
    });
    Ok(())
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, AppHandle>;

/// What every window has: our page, nothing to go to, nothing kept.
fn builder<'a>(app: &'a AppHandle, window: Window, reason: &str) -> Builder<'a> {
    let WebData(web_data) = &*app.state::<WebData>();
    let label = window.label();
    let look = look::word(look::remembered());
    // The unlock window is what the program starts with: its page is one that waits for no other.
    let file = match window {
        Window::Unlock => "unlock.html",
        _ => "index.html",
    };
    let address = format!("{file}?window={label}&look={look}{reason}");
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(address.into()))
        .title("Strongroom")
        .data_directory(web_data.clone())
        .devtools(false)
        .general_autofill_enabled(false)
        // Shown when the page stands, so that no empty window is ever seen.
        .visible(false)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                let _closed_meanwhile = window.show().and_then(|()| window.set_focus());
            }
        })
        .on_navigation(is_our_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
}

fn fixed(builder: Builder<'_>, window: Window) -> Builder<'_> {
    let (width, height) = small::size_of(window);
    builder
        .inner_size(width, height)
        .resizable(false)
        .maximizable(false)
        .center()
}

fn finished(builder: Builder<'_>) -> tauri::Result<WebviewWindow> {
    let window = builder.build()?;
    let theme = match look::remembered() {
        strongroom_wire::Theme::System => window.theme()?,
        strongroom_wire::Theme::Light => Theme::Light,
        strongroom_wire::Theme::Dark => Theme::Dark,
    };
    window.set_background_color(Some(background(theme)))?;
    Ok(window)
}

/// Tells the main window something, as the page's event `strongroom`.
pub(crate) fn tell_main(app: &AppHandle, event: &ShellEvent) {
    if let Some(main) = app.get_webview_window(Window::Main.label()) {
        tell(&main, event);
    }
}

/// Tells every window.
pub(crate) fn tell_all(app: &AppHandle, event: &ShellEvent) {
    for window in app.webview_windows().into_values() {
        tell(&window, event);
    }
}

fn tell(window: &WebviewWindow, event: &ShellEvent) {
    let Ok(detail) = serde_json::to_string(event) else {
        return;
    };
    // JSON is an expression of JavaScript. A window that goes meanwhile hears nothing.
    let script =
        format!("window.dispatchEvent(new CustomEvent('strongroom', {{ detail: {detail} }}))");
    let _closed_meanwhile = window.eval(script);
}

/// The colour of the page, so that nothing flashes before it is drawn: `tokens.css` has the same.
fn background(theme: Theme) -> Color {
    match theme {
        Theme::Dark => Color(0x17, 0x18, 0x17, 0xff),
        _ => Color(0xfa, 0xf9, 0xf7, 0xff),
    }
}

/// Our own files and nothing else, wherever a link or a script would go.
fn is_our_page(to: &Url) -> bool {
    to.scheme() == "tauri" && to.host_str() == Some("localhost")
}

/// Without a window there is nobody to tell: the program ends.
pub(crate) fn give_up(app: &AppHandle, problem: &tauri::Error) {
    crate::complain(&format!("the window could not be opened: {problem}"));
    app.exit(1);
}

/// Somebody started the program again, or clicked a notification: the window comes to the front
/// and goes there, now or once the vault is open.
pub(crate) fn arrive(app: &AppHandle, arrival: Arrival) {
    to_front(app);
    if app.get_webview_window(Window::Main.label()).is_some() {
        tell_main(app, &ShellEvent::Arrived { arrival });
    } else {
        app.state::<Waiting>().put(arrival);
    }
}

/// Brings whatever window there is to the front.
fn to_front(app: &AppHandle) {
    for window in app.webview_windows().into_values() {
        let _closed_meanwhile = window.unminimize().and_then(|()| window.set_focus());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_is_a_place_to_go() {
        for (address, allowed) in [
            ("tauri://localhost/index.html?window=main", true),
            ("tauri://elsewhere/", false),
            ("https://strongroom.example/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:1", false),
            ("about:blank", false),
        ] {
            let url = Url::parse(address).expect("an address");
            assert_eq!(is_our_page(&url), allowed, "{address}");
        }
    }
}
