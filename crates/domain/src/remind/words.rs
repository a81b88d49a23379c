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
            KEYS,
            ["has expired", "have expired"],
            When::Past,
        ),
        said(
            &of(ReminderKind::Expiry, false),
            KEYS,
            ["expires", "expire"],
            When::Ahead,
        ),
        said(
            &of(ReminderKind::Rotation, true),
            KEYS,
            ["needs rotating", "need rotating"],
            When::Past,
        ),
        said(
            &of(ReminderKind::Rotation, false),
            KEYS,
            ["needs rotating", "need rotating"],
            When::Ahead,
        ),
        backups(&of(ReminderKind::Backup, true)),
        said(&of(ReminderKind::Review, true), VENDORS, REVIEW, When::Past),
        said(
            &of(ReminderKind::Review, false),
            VENDORS,
            REVIEW,
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

const KEYS: [&str; 2] = ["exchange key", "exchange keys"];
const VENDORS: [&str; 2] = ["vendor of keys", "vendors of keys"];
const REVIEW: [&str; 2] = ["is to be looked at again", "are to be looked at again"];

/// There is one of them, and it is told when it is so.
fn backups(shown: &[&Shown]) -> Option<String> {
    let said = || "No backup of the vault was made for a week".to_owned();
    (!shown.is_empty()).then(said)
}

fn said(shown: &[&Shown], nouns: [&str; 2], verbs: [&str; 2], when: When) -> Option<String> {
    let furthest = shown.iter().map(|shown| shown.days_left).max()?;
    let nearest = shown.iter().map(|shown| shown.days_left).min()?;
    let (noun, verb) = if shown.len() == 1 {
        (nouns[0], verbs[0])
    } else {
        (nouns[1], verbs[1])
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

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::expiry::{Due, DueCause, ExpiryCause};
    use crate::ids::EntryId;
    use crate::moment::DAY_MS;
    use crate::remind::{RemindSettings, Reminder, plan};
    use crate::rotation::Days;
    use crate::text::KeyLabel;

    const NOW: i64 = 1_800_007_200_000; // 2027-01-15T10:00Z

    /// A due moment so many days and an hour from now, recorded long ago.
    fn due(kind: ReminderKind, days: i64, number: u8, label: Option<&str>) -> Reminder {
        let at = UtcMs::parse(NOW + days * DAY_MS + 3_600_000).expect("a date");
        let cause = match kind {
            ReminderKind::Expiry => DueCause::Expiry(ExpiryCause::Fixed { at }),
            ReminderKind::Rotation => DueCause::Rotation(Days::parse(90).expect("days")),
            ReminderKind::Review => DueCause::Review,
            ReminderKind::Backup => DueCause::Backups,
        };
        let key = EntryId::from_bytes([number; 16]);
        let mut reminder = Reminder::new(key, kind, Due { at, cause }, UtcMs::EPOCH);
        reminder.label = label.map(|text| KeyLabel::parse(text).expect("a label"));
        reminder
    }

    fn check(reminders: &[(ReminderKind, i64)], lines: &[&str]) {
        let reminders: Vec<Reminder> = reminders
            .iter()
            .zip(1..)
            .map(|((kind, days), number)| due(*kind, *days, number, None))
            .collect();
        let now = UtcMs::parse(NOW).expect("a date");
        let plan = plan(&reminders, &RemindSettings::default(), &TimeZone::UTC, now);
        let text = summary_text(&plan).expect("something is due");
        let mut said = vec![text.title];
        said.extend(text.body.lines().map(str::to_owned));
        assert_eq!(said, lines);
    }

    #[test]
    fn the_words_of_every_case() {
        use ReminderKind::{Backup, Expiry, Review, Rotation};
        check(
            &[(Review, 7), (Expiry, 3), (Review, -1)],
            &[
                "1 exchange key expires in 3 days",
                "1 vendor of keys is to be looked at again",
                "1 vendor of keys is to be looked at again in 7 days",
            ],
        );
        check(
            &[(Backup, -2)],
            &["No backup of the vault was made for a week"],
        );
        check(
            &[(Review, -1), (Backup, -2), (Rotation, -1)],
            &[
                "1 exchange key needs rotating",
                "No backup of the vault was made for a week",
                "1 vendor of keys is to be looked at again",
            ],
        );
        check(&[(Expiry, 3)], &["1 exchange key expires in 3 days"]);
        check(&[(Expiry, 1)], &["1 exchange key expires tomorrow"]);
        check(&[(Expiry, 0)], &["1 exchange key expires today"]);
        check(&[(Expiry, -2)], &["1 exchange key has expired"]);
        check(
            &[(Expiry, 3), (Expiry, 7)],
            &["2 exchange keys expire within 7 days"],
        );
        check(
            &[(Expiry, 0), (Expiry, 1)],
            &["2 exchange keys expire by tomorrow"],
        );
        check(
            &[(Expiry, -2), (Expiry, -9)],
            &["2 exchange keys have expired"],
        );
        check(
            &[(Rotation, -1), (Rotation, -40)],
            &["2 exchange keys need rotating"],
        );
        check(
            &[(Rotation, 14)],
            &["1 exchange key needs rotating in 14 days"],
        );
        check(
            &[(Rotation, -1), (Expiry, 3), (Rotation, 30), (Expiry, -1)],
            &[
                "1 exchange key has expired",
                "1 exchange key expires in 3 days",
                "1 exchange key needs rotating",
                "1 exchange key needs rotating in 30 days",
            ],
        );
    }

    #[test]
    fn names_are_told_where_they_were_asked_for_and_many_are_counted() {
        let now = UtcMs::parse(NOW).expect("a date");
        let reminders: Vec<Reminder> = (1..=7)
            .map(|number| {
                let label = format!("key {number}");
                due(ReminderKind::Rotation, -1, number, Some(&label))
            })
            .collect();
        let said = |reminders: &[Reminder]| {
            let settings = RemindSettings::default();
            summary_text(&plan(reminders, &settings, &TimeZone::UTC, now))
                .expect("due")
                .title
        };
        assert_eq!(
            said(&reminders[..2]),
            "2 exchange keys need rotating: key 1, key 2"
        );
        assert_eq!(
            said(&reminders),
            "7 exchange keys need rotating: key 1, key 2, key 3, key 4, key 5 and 2 more"
        );
    }
}
