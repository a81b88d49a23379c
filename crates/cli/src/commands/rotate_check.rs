//! `strongroom rotate check`: what the new secret of a rotation may do, by the exchange's word if the
//! person agrees that it is asked, by theirs if not.
//!
//! What will be sent is said first. Not here: comparing the rights, and sending.

use std::process::ExitCode;

use strongroom_wire::{
    CheckOutcome, CheckPlan, Checked, ErrorCode, KeySelector, KeyView, Permissions, RotateAsk,
    RotateAsked, RotateCheck, Tri, Verb, command,
};

use super::check::{self, Played, announcement, not_sent};
use super::record::Declared;
use super::rotate::{Key, page, shown};
use crate::ask::Terminal;
use crate::confirm::{agrees, confirm};
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::strip;
use crate::when::{Moment, parse_end};

/// Where the exchange speaks of a right, its word counts; where it does not, what is declared here.
#[derive(Debug, clap::Args)]
pub(super) struct CheckNew {
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    declared: Declared,
    /// That it may do more than the old one is meant
    #[arg(long)]
    grow: bool,
    /// When the exchange ends the new key, at the end of the day
    #[arg(long, value_name = "DATE", value_parser = parse_end)]
    expires: Option<Moment>,
    /// Ask the exchange with the new secret; what is sent is said first, and a code is needed
    #[arg(long)]
    ask: bool,
    /// Do not ask the exchange
    #[arg(long, conflicts_with = "ask")]
    offline: bool,
    /// Send it without asking you
    #[arg(long, requires = "ask")]
    yes: bool,
    /// Number of the request, where the exchange wants numbers that rise
    #[arg(long, value_name = "N", requires = "ask")]
    nonce: Option<String>,
    #[command(flatten)]
    played: Played,
}

pub(super) fn run(check: CheckNew, context: &mut Context) -> Result<ExitCode, Failure> {
    let rights = if check.declared.is_given() {
        let shown = context.call::<command::show>(KeySelector {
            key: check.key.key.clone(),
        })?;
        let mut rights = rights_of(&shown);
        check.declared.apply(&mut rights)?;
        Some(rights)
    } else {
        None
    };
    let expires_ms = check.expires.map(|at| at.0);
    if !is_to_be_asked(&check, context)? {
        let view = context.call::<command::rotate_check>(RotateCheck {
            key: check.key.key,
            rights,
            growth_meant: check.grow,
            expires_ms,
        })?;
        return shown(&view, context.output);
    }
    let loopback = check.played.loopback()?;
    let step_up = context.step_up(Proof::Code)?;
    let asked = context.call::<command::rotate_ask>(RotateAsk {
        key: check.key.key,
        rights,
        growth_meant: check.grow,
        expires_ms,
        nonce: check.nonce,
        loopback,
        step_up: Some(step_up),
    })?;
    let output = context.output;
    output.result(&asked, |asked| asked_page(asked, output))?;
    Ok(if asked.checked.outcome == CheckOutcome::Answered {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ErrorCode::Refused.exit_code())
    })
}

/// Whether the exchange is asked: where it was said, or where somebody is there and agrees.
fn is_to_be_asked(check: &CheckNew, context: &mut Context) -> Result<bool, Failure> {
    let wanted = KeySelector {
        key: check.key.key.clone(),
    };
    let said = |plan: &CheckPlan| announcement(plan, "the new secret");
    if check.ask {
        let plan = context.call::<command::rotate_ask_plan>(wanted)?;
        let said = said(&plan);
        if check.yes {
            context.output.note(&said);
        }
        confirm(check.yes, &said, "check").map_err(not_sent)?;
        return Ok(true);
    }
    if check.offline || context.output.json {
        return Ok(false);
    }
    let Some(mut terminal) = Terminal::open() else {
        return Ok(false);
    };
    // An exchange that cannot be asked is compared by what is declared; what else is wrong is said
    // by that step.
    let Ok(plan) = context.call::<command::rotate_ask_plan>(wanted) else {
        return Ok(false);
    };
    terminal.say(&format!("{}\n", said(&plan)))?;
    agrees(
        &mut terminal,
        "Ask it? If not, what is declared is compared.",
    )
}

/// The answer, then where the rotation stands; its next step says which rights are new.
fn asked_page(asked: &RotateAsked, output: Output) -> String {
    let checked = Checked {
        excess: Vec::new(),
        ..asked.checked.clone()
    };
    let rotation = page(&asked.rotation, output);
    format!("{}\n{rotation}", check::page(&checked, output))
}

/// What the old key may do: what was seen settles what nobody recorded.
fn rights_of(shown: &KeyView) -> Permissions {
    let mut rights = shown.row.declared;
    let Some(seen) = shown.row.observed else {
        return rights;
    };
    for verb in [
        Verb::Read,
        Verb::Spot,
        Verb::Margin,
        Verb::Derivatives,
        Verb::Transfer,
        Verb::Withdraw,
        Verb::SubAccounts,
        Verb::KeyAdmin,
    ] {
        if strip::of(&rights, verb) == Tri::Unknown {
            strip::set(&mut rights, verb, strip::of(&seen, verb));
        }
    }
    rights
}
