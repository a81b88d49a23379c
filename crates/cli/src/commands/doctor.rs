//! `strongroom doctor`: why an exchange refuses a key, in one sentence and one remedy.
//!
//! Not here: the path itself (`exchanges`), and asking the exchange (`check` does).

use std::net::IpAddr;
use std::process::ExitCode;

use strongroom_exchanges::catalogue::{self, Facts};
use strongroom_exchanges::doctor::{Case, Known, Outcome, diagnose};
use strongroom_exchanges::refusal::{self, Meaning};
use strongroom_exchanges::sign;
use strongroom_formats::ExchangeId;
use strongroom_wire::{
    Diagnosis, DiagnosisStep, Doctor, Environment, ErrorCode, KeySelector, StepOutcome, Verb,
    command,
};

use super::sign_here;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::values;

const AFTER: &str = "\
Seven causes are looked at in one order: key and secret, clock, environment and address, \
allowlist, permission, expiry, passphrase. What the exchange's words exclude is ruled out, what is \
recorded of the key is compared, and it ends in the cause or in the one thing to find out next.

  strongroom doctor grid --error 'binance {\"code\":-2015,\"msg\":\"Invalid API-key, IP, or …\"}'
  strongroom doctor 'APIError(code=-2015): … request ip: 203.0.113.7'

With the words alone no vault is needed. Nobody is asked: an address is the one in the words or \
the one given. Nothing of the words is kept. `strongroom check` asks the exchange itself.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of a key, or the exchange's words themselves
    #[arg(value_name = "KEY|ERROR-TEXT", allow_hyphen_values = true)]
    what: String,
    /// The exchange's words, or a line of a log with them in it; then the first is a key
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    error: Option<String>,
    /// Of which exchange the words are, where they do not tell
    #[arg(long, value_name = "ID")]
    exchange: Option<String>,
    /// Which environment was asked; production without it
    #[arg(long, value_name = "ENVIRONMENT", value_parser = values::environment())]
    environment: Option<Environment>,
    /// From where the exchange was asked
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
    /// The clock of the machine that asked, less the exchange's, in milliseconds
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    clock_offset_ms: Option<i64>,
    /// The right that what was tried takes
    #[arg(long, value_name = "VERB", value_parser = values::verb())]
    wanted: Option<Verb>,
    /// Look at the form of the stored secret too: it takes a code, and nothing of it is shown
    #[arg(long)]
    look: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let key = key_of(&arguments, context)?;
    let step_up = match &key {
        Some(_) if arguments.look => Some(context.step_up(Proof::Code)?),
        _ => None,
    };
    let diagnosis = match key {
        None if arguments.look => {
            return Err(Failure::invalid(
                "--look looks at the secret of a key of the vault: name the key",
            ));
        }
        Some(key) => context.call::<command::doctor>(Doctor {
            key,
            look: arguments.look,
            step_up,
            text: arguments.error.unwrap_or_default(),
            address: arguments.address,
            clock_offset_ms: arguments.clock_offset_ms,
            wanted: arguments.wanted,
        })?,
        None => of_words(&arguments)?,
    };
    let output = context.output;
    output.result(&diagnosis, |diagnosis| page(diagnosis, output))?;
    Ok(ExitCode::SUCCESS)
}

/// The key that is meant; `None` where the first argument is the exchange's words. A vault is asked
/// only for what could be a label.
fn key_of(arguments: &Arguments, context: &mut Context) -> Result<Option<String>, Failure> {
    let what = &arguments.what;
    if arguments.error.is_none() && (arguments.exchange.is_some() || is_words(what)) {
        return Ok(None);
    }
    let view = context.call::<command::show>(KeySelector { key: what.clone() })?;
    Ok(Some(view.row.id))
}

/// No label holds JSON, a colon or begins with a number below zero; and a label may name an
/// exchange, but none of its refusals as well.
fn is_words(what: &str) -> bool {
    let names_refusal = || {
        refusal::guesses(what).iter().any(|guess| {
            let facts = catalogue::facts(guess.exchange);
            facts.is_some_and(|facts| refusal::of_text(facts, what).meaning != Meaning::Unknown)
        })
    };
    what.contains(['{', ':', '=']) || what.starts_with('-') || names_refusal()
}

fn of_words(arguments: &Arguments) -> Result<Diagnosis, Failure> {
    let text = &arguments.what;
    let facts = match &arguments.exchange {
        Some(name) => {
            let id = ExchangeId::parse(name).map_err(|_| unknown_exchange())?;
            catalogue::facts(id.as_str()).ok_or_else(unknown_exchange)?
        }
        None => guessed(text)?,
    };
    let environment = arguments.environment.unwrap_or(Environment::Production);
    let known = Known {
        address: arguments.address,
        clock_offset_ms: arguments.clock_offset_ms,
        wanted: arguments.wanted.map(verb),
        ..Known::NOTHING
    };
    let case = Case::of_text(facts, sign_here::place(environment), text, known);
    let diagnosis = diagnose(&case);
    Ok(Diagnosis {
        exchange_name: facts.name.clone(),
        steps: diagnosis
            .steps
            .into_iter()
            .map(|step| DiagnosisStep {
                cause: step.cause.name().to_owned(),
                outcome: match step.outcome {
                    Outcome::RuledOut => StepOutcome::RuledOut,
                    Outcome::Likely => StepOutcome::Likely,
                    Outcome::CannotTell => StepOutcome::CannotTell,
                },
                words: step.words,
            })
            .collect(),
        sentence: diagnosis.sentence,
        remedy: diagnosis.remedy_words,
    })
}

/// The one exchange whose words these are.
fn guessed(text: &str) -> Result<&'static Facts, Failure> {
    let guesses = refusal::guesses(text);
    match guesses.as_slice() {
        [one] => catalogue::facts(one.exchange).ok_or_else(unknown_exchange),
        [] => Err(Failure::invalid(
            "nothing in these words tells of which exchange they are: name it with --exchange, or \
             the key with its words in --error",
        )),
        several => {
            let names: Vec<&str> = several.iter().map(|guess| guess.exchange).collect();
            Err(Failure::new(
                ErrorCode::Ambiguous,
                format!(
                    "several exchanges use these words ({}): name one with --exchange",
                    names.join(", ")
                ),
            ))
        }
    }
}

fn unknown_exchange() -> Failure {
    Failure::invalid(sign::NotReady::UnknownExchange.to_string())
}

fn verb(verb: Verb) -> strongroom_exchanges::Verb {
    use strongroom_exchanges::Verb as Theirs;
    match verb {
        Verb::Read => Theirs::Read,
        Verb::Spot => Theirs::Spot,
        Verb::Margin => Theirs::Margin,
        Verb::Derivatives => Theirs::Derivatives,
        Verb::Transfer => Theirs::Transfer,
        Verb::Withdraw => Theirs::Withdraw,
        Verb::SubAccounts => Theirs::SubAccounts,
        Verb::KeyAdmin => Theirs::KeyAdmin,
    }
}

fn page(diagnosis: &Diagnosis, output: Output) -> String {
    let widest = diagnosis
        .steps
        .iter()
        .map(|step| step.cause.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for step in &diagnosis.steps {
        let (sign, tone) = match step.outcome {
            StepOutcome::RuledOut => ("no", Tone::Quiet),
            StepOutcome::Likely => ("yes", Tone::Red),
            StepOutcome::CannotTell => ("?", Tone::Amber),
        };
        let line = format!(
            "{:<widest$}  {sign:<3}  {}",
            sanitise(&step.cause),
            sanitise(&step.words)
        );
        text.push_str(&output.paint(tone, &line));
        text.push('\n');
    }
    text.push_str(&format!(
        "\n{}\n{}\n",
        output.paint(Tone::Strong, &sanitise(&diagnosis.sentence)),
        sanitise(&diagnosis.remedy)
    ));
    text
}
