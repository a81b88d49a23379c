//! Which keys a list is of, getting all of its pages, and printing them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use strongroom_client::odd_reply;
use strongroom_wire::{Environment, KeyFilter, KeyList, KeyRow, KeySort, KeyState, Verb, command};

use crate::clock::now_ms;
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

/// A `KeyPage` whose rows are left as the agent wrote them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnreadPage {
    rows: Vec<Box<RawValue>>,
    total: u32,
    next: Option<u32>,
}

impl Filter {
    /// Prints every row that fits: as JSON where that was asked for, else as a table, or as `none`
    /// where there is no row.
    pub(crate) fn print(
        self,
        days: Option<u32>,
        context: &mut Context,
        none: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let output = context.output;
        if output.json {
            // Rows in the agent's JSON are the rows to print: a long list is not taken apart only
            // to be put together again.
            let mut whole = UnreadPage {
                rows: Vec::new(),
                total: 0,
                next: None,
            };
            self.pages(days, context, |mut page| {
                whole.total = page.total;
                let total = page.total.min(MOST_RESERVED) as usize;
                whole.rows.reserve(total.saturating_sub(whole.rows.len()));
                whole.rows.append(&mut page.rows);
            })?;
            return output.json(&whole);
        }
        let now = now_ms();
        let (mut table, mut is_empty, mut is_odd) = (table(), true, false);
        self.pages(days, context, |page| {
            for row in &page.rows {
                match serde_json::from_str(row.get()) {
                    Ok(row) => table.row(cells(&row, output, now)),
                    Err(_) => is_odd = true,
                }
                is_empty = false;
            }
        })?;
        if is_odd {
            return Err(odd_reply().into());
        }
        let text = if is_empty {
            none()
        } else {
            table.print(output)
        };
        output.say(text.trim_end_matches('\n'))
    }

    /// Every page of what fits. A page is read while the agent makes the next one.
    fn pages(
        self,
        days: Option<u32>,
        context: &mut Context,
        take: impl FnMut(UnreadPage),
    ) -> Result<(), Failure> {
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
        let sort = self.sort.unwrap_or_default();
        let page_from = |offset| KeyList {
            filter: filter.clone(),
            sort,
            offset,
            limit: u32::MAX,
        };
        let mut asked_from = 0;
        context.call_pages::<command::list, UnreadPage>(
            page_from(0),
            |page| {
                // A page that does not move on would be asked for for ever.
                let next = page.next.filter(|next| *next > asked_from)?;
                asked_from = next;
                Some(page_from(next))
            },
            take,
        )
    }
}

/// The table of a list.
pub(super) fn table() -> Table {
    Table::new(&[
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
    ])
}

/// A key's row of it.
pub(super) fn cells(row: &KeyRow, output: Output, now: i64) -> [String; 10] {
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
    [
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
    ]
}
