//! `strongroom holds`: which keys somebody holds, or ever held.

use std::process::ExitCode;

use strongroom_wire::{HeldAsk, HeldKeys, KeysOf, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
What can withdraw comes first, then what trades; of equals what has no allowlist, then the oldest \
secret: the order in which to act. --ever counts what was held once, and retired keys.";

/// Whose keys are meant.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Whose {
    /// Of every consumer of this vendor
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// Of this bot, tool, person or host
    #[arg(long, value_name = "NAME")]
    consumer: Option<String>,
    /// What this person owns, holds or gave to somebody
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// What trusts this address or host, or runs there
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    /// Of this exchange
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// This key, by label or id; several may be named
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// Every key
    #[arg(long)]
    all: bool,
}

impl Whose {
    pub(crate) fn keys_of(self) -> KeysOf {
        let vendor = self.vendor.map(|name| KeysOf::Vendor { name });
        let consumer = self.consumer.map(|name| KeysOf::Consumer { name });
        let person = self.person.map(|name| KeysOf::Person { name });
        let host = self.host.map(|name| KeysOf::Host { name });
        let exchange = self.exchange.map(|name| KeysOf::Exchange { name });
        let keys = Some(self.key).filter(|keys| !keys.is_empty());
        let keys = keys.map(|keys| KeysOf::Keys { keys });
        vendor
            .or(consumer)
            .or(person)
            .or(host)
            .or(exchange)
            .or(keys)
            .unwrap_or(KeysOf::All {})
    }
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(flatten)]
    whose: Whose,
    /// Also what was held once, and retired keys
    #[arg(long)]
    ever: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let held = all(arguments.whose.keys_of(), arguments.ever, context)?;
    let output = context.output;
    output.result(&held, |held| table(held, output))?;
    Ok(ExitCode::SUCCESS)
}

/// All pages in one.
pub(crate) fn all(whose: KeysOf, ever: bool, context: &mut Context) -> Result<HeldKeys, Failure> {
    let ask = |offset| HeldAsk {
        whose: whose.clone(),
        ever,
        offset,
    };
    let mut whole = context.call::<command::keys_of>(ask(0))?;
    while let Some(offset) = whole.next {
        let mut page = context.call::<command::keys_of>(ask(offset))?;
        whole.keys.append(&mut page.keys);
        whole.next = page.next;
    }
    Ok(whole)
}

fn table(held: &HeldKeys, output: Output) -> String {
    if held.keys.is_empty() {
        return "No key.".to_owned();
    }
    let mut table = Table::new(&["KEY", "EXCHANGE", "MAY", "ALLOWLIST", "STATE", "HELD BY"]);
    for key in &held.keys {
        let holds: Vec<String> = key
            .holds
            .iter()
            .map(|hold| {
                let name = sanitise(&hold.consumer);
                if hold.still {
                    name
                } else {
                    format!("{name} (before)")
                }
            })
            .collect();
        table.row([
            sanitise(&key.label),
            sanitise(&key.exchange_name),
            sanitise(&key.class),
            words::allowlist_summary(key.allowlist),
            words::state(key.state).to_owned(),
            holds.join(", "),
        ]);
    }
    table.print(output)
}
