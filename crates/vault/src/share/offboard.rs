//! Somebody leaves: nothing is shared with them any more, and what they know is listed until it is
//! replaced.
//!
//! Removal stops future access. What they have seen, they know. Deliberately not here: the order of
//! that list and when an entry closes (domain's `share`).

use std::collections::{BTreeMap, BTreeSet};

use strongroom_domain::share::{Left, RotateList, Shown, ToRotate};
use strongroom_domain::{EntryId, ExchangeId, PermissionClass, UtcMs};
use strongroom_formats::ics::{self, Todo, Urgency};

use super::contact::{Contact, ContactId};
use super::contacts::ContactError;
use super::error::ShareError;
use super::given::ANYBODY;
use super::log::ShareWay;
use super::offer::{Lock, ShareAsk};
use crate::audit::{Client, EventKind};
use crate::open::OpenVault;
use crate::records::ReadError;
use crate::stepup::{Need, StepUp};

/// Beside the label of a key whose secret went to nobody by name.
const PERHAPS: &str = "(given under a passphrase; perhaps they know it)";

/// What is left to do about one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotateRow {
    pub item: ToRotate,
    /// As the list has it, or what is left of a key that was purged; with a word on it where they
    /// know the secret only perhaps.
    pub label: String,
    pub exchange: Option<ExchangeId>,
    pub account: Option<String>,
}

/// Secrets somebody may know.
#[derive(Default)]
struct Knows {
    all: Vec<Shown>,
    /// Versions whose secret went to them by name, or came from them.
    surely: BTreeSet<EntryId>,
}

impl OpenVault {
    /// Removes somebody. Gives what went to them and to others, to be shared again with the others.
    pub fn offboard(
        &mut self,
        id: ContactId,
        step_up: &StepUp,
        by: Client,
    ) -> Result<(Contact, Vec<ShareAsk>), ShareError> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        let contact = self.contact(id)?;
        if contact.removed.is_some() {
            return Err(ContactError::Removed.into());
        }
        let removed = Contact {
            removed: Some(self.now()),
            grant: None,
            ..contact
        };
        self.put_contact(&removed, EventKind::Offboarded, by)?;
        let again = self.to_share_again(id)?;
        Ok((removed, again))
    }

    /// The newest of each kind of share that went to somebody and to others, for the others.
    fn to_share_again(&self, gone: ContactId) -> Result<Vec<ShareAsk>, ReadError> {
        let staying: BTreeSet<ContactId> = self
            .contacts()?
            .iter()
            .filter(|one| one.is_pinned() && one.grant.is_some())
            .map(|one| one.id)
            .collect();
        let mut again: Vec<ShareAsk> = Vec::new();
        for event in self.share_history()? {
            if event.way != ShareWay::Made || !event.who.contains(&gone) {
                continue;
            }
            let others = event.who.iter().copied();
            let ask = ShareAsk {
                to: others.filter(|id| staying.contains(id)).collect(),
                role: Some(event.role),
                reach: Some(event.scope.reach().clone()),
                history: event.scope.history(),
                expires: None,
                lock: Lock::Recipients,
            };
            if !ask.to.is_empty() && !again.contains(&ask) {
                again.push(ask);
            }
        }
        Ok(again)
    }

    /// Every secret somebody was given, sent us, or may have read under a passphrase, that still works, worst first; what is to be rotated before
    /// what is only to be ended. Of somebody who was not removed: what it would be.
    pub fn rotate_list(&mut self, id: ContactId) -> Result<Vec<RotateRow>, ContactError> {
        self.make_ready()?;
        let contact = self.contact(id)?;
        let knows = self.shown_to(&contact)?;
        if knows.all.is_empty() {
            return Ok(Vec::new());
        }
        let whole = self.take_whole()?;
        let removed = contact.removed.unwrap_or_else(|| self.now());
        let list = RotateList::of(&whole.replica, &knows.all, removed);
        let mut items = list.items().to_vec();
        items.sort_by_key(|item| item.left != Left::Rotate);
        let rows = self.records.list.as_ref().ok_or(ReadError::Damaged)?;
        Ok(items
            .into_iter()
            .map(|item| {
                let row = rows.get(item.key);
                let label = item.label.as_ref().map(ToString::to_string);
                let label = label.unwrap_or_else(|| format!("(purged) {}", item.key));
                let mut versions = item.versions.iter();
                RotateRow {
                    label: match versions.any(|version| knows.surely.contains(version)) {
                        true => label,
                        false => format!("{label} {PERHAPS}"),
                    },
                    exchange: row.map(|row| row.exchange.clone()),
                    account: row.and_then(|row| Some(row.account_label.as_ref()?.to_string())),
                    item,
                }
            })
            .collect())
    }

    /// What somebody was given or sent, and what went to whoever has a passphrase while they were
    /// one of us: nobody knows who that was.
    fn shown_to(&self, contact: &Contact) -> Result<Knows, ReadError> {
        let mut knows = Knows::default();
        let since = |at: UtcMs| contact.removed.is_none_or(|removed| at <= removed);
        let anybody = self.given_to(ANYBODY)?.into_iter();
        let rows = self.given_to(contact.id)?.into_iter();
        for row in rows.chain(anybody.filter(|row| since(row.at))) {
            for (key, given) in &row.secrets {
                knows.all.push(Shown {
                    key: *key,
                    version: given.version,
                    write: given.write,
                    at: row.at,
                });
                if row.to == contact.id {
                    knows.surely.insert(given.version);
                }
            }
        }
        Ok(knows)
    }

    /// How many keys are to be rotated for each contact who was removed. Somebody who is still here
    /// has a right to what they know.
    pub fn open_rotations(&mut self) -> Result<BTreeMap<ContactId, usize>, ContactError> {
        self.make_ready()?;
        let mut gone = Vec::new();
        for contact in self.contacts()? {
            let Some(removed) = contact.removed else {
                continue;
            };
            let given = self.shown_to(&contact)?.all;
            if !given.is_empty() {
                gone.push((contact.id, given, removed));
            }
        }
        if gone.is_empty() {
            return Ok(BTreeMap::new());
        }
        let whole = self.take_whole()?;
        let open = |(id, given, removed): (ContactId, Vec<Shown>, UtcMs)| {
            let list = RotateList::of(&whole.replica, &given, removed);
            (id, list.open().count())
        };
        Ok(gone.into_iter().map(open).collect())
    }

    /// The list as a table for other programs.
    pub fn rotate_list_csv(&mut self, id: ContactId) -> Result<Vec<u8>, ContactError> {
        let rows = self.rotate_list(id)?;
        let mut text =
            String::from("label,exchange,account,class,allowlist,owner,given,due,left,key\r\n");
        for row in &rows {
            let owner = row.item.owner.as_ref().map(ToString::to_string);
            let cells = [
                row.label.clone(),
                exchange_name(row),
                row.account.clone().unwrap_or_default(),
                row.item.class.name().to_owned(),
                match row.item.restricted {
                    true => "yes".to_owned(),
                    false => "no".to_owned(),
                },
                owner.unwrap_or_default(),
                day(row.item.shown),
                day(row.item.due),
                left_words(row.item.left).to_owned(),
                row.item.key.to_string(),
            ];
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        Ok(text.into_bytes())
    }

    /// The list for a calendar program. It names keys: whoever asks for it wants to work by it.
    pub fn rotate_list_ics(&mut self, id: ContactId) -> Result<Vec<u8>, ContactError> {
        let todos: Vec<Todo> = self
            .rotate_list(id)?
            .iter()
            .map(|row| Todo {
                uid: format!("{}-{id}-offboarded", row.item.key),
                due: row.item.due,
                summary: match row.item.left {
                    Left::Rotate => format!("Rotate: {}", row.label),
                    Left::End => format!("End the old secret of {}", row.label),
                },
                description: format!(
                    "{}\nSomebody who was removed knows its secret, or may know it.\nOpen Strongroom to see what to \
                     do.",
                    exchange_name(row)
                ),
                urgency: match row.item.class {
                    PermissionClass::Withdraw | PermissionClass::Trade => Urgency::High,
                    PermissionClass::Read => Urgency::Normal,
                },
                alarm_days: vec![0],
            })
            .collect();
        Ok(ics::calendar(&todos, self.now()))
    }
}

/// What is left to do, in a clause.
pub fn left_words(left: Left) -> &'static str {
    match left {
        Left::Rotate => "rotate",
        Left::End => "end the old secret at the exchange",
    }
}

fn exchange_name(row: &RotateRow) -> String {
    let exchange = row.exchange.as_ref();
    exchange.map_or_else(String::new, |one| one.display_name().to_owned())
}

fn day(at: UtcMs) -> String {
    at.timestamp().strftime("%Y-%m-%d").to_string()
}

/// A cell that no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_cell_and_never_a_formula() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("=cmd()"), "\"'=cmd()\"");
    }
}
