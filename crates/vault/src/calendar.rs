//! What is due when, as a list and as a calendar file.
//!
//! The file holds no secret, and names only where they were asked for: calendars are copied to
//! servers of others. Deliberately not here: reminding (`reminders`), and the form of the file.

use strongroom_domain::{DueCause, EntryId, UtcMs};
use strongroom_formats::ics::{self, Todo, Urgency};

use crate::ends;
use crate::open::OpenVault;
use crate::records::ReadError;

/// What kind of moment it is. The names are part of the ids in calendar files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarKind {
    Expiry,
    /// By a rule that is not sure.
    MayEnd,
    Rotation,
    Revocation,
    Review,
}

/// One due moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    pub kind: CalendarKind,
    /// A key or a vendor.
    pub entry: EntryId,
    pub name: String,
    pub exchange_name: Option<String>,
    pub at: UtcMs,
    /// Why, as one clause.
    pub cause: String,
    /// What happens then, as one clause, where the catalogue says it.
    pub effect: Option<&'static str>,
    /// Why it is not sure, as a clause.
    pub doubt: Option<&'static str>,
}

impl CalendarKind {
    fn word(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::MayEnd => "may-end",
            Self::Rotation => "rotation",
            Self::Revocation => "revocation",
            Self::Review => "review",
        }
    }

    /// What a calendar says, of something called so or of something that is not named.
    fn summary(self, name: Option<&str>) -> String {
        let key = name.unwrap_or("an exchange key");
        match self {
            Self::Expiry => format!("Expires: {key}"),
            Self::MayEnd => format!("May end: {key}"),
            Self::Rotation => format!("Rotate: {key}"),
            Self::Revocation => format!("Confirm the revocation of {key}"),
            Self::Review => format!("Look again at {}", name.unwrap_or("a vendor")),
        }
    }

    fn urgency(self) -> Urgency {
        match self {
            Self::Expiry | Self::Revocation => Urgency::High,
            Self::Rotation => Urgency::Normal,
            Self::MayEnd | Self::Review => Urgency::Low,
        }
    }
}

impl OpenVault {
    /// What is due up to a moment, and what is overdue; soonest first.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn calendar(&mut self, until: UtcMs) -> Result<Vec<CalendarEntry>, ReadError> {
        self.make_ready()?;
        let mut entries = Vec::new();
        for row in self.keys()?.rows() {
            let mut push = |kind, at, cause: String, effect, doubt| {
                entries.push(CalendarEntry {
                    kind,
                    entry: row.id,
                    name: row.label.to_string(),
                    exchange_name: Some(row.exchange.display_name().to_owned()),
                    at,
                    cause,
                    effect,
                    doubt,
                });
            };
            if let Some(due) = row.expiry {
                let effect = ends::effect_of(row, due);
                push(
                    CalendarKind::Expiry,
                    due.at,
                    due.cause.words(),
                    effect,
                    None,
                );
            }
            if let Some(end) = ends::unsure_end(row) {
                let effect = ends::effect_of(row, end.due);
                let cause = end.due.cause.words();
                push(
                    CalendarKind::MayEnd,
                    end.due.at,
                    cause,
                    effect,
                    Some(end.trust),
                );
            }
            if let Some(due) = row.rotation {
                let kind = match due.cause {
                    DueCause::Revocation => CalendarKind::Revocation,
                    _ => CalendarKind::Rotation,
                };
                push(kind, due.at, due.cause.words(), None, None);
            }
        }
        let names = self.records.names.as_ref();
        for vendor in names.into_iter().flat_map(|names| names.vendors().values()) {
            if let Some(at) = vendor.review {
                entries.push(CalendarEntry {
                    kind: CalendarKind::Review,
                    entry: vendor.id,
                    name: vendor.name.to_string(),
                    exchange_name: None,
                    at,
                    cause: DueCause::Review.words(),
                    effect: None,
                    doubt: None,
                });
            }
        }
        entries.retain(|entry| entry.at <= until);
        entries.sort_by(|a, b| {
            (a.at, a.kind, &a.name, a.entry).cmp(&(b.at, b.kind, &b.name, b.entry))
        });
        Ok(entries)
    }

    /// The same as an iCalendar file, with alarms at the lead days of the reminders. What is not
    /// sure has no alarm.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn calendar_file(
        &mut self,
        until: UtcMs,
        names: CalendarNames,
    ) -> Result<(Vec<u8>, usize), ReadError> {
        let leads: Vec<u32> = match self.remind_settings() {
            Ok(settings) => {
                let days = settings.leads.days();
                days.filter_map(|days| u32::try_from(days).ok()).collect()
            }
            Err(_) => vec![7, 1],
        };
        let todos: Vec<Todo> = self
            .calendar(until)?
            .iter()
            .map(|entry| todo(entry, names, &leads))
            .collect();
        Ok((ics::calendar(&todos, self.now()), todos.len()))
    }
}

/// Whether a calendar file names keys and vendors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarNames {
    Told,
    LeftOut,
}

fn todo(entry: &CalendarEntry, names: CalendarNames, leads: &[u32]) -> Todo {
    let named = names == CalendarNames::Told;
    let mut about = Vec::new();
    if named {
        about.extend(entry.exchange_name.clone());
    }
    about.push(format!("Why: {}.", entry.cause));
    about.extend(entry.effect.map(|effect| format!("Then: {effect}.")));
    about.extend(entry.doubt.map(|doubt| format!("Not sure: {doubt}.")));
    about.push("Open Strongroom to see what to do.".to_owned());
    Todo {
        uid: format!("{}-{}", entry.entry, entry.kind.word()),
        due: entry.at,
        summary: entry.kind.summary(named.then_some(&entry.name)),
        description: about.join("\n"),
        urgency: entry.kind.urgency(),
        alarm_days: match entry.doubt {
            Some(_) => Vec::new(),
            None => leads.to_vec(),
        },
    }
}
