//! `strongroom add`: records a key.

use std::process::ExitCode;

use strongroom_wire::{Allowlist, Environment, KeyAdd, KeyType, command};

use super::fields::{self, Fields};
use super::record::{AllowlistArguments, Declared, Expiry};
use crate::ask::Terminal;
use crate::failure::Failure;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::when::{Moment, parse_moment};
use crate::{strip, values};

const AFTER: &str = "\
What is not given is asked on the terminal, secret fields without echo. Without a terminal the \
label, --exchange and --account are needed, and the fields through --field-fd or --fields-fd, or \
--no-secret for a key whose secret is held elsewhere.

Example, in bash:
  strongroom add binance-grid --exchange binance --account main \\
    --allow read,spot --deny withdraw --allowlist 203.0.113.14=VPS-1 \\
    --field-fd apiKey=3 --field-fd secret=4 3<key.txt 4<secret.txt";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Name of the key, unique in the vault
    label: Option<String>,
    /// Exchange, such as binance, bybit, okx, kraken
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// Label of the exchange account; made if there is none of that name
    #[arg(long, value_name = "LABEL")]
    account: Option<String>,
    /// Environment of the exchange
    #[arg(
        long,
        value_name = "ENVIRONMENT",
        default_value = "production",
        value_parser = values::environment()
    )]
    environment: Environment,
    /// What kind of key it is; by the exchange without it
    #[arg(long = "type", value_name = "TYPE", value_parser = values::key_type())]
    key_type: Option<KeyType>,
    #[command(flatten)]
    declared: Declared,
    #[command(flatten)]
    allowlist: AllowlistArguments,
    #[command(flatten)]
    expiry: Expiry,
    /// Days between rotations; without it the class decides: withdraw 30, trade 90, read 180
    #[arg(long, value_name = "DAYS", help_heading = "Expiry")]
    rotation_days: Option<u32>,
    /// When the key was made at the exchange; now without it
    #[arg(long, value_name = "DATE", value_parser = parse_moment, help_heading = "Expiry")]
    created: Option<Moment>,
    /// What it is for: tracker, bot, treasury, tax …
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Bots, tools, people and vendors that hold it, by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    consumer: Vec<String>,
    /// Tags, by commas
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    tag: Vec<String>,
    /// Notes; never a secret: they are shown
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    #[command(flatten)]
    fields: Fields,
    /// Record the key without its secret
    #[arg(long, conflicts_with_all = ["field_fd", "fields_fd"], help_heading = "Secret fields")]
    no_secret: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let mut declared = strip::unknown();
    arguments.declared.apply(&mut declared)?;
    let allowlist = if arguments.allowlist.allowlist.is_empty() {
        Allowlist::Unknown {}
    } else {
        values::allowlist(arguments.allowlist.allowlist).map_err(Failure::invalid)?
    };
    context.open_vault()?;

    let label = given_or_asked(arguments.label, "Label", "name the key")?;
    let exchange = given_or_asked(arguments.exchange, "Exchange", "give --exchange")?;
    let account = given_or_asked(arguments.account, "Account", "give --account")?;
    let key_type = arguments.key_type.unwrap_or_else(|| usual_type(&exchange));
    let fields = if arguments.no_secret {
        Vec::new()
    } else if arguments.fields.is_given() {
        arguments.fields.read(context)?
    } else {
        let mut terminal = Terminal::required(
            "give the secret through --field-fd NAME=N or --fields-fd N, or say --no-secret",
        )?;
        fields::ask(&mut terminal, key_type)?
    };

    let shown = sanitise(&label);
    let added = context.call::<command::add>(KeyAdd {
        label,
        exchange,
        account,
        environment: arguments.environment,
        key_type,
        fields,
        declared,
        native_permissions: arguments.declared.native_permission,
        allowlist,
        expiry: arguments.expiry.causes(),
        rotation_days: arguments.rotation_days,
        created_ms: arguments.created.map(|at| at.0),
        purpose: arguments.purpose,
        owner: arguments.owner,
        consumers: arguments.consumer,
        tags: arguments.tag,
        notes: arguments.notes,
    })?;
    if !context.output.json {
        for warning in &added.warnings {
            context.output.warn(&sanitise(warning));
        }
    }
    context
        .output
        .done(&added, |_| format!("Recorded {shown}."))?;
    Ok(ExitCode::SUCCESS)
}

fn given_or_asked(given: Option<String>, prompt: &str, instead: &str) -> Result<String, Failure> {
    if let Some(given) = given {
        return Ok(given);
    }
    let answer = Terminal::required(instead)?.question(&format!("{prompt}: "))?;
    if answer.is_empty() {
        return Err(Failure::invalid(format!("nothing was typed; {instead}")));
    }
    Ok(answer)
}

/// Exchanges whose keys have a passphrase; anything else is asked for key and secret.
fn usual_type(exchange: &str) -> KeyType {
    match exchange.to_lowercase().as_str() {
        "okx" | "kucoin" | "bitget" => KeyType::Passphrase,
        "hyperliquid" | "dydx" => KeyType::AgentWallet,
        _ => KeyType::Hmac,
    }
}
