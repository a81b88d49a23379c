//! `strongroom share`: what goes to whom as one file.

use std::fs::OpenOptions;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{
    ContactState, ErrorCode, ShareAsk, ShareEvent, ShareHistoryAsk, ShareKeyRow, ShareMade,
    ShareMake, SharePreview, SharePreviewAsk, ShareRole, ShareScope, ShareWay, command,
};

use crate::clock::now_ms;
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::values;
use crate::when::{DAY_MS, Moment, parse_end};
use crate::words;

const AFTER: &str = "\
The file is encrypted to the recipients and signed by you. It holds what is recorded of the keys, \
and of their secrets those that the role may have: an auditor none, a viewer those of keys that \
only read, a trader those of keys that read or trade, an admin all. What a key may do at most \
counts, and what is not known counts as the right to withdraw.

What somebody was given they have for good. Taking it back means rotating the keys: `strongroom \
offboard` says which.

  strongroom share make --to Bob --out for-bob.strongshare
  strongroom share make --to Bob --to Dora --role viewer --tag desk --expires 7d --out desk.strongshare";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// Which keys are meant.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Scope {
    /// Keys with this tag; repeat for more
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Keys of the exchange accounts of this label; repeat for more
    #[arg(long, value_name = "LABEL")]
    account: Vec<String>,
    /// This key, by label or id; repeat for more
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// Every key, also those recorded later
    #[arg(long, conflicts_with_all = ["tag", "account", "key"])]
    all: bool,
}

impl Scope {
    /// `None` where nothing was named.
    pub(super) fn scope(self) -> Option<ShareScope> {
        let named = !(self.tag.is_empty() && self.account.is_empty() && self.key.is_empty());
        (named || self.all).then_some(ShareScope {
            all: self.all,
            tags: self.tag,
            accounts: self.account,
            keys: self.key,
        })
    }
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a share, after saying who would get what
    Make(Make),
    /// Shares that were made and imported
    List,
}

#[derive(Debug, clap::Args)]
struct Make {
    /// A contact it goes to; repeat for more
    #[arg(long, value_name = "NAME")]
    to: Vec<String>,
    /// The role it is for, where it is not the one the recipients have
    #[arg(long, value_name = "ROLE", value_parser = values::share_role())]
    role: Option<ShareRole>,
    #[command(flatten)]
    scope: Scope,
    /// With the values and secrets that were replaced
    #[arg(long)]
    with_history: bool,
    /// From when on it is not imported any more: a date, or so many days such as 7d
    #[arg(long, value_name = "DATE|DAYS", value_parser = parse_expiry)]
    expires: Option<Moment>,
    /// Also under a passphrase that is made for it; without --to under that alone
    #[arg(long)]
    passphrase: bool,
    /// The file, which must not be there yet
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Say who would get what, and stop
    #[arg(long)]
    dry_run: bool,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

/// `share make --json`.
#[derive(Debug, Serialize)]
struct Outcome {
    preview: SharePreview,
    /// Absent after a dry run.
    made: Option<MadeView>,
}

#[derive(Debug, Serialize)]
struct MadeView {
    file: String,
    #[serde(flatten)]
    share: ShareMade,
}

fn parse_expiry(text: &str) -> Result<Moment, String> {
    let days = text
        .strip_suffix('d')
        .and_then(|days| days.parse::<i64>().ok());
    match days {
        Some(days @ 1..=3650) => Ok(Moment(now_ms() + days * DAY_MS)),
        Some(_) => Err("between 1 and 3650 days".to_owned()),
        None => parse_end(text),
    }
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what {
        What::Make(make) => run_make(make, context)?,
        What::List => {
            let events = history(context)?;
            let output = context.output;
            output.result(&events, |events| history_table(events, output))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn run_make(make: Make, context: &mut Context) -> Result<(), Failure> {
    let output = context.output;
    let ask = ShareAsk {
        to: make.to,
        role: make.role,
        scope: make.scope.scope(),
        history: make.with_history,
        expires_ms: make.expires.map(|at| at.0),
        passphrase: make.passphrase,
    };
    let preview = whole_preview(&ask, context)?;
    if !output.json && (make.dry_run || !output.quiet) {
        output.say(page(&preview, output).trim_end())?;
    }
    let mut outcome = Outcome {
        preview,
        made: None,
    };
    if let (Some(path), false) = (make.out, make.dry_run) {
        confirm(make.yes, &to_confirm(&outcome.preview), "share")?;
        let agreed = outcome.preview.agreed.clone();
        let made = written(&path, ask, agreed, context)?;
        if !output.json {
            say_made(&path, &made, output)?;
        }
        outcome.made = Some(MadeView {
            file: path.to_string_lossy().into_owned(),
            share: made,
        });
    }
    if output.json {
        output.json(&outcome)?;
    }
    Ok(())
}

/// Makes one share into a new file of its owner alone. `agreed` is of the preview that was shown.
pub(super) fn written(
    path: &Path,
    share: ShareAsk,
    agreed: String,
    context: &mut Context,
) -> Result<ShareMade, Failure> {
    // Found out before a code is spent.
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| Failure::file("the file for the share cannot be made", &error))?;
    let made = context.step_up(Proof::Code).and_then(|step_up| {
        let make = ShareMake {
            share,
            agreed,
            step_up: Some(step_up),
        };
        context.call_with_file::<command::share_make>(make, file.as_fd())
    });
    if made.is_err() {
        // Nothing, or half of something, is in it.
        let _ = std::fs::remove_file(path);
    }
    made
}

fn say_made(path: &Path, made: &ShareMade, output: Output) -> Result<(), Failure> {
    let secrets = words::plural(i64::from(made.secrets), "secret");
    let keys = words::plural(i64::from(made.keys), "key");
    let file = sanitise(&path.to_string_lossy());
    output.say(&format!("\nWrote {keys} with {secrets} to {file}."))?;
    if let Some(passphrase) = &made.passphrase {
        // EXPOSE: the person tells it to the recipient; it is shown this once.
        let words = passphrase.secret().expose();
        output.say(&format!(
            "\nThe passphrase, to be told by another way than the file goes; it is not shown \
             again:\n\n  {words}"
        ))?;
    }
    Ok(())
}

pub(super) fn whole_preview(
    ask: &ShareAsk,
    context: &mut Context,
) -> Result<SharePreview, Failure> {
    let from = |offset| SharePreviewAsk {
        share: ask.clone(),
        offset,
    };
    let mut preview = context.call::<command::share_preview>(from(0))?;
    while let Some(next) = preview.next {
        let mut page = context.call::<command::share_preview>(from(next))?;
        if page.agreed != preview.agreed {
            return Err(Failure::new(
                ErrorCode::Refused,
                "what would be shared changed while it was listed; make the share again",
            ));
        }
        preview.keys.append(&mut page.keys);
        preview.next = page.next.filter(|further| *further > next);
    }
    Ok(preview)
}

pub(super) fn to_confirm(preview: &SharePreview) -> String {
    let who = match preview.recipients.len() {
        0 => "whoever has the passphrase".to_owned(),
        _ => {
            let names = preview.recipients.iter().map(|one| sanitise(&one.name));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    let secrets: u32 = preview.classes.iter().map(|one| one.secrets).sum();
    let secrets = words::plural(i64::from(secrets), "secret");
    format!("\nThis goes to {who}, with {secrets}, for good.")
}

pub(super) fn role_word(role: ShareRole) -> &'static str {
    match role {
        ShareRole::Auditor => "auditor",
        ShareRole::Viewer => "viewer",
        ShareRole::Trader => "trader",
        ShareRole::Admin => "admin",
    }
}

pub(super) fn page(preview: &SharePreview, output: Output) -> String {
    let mut text = format!(
        "For the role {}: {}.\n",
        role_word(preview.role),
        sanitise(&preview.scope_words)
    );
    if !preview.recipients.is_empty() {
        let mut table = Table::new(&["TO", "STATE", "FINGERPRINT"]);
        for one in &preview.recipients {
            let state = super::contact::state_word(one.state);
            let state = match one.state {
                ContactState::Verified => state.to_owned(),
                _ => output.paint(Tone::Amber, state),
            };
            table.row([sanitise(&one.name), state, one.fingerprint.clone()]);
        }
        text.push_str(&format!("\n{}", table.print(output)));
    }
    let mut table = Table::new(&["CLASS", "KEYS", "SECRETS", "WHO HAS ONE COULD"]);
    for one in &preview.classes {
        table.row([
            one.class.clone(),
            one.keys.to_string(),
            one.secrets.to_string(),
            match one.secrets {
                0 => String::new(),
                _ => one.could.clone(),
            },
        ]);
    }
    text.push_str(&format!("\n{}", table.print(output)));
    let mut table = Table::new(&["KEY", "EXCHANGE", "ACCOUNT", "CLASS", "SECRET"]);
    for one in &preview.keys {
        table.row(key_cells(one));
    }
    text.push_str(&format!("\n{}", table.print(output)));
    for note in &preview.notes {
        text.push_str(&format!("\n{}\n", sanitise(note)));
    }
    text
}

fn key_cells(one: &ShareKeyRow) -> [String; 5] {
    [
        sanitise(&one.label),
        sanitise(&one.exchange_name),
        sanitise(&one.account),
        one.class.clone(),
        match one.secrets {
            0 => "stays here".to_owned(),
            1 => "goes along".to_owned(),
            many => format!("{many} go along"),
        },
    ]
}

fn history(context: &mut Context) -> Result<Vec<ShareEvent>, Failure> {
    let mut events = Vec::new();
    let mut offset = 0;
    loop {
        let mut page = context.call::<command::share_history>(ShareHistoryAsk { offset })?;
        events.append(&mut page.shares);
        match page.next.filter(|next| *next > offset) {
            Some(next) => offset = next,
            None => return Ok(events),
        }
    }
}

fn history_table(events: &[ShareEvent], output: Output) -> String {
    if events.is_empty() {
        return "Nothing was shared yet.".to_owned();
    }
    let mut table = Table::new(&[
        "WHEN", "WAY", "WHO", "ROLE", "WHAT", "KEYS", "SECRETS", "UNDO",
    ]);
    for one in events {
        let way = match one.way {
            ShareWay::Made => "to",
            ShareWay::Imported => "from",
        };
        let who = match one.who.is_empty() {
            true => "whoever has the passphrase".to_owned(),
            false => words::names(&one.who),
        };
        table.row([
            words::moment(one.at_ms),
            way.to_owned(),
            who,
            role_word(one.role).to_owned(),
            sanitise(&one.scope_words),
            one.keys.to_string(),
            one.secrets.to_string(),
            one.batch.clone().unwrap_or_default(),
        ]);
    }
    table.print(output)
}
