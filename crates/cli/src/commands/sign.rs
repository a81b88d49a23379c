//! `strongroom sign`: a request to an exchange, signed and printed; nothing is sent.
//!
//! Not here: signing without a vault (`sign_here`), and how a shell is told of it (`wire`).

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{
    Environment, KeySelector, QueryPair, RequestBinding, RequestClass, Sign, SignedRequest,
    command, curl_command,
};

use super::sign_here;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Tone;
use crate::sanitise::{sanitise, sanitise_lines};
use crate::values;

const AFTER: &str = "\
For people who debug a bot: what a request looks like when it is signed right, and what it would \
do. Nothing is sent. The time, the nonce and the signature are added here; whatever could be read \
in two ways is refused.

With --exchange the credential is read from a descriptor, as one JSON object of texts by field \
name, and no vault is needed:

  strongroom sign --exchange kraken --method POST --path /0/private/Balance \\
    --credential-fd 3 3<credential.json --json

With --key the agent signs with a key of the vault, after a code; the credential never leaves it, \
and the use is in the audit log.

A signed request is good for whoever has it until it runs out. With some exchanges the signature \
does not tie everything together, and then it is said what could be exchanged.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["exchange", "key"]))]
pub(crate) struct Arguments {
    /// The exchange, such as kraken; the credential comes from --credential-fd
    #[arg(long, value_name = "ID", requires = "credential_fd")]
    exchange: Option<String>,
    /// Label or id of a key in the vault
    #[arg(long, value_name = "LABEL", conflicts_with_all = ["environment", "credential_fd"])]
    key: Option<String>,
    /// Of the exchange; production without it
    #[arg(long, value_name = "ENVIRONMENT", value_parser = values::environment(), requires = "exchange")]
    environment: Option<Environment>,
    /// Another of the exchange's hosts, such as that of a region
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// GET, POST, PUT, DELETE or PATCH
    #[arg(long, value_name = "M", value_parser = ["GET", "POST", "PUT", "DELETE", "PATCH"])]
    method: String,
    /// From the host on, such as /api/v3/account; without the query
    #[arg(long, value_name = "P")]
    path: String,
    /// One parameter, plain: it is encoded once; repeat for more, in their order
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::parse_query_pair)]
    query: Vec<QueryPair>,
    /// The body, as it is to be sent
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// Read the body from a file; - is the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "body")]
    body_file: Option<PathBuf>,
    /// Time of the request in milliseconds since 1970, UTC; now without it
    #[arg(long, value_name = "N")]
    timestamp_ms: Option<u64>,
    /// In the exchange's own form; a fresh one without it
    #[arg(long, value_name = "N")]
    nonce: Option<String>,
    /// How long the exchange may take to receive it
    #[arg(long, value_name = "N")]
    receive_window_ms: Option<u32>,
    /// Read the credential from this descriptor
    #[arg(long, value_name = "N")]
    credential_fd: Option<i32>,
    /// How to print it without --json
    #[arg(long, value_name = "FORM", default_value = "request")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// The request, line by line
    Request,
    /// A command for a shell
    Curl,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if context.output.json && arguments.format == Form::Curl {
        return Err(Failure::invalid(
            "--format curl prints a command for a shell: leave --json out",
        ));
    }
    let body = match &arguments.body_file {
        Some(file) => Some(sign_here::body_of(file)?),
        None => arguments.body,
    };
    let ask = Sign {
        key: arguments.key.unwrap_or_default(),
        host: arguments.host,
        method: arguments.method,
        path: arguments.path,
        query: arguments.query,
        body,
        timestamp_ms: arguments.timestamp_ms,
        nonce: arguments.nonce,
        receive_window_ms: arguments.receive_window_ms,
        step_up: None,
    };
    let signed = match (arguments.exchange, arguments.credential_fd) {
        (Some(exchange), Some(number)) => {
            let credential = context.descriptors.all(number, "--credential-fd")?;
            let environment = arguments.environment.unwrap_or(Environment::Production);
            sign_here::sign(&exchange, environment, ask, &credential)?
        }
        _ => with_the_vault(ask, context)?,
    };
    print(&signed, arguments.format, context)?;
    Ok(ExitCode::SUCCESS)
}

fn with_the_vault(ask: Sign, context: &mut Context) -> Result<SignedRequest, Failure> {
    // A name that fits no key is told before a code is spent on it.
    let view = context.call::<command::show>(KeySelector { key: ask.key })?;
    let step_up = context.step_up(Proof::Code)?;
    context.call::<command::sign>(Sign {
        key: view.row.id,
        step_up: Some(step_up),
        ..ask
    })
}

fn print(signed: &SignedRequest, form: Form, context: &mut Context) -> Result<(), Failure> {
    let output = context.output;
    if output.json {
        return output.json(signed);
    }
    match form {
        Form::Curl => output.say(&curl_command(signed))?,
        Form::Request => {
            // EXPOSE: the person asked for the request; nothing in it may move the cursor.
            let url = sanitise(signed.url.secret().expose());
            output.say(&format!("{} {url}", signed.method))?;
            for header in &signed.headers {
                // EXPOSE: the same.
                let value = sanitise(header.value.secret().expose());
                let name = output.paint(Tone::Quiet, &format!("{}:", header.name));
                output.say(&format!("{name} {value}"))?;
            }
            if let Some(body) = &signed.body {
                // EXPOSE: the same.
                let body = sanitise_lines(body.secret().expose());
                output.say(&format!("\n{body}"))?;
            }
        }
    }
    for sentence in remarks(signed) {
        output.warn(&sentence);
    }
    Ok(())
}

/// What whoever hands the request on is to know of it.
fn remarks(signed: &SignedRequest) -> Vec<String> {
    let mut said = vec![class_words(signed.class).to_owned()];
    let fields: Vec<String> = signed.carries.iter().map(|name| sanitise(name)).collect();
    if let Some((last, others)) = fields.split_last() {
        let names = if others.is_empty() {
            last.clone()
        } else {
            format!("{} and {last}", others.join(", "))
        };
        said.push(format!(
            "by the exchange's rules it carries {names} as recorded; everything else in it is \
             good for this request only"
        ));
    }
    said.extend(binding_words(signed.binding).map(str::to_owned));
    said
}

fn class_words(class: RequestClass) -> &'static str {
    match class {
        RequestClass::Read => "it reads and changes nothing",
        RequestClass::Cancel => "it takes orders back",
        RequestClass::Trade => "it trades",
        RequestClass::Transfer => "it moves money between accounts of the same owner",
        RequestClass::Withdraw => "it moves money out, or prepares it",
        RequestClass::AccountAdmin => "it changes keys, sub-accounts, allowlists or settings",
        RequestClass::Unknown => "what it does is not known here: count on the worst",
    }
}

fn binding_words(binding: RequestBinding) -> Option<&'static str> {
    match binding {
        RequestBinding::Whole => None,
        RequestBinding::NotMethod => {
            Some("the signature does not cover the method: it fits another one of the same path")
        }
        RequestBinding::NotBody => {
            Some("the signature does not cover the body: whoever has it can exchange that")
        }
        RequestBinding::NotParameters => Some(
            "the signature does not cover query and body: whoever has it can exchange them until \
             it runs out",
        ),
        RequestBinding::NotCall => Some(
            "the signature does not cover the call: until it runs out it fits every other call \
             that takes the same parameters",
        ),
    }
}
