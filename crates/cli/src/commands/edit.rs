//! `strongroom edit`: changes what is recorded of a key, all of it or nothing.

use std::process::ExitCode;

use strongroom_wire::{
    Change, Environment, KeyEdit, KeySelector, KeyState, KeyType, KeyView, SecretSet, Tri, Verb,
    command,
};

use super::fields::{self, Fields};
use super::record::{AllowlistArguments, Declared, Expiry};
use super::show;
use crate::ask::Terminal;
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::when::{Moment, parse_moment};
use crate::{strip, values};

const AFTER: &str = "\
What is not named stays as it is. The changes are made together or not at all; a new secret is \
recorded after them, as a version of its own, and the one before it is kept as revoked until it \
is purged.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
    /// Another label
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// Another exchange
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// Another exchange account
    #[arg(long, value_name = "LABEL")]
    account: Option<String>,
    /// Another environment
    #[arg(long, value_name = "ENVIRONMENT", value_parser = values::environment())]
    environment: Option<Environment>,
    /// Another kind of key
    #[arg(long = "type", value_name = "TYPE", value_parser = values::key_type())]
    key_type: Option<KeyType>,
    /// Another state
    #[arg(long, value_name = "STATE", value_parser = values::state())]
    state: Option<KeyState>,
    #[command(flatten)]
    declared: Declared,
    /// It is not known whether the key may do this
    #[arg(
        long,
        value_name = "VERBS",
        value_delimiter = ',',
        value_parser = values::verb(),
        help_heading = "Permissions"
    )]
    unknown: Vec<Verb>,
    #[command(flatten)]
    allowlist: AllowlistArguments,
    #[command(flatten)]
    expiry: Expiry,
    /// No expiry is recorded any more
    #[arg(long, help_heading = "Expiry")]
    no_expiry: bool,
    /// Days between rotations
    #[arg(long, value_name = "DAYS", help_heading = "Expiry")]
    rotation_days: Option<u32>,
    /// Days between rotations as its class has them
    #[arg(long, conflicts_with = "rotation_days", help_heading = "Expiry")]
    rotation_default: bool,
    /// When the key was made at the exchange
    #[arg(long, value_name = "DATE", value_parser = parse_moment, help_heading = "Expiry")]
    created: Option<Moment>,
    /// When the key was last used
    #[arg(long, value_name = "DATE", value_parser = parse_moment, help_heading = "Expiry")]
    last_used: Option<Moment>,
    /// What it is for; empty for nothing
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Who answers for it; empty for nobody
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Who holds it, in place of those recorded, by commas; empty for nobody
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    consumer: Option<Vec<String>>,
    /// Somebody more holds it
    #[arg(long, value_name = "NAME", conflicts_with = "consumer")]
    add_consumer: Vec<String>,
    /// Somebody holds it no more
    #[arg(long, value_name = "NAME", conflicts_with = "consumer")]
    remove_consumer: Vec<String>,
    /// Tags in place of those recorded, by commas; empty for none
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    tag: Option<Vec<String>>,
    /// A tag more
    #[arg(long, value_name = "TAG", conflicts_with = "tag")]
    add_tag: Vec<String>,
    /// A tag less
    #[arg(long, value_name = "TAG", conflicts_with = "tag")]
    remove_tag: Vec<String>,
    /// Notes in place of those recorded; empty for none
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// The key is compromised, since this moment or now
    #[arg(
        long,
        value_name = "DATE",
        num_args = 0..=1,
        default_missing_value = "now",
        value_parser = parse_moment
    )]
    compromised: Option<Moment>,
    /// The key is not compromised after all
    #[arg(long, conflicts_with = "compromised")]
    not_compromised: bool,
    /// Of the values in conflict this one holds: its id, as `show` gives it
    #[arg(long, value_name = "ID")]
    resolve: Vec<String>,
    #[command(flatten)]
    fields: Fields,
    /// Type a new secret on the terminal
    #[arg(long, conflicts_with_all = ["field_fd", "fields_fd"], help_heading = "Secret fields")]
    secret: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let key = arguments.key.clone();
    let sets_secret = arguments.secret || arguments.fields.is_given();
    let before = if needs_present_values(&arguments) || arguments.secret {
        Some(context.call::<command::show>(KeySelector { key: key.clone() })?)
    } else {
        None
    };
    // Read before anything is changed: a descriptor that gives nothing then changes nothing.
    let new_fields = if arguments.fields.is_given() {
        arguments.fields.read(context)?
    } else if arguments.secret {
        let kind = arguments
            .key_type
            .or(before.as_ref().map(|view| view.key_type))
            .unwrap_or(KeyType::Hmac);
        let mut terminal = Terminal::required("give it through --field-fd NAME=N")?;
        fields::ask(&mut terminal, kind)?
    } else {
        Vec::new()
    };
    if sets_secret && new_fields.is_empty() {
        return Err(Failure::invalid("no field was given; nothing was changed"));
    }
    let changes = changes(arguments, before.as_ref())?;
    if changes.is_empty() && !sets_secret {
        return Err(Failure::invalid(
            "nothing to change was named; see `strongroom edit --help`",
        ));
    }

    let mut view = None;
    let mut id = key;
    if !changes.is_empty() {
        let changed = context.call::<command::edit>(KeyEdit { key: id, changes })?;
        id = changed.row.id.clone();
        view = Some(changed);
    }
    if sets_secret {
        view = Some(context.call::<command::secret_set>(SecretSet {
            key: id,
            fields: new_fields,
        })?);
    }
    if let Some(view) = view {
        context
            .output
            .done(&view, |view| show::page(view, context.output, now_ms()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a change is relative to what is recorded.
fn needs_present_values(arguments: &Arguments) -> bool {
    arguments.declared.is_given()
        || !arguments.unknown.is_empty()
        || !arguments.add_consumer.is_empty()
        || !arguments.remove_consumer.is_empty()
        || !arguments.add_tag.is_empty()
        || !arguments.remove_tag.is_empty()
}

fn changes(arguments: Arguments, before: Option<&KeyView>) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let text = |value: String| Some(value).filter(|value| !value.is_empty());
    let listed = |values: Vec<String>| -> Vec<String> {
        values
            .into_iter()
            .filter(|value| !value.is_empty())
            .collect()
    };
    changes.extend(arguments.label.map(|value| Change::Label { value }));
    changes.extend(arguments.exchange.map(|value| Change::Exchange { value }));
    changes.extend(arguments.account.map(|value| Change::Account { value }));
    changes.extend(
        arguments
            .environment
            .map(|value| Change::Environment { value }),
    );
    changes.extend(arguments.key_type.map(|value| Change::KeyType { value }));
    changes.extend(arguments.state.map(|value| Change::State { value }));

    let mut declared = before.map_or_else(strip::unknown, |view| view.row.declared);
    if arguments.declared.is_given() || !arguments.unknown.is_empty() {
        arguments.declared.apply(&mut declared)?;
        for verb in &arguments.unknown {
            strip::set(&mut declared, *verb, Tri::Unknown);
        }
        changes.push(Change::Declared { value: declared });
    }
    if !arguments.declared.native_permission.is_empty() {
        changes.push(Change::NativePermissions {
            value: arguments.declared.native_permission,
        });
    }
    if !arguments.allowlist.allowlist.is_empty() {
        let value = values::allowlist(arguments.allowlist.allowlist).map_err(Failure::invalid)?;
        changes.push(Change::Allowlist { value });
    }
    let causes = arguments.expiry.causes();
    match (arguments.no_expiry, causes.is_empty()) {
        (true, false) => {
            return Err(Failure::invalid(
                "--no-expiry and an expiry exclude each other",
            ));
        }
        (false, true) => {}
        (_, _) => changes.push(Change::Expiry { value: causes }),
    }
    if arguments.rotation_days.is_some() || arguments.rotation_default {
        changes.push(Change::Rotation {
            days: arguments.rotation_days,
        });
    }
    changes.extend(arguments.created.map(|at| Change::Created { at_ms: at.0 }));
    changes.extend(
        arguments
            .last_used
            .map(|at| Change::LastUsed { at_ms: at.0 }),
    );
    changes.extend(
        arguments
            .purpose
            .map(|value| Change::Purpose { value: text(value) }),
    );
    changes.extend(
        arguments
            .owner
            .map(|value| Change::Owner { value: text(value) }),
    );
    changes.extend(
        arguments
            .notes
            .map(|value| Change::Notes { value: text(value) }),
    );

    let held = before
        .map(|view| view.row.consumers.clone())
        .unwrap_or_default();
    let consumers = arguments.consumer.map(listed);
    let consumers =
        consumers.or_else(|| revised(held, arguments.add_consumer, &arguments.remove_consumer));
    changes.extend(consumers.map(|value| Change::Consumers { value }));
    let tagged = before.map(|view| view.row.tags.clone()).unwrap_or_default();
    let tags = arguments.tag.map(listed);
    let tags = tags.or_else(|| revised(tagged, arguments.add_tag, &arguments.remove_tag));
    changes.extend(tags.map(|value| Change::Tags { value }));

    if arguments.compromised.is_some() || arguments.not_compromised {
        changes.push(Change::Compromised {
            since_ms: arguments.compromised.map(|at| at.0),
        });
    }
    changes.extend(
        arguments
            .resolve
            .into_iter()
            .map(|write_id| Change::Resolve { write_id }),
    );
    Ok(changes)
}

/// `None` if nothing is added or removed.
fn revised(mut names: Vec<String>, more: Vec<String>, less: &[String]) -> Option<Vec<String>> {
    if more.is_empty() && less.is_empty() {
        return None;
    }
    names.retain(|name| !less.contains(name));
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}
