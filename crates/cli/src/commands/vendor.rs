//! `strongroom vendor`: who makes or runs what holds keys, and what was found out about them.

use std::process::ExitCode;

use strongroom_wire::{Nothing, Tri, VendorAnswer, VendorList, VendorSet, VendorView, command};

use super::consumer::breach;
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::{Table, pairs};
use crate::values;
use crate::when::{DAY_MS, Moment, parse_end, parse_moment};
use crate::words;

const AFTER: &str = "\
A consumer is of a vendor by `consumer set NAME --vendor VENDOR`. The checklist has nine \
questions, each answered with yes, no or unknown and dated: storage, encryption, tls, permissions, \
revocation, incident-history, audits, openness, response-plan. What nobody looked at counts as no \
good answer. It supports a judgement and certifies nothing.

  strongroom vendor answer Acme encryption yes --evidence 'their white paper, page 4'
  strongroom vendor set Acme --review-in 365";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Every vendor with its score and its keys
    List,
    /// The checklist of one vendor, its consumers and its next review
    Show {
        /// Its name
        name: String,
    },
    /// Record a vendor, a breach it had, or when it is looked at again
    Set {
        /// Its name; one that is new is recorded
        name: String,
        /// It had a breach, at this moment or now
        #[arg(
            long,
            value_name = "DATE",
            num_args = 0..=1,
            default_missing_value = "now",
            value_parser = parse_moment
        )]
        breached: Option<Moment>,
        /// It had no breach after all
        #[arg(long, conflicts_with = "breached")]
        not_breached: bool,
        /// When it is to be looked at again
        #[arg(long, value_name = "DATE", value_parser = parse_end)]
        review: Option<Moment>,
        /// In so many days it is to be looked at again
        #[arg(
            long,
            value_name = "DAYS",
            conflicts_with = "review",
            value_parser = clap::value_parser!(i64).range(1..=3650)
        )]
        review_in: Option<i64>,
        /// Notes in place of those recorded; empty for none
        #[arg(long, value_name = "TEXT")]
        notes: Option<String>,
    },
    /// Answer a question of the checklist; the answer is dated
    Answer {
        /// The vendor's name
        name: String,
        /// The question: storage, encryption, tls, permissions, revocation, incident-history,
        /// audits, openness or response-plan
        question: String,
        /// yes, no or unknown
        #[arg(value_parser = values::tri())]
        answer: Tri,
        /// What the answer rests on
        #[arg(long, value_name = "TEXT")]
        evidence: Option<String>,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let output = context.output;
    let set = match arguments.what.unwrap_or(What::List) {
        What::List => {
            let list = context.call::<command::vendors>(Nothing {})?;
            output.result(&list, |list| table(list, output))?;
            return Ok(ExitCode::SUCCESS);
        }
        What::Show { name } => {
            let list = context.call::<command::vendors>(Nothing {})?;
            let wanted = name.trim().to_lowercase();
            let found = list
                .vendors
                .iter()
                .find(|one| one.name.to_lowercase() == wanted)
                .ok_or_else(|| {
                    Failure::new(
                        strongroom_wire::ErrorCode::NotFound,
                        "no vendor is recorded under this name; `vendor set NAME` records one",
                    )
                })?;
            output.result(found, |one| page(one, output))?;
            return Ok(ExitCode::SUCCESS);
        }
        What::Set {
            name,
            breached,
            not_breached,
            review,
            review_in,
            notes,
        } => VendorSet {
            name,
            breach: breach(breached, not_breached),
            review_ms: review
                .map(|at| at.0)
                .or(review_in.map(|days| now_ms() + days * DAY_MS)),
            notes,
            answers: Vec::new(),
        },
        What::Answer {
            name,
            question,
            answer,
            evidence,
        } => VendorSet {
            name,
            breach: None,
            review_ms: None,
            notes: None,
            answers: vec![VendorAnswer {
                question,
                answer,
                evidence,
            }],
        },
    };
    let done = context.call::<command::vendor_set>(set)?;
    output.done(&done, |_| "Recorded.".to_owned())?;
    Ok(ExitCode::SUCCESS)
}

fn table(list: &VendorList, output: Output) -> String {
    if list.vendors.is_empty() {
        return "No vendor is recorded.".to_owned();
    }
    let mut table = Table::new(&[
        "VENDOR",
        "KEYS",
        "CHECKLIST",
        "REVIEW",
        "BREACH",
        "CONSUMERS",
    ]);
    for one in &list.vendors {
        table.row([
            sanitise(&one.name),
            one.keys.to_string(),
            score(one),
            one.review_ms.map(words::moment).unwrap_or_default(),
            one.breached_ms.map(words::moment).unwrap_or_default(),
            words::names(&one.consumers),
        ]);
    }
    table.print(output)
}

fn score(vendor: &VendorView) -> String {
    format!("{} of {}", vendor.good, vendor.checklist.len())
}

fn page(vendor: &VendorView, output: Output) -> String {
    let mut lines = vec![
        ("Vendor", sanitise(&vendor.name)),
        ("Keys", vendor.keys.to_string()),
        ("Consumers", words::names(&vendor.consumers)),
        ("Checklist", format!("{} answered well", score(vendor))),
    ];
    lines.extend(
        vendor
            .review_ms
            .map(|at| ("Next review", words::moment(at))),
    );
    lines.extend(vendor.breached_ms.map(|at| ("Breach", words::moment(at))));
    lines.extend(
        vendor
            .notes
            .as_deref()
            .map(|text| ("Notes", sanitise(text))),
    );
    let mut text = pairs(&lines, output);
    let mut table = Table::new(&["ANSWER", "QUESTION", "LOOKED AT", "EVIDENCE"]);
    for one in &vendor.checklist {
        let answer = match one.answer {
            Tri::Yes => "yes",
            Tri::No => "no",
            Tri::Unknown => "unknown",
        };
        table.row([
            answer.to_owned(),
            sanitise(&one.words),
            one.at_ms.map(words::moment).unwrap_or_default(),
            one.evidence.as_deref().map(sanitise).unwrap_or_default(),
        ]);
    }
    text.push('\n');
    text.push_str(&table.print(output));
    text
}
