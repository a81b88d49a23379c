//! `strongroom check`: asks the exchange what it knows of a key, with the key itself.
//!
//! What will be sent is said first. Not here: sending (the agent's worker does), and what a refusal
//! means (the agent says it).

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{
    Check, CheckOutcome, CheckPlan, CheckSchedule, Checked, ErrorCode, KeySelector, KeyView,
    LoopbackExchange, Permissions, PlannedCall, Seen, SeenAllowlist, SeenExpiry, Sign, Tri,
    command, curl_command,
};

use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::strip;
use crate::words;

const AFTER: &str = "\
Only questions are sent that change nothing; which ones is said first, and waits for a word (--yes \
in a script). A code is needed, and the use is in the audit log. What the exchange does not speak \
of stays unknown; a right that nobody here knows is shown and counted as dangerous. The answer is \
recorded as observed, beside what you declared.

A refusal because of this machine's address says nothing of the key. --elsewhere prints the signed \
question as a command for the machine whose address is on the key's list; its answer comes back \
through --answer-fd:

  strongroom check grid --elsewhere | ssh bot sh > answer.json
  strongroom check grid --answer-fd 3 3<answer.json

With --every 7d the exchange is asked by itself while the vault is open, at most that often; \
--every off ends it. It takes one code. What changed is told in a notification and stands in \
`strongroom show`; an asking that fails stands there too, and nothing pops up. Where numbers rise \
it can break a bot with the same key: it is arranged only if that is confirmed.

The exit code is 0 if the exchange knows the key, and 11 if it refused or could not be asked.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
    /// Send it without asking
    #[arg(long)]
    yes: bool,
    /// Have it asked by itself every so many days, such as 7d; or `off`
    #[arg(
        long,
        value_name = "DAYS|off",
        value_parser = interval,
        conflicts_with_all = ["elsewhere", "answer_fd", "nonce", "base_url"]
    )]
    every: Option<Interval>,
    /// Print the signed question for another machine; nothing is sent
    #[arg(long, conflicts_with_all = ["answer_fd", "base_url"])]
    elsewhere: bool,
    /// Read the answer that came elsewhere from this descriptor; nothing is sent
    #[arg(long, value_name = "N", conflicts_with = "base_url")]
    answer_fd: Option<i32>,
    /// Number of the request, where the exchange wants numbers that rise and a bot counts higher
    #[arg(long, value_name = "N")]
    nonce: Option<String>,
    #[command(flatten)]
    played: Played,
}

/// Where a test plays the exchange.
#[derive(Debug, clap::Args)]
pub(super) struct Played {
    /// For tests: where on the loopback the exchange is played, https://127.0.0.1:PORT
    #[arg(long, value_name = "URL", hide_short_help = true)]
    base_url: Option<String>,
    /// For tests: the certificate authority of the played exchange, PEM
    #[arg(
        long,
        value_name = "FILE",
        requires = "base_url",
        hide_short_help = true
    )]
    base_ca: Option<PathBuf>,
}

impl Played {
    pub(super) fn loopback(self) -> Result<Option<LoopbackExchange>, Failure> {
        let Some(url) = self.base_url else {
            return Ok(None);
        };
        let authority = self.base_ca.as_deref().map(authority).transpose()?;
        Ok(Some(LoopbackExchange { url, authority }))
    }
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = context.call::<command::show>(KeySelector { key: arguments.key })?;
    let key = view.row.id.clone();
    if arguments.every == Some(Interval::Off) {
        return scheduled(schedule(key, None, false), context);
    }
    let plan = context.call::<command::check_plan>(KeySelector { key: key.clone() })?;
    if let Some(Interval::Days(days)) = arguments.every {
        let said = regularly(&plan, days);
        if arguments.yes {
            context.output.note(&said);
        }
        confirm(arguments.yes, &said, "check").map_err(not_arranged)?;
        let step_up = context.step_up(Proof::Code)?;
        let wish = CheckSchedule {
            step_up: Some(step_up),
            ..schedule(key, Some(days), plan.rising_numbers)
        };
        return scheduled(wish, context);
    }
    if arguments.elsewhere {
        return elsewhere(&plan, &view, context);
    }
    let loopback = arguments.played.loopback()?;
    let answer = match arguments.answer_fd {
        Some(number) => Some(context.descriptors.all(number, "--answer-fd")?.into()),
        None => {
            let said = announcement(&plan, "this key");
            if arguments.yes {
                context.output.note(&said);
            }
            confirm(arguments.yes, &said, "check").map_err(not_sent)?;
            None
        }
    };
    let step_up = context.step_up(Proof::Code)?;
    let checked = context.call::<command::check>(Check {
        key,
        nonce: arguments.nonce,
        loopback,
        answer,
        step_up: Some(step_up),
    })?;
    let output = context.output;
    output.result(&checked, |checked| page(checked, output))?;
    if checked.outcome == CheckOutcome::CannotBeAskedFromHere && !output.json {
        output.note(&format!(
            "`strongroom check {} --elsewhere` prints the signed question for a machine whose \
             address is on the list.",
            sanitise(&view.row.label)
        ));
    }
    Ok(if checked.outcome == CheckOutcome::Answered {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(ErrorCode::Refused.exit_code())
    })
}

/// How often an exchange is asked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interval {
    Off,
    Days(u32),
}

fn interval(text: &str) -> Result<Interval, String> {
    if text == "off" {
        return Ok(Interval::Off);
    }
    let days = text.strip_suffix('d').unwrap_or(text);
    days.parse()
        .ok()
        .filter(|days| (1..=3650).contains(days))
        .map(Interval::Days)
        .ok_or_else(|| "a number of days such as 7d, from 1d to 3650d, or `off`".to_owned())
}

fn schedule(key: String, every_days: Option<u32>, despite_rising_numbers: bool) -> CheckSchedule {
    CheckSchedule {
        key,
        every_days,
        despite_rising_numbers,
        step_up: None,
    }
}

fn scheduled(wish: CheckSchedule, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = context.call::<command::check_schedule>(wish)?;
    context.output.result(&view, |view| {
        let label = sanitise(&view.row.label);
        match &view.check_schedule {
            None => format!("{label} is asked about by hand only.\n"),
            Some(schedule) => format!(
                "While the vault is open, {} is asked about {label} {}.\n",
                sanitise(&view.row.exchange_name),
                words::every(schedule.every_days)
            ),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What is arranged, and what follows from it.
fn regularly(plan: &CheckPlan, days: u32) -> String {
    let mut said = format!(
        "{} will be asked at {} with this key {}, by itself, while the vault is open. Each time \
         counts as a use of the key.\n",
        plan.exchange_name,
        plan.host,
        words::every(days)
    );
    for warning in &plan.warnings {
        said.push_str(warning);
        said.push('\n');
    }
    said.trim_end().to_owned()
}

fn not_arranged(refused: Failure) -> Failure {
    match refused.code() {
        ErrorCode::Refused => Failure::refused("not confirmed; nothing was arranged"),
        _ => refused,
    }
}

pub(super) fn not_sent(refused: Failure) -> Failure {
    match refused.code() {
        ErrorCode::Refused => Failure::refused("not confirmed; nothing was sent"),
        _ => refused,
    }
}

fn authority(file: &std::path::Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::file("--base-ca: the file cannot be read", &error))
}

/// What will be sent, and what follows from it.
pub(super) fn announcement(plan: &CheckPlan, with: &str) -> String {
    let mut said = format!(
        "{} will be asked at {} with {with}, at most these, each of which changes nothing:\n",
        plan.exchange_name, plan.host
    );
    for call in &plan.calls {
        said.push_str(&format!(
            "  {} {}: {}\n",
            call.method, call.path, call.purpose
        ));
    }
    said.push_str("Asking counts as a use of the key.\n");
    for warning in &plan.warnings {
        said.push_str(warning);
        said.push('\n');
    }
    said.trim_end().to_owned()
}

/// The first question that can be signed as it stands, for another machine.
fn elsewhere(plan: &CheckPlan, view: &KeyView, context: &mut Context) -> Result<ExitCode, Failure> {
    let call = plan
        .calls
        .iter()
        .find(|call| call.can_be_sent_elsewhere)
        .ok_or_else(|| {
            Failure::refused(
                "no question to this exchange can be signed apart from the others; ask from a \
                 machine whose address is on the key's list with `strongroom check` itself",
            )
        })?;
    let step_up = context.step_up(Proof::Code)?;
    let signed = context.call::<command::sign>(Sign {
        key: view.row.id.clone(),
        host: None,
        method: call.method.clone(),
        path: call.path.clone(),
        query: call.query.clone(),
        body: call.body.clone(),
        timestamp_ms: None,
        nonce: None,
        receive_window_ms: None,
        step_up: Some(step_up),
    })?;
    let output = context.output;
    if output.json {
        output.json(&signed)?;
    } else {
        output.say(&curl_command(&signed))?;
        output.note(&hint(call));
    }
    Ok(ExitCode::SUCCESS)
}

fn hint(call: &PlannedCall) -> String {
    format!(
        "It asks {} and is good for some seconds only. Give the answer to `strongroom check KEY \
         --answer-fd N`.",
        call.path
    )
}

/// The whole answer in words.
pub(super) fn page(checked: &Checked, output: Output) -> String {
    let tone = match checked.outcome {
        CheckOutcome::Answered => Tone::Green,
        CheckOutcome::KeyIsWrong => Tone::Red,
        _ => Tone::Amber,
    };
    let mut text = format!("{}\n", output.paint(tone, &sanitise(&checked.sentence)));
    if !checked.remedy.is_empty() {
        text.push_str(&sanitise(&checked.remedy));
        text.push('\n');
    }
    if let Some(seen) = &checked.seen {
        text.push('\n');
        text.push_str(&seen_words(seen));
    }
    let verbs: Vec<String> = checked
        .excess
        .iter()
        .map(|verb| words::verb(*verb).to_owned())
        .collect();
    if !verbs.is_empty() {
        let said = format!("More than was declared: {}.", words::names(&verbs));
        text.push_str(&format!("{}\n", output.paint(Tone::Red, &said)));
    }
    for change in &checked.drift {
        let said = format!("Changed since the last answer: {}", sanitise(change));
        text.push_str(&format!("{}\n", output.paint(Tone::Amber, &said)));
    }
    text
}

fn seen_words(seen: &Seen) -> String {
    let mut lines = vec![
        ("may", rights(&seen.permissions, Tri::Yes)),
        ("may not", rights(&seen.permissions, Tri::No)),
        ("not told", rights(&seen.permissions, Tri::Unknown)),
        ("addresses", addresses(&seen.allowlist)),
        ("ends", expiry(seen.expiry)),
    ];
    if !seen.native.is_empty() {
        lines.push(("its words", words::names(&seen.native)));
    }
    if !seen.unknown_words.is_empty() {
        lines.push(("not known", words::names(&seen.unknown_words)));
    }
    if let Some(created) = seen.created_ms {
        lines.push(("made", words::moment(created)));
    }
    if let Some(used) = seen.last_used_ms {
        lines.push(("last used", words::moment(used)));
    }
    if let Some(label) = &seen.label {
        lines.push(("called there", sanitise(label)));
    }
    if let Some(word) = &seen.stopped {
        lines.push(("switched off", sanitise(word)));
    }
    let mut text: String = lines
        .iter()
        .map(|(name, value)| format!("{name:<13}{value}\n"))
        .collect();
    for note in &seen.notes {
        text.push_str(&format!("{}\n", sanitise(note)));
    }
    text
}

/// The rights with this answer, by name.
fn rights(permissions: &Permissions, answer: Tri) -> String {
    let names: Vec<String> = strip::VERBS
        .iter()
        .filter(|(verb, _)| strip::of(permissions, *verb) == answer)
        .map(|(verb, _)| words::verb(*verb).to_owned())
        .collect();
    words::names(&names)
}

fn addresses(allowlist: &SeenAllowlist) -> String {
    match allowlist {
        SeenAllowlist::Listed { addresses, unread } => {
            let mut text = words::names(addresses);
            if *unread > 0 {
                text.push_str(&format!(", and {unread} more that could not be read"));
            }
            text
        }
        SeenAllowlist::Restricted {} => "some; which, the exchange does not tell".to_owned(),
        SeenAllowlist::Unrestricted {} => "unrestricted: any address may use the key".to_owned(),
        SeenAllowlist::Unknown {} => "not told".to_owned(),
    }
}

fn expiry(expiry: SeenExpiry) -> String {
    match expiry {
        SeenExpiry::At { at_ms } => words::moment(at_ms),
        SeenExpiry::Never {} => "never by itself, says the exchange".to_owned(),
        SeenExpiry::NotReported {} => "not told".to_owned(),
    }
}
