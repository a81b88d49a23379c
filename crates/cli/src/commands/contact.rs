//! `strongroom contact`: one's own card, and the people of a team.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use qrcode::render::unicode;
use qrcode::{EcLevel, QrCode};
use strongroom_wire::{
    ContactAdd, ContactAdded, ContactNewKey, ContactPage, ContactSelect, ContactSet, ContactState,
    ContactVerify, ContactView, Nothing, OwnCard, OwnCardSet, OwnCardView, ShareRole, command,
};

use super::share::{Scope, role_word};
use crate::ask::Terminal;
use crate::confirm::{agrees, confirm};
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::file_out::write_new;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::{Table, pairs};
use crate::values;
use crate::words;

const AFTER: &str = "\
A card holds a name and two public keys, and no secret: it may go by mail. What makes it worth \
something is that two people compare the fingerprint, on the telephone or face to face; \
`contact verify` records that. A card of somebody known that comes with other keys is never taken \
by itself.

  strongroom contact me --name Alice --qr
  strongroom contact add bob.card
  strongroom contact verify Bob
  strongroom contact role Bob trader --tag desk";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show your own card, or make it
    Me {
        /// What you call yourself; keys are made for it once
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Draw the card as a QR code on the terminal
        #[arg(long)]
        qr: bool,
        /// Write the card to a file, which must not be there yet
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Add somebody by their card
    Add {
        /// The card's file, or the card itself
        card: String,
        /// They have new keys, and the fingerprint they told you is this one
        #[arg(long, value_name = "FINGERPRINT")]
        new_key: Option<String>,
    },
    /// Everybody known
    List,
    /// What is known of somebody
    Show {
        /// Name or id
        contact: String,
    },
    /// Say that you compared the fingerprint with them
    Verify {
        /// Name or id
        contact: String,
        /// The fingerprint they read out; asked for without it
        #[arg(long, value_name = "FINGERPRINT")]
        fingerprint: Option<String>,
    },
    /// Say which secrets they may be given, and what their shares may change here
    Role {
        /// Name or id
        contact: String,
        /// auditor, viewer, trader or admin
        #[arg(value_parser = values::share_role())]
        role: ShareRole,
        #[command(flatten)]
        scope: Scope,
    },
    /// Call them otherwise
    Rename {
        /// Name or id
        contact: String,
        /// The other name
        name: String,
    },
    /// Forget somebody who was never given a secret; `offboard` lets others go
    Remove {
        /// Name or id
        contact: String,
        /// It is meant: do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let output = context.output;
    match arguments.what.unwrap_or(What::List) {
        What::Me { name, qr, out } => me(name, qr, out, context)?,
        What::Add { card, new_key } => add(&card, new_key, context)?,
        What::List => {
            let contacts = all(context)?;
            output.result(&contacts, |contacts| table(contacts, output))?;
        }
        What::Show { contact } => {
            let found = find(&contact, context)?;
            output.result(&found, |one| page(one, output))?;
        }
        What::Verify {
            contact,
            fingerprint,
        } => verify(&contact, fingerprint, context)?,
        What::Role {
            contact,
            role,
            scope,
        } => {
            let wanted = scope.scope();
            let step_up = context.step_up(Proof::Code)?;
            let changed = context.call::<command::contact_set>(ContactSet {
                contact,
                rename: None,
                role: Some(role),
                scope: wanted,
                step_up: Some(step_up),
            })?;
            output.done(&changed, |one| {
                format!("{} is {}.", sanitise(&one.name), granted(one))
            })?;
        }
        What::Rename { contact, name } => {
            let changed = context.call::<command::contact_set>(ContactSet {
                contact,
                rename: Some(name),
                role: None,
                scope: None,
                step_up: None,
            })?;
            output.done(&changed, |_| "Renamed.".to_owned())?;
        }
        What::Remove { contact, yes } => {
            let found = find(&contact, context)?;
            let gone = format!("{} will be forgotten.", sanitise(&found.name));
            confirm(yes, &gone, "remove")?;
            let done =
                context.call::<command::contact_remove>(ContactSelect { contact: found.id })?;
            output.done(&done, |_| "Forgotten.".to_owned())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn me(
    name: Option<String>,
    qr: bool,
    out: Option<PathBuf>,
    context: &mut Context,
) -> Result<(), Failure> {
    let output = context.output;
    let card = match name {
        Some(name) => context.call::<command::own_card_set>(OwnCardSet { name })?,
        None => {
            let OwnCardView { card } = context.call::<command::own_card>(Nothing {})?;
            card.ok_or_else(|| {
                Failure::refused(
                    "you have no card yet: `strongroom contact me --name NAME` makes one",
                )
            })?
        }
    };
    if let Some(path) = out {
        write_new(&path, format!("{}\n", card.card).as_bytes())?;
    }
    output.result(&card, |card| own_page(card, output))?;
    if qr && !output.json {
        output.say(&drawn(&card.card)?)?;
    }
    Ok(())
}

/// The code in block letters, dark on light whatever the theme: scanners want it so.
fn drawn(card: &str) -> Result<String, Failure> {
    let code = QrCode::with_error_correction_level(card, EcLevel::L)
        .map_err(|_| Failure::invalid("the card is too long for a QR code"))?;
    let drawn = code
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    let lines = drawn
        .lines()
        .map(|line| format!("\x1b[97;40m{line}\x1b[0m"));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn own_page(card: &OwnCard, output: Output) -> String {
    pairs(
        &[
            ("Name", sanitise(&card.name)),
            ("Fingerprint", card.fingerprint.clone()),
            ("Card", card.card.clone()),
            ("age recipient", card.age_recipient.clone()),
            ("SSH signing key", card.ssh_key.clone()),
        ],
        output,
    )
}

fn add(card: &str, new_key: Option<String>, context: &mut Context) -> Result<(), Failure> {
    let output = context.output;
    let added = if card
        .trim_start()
        .to_uppercase()
        .starts_with("STRONGROOM-CARD:")
    {
        let card = Some(card.to_owned());
        context.call::<command::contact_add>(ContactAdd { card })?
    } else {
        let file = File::open(Path::new(card))
            .map_err(|error| Failure::file("the card's file cannot be read", &error))?;
        context.call_with_file::<command::contact_add>(ContactAdd::default(), file.as_fd())?
    };
    let change = match added {
        ContactAdded::KeyChanged { change } => change,
        other => {
            return output.done(&other, |added| match added {
                ContactAdded::Added { contact } => format!(
                    "Added {} with the fingerprint\n  {}\nCompare it with them, by another way than \
                     the one the card came on: `strongroom contact verify`.",
                    sanitise(&contact.name),
                    contact.fingerprint
                ),
                _ => "These keys are known already.".to_owned(),
            });
        }
    };
    let Some(fingerprint) = new_key else {
        if output.json {
            output.json(&ContactAdded::KeyChanged {
                change: change.clone(),
            })?;
        }
        return Err(Failure::refused(format!(
            "{} is known with other keys; nothing was changed. The card that came has the \
             fingerprint {}. Ask them, by another way than the one on which it came, whether they \
             have new keys and what their fingerprint is; then give it with --new-key",
            sanitise(&change.contact.name),
            change.new_fingerprint
        )));
    };
    let step_up = context.step_up(Proof::Code)?;
    let changed = context.call::<command::contact_new_key>(ContactNewKey {
        contact: change.contact.id,
        card: change.new_card,
        fingerprint,
        step_up: Some(step_up),
    })?;
    output.done(&changed, |one| {
        format!("{} has new keys from now on.", sanitise(&one.name))
    })
}

fn verify(
    contact: &str,
    fingerprint: Option<String>,
    context: &mut Context,
) -> Result<(), Failure> {
    let found = find(contact, context)?;
    let fingerprint = match fingerprint {
        Some(read_out) => read_out,
        None => {
            let mut terminal =
                Terminal::required("give what they read out with --fingerprint FINGERPRINT")?;
            terminal.say(&format!(
                "{}'s fingerprint here:\n\n  {}\n\n",
                sanitise(&found.name),
                found.fingerprint
            ))?;
            if !agrees(
                &mut terminal,
                "Is it letter for letter what they read out to you?",
            )? {
                return Err(Failure::refused(
                    "not verified; if it differs, the card was somebody else's",
                ));
            }
            found.fingerprint
        }
    };
    let verified = context.call::<command::contact_verify>(ContactVerify {
        contact: found.id,
        fingerprint,
    })?;
    context.output.done(&verified, |_| "Verified.".to_owned())
}

/// All pages together.
pub(super) fn all(context: &mut Context) -> Result<Vec<ContactView>, Failure> {
    let mut contacts = Vec::new();
    let mut offset = 0;
    loop {
        let mut page = context.call::<command::contact_list>(ContactPage { offset })?;
        contacts.append(&mut page.contacts);
        match page.next.filter(|next| *next > offset) {
            Some(next) => offset = next,
            None => return Ok(contacts),
        }
    }
}

pub(super) fn find(contact: &str, context: &mut Context) -> Result<ContactView, Failure> {
    let wanted = contact.trim().to_lowercase();
    all(context)?
        .into_iter()
        .find(|one| one.id == wanted || one.name.to_lowercase() == wanted)
        .ok_or_else(|| {
            Failure::new(
                strongroom_wire::ErrorCode::NotFound,
                "nobody is known by that name; `strongroom contact list` shows who is",
            )
        })
}

fn granted(contact: &ContactView) -> String {
    match contact.role {
        Some(role) => format!("{} of {}", role_word(role), sanitise(&contact.scope_words)),
        None => "without a role".to_owned(),
    }
}

pub(super) fn state_word(state: ContactState) -> &'static str {
    match state {
        ContactState::Unverified => "unverified",
        ContactState::Pinned => "pinned, not compared",
        ContactState::Verified => "verified",
    }
}

fn table(contacts: &[ContactView], output: Output) -> String {
    if contacts.is_empty() {
        return "Nobody is known yet; `strongroom contact add CARD` adds somebody.".to_owned();
    }
    let mut table = Table::new(&[
        "NAME",
        "STATE",
        "ROLE",
        "KEYS",
        "SHARED",
        "IMPORTED",
        "TO ROTATE",
    ]);
    for one in contacts {
        let state = match one.removed_ms {
            Some(at) => format!("removed {}", words::moment(at)),
            None => state_word(one.state).to_owned(),
        };
        let to_rotate = match one.to_rotate {
            0 => String::new(),
            keys => output.paint(Tone::Red, &keys.to_string()),
        };
        table.row([
            sanitise(&one.name),
            state,
            one.role.map(role_word).unwrap_or_default().to_owned(),
            sanitise(&one.scope_words),
            one.shared_ms.map(words::moment).unwrap_or_default(),
            one.imported_ms.map(words::moment).unwrap_or_default(),
            to_rotate,
        ]);
    }
    table.print(output)
}

fn page(one: &ContactView, output: Output) -> String {
    let mut lines = vec![
        ("Name", sanitise(&one.name)),
        ("Fingerprint", one.fingerprint.clone()),
        ("State", state_word(one.state).to_owned()),
        ("Role", granted(one)),
        ("Added", words::moment(one.added_ms)),
    ];
    let moments = [
        ("Last shared with", one.shared_ms),
        ("Last imported from", one.imported_ms),
        ("Removed", one.removed_ms),
    ];
    lines.extend(
        moments
            .into_iter()
            .filter_map(|(what, at)| Some((what, words::moment(at?)))),
    );
    if one.to_rotate > 0 {
        lines.push(("To rotate", words::plural(i64::from(one.to_rotate), "key")));
    }
    lines.push(("Id", one.id.clone()));
    pairs(&lines, output)
}
