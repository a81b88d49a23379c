//! People and shares: the files of cards and shares, and what small windows say about both.
//!
//! What stands in such a file goes to the agent as a descriptor and never through the page; a
//! share that is made comes back the same way. Not here: what a share holds and who may open it.

use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

use strongroom_wire::{
    Act, ContactAdd, ContactAdded, ContactPage, ContactView, ErrorCode, Fault, Nothing, OwnCard,
    SecretField, ShareAsk, ShareBrief, ShareGroup, ShareMade, ShareMake, ShareOpen, ShareOpened,
    SharePreview, SharePreviewAsk, ShareRows, ShareRowsAsk, ShareSender, ShareWrite, Written,
    command,
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
        Act::MakeShare {
            share,
            agreed,
            brief,
            ..
        } => {
            let ask = SharePreviewAsk {
                share: (**share).clone(),
                offset: 0,
            };
            let preview = agent.ask::<command::share_preview>(ask)?;
            pin(share, agreed, &preview)?;
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
            revision,
            sender,
            fingerprint,
            accepted,
        } => {
            let gone = || Fault::new(ErrorCode::NotFound, "that preview is no longer held");
            let from = opened.sender_of(plan).ok_or_else(gone)?;
            (*sender, *fingerprint) = (from.name, from.fingerprint);
            (*accepted, *revision) = accepted_of(|offset| {
                agent.ask::<command::share_rows>(ShareRowsAsk {
                    plan: plan.clone(),
                    group: Some(ShareGroup::Suspicious),
                    offset,
                })
            })?;
        }
        Act::GiveRole {
            contact,
            name,
            fingerprint,
            ..
        } => {
            let known = known(agent, contact)?;
            (*contact, *name, *fingerprint) = (known.id, known.name, known.fingerprint);
        }
        Act::TrustNewKey { contact, name, .. } | Act::Offboard { contact, name } => {
            let known = known(agent, contact)?;
            (*contact, *name) = (known.id, known.name);
        }
        _ => {}
    }
    Ok(())
}

/// Holds a share to what was looked at, and to the people it was looked at for: a name may be
/// somebody else's by the time the code is typed.
fn pin(share: &mut ShareAsk, agreed: &str, preview: &SharePreview) -> Result<(), Fault> {
    if preview.agreed != agreed {
        return Err(changed());
    }
    let recipients = preview.recipients.iter();
    share.to = recipients.map(|one| one.id.clone()).collect();
    Ok(())
}

fn changed() -> Fault {
    Fault::new(
        ErrorCode::Refused,
        "what the share would do has changed since it was shown: look at it again",
    )
}

/// How many suspicious changes of a plan were accepted, and the revision of the plan that says so.
fn accepted_of(page_at: impl Fn(u32) -> Result<ShareRows, Fault>) -> Result<(u32, u64), Fault> {
    let mut page = page_at(0)?;
    let revision = page.revision;
    let mut accepted = 0;
    loop {
        if page.revision != revision {
            return Err(changed());
        }
        accepted += page.rows.iter().filter(|row| row.accepted).count();
        let Some(next) = page.next else { break };
        page = page_at(next)?;
    }
    Ok((u32::try_from(accepted).unwrap_or(u32::MAX), revision))
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
        agreed,
        path,
        step_up,
    } = request;
    let make = ShareMake {
        share,
        agreed,
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
    use strongroom_wire::{ContactState, ShareRecipient, ShareRole, ShareRow};

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

    fn preview() -> SharePreview {
        SharePreview {
            role: ShareRole::Trader,
            scope_words: "tag desk".to_owned(),
            recipients: vec![ShareRecipient {
                id: "0123".to_owned(),
                name: "Bob".to_owned(),
                fingerprint: "AAAA BBBB".to_owned(),
                state: ContactState::Verified,
            }],
            classes: Vec::new(),
            keys: Vec::new(),
            total: 0,
            next: None,
            notes: Vec::new(),
            agreed: "aa".to_owned(),
        }
    }

    #[test]
    fn a_share_is_held_to_what_was_looked_at_and_to_people_by_id() {
        let mut share = ShareAsk {
            to: vec!["Bob".to_owned()],
            role: None,
            scope: None,
            history: false,
            expires_ms: None,
            passphrase: false,
        };
        let refused = pin(&mut share, "bb", &preview()).expect_err("was not looked at");
        assert_eq!(refused.code, ErrorCode::Refused);
        pin(&mut share, "aa", &preview()).expect("was looked at");
        assert_eq!(share.to, ["0123"], "a name may be another's later");
    }

    #[test]
    fn choices_are_counted_at_one_revision_of_the_plan_or_not_at_all() {
        let row = |accepted| ShareRow {
            id: "entry-1".to_owned(),
            entry: "1".to_owned(),
            label: "grid bot".to_owned(),
            what: "record".to_owned(),
            group: ShareGroup::Suspicious,
            ours: None,
            theirs: None,
            reasons: Vec::new(),
            acceptable: true,
            accepted,
        };
        let page = |revision, next| ShareRows {
            rows: vec![row(true), row(false)],
            total: 4,
            next,
            revision,
        };
        let counted = |second: u64| {
            accepted_of(|offset| {
                Ok(match offset {
                    0 => page(3, Some(2)),
                    _ => page(second, None),
                })
            })
        };
        assert_eq!(counted(3).expect("one moment"), (2, 3));
        let refused = counted(4).expect_err("chosen between two pages");
        assert_eq!(refused.code, ErrorCode::Refused);
    }
}
