//! Which window belongs on the screen: the setup window where there is no vault, the unlock window
//! while it is locked, the list while it is open. Asked of the agent, because others open and lock the vault too.
//!
//! Not here: the windows themselves (`windows`), and any memory of what the agent said.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use strongroom_client::Start;
use strongroom_wire::{ErrorCode, Fault, Nothing, StatusView, VaultState, command};
use tauri::{AppHandle, Manager};

use crate::arrival::Waiting;
use crate::commands::{Agent, Handover, Onboarding};
use crate::link::{self, Link};
use crate::look;
use crate::small::Tasks;
use crate::team::LastOpened;
use crate::windows::{self, Page, Reason};

/// While the list is shown: it must go soon after the vault is locked.
const LOOK_OPEN: Duration = Duration::from_secs(2);
/// While the unlock window is shown: others rarely open the vault, and waking up costs power.
const LOOK_LOCKED: Duration = Duration::from_secs(10);
/// How long the first window waits for the agent's first answer before it opens without it.
const FIRST_ANSWER: Duration = Duration::from_millis(400);

/// Asks for a look at once.
#[derive(Debug, Clone)]
pub(crate) struct Nudge(SyncSender<()>);

impl Nudge {
    pub(crate) fn now(&self) {
        // A full channel means that a look is coming anyway.
        let _coming = self.0.try_send(());
    }
}

/// The agent's first answer, which is waited for while the toolkit starts.
pub(crate) struct FirstLook {
    link: Link,
    answer: Receiver<Result<StatusView, Fault>>,
}

/// Asks the agent how the vault stands, and starts it if it is absent. Asked before anything else
/// is begun: both take about as long as the other.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn ask_first(link: &Link) -> std::io::Result<FirstLook> {
    let (sender, answer) = mpsc::channel();
    let asking = link.beside();
    let link = link.beside();
    std::thread::Builder::new()
        .name("first-look".to_owned())
        .spawn(move || {
            let status = asking.call::<command::status>(Nothing {}, &link::start_if_absent());
            // Nobody waits any more where the program ends meanwhile.
            let _ended = sender.send(status);
        })?;
    Ok(FirstLook { link, answer })
}

/// Starts the look-out on a thread of its own and opens the first window.
///
/// # Errors
/// When the first window cannot be opened.
pub(crate) fn start(
    app: AppHandle,
    link: Arc<Link>,
    first_look: FirstLook,
    web_data: PathBuf,
    waiting: Waiting,
) -> tauri::Result<Nudge> {
    let (sender, nudged) = sync_channel(1);
    let nudge = Nudge(sender);
    app.manage(Agent {
        link,
        nudge: nudge.clone(),
        greeting: Handover::default(),
        standing: Handover::default(),
        onboarding: Onboarding::default(),
    });
    app.manage(Tasks::default());
    app.manage(LastOpened::default());
    app.manage(waiting);
    app.manage(windows::WebData(web_data));
    let (first, answer) = mpsc::channel();
    let looker = app.clone();
    std::thread::Builder::new()
        .name("look-out".to_owned())
        .spawn(move || look_out(&looker, &first_look, &nudged, &first))?;
    look::apply(&app, look::remembered());
    let page = answer
        .recv_timeout(FIRST_ANSWER)
        .unwrap_or(Page::Unlock(Reason::Start));
    windows::show(&app, page)?;
    // A later first answer is compared with what is shown by now.
    nudge.now();
    Ok(nudge)
}

fn look_out(
    app: &AppHandle,
    first_look: &FirstLook,
    nudged: &Receiver<()>,
    first: &mpsc::Sender<Page>,
) {
    let FirstLook { link, answer } = first_look;
    let Ok(status) = answer.recv() else {
        return;
    };
    keep_standing(app, &status);
    let mut belongs = page_for(&status, Reason::Start);
    let mut shown = None;
    // The window that waited may have opened without the answer.
    let _opened_already = first.send(belongs);
    loop {
        let pause = match belongs {
            Page::Main => LOOK_OPEN,
            Page::Setup | Page::Unlock(_) => LOOK_LOCKED,
        };
        match nudged.recv_timeout(pause) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // An agent that somebody stopped is not started again behind their back: the unlock
        // window does that when the person is there.
        let status = link.call::<command::status>(Nothing {}, &Start::Never);
        belongs = page_for(&status, Reason::Locked);
        if belongs == Page::Main && app.state::<Agent>().onboarding.is_on() {
            belongs = Page::Setup;
        }
        if shown == Some(belongs.label()) {
            continue;
        }
        shown = Some(belongs.label());
        keep_standing(app, &status);
        let shower = app.clone();
        let asked = app.run_on_main_thread(move || {
            if let Err(problem) = windows::show(&shower, belongs) {
                windows::give_up(&shower, &problem);
            }
        });
        if asked.is_err() {
            return;
        }
    }
}

/// Where the agent does not answer, the page asks it again and has words for that.
fn keep_standing(app: &AppHandle, status: &Result<StatusView, Fault>) {
    app.state::<Agent>().standing.keep(&status.as_ref().ok());
}

/// `locked` is the reason to give where the agent says that the vault is not open.
fn page_for(status: &Result<StatusView, Fault>, locked: Reason) -> Page {
    match status {
        Ok(status) => match status.state {
            VaultState::Unlocked | VaultState::ReadOnly => Page::Main,
            VaultState::Locked => Page::Unlock(locked),
            VaultState::Absent => Page::Setup,
        },
        Err(fault) if fault.code == ErrorCode::NoAgent => Page::Unlock(match locked {
            Reason::Start => Reason::Start,
            Reason::Locked | Reason::AgentGone => Reason::AgentGone,
        }),
        Err(_) => Page::Unlock(locked),
    }
}
