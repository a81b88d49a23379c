//! Which keys a list is of, and getting all of its pages.

use strongroom_wire::{Environment, KeyFilter, KeyList, KeyPage, KeySort, KeyState, Verb, command};

use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::strip::strip;
use crate::table::Table;
use crate::{values, words};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which keys")]
pub(crate) struct Filter {
    /// Of this exchange
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// Of this exchange account
    #[arg(long, value_name = "LABEL")]
    account: Option<String>,
    /// Of this environment
    #[arg(long, value_name = "ENVIRONMENT", value_parser = values::environment())]
    environment: Option<Environment>,
    /// In this state
    #[arg(long, value_name = "STATE", value_parser = values::state())]
    state: Option<KeyState>,
    /// That may do this: granted or unknown
    #[arg(long, value_name = "VERB", value_parser = values::verb())]
    permission: Option<Verb>,
    /// With this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Held by this bot, tool, person or vendor
    #[arg(long, value_name = "NAME")]
    consumer: Option<String>,
    /// With this text in label, exchange, account, tags or consumers
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Only keys that may do more than they should
    #[arg(long)]
    over_permissive: bool,
    /// Only keys recorded as open to any address
    #[arg(long)]
    unrestricted: bool,
    /// Archived keys too
    #[arg(long)]
    all: bool,
    /// In which order
    #[arg(long, value_name = "ORDER", value_parser = values::sort())]
    sort: Option<KeySort>,
}

/// Room is made at once for no more rows than this, whatever the agent says will come.
const MOST_RESERVED: u32 = 100_000;

impl Filter {
    /// Every row that fits, through all pages.
    pub(crate) fn rows(self, days: Option<u32>, context: &mut Context) -> Result<KeyPage, Failure> {
        let is_archived = self.state == Some(KeyState::Archived);
        let filter = KeyFilter {
            text: self.text,
            exchange: self.exchange,
            account: self.account,
            environment: self.environment,
            state: self.state,
            permission: self.permission,
            tag: self.tag,
            consumer: self.consumer,
            due_within_days: days,
            archived: self.all || is_archived,
            over_permissive: self.over_permissive,
            unrestricted: self.unrestricted,
        };
        let mut whole = KeyPage {
            rows: Vec::new(),
            total: 0,
            next: Some(0),
        };
        while let Some(offset) = whole.next {
            let mut page = context.call::<command::list>(KeyList {
                filter: filter.clone(),
                sort: self.sort.unwrap_or_default(),
                offset,
                limit: u32::MAX,
            })?;
            whole.total = page.total;
            let total = page.total.min(MOST_RESERVED) as usize;
            whole.rows.reserve(total.saturating_sub(whole.rows.len()));
            // A page that does not move on would be asked for for ever.
            whole.next = page.next.filter(|next| *next > offset);
            whole.rows.append(&mut page.rows);
        }
        Ok(whole)
    }
}

/// The table of a list.
pub(crate) fn table(page: &KeyPage, output: Output, now: i64) -> String {
    let mut table = Table::new(&[
        "LABEL",
        "EXCHANGE",
        "ACCOUNT",
        "ENVIRONMENT",
        "STATE",
        "RSMDTWAK",
        "ALLOWLIST",
        "DUE",
        "CONSUMERS",
        "TAGS",
    ]);
    for row in &page.rows {
        let due = words::first_due(row).map(|(kind, due)| {
            let sentence = words::due_sentence(kind, due, now);
            match words::due_tone(due.days) {
                Some(tone) => output.paint(tone, &sentence),
                None => sentence,
            }
        });
        let mut state = match row.state {
            KeyState::Active => String::new(),
            other => words::state(other).to_owned(),
        };
        for (is, word) in [
            (row.compromised, "compromised"),
            (row.conflict, "conflict"),
            (!row.has_secret, "no secret"),
        ] {
            if is {
                let gap = if state.is_empty() { "" } else { ", " };
                state.push_str(gap);
                state.push_str(&output.paint(Tone::Red, word));
            }
        }
        let mut joined = [row.consumers.as_slice(), row.tags.as_slice()].map(|names| {
            names
                .iter()
                .map(|name| sanitise(name))
                .collect::<Vec<_>>()
                .join(", ")
        });
        table.row([
            sanitise(&row.label),
            sanitise(&row.exchange_name),
            sanitise(&row.account),
            words::environment(row.environment).to_owned(),
            state,
            strip(row, output),
            words::allowlist_summary(row.allowlist),
            due.unwrap_or_default(),
            std::mem::take(&mut joined[0]),
            std::mem::take(&mut joined[1]),
        ]);
    }
    table.print(output)
}
