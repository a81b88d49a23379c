//! `strongroom health`: what is wrong, worst first, with one thing to do about each.
//!
//! Not here: what counts as wrong, and the score.

use std::fmt::Write as _;
use std::process::ExitCode;

use strongroom_wire::{
    FindingAccept, FindingUnaccept, FindingView, HealthAsk, HealthView, RemedyAct, Severity,
    Standing, command, shell_quoted,
};

use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::values;
use crate::when::{Moment, parse_end};
use crate::words;

const AFTER: &str = "\
The score is a hundred less what the findings cost; the first line says where every point went. \
What was accepted costs nothing and stays visible until its day, when it is open again.

For a script: --fail-on high exits with 1 if a finding that is high or worse is open, and with 0 \
if none is. Without it the exit code is 0 whatever was found.";

/// What `--fail-on` ends with. It is no refusal: the question was answered.
const SOMETHING_IS_OPEN: u8 = 1;

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// Exit with 1 if a finding this bad or worse is open
    #[arg(long, value_name = "SEVERITY", value_parser = values::severity())]
    fail_on: Option<Severity>,
    /// Say why each finding matters
    #[arg(long)]
    why: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Decide to live with a finding until a day within a year; it stays visible
    Accept {
        /// The finding, as `health` names it: trade-unrestricted …
        finding: String,
        /// Whom it is about: a key, a consumer, a vendor or an exchange; nothing for the vault
        subject: Option<String>,
        /// Why that is all right
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Until when, to the end of the day
        #[arg(long, value_name = "DATE", value_parser = parse_end)]
        until: Moment,
    },
    /// Take an acceptance back: the finding is open again
    Unaccept {
        /// The finding, as `health` names it
        finding: String,
        /// Whom it is about; nothing for the vault
        subject: Option<String>,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what {
        None => {}
        Some(What::Accept {
            finding,
            subject,
            reason,
            until,
        }) => {
            let done = context.call::<command::health_accept>(FindingAccept {
                rule: finding,
                subject,
                reason,
                until_ms: until.0,
            })?;
            context.output.done(&done, |_| {
                let until = words::moment(until.0);
                format!("Accepted until {until}. It stays visible and costs no points until then.")
            })?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(What::Unaccept { finding, subject }) => {
            let rule = finding;
            let ask = FindingUnaccept { rule, subject };
            let done = context.call::<command::health_unaccept>(ask)?;
            context
                .output
                .done(&done, |_| "The finding is open again.".to_owned())?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    let whole = whole(context)?;
    let output = context.output;
    output.result(&whole, |whole| page(whole, arguments.why, output))?;
    let fails = arguments.fail_on.is_some_and(|worst| {
        let open = |one: &&FindingView| !matches!(one.standing, Standing::Accepted { .. });
        let mut open = whole.findings.iter().filter(open);
        open.any(|one| one.severity <= worst)
    });
    Ok(if fails {
        ExitCode::from(SOMETHING_IS_OPEN)
    } else {
        ExitCode::SUCCESS
    })
}

/// All pages in one.
fn whole(context: &mut Context) -> Result<HealthView, Failure> {
    let mut whole = context.call::<command::health>(HealthAsk {
        offset: 0,
        about: None,
    })?;
    while let Some(offset) = whole.next {
        let mut page = context.call::<command::health>(HealthAsk {
            offset,
            about: None,
        })?;
        whole.findings.append(&mut page.findings);
        whole.next = page.next;
    }
    Ok(whole)
}

fn page(health: &HealthView, why: bool, output: Output) -> String {
    let mut text = format!("{}\n", health.explained);
    let mut last = "";
    for finding in &health.findings {
        let rule = health.rules.iter().find(|one| one.rule == finding.rule);
        if finding.rule != last {
            let head = format!(
                "{}  {}",
                severity(finding.severity).to_uppercase(),
                rule.map_or(finding.rule.as_str(), |one| one.title.as_str()),
            );
            let _ = writeln!(
                text,
                "\n{}  {}",
                output.paint(tone(finding.severity), &head),
                output.paint(Tone::Quiet, &finding.rule)
            );
            if let Some(rule) = rule.filter(|_| why) {
                let _ = writeln!(text, "  {}", rule.why);
            }
            last = &finding.rule;
        }
        let name = output.paint(Tone::Strong, &sanitise(&finding.name));
        let _ = writeln!(text, "  {name}: {}", sanitise(&finding.reason));
        match &finding.standing {
            Standing::Open {} => {}
            Standing::Accepted { reason, until_ms } => {
                let until = words::moment(*until_ms);
                let _ = writeln!(text, "    accepted until {until}: {}", sanitise(reason));
                continue;
            }
            Standing::Lapsed { reason, until_ms } => {
                let until = words::moment(*until_ms);
                let reason = sanitise(reason);
                let _ = writeln!(text, "    it was accepted until {until}: {reason}");
            }
        }
        let _ = writeln!(text, "    {}", sanitise(&finding.remedy));
        if let Some(command) = next_command(finding) {
            let _ = writeln!(text, "    {}", output.paint(Tone::Quiet, &command));
        }
    }
    text
}

/// What to type next, ready for a shell.
fn next_command(finding: &FindingView) -> Option<String> {
    let name = shell_word(&finding.name);
    Some(match finding.act {
        RemedyAct::EditAllowlist => {
            format!("strongroom edit {name} --allowlist ADDRESS=HOST,…")
        }
        RemedyAct::EditPermissions => format!("strongroom edit {name} --deny VERBS"),
        RemedyAct::Check => format!("strongroom check {name}"),
        RemedyAct::Rotate => format!("strongroom rotate start {name}"),
        RemedyAct::Revoke => format!("strongroom revoke {name}"),
        RemedyAct::Show => format!("strongroom show {name}"),
        RemedyAct::EditConsumers => format!("strongroom edit {name} --remove-consumer NAME"),
        RemedyAct::Backup => "strongroom backup".to_owned(),
        RemedyAct::TestKit => "strongroom recovery test".to_owned(),
        RemedyAct::AutoLock => "strongroom agent self-test".to_owned(),
        RemedyAct::ReviewVendor => format!("strongroom vendor show {name}"),
        RemedyAct::Update => return None,
    })
}

/// A label as a shell takes it; plain words stay plain.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        text.to_owned()
    } else {
        shell_quoted(&sanitise(text))
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical | Severity::High => Tone::Red,
        Severity::Medium => Tone::Amber,
        Severity::Low => Tone::Quiet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strongroom_wire::{FindingSubject, HealthRule};

    fn finding(rule: &str, severity: Severity, name: &str, standing: Standing) -> FindingView {
        FindingView {
            rule: rule.to_owned(),
            severity,
            subject: FindingSubject::Vault {},
            name: name.to_owned(),
            reason: "It may trade from anywhere.".to_owned(),
            act: RemedyAct::EditAllowlist,
            remedy: "Put the addresses on its list.".to_owned(),
            standing,
        }
    }

    #[test]
    fn the_page_is_this() {
        let rule = |name: &str, severity| HealthRule {
            rule: name.to_owned(),
            severity,
            title: "may trade from any address".to_owned(),
            why: "Accounts were drained that way.".to_owned(),
            open: 2,
            accepted: 1,
            points: 20,
        };
        let health = HealthView {
            score: 80,
            explained: "80 of 100: less 20 for 2 × trade-unrestricted.".to_owned(),
            rules: vec![rule("trade-unrestricted", Severity::High)],
            findings: vec![
                finding(
                    "trade-unrestricted",
                    Severity::High,
                    "grid",
                    Standing::Open {},
                ),
                finding(
                    "trade-unrestricted",
                    Severity::High,
                    "it's \u{1b}[2J mine",
                    Standing::Lapsed {
                        reason: "the bot moves".to_owned(),
                        until_ms: 0,
                    },
                ),
                finding(
                    "trade-unrestricted",
                    Severity::High,
                    "old",
                    Standing::Accepted {
                        reason: "it ends soon".to_owned(),
                        until_ms: 0,
                    },
                ),
            ],
            total: 3,
            next: None,
        };
        // The dates are local; the snapshot is not about them.
        let text = page(&health, true, Output::words_only()).replace(&words::moment(0), "[date]");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_name_is_one_word_of_a_shell() {
        for (name, word) in [
            ("grid-1", "grid-1"),
            ("my grid", "'my grid'"),
            ("it's", r"'it'\''s'"),
            ("-rf", "'-rf'"),
            ("$(x)", "'$(x)'"),
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
