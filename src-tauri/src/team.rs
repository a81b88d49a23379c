//! People and shares: the files of cards and shares, and what small windows say about both.
//!
//! What stands in such a file goes to the agent as a descriptor and never through the page; a
//! share that is made comes back the same way. Not here: what a share holds and who may open it.

use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

use strongroom_wire::{
    Act, ContactAdd, ContactAdded, ContactPage, ContactView, ErrorCode, Fault, Nothing, OwnCard,
    SecretField, ShareBrief, ShareGroup, ShareMade, ShareMake, ShareOpen, ShareOpened,
    SharePreviewAsk, ShareRowsAsk, ShareSender, ShareWrite, Written, command,
};
use tauri::{AppHandle, Manager};

use crate::commands::Agent;
use crate::{files, link};

/// Whom the share that was opened last is from: the step-up window says it, and the page that asks
/// for that window might lie.
#[derive(Debug, Default)]
pub(crate) struct LastOpened(Mutex<Option<Sender>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sender {
    plan: String,
    name: String,
    fingerprint: String,
}

impl LastOpened {
    fn keep(&self, plan: &str, sender: &ShareSender) {
        let name = match &sender.contact {
            Some(contact) => contact.name.clone(),
            None => sender.name.clone(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Sender {
            plan: plan.to_owned(),
            name,
            fingerprint: sender.fingerprint.clone(),
        });
    }

    fn sender_of(&self, plan: &str) -> Option<Sender> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone().filter(|from| from.plan == plan)
    }
}

/// Whether an act is one of this module's.
pub(crate) fn is_about(act: &Act) -> bool {
    matches!(
        act,
        Act::MakeShare { .. }
            | Act::ApplyShare { .. }
            | Act::TrustNewKey { .. }
            | Act::GiveRole { .. }
            | Act::Offboard { .. }
    )
}

/// Names, counts and fingerprints as the agent tells them.
///
/// # Errors
/// The agent's refusal; [`ErrorCode::NotFound`] for somebody or something that is not known.
pub(crate) fn make_truthful(
    agent: &Agent,
    opened: &LastOpened,
    act: &mut Act,
) -> Result<(), Fault> {
    match act {
        Act::MakeShare { share, brief, .. } => {
            let ask = SharePreviewAsk {
                share: (**share).clone(),
                offset: 0,
            };
            let preview = agent.ask::<command::share_preview>(ask)?;
            *brief = ShareBrief {
                to: preview.recipients.into_iter().map(|one| one.name).collect(),
                role: preview.role,
                scope_words: preview.scope_words,
                keys: preview.total,
                secrets: preview.classes.iter().map(|class| class.secrets).sum(),
            };
        }
        Act::ApplyShare {
            plan,
            sender,
            fingerprint,
            accepted,
        } => {
            let gone = || Fault::new(ErrorCode::NotFound, "that preview is no longer held");
            let from = opened.sender_of(plan).ok_or_else(gone)?;
            (*sender, *fingerprint) = (from.name, from.fingerprint);
            *accepted = accepted_of(agent, plan)?;
        }
        Act::TrustNewKey { contact, name, .. }
        | Act::GiveRole { contact, name, .. }
        | Act::Offboard { contact, name } => {
            let known = known(agent, contact)?;
            (*contact, *name) = (known.id, known.name);
        }
        _ => {}
    }
    Ok(())
}

/// Suspicious changes of a plan that were accepted.
fn accepted_of(agent: &Agent, plan: &str) -> Result<u32, Fault> {
    let mut accepted = 0;
    let mut next = Some(0);
    while let Some(offset) = next {
        let ask = ShareRowsAsk {
            plan: plan.to_owned(),
            group: Some(ShareGroup::Suspicious),
            offset,
        };
        let page = agent.ask::<command::share_rows>(ask)?;
        accepted += page.rows.iter().filter(|row| row.accepted).count();
        next = page.next;
    }
    Ok(u32::try_from(accepted).unwrap_or(u32::MAX))
}

fn known(agent: &Agent, contact: &str) -> Result<ContactView, Fault> {
    let mut next = Some(0);
    while let Some(offset) = next {
        let page = agent.ask::<command::contact_list>(ContactPage { offset })?;
        let found = page.contacts.into_iter().find(|one| one.id == contact);
        if let Some(found) = found {
            return Ok(found);
        }
        next = page.next;
    }
    Err(Fault::new(ErrorCode::NotFound, "there is no such person"))
}

/// # Errors
/// The agent's refusal; [`ErrorCode::NotFound`] where no name was given yet.
pub(crate) fn own_card(agent: &Agent) -> Result<OwnCard, Fault> {
    let view = agent.ask::<command::own_card>(Nothing {})?;
    let missing = || Fault::new(ErrorCode::NotFound, "there is no card yet");
    view.card.ok_or_else(missing)
}

/// Writes one's own card to a new file, as one line.
///
/// # Errors
/// What kept it from being written.
pub(crate) fn write_card(agent: &Agent, path: &str) -> Result<Written, Fault> {
    let path = files::whole(path)?;
    let line = format!("{}\n", own_card(agent)?.card);
    files::write_new(&path, line.as_bytes())?;
    Ok(Written {
        path: path.to_string_lossy().into_owned(),
        bytes: line.len() as u64,
    })
}

/// # Errors
/// What kept the file from being read, or the agent's refusal.
pub(crate) fn read_card(agent: &Agent, path: &str) -> Result<ContactAdded, Fault> {
    let file = files::open(&files::whole(path)?)?;
    agent.link.call_with_file::<command::contact_add>(
        ContactAdd { card: None },
        file.as_fd(),
        &link::start_if_absent(),
    )
}

/// Opens a share and remembers whom it is from.
///
/// # Errors
/// What kept the file from being read, or the agent's refusal.
pub(crate) fn open_share(
    app: &AppHandle,
    path: &str,
    passphrase: Option<SecretField>,
) -> Result<ShareOpened, Fault> {
    let file = files::open(&files::whole(path)?)?;
    let opened = app
        .state::<Agent>()
        .link
        .call_with_file::<command::share_open>(
            ShareOpen { passphrase },
            file.as_fd(),
            &link::start_if_absent(),
        )?;
    app.state::<LastOpened>().keep(&opened.plan, &opened.sender);
    Ok(opened)
}

/// The agent writes the share into a new file; nothing of it is left if it refuses.
///
/// # Errors
/// What kept the file from being made, or the agent's refusal.
pub(crate) fn write_share(agent: &Agent, request: ShareWrite) -> Result<ShareMade, Fault> {
    let ShareWrite {
        share,
        path,
        step_up,
    } = request;
    let make = ShareMake {
        share,
        step_up: Some(step_up),
    };
    files::filled(&files::whole(&path)?, |file| {
        agent.link.call_with_file::<command::share_make>(
            make,
            file.as_fd(),
            &link::start_if_absent(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_of_a_plan_is_who_the_agent_named_and_another_plan_has_none() {
        let opened = LastOpened::default();
        assert_eq!(opened.sender_of("1"), None);
        let sender = ShareSender {
            contact: None,
            name: "Bob".to_owned(),
            fingerprint: "AAAA BBBB".to_owned(),
            card: String::new(),
        };
        opened.keep("1", &sender);
        let from = opened.sender_of("1").expect("it was kept");
        assert_eq!(
            (from.name.as_str(), from.fingerprint.as_str()),
            ("Bob", "AAAA BBBB")
        );
        assert_eq!(opened.sender_of("2"), None);
        opened.keep("2", &sender);
        assert_eq!(
            opened.sender_of("1"),
            None,
            "only the last one is remembered"
        );
    }
}
