//! `strongroom purge`: destroys secrets that are no longer needed.

use std::process::ExitCode;

use strongroom_wire::{ErrorCode, KeySelector, KeyView, Purge, PurgeWhat, VersionState, command};

use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::words;

const AFTER: &str = "\
The fact that there was a secret stays, its value does not, and nothing brings it back but a \
backup made before. A purged key may still work at the exchange: revoke it there first.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["version", "old_versions", "whole_key"])))]
pub(crate) struct Arguments {
    /// Label or id of the key; a deleted one has only its id
    key: String,
    /// The secret of this version, as `show` gives its id
    #[arg(long, value_name = "ID")]
    version: Option<String>,
    /// The secrets of all versions but the active one
    #[arg(long)]
    old_versions: bool,
    /// The key with all its secrets
    #[arg(long)]
    whole_key: bool,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let shown = context.call::<command::show>(KeySelector {
        key: arguments.key.clone(),
    });
    let view = match shown {
        Ok(view) => view,
        // A deleted key is not shown any more and may still hold secrets: the agent knows its id.
        Err(failure) if arguments.whole_key && failure.code() == ErrorCode::NotFound => {
            let gone = format!(
                "The deleted key {}, with all its secrets and all that is recorded of it, will be gone.",
                sanitise(&arguments.key)
            );
            return purge(
                context,
                arguments.yes,
                &gone,
                arguments.key,
                PurgeWhat::Key {},
            );
        }
        Err(failure) => return Err(failure),
    };
    let label = sanitise(&view.row.label);
    let (what, gone) = match arguments.version {
        Some(id) => {
            let gone = format!(
                "The secret of version {} of {label} will be gone.",
                sanitise(&id)
            );
            (PurgeWhat::Version { id }, gone)
        }
        None if arguments.old_versions => {
            let count = old_secrets(&view);
            if count == 0 {
                return Err(Failure::refused(
                    "the key has no old secret; nothing was changed",
                ));
            }
            let count = words::plural(count, "old secret");
            (
                PurgeWhat::OldVersions {},
                format!("{count} of {label} will be gone."),
            )
        }
        None => (
            PurgeWhat::Key {},
            format!("{label}, with all its secrets and all that is recorded of it, will be gone."),
        ),
    };
    purge(context, arguments.yes, &gone, view.row.id, what)
}

fn purge(
    context: &mut Context,
    is_meant: bool,
    gone: &str,
    key: String,
    what: PurgeWhat,
) -> Result<ExitCode, Failure> {
    confirm(is_meant, gone, "purge")?;
    let step_up = context.step_up(Proof::Code)?;
    let purged = context.call::<command::purge>(Purge {
        key,
        what,
        step_up: Some(step_up),
    })?;
    context.output.done(&purged, |_| {
        "Purged. Backups made before now still hold it.".to_owned()
    })?;
    Ok(ExitCode::SUCCESS)
}

fn old_secrets(view: &KeyView) -> i64 {
    let old = |version: &&strongroom_wire::VersionView| {
        version.state != VersionState::Active && !version.purged
    };
    i64::try_from(view.versions.iter().filter(old).count()).unwrap_or(i64::MAX)
}
