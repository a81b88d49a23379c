//! `strongroom run`: starts a command with keys in its environment.
//!
//! Not here: starting and hearing the child (`supervise`), and taking secrets out of what it
//! prints (`mask`).

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use strongroom_formats::presets::{self, Preset};
use strongroom_formats::{ExchangeId, FieldName};
use strongroom_secret::SecretBytes;
use strongroom_wire::{
    Environment, ErrorCode, KeySelector, KeyState, KeyView, Revealed, Serve, command,
};

use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::mask::{Patterns, SHORTEST, forms};
use crate::supervise::{Variable, supervise};
use crate::words;

const AFTER: &str = "\
The fields become environment variables by preset:
  plain      API_KEY, API_SECRET, API_PASSPHRASE, and so on
  ccxt       BINANCE_APIKEY, BINANCE_SECRET, BINANCE_PASSWORD, by exchange
  freqtrade  FREQTRADE__EXCHANGE__KEY, __SECRET, __PASSWORD, and so on

The command starts only after a fresh code, and its start is in the audit log. Keys of different \
environments are never given to one command. Signals are passed on to it and its exit code is \
ours, 128+n if signal n ended it. If this program is killed, the command is told to end.

What others see: the values are never arguments and never in a file. But every program that runs \
as you can read them in /proc/PID/environ of the command for as long as it runs, and whatever the \
command starts inherits them.

Its standard output and error go through this program, which takes the values out of them: as \
they are, in hexadecimal, base64, percent-encoded and as JSON writes them. So for the command \
they are pipes and not a terminal; it may print without colour or in larger pieces. --no-mask \
hands it the terminal itself. Values shorter than 4 characters are not looked for.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of a key; repeat for more
    #[arg(long = "key", value_name = "LABEL", required = true)]
    keys: Vec<String>,
    /// Whose names the variables have
    #[arg(long = "as", value_name = "PRESET", default_value = "plain", value_parser = ["plain", "ccxt", "freqtrade"])]
    preset: String,
    /// Do not take the values out of what the command prints
    #[arg(long)]
    no_mask: bool,
    /// The command and its arguments, after `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What one key gives: which field goes into which variables.
type Plan = Vec<(usize, presets::VariableName)>;

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let preset = Preset::parse(&arguments.preset)
        .ok_or_else(|| Failure::invalid("there is no such preset"))?;
    let program = arguments
        .command
        .first()
        .ok_or_else(|| Failure::invalid("name a command after `--`"))?;
    if !can_be_found(program) {
        context
            .output
            .failure(&Failure::invalid("there is no such command"));
        return Ok(ExitCode::from(127));
    }
    let mut views = Vec::new();
    for key in arguments.keys {
        let view = context.call::<command::show>(KeySelector { key })?;
        check_usable(&view)?;
        views.push(view);
    }
    let environments: Vec<Environment> = views.iter().map(|view| view.row.environment).collect();
    check_environments(&environments)?;
    // Whatever the preset cannot do is told before a code is spent.
    for view in &views {
        let names: Vec<&str> = view
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        plan(preset, &view.row.exchange, &names)?;
    }

    let step_up = context.step_up(Proof::Code)?;
    let served = context.call::<command::serve>(Serve {
        keys: views.iter().map(|view| view.row.id.clone()).collect(),
        program: program_name(program),
        step_up: Some(step_up),
    })?;
    // What counts is what was given, not what was shown before.
    let environments: Vec<Environment> = served.keys.iter().map(|key| key.environment).collect();
    check_environments(&environments)?;
    let patterns = if arguments.no_mask {
        None
    } else {
        Some(patterns_of(&served.keys, context))
    };
    let mut names = Vec::new();
    let mut variables: Vec<Variable> = Vec::new();
    for key in served.keys {
        for variable in variables_of(preset, key)? {
            add_name(&mut names, &variable.name)?;
            variables.push(variable);
        }
    }
    supervise(&arguments.command, variables, patterns)
}

fn check_usable(view: &KeyView) -> Result<(), Failure> {
    if matches!(view.row.state, KeyState::Revoked | KeyState::Archived) {
        let state = words::state(view.row.state);
        return Err(Failure::refused(format!(
            "a key is {state}: nothing is started with it"
        )));
    }
    if view.fields.is_empty() {
        return Err(Failure::new(
            ErrorCode::NotFound,
            "a key has no secret here: it is recorded without one, or it was purged",
        ));
    }
    Ok(())
}

fn check_environments(environments: &[Environment]) -> Result<(), Failure> {
    let mut named: Vec<&str> = environments
        .iter()
        .map(|one| words::environment(*one))
        .collect();
    named.dedup();
    if named.len() > 1 {
        return Err(Failure::refused(format!(
            "the keys are of different environments ({}): a command gets keys of one",
            named.join(" and ")
        )));
    }
    Ok(())
}

/// Two keys must not want the same variable: one would silently win.
fn add_name(names: &mut Vec<String>, name: &str) -> Result<(), Failure> {
    if names.iter().any(|known| known == name) {
        return Err(Failure::refused(format!(
            "two of the keys would both be {name}; --as ccxt has the exchange in its names, or \
             start two commands"
        )));
    }
    names.push(name.to_owned());
    Ok(())
}

fn plan(preset: Preset, exchange: &str, fields: &[&str]) -> Result<Plan, Failure> {
    let exchange = ExchangeId::parse(exchange)
        .map_err(|_| Failure::invalid("the exchange's id cannot stand in a variable's name"))?;
    presets::variables(preset, &exchange, fields)
        .map_err(|problem| Failure::refused(format!("{problem} (fields are counted from 0)")))
}

fn variables_of(preset: Preset, key: Revealed) -> Result<Vec<Variable>, Failure> {
    let names: Vec<&str> = key.fields.iter().map(|field| field.name.as_str()).collect();
    let plan = plan(preset, &key.exchange, &names)?;
    let mut variables = Vec::new();
    for (index, name) in plan {
        let field = &key.fields[index];
        if let Some(known) = FieldName::parse(&field.name) {
            presets::check_value(preset, known, field.value.secret())
                .map_err(|problem| Failure::refused(problem.to_string()))?;
        }
        // EXPOSE: a copy for the child's environment; a field may have two variables.
        let value = field.value.secret().expose().to_owned();
        variables.push(Variable {
            name: name.as_str().to_owned(),
            value: strongroom_secret::SecretText::new(value),
        });
    }
    Ok(variables)
}

fn patterns_of(keys: &[Revealed], context: &Context) -> Patterns {
    let mut all = Vec::new();
    for field in keys.iter().flat_map(|key| &key.fields) {
        // EXPOSE: what the output is searched for.
        let value = SecretBytes::new(field.value.secret().expose().as_bytes().to_vec());
        if value.len() < SHORTEST {
            context.output.warn(&format!(
                "{} is shorter than {SHORTEST} characters and not masked",
                crate::sanitise::sanitise(&field.name)
            ));
            continue;
        }
        all.extend(forms(&value));
    }
    Patterns::new(all)
}

/// For the audit log: the name alone, never the arguments.
fn program_name(program: &OsString) -> String {
    let name = Path::new(program).file_name().unwrap_or(program);
    name.to_string_lossy().into_owned()
}

/// As the system will look for it: by path, or through PATH.
fn can_be_found(program: &OsString) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 || path.is_absolute() {
        return path.exists();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(path).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_never_mixed() {
        let one = [Environment::Testnet, Environment::Testnet];
        assert!(check_environments(&one).is_ok());
        assert!(check_environments(&[]).is_ok());
        for mixed in [
            [Environment::Production, Environment::Testnet],
            [Environment::Demo, Environment::Production],
        ] {
            let refused = check_environments(&mixed).expect_err("refused");
            assert_eq!(refused.code(), ErrorCode::Refused);
        }
    }

    #[test]
    fn presets_name_the_variables() {
        for (preset, names) in [
            (Preset::Plain, &["API_KEY", "API_SECRET"][..]),
            (Preset::Ccxt, &["BINANCE_APIKEY", "BINANCE_SECRET"]),
        ] {
            let plan = plan(preset, "binance", &["apiKey", "secret"]).expect("a plan");
            let found: Vec<&str> = plan.iter().map(|(_, name)| name.as_str()).collect();
            assert_eq!(found, names);
        }
        assert!(plan(Preset::Freqtrade, "binance", &["apiKey"]).is_err());
    }

    #[test]
    fn a_command_is_looked_for_as_the_system_does() {
        for (program, found) in [
            ("sh", true),
            ("/bin/sh", true),
            ("./no-such-thing-here", false),
            ("no-such-thing-here", false),
        ] {
            assert_eq!(can_be_found(&OsString::from(program)), found, "{program}");
        }
        assert_eq!(program_name(&OsString::from("/usr/bin/env")), "env");
    }
}
