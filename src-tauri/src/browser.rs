//! Pages of exchanges, opened in the person's own browser.
//!
//! The address comes from the agent, which has it from the catalogue, and never from a page of
//! ours. Not here: any window of ours that goes anywhere.

use std::sync::mpsc::channel;

use strongroom_wire::{
    Done, ErrorCode, ExchangePage, Fault, KeySelector, PageOpen, SitePage, command,
};
use tauri::{Manager, WebviewWindow};

use crate::commands::Agent;

/// Opens the page where keys of this key's exchange are made or ended. Blocks: never on the UI
/// thread.
///
/// # Errors
/// The agent's refusal; [`ErrorCode::NotFound`] where the catalogue knows no such page;
/// [`ErrorCode::NoDesktop`] where no browser takes it.
pub(crate) fn open(window: &WebviewWindow, request: PageOpen) -> Result<Done, Fault> {
    let agent = window.state::<Agent>();
    let selector = KeySelector { key: request.key };
    let rotation = agent.ask::<command::rotate_status>(selector)?;
    let page = match request.page {
        ExchangePage::Manage => rotation.manage,
        ExchangePage::Revoke => rotation.revoke,
    };
    let url = address(page)?;
    let (done, opened) = channel();
    let asked = window.app_handle().run_on_main_thread(move || {
        let launched =
            gtk::gio::AppInfo::launch_default_for_uri(&url, None::<&gtk::gio::AppLaunchContext>);
        let _ = done.send(launched.is_ok());
    });
    match asked.ok().and_then(|()| opened.recv().ok()) {
        Some(true) => Ok(Done {}),
        _ => Err(Fault::new(
            ErrorCode::NoDesktop,
            "no browser could be opened; copy the address and open it yourself",
        )),
    }
}

/// Nothing but https leaves here, whatever the agent says: another scheme would start another
/// program.
fn address(page: Option<SitePage>) -> Result<String, Fault> {
    match page {
        Some(page) if page.url.starts_with("https://") => Ok(page.url),
        _ => Err(Fault::new(
            ErrorCode::NotFound,
            "no page of this exchange is known for that",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_the_web_is_opened() {
        let page = |url: &str| {
            let url = url.to_owned();
            Some(SitePage { url, then: None })
        };
        assert_eq!(
            address(page("https://a.example/b")).as_deref(),
            Ok("https://a.example/b")
        );
        for other in [
            "http://a.example",
            "file:///etc/passwd",
            "x:y",
            "https:/a",
            "",
        ] {
            let refused = address(page(other)).expect_err(other);
            assert_eq!(refused.code, ErrorCode::NotFound);
        }
        assert!(address(None).is_err());
    }
}
