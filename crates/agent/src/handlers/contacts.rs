//! People: one's own card, theirs, their roles, and letting them go.

use std::fs::File;
use std::io::Read;

use strongroom_domain::share::Left;
use strongroom_domain::{ConsumerName, MemberName};
use strongroom_vault::{
    Contact, ContactAdded, ContactCard, ContactChange, Fingerprint, Grant, Need, RotateRow,
};
use strongroom_wire as wire;
use strongroom_wire::{
    ContactList, ContactNewKey, ContactPage, ContactSelect, ContactSet, ContactVerify, ContactView,
    Done, ErrorCode, Fault, KeyChanged, Nothing, Offboard, Offboarded, OwnCard, OwnCardSet,
    OwnCardView, RotateListAsk, RotateListExport, RotateListPage, Written,
};

use crate::agent::Agent;
use crate::convert::{
    Told, Twin, client, contact, contact_view, count, grant, reach, refused, share_ask_view,
};
use crate::grace::present;
use crate::handlers::calendar::write_new;
use crate::handlers::create::absolute;
use crate::page::Room;
use crate::router::Call;
use crate::session::{LastTold, Opened};

/// A card is one line of a few hundred letters.
const MOST_CARD_BYTES: u64 = 4096;

pub(crate) fn own_card(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<OwnCardView, Fault> {
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let card = guard.vault.own_card().map_err(Told::told)?;
    Ok(OwnCardView {
        card: card.as_ref().map(own_view),
    })
}

pub(crate) fn own_card_set(
    agent: &Agent,
    call: Call<'_>,
    request: OwnCardSet,
) -> Result<OwnCard, Fault> {
    let name = MemberName::parse(&request.name).map_err(|why| refused("the name", why))?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let card = guard.vault.set_own_card(&name, client(call.peer));
    card.map(|card| own_view(&card)).map_err(Told::told)
}

fn own_view(card: &ContactCard) -> OwnCard {
    OwnCard {
        name: card.name().to_string(),
        fingerprint: card.fingerprint().to_string(),
        card: card.to_text(),
        age_recipient: card.identity().recipient().to_string(),
        ssh_key: card.identity().ssh_line(),
    }
}

pub(crate) fn contact_list(
    agent: &Agent,
    call: Call<'_>,
    request: ContactPage,
) -> Result<ContactList, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let contacts = guard.vault.contacts().map_err(Told::told)?;
    let open = guard.vault.open_rotations().map_err(Told::told)?;
    let (offset, total) = (request.offset as usize, contacts.len());
    let view = |one: &Contact| {
        let left = open.get(&one.id).copied().unwrap_or_default();
        contact_view(&guard.vault, one, count(left))
    };
    let contacts = Room::of_frame().take(contacts.iter().skip(offset).map(view));
    let end = offset + contacts.len();
    Ok(ContactList {
        next: (end < total && !contacts.is_empty()).then_some(count(end)),
        contacts,
        total: count(total),
    })
}

pub(crate) fn contact_add(
    agent: &Agent,
    mut call: Call<'_>,
    request: wire::ContactAdd,
) -> Result<wire::ContactAdded, Fault> {
    let text = match (request.card, call.file.take()) {
        (Some(text), None) => text,
        (None, Some(file)) => read_card(file.into())?,
        _ => {
            return Err(Fault::new(
                ErrorCode::Invalid,
                "give one card, as text or as a file",
            ));
        }
    };
    let card = card(&text)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let added = guard.vault.add_contact(&card, client(call.peer));
    let view = |one: &Contact| contact_view(&guard.vault, one, 0);
    Ok(match added.map_err(Told::told)? {
        ContactAdded::Added(contact) => wire::ContactAdded::Added {
            contact: view(&contact),
        },
        ContactAdded::Known(contact) => wire::ContactAdded::Known {
            contact: view(&contact),
        },
        ContactAdded::KeyChanged(contact) => wire::ContactAdded::KeyChanged {
            change: KeyChanged {
                contact: view(&contact),
                new_fingerprint: card.fingerprint().to_string(),
                new_card: card.to_text(),
            },
        },
    })
}

fn read_card(file: File) -> Result<String, Fault> {
    let mut text = String::new();
    file.take(MOST_CARD_BYTES)
        .read_to_string(&mut text)
        .map_err(|_| refused("the card", "it is not text"))?;
    Ok(text)
}

fn card(text: &str) -> Result<ContactCard, Fault> {
    ContactCard::parse(text).map_err(|why| refused("the card", why))
}

fn fingerprint(text: &str) -> Result<Fingerprint, Fault> {
    Fingerprint::parse(text).map_err(|why| refused("the fingerprint", why))
}

pub(crate) fn contact_new_key(
    agent: &Agent,
    call: Call<'_>,
    request: ContactNewKey,
) -> Result<ContactView, Fault> {
    let card = card(&request.card)?;
    let told = fingerprint(&request.fingerprint)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let opened = &mut *guard;
    let connection = call.peer.connection;
    let graces = &opened.graces;
    let given = request.step_up;
    let step_up = present(
        agent,
        &mut opened.vault,
        graces,
        connection,
        given,
        Need::Code,
    )?;
    let by = client(call.peer);
    let changed = opened
        .vault
        .change_contact_key(found.id, &card, &told, &step_up, by)
        .map_err(Told::told)?;
    Ok(contact_view(&opened.vault, &changed, 0))
}

pub(crate) fn contact_verify(
    agent: &Agent,
    call: Call<'_>,
    request: ContactVerify,
) -> Result<ContactView, Fault> {
    let compared = fingerprint(&request.fingerprint)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let verified = guard
        .vault
        .verify_contact(found.id, &compared, client(call.peer))
        .map_err(Told::told)?;
    Ok(contact_view(&guard.vault, &verified, 0))
}

pub(crate) fn contact_set(
    agent: &Agent,
    call: Call<'_>,
    request: ContactSet,
) -> Result<ContactView, Fault> {
    let name = request.rename.as_deref().map(ConsumerName::parse);
    let name = name.transpose().map_err(|why| refused("the name", why))?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let grant = new_grant(&mut guard, &found, request.role, request.scope.as_ref())?;
    let opened = &mut *guard;
    let step_up = match &grant {
        None => None,
        Some(_) => Some(present(
            agent,
            &mut opened.vault,
            &opened.graces,
            call.peer.connection,
            request.step_up,
            Need::Code,
        )?),
    };
    let change = ContactChange { name, grant };
    let changed = opened
        .vault
        .edit_contact(found.id, change, step_up.as_deref(), client(call.peer))
        .map_err(Told::told)?;
    Ok(contact_view(&opened.vault, &changed, 0))
}

/// The role and what it reaches, where either is to be changed.
fn new_grant(
    opened: &mut Opened,
    contact: &Contact,
    role: Option<wire::ShareRole>,
    scope: Option<&wire::ShareScope>,
) -> Result<Option<Grant>, Fault> {
    let before = contact.grant.as_ref();
    let role = role.or(before.map(|grant| grant.role.to_wire()));
    match (role, scope) {
        (_, None) if role == before.map(|grant| grant.role.to_wire()) => Ok(None),
        (None, _) => Err(refused("the role", "say which one they have")),
        (Some(role), Some(scope)) => grant(opened, role, scope).map(Some),
        (Some(role), None) => match before {
            Some(grant) => Ok(Some(Grant {
                role: Twin::from_wire(role),
                scope: grant.scope.clone(),
            })),
            None => reach(opened, &wire::ShareScope::default()).map(|_| None),
        },
    }
}

pub(crate) fn contact_remove(
    agent: &Agent,
    call: Call<'_>,
    request: ContactSelect,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let forgotten = guard.vault.forget_contact(found.id, client(call.peer));
    forgotten.map(|()| Done {}).map_err(Told::told)
}

pub(crate) fn offboard(
    agent: &Agent,
    call: Call<'_>,
    request: Offboard,
) -> Result<Offboarded, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let gone = opened.vault.offboard(found.id, &step_up, client(call.peer));
    let (contact, again) = gone.map_err(Told::told)?;
    drop(step_up);
    let rows = opened.vault.rotate_list(contact.id).map_err(Told::told)?;
    let rotate = rotate_page(&rows, 0, Room::half_of_frame());
    let again = again.iter().map(|ask| share_ask_view(&opened.vault, ask));
    Ok(Offboarded {
        share_again: Room::half_of_frame().take(again),
        contact: contact_view(&opened.vault, &contact, rotate.open),
        rotate,
    })
}

pub(crate) fn rotate_list(
    agent: &Agent,
    call: Call<'_>,
    request: RotateListAsk,
) -> Result<RotateListPage, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let connection = call.peer.connection;
    let rows = match guard.told.remove(&connection) {
        Some(LastTold::Rotate(of, rows)) if request.offset > 0 && of == found.id => rows,
        _ => guard.vault.rotate_list(found.id).map_err(Told::told)?,
    };
    let page = rotate_page(&rows, request.offset as usize, Room::of_frame());
    if page.next.is_some() {
        let told = LastTold::Rotate(found.id, rows);
        guard.told.insert(connection, told);
    }
    Ok(page)
}

fn rotate_page(rows: &[RotateRow], offset: usize, mut room: Room) -> RotateListPage {
    let open = rows.iter().filter(|row| row.item.left == Left::Rotate);
    let (open, total) = (count(open.count()), rows.len());
    let page = room.take(rows.iter().skip(offset).map(rotate_row));
    let end = offset + page.len();
    RotateListPage {
        next: (end < total && !page.is_empty()).then_some(count(end)),
        rows: page,
        open,
        total: count(total),
    }
}

fn rotate_row(row: &RotateRow) -> wire::RotateRow {
    let exchange = row.exchange.as_ref();
    wire::RotateRow {
        key: row.item.key.to_string(),
        label: row.label.clone(),
        exchange: exchange.map_or_else(String::new, |one| one.as_str().to_owned()),
        exchange_name: exchange.map_or_else(String::new, |one| one.display_name().to_owned()),
        account: row.account.clone().unwrap_or_default(),
        class: row.item.class.name().to_owned(),
        unrestricted: !row.item.restricted,
        owner: row.item.owner.as_ref().map(ToString::to_string),
        shared_ms: row.item.shown.ms(),
        due_ms: row.item.due.ms(),
        left: row.item.left.to_wire(),
    }
}

pub(crate) fn rotate_list_export(
    agent: &Agent,
    call: Call<'_>,
    request: RotateListExport,
) -> Result<Written, Fault> {
    let path = absolute("the list", Some(request.path))?.unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str());
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = contact(&mut guard, &request.contact)?;
    let bytes = match ending {
        Some("csv") => guard.vault.rotate_list_csv(found.id),
        Some("ics") => guard.vault.rotate_list_ics(found.id),
        _ => return Err(refused("the list", "name a file that ends in .csv or .ics")),
    };
    let bytes = bytes.map_err(Told::told)?;
    drop(guard);
    write_new(&path, &bytes)?;
    Ok(Written {
        path: path.to_string_lossy().into_owned(),
        bytes: bytes.len() as u64,
    })
}
