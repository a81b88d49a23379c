//! `strongroom rotate`: a new secret in place of an old one, step by step.
//!
//! Not here: the rules of the steps, and opening the exchange's page.

use std::process::ExitCode;

use strongroom_wire::{
    KeySelector, RotateStage, RotateSwitch, RotationStage, RotationView, SitePage, SwitchWho,
    command,
};

use super::fields::{self, Fields};
use super::rotate_check::{self, CheckNew};
use crate::ask::Terminal;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::pairs;
use crate::words;

const AFTER: &str = "\
start, stage, check, switch, revoke, confirm: each step is written down at once, and `rotate \
status` says what comes next, also after a crash or on another machine. The old secret stays in \
use until every consumer has the new one, and stays recorded until it was seen dead; nothing is \
ever ended at an exchange by Strongroom itself.

  strongroom rotate start grid
  strongroom rotate stage grid --field-fd apiKey=3 --field-fd secret=4
  strongroom rotate check grid --ask
  strongroom rotate switch grid freqtrade
  strongroom rotate revoke grid
  strongroom rotate confirm grid";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Where the rotation of a key stands and what comes next
    Status(Key),
    /// Begin: the exchange's page is named, nothing else changes
    Start(Key),
    /// Record the new secret beside the one in use
    Stage {
        #[command(flatten)]
        key: Key,
        #[command(flatten)]
        fields: Fields,
    },
    /// Have it said what the new key may do: by the exchange, or by you; without a word it has the
    /// rights of the old one
    Check(CheckNew),
    /// Tick off consumers that have the new secret; with the last of them it is in use
    #[command(group(clap::ArgGroup::new("who").required(true).args(["consumers", "all", "back"])))]
    Switch {
        #[command(flatten)]
        key: Key,
        /// Consumers that have it now
        consumers: Vec<String>,
        /// Everybody has it
        #[arg(long)]
        all: bool,
        /// Take the old secret into use again; the new one stays recorded
        #[arg(long)]
        back: bool,
    },
    /// Begin to end the old key at the exchange: its page is named
    Revoke(Key),
    /// The old key is dead at the exchange
    Confirm {
        #[command(flatten)]
        key: Key,
        /// It was seen: do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Give the new secret up; it is kept as revoked until it is purged
    Abort {
        #[command(flatten)]
        key: Key,
        /// It is meant: do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Key {
    /// Label or id of the key
    pub(super) key: String,
}

impl From<Key> for KeySelector {
    fn from(key: Key) -> Self {
        Self { key: key.key }
    }
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = match arguments.what {
        What::Status(key) => context.call::<command::rotate_status>(key.into())?,
        What::Start(key) => context.call::<command::rotate_start>(key.into())?,
        What::Stage { key, fields } => stage(key, &fields, context)?,
        What::Check(check) => return rotate_check::run(check, context),
        What::Switch {
            key,
            consumers,
            all,
            back,
        } => {
            let who = match (all, back) {
                (true, _) => SwitchWho::All {},
                (_, true) => SwitchWho::Back {},
                _ => SwitchWho::Consumers { names: consumers },
            };
            context.call::<command::rotate_switch>(RotateSwitch { key: key.key, who })?
        }
        What::Revoke(key) => context.call::<command::rotate_revoke>(key.into())?,
        What::Confirm { key, yes } => {
            let said = "The old secret will count as dead: it is not due any more, and tidying \
                        up may destroy it. Look at the exchange first.";
            confirm(yes, said, "dead")?;
            context.call::<command::rotate_confirm>(key.into())?
        }
        What::Abort { key, yes } => {
            let said = "The new secret will count as revoked. If it was made at the exchange, end \
                        it there.";
            confirm(yes, said, "abort")?;
            context.call::<command::rotate_abort>(key.into())?
        }
    };
    shown(&view, context.output)
}

/// Prints where a rotation stands.
pub(super) fn shown(view: &RotationView, output: Output) -> Result<ExitCode, Failure> {
    for warning in &view.warnings {
        output.warn(&sanitise(warning));
    }
    output.result(view, |view| page(view, output))?;
    Ok(ExitCode::SUCCESS)
}

fn stage(key: Key, fields: &Fields, context: &mut Context) -> Result<RotationView, Failure> {
    // What would be refused is said before a secret is read or typed.
    let shown = context.call::<command::show>(KeySelector {
        key: key.key.clone(),
    })?;
    let fields = if fields.is_given() {
        fields.read(context)?
    } else {
        let mut terminal =
            Terminal::required("give the new secret through --field-fd NAME=N or --fields-fd N")?;
        fields::ask(&mut terminal, shown.key_type)?
    };
    context.call::<command::rotate_stage>(RotateStage {
        key: shown.row.id,
        fields,
    })
}

pub(super) fn page(view: &RotationView, output: Output) -> String {
    let stage = match view.stage {
        RotationStage::Idle => "none under way",
        RotationStage::Begun => "begun: no new secret yet",
        RotationStage::Staged => "a new secret is recorded",
        RotationStage::Grown => "the new secret may do more",
        RotationStage::Switching => "consumers are being switched",
        RotationStage::InUse => "the new secret is in use, the old one still works",
        RotationStage::Ending => "the old one is being ended",
    };
    let mut lines = vec![
        ("Key", sanitise(&view.label)),
        ("Rotation", stage.to_owned()),
    ];
    if view.stage != RotationStage::Idle {
        let version = |id: &Option<String>| id.as_deref().map(sanitise);
        lines.extend(version(&view.old).map(|id| ("Old secret", id)));
        lines.extend(version(&view.new).map(|id| ("New secret", id)));
    }
    if matches!(
        view.stage,
        RotationStage::Staged | RotationStage::Grown | RotationStage::Switching
    ) {
        lines.push(("Have it", words::names(&view.switched)));
        lines.push(("Left", words::names(&view.left)));
    }
    if let Some(since) = view.ending_since_ms {
        lines.push(("Ending since", words::moment(since)));
    }
    let site = match view.stage {
        RotationStage::Begun | RotationStage::Grown => view.manage.as_ref(),
        RotationStage::InUse | RotationStage::Ending => view.revoke.as_ref(),
        _ => None,
    };
    lines.extend(site.map(|site| ("Page", site_words(site))));
    lines.push(("Next", sanitise(&view.next)));
    pairs(&lines, output)
}

/// An address, and where to go from there.
pub(crate) fn site_words(site: &SitePage) -> String {
    match &site.then {
        Some(then) => format!("{}\n{}", sanitise(&site.url), sanitise(then)),
        None => sanitise(&site.url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_this_at_every_stage() {
        let mut view = RotationView {
            id: "a".to_owned(),
            label: "grid \u{1b}[2J".to_owned(),
            exchange_name: "Binance".to_owned(),
            stage: RotationStage::Idle,
            old: Some("old".to_owned()),
            new: Some("new".to_owned()),
            switched: vec!["bot".to_owned()],
            left: vec!["tax".to_owned()],
            grown: Vec::new(),
            ending_since_ms: None,
            manage: Some(SitePage {
                url: "https://exchange.example/manage".to_owned(),
                then: Some("API management".to_owned()),
            }),
            revoke: Some(SitePage {
                url: "https://exchange.example/revoke".to_owned(),
                then: None,
            }),
            next: "What comes next.".to_owned(),
            warnings: Vec::new(),
        };
        let mut text = String::new();
        for stage in [
            RotationStage::Idle,
            RotationStage::Begun,
            RotationStage::Staged,
            RotationStage::Grown,
            RotationStage::Switching,
            RotationStage::InUse,
            RotationStage::Ending,
        ] {
            view.stage = stage;
            text.push_str(&page(&view, Output::words_only()));
            text.push('\n');
        }
        insta::assert_snapshot!(text);
    }
}
