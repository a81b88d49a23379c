//! What a notification says. Without names it tells how many keys and what is due, no more.

use super::plan::{Plan, Shown};
use super::reminder::ReminderKind;
use crate::moment::UtcMs;

/// The text of one notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryText {
    pub title: String,
    pub body: String,
}

/// More labels than this are counted instead of named.
const MOST_NAMED: usize = 5;

/// One summary of everything a plan shows; `None` if it shows nothing. Labels appear only where
/// the reminders carry them.
pub fn summary_text(plan: &Plan) -> Option<SummaryText> {
    let now = plan.now();
    let of = |kind, past| {
        let chosen = move |shown: &&Shown| shown.kind == kind && (is_past(shown, now) == past);
        plan.show.iter().filter(chosen).collect::<Vec<_>>()
    };
    let lines: Vec<String> = [
        said(
            &of(ReminderKind::Expiry, true),
            ["has expired", "have expired"],
            When::Past,
        ),
        said(
            &of(ReminderKind::Expiry, false),
            ["expires", "expire"],
            When::Ahead,
        ),
        said(
            &of(ReminderKind::Rotation, true),
            ["needs rotating", "need rotating"],
            When::Past,
        ),
        said(
            &of(ReminderKind::Rotation, false),
            ["needs rotating", "need rotating"],
            When::Ahead,
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (title, rest) = lines.split_first()?;
    Some(SummaryText {
        title: title.clone(),
        body: rest.join("\n"),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Past,
    Ahead,
}

fn is_past(shown: &Shown, now: UtcMs) -> bool {
    shown.due.at <= now
}

fn said(shown: &[&Shown], verbs: [&str; 2], when: When) -> Option<String> {
    let furthest = shown.iter().map(|shown| shown.days_left).max()?;
    let nearest = shown.iter().map(|shown| shown.days_left).min()?;
    let (noun, verb) = if shown.len() == 1 {
        ("exchange key", verbs[0])
    } else {
        ("exchange keys", verbs[1])
    };
    let mut line = format!("{} {noun} {verb}", shown.len());
    if when == When::Ahead {
        line.push_str(&match (nearest, furthest) {
            (_, ..=0) => " today".to_owned(),
            (1, 1) => " tomorrow".to_owned(),
            (nearest, days) if nearest == days => format!(" in {days} days"),
            (_, 1) => " by tomorrow".to_owned(),
            (_, days) => format!(" within {days} days"),
        });
    }
    let mut names: Vec<&str> = shown
        .iter()
        .filter_map(|shown| shown.label.as_ref())
        .map(|label| label.as_str())
        .collect();
    if !names.is_empty() {
        let more = shown.len().saturating_sub(MOST_NAMED);
        names.truncate(MOST_NAMED);
        line.push_str(": ");
        line.push_str(&names.join(", "));
        if more > 0 {
            line.push_str(&format!(" and {more} more"));
        }
    }
    Some(line)
}
