//! The two windows: small and fixed for unlocking, large and remembered for the list. One of them
//! is on the screen; the other does not exist, and with it what was typed or listed there.
//!
//! Not here: when to change between them (`watch`), and what stands in them (`ui`).

use std::path::PathBuf;

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::commands::Agent;
use crate::size::Size;

/// What belongs on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
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
            Self::Unlock(_) => "unlock",
            Self::Main => "main",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Self::Unlock(Reason::Start) => "index.html?window=unlock",
            Self::Unlock(Reason::Locked) => "index.html?window=unlock&reason=locked",
            Self::Unlock(Reason::AgentGone) => "index.html?window=unlock&reason=agent-gone",
            Self::Main => "index.html?window=main",
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
    let WebData(web_data) = &*app.state::<WebData>();
    let mut builder =
        WebviewWindowBuilder::new(app, page.label(), WebviewUrl::App(page.address().into()))
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
            .on_download(|_, _| false);
    builder = match page {
        Page::Unlock(_) => builder
            .inner_size(440.0, 600.0)
            .resizable(false)
            .maximizable(false)
            .center(),
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
    if page == Page::Main
        && let Some(greeting) = app.state::<Agent>().greeting.take()
    {
        // JSON is an expression of JavaScript; this script stands in no page's source.
        builder =
            builder.initialization_script(format!("window.__STRONGROOM_UNLOCKED__ = {greeting};"));
    }
    let window = builder.build()?;
    window.set_background_color(Some(background(window.theme()?)))?;
    window.clone().on_window_event(move |event| {
        if let tauri::WindowEvent::CloseRequested { .. } = event {
            Size::remember(&window);
        }
    });
    Ok(())
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

/// Brings whatever window there is to the front.
pub(crate) fn to_front(app: &AppHandle) {
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
