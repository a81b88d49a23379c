//! Exports: what would leave, and the file itself, written into a descriptor.
//!
//! The file is made while the vault does other things: one that is encrypted takes a second.

use strongroom_domain::Tag;
use strongroom_vault::{ExportFormat, ExportWhich, LeftOutKey, Need, NotExported};
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Export, ExportAsk, ExportDone, ExportPlan, Fault, LeftOut};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, count, refused};
use crate::grace::present;
use crate::handlers::keys::find;
use crate::page::Room;
use crate::private_file::PrivateFile;
use crate::router::Call;
use crate::session::Opened;

pub(crate) fn export_plan(
    agent: &Agent,
    call: Call<'_>,
    request: ExportAsk,
) -> Result<ExportPlan, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let which = which(&mut guard, &request.which)?;
    let plan = guard
        .vault
        .plan_export(&which, Twin::from_wire(request.format))
        .map_err(Told::told)?;
    drop(guard);
    Ok(ExportPlan {
        keys: count(plan.keys),
        left_out_total: count(plan.left_out.len()),
        left_out: left_out(&plan.left_out),
    })
}

pub(crate) fn export(
    agent: &Agent,
    mut call: Call<'_>,
    request: Export,
) -> Result<ExportDone, Fault> {
    let Some(file) = call.file.take() else {
        return Err(Fault::new(
            ErrorCode::Invalid,
            "the file to write must be passed open beside the request",
        ));
    };
    let file = PrivateFile::check(file.into())?;
    let format: ExportFormat = Twin::from_wire(request.format);
    let password = request.file_password.map(wire::SecretField::into_secret);
    // A password that will not do is known before a code is spent.
    format
        .check_password(password.as_ref())
        .map_err(|refused| NotExported::from(refused).told())?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    // What is named is found before a code is spent.
    let which = which(&mut guard, &request.which)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        Some(request.step_up),
        Need::Code,
    )?;
    let drafted = opened
        .vault
        .draft_export(
            &which,
            format,
            request.keys as usize,
            &step_up,
            client(call.peer),
        )
        .map_err(Told::told)?;
    drop(step_up);
    // The derivation of a key, a slow disk, or whatever else is behind the descriptor, keeps nobody
    // from the vault.
    drop(guard);
    let keys = drafted.keys();
    let filled = drafted
        .write(password.as_ref())
        .map_err(Told::told)
        .and_then(|exported| {
            file.fill(&exported.bytes).map_err(Told::told)?;
            Ok(exported)
        });
    let exported = match filled {
        Ok(exported) => exported,
        Err(fault) => {
            if let Some(mut guard) = session.peek() {
                // The intent stands in the log; that nothing came of it belongs there too.
                let _ = guard.vault.export_failed(keys, client(call.peer));
            }
            return Err(fault);
        }
    };
    Ok(ExportDone {
        keys: count(exported.keys),
        bytes: exported.bytes.len() as u64,
        left_out_total: count(exported.left_out.len()),
        left_out: left_out(&exported.left_out),
    })
}

fn which(opened: &mut Opened, which: &wire::ExportWhich) -> Result<ExportWhich, Fault> {
    Ok(match which {
        wire::ExportWhich::All {} => ExportWhich::All,
        wire::ExportWhich::Tag { tag } => {
            ExportWhich::Tag(Tag::parse(tag).map_err(|why| refused("tag", why))?)
        }
        wire::ExportWhich::Keys { keys } if keys.is_empty() => {
            return Err(Fault::new(ErrorCode::Invalid, "name at least one key"));
        }
        wire::ExportWhich::Keys { keys } => ExportWhich::Keys(
            keys.iter()
                .map(|selector| find(opened, selector))
                .collect::<Result<_, _>>()?,
        ),
    })
}

fn left_out(keys: &[LeftOutKey]) -> Vec<LeftOut> {
    Room::of_frame().take(keys.iter().map(|key| LeftOut {
        id: key.key.to_string(),
        label: key.label.to_string(),
        why: key.why.clone(),
    }))
}
