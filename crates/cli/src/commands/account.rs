//! `strongroom account`: what happens to an exchange account and concerns its keys.

use std::process::ExitCode;

use strongroom_wire::{AccountKeys, AccountPassword, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::when::{Moment, parse_moment};
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The account's password was changed at the exchange: say which keys end for it, and when
    PasswordChanged {
        /// Label of the account
        account: String,
        /// Its exchange
        #[arg(long, value_name = "EXCHANGE")]
        exchange: String,
        /// When; now without it
        #[arg(long, value_name = "DATE", value_parser = parse_moment)]
        at: Option<Moment>,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let What::PasswordChanged {
        account,
        exchange,
        at,
    } = arguments.what;
    let keys = context.call::<command::account_password>(AccountPassword {
        exchange,
        account,
        at_ms: at.map_or_else(now_ms, |at| at.0),
    })?;
    let output = context.output;
    output.result(&keys, |keys| page(keys, output, now_ms()))?;
    Ok(ExitCode::SUCCESS)
}

fn page(keys: &AccountKeys, output: Output, now: i64) -> String {
    let mut table = Table::new(&["KEY", "ENDS"]);
    for key in &keys.keys {
        let ends = match &key.ends {
            Some(due) => words::due(due, now),
            None => "not known to end for it".to_owned(),
        };
        table.row([sanitise(&key.label), ends]);
    }
    table.print(output)
}
